//! One attempt of one delivery: render, authenticate, sign, post.
//!
//! The deliverer makes attempts of deliveries, the api makes one to test a webhook: both send the same request,
//! because both send it here.

mod attempted;
mod headers;

use std::{borrow::Cow, sync::Arc};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, header::AUTHORIZATION};
use posthorn_domain::{
    Auth, Body, Clock, DeliveryId, EndpointUrl, Event, Failure, OAuth2, PlainFormat, RenderFailed,
    Timestamp, Tls, TraceContext, Webhook,
    limits::{PROBE_TIMEOUT, REQUEST_BODY_KEPT_BYTES_MAX},
    render,
};
use tokio::time::{Instant, timeout_at};

pub use self::attempted::Attempted;
use self::headers::{recorded, recorded_with_length, request_headers, shown};
use crate::{
    client::Client,
    exchange::{Exchange, FailedExchange, Request},
    oauth2::{Authorization, Tokens},
};

/// A body that was made before its attempt, or why there is none. In a box, because few attempts have one, and the
/// future of each has room for it.
pub type Rendered = Box<Result<Body, RenderFailed>>;

/// Makes attempts. Cheap to clone; clones share one pool of connections and one store of access tokens.
#[derive(Clone)]
pub struct Sender {
    client: Client,
    tokens: Tokens,
    clock: Arc<dyn Clock>,
}

impl Sender {
    /// Sends with `client`, at the time that `clock` tells.
    pub fn new(client: Client, clock: Arc<dyn Clock>) -> Self {
        Self {
            tokens: Tokens::new(client.clone()),
            client,
            clock,
        }
    }

    /// Asks whether anybody answers at a URL, with a request that no receiver takes for an event.
    pub async fn probe(&self, url: EndpointUrl, tls: Option<Arc<Tls>>) -> Exchange {
        self.client.head(url, tls, PROBE_TIMEOUT).await
    }

    /// Makes one attempt. Never fails: a failure is an outcome. It ends by the webhook's timeout, and dropping
    /// the future ends it at once. The receiver is told of `trace`, or of the event's own where that is `None`. The
    /// body is `rendered`, or rendered here where that is `None`.
    ///
    /// The future is large: whoever moves it about should put it into a box first.
    pub async fn attempt(
        &self,
        delivery: DeliveryId,
        event: &Event,
        webhook: &Webhook,
        rendered: Option<Rendered>,
        trace: Option<&TraceContext>,
    ) -> Attempted {
        let started_at = self.clock.now();
        let settings = &webhook.settings;
        let rendered = rendered.map_or_else(|| render(event, webhook.id, settings), |made| *made);
        let rendered = match rendered {
            Ok(body) => body,
            Err(error) => return Attempted::unrenderable(started_at, &error),
        };
        let trace = trace.or(event.trace.as_ref());
        let headers = || request_headers(event, delivery, webhook, trace, &rendered, started_at);
        let headers_again = &headers;
        let (headers, body) = (headers(), rendered.bytes.clone());
        let request_format = PlainFormat::of(settings);
        let request_body = request_format.is_none().then(|| kept(&body));
        let request_headers = match &request_body {
            Some(kept) if kept.len() < body.len() => recorded_with_length(&headers, body.len()),
            Some(_) | None => recorded(&headers),
        };
        let request = Request {
            url: settings.url.clone(),
            headers,
            body,
            timeout: settings.timeout,
            tls: settings.tls.clone(),
        };
        let exchange = match &settings.auth {
            // In a box: it has room for two exchanges, which most attempts do not need.
            Auth::Oauth2(oauth2) => Box::pin(self.with_token(oauth2, request, headers_again)).await,
            Auth::None | Auth::Bearer { .. } | Auth::Basic { .. } | Auth::Header { .. } => {
                self.client.post_made(request, headers_again).await
            }
        };
        Attempted {
            request_headers,
            request_body,
            request_format,
            ..Attempted::of_exchange(
                exchange,
                &settings.integration,
                started_at,
                self.clock.now(),
            )
        }
    }

    /// Posts with an access token. A kept token that the receiver refuses (401) is fetched again, and the request made
    /// once more: a receiver may forget tokens before they expire. All of it within the request's timeout.
    async fn with_token(
        &self,
        oauth2: &OAuth2,
        mut request: Request,
        headers: impl Fn() -> HeaderMap + Send + Sync,
    ) -> Exchange {
        let authorized = |token: HeaderValue| {
            let headers = &headers;
            move || {
                let mut headers = headers();
                headers.insert(AUTHORIZATION, token.clone());
                headers
            }
        };
        let start = Instant::now();
        let deadline = start + request.timeout;
        let first = match self.authorize(oauth2, &mut request, deadline).await {
            Ok(authorization) => authorization,
            Err(failed) => return Exchange::failed(failed, start),
        };
        let headers_again = authorized(first.value.clone());
        let exchange = self.client.post_made(request.clone(), headers_again).await;
        let refused = matches!(&exchange.outcome, Ok(response) if response.status == 401);
        if !refused {
            return exchange;
        }
        self.tokens.forget(oauth2, &first.value).await;
        if !first.kept {
            return exchange;
        }
        match self.authorize(oauth2, &mut request, deadline).await {
            Ok(second) => {
                let headers_again = authorized(second.value);
                self.client.post_made(request, headers_again).await
            }
            Err(failed) => Exchange::failed(failed, start),
        }
    }

    /// Puts a token into the request, and leaves it the time until the deadline.
    async fn authorize(
        &self,
        oauth2: &OAuth2,
        request: &mut Request,
        deadline: Instant,
    ) -> Result<Authorization, FailedExchange> {
        let authorization = timeout_at(deadline, self.tokens.get(oauth2))
            .await
            .map_err(|_| FailedExchange {
                failure: Failure::TokenFailed,
                message: "no access token: no answer of the token endpoint in time".to_owned(),
            })??;
        request
            .headers
            .insert(AUTHORIZATION, authorization.value.clone());
        request.timeout = deadline.duration_since(Instant::now());
        Ok(authorization)
    }
}

/// A request that is ready to be sent to the webhook's URL, but for an access token.
#[derive(Debug)]
pub struct Prepared {
    /// Everything that the receiver reads beside the body, signatures included.
    pub headers: HeaderMap,
    /// The bytes that are signed and sent.
    pub body: Bytes,
}

impl Prepared {
    /// The headers as text, in the order in which they are sent; what is a credential reads `[redacted]`.
    pub fn shown_headers(&self) -> impl Iterator<Item = (&str, Cow<'_, str>)> {
        self.headers
            .iter()
            .map(|(name, value)| (name.as_str(), String::from_utf8_lossy(shown(name, value))))
    }
}

/// Renders, authenticates and signs, and sends nothing.
pub fn prepare(
    delivery: DeliveryId,
    event: &Event,
    webhook: &Webhook,
    sent_at: Timestamp,
) -> Result<Prepared, RenderFailed> {
    let body = render(event, webhook.id, &webhook.settings)?;
    Ok(with_headers(delivery, event, webhook, None, body, sent_at))
}

fn with_headers(
    delivery: DeliveryId,
    event: &Event,
    webhook: &Webhook,
    trace: Option<&TraceContext>,
    body: Body,
    sent_at: Timestamp,
) -> Prepared {
    let trace = trace.or(event.trace.as_ref());
    Prepared {
        headers: request_headers(event, delivery, webhook, trace, &body, sent_at),
        body: body.bytes,
    }
}

/// What the record keeps of a body that was made. A copy where that is not all: a slice would keep all of it.
fn kept(body: &Bytes) -> Bytes {
    if body.len() <= REQUEST_BODY_KEPT_BYTES_MAX {
        return body.clone();
    }
    let end = match str::from_utf8(body) {
        Ok(text) => text.floor_char_boundary(REQUEST_BODY_KEPT_BYTES_MAX),
        Err(_) => REQUEST_BODY_KEPT_BYTES_MAX,
    };
    Bytes::copy_from_slice(&body[..end])
}
