use std::time::Duration;

use async_nats::{
    Client, ConnectErrorKind, ConnectOptions, Event, ReconnectToServer, ServerAddr, ServerError,
};
use tokio::sync::watch;
use tracing::{info, warn};

use crate::{
    config::BusConfig,
    error::BusError,
    link::{Link, backoff},
    rotation::Rotation,
    subject::ACKNOWLEDGEMENTS,
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
        let (denials, denied) = watch::channel(None);
        match options(config, &servers, losses, denials)
            .await?
            .connect(&servers[..])
            .await
        {
            Ok(client) => {
                check_server(&client)?;
                return Ok(Link::new(client, counted, denied));
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

/// User and password as one of the URLs has them; a user alone is a token. The client leaves them to us.
fn user_of(servers: &[ServerAddr]) -> Option<(String, Option<String>)> {
    let known = servers.iter().find(|server| server.has_user_pass())?;
    Some((decoded(known.username()?), known.password().map(decoded)))
}

/// Without the `%40` and the like that URLs need.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let pair = tail
            .get(..2)
            .and_then(|pair| std::str::from_utf8(pair).ok());
        let byte = pair.and_then(|pair| u8::from_str_radix(pair, 16).ok());
        if let (b'%', Some(byte)) = (first, byte) {
            bytes.push(byte);
            rest = tail.get(2..).unwrap_or_default();
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

async fn options(
    config: &BusConfig,
    servers: &[ServerAddr],
    losses: watch::Sender<u64>,
    denials: watch::Sender<Option<String>>,
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
    let options = match user_of(servers) {
        None => options,
        Some((user, Some(password))) => options.user_and_password(user, password),
        Some((token, None)) => options.token(token),
    };
    let rotation = Rotation::default();
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
        .reconnect_to_server_callback(move |known, _| {
            let next = rotation.next(&known);
            // The pause is that of the callback above.
            std::future::ready(next.map(|addr| ReconnectToServer { addr, delay: None }))
        })
        .event_callback(move |event| {
            on_event(&event, &losses, &denials);
            std::future::ready(())
        }))
}

fn on_event(event: &Event, losses: &watch::Sender<u64>, denials: &watch::Sender<Option<String>>) {
    match event {
        Event::Connected => {
            info!("Connected to NATS");
            // Another user's permissions, perhaps.
            denials.send_replace(None);
        }
        Event::Disconnected => {
            warn!("Lost the connection to NATS");
            losses.send_modify(|losses| *losses += 1);
        }
        Event::SlowConsumer(_) => warn!("A message from NATS found no room and will come again"),
        Event::ServerError(error) => {
            warn!(error = %error, "NATS reports: {error}");
            // The server tells of what it denies in no other way, and names the subject.
            if let ServerError::Other(words) = error
                && words.contains(ACKNOWLEDGEMENTS)
            {
                denials.send_replace(Some(words.clone()));
            }
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn user(urls: &[&str]) -> Option<(String, Option<String>)> {
        let servers: Vec<_> = urls.iter().map(|url| url.parse().unwrap()).collect();
        user_of(&servers)
    }

    #[test]
    fn who_connects_is_told_by_any_of_the_urls() {
        let both = |user: &str, password: &str| Some((user.to_owned(), Some(password.to_owned())));
        assert_eq!(user(&["nats://host:4222", "127.0.0.1"]), None);
        assert_eq!(user(&["nats://a:b@host"]), both("a", "b"));
        assert_eq!(
            user(&["nats://one", "tls://a:p%40ss%25%2F@two"]),
            both("a", "p@ss%/")
        );
        assert_eq!(
            user(&["nats://secret@host"]),
            Some(("secret".to_owned(), None))
        );
        assert_eq!(decoded("100%"), "100%");
        assert_eq!(decoded("%zz%4"), "%zz%4");
    }
}
