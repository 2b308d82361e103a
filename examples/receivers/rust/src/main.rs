//! A webhook receiver: verifies with the Standard Webhooks library, answers at once, works afterwards, drops repeats.
//!
//! Variables: SIGNING_SECRETS, one or several with commas between; PORT (9000).

use std::{
    collections::HashSet,
    env,
    error::Error,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    Router,
    body::Bytes,
    extract::{DefaultBodyLimit, State},
    http::{HeaderMap, StatusCode, header::RETRY_AFTER},
    response::{IntoResponse, Response},
};
use serde_json::Value;
use standardwebhooks::Webhook;
use tokio::{net::TcpListener, sync::mpsc};

const BODY_BYTES_MAX: usize = 2 * 1024 * 1024;
const WAITING_MAX: usize = 10_000;

/// A genuine one.
struct Event {
    id: String,
    event_type: String,
    /// JSON, or any text that a template makes.
    body: String,
}

struct Receiver {
    webhooks: Vec<Webhook>,
    work: mpsc::Sender<Event>,
    /// In a real service a table: the id is inserted with the event, in one transaction, before the answer.
    seen: Mutex<HashSet<String>>,
}

async fn receive(
    State(receiver): State<Arc<Receiver>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    // The library verifies text only.
    let Ok(body) = String::from_utf8(body.into()) else {
        return StatusCode::UNSUPPORTED_MEDIA_TYPE.into_response();
    };
    // Any of the secrets may have signed. The body is not parsed: it need not be JSON.
    let mut webhooks = receiver.webhooks.iter();
    if !webhooks.any(|webhook| webhook.verify(body.as_bytes(), &headers).is_ok()) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let header = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let event = Event {
        id: header("webhook-id").unwrap_or_default().to_owned(),
        event_type: header("x-webhook-event").unwrap_or_default().to_owned(),
        body,
    };
    if receiver.take(event) {
        StatusCode::NO_CONTENT.into_response()
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, [(RETRY_AFTER, "5")]).into_response()
    }
}

impl Receiver {
    /// Whether the event is safe here, now or from before.
    fn take(&self, event: Event) -> bool {
        let id = event.id.clone();
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.contains(&id) {
            println!("repeated: {id}");
            return true;
        }
        let safe = self.work.try_send(event).is_ok();
        if safe {
            seen.insert(id);
        }
        safe
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let secrets = env::var("SIGNING_SECRETS")?;
    let webhooks = secrets.split(',').map(Webhook::new);
    let (work, mut waiting) = mpsc::channel::<Event>(WAITING_MAX);
    let receiver = Arc::new(Receiver {
        webhooks: webhooks.collect::<Result<_, _>>()?,
        work,
        seen: Mutex::default(),
    });
    tokio::spawn(async move {
        while let Some(event) = waiting.recv().await {
            let parsed: Result<Value, _> = serde_json::from_str(&event.body);
            let kind = if parsed.is_ok() { "JSON" } else { "text" };
            println!("worked: {} {} {kind}", event.event_type, event.id);
        }
    });

    let port = env::var("PORT").unwrap_or_else(|_| "9000".to_owned());
    let listener = TcpListener::bind(format!("127.0.0.1:{port}")).await?;
    let router = Router::new()
        .fallback(receive)
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .with_state(receiver);
    Ok(axum::serve(listener, router).await?)
}
