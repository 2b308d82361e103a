//! Requests to the API.

use std::{error::Error, time::Duration};

use bytes::Bytes;
use http::{HeaderMap, Method};
use reqwest::{RequestBuilder, Response, StatusCode, redirect};
use secrecy::{ExposeSecret, SecretString};
use serde::{Serialize, de::DeserializeOwned};
use url::Url;

use super::{Query, Target, problem::refused};
use crate::exit::{Exit, Failure};

/// How often a request that changes nothing is made again when the API says "not so fast".
const PATIENCE: usize = 5;
/// Longest wait that the API may ask for in between.
const PAUSE_MAX: Duration = Duration::from_secs(60);

/// A client of one Posthorn, with one key.
pub(crate) struct Client {
    http: reqwest::Client,
    base: String,
    target: Target,
}

/// A success.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    /// What the body says.
    pub(crate) fn read<T: DeserializeOwned>(&self) -> Result<T, Failure> {
        serde_json::from_slice(&self.body).map_err(|_| not_posthorns())
    }

    /// The body as text.
    pub(crate) fn text(&self) -> Result<&str, Failure> {
        std::str::from_utf8(&self.body).map_err(|_| not_posthorns())
    }
}

fn not_posthorns() -> Failure {
    let words = "the answer is not Posthorn's: is the API's URL right?";
    Failure::new(Exit::Unavailable, words)
}

impl Client {
    pub(crate) fn new(target: Target) -> Result<Self, Failure> {
        let base = target.api.as_str().trim_end_matches('/');
        let base = base.strip_suffix("/api/v1").unwrap_or(base).to_owned();
        let http = reqwest::Client::builder()
            .user_agent(concat!("posthorn/", env!("CARGO_PKG_VERSION")))
            // A key goes to the server that it is for, and to no other.
            .redirect(redirect::Policy::none())
            .connect_timeout(target.timeout)
            .read_timeout(target.timeout)
            .build()
            .map_err(|error| {
                let words = format!("cannot set up HTTP: {}", innermost(&error));
                Failure::new(Exit::Unavailable, words)
            })?;
        Ok(Self { http, base, target })
    }

    /// Scheme, host and port.
    pub(crate) fn origin(&self) -> String {
        self.target.api.origin().ascii_serialization()
    }

    pub(crate) fn key(&self) -> Option<&SecretString> {
        self.target.key.as_ref()
    }

    pub(crate) async fn get(&self, query: impl Into<Query>) -> Result<Answer, Failure> {
        let path = query.into().text();
        let mut patience = PATIENCE;
        loop {
            let answer = self.send(self.request(Method::GET, &path)?).await?;
            let pause = pause_asked_for(&answer).filter(|_| patience > 0);
            match pause {
                Some(pause) => tokio::time::sleep(pause).await,
                None => return self.whole(answer).await,
            }
            patience -= 1;
        }
    }

    pub(crate) async fn post(
        &self,
        query: impl Into<Query>,
        body: &impl Serialize,
    ) -> Result<Answer, Failure> {
        self.with_body(Method::POST, query, body).await
    }

    pub(crate) async fn with_body(
        &self,
        method: Method,
        query: impl Into<Query>,
        body: &impl Serialize,
    ) -> Result<Answer, Failure> {
        let body = serde_json::to_vec(body)
            .map_err(|error| Failure::new(Exit::Data, format!("cannot be sent: {error}")))?;
        let request = self
            .request(method, &query.into().text())?
            .header("content-type", "application/json")
            .body(body);
        self.whole(self.send(request).await?).await
    }

    /// A POST without a body.
    pub(crate) async fn order(&self, query: impl Into<Query>) -> Result<Answer, Failure> {
        self.whole(
            self.send(self.request(Method::POST, &query.into().text())?)
                .await?,
        )
        .await
    }

    pub(crate) async fn delete(&self, query: impl Into<Query>) -> Result<Answer, Failure> {
        self.whole(
            self.send(self.request(Method::DELETE, &query.into().text())?)
                .await?,
        )
        .await
    }

    /// A GET whose answer is read piece by piece.
    pub(crate) async fn stream(&self, query: impl Into<Query>) -> Result<Pieces<'_>, Failure> {
        let response = self
            .send(self.request(Method::GET, &query.into().text())?)
            .await?;
        if !response.status().is_success() {
            self.whole(response).await?;
            return Err(not_posthorns());
        }
        Ok(Pieces {
            client: self,
            response,
        })
    }

    /// A request that is no part of the API, such as `/readyz`: any status is an answer.
    pub(crate) async fn plain(&self, path: &str) -> Result<Answer, Failure> {
        let url = self.url(&format!("{}{path}", self.base))?;
        let response = self.send(self.http.get(url)).await?;
        self.read(response).await
    }

    fn url(&self, text: &str) -> Result<Url, Failure> {
        text.parse()
            .map_err(|error| Failure::new(Exit::Usage, format!("--api: {error}")))
    }

    fn request(&self, method: Method, path: &str) -> Result<RequestBuilder, Failure> {
        let url = self.url(&format!("{}/api/v1{path}", self.base))?;
        let mut request = self.http.request(method, url);
        if let Some(tenant) = &self.target.tenant {
            request = request.header("posthorn-tenant", tenant.as_str());
        }
        if let Some(key) = &self.target.key {
            request = request.bearer_auth(key.expose_secret());
        }
        Ok(request)
    }

    async fn send(&self, request: RequestBuilder) -> Result<Response, Failure> {
        request.send().await.map_err(|error| self.cut_off(error))
    }

    async fn read(&self, response: Response) -> Result<Answer, Failure> {
        let (status, headers) = (response.status(), response.headers().clone());
        let body = response
            .bytes()
            .await
            .map_err(|error| self.cut_off(error))?;
        Ok(Answer {
            status,
            headers,
            body,
        })
    }

    async fn whole(&self, response: Response) -> Result<Answer, Failure> {
        let answer = self.read(response).await?;
        if answer.status.is_success() {
            return Ok(answer);
        }
        let request_id = answer
            .headers
            .get("x-request-id")
            .and_then(|id| id.to_str().ok());
        Err(refused(answer.status, request_id, &answer.body))
    }

    fn cut_off(&self, error: reqwest::Error) -> Failure {
        let origin = self.origin();
        let words = if error.is_timeout() {
            let seconds = self.target.timeout.as_secs_f64();
            format!("no answer within {seconds} s")
        } else {
            innermost(&error.without_url())
        };
        let words = format!("cannot reach Posthorn at {origin}: {words}");
        Failure::new(Exit::Unavailable, words)
    }
}

/// The body of an answer, piece by piece.
pub(crate) struct Pieces<'a> {
    client: &'a Client,
    response: Response,
}

impl Pieces<'_> {
    pub(crate) async fn next(&mut self) -> Result<Option<Bytes>, Failure> {
        self.response
            .chunk()
            .await
            .map_err(|error| self.client.cut_off(error))
    }
}

fn pause_asked_for(response: &Response) -> Option<Duration> {
    let asks = response.status() == StatusCode::TOO_MANY_REQUESTS;
    let seconds: u64 = response
        .headers()
        .get("retry-after")
        .filter(|_| asks)?
        .to_str()
        .ok()?
        .parse()
        .ok()?;
    Some(Duration::from_secs(seconds)).filter(|pause| *pause <= PAUSE_MAX)
}

/// The innermost cause: it says what happened, the others say around what.
pub(crate) fn innermost(error: &dyn Error) -> String {
    let mut innermost = error;
    while let Some(cause) = innermost.source() {
        innermost = cause;
    }
    innermost.to_string()
}
