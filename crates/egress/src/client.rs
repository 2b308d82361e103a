//! The client: sends, and bounds everything.

use std::{future::Future, pin::pin, sync::Arc, time::Duration};

use bytes::Bytes;
use http::{
    HeaderMap, HeaderValue, Method, Uri,
    header::{ACCEPT, ACCEPT_ENCODING, USER_AGENT},
};
use http_body_util::Full;
use posthorn_domain::{EndpointUrl, Failure, Tls};
use tokio::time::{Instant, sleep_until};

use crate::{
    answer,
    config::EgressConfig,
    exchange::{Exchange, FailedExchange, Request},
    failure,
    phases::observed,
    pool::{Answer, Message, Pool, Pools, SendFailed},
    resolver::Lookup,
    system_lookup::SystemLookup,
    tls::TlsMaker,
    tls_clients::TlsClients,
};

/// A client could not be made.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// An authority could not be read, or there are none on this system.
    #[error("cannot set up TLS: {0}")]
    Tls(#[from] rustls::Error),
    /// The resolver could not be set up.
    #[error("cannot set up the name resolver: {0}")]
    Resolver(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// No header can hold it.
    #[error("cannot introduce itself as the user agent it was given: {0}")]
    UserAgent(#[from] http::header::InvalidHeaderValue),
}

/// Sends requests to URLs that strangers chose. Cheap to clone; clones share one pool of connections.
#[derive(Clone)]
pub struct Client {
    pool: Pool,
    with_tls: TlsClients,
    user_agent: HeaderValue,
}

impl Client {
    /// A client that asks the system's name servers.
    pub fn new(config: EgressConfig) -> Result<Self, BuildError> {
        let lookup = SystemLookup::new().map_err(|error| BuildError::Resolver(error.into()))?;
        Self::with_lookup(config, Arc::new(lookup))
    }

    /// A client that asks `lookup` for addresses.
    pub fn with_lookup(config: EgressConfig, lookup: Arc<dyn Lookup>) -> Result<Self, BuildError> {
        let tls = TlsMaker::new(&config.extra_roots_pem)?;
        let user_agent = HeaderValue::from_str(&config.user_agent)?;
        let pools = Pools::new(config, lookup);
        Ok(Self {
            pool: pools.make(tls.public()?),
            with_tls: TlsClients::new(tls, pools),
            user_agent,
        })
    }

    /// Makes one POST and reads the answer. Ends by the request's timeout; dropping the future ends it at once.
    pub fn post(&self, request: Request) -> impl Future<Output = Exchange> + Send {
        let headers = request.headers.clone();
        self.exchange(Method::POST, request, move || headers.clone())
    }

    /// The same for a request whose headers can be made once more. Few are sent twice; the others need no copy.
    pub(crate) fn post_made<'a>(
        &'a self,
        request: Request,
        headers_again: impl Fn() -> HeaderMap + Send + Sync + 'a,
    ) -> impl Future<Output = Exchange> + Send + 'a {
        self.exchange(Method::POST, request, headers_again)
    }

    /// Makes one HEAD request and reads the answer's headers, within `timeout`.
    pub fn head(
        &self,
        url: EndpointUrl,
        tls: Option<Arc<Tls>>,
        timeout: Duration,
    ) -> impl Future<Output = Exchange> + Send {
        let request = Request {
            url,
            headers: HeaderMap::new(),
            body: Bytes::new(),
            timeout,
            tls,
        };
        self.exchange(Method::HEAD, request, HeaderMap::new)
    }

    async fn exchange(
        &self,
        method: Method,
        request: Request,
        headers_again: impl Fn() -> HeaderMap + Send + Sync,
    ) -> Exchange {
        let Request {
            url,
            headers,
            body,
            timeout,
            tls,
        } = request;
        let start = Instant::now();
        let own_pool = match tls {
            None => None,
            // In a box, because hardly any request needs it, and every request's future would have room for it.
            Some(tls) => match Box::pin(self.with_tls.get(&tls)).await {
                Ok(pool) => Some(pool),
                Err(failed) => return Exchange::failed(failed, start),
            },
        };
        let pool = own_pool.as_ref().unwrap_or(&self.pool);
        let mut deadline = pin!(sleep_until(start + timeout));
        let mut first = Some(headers);
        let message = || {
            let headers = first.take().unwrap_or_else(&headers_again);
            self.message(&method, url.uri(), headers, body.clone())
        };
        let (sent, mut phases) = observed(pool.send(url.uri(), message, deadline.as_mut())).await;
        let elapsed = || start.elapsed().saturating_sub(sent.own);
        let outcome = match sent.answer {
            Some(Ok(Answer { response, lease })) => {
                phases.first_byte = Some(elapsed().saturating_sub(phases.connection()));
                let response = answer::read(response, deadline).await;
                lease.end();
                Ok(response)
            }
            Some(Err(SendFailed::Misread(response))) => Ok(*response),
            Some(Err(error)) => Err(failure::explain(&error)),
            None => Err(FailedExchange {
                failure: Failure::Timeout,
                message: format!("no answer within {} s", timeout.as_secs_f64()),
            }),
        };
        Exchange {
            outcome,
            elapsed: elapsed(),
            phases,
            sent_again: sent.again,
        }
    }

    fn message(&self, method: &Method, uri: &Uri, headers: HeaderMap, body: Bytes) -> Message {
        let mut message = Message::new(Full::new(body));
        *message.method_mut() = method.clone();
        *message.uri_mut() = uri.clone();
        *message.headers_mut() = headers;
        let headers = message.headers_mut();
        headers
            .entry(USER_AGENT)
            .or_insert_with(|| self.user_agent.clone());
        headers
            .entry(ACCEPT)
            .or_insert(const { HeaderValue::from_static("*/*") });
        // Answers are kept to be read by people, and short.
        headers
            .entry(ACCEPT_ENCODING)
            .or_insert(const { HeaderValue::from_static("identity") });
        message
    }
}
