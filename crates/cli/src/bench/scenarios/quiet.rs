//! What the processes need without work, and what they needed at most.

use std::time::Duration;

use tokio::time::Instant;

use super::{is_server, is_service, memory_since};
use crate::{
    bench::{report::Figure, rig::Rig},
    exit::Failure,
};

/// What was begun before ends meanwhile.
const SETTLING: Duration = Duration::from_secs(3);

/// Processor time of the services while nothing happens.
pub(in crate::bench) async fn idle(rig: &Rig) -> Result<Vec<Figure>, Failure> {
    rig.acknowledged().await?;
    tokio::time::sleep(SETTLING).await;
    let before = rig.processes.cpu();
    let begun = Instant::now();
    tokio::time::sleep(rig.sizes.time).await;
    let used = rig.processes.cpu().since(&before);
    let percent = |us: f64| us / 10_000.0 / begun.elapsed().as_secs_f64();
    let services = percent(used.total(is_service));
    let mut figures = vec![
        Figure::new(
            "idle",
            "idle: CPU of both services",
            "% of a core",
            services,
        )
        .at_most(0.5),
    ];
    let each = used.each().filter(|(name, _)| is_server(name));
    figures.extend(each.map(|(name, us)| {
        Figure::new(
            format!("idle_{name}"),
            format!("idle: CPU of {name}"),
            "% of a core",
            percent(us),
        )
    }));
    Ok(figures)
}

/// Most memory of each process since the start.
pub(in crate::bench) fn memory(rig: &Rig) -> Vec<Figure> {
    let title = |name: &str| format!("most resident memory of {name}");
    memory_since(rig, rig.begun, "memory", title).collect()
}
