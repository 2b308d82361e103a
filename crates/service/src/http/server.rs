//! Accepts connections until the soft stop, then lets each finish the request it is on.
//!
//! Written on hyper instead of `axum::serve` for the limits that the latter cannot set: a client that sends
//! its headers a byte at a time is dropped, and so is one that opens connections without end.

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use axum::Router;
use hyper::{
    Request,
    body::Incoming,
    server::conn::http1,
    service::{Service, service_fn},
};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
};
use tracing::{debug, info, warn};

use crate::lifecycle::Lifecycle;

/// Bounds on what clients may hold.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Connections at the same time; further ones wait to be accepted.
    pub connections_max: usize,
    /// How long a client may take to send the headers of a request, and to begin the next on a kept connection.
    pub header_timeout: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections_max: 10_000,
            header_timeout: Duration::from_secs(75),
        }
    }
}

/// Whose connection a request came on; every request carries it. A proxy in between has its own address here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

/// The address cannot be listened on.
#[derive(Debug, thiserror::Error)]
#[error("cannot listen on {address}: {source}")]
pub struct BindFailed {
    address: SocketAddr,
    source: std::io::Error,
}

/// Opens a port.
pub async fn bind(address: SocketAddr) -> Result<TcpListener, BindFailed> {
    TcpListener::bind(address)
        .await
        .map_err(|source| BindFailed { address, source })
}

/// Serves until the soft stop. Connections run as tasks of the lifecycle, so the process waits for the
/// requests under way, and drops them at the hard stop.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    lifecycle: Lifecycle,
    limits: Limits,
) -> anyhow::Result<()> {
    info!(address = %listener.local_addr()?, "Listening on {}", listener.local_addr()?);
    let slots = Arc::new(Semaphore::new(limits.connections_max));
    loop {
        let Ok(slot) = slots.clone().acquire_owned().await else {
            return Ok(());
        };
        let accepted = tokio::select! {
            () = lifecycle.soft_stop().cancelled() => return Ok(()),
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) => {
                let client = ClientAddress(peer.ip());
                let connection =
                    connection(stream, client, router.clone(), lifecycle.clone(), limits);
                lifecycle.tasks().spawn(async move {
                    connection.await;
                    drop(slot);
                });
            }
            Err(failure) => {
                // Out of file descriptors, mostly: trying again at once would spin.
                warn!("Cannot accept a connection: {failure}");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
}

async fn connection(
    stream: TcpStream,
    client: ClientAddress,
    router: Router,
    lifecycle: Lifecycle,
    limits: Limits,
) {
    if let Err(failure) = stream.set_nodelay(true) {
        debug!("Cannot set TCP_NODELAY: {failure}");
    }
    let router = TowerToHyperService::new(router);
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(client);
        router.call(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.header_timeout)
        .serve_connection(TokioIo::new(stream), service);
    tokio::pin!(connection);
    let mut stopping = false;
    loop {
        tokio::select! {
            outcome = &mut connection => {
                if let Err(failure) = outcome {
                    debug!("A connection ended early: {failure}");
                }
                return;
            }
            () = lifecycle.soft_stop().cancelled(), if !stopping => {
                stopping = true;
                connection.as_mut().graceful_shutdown();
            }
            () = lifecycle.hard_stop().cancelled() => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        time::timeout,
    };

    use super::*;
    use crate::{
        http::{Readiness, router},
        metrics::Metrics,
    };

    async fn started(readiness: Readiness, limits: Limits) -> (SocketAddr, Lifecycle) {
        let lifecycle = Lifecycle::new(Duration::from_secs(10));
        let listener = bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = router(readiness.into(), Metrics::new("test", "0").unwrap());
        lifecycle.spawn("http", serve(listener, router, lifecycle.clone(), limits));
        (address, lifecycle)
    }

    async fn exchange(address: SocketAddr, request: &str) -> String {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        let read = timeout(Duration::from_secs(10), stream.read_to_string(&mut answer));
        read.await.expect("the server closes").unwrap();
        answer
    }

    #[tokio::test]
    async fn readiness_tells_of_each_dependency() {
        let readiness = Readiness::new()
            .require("queue", || async { true })
            .report("database", std::future::pending);
        let (address, _lifecycle) = started(readiness, Limits::default()).await;
        let answer = exchange(address, "GET /readyz HTTP/1.0\r\n\r\n").await;
        assert!(answer.starts_with("HTTP/1.0 200"), "{answer}");
        let body = r#"{"status":"ready","dependencies":{"database":{"ok":false,"required":false},"queue":{"ok":true,"required":true}}}"#;
        assert!(answer.ends_with(body), "{answer}");

        let unready = Readiness::new().require("queue", || async { false });
        let (address, _lifecycle) = started(unready, Limits::default()).await;
        let answer = exchange(address, "GET /readyz HTTP/1.0\r\n\r\n").await;
        assert!(answer.starts_with("HTTP/1.0 503"), "{answer}");
        let answer = exchange(address, "GET /healthz HTTP/1.0\r\n\r\n").await;
        assert!(answer.starts_with("HTTP/1.0 200"), "{answer}");
    }

    #[tokio::test]
    async fn a_client_that_never_ends_its_headers_is_dropped() {
        let limits = Limits {
            header_timeout: Duration::from_millis(20),
            ..Limits::default()
        };
        let (address, _lifecycle) = started(Readiness::new(), limits).await;
        let answer = exchange(address, "GET /healthz HTTP/1.1\r\nhost: x\r\nx-slow: ").await;
        assert!(!answer.contains("200"), "{answer}");
    }

    #[tokio::test]
    async fn idle_connections_do_not_hold_up_the_stop() {
        let (address, lifecycle) = started(Readiness::new(), Limits::default()).await;
        let _idle = TcpStream::connect(address).await.unwrap();
        exchange(address, "GET /healthz HTTP/1.0\r\n\r\n").await;
        lifecycle.soft_stop().cancel();
        timeout(Duration::from_secs(5), lifecycle.run())
            .await
            .unwrap();
    }

    #[tokio::test]
    async fn an_address_in_use_is_named() {
        let taken = bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
        let address = taken.local_addr().unwrap();
        let failed = bind(address).await.unwrap_err().to_string();
        assert!(
            failed.starts_with(&format!("cannot listen on {address}: ")),
            "{failed}"
        );
    }
}
