//! What a token endpoint answers (RFC 6749, sections 5.1 and 5.2).

use std::{fmt, time::Duration};

use http::HeaderValue;
use serde::Deserialize;
use serde_json::Value;

use crate::{
    exchange::Response,
    limits::{TOKEN_LIFETIME_DEFAULT, TOKEN_LIFETIME_MAX, TOKEN_MARGIN},
};

/// An access token, ready to be sent.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Token {
    /// `Bearer <token>`.
    pub(super) authorization: HeaderValue,
    /// How long it is used.
    pub(super) lifetime: Duration,
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Token({:?})", self.lifetime)
    }
}

#[derive(Deserialize)]
struct Granted {
    access_token: String,
    #[serde(default)]
    token_type: Option<String>,
    /// A number; some endpoints write it as a text.
    #[serde(default)]
    expires_in: Value,
}

#[derive(Deserialize)]
struct Refused {
    error: String,
}

impl Token {
    /// Reads the answer, or says in plain words what is wrong with it. Nothing of a token gets into the words.
    pub(super) fn of_response(response: &Response) -> Result<Self, String> {
        if !(200..300).contains(&response.status) {
            return Err(refusal(response));
        }
        let granted: Granted = serde_json::from_slice(&response.body).map_err(|_| {
            "the token endpoint's answer is not a JSON object with `access_token`".to_owned()
        })?;
        if let Some(kind) = &granted.token_type
            && !kind.eq_ignore_ascii_case("bearer")
        {
            return Err("the token endpoint gave a token of another type than Bearer".to_owned());
        }
        let mut authorization = HeaderValue::try_from(format!("Bearer {}", granted.access_token))
            .map_err(|_| {
            "the token endpoint gave a token that no header can hold".to_owned()
        })?;
        authorization.set_sensitive(true);
        Ok(Self {
            authorization,
            lifetime: lifetime(&granted.expires_in),
        })
    }
}

fn refusal(response: &Response) -> String {
    let status = http::StatusCode::from_u16(response.status)
        .ok()
        .and_then(|code| code.canonical_reason());
    let mut words = format!("the token endpoint answered {}", response.status);
    if let Some(reason) = status {
        words.push(' ');
        words.push_str(reason);
    }
    // Its code is one of few words; what else the endpoint says may hold anything.
    if let Ok(Refused { error }) = serde_json::from_slice(&response.body)
        && error.len() <= 64
        && error.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
    {
        words.push_str(": ");
        words.push_str(&error);
    }
    words
}

/// How long a token is used that lives for `expires_in` seconds.
fn lifetime(expires_in: &Value) -> Duration {
    let seconds = match expires_in {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    };
    let lives = seconds.map_or(TOKEN_LIFETIME_DEFAULT, Duration::from_secs);
    let margin = TOKEN_MARGIN.min(lives / 10);
    (lives - margin).min(TOKEN_LIFETIME_MAX)
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;
    use serde_json::json;

    use super::*;
    use crate::exchange::BodyEnd;

    fn answer(status: u16, body: &str) -> Result<Token, String> {
        Token::of_response(&Response {
            status,
            headers: HeaderMap::new(),
            body: body.to_owned().into(),
            body_end: BodyEnd::Complete,
        })
    }

    #[test]
    fn reads_what_endpoints_answer() {
        let token = answer(200, r#"{"access_token":"t","token_type":"bearer"}"#).unwrap();
        assert_eq!(token.authorization, "Bearer t");
        assert!(token.authorization.is_sensitive());
        let refused = answer(401, r#"{"error":"invalid_client","error_description":"t"}"#);
        assert_eq!(
            refused.unwrap_err(),
            "the token endpoint answered 401 Unauthorized: invalid_client"
        );
        for (body, words) in [
            (r#"{"access_token":"t","token_type":"mac"}"#, "another type"),
            ("{\"access_token\":\"a\\nb\"}", "no header"),
            ("<html>", "not a JSON object"),
        ] {
            assert!(answer(200, body).unwrap_err().contains(words), "{body}");
        }
    }

    #[test]
    fn is_used_until_shortly_before_it_expires() {
        for (expires_in, seconds) in [
            (json!(3600), 3570),
            (json!("100"), 90),
            (json!(0), 0),
            (json!(null), 270),
            (json!(u64::MAX), 86_400),
        ] {
            assert_eq!(lifetime(&expires_in), Duration::from_secs(seconds));
        }
    }
}
