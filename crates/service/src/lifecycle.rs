//! How a process ends.
//!
//! The first SIGTERM or SIGINT begins the *soft stop*: nothing new is taken, and what is under way is
//! finished. A second signal, or the end of the drain time, begins the *hard stop*: tasks give up at their
//! next point of rest. A process that drained in time exits with 0; one that was stopped hard, or one of
//! whose tasks failed, exits with 1, and what it held is delivered by another replica.
//!
//! Tasks are spawned through [`Lifecycle::spawn`], so that the end of the process waits for them.

use std::{
    fmt,
    process::ExitCode,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tokio::{
    signal::unix::{SignalKind, signal},
    sync::oneshot,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tracing::{error, info, warn};

/// How long tasks may take to notice a hard stop.
const HARD_STOP_GRACE: Duration = Duration::from_secs(2);

/// The stops and the tasks of one process. Clones share them.
#[derive(Debug, Clone)]
pub struct Lifecycle {
    soft: CancellationToken,
    hard: CancellationToken,
    tasks: TaskTracker,
    failed: Arc<AtomicBool>,
    last: Arc<Mutex<Vec<Last>>>,
    drain: Duration,
}

/// Something to do when everything else has ended, and how long it may take.
struct Last {
    at_most: Duration,
    job: Box<dyn FnOnce() + Send>,
}

impl fmt::Debug for Last {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Last").finish_non_exhaustive()
    }
}

impl Lifecycle {
    /// A process that is running. `drain` bounds the time between soft and hard stop.
    pub fn new(drain: Duration) -> Self {
        Self {
            soft: CancellationToken::new(),
            hard: CancellationToken::new(),
            tasks: TaskTracker::new(),
            failed: Arc::default(),
            last: Arc::default(),
            drain,
        }
    }

    /// Cancelled when nothing new is to be taken.
    pub fn soft_stop(&self) -> &CancellationToken {
        &self.soft
    }

    /// Cancelled when everything is to be dropped.
    pub fn hard_stop(&self) -> &CancellationToken {
        &self.hard
    }

    /// Tasks that the end of the process waits for.
    pub fn tasks(&self) -> &TaskTracker {
        &self.tasks
    }

    /// Runs a task that the service cannot do without. If it fails or panics, the process stops softly and
    /// exits with 1. `name` is for the log.
    pub fn spawn(
        &self,
        name: &'static str,
        task: impl Future<Output = anyhow::Result<()>> + Send + 'static,
    ) {
        let guard = PanicGuard {
            name,
            lifecycle: self.clone(),
        };
        self.tasks.spawn(async move {
            if let Err(failure) = task.await {
                error!(task = name, "Task {name} failed: {failure:#}");
                guard.lifecycle.fail();
            }
        });
    }

    /// Stops softly, as if asked to by a signal, with exit code 1.
    pub fn fail(&self) {
        self.failed.store(true, Ordering::Relaxed);
        self.soft.cancel();
    }

    /// Does `job` when everything else has ended, on a thread of its own: it may block. After `at_most` it is left behind.
    pub fn at_the_end(&self, at_most: Duration, job: impl FnOnce() + Send + 'static) {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        last.push(Last {
            at_most,
            job: Box::new(job),
        });
    }

    /// Waits for the first signal, or for somebody to cancel the soft stop, then for the tasks and for what is done
    /// at the end, and tells how the process exits.
    pub async fn run(&self) -> ExitCode {
        let code = self.wait().await;
        let last = std::mem::take(&mut *self.last.lock().unwrap_or_else(PoisonError::into_inner));
        let jobs = last.into_iter().map(|Last { at_most, job }| async move {
            let (done, ended) = oneshot::channel();
            // No task of the runtime, which would wait for it however long it takes.
            std::thread::spawn(move || {
                job();
                let _ = done.send(());
            });
            let _ = tokio::time::timeout(at_most, ended).await;
        });
        futures::future::join_all(jobs).await;
        code
    }

    async fn wait(&self) -> ExitCode {
        let (mut terminate, mut interrupt) = match (
            signal(SignalKind::terminate()),
            signal(SignalKind::interrupt()),
        ) {
            (Ok(terminate), Ok(interrupt)) => (terminate, interrupt),
            (Err(failure), _) | (_, Err(failure)) => {
                error!("Cannot listen for signals: {failure}");
                self.fail();
                self.hard.cancel();
                return ExitCode::FAILURE;
            }
        };
        tokio::select! {
            _ = terminate.recv() => info!("SIGTERM: finishing what is under way"),
            _ = interrupt.recv() => info!("SIGINT: finishing what is under way"),
            () = self.soft.cancelled() => {}
        }
        self.soft.cancel();
        self.tasks.close();
        tokio::select! {
            () = self.tasks.wait() => {
                info!("Stopped");
                return self.exit_code();
            }
            _ = terminate.recv() => warn!("Second signal: stopping at once"),
            _ = interrupt.recv() => warn!("Second signal: stopping at once"),
            () = tokio::time::sleep(self.drain) => {
                let drain_seconds = self.drain.as_secs();
                warn!(drain_seconds, "Not finished after {drain_seconds} s: stopping at once");
            }
        }
        self.failed.store(true, Ordering::Relaxed);
        self.hard.cancel();
        if tokio::time::timeout(HARD_STOP_GRACE, self.tasks.wait())
            .await
            .is_err()
        {
            warn!(
                tasks = self.tasks.len(),
                "Left {} tasks behind",
                self.tasks.len()
            );
        }
        self.exit_code()
    }

    fn exit_code(&self) -> ExitCode {
        if self.failed.load(Ordering::Relaxed) {
            ExitCode::FAILURE
        } else {
            ExitCode::SUCCESS
        }
    }
}

/// Notices that the task which holds it panics.
struct PanicGuard {
    name: &'static str,
    lifecycle: Lifecycle,
}

impl Drop for PanicGuard {
    fn drop(&mut self) {
        if std::thread::panicking() {
            error!(task = self.name, "Task {} panicked", self.name);
            self.lifecycle.fail();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: Duration = Duration::from_secs(60);

    fn same(seen: ExitCode, expected: ExitCode) -> bool {
        // An exit code can be printed, but not compared.
        format!("{seen:?}") == format!("{expected:?}")
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_done_at_the_end_comes_last_and_holds_nobody_up() {
        let lifecycle = Lifecycle::new(LONG);
        let (order, seen) = std::sync::mpsc::sync_channel(2);
        let (of_task, of_end) = (order.clone(), order);
        let stop = lifecycle.soft_stop().clone();
        lifecycle.spawn("task", async move {
            stop.cancelled().await;
            of_task.send("task")?;
            Ok(())
        });
        lifecycle.at_the_end(LONG, move || of_end.send("end").unwrap());
        let (hung, hangs) = std::sync::mpsc::sync_channel::<()>(1);
        lifecycle.at_the_end(Duration::from_secs(1), move || {
            let _ = hangs.recv();
        });
        lifecycle.soft_stop().cancel();
        lifecycle.run().await;
        drop(hung);
        assert_eq!(seen.iter().collect::<Vec<_>>(), ["task", "end"]);
    }

    #[tokio::test]
    async fn waits_for_tasks_that_finish_what_they_have() {
        let lifecycle = Lifecycle::new(LONG);
        let stop = lifecycle.soft_stop().clone();
        let finished = Arc::new(AtomicBool::new(false));
        let flag = finished.clone();
        lifecycle.spawn("worker", async move {
            stop.cancelled().await;
            tokio::task::yield_now().await;
            flag.store(true, Ordering::Relaxed);
            Ok(())
        });
        lifecycle.soft_stop().cancel();
        assert!(same(lifecycle.run().await, ExitCode::SUCCESS));
        assert!(finished.load(Ordering::Relaxed));
    }

    #[tokio::test]
    async fn drops_what_is_not_finished_when_the_drain_ends() {
        let lifecycle = Lifecycle::new(Duration::from_millis(1));
        let hard = lifecycle.hard_stop().clone();
        lifecycle.spawn("worker", async move {
            hard.cancelled().await;
            Ok(())
        });
        lifecycle.soft_stop().cancel();
        assert!(same(lifecycle.run().await, ExitCode::FAILURE));
    }

    #[tokio::test]
    async fn a_task_that_fails_or_panics_ends_the_process() {
        let failing = Lifecycle::new(LONG);
        failing.spawn("worker", async { anyhow::bail!("no") });
        assert!(same(failing.run().await, ExitCode::FAILURE));
        let panicking = Lifecycle::new(LONG);
        panicking.spawn("worker", async { panic!("on purpose") });
        assert!(same(panicking.run().await, ExitCode::FAILURE));
    }
}
