//! Publishes over NATS. Variable: POSTHORN_NATS_URL.

use std::{env, error::Error};

use async_nats::{HeaderMap, jetstream};
use serde_json::{Value, json};
use uuid::Uuid;

/// `posthorn.events.<tenant>.<event type>`
const SUBJECT: &str = "posthorn.events.default.user.created";

/// JetStream's publish is acknowledged when the event is stored; that of the connection would tell nothing.
async fn publish(
    stream: &jetstream::Context,
    data: &Value,
    headers: &HeaderMap,
) -> Result<(), Box<dyn Error>> {
    let sent = stream.publish_with_headers(SUBJECT, headers.clone(), data.to_string().into());
    let stored = sent.await?.await?;
    println!("stored {} duplicate={}", stored.sequence, stored.duplicate);
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let connection = async_nats::connect(env::var("POSTHORN_NATS_URL")?).await?;
    let stream = jetstream::new(connection);

    // Of the business fact, such as an order's number; the whole stream shares these names, so begin with the tenant.
    let mut headers = HeaderMap::new();
    headers.insert("Nats-Msg-Id", format!("default:{}", Uuid::new_v4()));
    let span = Uuid::new_v4().simple().to_string();
    let traceparent = format!("00-{}-{}-01", Uuid::new_v4().simple(), &span[..16]);
    headers.insert("traceparent", traceparent);
    let data = json!({"by": "rust-nats", "n": 1});
    publish(&stream, &data, &headers).await?;
    publish(&stream, &data, &headers).await?; // as after a lost acknowledgement

    let mut event = HeaderMap::new();
    event.insert("ce-specversion", "1.0");
    event.insert("ce-id", "order/7");
    event.insert("ce-source", "/orders");
    event.insert("ce-type", "user.created");
    publish(&stream, &json!({"by": "rust-nats", "n": 2}), &event).await
}
