//! What Posthorn says it gave up.

use std::collections::HashSet;

use posthorn_domain::EventId;
use serde_json::Value;

use crate::{
    bench::api::Api,
    exit::{Exit, Failure},
};

/// The events of a webhook's dead letters.
pub(super) async fn of_webhook(api: &Api, webhook: &str) -> Result<HashSet<EventId>, Failure> {
    let mut found = HashSet::new();
    let mut cursor = String::new();
    loop {
        let path = format!("dead-letters?webhook_id={webhook}&limit=500{cursor}");
        let page = api.get(&path).await?;
        let letters = page.get("dead_letters").and_then(Value::as_array);
        let letters = letters.ok_or_else(|| {
            Failure::new(
                Exit::Unavailable,
                "the list of dead letters is not Posthorn's",
            )
        })?;
        let ids = letters.iter().filter_map(|letter| letter.get("event_id"));
        found.extend(ids.filter_map(|id| id.as_str()?.parse::<EventId>().ok()));
        match page.get("next_cursor") {
            Some(Value::Number(next)) => cursor = format!("&cursor={next}"),
            Some(Value::String(next)) => cursor = format!("&cursor={next}"),
            _ => return Ok(found),
        }
    }
}
