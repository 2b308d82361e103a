//! `posthorn bench`: what a cluster does, in figures.
//!
//! A generator and a receiver in one process, so that a stamp in each event tells its way from end to end by one
//! clock. Each [`scenario::Scenario`] makes webhooks of its own, loads them, waits until everything is delivered
//! *and acknowledged*, and says [`report::Figure`]s. Nothing here fails because something is slow.

mod api;
mod drill;
mod generator;
mod payload;
mod processes;
mod receiver;
mod report;
mod rig;
mod scenario;
mod scenarios;
mod sizes;

use std::{
    collections::BTreeMap,
    net::{IpAddr, SocketAddr},
    num::NonZeroUsize,
    path::PathBuf,
    sync::Mutex,
    time::Duration,
};

use clap::{Args, Subcommand};
use posthorn_bus::{Bus, BusConfig};
use posthorn_domain::{Clock, SystemClock, TenantId};
use secrecy::SecretString;
use tokio::{
    signal::unix::{SignalKind, signal},
    time::Instant,
};
use url::{Host, Url};

use self::{
    api::Api,
    processes::{Processes, Watched},
    receiver::Receiver,
    report::{Figure, Report},
    rig::Rig,
    scenario::Scenario,
    sizes::Sizes,
};
use crate::{
    exit::{Exit, Failure},
    show,
};

const EXAMPLES: &str = "\
Examples:
  posthorn bench --process deliverer=$(pgrep posthorn-deliv) --process api=$(pgrep posthorn-api)
  posthorn bench --scenario ceiling,nats --events 200000 --json figures.json
  posthorn bench --api-url http://api.internal:8080 --nats-url nats://nats.internal \\
      --receiver-listen 0.0.0.0:9100 --receiver-url http://10.0.0.7:9100
  posthorn bench merge one.json two.json three.json     # the medians of three runs

The deliverers must be allowed to reach the receiver: POSTHORN_ALLOW_HTTP=true, and its network in
POSTHORN_EGRESS_ALLOW. Event types and webhooks of the benchmark have names of their own; a webhook of yours that
takes every event type would get its events too, so use a tenant of its own where others work.";

/// How long NATS may take to answer at the start.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(30);

/// Measure what a cluster does: throughput, latency, memory, and how it fares beside bad receivers
///
/// Prints a table in which the figures stand beside what Posthorn promises on two cores. Creates webhooks and
/// removes them when it ends. Exits with 0 whatever the figures are.
#[derive(Args)]
#[command(
    after_help = EXAMPLES, after_long_help = EXAMPLES,
    args_conflicts_with_subcommands = true, subcommand_negates_reqs = true
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    measure: Measure,
}

#[derive(Subcommand)]
enum Command {
    // Part of `make drill`, which breaks the cluster meanwhile.
    #[command(hide = true)]
    Drill(Box<drill::Arguments>),
    /// Several reports as one, each figure the median of its values
    Merge {
        /// What --json wrote
        #[arg(required = true)]
        reports: Vec<PathBuf>,
        /// Write the result as JSON
        #[arg(long, value_name = "FILE")]
        json: Option<PathBuf>,
    },
}

#[derive(Args)]
struct Measure {
    /// What to measure, in this order
    #[arg(
        long = "scenario",
        value_name = "NAME",
        value_enum,
        value_delimiter = ',',
        default_value = "ceiling,nats,http-arrays,http-single,fan-out,latency,hanging,memory"
    )]
    scenarios: Vec<Scenario>,
    /// Where Posthorn's API is
    #[arg(
        long,
        value_name = "URL",
        env = "POSTHORN_API_URL",
        default_value = "http://127.0.0.1:8080"
    )]
    api_url: Url,
    /// A key with the role admin or manager (better in the environment)
    #[arg(long, value_name = "KEY", env = "POSTHORN_KEY", hide_env_values = true)]
    api_key: Option<SecretString>,
    /// The tenant whose webhooks and events these are
    #[arg(long, env = "POSTHORN_TENANT")]
    tenant: Option<TenantId>,
    /// The NATS servers (several separated by commas)
    #[arg(
        long,
        value_name = "URL",
        env = "POSTHORN_NATS_URL",
        hide_env_values = true,
        value_delimiter = ',',
        default_value = "nats://127.0.0.1:4222"
    )]
    nats_url: Vec<String>,
    /// Credentials for NATS
    #[arg(long, value_name = "FILE", env = "POSTHORN_NATS_CREDS_FILE")]
    nats_creds: Option<PathBuf>,
    /// Where the receiver listens; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0")]
    receiver_listen: SocketAddr,
    /// How the deliverers reach the receiver [default: where it listens]
    #[arg(long, value_name = "URL")]
    receiver_url: Option<Url>,
    /// Let the receiver's URL be a name or an address of the internet
    #[arg(long)]
    allow_public_receiver: bool,
    /// Threads of the receiver
    #[arg(long, value_name = "N", default_value = "1")]
    receiver_threads: NonZeroUsize,
    /// A process on this machine whose processor time and memory count, such as deliverer=4711; repeat it
    #[arg(long = "process", value_name = "NAME=PID")]
    processes: Vec<Watched>,
    /// Something to write into the report, such as fsync=on; repeat it
    #[arg(long = "note", value_name = "NAME=TEXT", value_parser = note)]
    notes: Vec<(String, String)>,
    /// Write the figures as JSON
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    #[command(flatten)]
    sizes: Sizes,
}

fn note(text: &str) -> Result<(String, String), String> {
    text.split_once('=')
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .ok_or_else(|| "write it like fsync=on".to_owned())
}

pub(crate) async fn run(arguments: Arguments) -> Result<(), Failure> {
    let (report, json) = match arguments.command {
        Some(Command::Drill(arguments)) => return drill::run(*arguments).await,
        Some(Command::Merge { reports, json }) => {
            let reports: Result<_, _> = reports.iter().map(|path| Report::read(path)).collect();
            (Report::merged(reports?), json)
        }
        None => {
            let json = arguments.measure.json.clone();
            (measure(arguments.measure).await?, json)
        }
    };
    show::result(&report.table())?;
    show::notice(&report.circumstances());
    json.map_or(Ok(()), |path| report.write(&path))
}

async fn measure(arguments: Measure) -> Result<Report, Failure> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let notes: BTreeMap<_, _> = arguments.notes.iter().cloned().collect();
    let scenarios = arguments.scenarios.clone();
    let rig = rig(arguments).await?;
    let mut figures = Vec::new();
    let ended = tokio::select! {
        ended = all(&rig, &scenarios, &mut figures) => ended,
        _ = interrupt.recv() => Err(interrupted()),
        _ = terminate.recv() => Err(interrupted()),
    };
    rig.clean_up().await;
    if let Err(failure) = ended {
        // What was measured before is not to be lost with what failed.
        show::result(&Report::of_figures(figures).table())?;
        return Err(failure);
    }
    let mut report = Report::of_figures(figures);
    report.notes = notes;
    Ok(report)
}

fn interrupted() -> Failure {
    Failure::new(Exit::Unavailable, "interrupted")
}

async fn all(rig: &Rig, scenarios: &[Scenario], figures: &mut Vec<Figure>) -> Result<(), Failure> {
    for scenario in scenarios {
        show::notice(&format!("measuring {scenario}"));
        let measured = scenario.measure(rig).await;
        rig.clean_up().await;
        figures.extend(measured?);
    }
    Ok(())
}

async fn rig(arguments: Measure) -> Result<Rig, Failure> {
    let key = arguments.api_key.ok_or_else(|| {
        Failure::new(
            Exit::Usage,
            "a key is needed to create webhooks: --api-key, or POSTHORN_KEY in the environment",
        )
    })?;
    let api = Api::new(&arguments.api_url, key, arguments.tenant.clone())?;
    let processes = Processes::watch(arguments.processes)?;
    let receiver = Receiver::start(arguments.receiver_listen, arguments.receiver_threads)?;
    let receiver_url = match arguments.receiver_url {
        Some(url) => url,
        None => local_url(receiver.address())?,
    };
    if !arguments.allow_public_receiver && !is_private(&receiver_url) {
        return Err(Failure::new(
            Exit::Usage,
            "the receiver's URL is no loopback or private address; --allow-public-receiver if it is meant",
        ));
    }
    let config = BusConfig {
        servers: arguments.nats_url,
        creds_file: arguments.nats_creds,
        client_name: "posthorn bench".to_owned(),
        ..BusConfig::default()
    };
    let bus = tokio::time::timeout(CONNECT_TIMEOUT, Bus::connect(config))
        .await
        .map_err(|_| Failure::new(Exit::Unavailable, "no NATS server answers"))?
        .map_err(|error| Failure::new(Exit::Unavailable, error.to_string()))?;
    Ok(Rig {
        api,
        bus,
        receiver,
        receiver_url,
        processes,
        sizes: arguments.sizes,
        tenant: arguments.tenant.unwrap_or_else(TenantId::default_tenant),
        run: format!("r{}", SystemClock.now().timestamp_millis()),
        begun: Instant::now(),
        created: Mutex::default(),
    })
}

fn local_url(address: SocketAddr) -> Result<Url, Failure> {
    format!("http://{address}/")
        .parse()
        .map_err(|error| Failure::new(Exit::Usage, format!("--receiver-listen: {error}")))
}

fn is_private(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => is_private_address(IpAddr::V4(address)),
        Some(Host::Ipv6(address)) => is_private_address(IpAddr::V6(address)),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

fn is_private_address(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.is_loopback() || address.is_private(),
        IpAddr::V6(address) => address.is_loopback() || address.is_unique_local(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_load_is_for_private_receivers() {
        for (url, private) in [
            ("http://127.0.0.1:9000/", true),
            ("http://10.1.2.3/", true),
            ("http://[::1]/", true),
            ("http://[fd00::1]/", true),
            ("http://localhost/", true),
            ("http://8.8.8.8/", false),
            ("http://example.com/", false),
            ("http://[2001:db8::1]/", false),
        ] {
            assert_eq!(is_private(&url.parse().unwrap()), private, "{url}");
        }
    }
}
