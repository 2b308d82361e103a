//! The console: the pages of `web/console`, part of this binary.
//!
//! A build without them is a good build: it serves a page that says how to make them. In a development build they are
//! read from their folder with each request, so that a new build of them needs none of the api.
//!
//! The pages may load what is theirs and talk to this api, nothing else: no other host, no script in the text of the page,
//! and no style there but those that carry the nonce of this one answer. What names a file's content in its own name may be kept for
//! ever, the page that names those files never.

mod assets;
mod page;

use axum::{
    Router,
    http::{HeaderMap, Method, Uri, header::ACCEPT},
    routing::get,
};
use tower_http::compression::CompressionLayer;

pub(crate) use page::page;

use crate::app::App;

/// The files of the console. Outside the edge: they belong to nobody, and a page of a dozen files is not a dozen requests
/// of somebody without a key.
pub(crate) fn files() -> Router<App> {
    Router::new()
        .route("/", get(page))
        .route("/favicon.svg", get(assets::favicon))
        .route("/assets/{file}", get(assets::asset))
        .layer(CompressionLayer::new())
}

/// Whether somebody who opens this address wants to see a page: the console has addresses of its own for all that it shows.
pub(crate) fn wants_page(method: &Method, uri: &Uri, headers: &HeaderMap) -> bool {
    let accepts_html = headers
        .get(ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|accepted| accepted.contains("text/html"));
    let is_interface = ["/api", "/docs"].iter().any(|base| {
        let rest = uri.path().strip_prefix(base);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    });
    method == Method::GET && accepts_html && !is_interface
}
