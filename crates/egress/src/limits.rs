//! What bounds an exchange, beside the limits that [`posthorn_domain::limits`] names.

use std::time::Duration;

/// Most headers kept of an answer. The HTTP library's parser takes no more over HTTP/1; of an answer with more the status
/// and the first ones are read all the same.
pub const RESPONSE_HEADERS_MAX: usize = 100;
/// Most bytes of names and values kept of an answer's headers; those that no longer fit are left out.
pub const RESPONSE_HEADER_BYTES_MAX: usize = 16 * 1024;
/// What a connection over HTTP/1 holds of what is read or written, in bytes. A header block of which so much has come
/// and that goes on is cut; what one read brings together may be larger.
pub const HTTP1_BUFFER_BYTES_MAX: usize = 64 * 1024;
/// How much of a head is kept to be read once more where the HTTP library gives it up, in bytes: as much as that reads.
pub(crate) const HEARD_HEAD_BYTES_MAX: usize = HTTP1_BUFFER_BYTES_MAX;
/// How many headers are read then: those that are kept, and any `retry-after` behind them.
pub(crate) const HEARD_HEADERS_MAX: usize = RESPONSE_HEADERS_MAX + 8;
/// Largest header block taken over HTTP/2, in bytes.
pub const HTTP2_HEADER_LIST_BYTES_MAX: u32 = 64 * 1024;
/// How many bytes of body beyond the kept ones are read to let a connection live on.
pub const DISCARDED_BODY_BYTES_MAX: usize = 64 * 1024;

/// Longest wait for a connection, TLS included, unless configured otherwise.
pub const CONNECT_TIMEOUT_DEFAULT: Duration = Duration::from_secs(10);
/// Most addresses of one name that are tried for one connection.
pub const ADDRESSES_TRIED_MAX: usize = 8;
/// How long an address may be silent before the next one is tried beside it (RFC 8305, section 5).
pub const NEXT_ADDRESS_AFTER: Duration = Duration::from_millis(250);
/// How long the other family of a name is waited for when IPv4 addresses have come (RFC 8305, section 3).
pub const OTHER_FAMILY_AFTER_V4: Duration = Duration::from_millis(50);
/// The same when IPv6 addresses have come. Longer than the RFC has it: where IPv6 leads nowhere, they are of no use.
pub const OTHER_FAMILY_AFTER_V6: Duration = Duration::from_millis(500);
/// Largest answer of a proxy to a request for a tunnel, in bytes.
pub const PROXY_ANSWER_BYTES_MAX: usize = 8 * 1024;
/// How long an idle connection is kept, unless configured otherwise.
///
/// Shorter than the five seconds after which common servers close one themselves (Node.js, Apache, uvicorn): a request
/// that is written into a connection which is just being closed goes once more, and costs a receiver far away two
/// further round trips. A receiver that says how long it keeps one (`keep-alive: timeout=…`) is heard.
pub const IDLE_CONNECTION_DEFAULT: Duration = Duration::from_secs(4);
/// Most idle connections kept to one host, unless configured otherwise.
pub const IDLE_CONNECTIONS_PER_HOST_DEFAULT: usize = 256;
/// Most HTTP/2 connections to one host that are shared. Each carries as many requests at once as the receiver allows.
pub const HTTP2_CONNECTIONS_MAX: usize = 4;
/// Longest wait within Posthorn for one of the requests that a receiver allows at once over HTTP/2. Shorter than what a
/// delivery's lock leaves beside the webhook's timeout.
pub const TURN_WAIT_MAX: Duration = Duration::from_secs(10);
/// How often a busy HTTP/2 connection is asked whether it lives.
pub const HTTP2_PING_INTERVAL: Duration = Duration::from_secs(10);
/// How long it has to answer that.
pub const HTTP2_PING_TIMEOUT: Duration = Duration::from_secs(10);

/// Most webhooks with TLS settings of their own whose connections are kept.
pub const TLS_CLIENTS_MAX: u64 = 256;
/// How long connections with TLS settings of their own are kept when they are not used.
pub const TLS_CLIENT_IDLE: Duration = Duration::from_secs(600);
/// Most access tokens remembered.
pub const TOKENS_MAX: u64 = 10_000;
/// How long a token endpoint may take.
pub const TOKEN_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a token is used whose endpoint does not say how long it lives.
pub const TOKEN_LIFETIME_DEFAULT: Duration = Duration::from_secs(300);
/// Longest time that a token is used, whatever its endpoint says.
pub const TOKEN_LIFETIME_MAX: Duration = Duration::from_secs(86_400);
/// A token is not used any more this long before it expires, or after nine tenths of a shorter life.
pub const TOKEN_MARGIN: Duration = Duration::from_secs(30);

/// Longest time that a resolved address is remembered, whatever its record says.
pub const DNS_POSITIVE_TTL_MAX: Duration = Duration::from_secs(300);
/// Longest time that a name is remembered not to exist.
pub const DNS_NEGATIVE_TTL_MAX: Duration = Duration::from_secs(5);
/// Most names remembered.
pub const DNS_CACHE_NAMES_MAX: u64 = 16_384;
