//! All that a scenario works with: the cluster under test, the receiver, and the processes that are watched.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use posthorn_bus::{Bus, EventSubject};
use posthorn_domain::{EventType, TenantId};
use serde_json::{Value, json};
use tokio::time::Instant;
use url::Url;

use super::{
    api::Api,
    processes::Processes,
    receiver::{Receiver, Route},
    sizes::Sizes,
};
use crate::{
    exit::{Exit, Failure},
    show,
};

/// How often a count is looked at while it is waited for.
const LOOK_EVERY: Duration = Duration::from_millis(5);
/// Without any progress for this long, what is missing is taken for lost.
const PATIENCE: Duration = Duration::from_secs(60);
/// Requests that one webhook may have under way: enough for its share not to be what is measured.
const IN_FLIGHT: u32 = 256;

/// What scenarios share.
#[derive(Debug)]
pub(super) struct Rig {
    pub(super) api: Api,
    pub(super) bus: Bus,
    pub(super) receiver: Receiver,
    pub(super) receiver_url: Url,
    pub(super) processes: Processes,
    pub(super) sizes: Sizes,
    pub(super) tenant: TenantId,
    /// Names this run in event types and webhooks.
    pub(super) run: String,
    pub(super) begun: Instant,
    pub(super) created: Mutex<Vec<String>>,
}

/// A webhook of the benchmark.
#[derive(Debug, Clone)]
pub(super) struct Hook {
    pub(super) event_type: EventType,
    pub(super) subject: EventSubject,
    pub(super) route: Arc<Route>,
}

impl Rig {
    /// An event type that nobody else uses.
    pub(super) fn event_type(&self, name: &str) -> Result<EventType, Failure> {
        format!("bench.{}.{name}", self.run)
            .parse()
            .map_err(|error| Failure::new(Exit::Usage, format!("no event type: {error}")))
    }

    /// Creates a webhook for one event type, with the given settings on top.
    pub(super) async fn webhook(
        &self,
        event_type: &EventType,
        settings: Value,
    ) -> Result<Hook, Failure> {
        let (route, path) = self.receiver.add_route();
        let mut url = self.receiver_url.clone();
        url.set_path(&path);
        let mut webhook = json!({
            "name": format!("posthorn bench {}", self.run),
            "description": "Made by `posthorn bench`, which removes it when it ends",
            "url": url,
            "event_types": [event_type],
            "max_in_flight": IN_FLIGHT,
        });
        if let (Some(all), Value::Object(settings)) = (webhook.as_object_mut(), settings) {
            all.extend(settings);
        }
        let id = self.api.create_webhook(&webhook).await?;
        self.created
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(id);
        Ok(Hook {
            event_type: event_type.clone(),
            subject: EventSubject::new(&self.tenant, event_type),
            route,
        })
    }

    /// `count` webhooks, each with an event type of its own.
    pub(super) async fn webhooks(
        &self,
        name: &str,
        count: u32,
        settings: &Value,
    ) -> Result<Vec<Hook>, Failure> {
        let mut hooks = Vec::new();
        for n in 0..count {
            let event_type = self.event_type(&format!("{name}.{n}"))?;
            hooks.push(self.webhook(&event_type, settings.clone()).await?);
        }
        Ok(hooks)
    }

    /// Deletes what was created. What cannot be deleted is told, and left.
    pub(super) async fn clean_up(&self) {
        let ids = std::mem::take(&mut *self.created.lock().unwrap_or_else(PoisonError::into_inner));
        for id in ids {
            if let Err(failure) = self.api.delete_webhook(&id).await {
                show::notice(&format!("webhook {id} could not be removed: {failure}"));
            }
        }
    }

    /// Waits until so many different events were accepted, or until nothing comes any more; returns how many were.
    pub(super) async fn arrived(&self, hooks: &[Hook], wanted: u64) -> u64 {
        self.arrived_within(hooks, wanted, PATIENCE).await
    }

    /// The same with another bound on how long nothing may come.
    pub(super) async fn arrived_within(
        &self,
        hooks: &[Hook],
        wanted: u64,
        patience: Duration,
    ) -> u64 {
        let mut before = accepted(hooks);
        let mut progress_at = Instant::now();
        loop {
            let now = accepted(hooks);
            if now >= wanted || progress_at.elapsed() > patience {
                return now;
            }
            if now > before {
                (before, progress_at) = (now, Instant::now());
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// Waits until every event is acknowledged, which it is when each of its deliveries is recorded or handed over.
    /// Gives up when nothing was acknowledged for a minute.
    pub(super) async fn acknowledged(&self) -> Result<(), Failure> {
        let (mut before, mut progress_at) = (u64::MAX, Instant::now());
        loop {
            let left = self.backlog().await?.events;
            if left == 0 {
                return Ok(());
            }
            if left < before {
                (before, progress_at) = (left, Instant::now());
            }
            if progress_at.elapsed() > PATIENCE {
                return Err(Failure::new(
                    Exit::Unavailable,
                    format!(
                        "{left} events are still not acknowledged: does somebody else publish here?"
                    ),
                ));
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    pub(super) async fn backlog(&self) -> Result<posthorn_bus::Backlog, Failure> {
        self.bus
            .backlog()
            .await
            .map_err(|error| Failure::new(Exit::Unavailable, error.to_string()))
    }
}

/// Different events that were accepted, over all of these webhooks.
pub(super) fn accepted(hooks: &[Hook]) -> u64 {
    hooks.iter().map(|hook| hook.route.tally().accepted()).sum()
}

/// Events that were accepted although they had been accepted before.
pub(super) fn duplicates(hooks: &[Hook]) -> u64 {
    hooks.iter().map(|hook| hook.route.tally().duplicates).sum()
}
