//! One CloudEvent whose attributes are headers and whose data is the body (CloudEvents 1.0, HTTP protocol binding, binary
//! mode). The body is of any media type: what is not JSON is taken as bytes.

use axum::http::{HeaderMap, HeaderValue, header::CONTENT_TYPE};
use bytes::Bytes;
use posthorn_domain::{
    CloudEventAttributes, JsonText,
    cloud_event::{
        AttributeName, AttributeValue, InvalidAttribute, MoreAttributesBuilder, base64_data,
        decode_header_value, says_json,
    },
    limits::CLOUD_EVENT_ATTRIBUTE_BYTES_MAX,
};

use super::draft::{Draft, Mistakes};
use crate::problem::{Code, Problem};

/// What begins the name of every attribute's header.
const PREFIX: &str = "ce-";

/// What `curl --data` says of every body, whatever it is.
const FORM: &str = "application/x-www-form-urlencoded";

/// Reads the event, or notes every mistake in its attributes.
pub(super) fn cloud_event_in_headers(
    headers: &HeaderMap,
    body: &Bytes,
    mistakes: &mut Mistakes,
) -> Result<Option<Draft>, Problem> {
    let attribute = |name: &str| headers.get(format!("{PREFIX}{name}")).map(decoded);
    let mut required = |name: &str| {
        let value = attribute(name).filter(|value| !value.is_empty());
        if value.is_none() {
            mistakes.note(&format!("{PREFIX}{name}"), "is required");
        }
        value
    };
    let (specversion, id) = (required("specversion"), required("id"));
    let (source, event_type) = (required("source"), required("type"));
    if specversion.is_some_and(|version| version != "1.0") {
        mistakes.note("ce-specversion", "must be 1.0");
    }
    let time = attribute("time").map(|text| chrono::DateTime::parse_from_rfc3339(&text));
    if time.as_ref().is_some_and(Result::is_err) {
        mistakes.note("ce-time", "must be an RFC 3339 timestamp");
    }
    let subject = attribute("subject");
    for (name, value) in [
        ("ce-id", &id),
        ("ce-source", &source),
        ("ce-subject", &subject),
    ] {
        let is_long = |value: &String| value.len() > CLOUD_EVENT_ATTRIBUTE_BYTES_MAX;
        if value.as_ref().is_some_and(is_long) {
            mistakes.note(
                name,
                format_args!("must be at most {CLOUD_EVENT_ATTRIBUTE_BYTES_MAX} bytes"),
            );
        }
    }
    let media_type = media_type(headers);
    let more = more(headers, media_type.clone(), mistakes);
    let (data, is_bytes) = data(media_type.as_deref(), body)?;
    let (Some(id), Some(source), Some(event_type), Some(more)) = (id, source, event_type, more)
    else {
        return Ok(None);
    };
    let attributes = CloudEventAttributes {
        id,
        source,
        subject,
        more: Some(more.build(is_bytes)),
    };
    let time = time.and_then(Result::ok).map(|time| time.to_utc());
    Ok(Draft::of_attributes(
        &event_type,
        time,
        data,
        attributes,
        mistakes,
    ))
}

/// `datacontenttype`. The binding has HTTP's own header for it; one that says it twice says the same.
fn media_type(headers: &HeaderMap) -> Option<String> {
    let own = headers.get(CONTENT_TYPE).map(text);
    own.filter(|media_type| !media_type.is_empty())
        .or_else(|| headers.get("ce-datacontenttype").map(decoded))
}

/// The attributes that have no field of their own; `None` after noting what is wrong with them.
fn more(
    headers: &HeaderMap,
    media_type: Option<String>,
    mistakes: &mut Mistakes,
) -> Option<MoreAttributesBuilder> {
    let mut more = MoreAttributesBuilder::default();
    let mut sound = mistakes
        .keep("content-type", more.data_content_type(media_type))
        .is_some();
    let schema = headers.get("ce-dataschema").map(decoded);
    sound &= mistakes
        .keep("ce-dataschema", more.data_schema(schema))
        .is_some();
    for name in headers.keys() {
        let Some(of_attribute) = name.as_str().strip_prefix(PREFIX) else {
            continue;
        };
        let mut values = headers.get_all(name).iter();
        let (Some(value), None) = (values.next(), values.next()) else {
            mistakes.note(name.as_str(), "is there twice");
            sound = false;
            continue;
        };
        let kept = match AttributeName::parse(of_attribute) {
            Ok(parsed) => more.extension(parsed, AttributeValue::String(decoded(value))),
            // Those have been read, and `ce-data` means nothing.
            Err(InvalidAttribute::Reserved) => Ok(()),
            Err(invalid) => Err(invalid),
        };
        sound &= mistakes.keep(name.as_str(), kept).is_some();
    }
    sound.then_some(more)
}

/// The data, and whether it is bytes.
fn data(media_type: Option<&str>, body: &Bytes) -> Result<(JsonText, bool), Problem> {
    if let Some(media_type) = media_type
        && !says_json(media_type)
    {
        refuse_mistaken_form(media_type, body)?;
        return Ok((base64_data(body), true));
    }
    if body.is_empty() {
        return Ok((JsonText::from_trusted(Bytes::from_static(b"null")), false));
    }
    let json = JsonText::parse(body.clone()).map_err(|error| {
        let words = match media_type {
            Some(_) => format!("the body is {error}"),
            None => format!("the body is {error}; say with `Content-Type` what else it is"),
        };
        Problem::new(Code::InvalidJson, words)
    })?;
    Ok((json, false))
}

/// JSON that is said to be a form is nearly always what somebody forgot to name.
fn refuse_mistaken_form(media_type: &str, body: &Bytes) -> Result<(), Problem> {
    let name = media_type.split(';').next().unwrap_or_default().trim();
    let looks_like_json = body
        .trim_ascii_start()
        .first()
        .is_some_and(|b| matches!(b, b'{' | b'['));
    if name.eq_ignore_ascii_case(FORM) && looks_like_json && JsonText::parse(body.clone()).is_ok() {
        let words = format!(
            "the body is JSON and not {FORM}: send it with `Content-Type: application/json`"
        );
        return Err(Problem::new(Code::UnsupportedMediaType, words));
    }
    Ok(())
}

/// A header's text. What is not UTF-8 is ISO-8859-1, as `fetch` and Python's `http.client` send what is not encoded.
fn text(value: &HeaderValue) -> String {
    match std::str::from_utf8(value.as_bytes()) {
        Ok(text) => text.to_owned(),
        Err(_) => value.as_bytes().iter().copied().map(char::from).collect(),
    }
}

fn decoded(value: &HeaderValue) -> String {
    decode_header_value(&text(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(of: &[(&str, &[u8])], body: &'static [u8]) -> Result<Draft, Vec<String>> {
        let mut headers = HeaderMap::new();
        let required: [(&str, &[u8]); 4] = [
            ("ce-specversion", b"1.0"),
            ("ce-id", b"1"),
            ("ce-source", b"/s"),
            ("ce-type", b"a.b"),
        ];
        for (name, value) in required
            .iter()
            .filter(|(name, _)| of.iter().all(|(n, _)| n != name))
        {
            headers.insert(*name, HeaderValue::from_bytes(value).unwrap());
        }
        for (name, value) in of {
            let name: axum::http::HeaderName = name.parse().unwrap();
            headers.append(name, HeaderValue::from_bytes(value).unwrap());
        }
        let mut mistakes = Mistakes::default();
        let body = Bytes::from_static(body);
        let draft = cloud_event_in_headers(&headers, &body, &mut mistakes)
            .map_err(|problem| vec![problem.code().as_str().to_owned()])?;
        let fields: Vec<_> = mistakes
            .into_errors()
            .into_iter()
            .map(|e| e.field)
            .collect();
        if fields.is_empty() {
            Ok(draft.unwrap())
        } else {
            Err(fields)
        }
    }

    fn stored(draft: Draft) -> String {
        draft.cloud_event.unwrap().more.unwrap().to_stored()
    }

    #[test]
    fn attributes_are_decoded_as_the_binding_says() {
        for (value, id) in [
            (&b"J\xf6rg"[..], "Jörg"),
            ("Jörg".as_bytes(), "Jörg"),
            (b"J%C3%B6rg", "Jörg"),
            (b"\"a b \\\"c\\\"\"", "a b \"c\""),
            (b"\"J\xf6rg\"", "Jörg"),
            (b"100%", "100%"),
        ] {
            let draft = read(&[("ce-id", value)], b"1").unwrap();
            assert_eq!(draft.cloud_event.unwrap().id, id);
        }
        let extensions = read(
            &[
                ("ce-when", b"2026-01-26T12:00:00Z"),
                ("ce-place", b"M\xfcnchen"),
                ("ce-dataschema", b"https://s/%2520"),
                ("content-type", b"application/json; charset=utf-8"),
            ],
            b"1",
        );
        assert_eq!(
            stored(extensions.unwrap()),
            r#"{"datacontenttype":"application/json; charset=utf-8","dataschema":"https://s/%20","extensions":{"when":"2026-01-26T12:00:00Z","place":"München"}}"#
        );
    }

    #[test]
    fn data_is_json_where_its_type_says_so_and_bytes_elsewhere() {
        for (media_type, body, data, is_bytes) in [
            (
                Some("application/x+json"),
                &b"{\"n\": 0.10}"[..],
                "{\"n\": 0.10}",
                false,
            ),
            (Some("application/json"), b"\xef\xbb\xbf[1]", "[1]", false),
            (Some("application/json"), b"", "null", false),
            (None, b"[1]", "[1]", false),
            (None, b"", "null", false),
            (Some("text/plain"), b"5", "\"NQ==\"", true),
            (Some("image/png"), b"\x89PNG", "\"iVBORw==\"", true),
            (Some("image/png"), b"", "\"\"", true),
            (Some(FORM), b"a=1", "\"YT0x\"", true),
        ] {
            let typed = media_type.map(|media_type| ("content-type", media_type.as_bytes()));
            let draft = read(typed.as_slice(), body).unwrap();
            assert_eq!(draft.data.as_str(), data, "{media_type:?}");
            assert_eq!(
                draft.data_bytes(),
                if is_bytes { body.len() } else { data.len() }
            );
            assert_eq!(draft.cloud_event.unwrap().data_is_bytes(), is_bytes);
        }
        for (media_type, body, code) in [
            ("application/json", &b"{"[..], "invalid_json"),
            (FORM, b"{\"a\":1}", "unsupported_media_type"),
        ] {
            let refused = read(&[("content-type", media_type.as_bytes())], body);
            assert_eq!(refused.unwrap_err(), [code]);
        }
    }

    #[test]
    fn every_wrong_attribute_is_named() {
        let large = [b'x'; 4_096];
        for (header, field) in [
            (("ce-a_b", &b"1"[..]), "ce-a_b"),
            (("ce-large", &large), "ce-large"),
            (("ce-dataschema", &large), "ce-dataschema"),
            (("ce-time", b"now"), "ce-time"),
        ] {
            assert_eq!(read(&[header], b"1").unwrap_err(), [field]);
        }
        let twice = read(&[("ce-x", b"1"), ("ce-x", b"2")], b"1");
        assert_eq!(twice.unwrap_err(), ["ce-x"]);
        let names: Vec<String> = (0..65).map(|n| format!("ce-x{n}")).collect();
        let many: Vec<_> = names
            .iter()
            .map(|name| (name.as_str(), &b"1"[..]))
            .collect();
        assert_eq!(
            read(&many[..64], b"1")
                .unwrap()
                .cloud_event
                .unwrap()
                .extensions()
                .len(),
            64
        );
        assert_eq!(read(&many, b"1").unwrap_err().len(), 1);
    }
}
