//! Stored credentials stay with the place that they were given for.
//!
//! A change of a webhook may leave secrets out: the stored ones stay. Nobody can read them, but whoever may change the
//! URL could have them sent to a receiver of their own. So a stored secret is filled in only where scheme, host and port
//! of the URL stay as they are, and for a client secret also those of the token endpoint. Otherwise the change must bring
//! the secret again.
//!
//! A client key never leaves Posthorn, but a receiver takes its holder for somebody: it does not follow either.
//!
//! Not covered: the signing secret, which its owner may read, and custom headers, which whoever changes a webhook sees.

use secrecy::{ExposeSecret, SecretString};

use crate::{
    auth::{Auth, AuthInput},
    endpoint_url::{EndpointUrl, UrlPolicy},
    field_error::FieldError,
    tls::{Tls, TlsInput},
    webhook::WebhookSettings,
    webhook_input::WebhookInput,
};

/// What is wrong with a field whose stored secret stays behind.
const LEFT_BEHIND: &str =
    "must be given again: a stored credential does not follow to another scheme, host or port";

impl WebhookInput {
    /// Fills in what a change of a webhook leaves out of its credentials with what is stored. Returns the fields whose
    /// stored secrets do not follow to where requests go now: without them the input is not valid.
    pub fn keep_stored_credentials(&mut self, stored: &WebhookSettings) -> Vec<FieldError> {
        let mut keeper = Keeper {
            url_moved: is_elsewhere(&self.url, &stored.url),
            left_behind: Vec::new(),
        };
        self.auth = self.auth.take().map(|auth| keeper.auth(auth, &stored.auth));
        self.tls = self
            .tls
            .take()
            .map(|tls| keeper.tls(tls, stored.tls.as_deref()));
        keeper.left_behind
    }
}

/// Whether a URL leads to another scheme, host or port. What is no URL leads nowhere, and is reported as such.
fn is_elsewhere(text: &str, stored: &EndpointUrl) -> bool {
    EndpointUrl::parse(text, UrlPolicy::HttpAllowed)
        .is_ok_and(|url| url.origin() != stored.origin())
}

struct Keeper {
    url_moved: bool,
    left_behind: Vec<FieldError>,
}

impl Keeper {
    /// The stored secret of a field, unless it was given for another place.
    fn secret(&mut self, field: &str, stored: &SecretString, moved: bool) -> Option<String> {
        if moved {
            self.left_behind.push(FieldError::new(field, LEFT_BEHIND));
            return None;
        }
        Some(stored.expose_secret().to_owned())
    }

    /// Fills what a change of the same type left out.
    fn auth(&mut self, asked: AuthInput, stored: &Auth) -> AuthInput {
        let moved = self.url_moved;
        match (asked, stored) {
            (AuthInput::Bearer { token: None }, Auth::Bearer { token }) => AuthInput::Bearer {
                token: self.secret("auth.token", token, moved),
            },
            (
                AuthInput::Basic {
                    username,
                    password: None,
                },
                Auth::Basic {
                    username: old,
                    password,
                },
            ) => AuthInput::Basic {
                username: username.or_else(|| Some(old.clone())),
                password: self.secret("auth.password", password, moved),
            },
            (
                AuthInput::Header {
                    header_name,
                    header_value: None,
                },
                Auth::Header { name, value },
            ) => AuthInput::Header {
                header_name: header_name.or_else(|| Some(name.to_string())),
                header_value: self.secret("auth.header_value", value, moved),
            },
            (
                AuthInput::Oauth2 {
                    token_url,
                    client_id,
                    client_secret: None,
                    scope,
                    audience,
                    client_authentication,
                },
                Auth::Oauth2(stored),
            ) => {
                // The secret goes to the token endpoint, and the token that it fetches to the URL.
                let moved = moved
                    || token_url
                        .as_deref()
                        .is_some_and(|url| is_elsewhere(url, &stored.token_url));
                AuthInput::Oauth2 {
                    token_url: token_url.or_else(|| Some(stored.token_url.as_str().to_owned())),
                    client_id: client_id.or_else(|| Some(stored.client_id.clone())),
                    client_secret: self.secret("auth.client_secret", &stored.client_secret, moved),
                    scope,
                    audience,
                    client_authentication,
                }
            }
            (asked, _) => asked,
        }
    }

    /// Fills in the key, where a change shows a certificate and leaves its key out.
    fn tls(&mut self, mut asked: TlsInput, stored: Option<&Tls>) -> TlsInput {
        let identity = stored.and_then(|tls| tls.identity.as_ref());
        if asked.client_certificate.is_some()
            && asked.client_key.is_none()
            && let Some(identity) = identity
        {
            asked.client_key = self.secret("tls.client_key", &identity.key, self.url_moved);
        }
        asked
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::webhook_input::tests_support::{input, settings};

    const URL: &str = "https://example.com/";
    const PEM: &str = "-----BEGIN CERTIFICATE-----\nAAEC\n-----END CERTIFICATE-----\n";
    const KEY: &str = "-----BEGIN PRIVATE KEY-----\nAAEC\n-----END PRIVATE KEY-----\n";

    /// Each kind of credential, and the field of its secret.
    fn each() -> [(Value, &'static str); 5] {
        [
            (
                json!({"auth": {"type": "bearer", "token": "s3cret"}}),
                "auth.token",
            ),
            (
                json!({"auth": {"type": "basic", "username": "u", "password": "s3cret"}}),
                "auth.password",
            ),
            (
                json!({"auth": {"type": "header", "header_name": "x-a", "header_value": "s3cret"}}),
                "auth.header_value",
            ),
            (
                json!({"auth": {
                    "type": "oauth2", "token_url": "https://id.example/token", "client_id": "me",
                    "client_secret": "s3cret",
                }}),
                "auth.client_secret",
            ),
            (
                json!({"tls": {"client_certificate": PEM, "client_key": KEY}}),
                "tls.client_key",
            ),
        ]
    }

    /// What a client reads, and sends back with a change.
    fn redacted(given: &Value) -> WebhookInput {
        let stored = settings(&given.to_string());
        let mut read = input(&given.to_string());
        read.auth = read.auth.map(|_| stored.auth.redacted());
        read.tls = read.tls.map(|_| stored.tls.unwrap().redacted());
        read
    }

    fn fields(errors: &[FieldError]) -> Vec<&str> {
        errors.iter().map(|error| error.field.as_str()).collect()
    }

    #[test]
    fn a_secret_stays_where_requests_go_to_the_same_place() {
        for (given, field) in each() {
            let stored = settings(&given.to_string());
            for url in [
                URL,
                "https://example.com",
                "https://EXAMPLE.com:443/other?a=b#c",
            ] {
                let mut change = redacted(&given);
                change.url = url.to_owned();
                assert!(change.keep_stored_credentials(&stored).is_empty());
                let kept = change.validate(UrlPolicy::HttpAllowed);
                assert!(kept.is_ok(), "{field} at {url}");
                let kept = kept.unwrap();
                assert_eq!(kept.auth.to_input(), stored.auth.to_input(), "{url}");
            }
        }
    }

    #[test]
    fn a_secret_does_not_follow_to_another_place_unless_it_is_given_again() {
        for (given, field) in each() {
            let stored = settings(&given.to_string());
            for url in [
                "https://other.example/",
                "https://example.com.other.example/",
                "https://example.com./",
                "https://sub.example.com/",
                "https://example.com:8443/",
                "http://example.com:443/",
                "http://example.com/",
                "https://93.184.216.34/",
            ] {
                let mut change = redacted(&given);
                change.url = url.to_owned();
                let left_behind = change.keep_stored_credentials(&stored);
                assert_eq!(fields(&left_behind), [field], "{url}");
                let refused = change.validate(UrlPolicy::HttpAllowed).unwrap_err();
                assert!(fields(&refused).contains(&field), "{url}: {refused:?}");
                let mut whole = input(&given.to_string());
                whole.url = url.to_owned();
                assert!(whole.keep_stored_credentials(&stored).is_empty());
            }
        }
    }

    #[test]
    fn a_client_secret_stays_with_its_token_endpoint() {
        let [_, _, _, (given, field), _] = each();
        let stored = settings(&given.to_string());
        for (token_url, follows) in [
            ("https://id.example/v2/token", true),
            ("https://id.example:8443/token", false),
            ("https://other.example/token", false),
        ] {
            let mut change = redacted(&given);
            if let Some(AuthInput::Oauth2 { token_url: url, .. }) = &mut change.auth {
                *url = Some(token_url.to_owned());
            }
            let left_behind = change.keep_stored_credentials(&stored);
            assert_eq!(left_behind.is_empty(), follows, "{token_url}");
            assert!(follows || fields(&left_behind) == [field]);
        }
    }

    #[test]
    fn what_is_no_url_is_no_other_place() {
        let [(given, _), ..] = each();
        let stored = settings(&given.to_string());
        let mut change = redacted(&given);
        change.url = "example".to_owned();
        assert!(change.keep_stored_credentials(&stored).is_empty());
        let refused = change.validate(UrlPolicy::HttpsOnly).unwrap_err();
        assert_eq!(fields(&refused), ["url"]);
    }

    #[test]
    fn another_type_takes_nothing_over() {
        let [(bearer, _), (basic, _), ..] = each();
        let mut change = redacted(&basic);
        assert!(
            change
                .keep_stored_credentials(&settings(&bearer.to_string()))
                .is_empty()
        );
        assert!(change.validate(UrlPolicy::HttpsOnly).is_err());
    }
}
