//! What each scenario does.

mod bodies;
mod breaker;
mod ceiling;
mod hanging;
mod latency;
mod quiet;
mod rate_limit;
mod retries;
mod soak;
mod throughput;

pub(super) use self::{
    bodies::bodies,
    breaker::breaker,
    ceiling::ceiling,
    hanging::hanging,
    latency::latency,
    quiet::{idle, memory},
    rate_limit::rate_limit,
    retries::retries,
    soak::soak,
    throughput::{fan_out, http_arrays, http_single, nats},
};

use tokio::time::Instant;

use super::{
    processes::OWN,
    report::Figure,
    rig::{Hook, Rig, accepted, duplicates},
};

/// What either service may have resident at any of these loads.
const MEMORY_MIB: f64 = 150.0;

/// As a number that can be divided; the counts of a benchmark are exact in it.
#[expect(
    clippy::cast_precision_loss,
    reason = "counts of a benchmark are far below 2^52"
)]
fn float(count: u64) -> f64 {
    count as f64
}

fn mib(bytes: u64) -> f64 {
    float(bytes) / (1024.0 * 1024.0)
}

/// Whether a process is one of the cluster's, and not the generator and receiver themselves.
fn is_server(name: &str) -> bool {
    name != OWN
}

/// What people call a process.
fn in_words(name: &str) -> &str {
    if is_server(name) {
        name
    } else {
        "generator and receiver"
    }
}

/// Most resident memory of each server between two moments; that of a service has a bound. `id` begins each figure's id,
/// and `title` says of a server's name what it is.
fn memory_since(
    rig: &Rig,
    since: Instant,
    id: &str,
    title: impl Fn(&str) -> String,
) -> impl Iterator<Item = Figure> {
    let peak = rig.processes.peak(since, Instant::now());
    let servers = peak.into_iter().filter(|(name, _)| is_server(name));
    servers.map(move |(name, bytes)| {
        let figure = Figure::new(format!("{id}_{name}"), title(&name), "MiB", mib(bytes));
        if is_service(&name) {
            figure.at_most(MEMORY_MIB)
        } else {
            figure
        }
    })
}

/// Whether a process is one of Posthorn's own services.
fn is_service(name: &str) -> bool {
    name.starts_with("api") || name.starts_with("deliverer")
}

/// What never came, and what came twice.
fn losses(id: &str, what: &str, hooks: &[Hook], wanted: u64) -> [Figure; 2] {
    let lost = float(wanted.saturating_sub(accepted(hooks)));
    [
        Figure::new(format!("{id}_lost"), format!("{what}: lost"), "", lost).at_most(0.0),
        Figure::new(
            format!("{id}_duplicates"),
            format!("{what}: delivered twice"),
            "",
            float(duplicates(hooks)),
        ),
    ]
}
