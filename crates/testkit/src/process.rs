//! A child process that ends with the value that holds it.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    thread,
    time::Duration,
};

use crate::eventually;

/// How much of its log a failed test shows, in lines.
const LOG_LINES_SHOWN: usize = 60;

#[derive(Debug)]
pub(crate) struct Process {
    name: String,
    child: Child,
    log: PathBuf,
}

impl Process {
    /// Starts the command with both its outputs appended to `log`.
    pub(crate) fn spawn(name: &str, mut command: Command, log: &Path) -> Self {
        let file = File::options().create(true).append(true).open(log).unwrap();
        let child = command
            .stdin(Stdio::null())
            .stdout(file.try_clone().unwrap())
            .stderr(file)
            .spawn()
            .unwrap_or_else(|error| panic!("{name} does not start: {error}"));
        Self {
            name: name.to_owned(),
            child,
            log: log.to_owned(),
        }
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Its exit status, if it has ended.
    pub(crate) fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().unwrap()
    }

    /// Sends a signal by name, such as `TERM`, `STOP`, `CONT`.
    pub(crate) fn signal(&mut self, name: &str) {
        // Once it has been waited for, its id may belong to somebody else.
        if self.ended().is_none() {
            let sent = Command::new("kill")
                .args(["-s", name, &self.id().to_string()])
                .status();
            assert!(sent.unwrap().success(), "cannot signal {}", self.name);
        }
    }

    /// Stops all of its threads, and waits until they stand: on a busy machine one may run on for a while, and answer.
    pub(crate) fn freeze(&mut self) {
        self.signal("STOP");
        let tasks = PathBuf::from(format!("/proc/{}/task", self.id()));
        let runs = |task: PathBuf| {
            let stat = fs::read_to_string(task.join("stat")).unwrap_or_default();
            // The state stands behind the name, which is in parentheses.
            stat.rsplit_once(") ")
                .is_some_and(|(_, rest)| !rest.starts_with('T'))
        };
        // Without /proc it is taken for stopped.
        while fs::read_dir(&tasks).is_ok_and(|mut all| all.any(|task| runs(task.unwrap().path()))) {
            thread::yield_now();
        }
    }

    /// `kill -9`, and waits until it is gone.
    pub(crate) fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Waits for its end.
    pub(crate) async fn wait(&mut self, deadline: Duration) -> ExitStatus {
        let name = self.name.clone();
        eventually(deadline, async || {
            self.ended().ok_or_else(|| format!("{name} still runs"))
        })
        .await
    }

    pub(crate) fn log(&self) -> String {
        let bytes = std::fs::read(&self.log).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
        if std::thread::panicking() {
            let log = self.log();
            let lines: Vec<&str> = log.lines().collect();
            let shown = &lines[lines.len().saturating_sub(LOG_LINES_SHOWN)..];
            eprintln!(
                "--- end of the log of {} ---\n{}\n---",
                self.name,
                shown.join("\n")
            );
        }
    }
}
