//! Puts the parts together, and takes them apart in the order in which nothing is lost.

use std::{num::NonZero, sync::Arc, time::Duration};

use posthorn_bus::Bus;
use posthorn_egress::Sender;
use posthorn_service::{
    lifecycle::Lifecycle, otlp::Telemetry, randomness::SharedRng, reminder::Reminder,
};
use posthorn_store::Store;
use tokio::sync::{Notify, mpsc};
use tokio_util::task::TaskTracker;
use tracing::info;

use crate::{
    budget::Budget,
    claim::{Held, Unsent},
    dispatch::{Dispatcher, EXHAUSTED_SAID_EVERY},
    elsewhere::Elsewhere,
    erased,
    figures::{self, Streams},
    filtering::Filtering,
    floor,
    gate::{Gate, RateLimits, Replicas},
    heartbeat,
    history::History,
    intake::Intake,
    metrics::Metrics,
    moment::Moments,
    operations::{Announcer, Keeper, Watch},
    recorder::{QUEUE_ENTRIES_MAX, Recorder},
    refresh::Webhooks,
    replay::Replayer,
    room::Rooms,
    settle::Settler,
    shared_clock::SharedClock,
    spread::SpreadRoom,
    turns::Turns,
    waiting_work::Told,
};

/// Event messages in memory beyond one for each slot, and the bytes of all. However many slots receivers that hang
/// hold, and however large their events are (the gate sees to it), there is room for others.
const EVENTS_HELD_MORE: usize = 1_024;
const EVENTS_HELD_KIB_MAX: usize = 32 * 1024;
/// Due deliveries in memory, the same way. They have room of their own, so that a backlog of retries
/// leaves the room of live events alone.
const DUE_HELD_MORE: usize = 512;
const DUE_HELD_KIB_MAX: usize = 16 * 1024;

/// What the pipeline stands on.
pub(crate) struct Ground {
    pub(crate) bus: Bus,
    pub(crate) store: Store,
    pub(crate) told: Told,
    pub(crate) webhooks: Arc<Webhooks>,
    pub(crate) sender: Sender,
    pub(crate) clock: Arc<SharedClock>,
    pub(crate) rng: Arc<SharedRng>,
    pub(crate) requests_in_flight_max: usize,
    /// A webhook of which every attempt failed for so long is disabled.
    pub(crate) disable_failing_after: Duration,
    /// So many failed attempts in a row open a webhook's breaker; 0: none has one.
    pub(crate) breaker_failures: u32,
}

/// The messages of each stream that this process holds.
#[derive(Clone)]
struct Messages {
    events: Arc<Held>,
    due: Arc<Held>,
    held_one: Arc<Notify>,
}

impl Messages {
    fn new(bus: &Bus) -> Self {
        let held_one = Arc::<Notify>::default();
        let held = || Arc::new(Held::new(bus.clone(), held_one.clone()));
        Self {
            events: held(),
            due: held(),
            held_one,
        }
    }
}

/// Delivers until the soft stop, and finishes what it holds. The hard stop cuts off what is not finished then. What no
/// request was made for is given back, so that another deliverer has it at once. For the rest a request may have
/// reached its receiver: it comes again after the acknowledgement wait.
pub(crate) async fn run(
    ground: Ground,
    lifecycle: &Lifecycle,
    telemetry: &Telemetry,
) -> anyhow::Result<()> {
    let bus = ground.bus.clone();
    let held = Messages::new(&bus);
    let mut delivering = Box::pin(deliver(ground, held.clone(), lifecycle, telemetry));
    tokio::select! {
        ended = &mut delivering => return ended,
        () = lifecycle.hard_stop().cancelled() => {}
    }
    let unsent = [held.events.take_unsent(), held.due.take_unsent()];
    // With it go the subscriptions: what is given back does not come to this process.
    drop(delivering);
    bus.drain().await;
    let count: usize = unsent.iter().map(Unsent::len).sum();
    info!("Giving {count} messages back for which no request was made");
    for unsent in unsent {
        unsent.give_back().await;
    }
    bus.drain().await;
    Ok(())
}

/// Delivers until the soft stop, then finishes what it holds: requests first, then their records, then what
/// follows from these, and last the acknowledgements.
async fn deliver(
    ground: Ground,
    held: Messages,
    lifecycle: &Lifecycle,
    telemetry: &Telemetry,
) -> anyhow::Result<()> {
    let Ground {
        bus,
        store,
        told,
        webhooks,
        sender,
        clock,
        rng,
        requests_in_flight_max,
        disable_failing_after,
        breaker_failures,
    } = ground;
    let meter = telemetry.metrics.meter();
    let traces = telemetry.traces.clone();
    let metrics = Arc::new(Metrics::new(&meter));
    let gate = Arc::new(Gate::new(requests_in_flight_max, breaker_failures));
    let Messages {
        events,
        due,
        held_one,
    } = held;
    figures::observe_memory(
        &meter,
        &gate,
        webhooks.clone(),
        clock.clone(),
        events.clone(),
        due.clone(),
    );
    let streams = Streams::default();
    streams.observe(&meter);

    let shared = clock.clone();

    let watch = Arc::new(Watch::new(disable_failing_after));
    let announcer = Arc::new(Announcer {
        bus: bus.clone(),
        store: store.clone(),
        webhooks: webhooks.clone(),
        clock: clock.clone(),
        rng: rng.clone(),
    });
    let keeper = Keeper {
        watch: watch.clone(),
        announcer: announcer.clone(),
    };
    let settler = Arc::new(Settler::new(
        bus.clone(),
        store.clone(),
        webhooks.clone(),
        announcer,
        metrics.clone(),
        rng.clone(),
    ));
    let history = Arc::new(History::new(store.clone(), webhooks.clone()));
    let (queue, results) = mpsc::channel(QUEUE_ENTRIES_MAX);
    let recorder = Recorder {
        store: store.clone(),
        settler: settler.clone(),
        watch,
        metrics: metrics.clone(),
        rng: rng.clone(),
        history: history.clone(),
    };
    let mut recorder = tokio::spawn(recorder.run(results));
    let replayer = Replayer::new(
        bus.clone(),
        store.clone(),
        webhooks.clone(),
        settler.clone(),
        clock.clone(),
        told,
    );
    lifecycle.spawn("replays", replayer.run(lifecycle.clone()));
    let requests = TaskTracker::new();
    let turns = Turns::default();
    let replicas = Replicas {
        gate: gate.clone(),
        store: store.clone(),
        clock: clock.clone(),
    };
    let rate_limits = RateLimits {
        gate: gate.clone(),
        store: store.clone(),
        clock: clock.clone(),
        rng: rng.clone(),
    };
    let cores = std::thread::available_parallelism().unwrap_or(NonZero::<usize>::MIN);
    let dispatcher = Arc::new(Dispatcher {
        gate: gate.clone(),
        replicas: replicas.clone(),
        rooms: Rooms::new(requests_in_flight_max, cores),
        sender,
        queue,
        clock,
        metrics: metrics.clone(),
        traces: traces.clone(),
        requests: requests.clone(),
        turns: turns.clone(),
        exhausted: Reminder::every(EXHAUSTED_SAID_EVERY),
    });
    let intake = Intake {
        budget: Budget::new(
            requests_in_flight_max + EVENTS_HELD_MORE,
            EVENTS_HELD_KIB_MAX,
        ),
        bus: bus.clone(),
        spread_room: SpreadRoom::default(),
        filtering: Filtering::new(cores),
        webhooks,
        store,
        dispatcher,
        rate_limits,
        moments: Moments::default(),
        turns,
        elsewhere: Elsewhere::default(),
        settler: settler.clone(),
        metrics,
        traces,
        rng,
    };
    let due_intake = intake.with_budget(Budget::new(
        requests_in_flight_max + DUE_HELD_MORE,
        DUE_HELD_KIB_MAX,
    ));

    let beating = lifecycle.hard_stop().child_token();
    let heart = tokio::spawn(heartbeat::run(
        vec![events.clone(), due.clone()],
        gate,
        beating.clone(),
    ));
    let keeping = lifecycle.hard_stop().child_token();
    let hearing = tokio::spawn(erased::hear(
        intake.store.clone(),
        vec![events.clone(), due.clone()],
        held_one,
        keeping.clone(),
    ));
    let keeper = tokio::spawn(keeper.run(keeping.clone()));
    let noting = tokio::spawn(floor::keep(
        bus.clone(),
        intake.store.clone(),
        events.clone(),
        keeping.clone(),
    ));
    let looking = tokio::spawn(streams.run(bus.clone(), shared, keeping.clone()));
    let telling = tokio::spawn(replicas.run(keeping.clone()));
    let stop = lifecycle.soft_stop();
    let pruning = tokio::spawn(history.run(stop.clone()));
    info!("Delivering");
    let (event_claims, due_claims) = (bus.event_claims().await?, bus.delivery_claims().await?);
    let pulling = async {
        tokio::join!(
            intake.run(event_claims, events.clone(), stop.clone()),
            due_intake.run(due_claims, due.clone(), stop.clone()),
        )
    };
    tokio::select! {
        _ = pulling => {}
        // It ends before the intakes only by a panic. Then nothing would be recorded any more, and nothing
        // settled: the process ends, and what it held is delivered by another.
        ended = &mut recorder => {
            ended?;
            anyhow::bail!("the recorder ended early");
        }
    }

    info!("Finishing {} messages", events.len() + due.len());
    requests.close();
    requests.wait().await;
    // The last senders went with the intakes and the requests, so the recorder comes to its end.
    recorder.await?;
    keeping.cancel();
    keeper.await?;
    telling.await?;
    looking.await?;
    noting.await?;
    hearing.await?;
    settler.finish().await;
    bus.drain().await;
    beating.cancel();
    heart.await?;
    pruning.await?;
    Ok(())
}
