//! From a piece of work to its attempt: through the gate, into a slot, out to the recorder.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use posthorn_domain::{
    Clock, DeliveryStatus, Failure, PayloadFormat, Sign, Timestamp, TraceContext, Webhook, render,
};
use posthorn_egress::{Attempted, Rendered, Sender};
use posthorn_service::{
    reminder::Reminder,
    traces::{Span, Traces, log_span},
};
use posthorn_store::{DeliveryRecord, MessageKey};
use rand::SeedableRng;
use rand::rngs::StdRng;
use tokio::{
    sync::{OwnedSemaphorePermit, oneshot},
    time::{Instant, timeout, timeout_at},
};
use tokio_util::task::TaskTracker;
use tracing::{Instrument, error};

use crate::{
    bodies::BodyPermit,
    conclude::{Conclusion, FollowUp, after, conclude},
    ended::Ended,
    gate::{self, Admission, Demand, Gate, Pass, Reason, Replicas, WAITED_MAX},
    metrics::Metrics,
    moment::HELD_MAX,
    operations::Observation,
    recorder::{Entry, Queue},
    room::{FRESH_FOR, Room, Rooms},
    spans,
    turns::{self, Turns},
    work::Work,
};

/// A request that takes longer than this is shown as a pending delivery while it goes on.
const SHOWN_AS_PENDING_AFTER: Duration = Duration::from_secs(1);

/// A delivery that was not allowed to be the probe comes back after this.
const PROBE_REFUSED: Duration = Duration::from_secs(1);

/// A delivery that is attempted elsewhere comes back after this; then after twice as long, a few times.
pub(crate) const UNDER_WAY: Duration = Duration::from_secs(1);
/// How often that time is doubled.
const UNDER_WAY_DOUBLINGS_MAX: u32 = 2;

/// A delivery for which this process has nothing left to send with comes back after this; then after twice as long, a few
/// times.
const EXHAUSTED: Duration = Duration::from_secs(1);
/// How often that time is doubled.
const EXHAUSTED_DOUBLINGS_MAX: u32 = 4;
/// How often the log says so.
pub(crate) const EXHAUSTED_SAID_EVERY: Duration = Duration::from_secs(60);

/// Sends work to its receivers, within the bounds of the process and of each webhook.
pub(crate) struct Dispatcher {
    pub(crate) gate: Arc<Gate>,
    pub(crate) replicas: Replicas,
    pub(crate) rooms: Rooms,
    pub(crate) sender: Sender,
    pub(crate) queue: Queue,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) traces: Traces,
    pub(crate) requests: TaskTracker,
    pub(crate) turns: Turns,
    /// Says that there is nothing to send with.
    pub(crate) exhausted: Reminder,
}

impl Dispatcher {
    /// Starts the attempt if the gate lets it pass, or puts it off. Waits only for room in the process.
    pub(crate) async fn dispatch(self: &Arc<Self>, mut work: Work) {
        let now = self.clock.now();
        work.rate_slot = work
            .rate_slot
            .filter(|slot| gate::still_counts(*slot, &work.webhook, now));
        let wait = work
            .rate_slot
            .map(|slot| gate::time_to(slot, now))
            .unwrap_or_default();
        if wait.is_zero() {
            self.go(work).await;
        } else if wait <= HELD_MAX {
            let this = self.clone();
            self.requests.spawn(async move {
                tokio::time::sleep(wait).await;
                this.go(work).await;
            });
        } else {
            let wait = gate::put_off_for(wait, work.hop);
            self.put_off(work, wait, Reason::Rate).await;
        }
    }

    async fn go(self: &Arc<Self>, work: Work) {
        let fresh = self.rooms.fresh().await;
        match self.ask(&work, true, false) {
            Admission::Later(wait, reason) => self.put_off(work, wait, reason).await,
            Admission::Go(pass) if has_template(&work.webhook) => {
                // A template takes its time, which is not everybody's.
                let this = self.clone();
                self.requests
                    .spawn(async move { this.start(work, pass, fresh).await });
            }
            Admission::Go(pass) => {
                let room = self.rooms.with_slot(fresh, None).await;
                let this = self.clone();
                self.requests
                    .spawn(async move { this.deliver(work, pass, room, None).await });
            }
            Admission::Probe(pass) => {
                let this = self.clone();
                self.requests
                    .spawn(async move { this.probe(work, pass).await });
            }
            Admission::Wait(turn) => {
                drop(fresh);
                let place = self.rooms.place().await;
                let this = self.clone();
                self.requests
                    .spawn(async move { this.wait(work, turn, place).await });
            }
        }
    }

    fn ask(&self, work: &Work, may_wait: bool, was_called: bool) -> Admission {
        let demand = Demand {
            hop: work.hop,
            bytes: work.event.data.as_bytes().len(),
            has_template: has_template(&work.webhook),
            has_rate_slot: work.rate_slot.is_some(),
            may_wait,
            was_called,
        };
        self.gate.admit(&work.webhook, demand)
    }

    /// Waits in memory until it is called, and is put off if that takes too long.
    async fn wait(&self, work: Work, mut turn: oneshot::Receiver<()>, place: OwnedSemaphorePermit) {
        let until = Instant::now() + WAITED_MAX;
        loop {
            // Whether it was called or not: nobody else will ask for it.
            let _ = timeout_at(until, turn).await;
            let fresh = self.rooms.fresh().await;
            match self.ask(&work, Instant::now() < until, true) {
                Admission::Later(wait, reason) => {
                    drop(fresh);
                    return self.put_off(work, wait, reason).await;
                }
                Admission::Go(pass) => {
                    drop(place);
                    return self.start(work, pass, fresh).await;
                }
                Admission::Probe(pass) => {
                    drop(fresh);
                    return self.probe(work, pass).await;
                }
                Admission::Wait(next) => turn = next,
            }
        }
    }

    /// Sends to a receiver that was down, if no other replica does.
    async fn probe(&self, work: Work, pass: Pass) {
        if self.replicas.may_probe(&work.webhook).await {
            let fresh = self.rooms.fresh().await;
            self.start(work, pass, fresh).await;
        } else {
            pass.give_back();
            self.put_off(work, PROBE_REFUSED, Reason::Open).await;
        }
    }

    /// Takes a slot and sends. What a template makes needs room before that.
    async fn start(&self, work: Work, mut pass: Pass, fresh: OwnedSemaphorePermit) {
        let (made, permit) = if has_template(&work.webhook) {
            let Some((made, permit)) = self.make(&work, &mut pass) else {
                drop(fresh);
                let wait = pass.put_off(&work.webhook, work.hop);
                return self.put_off(work, wait, Reason::Share).await;
            };
            (Some(made), permit)
        } else {
            (None, None)
        };
        let room = self.rooms.with_slot(fresh, permit).await;
        self.deliver(work, pass, room, made).await;
    }

    /// What the webhook's template makes, and the room that it takes; `None` where there is no room.
    fn make(&self, work: &Work, pass: &mut Pass) -> Option<(Rendered, Option<BodyPermit>)> {
        let rendered = render(&work.event, work.webhook.id, &work.webhook.settings);
        let permit = match &rendered {
            Ok(body) => {
                pass.weigh(body.bytes.len());
                Some(self.rooms.for_body(body.bytes.len())?)
            }
            Err(_) => None,
        };
        Some((Box::new(rendered), permit))
    }

    /// Its future becomes a task for each request, and is moved about until it is one: what few deliveries come to is in
    /// boxes, so that it stays small.
    async fn deliver(&self, work: Work, pass: Pass, room: Room, made: Option<Rendered>) {
        if work.share.is_erased() {
            pass.give_back();
            drop(room);
            return Box::pin(self.end_erased(work)).await;
        }
        if !work.share.may_send() {
            return;
        }
        if work.turn.as_ref().is_some_and(|turn| !turn.may_begin()) {
            // It waited for its slot so long that its claim might lapse before its record: it is claimed again.
            pass.give_back();
            drop(room);
            return Box::pin(self.come_back(work)).await;
        }
        let span = spans::of_attempt(&self.traces, &work);
        let log = log_span(span.as_ref());
        self.attempt(work, pass, room, made, span)
            .instrument(log)
            .await;
    }

    async fn attempt(
        &self,
        mut work: Work,
        pass: Pass,
        room: Room,
        made: Option<Rendered>,
        mut span: Option<Span>,
    ) {
        let Room { fresh, mut slot } = room;
        let trace = span.as_ref().map(Span::context);
        let attempted = self.send(&mut work, fresh, made, trace.as_ref()).await;
        slot.keep_of_body(attempted.request_body.as_ref().map_or(0, Bytes::len));
        if let Some(span) = &mut span {
            spans::ended(span, &attempted);
        }
        drop(span);
        let outcome = attempted.outcome;
        if outcome == Err(Failure::LocalResources) {
            pass.give_back();
            drop(slot);
            return self.wait_for_resources(work, &attempted).await;
        }
        self.metrics.attempted(outcome, attempted.elapsed);
        self.metrics.sent_again(attempted.sent_again);
        let now = self.clock.now();
        // Seeded by the delivery: the jitter is as good as random, and a failure can be repeated.
        let mut rng = StdRng::seed_from_u64(seed(&work));
        let conclusion = conclude(&work, attempted, now, &mut rng);
        pass.end(Sign::of(outcome), conclusion.silence, &mut rng);
        self.metrics
            .concluded(conclusion.delivery.status, &work.event, now);
        let Conclusion {
            delivery,
            attempt,
            mut follow_up,
            ..
        } = conclusion;
        if let (Some(_), FollowUp::Again(next)) = (&trace, &mut follow_up) {
            next.trace = spans::to_hand_over(&work.share, trace.as_ref());
        }
        let observation = Observation::of(&work, outcome, &delivery, now);
        self.enter(Entry {
            event: None,
            delivery: Some(delivery),
            attempt: Some(attempt),
            seen: work.seen,
            share: work.share,
            follow_up,
            slot: Some(slot),
            turn: work.turn,
            claimed: None,
            observation,
        })
        .await;
    }

    async fn send(
        &self,
        work: &mut Work,
        fresh: OwnedSemaphorePermit,
        made: Option<Rendered>,
        trace: Option<&TraceContext>,
    ) -> Attempted {
        let (event, webhook) = (work.event.clone(), work.webhook.clone());
        // In a box, because it is large, and this future is moved about until it is a task.
        let attempt = self
            .sender
            .attempt(work.delivery, &event, &webhook, made, trace);
        let mut request = Box::pin(attempt);
        if let Ok(attempted) = timeout(FRESH_FOR, &mut request).await {
            return attempted;
        }
        drop(fresh);
        match timeout(SHOWN_AS_PENDING_AFTER, &mut request).await {
            Ok(attempted) => attempted,
            // The request goes on while the row waits for a full queue.
            Err(_slow) => tokio::join!(request, Box::pin(self.show_as_pending(work))).0,
        }
    }

    /// Shows a first attempt that is slow, and claims it: now that it has a record, somebody may ask for it again.
    async fn show_as_pending(&self, work: &mut Work) {
        if work.attempt != 1 {
            return;
        }
        let mut claimed = None;
        // What comes straight from its event was not claimed.
        if work.turn.is_none()
            && let Ok(turn) = self.turns.take(work.delivery)
        {
            let message = MessageKey::of_event(work.share.stream_sequence());
            claimed = Some(turns::claim(work.delivery, message, &work.webhook));
            work.turn = Some(turn.with_claim(message, Instant::now()));
        }
        let row = work.pending_record(None);
        let share = work.share.split();
        let entry = Entry {
            claimed,
            ..Entry::of_delivery(Some(row), work.seen, share, FollowUp::Nothing)
        };
        work.seen = true;
        self.enter(entry).await;
    }

    async fn put_off(&self, work: Work, wait: Duration, reason: Reason) {
        let due = after(self.clock.now(), wait);
        // A first attempt that is put off is shown as pending. It has its row then, and a retry has one anyway: however
        // often either is put off, no more is written. What the row calls the next attempt is the earliest moment.
        let row = (work.attempt == 1 && work.hop == 0).then(|| work.pending_record(Some(due)));
        self.hand_over_again(work, due, row, reason).await;
    }

    /// Nothing was sent, because this process has nothing to send with: that is no attempt, and says nothing of the receiver.
    async fn wait_for_resources(&self, work: Work, attempted: &Attempted) {
        if self.exhausted.is_due() {
            error!(
                "{}: deliveries wait, without an attempt of theirs. The limit of open files (LimitNOFILE, ulimit -n) or the \
                 range of local ports is too small for what is under way",
                attempted.error_message.as_deref().unwrap_or_default()
            );
        }
        let wait = EXHAUSTED * 2_u32.pow(work.hop.min(EXHAUSTED_DOUBLINGS_MAX));
        self.put_off(work, wait, Reason::Exhausted).await;
    }

    /// Another replica attempts this delivery, or did not come to record it: its message comes back when that may have
    /// ended, and finds what became of it.
    pub(crate) async fn come_back(&self, work: Work) {
        let wait = UNDER_WAY * 2_u32.pow(work.hop.min(UNDER_WAY_DOUBLINGS_MAX));
        let due = after(self.clock.now(), wait);
        self.hand_over_again(work, due, None, Reason::UnderWay)
            .await;
    }

    /// Its event was erased while it waited here: nothing is sent of it.
    async fn end_erased(&self, work: Work) {
        let row = DeliveryRecord {
            status: DeliveryStatus::Failed,
            failure: Some(Ended::Erased.failure()),
            error_message: Some(Ended::Erased.reason().to_owned()),
            ..work.pending_record(None)
        };
        let entry = Entry {
            turn: work.turn,
            ..Entry::of_delivery(Some(row), work.seen, work.share, FollowUp::Nothing)
        };
        self.enter(entry).await;
    }

    async fn hand_over_again(
        &self,
        work: Work,
        due: Timestamp,
        row: Option<DeliveryRecord>,
        reason: Reason,
    ) {
        self.metrics.deferred(reason);
        let hand_over = work.hand_over(work.attempt, work.hop + 1, Some(due));
        let again = FollowUp::Again(Box::new(hand_over));
        let entry = Entry {
            turn: work.turn,
            ..Entry::of_delivery(row, work.seen, work.share, again)
        };
        self.enter(entry).await;
    }

    /// Hands something to the recorder.
    pub(crate) fn enter(&self, entry: Entry) -> impl Future<Output = ()> {
        // From here on in a box: on its way it is moved many times.
        let entry = Box::new(entry);
        async move {
            // The recorder outlives every sender; if it is gone the message stays unacknowledged and comes again.
            let _ = self.queue.send(entry).await;
        }
    }
}

/// Whether the size of its requests says nothing of the size of its events, and the other way round.
fn has_template(webhook: &Webhook) -> bool {
    webhook.settings.payload_format == PayloadFormat::Template
}

fn seed(work: &Work) -> u64 {
    let low = work.delivery.as_uuid().as_u128() & u128::from(u64::MAX);
    u64::try_from(low).unwrap_or_default() ^ u64::from(work.attempt)
}
