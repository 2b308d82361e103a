use std::time::Duration;

use async_nats::{Client, ConnectErrorKind, ConnectOptions, Event, ServerAddr};
use tokio::sync::watch;
use tracing::{info, warn};

use crate::{
    config::BusConfig,
    error::BusError,
    link::{Link, backoff},
};

/// Message schedules came with this version.
const SERVER_VERSION_MIN: (i64, i64, i64) = (2, 12, 0);
/// A server that vanished without a word is noticed after three of these.
const PING_INTERVAL: Duration = Duration::from_secs(5);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

pub(crate) async fn connect(config: &BusConfig) -> Result<Link, BusError> {
    let servers = parse_servers(&config.servers)?;
    let mut attempt = 0;
    loop {
        let (losses, counted) = watch::channel(0);
        match options(config, losses).await?.connect(&servers[..]).await {
            Ok(client) => {
                check_server(&client)?;
                return Ok(Link::new(client, counted));
            }
            Err(error) => {
                if matches!(
                    error.kind(),
                    ConnectErrorKind::ServerParse
                        | ConnectErrorKind::Authentication
                        | ConnectErrorKind::AuthorizationViolation
                ) {
                    return Err(BusError::Unusable(format!(
                        "NATS does not let us in: {error}"
                    )));
                }
                attempt += 1;
                let pause = backoff(attempt);
                warn!(
                    error = %error,
                    attempt,
                    "NATS does not answer, trying again in {} ms: {error}",
                    pause.as_millis()
                );
                tokio::time::sleep(pause).await;
            }
        }
    }
}

fn parse_servers(servers: &[String]) -> Result<Vec<ServerAddr>, BusError> {
    if servers.is_empty() {
        return Err(BusError::Unusable(
            "no NATS server is configured".to_owned(),
        ));
    }
    servers
        .iter()
        .map(|server| {
            // The address is not repeated: it may hold a password.
            server.parse().map_err(|error| {
                BusError::Unusable(format!("a NATS address is not valid: {error}"))
            })
        })
        .collect()
}

async fn options(
    config: &BusConfig,
    losses: watch::Sender<u64>,
) -> Result<ConnectOptions, BusError> {
    let options = match &config.creds_file {
        None => ConnectOptions::new(),
        Some(path) => ConnectOptions::with_credentials_file(path)
            .await
            .map_err(|error| {
                BusError::Unusable(format!(
                    "the NATS credentials file {} cannot be used: {error}",
                    path.display()
                ))
            })?,
    };
    Ok(options
        .name(&config.client_name)
        .connection_timeout(CONNECT_TIMEOUT)
        .ping_interval(PING_INTERVAL)
        .max_reconnects(None)
        .reconnect_delay_callback(|attempt| {
            if attempt <= 1 {
                Duration::ZERO
            } else {
                backoff(attempt)
            }
        })
        .event_callback(move |event| {
            on_event(&event, &losses);
            std::future::ready(())
        }))
}

fn on_event(event: &Event, losses: &watch::Sender<u64>) {
    match event {
        Event::Connected => info!("Connected to NATS"),
        Event::Disconnected => {
            warn!("Lost the connection to NATS");
            losses.send_modify(|losses| *losses += 1);
        }
        Event::SlowConsumer(_) => warn!("A message from NATS found no room and will come again"),
        Event::ServerError(error) => warn!(error = %error, "NATS reports: {error}"),
        Event::ClientError(_) | Event::LameDuckMode | Event::Draining | Event::Closed => {
            tracing::debug!("NATS connection: {event}");
        }
    }
}

fn check_server(client: &Client) -> Result<(), BusError> {
    let (major, minor, patch) = SERVER_VERSION_MIN;
    let info = client.server_info();
    if !client.is_server_compatible(major, minor, patch) {
        return Err(BusError::Unusable(format!(
            "nats-server {} is too old: Posthorn needs {major}.{minor} or newer, which can schedule messages",
            info.version
        )));
    }
    if !info.jetstream {
        return Err(BusError::Unusable(
            "nats-server runs without JetStream: start it with --jetstream or a jetstream block"
                .to_owned(),
        ));
    }
    Ok(())
}
