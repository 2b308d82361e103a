use std::{path::PathBuf, process::Command, time::Duration};

use tempfile::TempDir;

use crate::{eventually, loopback_port::LoopbackPort, process::Process, variables};

const START_DEADLINE: Duration = Duration::from_secs(20);

/// A nats-server with JetStream of the test's own, on a port that stays its own while it is down.
#[derive(Debug)]
pub struct TestNats {
    process: Option<Process>,
    folder: TempDir,
    port: LoopbackPort,
    /// Where other nodes of its cluster reach it, if it has one.
    cluster_port: Option<u16>,
}

impl TestNats {
    /// Starts a server with an empty store.
    pub async fn start() -> Self {
        Self::start_with("").await
    }

    /// Starts a server with further lines of configuration, such as `max_payload: 65536`.
    pub async fn start_with(configuration: &str) -> Self {
        let folder = TempDir::with_prefix("posthorn-nats-").unwrap();
        let mut nats = Self {
            process: None,
            folder,
            port: LoopbackPort::take(),
            cluster_port: None,
        };
        nats.configure(configuration);
        nats.launch().await;
        nats
    }

    /// Gives it other lines of configuration from its next start on.
    pub fn configure(&self, configuration: &str) {
        // The server complains about an empty file.
        let configuration = format!("debug: false\n{configuration}\n");
        std::fs::write(self.folder.path().join("nats.conf"), configuration).unwrap();
    }

    /// Where clients connect.
    pub fn url(&self) -> String {
        format!("nats://{}", self.address())
    }

    /// The same as `host:port`.
    pub fn address(&self) -> String {
        self.port.address().to_string()
    }

    /// What it has logged.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("nats.log")).unwrap_or_default()
    }

    /// Where it keeps its streams.
    pub fn store(&self) -> PathBuf {
        self.folder.path().join("store")
    }

    pub(crate) fn runs(&self) -> bool {
        self.process.is_some()
    }

    /// Where other nodes of its cluster reach it, as `host:port`. Each start takes another port.
    pub(crate) fn cluster_address(&self) -> Option<String> {
        self.cluster_port.map(|port| format!("127.0.0.1:{port}"))
    }

    /// `kill -9`. The store stays.
    pub fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill();
        }
    }

    /// Asks it to stop, and waits until it has. The store stays.
    pub async fn stop(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.signal("TERM");
            process.wait(START_DEADLINE).await;
        }
    }

    /// Holds it still: its connections stand and nothing answers, until [`TestNats::thaw`].
    pub fn freeze(&mut self) {
        self.process.as_mut().expect("it runs").freeze();
    }

    /// Lets a frozen server go on.
    pub fn thaw(&mut self) {
        self.process.as_mut().expect("it runs").signal("CONT");
    }

    /// Starts it again on the same port with the same store.
    pub async fn restart(&mut self) {
        self.kill();
        self.launch().await;
    }

    /// Deletes the store of a server that is down: it comes back having forgotten everything.
    pub fn wipe(&mut self) {
        assert!(self.process.is_none(), "stop it first");
        std::fs::remove_dir_all(self.store()).unwrap();
    }

    async fn launch(&mut self) {
        let folder = self.folder.path();
        let mut command = Command::new(variables::required("POSTHORN_TEST_NATS_SERVER"));
        command
            .arg("--config")
            .arg(folder.join("nats.conf"))
            .args(["--addr", "127.0.0.1", "--port"])
            .arg(self.port.number().to_string())
            .arg("--jetstream")
            .arg("--store_dir")
            .arg(folder.join("store"))
            .arg("--ports_file_dir")
            .arg(folder);
        let mut process = Process::spawn("nats-server", command, &folder.join("nats.log"));
        let ports_file = folder.join(format!("nats-server_{}.ports", process.id()));
        self.cluster_port = eventually(START_DEADLINE, async || {
            if let Some(status) = process.ended() {
                panic!("nats-server ended at once ({status}):\n{}", process.log());
            }
            // The file is written when the server listens. It may be seen half written.
            let text = std::fs::read_to_string(&ports_file).map_err(|e| e.to_string())?;
            let ports: serde_json::Value =
                serde_json::from_str(&text).map_err(|e| e.to_string())?;
            let port = |kind: &str| ports[kind][0].as_str()?.rsplit_once(':')?.1.parse().ok();
            if port("nats").is_none() {
                return Err(text);
            }
            Ok(port("cluster"))
        })
        .await;
        self.process = Some(process);
    }
}
