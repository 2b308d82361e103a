//! Answers that no sender should read to their end.

use std::time::Duration;

use serde_json::json;
use tokio::time::Instant;

use super::{float, is_service, mib};
use crate::{
    bench::{
        generator::Load,
        receiver::{BadBody, Behaviour},
        report::Figure,
        rig::Rig,
    },
    exit::Failure,
};

const TIMEOUT_SECONDS: u32 = 3;
/// For the timeout's own timer, and for the connection's end to be seen.
const TIMEOUT_GRACE_SECONDS: f64 = 1.0;
const EVENTS_PER_WEBHOOK: u64 = 50;
const PER_SECOND: u32 = 30;
/// What else may grow meanwhile: connections, buffers, the allocator's own.
const GROWTH_MIB: f64 = 16.0;

/// Watches memory, and how long such an answer is listened to.
pub(in crate::bench) async fn bodies(rig: &Rig) -> Result<Vec<Figure>, Failure> {
    let settings = json!({"timeout_seconds": TIMEOUT_SECONDS});
    let hooks = rig.webhooks("bodies", 3, &settings).await?;
    let kinds = [
        ("endless", BadBody::Endless),
        ("dripping", BadBody::Dripping),
        ("100 MB", BadBody::Large),
    ];
    for (hook, (_, kind)) in hooks.iter().zip(kinds) {
        hook.route.behave(Behaviour::Body(kind));
    }
    let subjects: Vec<_> = hooks.iter().map(|hook| hook.subject.clone()).collect();
    let before = rig.processes.resident();
    let begun = Instant::now();
    let count = EVENTS_PER_WEBHOOK * 3;
    let load = Load {
        first: 0,
        count,
        per_second: Some(PER_SECOND),
    };
    rig.publish(&subjects, load).await?;
    rig.arrived(&hooks, count).await;
    // Until the last one's connection has been given up too.
    tokio::time::sleep(Duration::from_secs(u64::from(TIMEOUT_SECONDS) + 2)).await;
    let peak = rig.processes.peak(begun, Instant::now());
    let longest = |(hook, (name, _)): (&crate::bench::rig::Hook, (&str, BadBody))| {
        Figure::new(
            format!("bodies_{}", name.replace(' ', "_")),
            format!("{name} body: longest that it is listened to"),
            "s",
            hook.route.longest().as_secs_f64(),
        )
        .at_most(f64::from(TIMEOUT_SECONDS) + TIMEOUT_GRACE_SECONDS)
    };
    let mut figures: Vec<_> = hooks.iter().zip(kinds).map(longest).collect();
    for (name, bytes) in peak.iter().filter(|(name, _)| is_service(name)) {
        let growth = bytes.saturating_sub(before.get(name).copied().unwrap_or(0));
        figures.push(
            Figure::new(
                format!("bodies_memory_{name}"),
                format!("{count} such bodies: memory that {name} gained"),
                "MiB",
                mib(growth),
            )
            .at_most(GROWTH_MIB),
        );
    }
    figures.push(Figure::new(
        "bodies_requests",
        format!("{count} such bodies: requests"),
        "",
        float(hooks.iter().map(|hook| hook.route.tally().requests).sum()),
    ));
    Ok(figures)
}
