//! The deliverer as a process.

use std::{
    process::ExitCode,
    sync::{Arc, OnceLock},
};

use anyhow::Context;
use posthorn_bus::{Bus, BusConfig, BusError, OwnMessages};
use posthorn_domain::{SystemClock, UrlPolicy};
use posthorn_egress::{Client, EgressConfig, Sender};
use posthorn_foundation::{bus_config, floor_source, store_config};
use posthorn_service::{
    http::{self, Limits, Readiness, dependencies::Known},
    lifecycle::Lifecycle,
    open_files,
    otlp::Telemetry,
    randomness::SharedRng,
    settings::Program,
    telemetry,
};
use posthorn_store::Store;
use tracing::{error, info};

use crate::{
    config::Config,
    erasure::{Eraser, Settled},
    filter_failures::{self, FilterFailures},
    letters::Letters,
    maintenance::{self, Suspended},
    patience::Patience,
    pipeline::{self, Ground},
    refresh::Webhooks,
    shared_clock::SharedClock,
    start::Start,
    statistics,
    stranded::Sweeper,
    waiting_work::Look,
};

/// Runs the deliverer until it is told to stop.
pub fn run(config: Config, program: &'static Program) -> ExitCode {
    telemetry::init(&config.common.log);
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(failure) => {
            error!("Cannot start the runtime: {failure}");
            return ExitCode::FAILURE;
        }
    };
    info!("{} {}", program.name, program.version);
    open_files::raise_limit();
    runtime.block_on(async {
        let lifecycle = Lifecycle::new(config.common.drain);
        if let Err(failure) = start(config, program, &lifecycle).await {
            error!("Cannot start: {failure:#}");
            return ExitCode::FAILURE;
        }
        lifecycle.run().await
    })
}

/// Opens the port, then lets everything else wait for what it needs in the background.
async fn start(
    config: Config,
    program: &'static Program,
    lifecycle: &Lifecycle,
) -> anyhow::Result<()> {
    let clock = Arc::new(SharedClock::new(Arc::new(SystemClock)));
    let rng = Arc::new(SharedRng::from_system());
    let telemetry = Telemetry::start(&config.common.otlp, program, lifecycle)?;
    // Which URLs a webhook may be given is decided where it is given: what was accepted is delivered.
    let database = store_config(
        &config.common,
        config.master_keys.clone(),
        UrlPolicy::HttpAllowed,
    );
    let store = Store::open(database, clock.clone()).context("the database's settings")?;
    let client = Client::new(EgressConfig {
        allow: config.egress_allow.clone(),
        proxy: config.egress_proxy.clone(),
        ..EgressConfig::new(format!("Posthorn/{}", program.version))
    })?;
    // Receivers compare a signature's time with their own clock, not with the database's.
    let sender = Sender::new(client, Arc::new(SystemClock));
    let bus: Arc<OnceLock<Bus>> = Arc::default();
    let webhooks = Arc::new(Webhooks::new(
        store.clone(),
        rng.clone(),
        FilterFailures::new(&telemetry.metrics.meter()),
    ));

    let listener = http::bind(config.admin_listen).await?;
    let health = store.health();
    let database_answers = move || {
        let health = health.clone();
        async move { health.ask().await.is_ok() }
    };
    let database = http::dependencies::ask("database health", database_answers, lifecycle);
    lifecycle.spawn("unreadable webhooks", {
        let (webhooks, stop) = (webhooks.clone(), lifecycle.soft_stop().clone());
        async move {
            webhooks.keep_reading(&stop).await;
            Ok(())
        }
    });
    let start = Start::default();
    let readiness = Arc::new(readiness(
        bus.clone(),
        database,
        start.clone(),
        webhooks.clone(),
    ));
    http::dependencies::observe(readiness.clone(), &telemetry.metrics);
    let router = http::router(readiness, telemetry.metrics.clone());
    lifecycle.spawn(
        "health",
        http::serve(listener, router, lifecycle.clone(), Limits::default()),
    );

    let (task, stop) = (lifecycle.clone(), lifecycle.soft_stop().clone());
    lifecycle.spawn("deliverer", async move {
        let ground = async {
            let own_messages = OwnMessages::default();
            let connected = Bus::connect(BusConfig {
                operational_keys: config.master_keys.operational_keys(),
                own_messages: own_messages.clone(),
                ..bus_config(&config.common, program.name)
            })
            .await?;
            let _ = bus.set(connected.clone());
            connected.know_floor_from(floor_source(store.clone()));
            start.waits_for("it waits for its streams in NATS; the log says why");
            make_streams(&connected, &rng).await?;
            start.waits_for("it waits for its database; the log says why");
            let unsigned_until = maintenance::prepare(&store, &clock, &rng, &own_messages).await?;
            anyhow::Ok(connected.with_unsigned_operational_until(unsigned_until))
        };
        // Told to stop while still waiting for a server: there is nothing to finish.
        let Some(connected) = stop.run_until_cancelled(ground).await.transpose()? else {
            return Ok(());
        };
        start.is_over();
        let kept = maintenance::kept(config.common.retention_days, config.audit_retention_days);
        let suspended = Suspended::default();
        suspended.observe(&telemetry.metrics.meter());
        task.spawn(
            "maintenance",
            maintenance::run(store.clone(), clock.clone(), kept, suspended, task.clone()),
        );
        task.spawn("statistics", statistics::run(store.clone(), task.clone()));
        task.spawn(
            "filter failures",
            filter_failures::write_counts(webhooks.clone(), store.clone(), task.clone()),
        );
        let letters = Letters {
            bus: connected.clone(),
            store: store.clone(),
            rng: rng.clone(),
        };
        task.spawn("dead letters", letters.run(task.clone()));
        let sweeper = Sweeper::new(
            connected.clone(),
            store.clone(),
            clock.clone(),
            config.stranded_after,
            &telemetry.metrics.meter(),
        );
        task.spawn("stranded deliveries", sweeper.run(task.clone()));
        let (look, told) = Look::new(store.clone());
        task.spawn("waiting work", look.run(task.clone()));
        let eraser = Eraser {
            told: told.clone(),
            bus: connected.clone(),
            store: store.clone(),
            own_clock: Arc::new(SystemClock),
            kept_days: config.common.retention_days,
            settled: Settled::default(),
        };
        task.spawn("erasures", eraser.run(task.clone()));
        let ground = Ground {
            bus: connected,
            store,
            told,
            webhooks,
            sender,
            clock,
            rng,
            requests_in_flight_max: config.requests_in_flight_max,
            disable_failing_after: config.disable_failing_after,
            breaker_failures: config.breaker_failures,
        };
        pipeline::run(ground, &task, &telemetry).await
    });
    Ok(())
}

fn readiness(
    bus: Arc<OnceLock<Bus>>,
    database: Known,
    start: Start,
    webhooks: Arc<Webhooks>,
) -> Readiness {
    let settling = bus.clone();
    Readiness::new()
        .require("nats", move || bus.get().is_some_and(Bus::is_connected))
        .require_state("acknowledgements", move || {
            settling.get().map_or(Ok(()), Bus::may_acknowledge)
        })
        .require("postgresql", move || database.is_up())
        .require_state("start", move || start.state())
        .require_state("webhooks", move || webhooks.readable())
}

/// Makes the streams and consumers, trying for as long as NATS cannot: a cluster may still be electing its leader.
async fn make_streams(bus: &Bus, rng: &SharedRng) -> Result<(), BusError> {
    let mut patience = Patience::new(rng);
    loop {
        let made = async {
            bus.ensure_topology().await?;
            bus.try_acknowledging().await
        };
        match made.await {
            Err(failure @ (BusError::Unavailable(_) | BusError::Refused { .. })) => {
                let why = format!("Cannot make the streams yet: {failure}");
                patience.wait_out(&why).await;
            }
            done => return done,
        }
    }
}
