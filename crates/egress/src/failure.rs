//! What kind of failure an error is, and how to say it.
//!
//! Decided by the types along the chain of sources, never by their words.

use std::{error::Error, io, time::Duration};

use posthorn_domain::Failure;

use crate::{
    address::NotAllowed, exchange::FailedExchange, resolver::LookupFailed, tls_words::tls_words,
};

pub(crate) fn not_allowed(refused: NotAllowed) -> FailedExchange {
    FailedExchange {
        kind: Failure::AddressNotAllowed,
        message: format!("the URL leads to an address that is not allowed: {refused}"),
    }
}

/// Explains an error of a request that got no answer.
pub(crate) fn explain(error: &reqwest::Error, connect_timeout: Duration) -> FailedExchange {
    if let Some(refused) = find::<NotAllowed>(error) {
        return not_allowed(*refused);
    }
    let (kind, message) = if let Some(failed) = find::<LookupFailed>(error) {
        (Failure::Dns, failed.to_string())
    } else if error.is_dns() {
        (Failure::Dns, "the name could not be resolved".to_owned())
    } else if error.is_connect() {
        connecting(error, connect_timeout)
    } else {
        exchanging(error)
    };
    FailedExchange { kind, message }
}

/// Before a connection stood.
fn connecting(error: &reqwest::Error, connect_timeout: Duration) -> (Failure, String) {
    if let Some(tls) = find::<rustls::Error>(error) {
        return (Failure::Tls, tls_words(tls));
    }
    match io_kind(error) {
        // A connection that is only being opened has no end of file; a handshake has.
        Some(io::ErrorKind::UnexpectedEof) => (
            Failure::Tls,
            "the receiver closed the connection during the TLS handshake".to_owned(),
        ),
        Some(kind) => (Failure::Connect, connect_words(kind).to_owned()),
        None if error.is_timeout() => (
            Failure::Connect,
            format!("no connection within {} s", connect_timeout.as_secs_f64()),
        ),
        None => (Failure::Connect, "no connection".to_owned()),
    }
}

/// On a connection that stood.
fn exchanging(error: &reqwest::Error) -> (Failure, String) {
    if let Some(tls) = find::<rustls::Error>(error) {
        return (Failure::Tls, tls_words(tls));
    }
    let words = if let Some(hyper) = find::<hyper::Error>(error) {
        if hyper.is_canceled() {
            return (
                Failure::Connect,
                "the receiver closed the connection before the request was written".to_owned(),
            );
        }
        if hyper.is_parse() {
            "the answer is not valid HTTP, or its headers are too many or too large"
        } else if hyper.is_incomplete_message() {
            "the receiver closed the connection without an answer"
        } else {
            broken_words(error)
        }
    } else {
        broken_words(error)
    };
    (Failure::Protocol, words.to_owned())
}

fn connect_words(kind: io::ErrorKind) -> &'static str {
    match kind {
        io::ErrorKind::ConnectionRefused => "the receiver refused the connection",
        io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted => {
            "the receiver reset the connection while it was being opened"
        }
        io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable => {
            "the receiver's address cannot be reached"
        }
        io::ErrorKind::TimedOut => "the receiver did not answer the attempt to connect",
        _ => "no connection",
    }
}

fn broken_words(error: &reqwest::Error) -> &'static str {
    match io_kind(error) {
        Some(io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe) => {
            "the receiver reset the connection"
        }
        Some(io::ErrorKind::UnexpectedEof) => "the receiver cut the connection",
        Some(_) | None => "the connection broke before an answer came",
    }
}

/// The error and everything that it came from, outermost first.
fn chain<'a>(
    error: &'a (dyn Error + 'static),
) -> impl Iterator<Item = &'a (dyn Error + 'static)> + 'a {
    std::iter::successors(Some(error), |error| cause(*error))
}

/// What an error came from. An `io::Error` that wraps another error names that one's source as its own, and so hides it.
fn cause<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    let wrapped = error.downcast_ref().and_then(io::Error::get_ref);
    match wrapped {
        Some(wrapped) => Some(wrapped),
        None => error.source(),
    }
}

/// The first error of type `E` in the chain.
fn find<'a, E: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a E> {
    chain(error).find_map(|error| error.downcast_ref())
}

/// What the operating system, or who spoke for it, said in the end: wrappers around it are of kind `Other`.
fn io_kind(error: &(dyn Error + 'static)) -> Option<io::ErrorKind> {
    chain(error)
        .filter_map(|error| error.downcast_ref::<io::Error>())
        .last()
        .map(io::Error::kind)
}
