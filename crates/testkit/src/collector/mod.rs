mod span;
mod waterfall;

use std::{
    collections::BTreeSet,
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use bytes::{BufMut, Bytes, BytesMut};
use http::{HeaderMap, HeaderValue, Request, Response, header::CONTENT_TYPE};
use http_body_util::{BodyExt, Full, combinators::WithTrailers};
use hyper::{body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto,
};
use opentelemetry_proto::tonic::collector::{
    metrics::v1::ExportMetricsServiceRequest, trace::v1::ExportTraceServiceRequest,
};
use prost::Message;
use tokio::{net::TcpListener, task::JoinSet};

pub use span::{CollectedSpan, SpanKind};
pub use waterfall::waterfall;

use crate::eventually;

const WAIT_DEADLINE: Duration = Duration::from_secs(30);

/// A collector of telemetry (OTLP): takes the official messages over gRPC and over HTTP, on one port, and keeps what
/// they say.
#[derive(Debug)]
pub struct Collector {
    address: SocketAddr,
    seen: Arc<Mutex<Seen>>,
    // Ends the accepting task.
    _tasks: JoinSet<()>,
}

#[derive(Debug, Default)]
struct Seen {
    spans: Vec<CollectedSpan>,
    metrics: BTreeSet<String>,
    requests: Vec<(String, HeaderMap)>,
}

impl Collector {
    /// Begins to listen on a free port of the loopback.
    pub async fn start() -> Self {
        Self::listen("127.0.0.1:0").await
    }

    /// Begins to listen.
    pub async fn listen(address: &str) -> Self {
        let listener = TcpListener::bind(address).await.unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::<Mutex<Seen>>::default();
        let mut tasks = JoinSet::new();
        tasks.spawn(accept(listener, seen.clone()));
        Self {
            address,
            seen,
            _tasks: tasks,
        }
    }

    /// For `OTEL_EXPORTER_OTLP_ENDPOINT`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Every span so far.
    pub fn spans(&self) -> Vec<CollectedSpan> {
        self.seen.lock().unwrap().spans.clone()
    }

    /// The names of all metrics so far.
    pub fn metrics(&self) -> BTreeSet<String> {
        self.seen.lock().unwrap().metrics.clone()
    }

    /// Path and headers of every request so far.
    pub fn requests(&self) -> Vec<(String, HeaderMap)> {
        self.seen.lock().unwrap().requests.clone()
    }

    /// Adds a span of somebody who has no exporter, such as the test itself.
    pub fn note(&self, span: CollectedSpan) {
        self.seen.lock().unwrap().spans.push(span);
    }

    /// The spans of a trace, once there are so many, in the order in which they began.
    pub async fn trace(&self, id: &str, count: usize) -> Vec<CollectedSpan> {
        eventually(WAIT_DEADLINE, async || {
            let mut spans = self.spans();
            spans.retain(|span| span.trace_id == id);
            spans.sort_by_key(|span| span.start_ns);
            if spans.len() >= count {
                Ok(spans)
            } else {
                Err(spans)
            }
        })
        .await
    }
}

async fn accept(listener: TcpListener, seen: Arc<Mutex<Seen>>) {
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        let seen = seen.clone();
        connections.spawn(async move {
            let service = service_fn(|request| answer(request, seen.clone()));
            let server = auto::Builder::new(TokioExecutor::new());
            // A client that goes away is no trouble of ours.
            let _ = server.serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

type Trailers = std::future::Ready<Option<Result<HeaderMap, std::convert::Infallible>>>;
type Answer = Response<WithTrailers<Full<Bytes>, Trailers>>;

async fn answer(
    request: Request<Incoming>,
    seen: Arc<Mutex<Seen>>,
) -> Result<Answer, hyper::Error> {
    let (parts, body) = request.into_parts();
    let body = body.collect().await?.to_bytes();
    let is_grpc = parts
        .headers
        .get(CONTENT_TYPE)
        .is_some_and(|value| value.as_bytes().starts_with(b"application/grpc"));
    // Over gRPC a flag and a length come before each message.
    let message = if is_grpc { body.slice(5..) } else { body };
    let path = parts.uri.path().to_owned();
    let status = {
        let mut seen = seen.lock().unwrap();
        seen.requests.push((path.clone(), parts.headers));
        seen.take(&path, message)
    };
    let (content_type, body, trailers) = if is_grpc {
        let mut trailers = HeaderMap::new();
        let code = if status == 200 { "0" } else { "12" };
        trailers.insert("grpc-status", HeaderValue::from_static(code));
        // An empty message: everything was taken.
        let mut frame = BytesMut::new();
        frame.put_bytes(0, 5);
        ("application/grpc", frame.freeze(), Some(Ok(trailers)))
    } else {
        ("application/x-protobuf", Bytes::new(), None)
    };
    let body = Full::new(body).with_trailers(std::future::ready(trailers));
    let mut response = Response::new(body);
    *response.status_mut() =
        http::StatusCode::from_u16(if is_grpc { 200 } else { status }).unwrap();
    let content_type = HeaderValue::from_static(content_type);
    response.headers_mut().insert(CONTENT_TYPE, content_type);
    Ok(response)
}

impl Seen {
    /// Reads one message; the status that answers it.
    fn take(&mut self, path: &str, message: Bytes) -> u16 {
        if path.ends_with("/v1/traces") || path.ends_with("TraceService/Export") {
            let request = ExportTraceServiceRequest::decode(message).unwrap();
            self.spans.extend(span::spans(request));
            200
        } else if path.ends_with("/v1/metrics") || path.ends_with("MetricsService/Export") {
            let request = ExportMetricsServiceRequest::decode(message).unwrap();
            let scopes = request.resource_metrics.into_iter();
            let scopes = scopes.flat_map(|resource| resource.scope_metrics);
            let metrics = scopes.flat_map(|scope| scope.metrics);
            self.metrics.extend(metrics.map(|metric| metric.name));
            200
        } else {
            404
        }
    }
}
