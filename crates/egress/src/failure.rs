//! What kind of failure an error is, and how to say it.
//!
//! Decided by the types along the chain of sources, never by their words.

use std::{error::Error, io};

use posthorn_domain::Failure;

use crate::{
    address::NotAllowed,
    connect::{ConnectFailed, ProxyFailed},
    exchange::FailedExchange,
    phases::Stage,
    pool::SendFailed,
    resolver::LookupFailed,
    tls_words::tls_failure,
};

/// Explains an error of a request that got no answer.
pub(crate) fn explain(error: &SendFailed) -> FailedExchange {
    let (failure, message) = match find::<ConnectFailed>(error) {
        Some(failed) => connecting(failed),
        None => exchanging(error),
    };
    FailedExchange { failure, message }
}

/// Before a connection stood.
fn connecting(failed: &ConnectFailed) -> (Failure, String) {
    match failed {
        ConnectFailed::NotAllowed(refused) => (Failure::AddressNotAllowed, refused_words(*refused)),
        ConnectFailed::Lookup(LookupFailed::Exhausted) => exhausted(None),
        ConnectFailed::Exhausted(error) => exhausted(Some(error)),
        ConnectFailed::Lookup(failed) => {
            let failure = match failed {
                LookupFailed::NoSuchName | LookupFailed::NoAddress => Failure::DnsNotFound,
                LookupFailed::NoAnswer | LookupFailed::Exhausted => Failure::DnsFailed,
            };
            (failure, failed.to_string())
        }
        ConnectFailed::Socket(error) => {
            let (failure, words) = socket_failure(error);
            (failure, words.to_owned())
        }
        ConnectFailed::Proxy(failed) => (Failure::ProxyFailed, proxy_words(failed)),
        ConnectFailed::NoServerName => (
            Failure::TlsNoName,
            "the URL's host is no name that a TLS certificate can be for".to_owned(),
        ),
        ConnectFailed::Tls(error) => handshake_failure(error),
        ConnectFailed::TimedOut(stage, bound) => {
            let (failure, what) = match stage {
                Stage::Dns => (Failure::DnsFailed, "no answer of the name servers"),
                Stage::Connect => (Failure::ConnectionTimeout, "no connection"),
                Stage::Tls => (Failure::TlsTimeout, "no TLS handshake"),
            };
            (failure, format!("{what} within {} s", bound.as_secs_f64()))
        }
    }
}

/// Nothing of the receiver's.
fn exhausted(error: Option<&io::Error>) -> (Failure, String) {
    let mut words =
        "Posthorn has no file descriptors, ports or memory left to send with".to_owned();
    if let Some(error) = error {
        words.push_str(&format!(" ({error})"));
    }
    (Failure::LocalResources, words)
}

fn refused_words(refused: NotAllowed) -> String {
    format!("the URL leads to an address that is not allowed: {refused}")
}

fn handshake_failure(error: &io::Error) -> (Failure, String) {
    let words = match (find::<rustls::Error>(error), error.kind()) {
        (Some(tls), _) => return tls_failure(tls),
        (None, io::ErrorKind::UnexpectedEof) => {
            "the receiver closed the connection during the TLS handshake"
        }
        (None, io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe) => {
            "the receiver reset the connection during the TLS handshake"
        }
        (None, _) => "the TLS handshake broke off",
    };
    (Failure::TlsFailed, words.to_owned())
}

/// On a connection that stood.
fn exchanging(error: &SendFailed) -> (Failure, String) {
    if let Some(tls) = find::<rustls::Error>(error) {
        return tls_failure(tls);
    }
    if let Some(words) = refused_words_http2(error) {
        return (Failure::ConnectionClosed, words.to_owned());
    }
    let (failure, words) = match find::<hyper::Error>(error) {
        Some(hyper) if hyper.is_canceled() => (
            Failure::ConnectionFailed,
            "the receiver closed the connection before the request was written",
        ),
        Some(hyper) if hyper.is_parse() => {
            (Failure::InvalidResponse, "the answer is not valid HTTP")
        }
        Some(hyper) if hyper.is_incomplete_message() => (
            Failure::ConnectionClosed,
            "the receiver closed the connection without an answer",
        ),
        Some(_) | None => broken(error),
    };
    (failure, words.to_owned())
}

/// What a receiver says over HTTP/2 of a request that it does not take.
fn refused_words_http2(error: &SendFailed) -> Option<&'static str> {
    let h2 = find::<h2::Error>(error).filter(|error| error.is_remote())?;
    if h2.is_go_away() {
        Some("the receiver closed the connection before it took the request (HTTP/2 GOAWAY)")
    } else if h2.reason() == Some(h2::Reason::REFUSED_STREAM) {
        Some("the receiver refused the request before it took it (HTTP/2 REFUSED_STREAM)")
    } else {
        None
    }
}

/// Not the receiver's fault, and not the words of the receiver's owner to read much from: the operator's.
fn proxy_words(failed: &ProxyFailed) -> String {
    match failed {
        ProxyFailed::Refused(407) => {
            "the egress proxy does not take the credentials of Posthorn (407)".to_owned()
        }
        ProxyFailed::Refused(status) => {
            format!("the egress proxy opened no connection to the receiver (it answered {status})")
        }
        ProxyFailed::Lookup(_)
        | ProxyFailed::Socket(_)
        | ProxyFailed::Exhausted(_)
        | ProxyFailed::Broken(_)
        | ProxyFailed::NotHttp => failed.to_string(),
    }
}

fn socket_failure(error: &io::Error) -> (Failure, &'static str) {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => (
            Failure::ConnectionRefused,
            "the receiver refused the connection",
        ),
        io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted => (
            Failure::ConnectionFailed,
            "the receiver reset the connection while it was being opened",
        ),
        io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable => (
            Failure::HostUnreachable,
            "the receiver's address cannot be reached",
        ),
        io::ErrorKind::TimedOut => (
            Failure::ConnectionTimeout,
            "the receiver did not answer the attempt to connect",
        ),
        _ => (Failure::ConnectionFailed, "no connection"),
    }
}

fn broken(error: &SendFailed) -> (Failure, &'static str) {
    match io_kind(error) {
        Some(io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe) => (
            Failure::ConnectionReset,
            "the receiver reset the connection",
        ),
        Some(io::ErrorKind::UnexpectedEof) => {
            (Failure::ConnectionClosed, "the receiver cut the connection")
        }
        Some(_) | None => (
            Failure::ConnectionReset,
            "the connection broke before an answer came",
        ),
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
pub(crate) fn find<'a, E: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a E> {
    chain(error).find_map(|error| error.downcast_ref())
}

/// What the operating system, or who spoke for it, said in the end: wrappers around it are of kind `Other`.
fn io_kind(error: &(dyn Error + 'static)) -> Option<io::ErrorKind> {
    chain(error)
        .filter_map(|error| error.downcast_ref::<io::Error>())
        .last()
        .map(io::Error::kind)
}
