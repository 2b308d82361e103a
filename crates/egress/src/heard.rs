//! The beginning of an answer as it came, and what can be told from it when the HTTP library takes it for invalid.
//!
//! The library refuses a whole answer for its framing: two lengths that differ, chunks in HTTP/1.0, more headers than it has
//! room for. The receiver has answered all the same, and to repeat the request would be a duplicate. So the beginning of
//! each answer is kept until the next request, and read once more, leniently, where the library gave up: its status
//! counts, its headers are cut like bodies, and the connection is closed, for nobody knows where the answer ends.

use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use posthorn_domain::limits::RESPONSE_BODY_BYTES_MAX;

use crate::{
    answer::kept_headers,
    exchange::{BodyEnd, Response},
    limits::{HEARD_HEAD_BYTES_MAX, HEARD_HEADERS_MAX, RESPONSE_HEADERS_MAX},
};

/// What a receiver said last on one connection.
#[derive(Debug, Default)]
pub(crate) struct Heard(Mutex<Beginning>);

#[derive(Debug, Default)]
struct Beginning {
    bytes: Vec<u8>,
    /// Where the head ends, once it has.
    head_end: Option<usize>,
}

impl Heard {
    /// Something was written: what was heard as a whole answer belongs to the request before.
    pub(crate) fn wrote(&self) {
        let mut heard = self.lock();
        if heard.head_end.take().is_some() {
            heard.bytes.clear();
            heard.bytes.shrink_to(RESPONSE_BODY_BYTES_MAX);
        }
    }

    /// Something was read.
    pub(crate) fn read(&self, bytes: &[u8]) {
        self.lock().read(bytes);
    }

    /// The answer that was heard, for who could not read it otherwise.
    pub(crate) fn answer(&self) -> Option<Response> {
        self.lock().answer()
    }

    fn lock(&self) -> MutexGuard<'_, Beginning> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Beginning {
    fn read(&mut self, bytes: &[u8]) {
        let limit = match self.head_end {
            Some(end) => end + RESPONSE_BODY_BYTES_MAX,
            None => HEARD_HEAD_BYTES_MAX,
        };
        // A line end that the read before has begun ends with this one.
        let mut from = self.bytes.len().saturating_sub(3);
        let room = limit.saturating_sub(self.bytes.len());
        self.bytes
            .extend_from_slice(bytes.get(..room).unwrap_or(bytes));
        while self.head_end.is_none()
            && let Some(end) = head_end(&self.bytes, from)
        {
            if is_interim(&self.bytes) {
                self.bytes.drain(..end);
                from = 0;
            } else {
                self.head_end = Some(end);
                self.bytes.truncate(end + RESPONSE_BODY_BYTES_MAX);
            }
        }
    }

    fn answer(&self) -> Option<Response> {
        let (head, body) = match self.head_end {
            Some(end) => self.bytes.split_at_checked(end)?,
            None => (&*self.bytes, &[][..]),
        };
        let is_cut =
            head.len() >= HEARD_HEAD_BYTES_MAX || whole_lines(head).count() > RESPONSE_HEADERS_MAX;
        if self.head_end.is_none() && !is_cut {
            return None;
        }
        let (status, headers) = parse(&shortened(head))?;
        Some(Response {
            status: status.as_u16(),
            headers: kept_headers(headers),
            body: Bytes::copy_from_slice(body),
            body_end: BodyEnd::Unframed,
        })
    }
}

/// Where the first head ends whose last line ends behind `from`.
fn head_end(bytes: &[u8], from: usize) -> Option<usize> {
    let rest = bytes.get(from..)?;
    rest.iter().enumerate().find_map(|(at, byte)| {
        let next = rest.get(at + 1..).unwrap_or_default();
        match (byte, next) {
            (b'\n', [b'\n', ..]) => Some(from + at + 2),
            (b'\n', [b'\r', b'\n', ..]) => Some(from + at + 3),
            _ => None,
        }
    })
}

/// Whether a head is one of those that come before the answer (RFC 9110, section 15.2). 101 is an answer.
fn is_interim(head: &[u8]) -> bool {
    let code = head.get(9..12).unwrap_or_default();
    code.starts_with(b"1") && code != b"101"
}

/// The status line and those of the headers that have come to their ends.
fn whole_lines(head: &[u8]) -> impl Iterator<Item = &[u8]> {
    head.split_inclusive(|byte| *byte == b'\n')
        .take_while(|line| line.ends_with(b"\n") && ![&b"\n"[..], b"\r\n"].contains(line))
}

/// A head with no more headers than are read. `retry-after` decides something, so it stays wherever it is.
fn shortened(head: &[u8]) -> Vec<u8> {
    let mut short = Vec::with_capacity(head.len());
    for (number, line) in whole_lines(head).enumerate() {
        let decides = line
            .get(.."retry-after:".len())
            .is_some_and(|name| name.eq_ignore_ascii_case(b"retry-after:"));
        if number <= RESPONSE_HEADERS_MAX || decides {
            short.extend_from_slice(line);
        }
    }
    short.extend_from_slice(b"\r\n");
    short
}

fn parse(head: &[u8]) -> Option<(StatusCode, HeaderMap)> {
    let mut room = [httparse::EMPTY_HEADER; HEARD_HEADERS_MAX];
    let mut response = httparse::Response::new(&mut room);
    let mut lenient = httparse::ParserConfig::default();
    lenient
        .ignore_invalid_headers_in_responses(true)
        .allow_spaces_after_header_name_in_responses(true)
        .allow_obsolete_multiline_headers_in_responses(true);
    lenient.parse_response(&mut response, head).ok()?;
    let status = StatusCode::from_u16(response.code?).ok()?;
    let headers = response.headers.iter().filter_map(|field| {
        let name = HeaderName::from_bytes(field.name.as_bytes()).ok()?;
        Some((name, HeaderValue::from_bytes(field.value).ok()?))
    });
    let mut kept = HeaderMap::new();
    for (name, value) in headers {
        kept.append(name, value);
    }
    Some((status, kept))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(pieces: &[&[u8]]) -> Option<Response> {
        let heard = Heard::default();
        for piece in pieces {
            heard.read(piece);
        }
        heard.lock().answer()
    }

    #[test]
    fn a_head_in_pieces_after_interim_ones() {
        let whole = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\nHTTP/1.0 201 Created\r\na: 1\r\nb: 2\r\n\r\nbody";
        for size in 1..whole.len() {
            let pieces: Vec<_> = whole.chunks(size).collect();
            let answer = heard(&pieces).unwrap();
            assert_eq!((answer.status, &answer.body[..]), (201, &b"body"[..]));
            assert_eq!(
                (&answer.headers["a"], answer.headers.len()),
                (&HeaderValue::from_static("1"), 2)
            );
        }
    }

    #[test]
    fn an_unfinished_head_is_none_unless_it_is_long() {
        assert!(heard(&[b"HTTP/1.1 200 OK\r\na: 1\r\n"]).is_none());
        let mut many = b"HTTP/1.1 200 OK\r\n".to_vec();
        for _ in 0..=RESPONSE_HEADERS_MAX {
            many.extend_from_slice(b"a: 1\r\n");
        }
        assert_eq!(heard(&[&many]).unwrap().status, 200);
        let mut large = b"HTTP/1.1 503 Busy\r\nretry-after: 7\r\nlarge: ".to_vec();
        large.resize(2 * HEARD_HEAD_BYTES_MAX, b'x');
        let answer = heard(&[&large]).unwrap();
        assert_eq!(
            (answer.status, &answer.headers["retry-after"]),
            (503, &HeaderValue::from_static("7"))
        );
    }

    #[test]
    fn what_is_no_answer_stays_none() {
        for nonsense in [
            &b"SSH-2.0-OpenSSH_9.6\r\n\r\n"[..],
            b"HTTP/9.9 200 OK\r\n\r\n",
            b"HTTP/1.1 abc OK\r\n\r\n",
            b"HTTP/1.1 099 OK\r\n\r\n",
            b"",
        ] {
            assert!(heard(&[nonsense]).is_none(), "{nonsense:?}");
        }
    }

    #[test]
    fn the_next_request_begins_anew() {
        let heard = Heard::default();
        heard.wrote();
        heard.read(b"HTTP/1.1 200 OK\r\n");
        // The rest of the request, while the answer comes.
        heard.wrote();
        heard.read(b"\r\n");
        assert_eq!(heard.lock().answer().unwrap().status, 200);
        heard.wrote();
        assert!(heard.lock().bytes.is_empty());
    }
}
