use std::{
    path::PathBuf,
    process::{Command, ExitStatus},
    time::Duration,
};

use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::{eventually, loopback_port::LoopbackPort, process::Process};

const READY_DEADLINE: Duration = Duration::from_secs(30);
const EXIT_DEADLINE: Duration = Duration::from_secs(30);

/// A binary of this workspace as a process of its own. Several may run at once.
#[derive(Debug)]
pub struct Service {
    // Before the folder of its log, which it may want to show when it goes.
    process: Option<Process>,
    setup: ServiceSetup,
    address: String,
    /// Held while it does not run.
    _port: LoopbackPort,
}

/// How a [`Service`] is to be started.
#[derive(Debug)]
pub struct ServiceSetup {
    binary: &'static str,
    listen_variable: &'static str,
    environment: Vec<(String, String)>,
    /// How many files it may have open, unless as many as the test.
    open_files: Option<u32>,
    folder: TempDir,
}

impl Service {
    /// The api.
    pub fn api() -> ServiceSetup {
        ServiceSetup::new("posthorn-api", "POSTHORN_LISTEN")
    }

    /// The deliverer.
    pub fn deliverer() -> ServiceSetup {
        ServiceSetup::new("posthorn-deliverer", "POSTHORN_ADMIN_LISTEN")
    }

    /// Where it listens, as `host:port`. A restart keeps it.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The URL of a path on it.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.process.as_ref().expect("it was started").id()
    }

    /// Status and body of a GET, such as of `/metrics`; the error is that of the connection.
    pub async fn get(&self, path: &str) -> std::io::Result<(u16, String)> {
        get(&self.address, path).await
    }

    /// Waits until `/readyz` answers 200.
    pub async fn ready(&mut self) {
        let address = self.address.clone();
        let process = self.process.as_mut().expect("it was started");
        eventually(READY_DEADLINE, async || {
            if let Some(status) = process.ended() {
                panic!(
                    "it ended ({status}) before it was ready:\n{}",
                    process.log()
                );
            }
            match get(&address, "/readyz").await {
                Ok((200, _)) => Ok(()),
                other => Err(other),
            }
        })
        .await;
    }

    /// What it has logged since its first start.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.setup.log_file()).unwrap_or_default()
    }

    /// `kill -9`.
    pub fn kill(&mut self) {
        if let Some(process) = &mut self.process {
            process.kill();
        }
    }

    /// SIGTERM, once: the beginning of a drain.
    pub fn terminate(&mut self) {
        self.signal("TERM");
    }

    /// Sends a signal by name, such as `INT`, `STOP` or `CONT`.
    pub fn signal(&mut self, name: &str) {
        self.process.as_mut().expect("it was started").signal(name);
    }

    /// Waits until it has ended.
    pub async fn exit(&mut self) -> ExitStatus {
        let process = self.process.as_mut().expect("it was started");
        process.wait(EXIT_DEADLINE).await
    }

    /// Gives it another value of a variable from its next start on.
    pub fn change_env(&mut self, name: &str, value: impl Into<String>) {
        self.setup.environment.push((name.to_owned(), value.into()));
    }

    /// `kill -9`, if it still runs, then the same again on the same address, until it is ready.
    pub async fn restart(&mut self) {
        self.kill();
        self.process = Some(self.setup.spawn(&self.address));
        self.ready().await;
    }
}

impl ServiceSetup {
    fn new(binary: &'static str, listen_variable: &'static str) -> Self {
        Self {
            binary,
            listen_variable,
            environment: Vec::new(),
            open_files: None,
            folder: TempDir::with_prefix(format!("{binary}-")).unwrap(),
        }
    }

    /// Sets a variable. Those of the test's own environment that begin with `POSTHORN_` or
    /// `OTEL_` are not passed on.
    #[must_use]
    pub fn env(mut self, name: &str, value: impl Into<String>) -> Self {
        self.environment.push((name.to_owned(), value.into()));
        self
    }

    /// Lets it have no more than so many files and connections open, whatever it asks for.
    #[must_use]
    pub fn open_files(mut self, limit: u32) -> Self {
        self.open_files = Some(limit);
        self
    }

    /// Starts it and waits until it is ready.
    pub async fn start(self) -> Service {
        let mut service = self.start_unready().await;
        service.ready().await;
        service
    }

    /// Starts it and waits only until it listens: what it depends on may be away.
    pub async fn start_unready(self) -> Service {
        let port = LoopbackPort::take();
        let mut process = self.spawn(&port.address().to_string());
        let address = eventually(READY_DEADLINE, async || {
            if let Some(status) = process.ended() {
                panic!("it ended ({status}) before it listened:\n{}", process.log());
            }
            let log = process.log();
            listening_address(&log).ok_or(log)
        })
        .await;
        Service {
            setup: self,
            process: Some(process),
            address,
            _port: port,
        }
    }

    /// Runs it to its end, as for a mistake in the configuration: the exit status and what it printed.
    pub async fn run(self) -> (ExitStatus, String) {
        let mut process = self.spawn("127.0.0.1:0");
        let status = process.wait(EXIT_DEADLINE).await;
        (status, process.log())
    }

    fn spawn(&self, listen: &str) -> Process {
        let mut command = match self.open_files {
            None => Command::new(binary(self.binary)),
            Some(limit) => {
                let mut shell = Command::new("sh");
                let script = "ulimit -n \"$0\" && exec \"$1\"";
                shell.args(["-c", script, &limit.to_string()]);
                shell.arg(binary(self.binary));
                shell
            }
        };
        for (name, _) in std::env::vars_os() {
            let text = name.to_string_lossy();
            if text.starts_with("POSTHORN_") || text.starts_with("OTEL_") {
                command.env_remove(name);
            }
        }
        command
            .env(self.listen_variable, listen)
            .envs(self.environment.iter().cloned())
            .current_dir(self.folder.path());
        Process::spawn(self.binary, command, &self.log_file())
    }

    fn log_file(&self) -> PathBuf {
        self.folder.path().join("log")
    }
}

/// Binaries lie in `target/<profile>/`, tests in `target/<profile>/deps/`, unless those of another build are wanted.
fn binary(name: &str) -> PathBuf {
    let folder = std::env::var_os("POSTHORN_TEST_PROGRAMS").map_or_else(
        || {
            let test = std::env::current_exe().unwrap();
            let profile = test.parent().and_then(|deps| deps.parent());
            profile.unwrap().to_owned()
        },
        PathBuf::from,
    );
    let path = folder.join(name);
    assert!(
        path.exists(),
        "{} is missing: run `cargo build --workspace --all-targets` (or `make test`) before",
        path.display()
    );
    path
}

/// The address in the last "Listening on 127.0.0.1:1234", in whatever form lines are logged.
fn listening_address(log: &str) -> Option<String> {
    let (_, rest) = log.rsplit_once("Listening on ")?;
    let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.' && c != ':')?;
    Some(rest[..end].to_owned())
}

async fn get(address: &str, path: &str) -> std::io::Result<(u16, String)> {
    let exchange = async {
        let mut stream = TcpStream::connect(address).await?;
        let request = format!("GET {path} HTTP/1.0\r\nhost: {address}\r\n\r\n");
        stream.write_all(request.as_bytes()).await?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await?;
        let status = answer
            .split(' ')
            .nth(1)
            .and_then(|status| status.parse().ok())
            .ok_or_else(|| std::io::Error::other("no HTTP answer"))?;
        let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
        Ok((status, body.to_owned()))
    };
    tokio::time::timeout(Duration::from_secs(5), exchange)
        .await
        .map_err(|_| std::io::ErrorKind::TimedOut)?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_address_in_any_form_of_log() {
        for log in [
            "INFO Listening on 127.0.0.1:4711\n",
            r#"{"message":"Listening on 127.0.0.1:4711","address":"127.0.0.1:4711"}"#,
            "Listening on 127.0.0.1:1 \nListening on 127.0.0.1:4711 address=127.0.0.1:4711\n",
        ] {
            assert_eq!(listening_address(log).as_deref(), Some("127.0.0.1:4711"));
        }
        assert_eq!(
            listening_address("Listening on 127.0.0.1:47"),
            None,
            "half a line"
        );
    }
}
