//! Receivers that behave badly, and what the client makes of them.
//!
//! Each receiver is a bare TCP listener that follows a script, so that it can break any rule of HTTP.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod answers;
mod bodies;
mod connections;
mod mutual_tls;
mod names;
mod receiver;
mod tls;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use bytes::Bytes;
use http::HeaderMap;
use posthorn_domain::{EndpointUrl, Failure, UrlPolicy};
use posthorn_egress::{Client, EgressConfig, Exchange, FailedExchange, Request, Response};

/// Longer than any exchange here takes, unless the test is about the timeout.
const PLENTY: Duration = Duration::from_secs(30);
/// For tests in which the timeout passes.
const SHORT: Duration = Duration::from_millis(300);

fn config() -> EgressConfig {
    let mut config = EgressConfig::new("Posthorn/test");
    config.allow = vec!["127.0.0.0/8".parse().unwrap()];
    config
}

fn client() -> Client {
    Client::new(config()).unwrap()
}

fn client_with(lookup: impl posthorn_egress::Lookup) -> Client {
    Client::with_lookup(config(), Arc::new(lookup)).unwrap()
}

fn request(url: &str) -> Request {
    Request {
        url: EndpointUrl::parse(url, UrlPolicy::HttpAllowed).unwrap(),
        headers: HeaderMap::new(),
        body: Bytes::from_static(b"{\"n\":1}"),
        timeout: PLENTY,
        tls: None,
    }
}

fn at(address: SocketAddr) -> Request {
    request(&format!("http://{address}/hook?token=s3cret"))
}

fn within(mut request: Request, timeout: Duration) -> Request {
    request.timeout = timeout;
    request
}

fn answered(exchange: Exchange) -> Response {
    exchange.outcome.unwrap()
}

/// The failure, after the checks that hold for each one.
fn failed(exchange: Exchange) -> FailedExchange {
    let failed = exchange.outcome.unwrap_err();
    assert!(!failed.message.is_empty());
    assert!(!failed.message.contains("s3cret"), "{}", failed.message);
    assert!(!failed.message.contains("hook"), "{}", failed.message);
    failed
}

fn failure(exchange: Exchange) -> Failure {
    failed(exchange).kind
}
