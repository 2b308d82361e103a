//! The HTTP side.

use std::{fmt, future::pending, io, sync::Arc, time::Duration};

use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, Limited};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use posthorn_domain::EventId;
use tokio::net::TcpListener;

use super::{Board, behaviour::Reply, body::AnswerBody};

/// Largest body taken, in bytes.
const BODY_BYTES_MAX: usize = 8 * 1024 * 1024;
/// After a failed accept, such as for want of file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Serves in a thread of its own, so that the generator's work and the receiver's do not wait for each other.
pub(super) fn spawn(listener: std::net::TcpListener, board: Arc<Board>) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    std::thread::Builder::new()
        .name("receiver".to_owned())
        .spawn(move || runtime.block_on(serve(listener, board)))?;
    Ok(())
}

async fn serve(listener: std::net::TcpListener, board: Arc<Board>) -> io::Result<()> {
    let listener = TcpListener::from_std(listener)?;
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            tokio::time::sleep(ACCEPT_PAUSE).await;
            continue;
        };
        // Without it small answers would wait for the sender's acknowledgements.
        let _ = stream.set_nodelay(true);
        let board = Arc::clone(&board);
        tokio::spawn(async move {
            let service = service_fn(move |request| answer(request, Arc::clone(&board)));
            // A sender that goes away is its own business.
            let _ = http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}

async fn answer(
    request: Request<Incoming>,
    board: Arc<Board>,
) -> Result<Response<AnswerBody>, Closed> {
    let Some(route) = board.route_of(request.uri().path()) else {
        return Ok(with_status(StatusCode::NOT_FOUND));
    };
    let visit = route.visit();
    let event = event_of(&request);
    let Ok(body) = Limited::new(request.into_body(), BODY_BYTES_MAX)
        .collect()
        .await
    else {
        return Ok(with_status(StatusCode::PAYLOAD_TOO_LARGE));
    };
    match route.take_in(&body.to_bytes(), event, board.now_us()) {
        Reply::Status(status, wait) => {
            if !wait.is_zero() {
                tokio::time::sleep(wait).await;
            }
            Ok(with_status(
                StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            ))
        }
        // Until the sender closes the connection, which ends this future.
        Reply::Hang => pending().await,
        Reply::Close => Err(Closed),
        Reply::Body(kind) => Ok(Response::new(AnswerBody::bad(kind, visit))),
    }
}

/// The event's id, as every request of Posthorn carries it.
fn event_of(request: &Request<Incoming>) -> Option<EventId> {
    let id = request.headers().get("webhook-id")?;
    id.to_str().ok()?.parse().ok()
}

fn with_status(status: StatusCode) -> Response<AnswerBody> {
    let mut response = Response::new(AnswerBody::Empty);
    *response.status_mut() = status;
    response
}

/// Makes hyper close the connection without an answer.
#[derive(Debug)]
struct Closed;

impl fmt::Display for Closed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("closed on purpose")
    }
}

impl std::error::Error for Closed {}
