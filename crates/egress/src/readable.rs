//! The body of an answer as its reader will want it: text.
//!
//! Receivers are asked for plain bytes (`accept-encoding: identity`), and some compress all the same; error pages come in
//! the character set of a server's country. What is recorded is unpacked and decoded to UTF-8, as far as what was kept
//! reaches and never beyond the size of a record, whatever it would unpack to. What is no text stays as it came.

use std::{borrow::Cow, io::Read};

use bytes::Bytes;
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use http::{
    HeaderMap, HeaderName,
    header::{CONTENT_ENCODING, CONTENT_TYPE},
};
use posthorn_domain::limits::RESPONSE_BODY_BYTES_MAX;

/// Most encodings that are laid one over the other.
const ENCODINGS_MAX: usize = 3;
/// How far into a page its own word for its character set is looked for (HTML, section 4.2.5.4).
const META_WITHIN_BYTES: usize = 1024;

/// The body as text where it is one, otherwise as it came; at most as long as a record may be.
pub(crate) fn readable(headers: &HeaderMap, body: Bytes) -> Bytes {
    if body.is_empty() {
        return body;
    }
    let body = unpacked(headers, body);
    let text = match text(headers, &body) {
        None => return body,
        Some(Cow::Borrowed(text)) if text.len() == body.len() => return body,
        Some(text) => text,
    };
    let end = text.floor_char_boundary(RESPONSE_BODY_BYTES_MAX);
    Bytes::copy_from_slice(&text.as_bytes()[..end])
}

/// Without its content encodings (RFC 9110, section 8.4), which are undone from the last to the first.
fn unpacked(headers: &HeaderMap, body: Bytes) -> Bytes {
    let mut encodings: Vec<_> = words(headers, &CONTENT_ENCODING)
        .filter(|encoding| encoding != "identity")
        .collect();
    if encodings.len() > ENCODINGS_MAX {
        return body;
    }
    let mut unpacked = body.clone();
    while let Some(encoding) = encodings.pop() {
        let made = match encoding.as_str() {
            "gzip" | "x-gzip" => first_bytes(MultiGzDecoder::new(&*unpacked)),
            // Two forms go by this name: with the frame of zlib, as it should be, and without.
            "deflate" => first_bytes(ZlibDecoder::new(&*unpacked))
                .or_else(|| first_bytes(DeflateDecoder::new(&*unpacked))),
            "br" | "zstd" | "compress" | "x-compress" => {
                let words = format!(
                    "({} bytes, compressed by {encoding}: not shown)",
                    unpacked.len()
                );
                return words.into();
            }
            _ => None,
        };
        match made {
            Some(made) => unpacked = made,
            // Not what it says it is.
            None => return body,
        }
    }
    unpacked
}

/// As much as a record holds of what comes out, also where what goes in was cut. `None` where nothing does.
fn first_bytes(mut unpacking: impl Read) -> Option<Bytes> {
    let mut made = vec![0; RESPONSE_BODY_BYTES_MAX];
    let mut length = 0;
    while let Some(room) = made.get_mut(length..).filter(|room| !room.is_empty()) {
        match unpacking.read(room) {
            Ok(0) => break,
            Ok(read) => length += read,
            Err(_) if length > 0 => break,
            Err(_) => return None,
        }
    }
    made.truncate(length);
    Some(made.into())
}

/// What the bytes say, if they are text.
fn text<'a>(headers: &HeaderMap, body: &'a [u8]) -> Option<Cow<'a, str>> {
    let kind = headers
        .get(CONTENT_TYPE)
        .map(|value| value.as_bytes().to_ascii_lowercase());
    let kind = kind
        .as_deref()
        .map(String::from_utf8_lossy)
        .unwrap_or_default();
    if let Some((encoding, _)) = Encoding::for_bom(body) {
        return Some(encoding.decode(body).0);
    }
    let told = kind
        .split_once("charset=")
        .and_then(|(_, rest)| label(rest.as_bytes()));
    if let Some(encoding) = told.filter(|encoding| *encoding != UTF_8) {
        return Some(encoding.decode(body).0);
    }
    match str::from_utf8(body) {
        Ok(text) => return Some(text.into()),
        // Where the end was cut off within a character, it is left out. One byte alone may as well be of another set.
        Err(error) if error.error_len().is_none() => {
            let whole = str::from_utf8(body.get(..error.valid_up_to())?).ok()?;
            if body.len() >= RESPONSE_BODY_BYTES_MAX || !whole.is_ascii() {
                return Some(whole.into());
            }
        }
        Err(_) => {}
    }
    let (media_type, _) = kind.split_once(';').unwrap_or((&kind, ""));
    let may_be_text = media_type.is_empty()
        || media_type.starts_with("text/")
        || ["json", "xml", "javascript", "x-www-form-urlencoded"]
            .iter()
            .any(|part| media_type.contains(part));
    if !may_be_text || body.iter().any(|byte| is_binary(*byte)) {
        return None;
    }
    // The page's own word, or what is left: the set of which any byte is a character.
    let begin = body
        .get(..META_WITHIN_BYTES)
        .unwrap_or(body)
        .to_ascii_lowercase();
    let own = find(&begin, b"charset=").and_then(|at| label(&begin[at..]));
    let own = own.filter(|encoding| ![UTF_8, UTF_16BE, UTF_16LE].contains(encoding));
    Some(own.unwrap_or(WINDOWS_1252).decode(body).0)
}

/// The character set that a text begins with the name of, perhaps in quotes.
fn label(text: &[u8]) -> Option<&'static Encoding> {
    let text = text.trim_ascii_start();
    let text = text
        .strip_prefix(b"\"")
        .or_else(|| text.strip_prefix(b"'"))
        .unwrap_or(text);
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_:.".contains(byte);
    let end = text
        .iter()
        .position(|byte| !is_part(byte))
        .unwrap_or(text.len());
    Encoding::for_label_no_replacement(text.get(..end)?)
}

/// Control characters that no text has.
fn is_binary(byte: u8) -> bool {
    byte < b' ' && !b"\t\n\r\x0b\x0c\x1b".contains(&byte)
}

/// Where `part` ends in `whole`.
fn find(whole: &[u8], part: &[u8]) -> Option<usize> {
    let at = whole
        .windows(part.len())
        .position(|window| window == part)?;
    Some(at + part.len())
}

/// The members of a header that is a list, in small letters.
fn words<'a>(headers: &'a HeaderMap, name: &'a HeaderName) -> impl Iterator<Item = String> + 'a {
    headers
        .get_all(name)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|list| list.split(','))
        .map(|word| word.trim().to_ascii_lowercase())
        .filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::{
        Compression,
        write::{DeflateEncoder, GzEncoder, ZlibEncoder},
    };
    use http::HeaderValue;
    use proptest::prelude::*;

    use super::*;

    fn shown(headers: &[(&'static str, &str)], body: &[u8]) -> Bytes {
        let headers = headers.iter().map(|(name, value)| {
            (
                HeaderName::from_static(name),
                HeaderValue::from_str(value).unwrap(),
            )
        });
        readable(&headers.collect(), Bytes::copy_from_slice(body))
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn unpacks_what_was_packed_all_the_same() {
        let mut zlib = ZlibEncoder::new(Vec::new(), Compression::default());
        let mut bare = DeflateEncoder::new(Vec::new(), Compression::default());
        zlib.write_all(b"Bad Gateway").unwrap();
        bare.write_all(b"Bad Gateway").unwrap();
        for (encoding, body) in [
            ("gzip", gzip(b"Bad Gateway")),
            ("X-GZIP", gzip(b"Bad Gateway")),
            ("identity, gzip", gzip(b"Bad Gateway")),
            ("gzip, gzip", gzip(&gzip(b"Bad Gateway"))),
            ("deflate", zlib.finish().unwrap()),
            ("deflate", bare.finish().unwrap()),
            ("identity", b"Bad Gateway".to_vec()),
            // It says so, and is not.
            ("gzip", b"Bad Gateway".to_vec()),
            ("unheard-of", b"Bad Gateway".to_vec()),
        ] {
            let text = shown(&[("content-encoding", encoding)], &body);
            assert_eq!(text, "Bad Gateway", "{encoding}");
        }
        let marked = shown(&[("content-encoding", "br")], b"\x0b\x02\x80hi\x03");
        assert_eq!(marked, "(6 bytes, compressed by br: not shown)");
    }

    #[test]
    fn what_was_cut_is_unpacked_as_far_as_it_goes() {
        let text = (0..5_000).map(|n| format!("{n} ")).collect::<String>();
        let packed = gzip(text.as_bytes());
        let part = shown(&[("content-encoding", "gzip")], &packed[..packed.len() / 2]);
        assert!(
            part.len() > 1_000 && text.as_bytes().starts_with(&part),
            "{}",
            part.len()
        );
        // 64 MiB of nothing in 64 KiB.
        let bomb = gzip(&vec![b' '; 64 * 1024 * 1024]);
        let shown = shown(&[("content-encoding", "gzip")], &bomb);
        assert_eq!(shown.len(), RESPONSE_BODY_BYTES_MAX);
    }

    #[test]
    fn decodes_what_is_not_utf_8() {
        for (kind, body, text) in [
            (
                "text/html; charset=iso-8859-1",
                &b"Zugriff verweigert: ung\xfcltig"[..],
                "Zugriff verweigert: ung\u{fc}ltig",
            ),
            (
                "text/plain;charset=\"Shift_JIS\"",
                b"\x83G\x83\x89\x81[",
                "\u{30a8}\u{30e9}\u{30fc}",
            ),
            (
                "text/html; charset=windows-1251",
                b"\xce\xf8\xe8\xe1\xea\xe0",
                "\u{41e}\u{448}\u{438}\u{431}\u{43a}\u{430}",
            ),
            (
                "text/html; charset=gb2312",
                b"\xb4\xed\xce\xf3",
                "\u{9519}\u{8bef}",
            ),
            ("application/json; charset=utf-16", b"\xff\xfeo\0k\0", "ok"),
            ("text/plain", b"\xef\xbb\xbfok", "ok"),
            (
                "text/html",
                b"<meta charset='koi8-r'>\xcf",
                "<meta charset='koi8-r'>\u{43e}",
            ),
            ("text/html", b"ung\xfcltig", "ung\u{fc}ltig"),
            ("", b"caf\xe9", "caf\u{e9}"),
            ("text/html; charset=utf-8", b"caf\xe9", "caf\u{e9}"),
            ("text/html; charset=no-such", b"caf\xc3\xa9", "caf\u{e9}"),
            (
                "text/plain; charset=utf-8",
                b"caf\xc3\xa9 \xe2\x82",
                "caf\u{e9} ",
            ),
        ] {
            assert_eq!(shown(&[("content-type", kind)], body), text, "{kind}");
        }
        // What is no text stays as it is, marks of it and all.
        for (kind, body) in [
            ("image/png", &b"\x89PNG\r\n\x1a\n"[..]),
            ("application/octet-stream", b"\xff\xfd"),
            ("text/plain", b"\xff\xfd\0\x01"),
        ] {
            assert_eq!(shown(&[("content-type", kind)], body), body, "{kind}");
        }
    }

    proptest! {
        #[test]
        fn is_never_longer_than_a_record(
            body in proptest::collection::vec(any::<u8>(), 0..RESPONSE_BODY_BYTES_MAX),
            encoding in "(gzip|deflate|br|identity|x)(, gzip)?",
            charset in "[a-z0-9-]{0,12}|utf-16|gbk|iso-2022-jp",
        ) {
            let kind = format!("text/plain; charset={charset}");
            let shown = shown(&[("content-encoding", &encoding), ("content-type", &kind)], &body);
            prop_assert!(shown.len() <= RESPONSE_BODY_BYTES_MAX);
        }

        #[test]
        fn utf_8_stays_as_it_is(text in "[^\\u{feff}]{0,200}") {
            prop_assert_eq!(shown(&[], text.as_bytes()), text.as_bytes());
            prop_assert_eq!(shown(&[("content-encoding", "gzip")], &gzip(text.as_bytes())), text);
        }
    }
}
