//! Publishing as much as the server takes: one inbox for all acknowledgements, and a window of those that are awaited.
//!
//! For generators of load, which want to know how many were stored and not which: no future and no
//! allocation for each message. Services publish with [`Bus::publish_event`], which tells of every single one.

use std::num::NonZeroUsize;

use async_nats::{Client, Message, StatusCode, Subject, Subscriber, jetstream};
use bytes::Bytes;
use futures::{FutureExt, StreamExt};
use posthorn_domain::{EventType, TenantId};
use serde::Deserialize;

use crate::{
    bus::{Bus, REQUEST_TIMEOUT},
    error::PublishError,
    link::{Connection, Link},
    publish::refused,
    subject,
};

/// The words of an acknowledgement that is a refusal; those of a storage do not hold it.
const REFUSAL: &[u8] = b"\"error\":";

/// Where events of one tenant and type are published: made once, used for each.
#[derive(Debug, Clone)]
pub struct EventSubject(Subject);

impl EventSubject {
    /// Of this tenant and type.
    pub fn new(tenant: &TenantId, event_type: &EventType) -> Self {
        Self(Subject::from(subject::event(tenant, event_type)))
    }
}

/// A run of publishes by one task.
pub struct Pipeline {
    client: Client,
    link: Link,
    connection: Connection,
    inbox: Subject,
    answers: Subscriber,
    window: usize,
    awaited: usize,
    stored: u64,
}

#[derive(Deserialize)]
struct Refusal {
    error: jetstream::Error,
}

impl Bus {
    /// Begins a run in which at most `window` publishes wait for their acknowledgement at once.
    ///
    /// # Errors
    /// [`PublishError::Unavailable`] while there is no connection.
    pub async fn pipeline(&self, window: NonZeroUsize) -> Result<Pipeline, PublishError> {
        let connection = self.link.check()?;
        let client = self.link.client.clone();
        let inbox = Subject::from(client.new_inbox());
        let answers = client
            .subscribe(inbox.clone())
            .await
            .map_err(|error| PublishError::Unavailable(error.to_string()))?;
        Ok(Pipeline {
            client,
            link: self.link.clone(),
            connection,
            inbox,
            answers,
            window: window.get(),
            awaited: 0,
            stored: 0,
        })
    }
}

impl Pipeline {
    /// Publishes one event, after waiting for room in the window. `data` is any JSON value.
    ///
    /// # Errors
    /// The first thing that went wrong with any publish so far; the run is over then.
    pub async fn publish(&mut self, to: &EventSubject, data: Bytes) -> Result<(), PublishError> {
        while self.awaited >= self.window {
            self.wait_for_answer().await?;
        }
        self.take_answers()?;
        self.client
            .publish_with_reply(to.0.clone(), self.inbox.clone(), data)
            .await
            .map_err(|error| PublishError::Unavailable(error.to_string()))?;
        self.awaited += 1;
        Ok(())
    }

    /// Waits for all that is awaited; returns how many of this run are stored.
    ///
    /// # Errors
    /// As [`Pipeline::publish`].
    pub async fn finish(mut self) -> Result<u64, PublishError> {
        while self.awaited > 0 {
            self.wait_for_answer().await?;
        }
        Ok(self.stored)
    }

    async fn wait_for_answer(&mut self) -> Result<(), PublishError> {
        let next = tokio::select! {
            biased;
            next = self.answers.next() => next,
            () = self.link.lost(self.connection) => None,
            () = tokio::time::sleep(REQUEST_TIMEOUT) => None,
        };
        match next {
            Some(answer) => self.count(&answer),
            None => Err(PublishError::Unavailable(format!(
                "{} publishes are without an answer",
                self.awaited
            ))),
        }
    }

    fn take_answers(&mut self) -> Result<(), PublishError> {
        while let Some(Some(answer)) = self.answers.next().now_or_never() {
            self.count(&answer)?;
        }
        Ok(())
    }

    fn count(&mut self, answer: &Message) -> Result<(), PublishError> {
        self.awaited = self.awaited.saturating_sub(1);
        if answer.status == Some(StatusCode::NO_RESPONDERS) {
            return Err(PublishError::Unavailable(
                "no stream takes these events".to_owned(),
            ));
        }
        if answer.payload.windows(REFUSAL.len()).any(|w| w == REFUSAL) {
            return Err(match serde_json::from_slice::<Refusal>(&answer.payload) {
                Ok(refusal) => refused(&refusal.error),
                Err(error) => PublishError::Unavailable(error.to_string()),
            });
        }
        self.stored += 1;
        Ok(())
    }
}
