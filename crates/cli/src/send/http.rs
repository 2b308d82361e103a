//! Publishing through the API.

use posthorn_domain::{EventType, Timestamp, limits::EVENTS_PER_REQUEST_MAX};
use reqwest::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::{Outgoing, Published, Report};
use crate::{
    exit::{Exit, Failure},
    remote::{Answer, Client},
};

/// About how many bytes of events one request carries.
const REQUEST_BYTES: usize = 1024 * 1024;

/// One event as `POST /events` takes it.
#[derive(Serialize)]
struct EventBody<'a> {
    #[serde(rename = "type")]
    event_type: &'a EventType,
    data: &'a RawValue,
    #[serde(skip_serializing_if = "Option::is_none")]
    timestamp: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    idempotency_key: Option<String>,
}

#[derive(Deserialize)]
struct Acceptance {
    events: Vec<AcceptedEvent>,
}

#[derive(Deserialize)]
struct AcceptedEvent {
    id: String,
    #[serde(default)]
    duplicate: bool,
}

/// Publishes in as few requests as the API's limits allow.
pub(super) async fn publish(
    client: &Client,
    outgoing: &Outgoing,
    report: &mut Report,
) -> Result<(), Failure> {
    let data: &RawValue = serde_json::from_str(outgoing.data.as_str())
        .map_err(|error| Failure::new(Exit::Data, format!("the data is not JSON: {error}")))?;
    let fit = REQUEST_BYTES / data.get().len().max(1);
    let step = fit.clamp(1, EVENTS_PER_REQUEST_MAX);
    let mut left = 1..=outgoing.count;
    loop {
        let events = left
            .by_ref()
            .take(step)
            .map(|n| {
                Ok(EventBody {
                    event_type: &outgoing.event_type,
                    data,
                    timestamp: outgoing.timestamp,
                    idempotency_key: outgoing.key(n)?.map(|key| key.to_string()),
                })
            })
            .collect::<Result<Vec<_>, Failure>>()?;
        let answer = match &events[..] {
            [] => return Ok(()),
            [event] => client.post("/events", event).await?,
            events => client.post("/events", &events).await?,
        };
        report.add(&accepted(&answer, &outgoing.event_type)?)?;
    }
}

fn accepted(answer: &Answer, event_type: &EventType) -> Result<Vec<Published>, Failure> {
    let acceptance: Acceptance = answer.read()?;
    if answer.status != StatusCode::ACCEPTED {
        let words = "the answer is not Posthorn's: is the API's URL right?";
        return Err(Failure::new(Exit::Unavailable, words));
    }
    let published = acceptance.events.into_iter().map(|event| Published {
        id: event.id,
        event_type: event_type.clone(),
        duplicate: event.duplicate,
    });
    Ok(published.collect())
}
