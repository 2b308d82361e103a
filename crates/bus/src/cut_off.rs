//! A server that is cut off from its cluster keeps its clients: it answers their pings, and can store nothing. Where
//! several servers are configured, a stream is asked for its state now and then; when nobody can tell for a while,
//! the client is sent to the next server.
//!
//! Where no server can tell, as while most of a cluster is down, this reconnects now and then to no avail.

use std::time::Duration;

use async_nats::jetstream::{Context, context::GetStreamErrorKind};
use tokio::time::{Instant, timeout};
use tracing::warn;

use crate::{link::Link, subject::EVENTS_STREAM};

const ASK_EVERY: Duration = Duration::from_secs(2);
const ANSWER_TIMEOUT: Duration = Duration::from_secs(4);
/// An election of another leader takes less.
const SILENCE_MAX: Duration = Duration::from_secs(12);

/// Watches for as long as it is polled.
pub(crate) async fn watch(link: Link, jetstream: Context) {
    let mut answered = Instant::now();
    let mut left = None;
    loop {
        tokio::time::sleep(ASK_EVERY).await;
        if !link.is_connected() || answers(&jetstream).await {
            answered = Instant::now();
            continue;
        }
        let here = link.client.server_info().server_id;
        // A server has two addresses where it tells its cluster another one than is configured here.
        let come_back = left.as_ref() == Some(&here);
        if come_back || answered.elapsed() >= SILENCE_MAX {
            warn!("This nats-server cannot reach its cluster: going to another");
            // Fails only when the client has ended.
            let _ = link.client.force_reconnect().await;
            answered = Instant::now();
            left = (!come_back).then_some(here);
        }
    }
}

/// Whether the stream has a leader that a majority follows, or the cluster says that there is no such stream. A server
/// that is alone tells of the stream too: without a leader, or as a leader whose followers are gone.
async fn answers(jetstream: &Context) -> bool {
    let Ok(told) = timeout(ANSWER_TIMEOUT, jetstream.get_stream(EVENTS_STREAM)).await else {
        return false;
    };
    match told {
        Ok(stream) => stream.cached_info().cluster.as_ref().is_none_or(|cluster| {
            let following = cluster.replicas.iter().filter(|one| one.current).count();
            cluster.leader.is_some() && 2 * (following + 1) > cluster.replicas.len() + 1
        }),
        Err(error) => match error.kind() {
            GetStreamErrorKind::JetStream(refusal) => refusal.code() < 500,
            _ => false,
        },
    }
}
