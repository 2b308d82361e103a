//! Receivers that behave badly, and what the client makes of them.
//!
//! Each receiver is a bare TCP listener that follows a script, so that it can break any rule of HTTP.
//!
//! | a receiver that … | test |
//! | --- | --- |
//! | refuses the connection | `connections::a_refused_connection` |
//! | resets without an answer, in its head, after its headers | `connections::a_connection_that_ends_without_an_answer`, `bodies::an_answer_whose_connection_is_reset_after_the_headers_counts` |
//! | accepts and never answers, or with 200 after the timeout | `connections::no_answer_in_time` |
//! | never reads | `connections::a_request_that_is_never_read` |
//! | drips its head, its body, for ever | `connections::no_answer_in_time`, `bodies::an_answer_whose_body_drips_counts_and_ends_by_the_timeout` |
//! | sends an endless body, 100 MB | `bodies::gives_up_the_connection_of_a_large_body` |
//! | sends 101 headers, 10,000 | `answers::headers_are_cut_like_bodies` |
//! | frames its answer as HTTP does not allow | `answers::an_answer_that_is_framed_oddly_counts` |
//! | sends a header that is not visible ASCII | `answers::keeps_the_bytes_of_a_header_and_drops_what_is_none` |
//! | sends invalid UTF-8, gzip | `bodies::keeps_bytes_as_they_come` |
//! | sends 1xx before the answer, or nothing else | `answers::passes_over_interim_answers`, `connections::interim_answers_without_end_are_no_answer` |
//! | closes between requests | `connections::an_idle_connection_that_closed_is_replaced`, `connections::closes_between_requests_lose_and_double_nothing` |
//! | closes in the middle of a request, or after it | `connections::a_kept_connection_that_closes_is_replaced_once`, `connections::a_new_connection_that_closes_is_a_failure` |
//! | says how long it keeps a connection | `connections::what_a_receiver_says_of_its_connections_is_heard` |
//! | answers before it has read the request | `early::…` |
//! | takes some requests of an HTTP/2 connection and refuses the others | `http2::…` |
//! | redirects into the network, to itself | `answers::does_not_follow_redirects` |
//! | has an expired, self-signed, early, foreign certificate | `tls::bad_certificates_are_told_apart` |
//! | shows what OpenSSL makes by default, or what constraints forbid | `certificates` |
//! | demands a certificate and hangs up in the middle of the request | `mutual_tls::an_alert_is_named_however_large_the_request` |
//! | closes without TLS's farewell | `tls::an_end_without_a_farewell_is_an_end` |
//! | speaks HTTP/2 only, or no TLS at all | `tls::http_2_is_spoken_where_it_is_offered`, `tls::a_port_that_does_not_speak_tls` |
//! | asks for silence in words that are none | domain `retry_after::reads_seconds_and_dates_and_ignores_the_rest` |
//!
//! | an address that … | test |
//! | --- | --- |
//! | is refused, however it is spelled: short, decimal, hexadecimal, octal, look-alikes, a trailing dot | `names::every_spelling_of_a_refused_address_is_refused` |
//! | is in any refused range | `address::tests::refuses_everything_that_is_not_the_public_internet` |
//! | stands beside allowed ones | `names::a_mix_of_addresses_is_refused` |
//! | changes between check and connection | `names::a_name_that_changes_is_judged_at_each_connection` |
//! | is behind a proxy | `proxy::a_refused_address_never_reaches_the_proxy` |
//! | comes with credentials, `a@b`, port 0 | domain `endpoint_url::takes_http_and_https_with_a_host_and_nothing_else` |
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod answers;
mod bodies;
mod certificates;
mod connections;
mod early;
mod exhaustion;
mod http2;
mod mutual_tls;
mod names;
mod phases;
mod proxy;
mod raw_http2;
mod receiver;
mod tls;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use bytes::Bytes;
use http::HeaderMap;
use posthorn_domain::{EndpointUrl, FailureKind, UrlPolicy};
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

fn failure(exchange: Exchange) -> FailureKind {
    failed(exchange).failure.kind()
}
