use base64::{Engine, prelude::BASE64_STANDARD};
use bytes::Bytes;

use crate::event::JsonText;

/// Whether a media type says JSON: its subtype is `json`, or ends with `+json`. `charset` and the like do not matter.
pub fn says_json(media_type: &str) -> bool {
    let name = media_type.split(';').next().unwrap_or_default().trim();
    let Some((_, subtype)) = name.split_once('/') else {
        return false;
    };
    let ends = |suffix: &str| {
        let start = subtype.len().checked_sub(suffix.len());
        start
            .and_then(|start| subtype.get(start..))
            .is_some_and(|end| end.eq_ignore_ascii_case(suffix))
    };
    subtype.eq_ignore_ascii_case("json") || ends("+json")
}

/// Bytes that are not JSON as an event carries them: the JSON text of their base64.
pub fn base64_data(bytes: &[u8]) -> JsonText {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4 + 2);
    text.push('"');
    BASE64_STANDARD.encode_string(bytes, &mut text);
    text.push('"');
    JsonText::from_trusted(text.into())
}

/// The bytes of which [`base64_data`] made this.
pub fn bytes_of(data: &JsonText) -> Bytes {
    let text = encoded(data);
    // Nobody else makes data of bytes.
    BASE64_STANDARD.decode(text).unwrap_or_default().into()
}

/// How much was published as data, in bytes.
pub fn published_bytes(data: &JsonText, is_bytes: bool) -> usize {
    if !is_bytes {
        return data.as_bytes().len();
    }
    let text = encoded(data);
    let padding = text.bytes().rev().take_while(|b| *b == b'=').count();
    (text.len() / 4 * 3).saturating_sub(padding)
}

fn encoded(data: &JsonText) -> &str {
    data.as_str().trim_matches('"')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn bytes_come_back_as_they_went(bytes in prop::collection::vec(any::<u8>(), 0..100)) {
            let data = base64_data(&bytes);
            prop_assert!(JsonText::parse(data.as_bytes().clone()).is_ok());
            prop_assert_eq!(published_bytes(&data, true), bytes.len());
            prop_assert_eq!(bytes_of(&data), bytes);
        }
    }

    #[test]
    fn json_is_told_by_the_subtype() {
        for json in [
            "application/json",
            "Application/JSON; charset=utf-8",
            "text/json",
            "application/x+json",
            "application/vnd.shop.order.v1+JSON ; v=2",
        ] {
            assert!(says_json(json), "{json}");
        }
        for other in [
            "",
            "json",
            "text/plain",
            "application/xml",
            "application/json-seq",
            "application/jsonx",
            "image/png",
            "application/é",
        ] {
            assert!(!says_json(other), "{other}");
        }
    }
}
