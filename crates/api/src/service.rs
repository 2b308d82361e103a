//! The api as a process.

use std::{net::SocketAddr, process::ExitCode, sync::Arc, time::Duration};

use anyhow::Context;
use posthorn_bus::{Bus, BusConfig, BusError, FloorSource, OwnMessages};
use posthorn_domain::{
    Clock, SystemClock,
    limits::{EXPORTS_MAX, EXPORTS_PER_KEY_MAX},
};
use posthorn_egress::{Client, EgressConfig, Sender};
use posthorn_foundation::{bus_config, floor_source, store_config};
use posthorn_service::{
    backoff::Backoff,
    http::{self, Limits, Misread, Readiness, dependencies::Known},
    lifecycle::Lifecycle,
    open_files,
    otlp::Telemetry,
    randomness::SharedRng,
    settings::{Program, Service},
    telemetry,
};
use posthorn_store::{Store, StoreError};
use tokio_util::sync::CancellationToken;
use tracing::{error, info, warn};

use crate::{
    access::{DeletedTenants, Keyring, write_uses},
    app::{App, Parts},
    caches::{self, Caches},
    catalogue::Catalogue,
    config::Config,
    database::{self, Database},
    edge::{self, Consent, RequestMetrics, observe_bodies},
    operations::webhooks::ToldPreviews,
    outgoing::Outgoing,
    queue::Queue,
    router,
    shares::Shares,
};

/// What the process is called.
pub const PROGRAM: Program = Program {
    name: "posthorn-api",
    version: env!("CARGO_PKG_VERSION"),
    about: "The REST API of Posthorn: events in, webhooks and their history.",
    service: Service::Api,
};

/// How often partitions are made ahead.
const PARTITIONS_INTERVAL: Duration = Duration::from_secs(60 * 60);
/// First and longest pause between two tries at the start.
const START_BACKOFF: (Duration, Duration) = (Duration::from_millis(200), Duration::from_secs(5));

/// Runs the api until it is told to stop.
pub fn run(config: Config) -> ExitCode {
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
    info!("{} {}", PROGRAM.name, PROGRAM.version);
    open_files::raise_limit();
    if config.migrate_only {
        return runtime.block_on(migrate(&config));
    }
    runtime.block_on(async {
        let lifecycle = Lifecycle::new(config.common.drain);
        match start(config, &lifecycle).await {
            Ok(_) => lifecycle.run().await,
            Err(failure) => {
                error!("Cannot start: {failure:#}");
                ExitCode::FAILURE
            }
        }
    })
}

/// Brings the schema up to date, and nothing else. It is tried once: who runs this as a job tries again.
async fn migrate(config: &Config) -> ExitCode {
    let migrated = async {
        let store = Store::open(
            store_config(
                &config.common,
                config.master_keys.clone(),
                config.url_policy,
            ),
            Arc::new(SystemClock),
        )
        .context("the settings of the database")?;
        anyhow::Ok(store.migrate().await?)
    };
    match migrated.await {
        Ok(()) => {
            info!("The database's schema is up to date");
            ExitCode::SUCCESS
        }
        Err(failure) => {
            error!("Cannot bring the database's schema up to date: {failure:#}");
            ExitCode::FAILURE
        }
    }
}

/// Opens the port and returns its address. NATS and PostgreSQL are waited for in the background, however long
/// they take; until then `/healthz` answers, and what needs them is answered 503.
pub async fn start(config: Config, lifecycle: &Lifecycle) -> anyhow::Result<SocketAddr> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let rng = Arc::new(SharedRng::from_system());
    let telemetry = Telemetry::start(&config.common.otlp, &PROGRAM, lifecycle)?;
    let store = Store::open(
        store_config(
            &config.common,
            config.master_keys.clone(),
            config.url_policy,
        ),
        clock.clone(),
    )
    .context("the settings of the database")?;
    let client = Client::new(EgressConfig {
        allow: config.egress_allow.clone(),
        proxy: config.egress_proxy.clone(),
        ..EgressConfig::new(format!("Posthorn/{}", PROGRAM.version))
    })?;
    let listener = http::bind(config.listen).await?;
    let address = listener.local_addr()?;
    if config.admin_key.is_none() {
        info!("No bootstrap key is configured: only keys in the database are accepted");
    }

    let database = Database::new(store.clone(), config.common.database_connections_max);
    let queue = Queue::default();
    let keyring = Arc::new(Keyring::new(
        config.admin_key.as_ref(),
        config.rate_limit_per_second,
        config.api_keys_believed_for,
        clock.clone(),
    ));
    let deleted_tenants = Arc::<DeletedTenants>::default();
    let catalogue = Arc::new(Catalogue::new(config.strict_event_types));
    let bodies = Shares::new(config.bodies.all_bytes_max, config.bodies.key_bytes_max());
    observe_bodies(&telemetry.metrics.meter(), bodies.clone());
    let app = App::new(Parts {
        database: database.clone(),
        queue: queue.clone(),
        outgoing: Outgoing::new(Sender::new(client, clock.clone())),
        exports: Shares::new(EXPORTS_MAX, EXPORTS_PER_KEY_MAX),
        bodies,
        keyring: keyring.clone(),
        deleted_tenants: deleted_tenants.clone(),
        catalogue: catalogue.clone(),
        told_previews: ToldPreviews::default(),
        clock: clock.clone(),
        rng: rng.clone(),
        metrics: RequestMetrics::new(&telemetry.metrics.meter()),
        traces: telemetry.traces,
        url_policy: config.url_policy,
        retention_days: config.common.retention_days,
        request_bytes_max: config.bodies.request_bytes_max,
        event_data_bytes_max: config.common.nats.event_data_bytes_max,
        webhooks_per_tenant_max: config.webhooks_per_tenant_max,
    });

    let stop = lifecycle.soft_stop().clone();
    let own_messages = OwnMessages::default();
    lifecycle.spawn("nats", {
        let (queue, rng, stop) = (queue.clone(), rng.clone(), stop.clone());
        let bus = BusConfig {
            own_messages: own_messages.clone(),
            ..bus_config(&config.common, PROGRAM.name)
        };
        let floor = floor_source(store.clone());
        async move { connect(bus, floor, queue, rng, stop).await }
    });
    lifecycle.spawn("last use of keys", {
        let uses = write_uses(keyring.clone(), database.clone(), stop.clone());
        async move {
            uses.await;
            Ok(())
        }
    });
    let migrated = CancellationToken::new();
    let readiness = Arc::new(readiness(
        queue,
        database.known(),
        keyring.clone(),
        own_messages.clone(),
    ));
    lifecycle.spawn("caches", {
        let (store, known) = (store.clone(), database.known());
        let (migrated, stop) = (migrated.clone(), stop.clone());
        async move {
            let caches = Caches {
                keyring,
                deleted_tenants,
                catalogue,
            };
            caches::keep(store, known, caches, migrated, stop).await;
            Ok(())
        }
    });
    lifecycle.spawn("database health", {
        let (health, stop) = (store.health(), stop.clone());
        async move {
            database::watch(database, health, stop).await;
            Ok(())
        }
    });
    lifecycle.spawn("schema", async move {
        keep_schema(store, &own_messages, &*clock, &rng, migrated, stop).await;
        Ok(())
    });
    http::dependencies::observe(readiness.clone(), &telemetry.metrics);
    let health = http::router(readiness, telemetry.metrics);
    let misread: Misread = Arc::new({
        let app = app.clone();
        move |status| edge::misread(&app, status)
    });
    let consent = config.event_origins.map(|origins| Consent {
        origins: Arc::new(origins),
        rate_per_minute: u64::from(config.rate_limit_per_second.get()) * 60,
    });
    let router = router::router(app, &config.cors, consent, health);
    lifecycle.spawn(
        "http",
        http::serve_with(
            listener,
            router,
            lifecycle.clone(),
            Limits::default(),
            Some(misread),
        ),
    );
    Ok(address)
}

/// Ready means that events can be accepted from everybody who may publish them. That takes NATS, and what the database
/// was asked once: which keys there are, and what names their events on the stream. PostgreSQL itself may be away.
fn readiness(
    queue: Queue,
    database: Known,
    keyring: Arc<Keyring>,
    own_messages: OwnMessages,
) -> Readiness {
    Readiness::new()
        .require("nats", move || queue.connected().is_some())
        .require_state("api_keys", move || keyring.check_fresh())
        .require_state("message_key", move || {
            let known = own_messages.are_known();
            known.then_some(()).ok_or("it was not read yet".to_owned())
        })
        .report("postgresql", move || database.is_up())
}

/// Connects to NATS and makes its streams, trying for as long as it takes; then keeps them.
async fn connect(
    config: BusConfig,
    floor: FloorSource,
    queue: Queue,
    rng: Arc<SharedRng>,
    stop: CancellationToken,
) -> anyhow::Result<()> {
    let Some(bus) = stop
        .run_until_cancelled(Bus::connect(config))
        .await
        .transpose()?
    else {
        return Ok(());
    };
    bus.know_floor_from(floor);
    let mut backoff = Backoff::new(START_BACKOFF.0, START_BACKOFF.1);
    loop {
        match stop.run_until_cancelled(bus.ensure_topology()).await {
            None => return Ok(()),
            Some(Ok(())) => break,
            Some(Err(failure @ BusError::Unusable(_))) => return Err(failure.into()),
            Some(Err(failure @ (BusError::Unavailable(_) | BusError::Refused { .. }))) => {
                warn!("Cannot make the streams yet: {failure}");
                pause(&mut backoff, &rng, &stop).await;
            }
        }
    }
    queue.open(bus.clone());
    queue.repair(stop).await;
    bus.drain().await;
    Ok(())
}

/// Brings the schema up to date and learns the key of messages, trying for as long as it takes; then makes partitions
/// ahead.
async fn keep_schema(
    store: Store,
    own_messages: &OwnMessages,
    clock: &dyn Clock,
    rng: &SharedRng,
    migrated: CancellationToken,
    stop: CancellationToken,
) {
    let mut backoff = Backoff::new(START_BACKOFF.0, START_BACKOFF.1);
    let prepare = || async {
        store.migrate().await?;
        let (key, unsigned_until) = store.message_key().await?;
        own_messages.learn(key, unsigned_until);
        Ok::<_, StoreError>(())
    };
    while let Some(Err(failure)) = stop.run_until_cancelled(prepare()).await {
        match failure {
            StoreError::Unavailable(trouble) => warn!("Cannot prepare the database yet: {trouble}"),
            failure => error!("Cannot prepare the database: {failure}"),
        }
        pause(&mut backoff, rng, &stop).await;
    }
    migrated.cancel();
    let mut ticks = tokio::time::interval(PARTITIONS_INTERVAL);
    while stop.run_until_cancelled(ticks.tick()).await.is_some() {
        if let Err(failure) = store.ensure_partitions(clock.now()).await {
            warn!("Cannot make partitions ahead: {failure}");
        }
    }
}

async fn pause(backoff: &mut Backoff, rng: &SharedRng, stop: &CancellationToken) {
    let delay = rng.with(|rng| backoff.next_delay(rng));
    let _ = stop.run_until_cancelled(tokio::time::sleep(delay)).await;
}
