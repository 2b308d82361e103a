//! What is done with a webhook's settings and changes nothing: tests, probes and previews. The audit log tells of them too,
//! because they are made with stored credentials, or show what is stored.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use posthorn_domain::{EndpointUrl, EventType, Webhook, WebhookId};
use posthorn_store::NewAuditEntry;
use serde_json::json;
use tokio::time::Instant;

use crate::{
    access::{Manage, May},
    app::App,
    problem::{Code, Problem},
};

/// Previews of the same by the same are told of once in this time: a form asks for one at each pause of typing.
const PREVIEWS_TOLD_EVERY: Duration = Duration::from_secs(60);
/// Previews that are remembered for that. When there are more, some are told of more often.
const PREVIEWS_REMEMBERED_MAX: usize = 10_000;

/// Who previews what; `None` for settings that are not stored.
type Previewed = (Arc<str>, Option<WebhookId>);

/// Who has previewed what a moment ago.
#[derive(Debug, Default)]
pub(crate) struct ToldPreviews(Mutex<HashMap<Previewed, Instant>>);

impl ToldPreviews {
    fn is_due(&self, actor: &Arc<str>, webhook: Option<WebhookId>) -> bool {
        let now = Instant::now();
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_recent = |at: &Instant| now.duration_since(*at) < PREVIEWS_TOLD_EVERY;
        let key = (actor.clone(), webhook);
        if told.get(&key).is_some_and(is_recent) {
            return false;
        }
        if told.len() >= PREVIEWS_REMEMBERED_MAX {
            told.retain(|_, at| is_recent(at));
        }
        if told.len() < PREVIEWS_REMEMBERED_MAX {
            told.insert(key, now);
        }
        true
    }

    /// It was not told of after all.
    fn forget(&self, actor: &Arc<str>, webhook: Option<WebhookId>) {
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        told.remove(&(actor.clone(), webhook));
    }
}

/// Tells of a test before its request is made: none is made without a trace.
pub(super) async fn tested(
    app: &App,
    caller: &May<Manage>,
    webhook: &Webhook,
    event_type: &EventType,
) -> Result<(), Problem> {
    let details = json!({
        "name": webhook.settings.name,
        "event_type": event_type,
        "url": webhook.settings.url.origin(),
    });
    let id = webhook.id.to_string();
    note(app, caller, ("webhook.tested", "webhook", &id), details).await
}

/// Tells of a probe before its request is made. The rest of a URL may be a credential.
pub(super) async fn probed(
    app: &App,
    caller: &May<Manage>,
    url: &EndpointUrl,
) -> Result<(), Problem> {
    let origin = url.origin();
    note(app, caller, ("webhook.probed", "url", &origin), json!({})).await
}

/// Tells of a preview of a webhook, or of settings that are not stored, unless that was done a moment ago.
pub(super) async fn previewed(
    app: &App,
    caller: &May<Manage>,
    webhook: Option<&Webhook>,
) -> Result<(), Problem> {
    let key = webhook.map(|webhook| webhook.id);
    if !app.told_previews.is_due(&caller.actor, key) {
        return Ok(());
    }
    let id = key.map(|id| id.to_string()).unwrap_or_default();
    let details = match webhook {
        Some(webhook) => json!({ "name": webhook.settings.name }),
        None => json!({}),
    };
    let noted = note(app, caller, ("webhook.previewed", "webhook", &id), details).await;
    if noted.is_err() {
        app.told_previews.forget(&caller.actor, key);
    }
    noted
}

async fn note(
    app: &App,
    caller: &May<Manage>,
    (action, target_kind, target_id): (&str, &str, &str),
    details: serde_json::Value,
) -> Result<(), Problem> {
    let entry = NewAuditEntry {
        actor: &caller.actor,
        tenant: Some(&caller.tenant),
        action,
        target_kind,
        target_id,
        details,
    };
    app.database
        .call(|store| store.audit(entry))
        .await
        .map_err(|error| Problem::of_store(error, Code::WebhookNotFound))
}
