//! The reading of messages, opened to the fuzz targets alone.

use async_nats::HeaderMap;
use bytes::Bytes;
use posthorn_domain::{Event, MessageKey, Timestamp};

use crate::{
    claim::Malformed,
    config::BusConfig,
    event_message::{Content, StoredMessage},
};

/// Reads an event as it is read from the stream. Headers that NATS cannot carry are left out.
pub fn read_event(
    subject: &str,
    headers: &[(&str, &str)],
    payload: &Bytes,
    sequence: u64,
    stored_at: Timestamp,
    data_bytes_max: usize,
) -> Result<Event, Malformed> {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        if let Ok(value) = value.parse::<async_nats::HeaderValue>() {
            map.append(*name, value);
        }
    }
    let message = StoredMessage {
        subject,
        headers: Some(&map),
        payload,
        sequence,
        stored_at,
    };
    let config = BusConfig::default();
    // As if an api had sent it: then all of its headers are read.
    let key = MessageKey::new(&[0; MessageKey::BYTES]);
    config.own_messages.learn(key, Some(Timestamp::MAX_UTC));
    if message.content() == Ok(Content::Batch) {
        return Err(message.batch(data_bytes_max));
    }
    message.event(&config, data_bytes_max)
}
