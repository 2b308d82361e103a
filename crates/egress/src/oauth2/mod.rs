//! Access tokens: fetched once, used until shortly before they expire.
//!
//! The token endpoint is a stranger's URL like any other, so it is asked through the same guard. Whatever number
//! of attempts need the same token, one of them fetches it and the others wait; a failure is not remembered.

mod token;

use std::{sync::Arc, time::Instant};

use bytes::Bytes;
use http::{
    HeaderMap, HeaderValue,
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE},
};
use moka::{Expiry, future::Cache};
use posthorn_domain::{ClientAuthentication, Failure, OAuth2};
use secrecy::ExposeSecret;
use sha2::{Digest, Sha256};

use self::token::Token;
use crate::{
    client::Client,
    exchange::{FailedExchange, Request},
    limits::{TOKEN_TIMEOUT, TOKENS_MAX},
    readable::readable,
};

type Key = [u8; 32];

/// Fetches and keeps tokens. Clones share them.
#[derive(Clone)]
pub(crate) struct Tokens {
    client: Client,
    kept: Cache<Key, Token>,
}

/// The value of an `Authorization` header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Authorization {
    pub(crate) value: HeaderValue,
    /// It was not fetched for the asking: the receiver may have stopped to take it.
    pub(crate) kept: bool,
}

impl Tokens {
    pub(crate) fn new(client: Client) -> Self {
        Self {
            client,
            kept: Cache::builder()
                .max_capacity(TOKENS_MAX)
                .expire_after(Lifetime)
                .build(),
        }
    }

    /// A token for these credentials, the kept one if there is one.
    pub(crate) async fn get(&self, oauth2: &OAuth2) -> Result<Authorization, FailedExchange> {
        let entry = self
            .kept
            .entry(key(oauth2))
            .or_try_insert_with(self.fetch(oauth2))
            .await
            .map_err(|failed: Arc<FailedExchange>| (*failed).clone())?;
        Ok(Authorization {
            kept: !entry.is_fresh(),
            value: entry.into_value().authorization,
        })
    }

    /// Forgets a token that a receiver refused, unless another has already taken its place.
    pub(crate) async fn forget(&self, oauth2: &OAuth2, refused: &HeaderValue) {
        let key = key(oauth2);
        let kept = self.kept.get(&key).await;
        if kept.is_some_and(|token| token.authorization == *refused) {
            self.kept.invalidate(&key).await;
        }
    }

    async fn fetch(&self, oauth2: &OAuth2) -> Result<Token, FailedExchange> {
        let exchange = Box::pin(self.client.post(request(oauth2)?)).await;
        let mut response = exchange.outcome.map_err(|failed| FailedExchange {
            failure: match failed.failure {
                kept @ (Failure::AddressNotAllowed | Failure::LocalResources) => kept,
                _ => Failure::TokenFailed,
            },
            message: format!("no access token: {}", failed.message),
        })?;
        response.body = readable(&response.headers, response.body);
        Token::of_response(&response).map_err(|words| FailedExchange {
            failure: Failure::TokenFailed,
            message: format!("no access token: {words}"),
        })
    }
}

struct Lifetime;

impl Expiry<Key, Token> for Lifetime {
    fn expire_after_create(
        &self,
        _: &Key,
        token: &Token,
        _: Instant,
    ) -> Option<std::time::Duration> {
        Some(token.lifetime)
    }
}

/// Tells credentials apart without keeping them.
fn key(oauth2: &OAuth2) -> Key {
    let mut hash = Sha256::new();
    for text in [
        oauth2.token_url.as_str(),
        &oauth2.client_id,
        oauth2.client_secret.expose_secret(),
        oauth2.scope.as_deref().unwrap_or_default(),
        oauth2.audience.as_deref().unwrap_or_default(),
    ] {
        // With their lengths, so that no two lists read the same.
        hash.update(text.len().to_be_bytes());
        hash.update(text);
    }
    hash.finalize().into()
}

/// RFC 6749, sections 4.4.2 and 2.3.1.
fn request(oauth2: &OAuth2) -> Result<Request, FailedExchange> {
    let unwritable = |error: serde_urlencoded::ser::Error| FailedExchange {
        failure: Failure::TokenFailed,
        message: format!("no access token: the request cannot be written: {error}"),
    };
    let mut headers = HeaderMap::new();
    headers.insert(
        CONTENT_TYPE,
        HeaderValue::from_static("application/x-www-form-urlencoded"),
    );
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    let mut form = vec![("grant_type", "client_credentials")];
    form.extend(oauth2.scope.as_deref().map(|scope| ("scope", scope)));
    form.extend(oauth2.audience.as_deref().map(|name| ("audience", name)));
    let (id, secret) = (&*oauth2.client_id, oauth2.client_secret.expose_secret());
    match oauth2.client_authentication {
        ClientAuthentication::Body => form.extend([("client_id", id), ("client_secret", secret)]),
        ClientAuthentication::Basic => {
            headers.extend(
                oauth2
                    .basic_authorization()
                    .map(|value| (AUTHORIZATION, value)),
            );
        }
    }
    let body = serde_urlencoded::to_string(form).map_err(unwritable)?;
    Ok(Request {
        url: oauth2.token_url.clone(),
        headers,
        body: Bytes::from(body),
        timeout: TOKEN_TIMEOUT,
        tls: None,
    })
}
