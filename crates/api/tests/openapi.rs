//! The OpenAPI document in the repository is the one that the code makes.

#![allow(
    clippy::unwrap_used,
    reason = "a test says what went wrong by panicking"
)]

use std::path::Path;

#[test]
fn the_document_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi.json");
    let made = posthorn_api::document().to_pretty_json().unwrap() + "\n";
    if std::env::var_os("RENEW").is_some() {
        std::fs::write(&path, &made).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == made,
        "crates/api/openapi.json is stale; renew it with: RENEW=1 cargo test -p posthorn-api --test openapi"
    );
}
