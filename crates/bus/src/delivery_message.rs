//! A delivery that is handed over to POSTHORN_DELIVERIES, and comes back when it is due.
//!
//! What nats-server 2.15 makes of a schedule (`tests/schedules.rs` asks it):
//! - One subject holds one schedule: a later publish replaces it, whichever is due first. Purging the
//!   subject takes it back.
//! - `@at` is compared with the server's clock, which is another than the one that moments are told by here. How far it
//!   is ahead is measured ([`Bus::stream_sizes`](crate::Bus::stream_sizes)) and added.
//! - `@at` honours fractions of a second. A lone schedule fires some milliseconds late; those that lie close together
//!   fire in steps of 250 ms, and a moment in the past with the next step.
//! - The message that fires keeps our headers, loses `Nats-Msg-Id` and `Nats-Schedule*`, and is therefore
//!   never taken for a duplicate.
//! - A schedule that is published while the one before it fires is taken away together with it. So of a replaced and
//!   its replacement at least one comes, and whoever takes what comes looks at the record: it says what is due.
//! - The schedule itself is subject to the duplicate window, even after it fired or was taken back. So
//!   the key names what the hand-over follows from ([`Cause`]): what repeats it is the same hand-over after
//!   a lost answer and may be dropped, whereas a retry by hand, a later run or another hop is never.

use std::{str::FromStr, sync::Arc};

use async_nats::HeaderMap;
use posthorn_domain::{
    ClockOffset, DeliveryId, Event, JsonText, RateSlot, ReplayId, Timestamp, TraceContext,
    WebhookId,
};

use crate::{claim::Malformed, cloud_event, event_message::StoredMessage, header, subject};

/// A delivery that cannot be finished now and becomes a message of its own.
#[derive(Debug, Clone)]
pub struct HandOver {
    /// What is to be delivered.
    pub event: Arc<Event>,
    /// To whom.
    pub webhook: WebhookId,
    /// Number of the attempt to make when it is due, from 1.
    pub attempt: u32,
    /// How often this attempt was handed over before: it was throttled, say.
    pub hop: u32,
    /// Attempts made before the present run of retries began, if that run was asked for by hand.
    pub run_start: Option<u32>,
    /// The moment that was reserved for it under the webhook's rate limit.
    pub rate_slot: Option<RateSlot>,
    /// When it comes back; `None` is at once. A moment in the past fires at once too.
    pub due: Option<Timestamp>,
    /// The exact moment of its attempt, for which `due` is a little early: see [`DueDelivery::not_before`].
    pub not_before: Option<Timestamp>,
    /// What it follows from.
    pub cause: Cause,
    /// How it is traced; `None` where nobody records it.
    pub trace: Option<Box<HandOverTrace>>,
}

/// What the next attempt of a delivery has to know of its trace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandOverTrace {
    /// The trace of an event that its publisher did not trace.
    pub context: TraceContext,
    /// The attempt that it follows from.
    pub attempt_before: Option<TraceContext>,
}

/// What a hand-over follows from. What repeats it for the same cause has no effect within the duplicate window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// The claim that it settles, by stream sequence: once for each attempt and hop.
    Claim(u64),
    /// The same, before the webhook's filter was asked whether it wants the event.
    Undecided(u64),
    /// A replay: once for each delivery, whatever attempt it has come to.
    Replay(ReplayId),
    /// A request by hand: never dropped.
    Request,
}

/// A delivery that is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueDelivery {
    /// What is to be delivered.
    pub event: Event,
    /// To whom.
    pub webhook: WebhookId,
    /// Number of the attempt to make, from 1.
    pub attempt: u32,
    /// How often this attempt was handed over before.
    pub hop: u32,
    /// Attempts made before the present run of retries began, if that run was asked for by hand.
    pub run_start: Option<u32>,
    /// The moment that was reserved for it under the webhook's rate limit.
    pub rate_slot: Option<RateSlot>,
    /// The attempt is not to be made before this moment, which is close. Schedules that lie close together fire in
    /// steps, so who wants to be on time aims earlier and waits for the rest.
    pub not_before: Option<Timestamp>,
    /// Where the attempt before was traced.
    pub attempt_before: Option<TraceContext>,
    /// Whether the webhook's filter is still to be asked: see [`Cause::Undecided`].
    pub undecided: bool,
}

impl HandOver {
    pub(crate) fn delivery(&self) -> DeliveryId {
        DeliveryId::derive(self.event.id, self.webhook)
    }

    pub(crate) fn subject(&self) -> String {
        match self.due {
            Some(_) => subject::later(self.delivery()),
            None => subject::ready(self.webhook),
        }
    }

    /// `server_clock`: how far the server's clock, by which a schedule fires, is ahead of the one that `due` is told by.
    pub(crate) fn headers(&self, server_clock: &ClockOffset) -> HeaderMap {
        let mut headers = HeaderMap::new();
        insert_event(&mut headers, &self.event);
        headers.insert(header::WEBHOOK_ID, self.webhook.to_string());
        headers.insert(header::ATTEMPT, self.attempt.to_string());
        headers.insert(header::HOP, self.hop.to_string());
        if let Some(due) = self.due {
            let at = header::rfc3339(server_clock.theirs(due));
            headers.insert(header::SCHEDULE, format!("@at {at}"));
            headers.insert(header::SCHEDULE_TARGET, subject::ready(self.webhook));
        }
        if let Some(run_start) = self.run_start {
            headers.insert(header::RUN_START, run_start.to_string());
        }
        if let Some(slot) = self.rate_slot {
            headers.insert(header::RATE_SLOT, slot.to_string());
        }
        if let Some(moment) = self.not_before {
            headers.insert(header::NOT_BEFORE, header::rfc3339(moment));
        }
        if let Some(trace) = &self.trace {
            if self.event.trace.is_none() {
                header::insert_trace(&mut headers, &trace.context);
            }
            if let Some(attempt) = &trace.attempt_before {
                header::insert_attempt_before(&mut headers, attempt);
            }
        }
        if matches!(self.cause, Cause::Undecided(_)) {
            headers.insert(header::UNDECIDED, "true");
        }
        let (delivery, attempt, hop) = (self.delivery(), self.attempt, self.hop);
        match self.cause {
            Cause::Claim(claim) | Cause::Undecided(claim) => {
                let key = format!("{delivery}.{attempt}.{hop}.{claim}");
                headers.insert(header::MSG_ID, key);
            }
            Cause::Replay(replay) => {
                headers.insert(header::MSG_ID, format!("{delivery}.replay.{replay}"));
            }
            Cause::Request => {}
        }
        headers
    }
}

/// Writes the identity of an event; its data is the message's body.
pub(crate) fn insert_event(headers: &mut HeaderMap, event: &Event) {
    headers.insert(header::TENANT, event.tenant.as_str());
    headers.insert(header::EVENT_TYPE, event.event_type.as_str());
    headers.insert(header::EVENT_ID, event.id.to_string());
    headers.insert(header::TIMESTAMP, header::rfc3339(event.timestamp));
    if let Some(attributes) = &event.cloud_event {
        cloud_event::headers::insert(headers, attributes);
        cloud_event::headers::insert_typed(headers, attributes);
    }
    if let Some(trace) = &event.trace {
        header::insert_trace(headers, trace);
    }
}

impl StoredMessage<'_> {
    pub(crate) fn due_delivery(&self) -> Result<DueDelivery, Malformed> {
        let tenant = self.parsed(header::TENANT).ok();
        self.read_due_delivery()
            .map_err(|reason| self.malformed(tenant, reason))
    }

    fn read_due_delivery(&self) -> Result<DueDelivery, String> {
        Ok(DueDelivery {
            event: self.event_of_headers()?,
            webhook: self.parsed(header::WEBHOOK_ID)?,
            attempt: self.parsed(header::ATTEMPT)?,
            hop: self.parsed(header::HOP)?,
            run_start: match header::get(self.headers, header::RUN_START) {
                None => None,
                Some(_) => Some(self.parsed(header::RUN_START)?),
            },
            // One that cannot be read is none: another is reserved.
            rate_slot: header::get(self.headers, header::RATE_SLOT)
                .and_then(|text| text.parse().ok()),
            not_before: header::get(self.headers, header::NOT_BEFORE)
                .and_then(|text| cloud_event::parse_time(text).ok()),
            attempt_before: header::attempt_before(self.headers),
            undecided: header::get(self.headers, header::UNDECIDED).is_some(),
        })
    }

    /// Reads what [`insert_event`] wrote.
    pub(crate) fn event_of_headers(&self) -> Result<Event, String> {
        let timestamp = header::get(self.headers, header::TIMESTAMP)
            .and_then(|text| cloud_event::parse_time(text).ok())
            .ok_or_else(|| format!("{} is missing or not valid", header::TIMESTAMP))?;
        Ok(Event {
            id: self.parsed(header::EVENT_ID)?,
            tenant: self.parsed(header::TENANT)?,
            event_type: self.parsed(header::EVENT_TYPE)?,
            timestamp,
            data: JsonText::parse(self.payload.clone()).map_err(|error| error.to_string())?,
            cloud_event: cloud_event::headers::own(self.headers),
            trace: header::trace(self.headers),
        })
    }

    pub(crate) fn parsed<T: FromStr>(&self, name: &str) -> Result<T, String> {
        header::get(self.headers, name)
            .and_then(|text| text.parse().ok())
            .ok_or_else(|| format!("{name} is missing or not valid"))
    }
}
