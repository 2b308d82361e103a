//! One attempt of one delivery: render, authenticate, sign, post.
//!
//! The deliverer makes attempts of deliveries, the api makes one to test a webhook: both send the same request,
//! because both send it here.

mod attempted;
mod headers;

use std::sync::Arc;

use posthorn_domain::{
    Clock, DeliveryId, EndpointUrl, Event, Integration, PayloadFormat, Webhook, WebhookSettings,
    limits::PROBE_TIMEOUT, render,
};

pub use self::attempted::Attempted;
use self::headers::{recorded, request_headers};
use crate::{
    client::Client,
    exchange::{Exchange, Request},
};

/// Makes attempts. Cheap to clone; clones share one pool of connections.
#[derive(Clone)]
pub struct Sender {
    client: Client,
    clock: Arc<dyn Clock>,
}

impl Sender {
    /// Sends with `client`, at the time that `clock` tells.
    pub fn new(client: Client, clock: Arc<dyn Clock>) -> Self {
        Self { client, clock }
    }

    /// Asks whether anybody answers at a URL, with a request that no receiver takes for an event.
    pub async fn probe(&self, url: EndpointUrl) -> Exchange {
        self.client.head(url, PROBE_TIMEOUT).await
    }

    /// Makes one attempt. Never fails: a failure is an outcome. It ends by the webhook's timeout, and dropping
    /// the future ends it at once.
    ///
    /// The future is large: whoever moves it about should put it into a box first.
    pub async fn attempt(
        &self,
        delivery: DeliveryId,
        event: &Event,
        webhook: &Webhook,
    ) -> Attempted {
        let started_at = self.clock.now();
        let settings = &webhook.settings;
        let body = match render(event, webhook.id, settings) {
            Ok(body) => body,
            Err(error) => return Attempted::unrenderable(started_at, &error),
        };
        let headers = request_headers(event, delivery, webhook, &body, started_at);
        let request_headers = recorded(&headers);
        let request_body = made(settings).then(|| body.bytes.clone());
        let request = Request {
            url: settings.url.clone(),
            headers,
            body: body.bytes,
            timeout: settings.timeout,
        };
        let exchange = self.client.post(request).await;
        Attempted {
            request_headers,
            request_body,
            ..Attempted::of_exchange(
                exchange,
                &settings.integration,
                started_at,
                self.clock.now(),
            )
        }
    }
}

/// Whether the body is made by settings that may change: then it is kept with the record.
fn made(settings: &WebhookSettings) -> bool {
    settings.payload_format == PayloadFormat::Template
        || settings.integration != Integration::Generic
}
