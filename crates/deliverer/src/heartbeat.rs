use std::{sync::Arc, time::Duration};

use tokio_util::sync::CancellationToken;

use crate::{claim::Held, gate::Gate};

/// How often held messages are looked through.
const BEAT: Duration = Duration::from_secs(1);
/// A message that JetStream has not heard of for this long is reported; a third of its acknowledgement wait.
const SILENCE_MAX: Duration = Duration::from_secs(5);

/// Keeps the messages of `held` from being delivered to somebody else while they are worked on, and the gate
/// from remembering webhooks that have nothing going on.
pub(crate) async fn run(held: Vec<Arc<Held>>, gate: Arc<Gate>, stop: CancellationToken) {
    let mut beat = tokio::time::interval(BEAT);
    beat.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    while stop.run_until_cancelled(beat.tick()).await.is_some() {
        for held in &held {
            held.report_progress(SILENCE_MAX).await;
        }
        gate.sweep();
    }
}
