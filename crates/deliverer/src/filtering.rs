//! Filters that are not asked by the intake.
//!
//! A filter may take milliseconds of a processor, an event may have a thousand of them, and everybody's events wait
//! for the one task that takes messages. So that task asks filters only within a budget, which is enough for ordinary
//! ones:
//!
//! | budget | above it |
//! | --- | --- |
//! | [`FUEL_PER_CHUNK_MAX`] for a chunk of messages | a worker asks the filters; tenants take turns, event by event |
//! | [`FILTER_FUEL_PER_EVENT_MAX`] for one event, which has one tenant | the rest is handed over undecided and asked when it comes back, one at a time |
//! | a tenant's share of [`WAITING_MAX`] | all is handed over undecided; what came back is put off |
//!
//! What a tenant asks too much for waits in the queue of the stream, where it takes no room of others.

use std::{
    num::NonZero,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use futures::future::BoxFuture;
use posthorn_bus::{Cause, DueDelivery, HandOver};
use posthorn_domain::{DeliveryId, TenantId, Webhook, limits::FILTER_FUEL_PER_EVENT_MAX};

use crate::{
    conclude::{FollowUp, after},
    fair_queue::FairQueue,
    intake::{Intake, Taken},
    matched::Matched,
    matching::{Decided, Inquiry},
    publishing::NotStored,
    spans,
};

/// Fuel for the filters that the intake asks itself, for all messages of a chunk: some milliseconds of a processor.
pub(crate) const FUEL_PER_CHUNK_MAX: u64 = 500_000;
/// After so much of it a worker lets others have its thread.
const FUEL_AT_ONCE_MAX: u64 = 50_000;
/// Events and due deliveries whose filters wait to be asked.
const WAITING_MAX: usize = 1_024;
/// A due delivery that finds no room among them comes back after this, and twice as late with each hop.
const PUT_OFF_FIRST: Duration = Duration::from_secs(1);
const PUT_OFF_DOUBLINGS_MAX: u32 = 6;

/// Work for filters.
enum Job {
    /// An event, with those of its webhooks whose filters are to be asked.
    Event(Box<Matched>),
    /// A delivery that was handed over undecided.
    Due(Box<(Taken<DueDelivery>, Arc<Webhook>)>),
}

/// What waits, and how many work at it.
#[derive(Clone)]
pub(crate) struct Filtering(Arc<Mutex<State>>);

struct State {
    queue: FairQueue<Job>,
    workers: usize,
    workers_max: usize,
}

impl Filtering {
    /// With workers for half of the cores.
    pub(crate) fn new(cores: NonZero<usize>) -> Self {
        Self(Arc::new(Mutex::new(State {
            queue: FairQueue::new(WAITING_MAX),
            workers: 0,
            workers_max: (cores.get() / 2).max(1),
        })))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One that works: it is counted until it finds nothing to do, or panics.
struct Worker {
    filtering: Filtering,
    counted: bool,
}

impl Worker {
    /// The next job; without one it stops being counted before another can be added.
    fn next(&mut self) -> Option<Job> {
        let mut state = self.filtering.lock();
        let job = state.queue.pop();
        if job.is_none() {
            self.counted = false;
            state.workers -= 1;
        }
        job
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        if self.counted {
            self.filtering.lock().workers -= 1;
        }
    }
}

impl Intake {
    /// Has the filters of these webhooks asked, in the background.
    pub(crate) fn filter_later(&self, undecided: Matched) {
        let tenant = undecided.event.tenant.clone();
        let job = Job::Event(Box::new(undecided));
        if let Err(Job::Event(undecided)) = self.queue(&tenant, job) {
            self.hand_over_undecided(*undecided);
        }
    }

    /// Has the filters of deliveries asked that come back undecided; returns the others. What finds no room is put off.
    pub(crate) async fn filter_due(
        &self,
        chunk: Vec<Taken<DueDelivery>>,
    ) -> Vec<Taken<DueDelivery>> {
        if !chunk.iter().any(|due| due.message.undecided) {
            return chunk;
        }
        let snapshot = self.webhooks.fresh().await;
        let mut decided = Vec::with_capacity(chunk.len());
        for due in chunk {
            let webhook = snapshot.get(due.message.webhook);
            let Some(webhook) = webhook.filter(|_| due.message.undecided) else {
                decided.push(due);
                continue;
            };
            let job = Job::Due(Box::new((due, webhook.clone())));
            if let Err(Job::Due(refused)) = self.queue(&webhook.tenant, job) {
                self.put_off_undecided(refused.0).await;
            }
        }
        decided
    }

    fn queue(&self, tenant: &TenantId, job: Job) -> Result<(), Job> {
        let mut state = self.filtering.lock();
        state.queue.push(tenant, job)?;
        self.ensure_worker(&mut state);
        Ok(())
    }

    fn ensure_worker(&self, state: &mut State) {
        if state.workers >= state.workers_max {
            return;
        }
        state.workers += 1;
        let mut worker = Worker {
            filtering: self.filtering.clone(),
            counted: true,
        };
        let intake = self.clone();
        let work: BoxFuture<'static, ()> = Box::pin(async move {
            while let Some(job) = worker.next() {
                match job {
                    Job::Event(undecided) => intake.ask_of_event(*undecided).await,
                    Job::Due(due) => {
                        let (due, webhook) = *due;
                        intake.ask_of_due(due, &webhook).await;
                    }
                }
            }
        });
        self.dispatcher.requests.spawn(work);
    }

    /// Asks the filters of an event as far as its fuel goes. Those that let it pass go on in a task of their own:
    /// they may wait for room, and other tenants' filters do not.
    async fn ask_of_event(&self, undecided: Matched) {
        let mut fuel = FILTER_FUEL_PER_EVENT_MAX;
        let mut decided = Decided::default();
        let mut paused_at = fuel;
        let event = undecided.event.clone();
        let (snapshot, failures) = (self.webhooks.current(), &self.webhooks.filter_failures);
        let mut inquiry = Inquiry::new(&event, undecided.accepted_at(), failures);
        for webhook in &undecided.webhooks {
            decided.add(webhook, inquiry.wants(&snapshot, webhook, &mut fuel));
            if paused_at - fuel > FUEL_AT_ONCE_MAX {
                paused_at = fuel;
                tokio::task::yield_now().await;
            }
        }
        if !decided.undecided.is_empty() {
            self.hand_over_undecided(undecided.part(decided.undecided));
        }
        let mut wanted = undecided.part(decided.wanted);
        wanted.disabled = decided.disabled;
        undecided.share.settle().await;
        let intake = self.clone();
        let go_on: BoxFuture<'static, ()> =
            Box::pin(async move { intake.dispatch(vec![wanted]).await });
        self.dispatcher.requests.spawn(go_on);
    }

    async fn ask_of_due(&self, mut due: Taken<DueDelivery>, webhook: &Webhook) {
        let delivery = DeliveryId::derive(due.message.event.id, webhook.id);
        // What was let pass before a crash is not asked about again: it may have been attempted.
        let is_recorded =
            due.may_have_been_seen && self.states(&[delivery]).await.contains_key(&delivery);
        let snapshot = self.webhooks.current();
        let passes = is_recorded || self.is_wanted(&snapshot, &due.message, webhook);
        tokio::task::yield_now().await;
        if !passes {
            return self.settler.settle(due.share, FollowUp::Nothing).await;
        }
        self.metrics.matched_later(1);
        // Until now it has not been at the gate.
        (due.message.undecided, due.message.hop) = (false, 0);
        let intake = self.clone();
        let go_on: BoxFuture<'static, ()> =
            Box::pin(async move { intake.reserve_moments(vec![due]).await });
        self.dispatcher.requests.spawn(go_on);
    }

    /// Makes messages of these deliveries, of which nobody knows yet whether their webhooks want the event. An event
    /// that is too large for so many messages waits in memory instead, for another turn of its tenant.
    fn hand_over_undecided(&self, undecided: Matched) {
        let intake = self.clone();
        let hand_over: BoxFuture<'static, ()> = Box::pin(async move {
            let cause = Cause::Undecided(undecided.share.stream_sequence());
            let mut undecided = undecided;
            let webhooks = std::mem::take(&mut undecided.webhooks);
            let fan_out = undecided.fan_out(webhooks);
            match intake.hand_over_spread(&fan_out, cause).await {
                Ok(()) => {
                    fan_out.share.settle().await;
                    undecided.share.settle().await;
                }
                Err(NotStored::Later) => {
                    intake.metrics.given_back();
                    fan_out.share.settle_later().await;
                    undecided.share.settle_later().await;
                }
                Err(NotStored::TooLarge) => {
                    undecided.webhooks = fan_out.webhooks;
                    fan_out.share.settle().await;
                    let tenant = undecided.event.tenant.clone();
                    let mut state = intake.filtering.lock();
                    state
                        .queue
                        .push_over(&tenant, Job::Event(Box::new(undecided)));
                    intake.ensure_worker(&mut state);
                }
            }
        });
        self.dispatcher.requests.spawn(hand_over);
    }

    async fn put_off_undecided(&self, due: Taken<DueDelivery>) {
        let DueDelivery {
            event,
            webhook,
            attempt,
            hop,
            ..
        } = due.message;
        let wait = PUT_OFF_FIRST * 2_u32.pow(hop.min(PUT_OFF_DOUBLINGS_MAX));
        let again = HandOver {
            event: Arc::new(event),
            webhook,
            attempt,
            hop: hop.saturating_add(1),
            run_start: None,
            rate_slot: None,
            due: Some(after(self.dispatcher.clock.now(), wait)),
            not_before: None,
            cause: Cause::Undecided(due.share.stream_sequence()),
            trace: spans::to_hand_over(&due.share, None),
        };
        self.settler
            .settle(due.share, FollowUp::Again(Box::new(again)))
            .await;
    }
}
