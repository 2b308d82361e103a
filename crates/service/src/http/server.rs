//! Accepts connections until the soft stop, then lets each finish the request it is on.
//!
//! Written on hyper instead of `axum::serve` for the limits that the latter cannot set: a client that sends
//! its headers a byte at a time is dropped, one that takes nothing of its answer too, and who opens connections without
//! end pushes out its own ([`connections`](super::connections)). A connection is accepted at once, however many there are:
//! one that waited in the system's queue would keep health waiting behind it.

use std::{
    net::{IpAddr, SocketAddr},
    time::Duration,
};

use axum::Router;
use hyper::{
    Request,
    body::Incoming,
    server::conn::http1,
    service::{Service, service_fn},
};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::{TcpListener, TcpStream},
    time::sleep,
};
use tracing::{debug, error, info};

use super::{
    answering::Answering,
    connections::{Connection, Connections, Limits, Place},
    misread::{Misread, Owed, Replacing},
    write_timeout::WriteTimeout,
};
use crate::{lifecycle::Lifecycle, reminder::Reminder};

/// The pause after a connection could not be accepted: trying again at once would spin.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// How often the log says that connections cannot be accepted.
const NOT_ACCEPTED_SAID_EVERY: Duration = Duration::from_secs(60);

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
    serve_with(listener, router, lifecycle, limits, None).await
}

/// The same, with an answer of the caller's own to requests whose head cannot be read.
pub async fn serve_with(
    listener: TcpListener,
    router: Router,
    lifecycle: Lifecycle,
    limits: Limits,
    misread: Option<Misread>,
) -> anyhow::Result<()> {
    info!(address = %listener.local_addr()?, "Listening on {}", listener.local_addr()?);
    let connections = Connections::new(limits);
    let not_accepted = Reminder::every(NOT_ACCEPTED_SAID_EVERY);
    let stop = lifecycle.soft_stop();
    while let Some(accepted) = stop.run_until_cancelled(listener.accept()).await {
        match accepted {
            // One that has no place is closed.
            Ok((stream, peer)) => {
                if let Some(place) = connections.admit(peer.ip()) {
                    let connection = connection(
                        stream,
                        ClientAddress(peer.ip()),
                        place,
                        router.clone(),
                        lifecycle.clone(),
                        limits,
                        misread.clone(),
                    );
                    lifecycle.tasks().spawn(connection);
                }
            }
            Err(failure) => {
                // Out of file descriptors, mostly.
                if not_accepted.is_due() {
                    error!("Cannot accept connections: {failure}");
                }
                connections.make_room();
                let _ = stop.run_until_cancelled(sleep(ACCEPT_PAUSE)).await;
            }
        }
    }
    Ok(())
}

async fn connection(
    stream: TcpStream,
    client: ClientAddress,
    place: Connection,
    router: Router,
    lifecycle: Lifecycle,
    limits: Limits,
    misread: Option<Misread>,
) {
    if let Err(failure) = stream.set_nodelay(true) {
        debug!("Cannot set TCP_NODELAY: {failure}");
    }
    let activity = place.activity.clone();
    let stream = WriteTimeout::new(stream, limits.write_idle_timeout, activity.clone());
    let owed = Owed::default();
    let stream = Replacing::new(stream, owed.clone(), misread);
    let answering = Answering::new(router, &place);
    let service = service_fn(move |mut request: Request<Incoming>| {
        owed.begin();
        request.extensions_mut().insert(client);
        answering.call(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.next_headers_timeout)
        .keep_alive(place.place == Place::Ordinary)
        .serve_connection(TokioIo::new(stream), service);
    tokio::pin!(connection);
    let first_headers = sleep(limits.first_headers_timeout);
    tokio::pin!(first_headers);
    let (mut stopping, mut is_new) = (false, true);
    loop {
        tokio::select! {
            biased;
            outcome = &mut connection => {
                if let Err(failure) = outcome {
                    debug!("A connection ended early: {failure}");
                }
                return;
            }
            () = lifecycle.hard_stop().cancelled() => return,
            () = activity.closed() => return,
            () = &mut first_headers, if is_new => {
                is_new = false;
                if !activity.was_used() {
                    return;
                }
            }
            () = lifecycle.soft_stop().cancelled(), if !stopping => {
                stopping = true;
                connection.as_mut().graceful_shutdown();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

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
            .require("queue", || true)
            .report("database", || false);
        let (address, _lifecycle) = started(readiness, Limits::default()).await;
        let answer = exchange(address, "GET /readyz HTTP/1.0\r\n\r\n").await;
        assert!(answer.starts_with("HTTP/1.0 200"), "{answer}");
        let body = r#"{"status":"ready","dependencies":{"database":{"ok":false,"required":false},"queue":{"ok":true,"required":true}}}"#;
        assert!(answer.ends_with(body), "{answer}");

        let unready = Readiness::new().require("queue", || false);
        let (address, _lifecycle) = started(unready, Limits::default()).await;
        let answer = exchange(address, "GET /readyz HTTP/1.0\r\n\r\n").await;
        assert!(answer.starts_with("HTTP/1.0 503"), "{answer}");
        let answer = exchange(address, "GET /healthz HTTP/1.0\r\n\r\n").await;
        assert!(answer.starts_with("HTTP/1.0 200"), "{answer}");
    }

    #[tokio::test]
    async fn a_client_that_never_ends_its_headers_is_dropped() {
        let limits = Limits {
            first_headers_timeout: Duration::from_millis(20),
            ..Limits::default()
        };
        let (address, _lifecycle) = started(Readiness::new(), limits).await;
        let answer = exchange(address, "GET /healthz HTTP/1.1\r\nhost: x\r\nx-slow: ").await;
        assert!(!answer.contains("200"), "{answer}");
    }

    #[tokio::test]
    async fn a_request_that_cannot_be_read_is_answered_by_the_service() {
        let lifecycle = Lifecycle::new(Duration::from_secs(10));
        let listener = bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = router(Readiness::new().into(), Metrics::new("test", "0").unwrap());
        let misread: Misread = Arc::new(|status: axum::http::StatusCode| {
            let body = format!("misread: {}", status.as_u16()).into_bytes();
            let answer = axum::http::Response::builder().status(status);
            answer.header("x-own", "yes").body(body).unwrap()
        });
        let limits = Limits::default();
        let serving = serve_with(listener, router, lifecycle.clone(), limits, Some(misread));
        lifecycle.spawn("http", serving);
        let long = format!("GET /{} HTTP/1.1\r\n\r\n", "x".repeat(70_000));
        let many = format!("GET / HTTP/1.1\r\n{}\r\n", "x-a: b\r\n".repeat(200));
        for (request, status) in [("nonsense\r\n\r\n", 400), (&*long, 414), (&*many, 431)] {
            let answer = exchange(address, request).await;
            assert!(
                answer.starts_with(&format!("HTTP/1.1 {status} ")),
                "{answer}"
            );
            assert!(answer.contains("x-own: yes\r\n"), "{answer}");
            assert!(
                answer.ends_with(&format!("\r\n\r\nmisread: {status}")),
                "{answer}"
            );
        }
        // After good ones on the same connection, and none of those is touched.
        let mut stream = TcpStream::connect(address).await.unwrap();
        let mut seen = Vec::new();
        for _ in 0..2 {
            stream
                .write_all(b"GET /nothing HTTP/1.1\r\nhost: x\r\n\r\n")
                .await
                .unwrap();
            let mut head = [0; 512];
            let count = stream.read(&mut head).await.unwrap();
            seen.extend_from_slice(&head[..count]);
        }
        stream.write_all(b"nonsense\r\n\r\n").await.unwrap();
        timeout(Duration::from_secs(10), stream.read_to_end(&mut seen))
            .await
            .unwrap()
            .unwrap();
        let seen = String::from_utf8(seen).unwrap();
        assert_eq!(seen.matches("HTTP/1.1 404").count(), 2, "{seen}");
        assert!(seen.ends_with("misread: 400"), "{seen}");
        assert_eq!(seen.matches("x-own").count(), 1, "{seen}");
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
    async fn silent_connections_keep_nobody_from_health() {
        let limits = Limits {
            connections_max: 8,
            connections_per_address_max: 4,
            ..Limits::default()
        };
        let (address, _lifecycle) = started(Readiness::new(), limits).await;
        let mut silent = Vec::new();
        for _ in 0..100 {
            silent.push(TcpStream::connect(address).await.unwrap());
        }
        let answer = exchange(address, "GET /healthz HTTP/1.0\r\n\r\n").await;
        assert!(answer.starts_with("HTTP/1.0 200"), "{answer}");
    }

    /// An answer that begins and does not end.
    fn endless() -> Router {
        let body = || async {
            let piece = hyper::body::Bytes::from_static(&[b'x'; 64 * 1024]);
            let pieces =
                futures::stream::repeat_with(move || Ok::<_, std::io::Error>(piece.clone()));
            axum::body::Body::from_stream(pieces)
        };
        Router::new().route("/endless", axum::routing::get(body))
    }

    async fn serving(router: Router, limits: Limits) -> (SocketAddr, Lifecycle) {
        let lifecycle = Lifecycle::new(Duration::from_secs(10));
        let listener = bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
        let address = listener.local_addr().unwrap();
        lifecycle.spawn("http", serve(listener, router, lifecycle.clone(), limits));
        (address, lifecycle)
    }

    async fn ask_for_the_endless(address: SocketAddr) -> TcpStream {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let request = b"GET /endless HTTP/1.1\r\nhost: x\r\n\r\n";
        stream.write_all(request).await.unwrap();
        let mut begin = [0; 12];
        stream.read_exact(&mut begin).await.unwrap();
        assert_eq!(&begin, b"HTTP/1.1 200");
        stream
    }

    #[tokio::test]
    async fn a_busy_server_answers_health_and_tells_others_to_come_again() {
        let limits = Limits {
            connections_max: 2,
            ..Limits::default()
        };
        let health = router(Readiness::new().into(), Metrics::new("test", "0").unwrap());
        let (address, lifecycle) = serving(endless().merge(health), limits).await;
        let _busy = (
            ask_for_the_endless(address).await,
            ask_for_the_endless(address).await,
        );
        let answer = exchange(address, "GET /healthz HTTP/1.0\r\n\r\n").await;
        assert!(answer.starts_with("HTTP/1.0 200"), "{answer}");
        let answer = exchange(address, "GET /other HTTP/1.0\r\n\r\n").await;
        assert!(answer.starts_with("HTTP/1.0 503"), "{answer}");
        assert!(answer.contains("server_busy"), "{answer}");
        // However full it is, it hears that it is to stop.
        lifecycle.soft_stop().cancel();
        let refused = async {
            while TcpStream::connect(address).await.is_ok() {
                tokio::task::yield_now().await;
            }
        };
        timeout(Duration::from_secs(5), refused).await.unwrap();
        lifecycle.hard_stop().cancel();
    }

    #[tokio::test]
    async fn a_client_that_takes_nothing_of_its_answer_is_dropped() {
        let limits = Limits {
            write_idle_timeout: Duration::from_millis(50),
            ..Limits::default()
        };
        let (address, lifecycle) = serving(endless(), limits).await;
        let _client = ask_for_the_endless(address).await;
        let only_the_server_runs = async {
            while lifecycle.tasks().len() > 1 {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        let dropped = timeout(Duration::from_secs(10), only_the_server_runs).await;
        dropped.expect("its connection ends");
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
