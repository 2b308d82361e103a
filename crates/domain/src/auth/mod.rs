mod oauth2;

use std::fmt;

use base64::{Engine, engine::general_purpose::STANDARD};
use http::{HeaderName, HeaderValue, header::AUTHORIZATION};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use self::oauth2::OAuth2Members;
pub use self::oauth2::{ClientAuthentication, OAuth2};
use crate::{
    endpoint_url::UrlPolicy,
    field_error::FieldError,
    header_rules::{free_header_name, header_value},
};

/// How a webhook's owner asks for outgoing authentication. Holds secrets in the clear: it is read from
/// a request or unsealed from storage, and never logged or answered.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "type", rename_all = "lowercase", try_from = "Members")]
pub enum AuthInput {
    /// No authentication.
    #[default]
    None,
    /// `Authorization: Bearer <token>`.
    Bearer {
        /// The token. When a webhook is changed it may be left out, unless
        /// scheme, host or port of its URL changes: the stored one stays.
        #[serde(skip_serializing_if = "Option::is_none")]
        token: Option<String>,
    },
    /// `Authorization: Basic …` (RFC 7617).
    Basic {
        /// The user; must not contain a colon, may be empty.
        #[serde(skip_serializing_if = "Option::is_none")]
        username: Option<String>,
        /// The password; may be empty. When a webhook is changed it may be left out, unless
        /// scheme, host or port of its URL changes: the stored one stays.
        #[serde(skip_serializing_if = "Option::is_none")]
        password: Option<String>,
    },
    /// A header of the owner's choice.
    Header {
        /// The header's name.
        #[serde(skip_serializing_if = "Option::is_none")]
        header_name: Option<String>,
        /// The header's value. When a webhook is changed it may be left out, unless
        /// scheme, host or port of its URL changes: the stored one stays.
        #[serde(skip_serializing_if = "Option::is_none")]
        header_value: Option<String>,
    },
    /// `Authorization: Bearer <token>`, where the token comes from an OAuth 2.0 token endpoint by client credentials.
    Oauth2 {
        /// The token endpoint.
        #[serde(skip_serializing_if = "Option::is_none")]
        token_url: Option<String>,
        /// Who asks.
        #[serde(skip_serializing_if = "Option::is_none")]
        client_id: Option<String>,
        /// What proves it. When a webhook is changed it may be left out, unless
        /// scheme, host or port of its URL changes: the stored one stays.
        #[serde(skip_serializing_if = "Option::is_none")]
        client_secret: Option<String>,
        /// What the token is to be good for: names separated by spaces.
        #[serde(skip_serializing_if = "Option::is_none")]
        scope: Option<String>,
        /// Whom the token is to be shown to.
        #[serde(skip_serializing_if = "Option::is_none")]
        audience: Option<String>,
        /// How the token endpoint learns who asks (`basic`).
        #[serde(skip_serializing_if = "Option::is_none")]
        client_authentication: Option<ClientAuthentication>,
    },
}

/// The members of every type side by side. A tagged enum would forget where in the text a mistake is.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Members {
    #[serde(rename = "type")]
    kind: Kind,
    token: Option<String>,
    username: Option<String>,
    password: Option<String>,
    header_name: Option<String>,
    header_value: Option<String>,
    token_url: Option<String>,
    client_id: Option<String>,
    client_secret: Option<String>,
    scope: Option<String>,
    audience: Option<String>,
    client_authentication: Option<ClientAuthentication>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    None,
    Bearer,
    Basic,
    Header,
    Oauth2,
}

impl TryFrom<Members> for AuthInput {
    type Error = String;

    fn try_from(mut members: Members) -> Result<Self, String> {
        let input = match members.kind {
            Kind::None => Self::None,
            Kind::Bearer => Self::Bearer {
                token: members.token.take(),
            },
            Kind::Basic => Self::Basic {
                username: members.username.take(),
                password: members.password.take(),
            },
            Kind::Header => Self::Header {
                header_name: members.header_name.take(),
                header_value: members.header_value.take(),
            },
            Kind::Oauth2 => Self::Oauth2 {
                token_url: members.token_url.take(),
                client_id: members.client_id.take(),
                client_secret: members.client_secret.take(),
                scope: members.scope.take(),
                audience: members.audience.take(),
                client_authentication: members.client_authentication.take(),
            },
        };
        let client_authentication = members.client_authentication.map(|_| String::new());
        let left_over = [
            ("token", members.token),
            ("username", members.username),
            ("password", members.password),
            ("header_name", members.header_name),
            ("header_value", members.header_value),
            ("token_url", members.token_url),
            ("client_id", members.client_id),
            ("client_secret", members.client_secret),
            ("scope", members.scope),
            ("audience", members.audience),
            ("client_authentication", client_authentication),
        ];
        match left_over.iter().find(|(_, value)| value.is_some()) {
            Some((name, _)) => Err(format!("`{name}` does not belong to the type {input:?}")),
            None => Ok(input),
        }
    }
}

impl fmt::Debug for AuthInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "none",
            Self::Bearer { .. } => "bearer",
            Self::Basic { .. } => "basic",
            Self::Header { .. } => "header",
            Self::Oauth2 { .. } => "oauth2",
        })
    }
}

/// Checked outgoing authentication. `Debug` shows no secret.
#[derive(Debug, Clone, Default)]
pub enum Auth {
    /// No authentication.
    #[default]
    None,
    /// `Authorization: Bearer <token>`.
    Bearer {
        /// The token.
        token: SecretString,
    },
    /// `Authorization: Basic …`.
    Basic {
        /// The user.
        username: String,
        /// The password.
        password: SecretString,
    },
    /// A header of the owner's choice.
    Header {
        /// The header's name.
        name: HeaderName,
        /// The header's value.
        value: SecretString,
    },
    /// `Authorization: Bearer <token>` with a token that is fetched.
    Oauth2(Box<OAuth2>),
}

fn required(field: &str, value: Option<String>) -> Result<String, FieldError> {
    value
        .filter(|v| !v.is_empty())
        .ok_or_else(|| FieldError::new(format!("auth.{field}"), "is required for this type"))
}

/// Of a pair of which either part may be empty (RFC 7617): a service whose key is the user has no password, one whose
/// token is the password no user.
fn given(field: &str, value: Option<String>) -> Result<String, FieldError> {
    value.ok_or_else(|| FieldError::new(format!("auth.{field}"), "is required for this type"))
}

fn checked_value(field: &str, value: Option<String>) -> Result<SecretString, FieldError> {
    let value = required(field, value)?;
    header_value(&value).map_err(|detail| FieldError::new(format!("auth.{field}"), detail))?;
    Ok(value.into())
}

impl Auth {
    /// Checks that everything the type needs is there and can travel in a header.
    pub fn validate(input: AuthInput, urls: UrlPolicy) -> Result<Self, FieldError> {
        Ok(match input {
            AuthInput::None => Self::None,
            AuthInput::Bearer { token } => Self::Bearer {
                token: checked_value("token", token)?,
            },
            AuthInput::Basic { username, password } => {
                let username = given("username", username)?;
                if username.contains(':') || username.chars().any(char::is_control) {
                    return Err(FieldError::new(
                        "auth.username",
                        "must not contain a colon or control characters",
                    ));
                }
                let password = given("password", password)?;
                if password.chars().any(char::is_control) {
                    return Err(FieldError::new(
                        "auth.password",
                        "must not contain control characters",
                    ));
                }
                Self::Basic {
                    username,
                    password: password.into(),
                }
            }
            AuthInput::Header {
                header_name,
                header_value,
            } => {
                let name = free_header_name(&required("header_name", header_name)?)
                    .map_err(|detail| FieldError::new("auth.header_name", detail))?;
                Self::Header {
                    name,
                    value: checked_value("header_value", header_value)?,
                }
            }
            AuthInput::Oauth2 {
                token_url,
                client_id,
                client_secret,
                scope,
                audience,
                client_authentication,
            } => {
                let members = OAuth2Members {
                    token_url,
                    client_id,
                    client_secret,
                    scope,
                    audience,
                    client_authentication,
                };
                Self::Oauth2(Box::new(OAuth2::validate(members, urls)?))
            }
        })
    }

    /// The same as input, secrets included: for sealing, and as the base of a merge patch.
    pub fn to_input(&self) -> AuthInput {
        let text = |secret: &SecretString| Some(secret.expose_secret().to_owned());
        match self {
            Self::None => AuthInput::None,
            Self::Bearer { token } => AuthInput::Bearer { token: text(token) },
            Self::Basic { username, password } => AuthInput::Basic {
                username: Some(username.clone()),
                password: text(password),
            },
            Self::Header { name, value } => AuthInput::Header {
                header_name: Some(name.to_string()),
                header_value: text(value),
            },
            Self::Oauth2(oauth2) => AuthInput::Oauth2 {
                token_url: Some(oauth2.token_url.as_str().to_owned()),
                client_id: Some(oauth2.client_id.clone()),
                client_secret: text(&oauth2.client_secret),
                scope: oauth2.scope.clone(),
                audience: oauth2.audience.clone(),
                client_authentication: Some(oauth2.client_authentication),
            },
        }
    }

    /// The same without any secret: for answers.
    pub fn redacted(&self) -> AuthInput {
        match self.to_input() {
            AuthInput::None => AuthInput::None,
            AuthInput::Bearer { .. } => AuthInput::Bearer { token: None },
            AuthInput::Basic { username, .. } => AuthInput::Basic {
                username,
                password: None,
            },
            AuthInput::Header { header_name, .. } => AuthInput::Header {
                header_name,
                header_value: None,
            },
            AuthInput::Oauth2 {
                token_url,
                client_id,
                client_secret: _,
                scope,
                audience,
                client_authentication,
            } => AuthInput::Oauth2 {
                token_url,
                client_id,
                client_secret: None,
                scope,
                audience,
                client_authentication,
            },
        }
    }

    /// The name of the header that carries it, if there is one.
    pub fn header_name(&self) -> Option<HeaderName> {
        match self {
            Self::None => None,
            Self::Bearer { .. } | Self::Basic { .. } | Self::Oauth2(_) => Some(AUTHORIZATION),
            Self::Header { name, .. } => Some(name.clone()),
        }
    }

    /// The header to send, if its value is known beforehand. Marked sensitive, so that no HTTP library prints it.
    pub fn header(&self) -> Option<(HeaderName, HeaderValue)> {
        let (name, text) = match self {
            Self::None | Self::Oauth2(_) => return None,
            Self::Bearer { token } => (AUTHORIZATION, format!("Bearer {}", token.expose_secret())),
            Self::Basic { username, password } => {
                let pair = STANDARD.encode(format!("{username}:{}", password.expose_secret()));
                (AUTHORIZATION, format!("Basic {pair}"))
            }
            Self::Header { name, value } => (name.clone(), value.expose_secret().to_owned()),
        };
        let mut value = HeaderValue::try_from(text).ok()?;
        value.set_sensitive(true);
        Some((name, value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<Auth, String> {
        let input: AuthInput = serde_json::from_str(json).map_err(|e| e.to_string())?;
        Auth::validate(input, UrlPolicy::HttpsOnly).map_err(|e| e.field)
    }

    #[test]
    fn makes_the_header_of_each_type() {
        let header = |json: &str| {
            read(json)
                .unwrap()
                .header()
                .map(|(n, v)| format!("{n}: {}", v.to_str().unwrap()))
        };
        assert_eq!(header(r#"{"type":"none"}"#), None);
        assert_eq!(
            header(r#"{"type":"bearer","token":"t"}"#).unwrap(),
            "authorization: Bearer t"
        );
        // RFC 7617, section 2.
        assert_eq!(
            header(r#"{"type":"basic","username":"Aladdin","password":"open sesame"}"#).unwrap(),
            "authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="
        );
        // An API key as the user, or a token as the password, and nothing as the other half.
        for (username, password, pair) in [
            ("sk_1", "", "c2tfMTo="),
            ("", "t", "OnQ="),
            ("", "", "Og=="),
        ] {
            let json =
                format!(r#"{{"type":"basic","username":"{username}","password":"{password}"}}"#);
            let expected = format!("authorization: Basic {pair}");
            assert_eq!(header(&json).unwrap(), expected);
            let stored = read(&json).unwrap();
            let again = Auth::validate(stored.to_input(), UrlPolicy::HttpsOnly).unwrap();
            assert_eq!(again.header(), stored.header());
        }
        assert_eq!(
            header(r#"{"type":"header","header_name":"X-Key","header_value":"v"}"#).unwrap(),
            "x-key: v"
        );
    }

    #[test]
    fn names_the_field_that_is_wrong() {
        for (json, field) in [
            (r#"{"type":"bearer"}"#, "auth.token"),
            (r#"{"type":"bearer","token":"a\nb"}"#, "auth.token"),
            (
                r#"{"type":"basic","username":"a:b","password":"c"}"#,
                "auth.username",
            ),
            (r#"{"type":"basic","username":"a"}"#, "auth.password"),
            (r#"{"type":"basic","password":""}"#, "auth.username"),
            (
                r#"{"type":"header","header_name":"Host","header_value":"v"}"#,
                "auth.header_name",
            ),
            (
                r#"{"type":"header","header_name":"X-Key"}"#,
                "auth.header_value",
            ),
        ] {
            assert_eq!(read(json).unwrap_err(), field, "{json}");
        }
        assert!(read(r#"{"type":"bearer","token":"t","username":"u"}"#).is_err());
        assert!(read(r#"{"type":"digest"}"#).is_err());
    }

    #[test]
    fn shows_no_secret() {
        let stored = read(r#"{"type":"basic","username":"u","password":"hunter2"}"#).unwrap();
        let shown = format!(
            "{stored:?} {:?} {}",
            stored.to_input(),
            serde_json::to_string(&stored.redacted()).unwrap()
        );
        assert!(!shown.contains("hunter2"), "{shown}");
    }
}
