//! How long each part of an exchange took, noted by whoever does it.
//!
//! The connector is called from deep within the HTTP client, which knows of no request that it connects for, and may finish
//! a connection in the background that another request has become unnecessary for. So the parts are noted in
//! a variable of the task while it polls its own exchange: what happens in the background is nobody's, what a request
//! has waited for is its own, whether it succeeded, failed, or was given up at the timeout.

use std::{cell::Cell, future::Future};

use posthorn_domain::Phases;
use tokio::{task_local, time::Instant};

/// A part of opening a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    Dns,
    Connect,
    Tls,
}

task_local! {
    static NOTED: Cell<Phases>;
}

/// Runs `work` and tells what was noted while it ran.
pub(crate) async fn observed<T>(work: impl Future<Output = T>) -> (T, Phases) {
    let noting = async {
        // What `work` still held is dropped before the notes are read, so a stage that was given up is among them.
        let done = work.await;
        (done, NOTED.with(Cell::get))
    };
    NOTED.scope(Cell::default(), noting).await
}

/// Notes the time from here to its end, however that comes.
pub(crate) struct StageClock {
    stage: Stage,
    start: Instant,
}

impl StageClock {
    pub(crate) fn start(stage: Stage) -> Self {
        Self {
            stage,
            start: Instant::now(),
        }
    }
}

impl Drop for StageClock {
    fn drop(&mut self) {
        let took = Some(self.start.elapsed());
        let note = |noted: &Cell<Phases>| {
            let mut phases = noted.get();
            match self.stage {
                Stage::Dns => phases.dns = took,
                Stage::Connect => phases.connect = took,
                Stage::Tls => phases.tls = took,
            }
            noted.set(phases);
        };
        // Without an exchange that waits for it there is nothing to note it in.
        let _ = NOTED.try_with(note);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::{sleep, timeout};

    use super::*;

    const SHORT: Duration = Duration::from_millis(5);
    const LONG: Duration = Duration::from_secs(5);

    async fn stage(stage: Stage, takes: Duration) {
        let _clock = StageClock::start(stage);
        sleep(takes).await;
    }

    #[tokio::test(start_paused = true)]
    async fn a_stage_is_noted_whether_it_ends_or_is_given_up() {
        let ((), phases) = observed(async {
            stage(Stage::Dns, SHORT).await;
            let given_up = timeout(SHORT * 2, stage(Stage::Connect, LONG)).await;
            assert!(given_up.is_err());
        })
        .await;
        assert_eq!((phases.dns, phases.connect), (Some(SHORT), Some(SHORT * 2)));
        assert_eq!((phases.tls, phases.first_byte), (None, None));
        assert_eq!(phases.connection(), SHORT * 3);
    }

    #[tokio::test(start_paused = true)]
    async fn what_goes_on_in_the_background_is_nobodys() {
        let mut background = None;
        let work = async { background = Some(tokio::spawn(stage(Stage::Connect, SHORT))) };
        let ((), phases) = observed(work).await;
        background.unwrap().await.unwrap();
        assert_eq!(phases, Phases::default());
    }
}
