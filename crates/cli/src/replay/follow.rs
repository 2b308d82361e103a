//! Watching a replay until it ends.

use std::time::Duration;

use clap::Args;
use posthorn_domain::ReplayId;
use serde::Deserialize;

use crate::{
    exit::{Exit, Failure},
    remote::Session,
    show::{Progress, notice},
};

/// How often a replay is looked at.
const LOOK: Duration = Duration::from_millis(500);

/// Whether to wait.
#[derive(Args, Debug)]
pub(crate) struct Follow {
    /// Do not wait for its end
    #[arg(long)]
    detach: bool,
}

/// The answer to whatever starts a replay.
#[derive(Deserialize)]
pub(crate) struct Accepted {
    pub(crate) replay_id: ReplayId,
}

#[derive(Deserialize)]
struct State {
    status: String,
    processed: u64,
    total: Option<u64>,
}

impl Follow {
    /// Waits for the end of a replay and shows it. One that was cancelled or failed is no success.
    pub(crate) async fn replay(&self, session: &Session, id: ReplayId) -> Result<(), Failure> {
        let path = format!("/replays/{id}");
        let progress = (!self.detach).then(|| {
            notice(&format!(
                "Replay {id}; Ctrl-C stops watching, not the replay"
            ));
            Progress::new(None, "Handing over")
        });
        let (answer, state) = loop {
            let answer = session.client.get(path.as_str()).await?;
            let state: State = answer.read()?;
            let goes_on = matches!(state.status.as_str(), "queued" | "running");
            let Some(progress) = progress.as_ref().filter(|_| goes_on) else {
                break (answer, state);
            };
            progress.at(state.processed, state.total);
            tokio::time::sleep(LOOK).await;
        };
        drop(progress);
        session.show(&answer)?;
        match state.status.as_str() {
            "failed" | "cancelled" => Err(Failure::silent(Exit::Not)),
            _ => Ok(()),
        }
    }
}
