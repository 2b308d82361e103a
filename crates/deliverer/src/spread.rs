//! Events that many webhooks want.
//!
//! The deliveries of an ordinary event go straight from it. Above [`FAN_OUT_DIRECT_MAX`] each becomes a message of
//! its own instead, and the event is settled when all are stored. So they are shared out between the replicas, an
//! event behind them is not delayed by thousands of requests, and what a crash interrupts is one request rather
//! than an event of thousands. A delivery of this kind has its row when any other has: when its first attempt has
//! ended, is slow, or is put off. Writing ten thousand rows before the first request would cost as much again as the
//! requests do, and tell only what the event's place in the log tells already.
//!
//! An event that comes again after a crash is looked up like any other; what has no row yet is published once more
//! and dropped by the server where it had it ([`posthorn_bus::Bus::hand_over_all`]). That makes it needless to store
//! all or none of them: the server's atomic batches (ADR-50) took three times as long as a pipeline of single
//! messages, and a quarter more of the processors (34 µs a message instead of 27, on nats-server 2.15).
//!
//! A message holds the event's data. Where that would be more than [`FAN_OUT_BYTES_MAX`] for one event, its
//! deliveries go straight after all. Either happens beside the intake, not in its way, and what waits for it is
//! bounded by [`DELIVERIES_WAITING_MAX`].

use std::sync::Arc;

use posthorn_bus::{Cause, HandOver, PublishError};
use posthorn_domain::{DeliveryId, Event, Webhook};
use posthorn_service::traces::log_span;
use tokio::sync::Semaphore;
use tracing::{Instrument, info, warn};

use crate::{
    claim::Share,
    intake::Intake,
    patience::Patience,
    spans,
    work::{Run, Work},
};

/// Deliveries that go straight from their event.
pub(crate) const FAN_OUT_DIRECT_MAX: usize = 64;
/// Payload that the messages of one event may put into the stream together, in bytes.
const FAN_OUT_BYTES_MAX: usize = 32 * 1024 * 1024;
/// Deliveries of such events that wait to be handed over, or for their slot. Above it the intake waits too.
const DELIVERIES_WAITING_MAX: u32 = 100_000;
/// Deliveries that are handed over together.
const HANDED_OVER_TOGETHER_MAX: usize = 1_000;
/// Such events that are worked on at once.
const EVENTS_AT_ONCE_MAX: usize = 4;

/// Room for large fan-outs.
#[derive(Debug, Clone)]
pub(crate) struct SpreadRoom {
    deliveries: Arc<Semaphore>,
    events: Arc<Semaphore>,
}

impl Default for SpreadRoom {
    fn default() -> Self {
        Self {
            deliveries: Arc::new(Semaphore::new(DELIVERIES_WAITING_MAX as usize)),
            events: Arc::new(Semaphore::new(EVENTS_AT_ONCE_MAX)),
        }
    }
}

/// An event, and webhooks that want it and were not sent to yet.
pub(crate) struct FanOut {
    pub(crate) event: Arc<Event>,
    pub(crate) webhooks: Vec<Arc<Webhook>>,
    pub(crate) share: Share,
    /// Whether a delivery may have a record although none was found.
    pub(crate) seen: bool,
    /// The request that brought the event.
    pub(crate) request_id: Option<Box<str>>,
}

impl Intake {
    /// Has these deliveries made, in the background; waits only when too many wait already.
    pub(crate) async fn spread(&self, fan_out: FanOut) {
        let count = u32::try_from(fan_out.webhooks.len()).unwrap_or(u32::MAX);
        let deliveries = self.spread_room.deliveries.clone();
        // Never closed.
        let waiting = deliveries
            .acquire_many_owned(count.min(DELIVERIES_WAITING_MAX))
            .await;
        let intake = self.clone();
        let log = log_span(fan_out.share.span());
        let bring_out = async move {
            let _turn = intake.spread_room.events.acquire().await;
            intake.bring_out(fan_out).await;
            drop(waiting);
        };
        self.dispatcher.requests.spawn(bring_out.instrument(log));
    }

    async fn bring_out(&self, fan_out: FanOut) {
        let (event, webhooks) = (&fan_out.event, fan_out.webhooks.len());
        let request = fan_out.request_id.as_deref();
        if event.data.as_bytes().len().saturating_mul(webhooks) <= FAN_OUT_BYTES_MAX {
            match self.hand_over(&fan_out).await {
                Ok(()) => {
                    info!(event.id = %event.id, request.id = request, "Handed event {} over for {webhooks} webhooks", event.id);
                    return fan_out.share.settle().await;
                }
                Err(error) => {
                    warn!(event.id = %event.id, request.id = request, "Delivering event {} straight to {webhooks} webhooks: {error}", event.id);
                }
            }
        }
        for webhook in fan_out.webhooks {
            let work = Work {
                share: fan_out.share.split(),
                event: fan_out.event.clone(),
                delivery: DeliveryId::derive(fan_out.event.id, webhook.id),
                webhook,
                attempt: 1,
                run: Run::of_message(None),
                hop: 0,
                // It gets its moment when it comes back.
                rate_slot: None,
                turn: None,
                attempt_before: None,
                seen: fan_out.seen,
            };
            self.bring_forward(work, None, false).await;
        }
        fan_out.share.settle().await;
    }

    /// Stores the deliveries as messages, however long NATS is away; an error means that it never will.
    async fn hand_over(&self, fan_out: &FanOut) -> Result<(), PublishError> {
        for webhooks in fan_out.webhooks.chunks(HANDED_OVER_TOGETHER_MAX) {
            let hand_over = |webhook: &Arc<Webhook>| HandOver {
                event: fan_out.event.clone(),
                webhook: webhook.id,
                attempt: 1,
                hop: 0,
                run_start: None,
                undecided: false,
                rate_slot: None,
                due: None,
                not_before: None,
                cause: Cause::Claim(fan_out.share.stream_sequence()),
                trace: spans::to_hand_over(&fan_out.share, None),
            };
            let hand_overs: Vec<HandOver> = webhooks.iter().map(hand_over).collect();
            let mut patience = Patience::new(&self.rng);
            loop {
                match self.bus.hand_over_all(&hand_overs).await {
                    Ok(()) => break,
                    Err(error @ PublishError::TooLarge) => return Err(error),
                    Err(error) => {
                        let event = fan_out.event.id;
                        let why = format!(
                            "Holding event {event} until its deliveries can be handed over: {error}"
                        );
                        patience.wait_out(&why).await;
                    }
                }
            }
        }
        Ok(())
    }
}
