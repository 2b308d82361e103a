//! What a token endpoint answers (RFC 6749, sections 5.1 and 5.2).

use std::{fmt, time::Duration};

use http::{HeaderValue, header::CONTENT_TYPE};
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
    /// A text, if anything.
    #[serde(default)]
    token_type: Value,
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
        let granted = granted(response).ok_or_else(|| {
            "the token endpoint's answer is not a JSON object with `access_token`".to_owned()
        })?;
        if let Some(kind) = granted.token_type.as_str().and_then(other_than_bearer) {
            return Err(format!(
                "the token endpoint gave a token of the type {kind}, which is not sent as a bearer token is"
            ));
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

/// Types of tokens that are of no use without a proof beside them, or no access tokens at all.
const OTHER_TYPES: [&str; 8] = [
    "dpop",
    "hawk",
    "hok",
    "mac",
    "n_a",
    "pop",
    "signed_jwt",
    "tls",
];

/// Which of the types that mean something else a token has. Endpoints call the same thing `Bearer`, `BearerToken`, `token`,
/// `JWT`, and much else.
fn other_than_bearer(kind: &str) -> Option<&'static str> {
    let mut types = OTHER_TYPES.into_iter();
    types.find(|other| kind.trim().eq_ignore_ascii_case(other))
}

/// As JSON, or as a form, as those endpoints answer that are older than the standard.
fn granted(response: &Response) -> Option<Granted> {
    let body = response
        .body
        .strip_prefix(b"\xef\xbb\xbf")
        .unwrap_or(&response.body);
    if let Ok(granted) = serde_json::from_slice(body) {
        return Some(granted);
    }
    let kind = response
        .headers
        .get(CONTENT_TYPE)?
        .as_bytes()
        .to_ascii_lowercase();
    if !kind.starts_with(b"application/x-www-form-urlencoded") {
        return None;
    }
    serde_urlencoded::from_bytes(body).ok()
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
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    // Some endpoints write fractions. What is less than nothing has expired, what is beyond the longest is cut below.
    let lives = seconds.map_or(TOKEN_LIFETIME_DEFAULT, |seconds: f64| {
        Duration::try_from_secs_f64(seconds.max(0.0).trunc()).unwrap_or(Duration::MAX)
    });
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
        for kind in [
            "null",
            "\"BearerToken\"",
            "\"BEARER\"",
            "\"token\"",
            "\"JWT\"",
            "\"\"",
            "7",
        ] {
            let body = format!(r#"{{"access_token":"t","token_type":{kind}}}"#);
            assert_eq!(
                answer(200, &body).unwrap().authorization,
                "Bearer t",
                "{kind}"
            );
        }
        for (body, words) in [
            (r#"{"access_token":"t","token_type":"mac"}"#, "type mac"),
            (r#"{"access_token":"t","token_type":"DPoP"}"#, "type dpop"),
            (r#"{"access_token":"t","token_type":"pop"}"#, "type pop"),
            (r#"{"access_token":"t","token_type":"N_A"}"#, "type n_a"),
            ("access_token=t&token_type=bearer", "not a JSON object"),
            ("{\"access_token\":\"a\\nb\"}", "no header"),
            ("<html>", "not a JSON object"),
        ] {
            assert!(answer(200, body).unwrap_err().contains(words), "{body}");
        }
    }

    #[test]
    fn reads_a_form_that_says_that_it_is_one() {
        let kind = HeaderValue::from_static("application/x-www-form-urlencoded; charset=utf-8");
        let response = Response {
            status: 200,
            headers: HeaderMap::from_iter([(CONTENT_TYPE, kind)]),
            body: "access_token=a%2Bb&token_type=bearer&expires_in=100".into(),
            body_end: BodyEnd::Complete,
        };
        let token = Token::of_response(&response).unwrap();
        assert_eq!(token.authorization, "Bearer a+b");
        assert_eq!(token.lifetime, Duration::from_secs(90));
    }

    #[test]
    fn is_used_until_shortly_before_it_expires() {
        for (expires_in, seconds) in [
            (json!(3600), 3570),
            (json!("100"), 90),
            (json!(0), 0),
            (json!(null), 270),
            (json!(u64::MAX), 86_400),
            (json!(100.9), 90),
            (json!("3600.0"), 3570),
            (json!(-1), 0),
            (json!("nan"), 0),
        ] {
            assert_eq!(lifetime(&expires_in), Duration::from_secs(seconds));
        }
    }
}
