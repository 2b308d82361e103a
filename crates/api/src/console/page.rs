use axum::{
    extract::State,
    http::{
        HeaderValue,
        header::{
            CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, REFERRER_POLICY,
            X_CONTENT_TYPE_OPTIONS,
        },
    },
    response::{IntoResponse, Response},
};
use rand::{RngExt, distr::Alphanumeric};

use super::assets::file;
use crate::app::App;

const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");
/// What the build leaves where the nonce goes.
const NONCE: &str = "__CSP_NONCE__";
/// Characters of a nonce: 24 of 62 kinds are 142 bits.
const NONCE_CHARS: usize = 24;

/// The page that holds the console, whatever of it the address names.
pub(crate) async fn page(State(app): State<App>) -> Response {
    let nonce: String = app.rng.with(|rng| {
        let characters = rng.sample_iter(Alphanumeric).take(NONCE_CHARS);
        characters.map(char::from).collect()
    });
    let text = match file("index.html") {
        Some(page) => String::from_utf8_lossy(&page).replace(NONCE, &nonce),
        None => include_str!("placeholder.html").to_owned(),
    };
    let html = HeaderValue::from_static("text/html; charset=utf-8");
    let headers = [
        (CONTENT_TYPE, html),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        (
            PERMISSIONS_POLICY,
            HeaderValue::from_static("camera=(), geolocation=(), microphone=()"),
        ),
    ];
    let mut response = (headers, text).into_response();
    if let Ok(policy) = HeaderValue::from_str(&policy(&nonce)) {
        response
            .headers_mut()
            .insert(CONTENT_SECURITY_POLICY, policy);
    }
    response
}

fn policy(nonce: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self'; connect-src 'self'; \
         base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
}
