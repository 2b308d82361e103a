//! Figures that are not counted but looked at: what is in memory, when metrics are read; what NATS holds, from time to
//! time, so that nobody who reads metrics makes a request to it.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use chrono::TimeDelta;
use opentelemetry::{
    KeyValue,
    metrics::{AsyncInstrument, Meter},
};
use posthorn_bus::{Bus, BusError, ConsumerLag, Storage, StreamSize, subject};
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;
use tracing::debug;

use crate::{claim::Held, gate::Gate, refresh::Webhooks, shared_clock::SharedClock};

/// How often each stream, each consumer and the account is asked about: one request for each.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// Shows what this process has in memory.
pub(crate) fn observe_memory(
    meter: &Meter,
    gate: &Arc<Gate>,
    webhooks: Arc<Webhooks>,
    clock: Arc<SharedClock>,
    events: Arc<Held>,
    due: Arc<Held>,
) {
    let seen = gate.clone();
    meter
        .u64_observable_gauge("posthorn.breakers.open")
        .with_description("Webhooks that are left alone because their receiver is down")
        .with_callback(move |gauge| gauge.observe(seen.breakers().0, &[]))
        .build();
    let seen = gate.clone();
    meter
        .u64_observable_gauge("posthorn.breakers.half_open")
        .with_description("Webhooks whose next request shows whether their receiver is well again")
        .with_callback(move |gauge| gauge.observe(seen.breakers().1, &[]))
        .build();
    meter
        .u64_observable_gauge("posthorn.webhooks.unreadable")
        .with_description("Webhooks that this process cannot read; their deliveries wait")
        .with_callback(move |gauge| {
            let count = webhooks.current().unreadable();
            gauge.observe(u64::try_from(count).unwrap_or(u64::MAX), &[]);
        })
        .build();
    let seen = gate.clone();
    meter
        .u64_observable_gauge("posthorn.requests.in_flight")
        .with_description("Requests to receivers under way")
        .with_callback(move |gauge| gauge.observe(seen.in_flight(), &[]))
        .build();
    meter
        .f64_observable_gauge("posthorn.clock.skew")
        .with_unit("s")
        .with_description("How far the database's clock is ahead of this process's")
        .with_callback(move |gauge| gauge.observe(clock.skew_seconds(), &[]))
        .build();
    meter
        .u64_observable_gauge("posthorn.messages.held")
        .with_description("Messages in memory that are not settled")
        .with_callback(move |gauge| {
            let count = |held: &Held| u64::try_from(held.len()).unwrap_or(u64::MAX);
            gauge.observe(count(&events), &[KeyValue::new("stream", "events")]);
            gauge.observe(count(&due), &[KeyValue::new("stream", "deliveries")]);
        })
        .build();
}

/// What NATS said last; nothing while it is away, because an old figure would pass for a present one.
#[derive(Debug, Clone, Default)]
pub(crate) struct Streams(Arc<Mutex<Seen>>);

#[derive(Debug, Default)]
struct Seen {
    sizes: Vec<StreamSize>,
    lags: Vec<ConsumerLag>,
    storage: Option<Storage>,
    server_clock_ahead: Option<TimeDelta>,
}

type Gauge<'a> = &'a dyn AsyncInstrument<u64>;

impl Streams {
    /// Shows what was seen last.
    pub(crate) fn observe(&self, meter: &Meter) {
        self.of_streams(
            meter,
            "posthorn.stream.messages",
            "Messages in a stream",
            |size| size.messages,
        );
        self.of_streams(
            meter,
            "posthorn.stream.bytes",
            "Bytes that a stream takes",
            |size| size.bytes,
        );
        self.of_storage(
            meter,
            "posthorn.jetstream.storage.bytes",
            "Bytes that the streams of NATS's account take",
            |storage| storage.bytes,
        );
        self.of_storage(
            meter,
            "posthorn.jetstream.storage.max_bytes",
            "Bytes that NATS's account may take; 0: no bound",
            |storage| storage.bytes_max,
        );
        self.of_streams(
            meter,
            "posthorn.stream.limits",
            "Limits on a stream that somebody else has set: reached, they refuse or drop messages",
            |size| u64::try_from(size.limits).unwrap_or(u64::MAX),
        );
        self.oldest_age(meter);
        self.server_clock(meter);
        self.of_consumers(
            meter,
            "posthorn.consumer.pending",
            "Messages that no deliverer has claimed yet",
            |lag| lag.pending,
        );
        self.of_consumers(
            meter,
            "posthorn.consumer.unacknowledged",
            "Messages that a deliverer has claimed and not settled",
            |lag| lag.unacknowledged,
        );
        self.of_consumers(
            meter,
            "posthorn.consumer.paused",
            "1 while somebody has paused the consumer, and nothing is taken from it",
            |lag| u64::from(lag.paused),
        );
    }

    fn oldest_age(&self, meter: &Meter) {
        let seen = self.0.clone();
        meter
            .f64_observable_gauge("posthorn.consumer.oldest.age")
            .with_unit("s")
            .with_description(
                "How long ago the oldest message was stored that is not settled; 0 if there is none",
            )
            .with_callback(move |gauge| {
                for lag in &seen.lock().unwrap_or_else(PoisonError::into_inner).lags {
                    let age = lag.oldest_age.unwrap_or_default();
                    let labels = [KeyValue::new("consumer", label(lag.stream))];
                    gauge.observe(age.as_secs_f64(), &labels);
                }
            })
            .build();
    }

    fn server_clock(&self, meter: &Meter) {
        let seen = self.0.clone();
        meter
            .f64_observable_gauge("posthorn.nats.clock.skew")
            .with_unit("s")
            .with_description(
                "How far NATS's clock is ahead of the database's; retries are scheduled accordingly",
            )
            .with_callback(move |gauge| {
                let seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
                if let Some(ahead) = seen.server_clock_ahead {
                    gauge.observe(ahead.as_seconds_f64(), &[]);
                }
            })
            .build();
    }

    fn of_streams(
        &self,
        meter: &Meter,
        name: &'static str,
        what: &'static str,
        figure: fn(&StreamSize) -> u64,
    ) {
        self.gauge(meter, name, what, move |seen, gauge| {
            for size in &seen.sizes {
                gauge.observe(figure(size), &[KeyValue::new("stream", label(size.stream))]);
            }
        });
    }

    fn of_storage(
        &self,
        meter: &Meter,
        name: &'static str,
        what: &'static str,
        figure: fn(&Storage) -> u64,
    ) {
        self.gauge(meter, name, what, move |seen, gauge| {
            if let Some(storage) = &seen.storage {
                gauge.observe(figure(storage), &[]);
            }
        });
    }

    fn of_consumers(
        &self,
        meter: &Meter,
        name: &'static str,
        what: &'static str,
        figure: fn(&ConsumerLag) -> u64,
    ) {
        self.gauge(meter, name, what, move |seen, gauge| {
            for lag in &seen.lags {
                gauge.observe(figure(lag), &[KeyValue::new("consumer", label(lag.stream))]);
            }
        });
    }

    fn gauge(
        &self,
        meter: &Meter,
        name: &'static str,
        what: &'static str,
        show: impl Fn(&Seen, Gauge<'_>) + Send + Sync + 'static,
    ) {
        let seen = self.0.clone();
        meter
            .u64_observable_gauge(name)
            .with_description(what)
            .with_callback(move |gauge| {
                show(&seen.lock().unwrap_or_else(PoisonError::into_inner), gauge);
            })
            .build();
    }

    /// Looks until told to stop.
    pub(crate) async fn run(self, bus: Bus, clock: Arc<SharedClock>, stop: CancellationToken) {
        let mut looks = interval(LOOK_EVERY);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        while stop.run_until_cancelled(looks.tick()).await.is_some() {
            let Some(looked) = stop.run_until_cancelled(look(&bus, &clock)).await else {
                break;
            };
            let seen = looked.unwrap_or_else(|error| {
                // The bus says itself when NATS comes or goes.
                debug!("Looking at the streams again later: {error}");
                Seen::default()
            });
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = seen;
        }
    }
}

async fn look(bus: &Bus, clock: &SharedClock) -> Result<Seen, BusError> {
    let sizes = bus.stream_sizes(clock).await?;
    // Known from the sizes on.
    let server_clock_ahead = Some(bus.server_clock_ahead());
    Ok(Seen {
        sizes,
        lags: bus.consumer_lags(clock).await?,
        storage: Some(bus.storage().await?),
        server_clock_ahead,
    })
}

/// What a stream is called in metrics.
fn label(stream: &'static str) -> &'static str {
    match stream {
        subject::EVENTS_STREAM => "events",
        subject::DELIVERIES_STREAM => "deliveries",
        subject::DEAD_LETTERS_STREAM => "dead_letters",
        other => other,
    }
}
