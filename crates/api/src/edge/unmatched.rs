use std::any::Any;

use axum::{
    extract::{Request, State},
    response::{IntoResponse, Response},
};

use crate::{
    app::App,
    console,
    problem::{Code, Problem},
};

/// Answers a path that no operation has: with a page of the console to whoever opens it in a browser.
pub(crate) async fn route_not_found(app: State<App>, request: Request) -> Response {
    if console::wants_page(request.method(), request.uri(), request.headers()) {
        return console::page(app).await;
    }
    Problem::new(
        Code::RouteNotFound,
        "there is nothing at this path; /docs lists what there is",
    )
    .into_response()
}

/// Answers a method that a path does not have.
pub(crate) async fn method_not_allowed() -> Problem {
    Problem::new(
        Code::MethodNotAllowed,
        "this path does not have this method; see the Allow header",
    )
}

/// Answers what a panic left unanswered.
#[expect(
    clippy::needless_pass_by_value,
    reason = "the signature that the layer asks for"
)]
pub(crate) fn panicked(payload: Box<dyn Any + Send>) -> Response {
    let words = payload
        .downcast_ref::<&str>()
        .map(ToString::to_string)
        .or_else(|| payload.downcast_ref::<String>().cloned());
    Problem::internal(format_args!(
        "panic: {}",
        words.as_deref().unwrap_or("without words")
    ))
    .into_response()
}
