//! The management API, as far as the benchmark needs it.

use std::time::Duration;

use posthorn_domain::TenantId;
use reqwest::{Client, Method, redirect};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use url::Url;

use crate::exit::{Exit, Failure};

const TIMEOUT: Duration = Duration::from_secs(60);

/// Posthorn's REST interface, with a key.
#[derive(Debug)]
pub(super) struct Api {
    client: Client,
    base: Url,
    key: SecretString,
    tenant: Option<TenantId>,
}

impl Api {
    pub(super) fn new(
        url: &Url,
        key: SecretString,
        tenant: Option<TenantId>,
    ) -> Result<Self, Failure> {
        let client = Client::builder()
            .timeout(TIMEOUT)
            .redirect(redirect::Policy::none())
            .no_proxy()
            .build()
            .map_err(|error| Failure::new(Exit::Unavailable, format!("no HTTP client: {error}")))?;
        let base = url
            .join("/api/v1/")
            .map_err(|error| Failure::new(Exit::Usage, format!("--api-url: {error}")))?;
        Ok(Self {
            client,
            base,
            key,
            tenant,
        })
    }

    /// `host:port` for connections of our own, and the words for the header; only over plain HTTP.
    pub(super) fn plain_address(&self) -> Result<String, Failure> {
        let host = self
            .base
            .host_str()
            .filter(|_| self.base.scheme() == "http");
        match (host, self.base.port_or_known_default()) {
            (Some(host), Some(port)) => Ok(format!("{host}:{port}")),
            _ => Err(Failure::new(
                Exit::Usage,
                "--api-url: events are posted over plain http:// only, so name the api itself, behind what ends TLS",
            )),
        }
    }

    pub(super) fn key(&self) -> &SecretString {
        &self.key
    }

    pub(super) fn tenant(&self) -> Option<&TenantId> {
        self.tenant.as_ref()
    }

    /// Creates a webhook; returns its id.
    pub(super) async fn create_webhook(&self, webhook: &Value) -> Result<String, Failure> {
        let created = self
            .call(Method::POST, "webhooks", Some(webhook))
            .await?
            .unwrap_or_default();
        let id = created.get("id").and_then(Value::as_str);
        id.map(str::to_owned).ok_or_else(|| {
            Failure::new(
                Exit::Unavailable,
                "the answer is not Posthorn's: is --api-url right?",
            )
        })
    }

    /// Deletes a webhook; one that is gone already is no error.
    pub(super) async fn delete_webhook(&self, id: &str) -> Result<(), Failure> {
        self.call(Method::DELETE, &format!("webhooks/{id}"), None)
            .await
            .map(|_| ())
    }

    /// What is at a path.
    pub(super) async fn get(&self, path: &str) -> Result<Value, Failure> {
        let found = self.call(Method::GET, path, None).await?;
        Ok(found.unwrap_or_default())
    }

    /// `None` when there is no such thing.
    async fn call(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Option<Value>, Failure> {
        let url = self
            .base
            .join(path)
            .map_err(|error| Failure::new(Exit::Usage, format!("--api-url: {error}")))?;
        let mut request = self
            .client
            .request(method.clone(), url)
            .bearer_auth(self.key.expose_secret());
        if let Some(tenant) = &self.tenant {
            request = request.header("posthorn-tenant", tenant.as_str());
        }
        if let Some(body) = body {
            request = request
                .header("content-type", "application/json")
                .body(body.to_string());
        }
        let unreachable = |error: reqwest::Error| {
            let words = error.without_url();
            Failure::new(
                Exit::Unavailable,
                format!("cannot reach Posthorn's api: {words}"),
            )
        };
        let answer = request.send().await.map_err(unreachable)?;
        let status = answer.status();
        let body = answer.bytes().await.map_err(unreachable)?;
        if status == reqwest::StatusCode::NOT_FOUND && method == Method::DELETE {
            return Ok(None);
        }
        let parsed: Value = serde_json::from_slice(&body).unwrap_or_default();
        if status.is_success() {
            return Ok(Some(parsed));
        }
        let exit = match status.as_u16() {
            401 | 403 => Exit::Denied,
            400..=499 => Exit::Data,
            _ => Exit::Unavailable,
        };
        let told = parsed.get("detail").and_then(Value::as_str);
        let words = told.unwrap_or("no reason given");
        Err(Failure::new(
            exit,
            format!("Posthorn refuses {method} /{path} with {status}: {words}"),
        ))
    }
}
