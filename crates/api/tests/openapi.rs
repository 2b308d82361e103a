//! The OpenAPI and AsyncAPI documents in the repository are those that the code makes.

#![allow(
    clippy::unwrap_used,
    reason = "a test says what went wrong by panicking"
)]

use std::path::Path;

#[test]
fn the_document_is_up_to_date() {
    let made = posthorn_api::document().to_pretty_json().unwrap() + "\n";
    compare("openapi.json", &made);
}

#[test]
fn the_document_of_nats_is_up_to_date() {
    let made = serde_json::to_string_pretty(&posthorn_api::asyncapi_document()).unwrap() + "\n";
    compare("asyncapi.json", &made);
}

fn compare(name: &str, made: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    if std::env::var_os("RENEW").is_some() {
        std::fs::write(&path, made).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == made,
        "crates/api/{name} is stale; renew it with: RENEW=1 cargo test -p posthorn-api --test openapi"
    );
}
