use std::{
    convert::Infallible,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use axum::{
    Json, Router,
    body::Body,
    http::{
        HeaderValue, Request, Response, StatusCode,
        header::{CONTENT_TYPE, RETRY_AFTER},
    },
    response::IntoResponse,
};
use futures::{FutureExt, future::BoxFuture};
use hyper::{
    body::{Body as HttpBody, Bytes, Frame, Incoming, SizeHint},
    service::Service,
};
use hyper_util::service::TowerToHyperService;
use serde_json::json;

use super::{
    connections::{Activity, Connection, Place, UnderWay},
    health::PATHS,
};

/// Answers the requests of one connection, and notes while one is under way.
pub(super) struct Answering {
    router: TowerToHyperService<Router>,
    place: Place,
    activity: Arc<Activity>,
}

impl Answering {
    pub(super) fn new(router: Router, connection: &Connection) -> Self {
        Self {
            router: TowerToHyperService::new(router),
            place: connection.place,
            activity: connection.activity.clone(),
        }
    }
}

impl Service<Request<Incoming>> for Answering {
    type Response = Response<Answer>;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response<Answer>, Infallible>>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        let under_way = self.activity.begin();
        let is_served = self.place == Place::Ordinary || PATHS.contains(&request.uri().path());
        let answer = is_served.then(|| self.router.call(request));
        async move {
            let response = match answer {
                Some(answer) => answer.await?,
                None => too_many_connections(),
            };
            Ok(response.map(|body| Answer {
                body,
                _under_way: under_way,
            }))
        }
        .boxed()
    }
}

fn too_many_connections() -> Response<Body> {
    let status = StatusCode::SERVICE_UNAVAILABLE;
    let problem = json!({
        "type": "about:blank",
        "title": status.canonical_reason(),
        "status": status.as_u16(),
        "detail": "too many connections are busy: try again later",
        "code": "server_busy",
    });
    let headers = [
        (
            CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        ),
        (RETRY_AFTER, HeaderValue::from_static("1")),
    ];
    (status, headers, Json(problem)).into_response()
}

/// The body of an answer. Its request is under way until all of it was given out, or the client has gone.
pub(super) struct Answer {
    body: Body,
    _under_way: UnderWay,
}

impl HttpBody for Answer {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
