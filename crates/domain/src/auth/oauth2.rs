//! OAuth 2.0 client credentials (RFC 6749, section 4.4).

use base64::{Engine, engine::general_purpose::STANDARD};
use http::HeaderValue;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use url::form_urlencoded;

use super::required;
use crate::{
    endpoint_url::{EndpointUrl, UrlPolicy},
    field_error::FieldError,
    limits::{HEADER_VALUE_BYTES_MAX, OAUTH2_SCOPE_BYTES_MAX},
};

/// How the token endpoint learns who asks (RFC 6749, section 2.3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum ClientAuthentication {
    /// By `Authorization: Basic …`.
    #[default]
    Basic,
    /// By `client_id` and `client_secret` in the body.
    Body,
}

/// Where access tokens come from, checked.
#[derive(Debug, Clone)]
pub struct OAuth2 {
    /// The token endpoint.
    pub token_url: EndpointUrl,
    /// Who asks.
    pub client_id: String,
    /// What proves it.
    pub client_secret: SecretString,
    /// What the token is to be good for, if the endpoint wants to know.
    pub scope: Option<String>,
    /// Whom the token is to be shown to, if the endpoint wants to know.
    pub audience: Option<String>,
    /// How the endpoint learns who asks.
    pub client_authentication: ClientAuthentication,
}

/// The members of the input that belong to this type.
pub(super) struct OAuth2Members {
    pub(super) token_url: Option<String>,
    pub(super) client_id: Option<String>,
    pub(super) client_secret: Option<String>,
    pub(super) scope: Option<String>,
    pub(super) audience: Option<String>,
    pub(super) client_authentication: Option<ClientAuthentication>,
}

impl OAuth2 {
    pub(super) fn validate(members: OAuth2Members, urls: UrlPolicy) -> Result<Self, FieldError> {
        let token_url = required("token_url", members.token_url)?;
        let token_url = EndpointUrl::parse(&token_url, urls)
            .map_err(|detail| FieldError::new("auth.token_url", detail))?;
        let client_id = visible(
            "client_id",
            required("client_id", members.client_id)?,
            HEADER_VALUE_BYTES_MAX,
        )?;
        let client_secret = visible(
            "client_secret",
            required("client_secret", members.client_secret)?,
            HEADER_VALUE_BYTES_MAX,
        )?;
        let optional = |field, value: Option<String>| {
            value
                .filter(|text| !text.is_empty())
                .map(|text| visible(field, text, OAUTH2_SCOPE_BYTES_MAX))
                .transpose()
        };
        Ok(Self {
            token_url,
            client_id,
            client_secret: client_secret.into(),
            scope: optional("scope", members.scope)?,
            audience: optional("audience", members.audience)?,
            client_authentication: members.client_authentication.unwrap_or_default(),
        })
    }
}

impl OAuth2 {
    /// What tells the token endpoint who asks, as the value of `Authorization`: both parts are form-encoded before
    /// they are joined (RFC 6749, section 2.3.1). Marked sensitive, so that no HTTP library prints it.
    pub fn basic_authorization(&self) -> Option<HeaderValue> {
        let encoded =
            |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let pair = format!(
            "{}:{}",
            encoded(&self.client_id),
            encoded(self.client_secret.expose_secret())
        );
        let mut value = HeaderValue::try_from(format!("Basic {}", STANDARD.encode(pair))).ok()?;
        value.set_sensitive(true);
        Some(value)
    }
}

/// `VSCHAR` of RFC 6749, appendix A.
fn visible(field: &str, text: String, bytes_max: usize) -> Result<String, FieldError> {
    if text.len() > bytes_max || !text.bytes().all(|b| (b' '..=b'~').contains(&b)) {
        return Err(FieldError::new(
            format!("auth.{field}"),
            format!("must be at most {bytes_max} characters of visible ASCII"),
        ));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::{Auth, AuthInput};

    const GOOD: &str = r#"{"type":"oauth2","token_url":"https://id.example/token","client_id":"me",
        "client_secret":"hunter2","scope":"a b","client_authentication":"body"}"#;

    fn read(json: &str) -> Result<Auth, String> {
        let input: AuthInput = serde_json::from_str(json).map_err(|e| e.to_string())?;
        Auth::validate(input, UrlPolicy::HttpsOnly).map_err(|e| e.field)
    }

    #[test]
    fn shows_everything_but_the_secret() {
        let auth = read(GOOD).unwrap();
        let shown = serde_json::to_value(auth.redacted()).unwrap();
        assert_eq!(
            shown,
            serde_json::json!({
                "type": "oauth2", "token_url": "https://id.example/token", "client_id": "me", "scope": "a b",
                "client_authentication": "body",
            })
        );
        assert!(!format!("{auth:?} {:?}", auth.to_input()).contains("hunter2"));
    }

    #[test]
    fn names_the_field_that_is_wrong() {
        for (from, to, field) in [
            ("https://id", "http://id", "auth.token_url"),
            (r#""client_id":"me","#, "", "auth.client_id"),
            ("hunter2", "", "auth.client_secret"),
            ("a b", "é", "auth.scope"),
        ] {
            assert_eq!(read(&GOOD.replace(from, to)).unwrap_err(), field);
        }
        assert!(read(&GOOD.replace("\"body\"", "\"digest\"")).is_err());
        assert!(read(r#"{"type":"bearer","token":"t","scope":"a"}"#).is_err());
    }
}
