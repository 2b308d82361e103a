//! The HTTP side of the receiver.

use std::{
    convert::Infallible,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use http::{HeaderMap, Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Empty, Limited};
use hyper::{body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto,
};
use posthorn_domain::Clock;
use tokio::{net::TcpListener, sync::mpsc};

use super::{
    answer::Plan,
    print::{Received, Style},
    tally::Tally,
    verify::Verifier,
};
use crate::{exit::Failure, show};

/// Largest body taken, in bytes.
const BODY_BYTES_MAX: usize = 8 * 1024 * 1024;
/// Longest wait for a request's headers.
const HEADERS_TIMEOUT: Duration = Duration::from_secs(30);
/// After a failed accept, such as for want of file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Where requests are read, judged and written down.
pub(super) struct Desk {
    verifier: Verifier,
    plan: Plan,
    style: Style,
    clock: Arc<dyn Clock>,
    tally: Mutex<Tally>,
}

impl Desk {
    pub(super) fn new(verifier: Verifier, plan: Plan, style: Style, clock: Arc<dyn Clock>) -> Self {
        Self {
            verifier,
            plan,
            style,
            clock,
            tally: Mutex::default(),
        }
    }

    pub(super) fn summary(&self) -> String {
        self.tally().summary()
    }

    /// Counts, verifies and prints one delivered request; returns the status to answer.
    fn take_in(&self, headers: &HeaderMap, body: &[u8]) -> Result<StatusCode, Failure> {
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
        let (event_id, delivery_id) = (text("webhook-id"), text("x-webhook-delivery"));
        let verification = self.verifier.verify(headers, body);
        // Held while printing, so that the lines come in the order of the counting.
        let mut tally = self.tally();
        let attempt = tally.count(delivery_id.or(event_id).unwrap_or_default());
        let status = self.plan.status(attempt, &verification);
        tally.record(status, &verification);
        let received = Received {
            at: self.clock.now(),
            event_type: text("x-webhook-event"),
            event_id,
            delivery_id,
            attempt,
            verification: &verification,
            status,
            body,
        };
        if let Some(shown) = received.shown(self.style) {
            show::result(&shown)?;
        }
        Ok(status)
    }

    async fn answer(
        self: Arc<Self>,
        request: Request<Incoming>,
        broken: mpsc::Sender<Failure>,
    ) -> StatusCode {
        if request.method() != Method::POST {
            return StatusCode::METHOD_NOT_ALLOWED;
        }
        let (head, body) = request.into_parts();
        // Too large, or cut off by a sender who is no longer there to read the answer.
        let Ok(body) = Limited::new(body, BODY_BYTES_MAX).collect().await else {
            return StatusCode::PAYLOAD_TOO_LARGE;
        };
        match self.take_in(&head.headers, &body.to_bytes()) {
            Ok(status) => {
                tokio::time::sleep(self.plan.delay).await;
                status
            }
            Err(failure) => {
                // One report is enough to end the program.
                let _ = broken.try_send(failure);
                StatusCode::INTERNAL_SERVER_ERROR
            }
        }
    }

    fn tally(&self) -> MutexGuard<'_, Tally> {
        self.tally.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Serves until the output can no longer be written.
pub(super) async fn serve(listener: TcpListener, desk: Arc<Desk>) -> Result<(), Failure> {
    let (broken, mut breakage) = mpsc::channel(1);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            Some(failure) = breakage.recv() => return Err(failure),
        };
        let Ok((stream, _)) = accepted else {
            tokio::time::sleep(ACCEPT_PAUSE).await;
            continue;
        };
        let (desk, broken) = (Arc::clone(&desk), broken.clone());
        tokio::spawn(async move {
            let service = service_fn(|request| {
                let answering = Arc::clone(&desk).answer(request, broken.clone());
                async {
                    let mut response = Response::new(Empty::<Bytes>::new());
                    *response.status_mut() = answering.await;
                    Ok::<_, Infallible>(response)
                }
            });
            let mut server = auto::Builder::new(TokioExecutor::new());
            server
                .http1()
                .timer(TokioTimer::new())
                .header_read_timeout(HEADERS_TIMEOUT);
            // A sender that goes away is its own business.
            let _ = server.serve_connection(TokioIo::new(stream), service).await;
        });
    }
}
