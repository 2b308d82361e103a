//! The settings that both services have. The master keys are not among them, because the store that seals
//! with them is what reads them: `reader.required(&table::MASTER_KEY, str::parse)`.

use std::{path::PathBuf, time::Duration};

use posthorn_domain::limits::EVENT_DATA_BYTES_MAX;
use secrecy::SecretString;
use url::Url;

use super::{
    parse::{duration_seconds, list, whole_number},
    reader::Reader,
    table,
};
use crate::{otlp::OtlpSettings, telemetry::LogSettings};

/// How NATS is reached and what the streams are like.
#[derive(Debug, Clone)]
pub struct NatsSettings {
    /// Servers as URLs; never empty. May hold a password, so they are not logged.
    pub servers: Vec<SecretString>,
    /// Credentials file.
    pub creds_file: Option<PathBuf>,
    /// Copies of each stream.
    pub stream_replicas: usize,
    /// How long a publisher's key removes duplicates.
    pub duplicate_window: Duration,
    /// Largest `data` of one event, in bytes.
    pub event_data_bytes_max: usize,
}

/// What both services are configured with.
#[derive(Debug)]
pub struct Common {
    /// NATS and the streams.
    pub nats: NatsSettings,
    /// Where PostgreSQL is.
    pub database_url: SecretString,
    /// Most connections to it.
    pub database_connections_max: u32,
    /// Days that deliveries, attempts and events are kept.
    pub retention_days: u32,
    /// Most time between soft and hard stop.
    pub drain: Duration,
    /// Logging.
    pub log: LogSettings,
    /// Where telemetry goes.
    pub otlp: OtlpSettings,
}

impl Common {
    /// Takes them out of the reader, or `None` after it has noted every mistake.
    pub fn read(reader: &mut Reader) -> Option<Self> {
        let servers = reader.required(&table::NATS_URL, nats_servers);
        let creds_file = reader.optional(&table::NATS_CREDS_FILE, readable_file);
        let stream_replicas = reader.required(&table::STREAM_REPLICAS, whole_number(1..=5));
        let duplicate_window = reader.required(
            &table::DUPLICATE_WINDOW_SECONDS,
            duration_seconds(1..=86_400),
        );
        let event_data_bytes_max = reader.required(
            &table::EVENT_BYTES_MAX,
            // A message of NATS holds no more than a few mebibytes, and its headers need room.
            whole_number(1_024..=4 * EVENT_DATA_BYTES_MAX as u64),
        );
        let database_url = reader.required(&table::DATABASE_URL, database_url);
        let database_connections_max =
            reader.required(&table::DATABASE_CONNECTIONS_MAX, whole_number(2..=1_000));
        let retention_days = reader.required(&table::RETENTION_DAYS, whole_number(1..=3_650));
        let drain = reader.required(&table::DRAIN_SECONDS, duration_seconds(0..=3_600));
        let level = reader.required(&table::LOG_LEVEL, str::parse);
        let format = reader.required(&table::LOG_FORMAT, str::parse);
        let otlp = OtlpSettings::read(reader);
        Some(Self {
            nats: NatsSettings {
                servers: servers?,
                creds_file: creds_file?,
                stream_replicas: stream_replicas?,
                duplicate_window: duplicate_window?,
                event_data_bytes_max: event_data_bytes_max?,
            },
            database_url: database_url?,
            database_connections_max: database_connections_max?,
            retention_days: retention_days?,
            drain: drain?,
            log: LogSettings {
                level: level?,
                format: format?,
            },
            otlp: otlp?,
        })
    }
}

fn nats_servers(text: &str) -> Result<Vec<SecretString>, &'static str> {
    const WRONG: &str = "must be one or several URLs such as nats://host:4222 or tls://host:4222";
    let servers: Vec<String> = list(text).map_err(|_| WRONG)?;
    let well_formed = |server: &String| {
        // A bare host and port is what NATS's own tools accept too.
        let url = if server.contains("://") {
            Url::parse(server)
        } else {
            Url::parse(&format!("nats://{server}"))
        };
        url.is_ok_and(|url| {
            matches!(url.scheme(), "nats" | "tls" | "ws" | "wss")
                && url.host_str().is_some_and(|host| !host.is_empty())
        })
    };
    if servers.is_empty() || !servers.iter().all(well_formed) {
        return Err(WRONG);
    }
    Ok(servers.into_iter().map(SecretString::from).collect())
}

fn readable_file(text: &str) -> Result<PathBuf, String> {
    let path = PathBuf::from(text);
    std::fs::File::open(&path)
        .map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    Ok(path)
}

fn database_url(text: &str) -> Result<SecretString, &'static str> {
    match Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "postgres" | "postgresql") => Ok(text.to_owned().into()),
        _ => Err("must be a URL such as postgres://user:password@host:5432/database"),
    }
}
