use std::{os::unix::fs::MetadataExt, process::Command, time::Duration};

use sqlx::{ConnectOptions, postgres::PgConnectOptions};
use tempfile::TempDir;
use tokio::net::TcpStream;

use crate::{eventually, loopback_port::LoopbackPort, process::Process, variables};

const START_DEADLINE: Duration = Duration::from_secs(20);

/// A PgBouncer of the test's own in front of the server of the tests. Whoever connects has the rights of its superuser.
#[derive(Debug)]
pub struct TestPgBouncer {
    _process: Process,
    _folder: TempDir,
    port: LoopbackPort,
}

impl TestPgBouncer {
    /// Starts one with lines of its configuration, such as `pool_mode = session`.
    pub async fn start(configuration: &str) -> Self {
        let server: PgConnectOptions = variables::required("POSTHORN_TEST_DATABASE_URL")
            .parse()
            .expect("POSTHORN_TEST_DATABASE_URL is a PostgreSQL URL");
        let url = server.to_url_lossy();
        let folder = TempDir::with_prefix("posthorn-pgbouncer-").unwrap();
        let port = LoopbackPort::take();
        let address = port.address();
        let settings = format!(
            "[databases]\n* = host={} port={} user={} password={}\n\
             [pgbouncer]\nlisten_addr = {}\nlisten_port = {}\nunix_socket_dir =\nauth_type = any\n{configuration}\n",
            server.get_host(),
            server.get_port(),
            server.get_username(),
            url.password().unwrap_or_default(),
            address.ip(),
            address.port(),
        );
        let file = folder.path().join("pgbouncer.ini");
        std::fs::write(&file, settings).unwrap();
        let mut command = Command::new(variables::required("POSTHORN_TEST_PGBOUNCER"));
        command.arg(&file);
        // It does not run as root.
        if std::fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0) {
            command.args(["--user", "nobody"]);
        }
        let process = Process::spawn("pgbouncer", command, &folder.path().join("log"));
        eventually(START_DEADLINE, async || TcpStream::connect(address).await).await;
        Self {
            _process: process,
            _folder: folder,
            port,
        }
    }

    /// Where clients connect, as `host:port`.
    pub fn address(&self) -> String {
        self.port.address().to_string()
    }
}
