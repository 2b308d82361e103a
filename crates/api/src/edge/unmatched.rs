use std::any::Any;

use axum::response::{IntoResponse, Response};

use crate::problem::{Code, Problem};

/// Answers a path that no operation has.
pub(crate) async fn route_not_found() -> Problem {
    Problem::new(
        Code::RouteNotFound,
        "there is nothing at this path; /docs lists what there is",
    )
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
