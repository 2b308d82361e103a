//! An event as a CloudEvent: in the JSON format ("structured mode"), and as headers and body ("binary mode" of the HTTP
//! binding).

use bytes::Bytes;
use http::{HeaderName, HeaderValue};

use super::{JSON, close, is_bytes, push, push_string, rfc3339};
use crate::{
    cloud_event::{CloudEventAttributes, bytes_of, encode_header_value, says_json},
    event::Event,
};

const OCTET_STREAM: HeaderValue = HeaderValue::from_static("application/octet-stream");

/// What `datacontenttype` says of an event's data.
enum ContentType<'a> {
    /// What its publisher said.
    Said(&'a str),
    /// A CloudEvent whose publisher said nothing.
    Unsaid,
    /// It was published without one: the data is JSON.
    Json,
}

fn content_type(event: &Event) -> ContentType<'_> {
    match event.cloud_event.as_ref().map(|ce| (ce, &ce.more)) {
        Some((attributes, Some(_))) => attributes
            .data_content_type()
            .map_or(ContentType::Unsaid, ContentType::Said),
        Some((_, None)) | None => ContentType::Json,
    }
}

pub(super) fn structured(event: &Event) -> Bytes {
    let mut body = Vec::with_capacity(event.data.as_bytes().len() + 512);
    push(&mut body, "{\"specversion\":\"1.0\",\"id\":");
    match &event.cloud_event {
        Some(attributes) => {
            push_string(&mut body, &attributes.id);
            push(&mut body, ",\"source\":");
            push_string(&mut body, &attributes.source);
            if let Some(subject) = &attributes.subject {
                push(&mut body, ",\"subject\":");
                push_string(&mut body, subject);
            }
        }
        None => {
            push_string(&mut body, &event.id.to_string());
            push(&mut body, ",\"source\":");
            push_string(&mut body, &own_source(event));
        }
    }
    push(&mut body, ",\"type\":\"");
    push(&mut body, event.event_type.as_str());
    push(&mut body, "\",\"time\":\"");
    push(&mut body, &rfc3339(event.timestamp));
    push(&mut body, "\",");
    match content_type(event) {
        ContentType::Json => push(&mut body, "\"datacontenttype\":\"application/json\","),
        ContentType::Said(said) => {
            push(&mut body, "\"datacontenttype\":");
            push_string(&mut body, said);
            push(&mut body, ",");
        }
        ContentType::Unsaid => {}
    }
    if let Some(attributes) = &event.cloud_event {
        push_more(&mut body, attributes);
    }
    close(body, event)
}

fn push_more(body: &mut Vec<u8>, attributes: &CloudEventAttributes) {
    if let Some(schema) = attributes.data_schema() {
        push(body, "\"dataschema\":");
        push_string(body, schema);
        push(body, ",");
    }
    for (name, value) in attributes.extensions() {
        // A name needs no escaping: it is made of letters and digits.
        push(body, "\"");
        push(body, name.as_str());
        push(body, "\":");
        push(body, &serde_json::json!(value).to_string());
        push(body, ",");
    }
}

/// The data as it would be the body of a message of its own media type.
pub(super) fn binary_body(event: &Event) -> Bytes {
    if is_bytes(event) {
        return bytes_of(&event.data);
    }
    if let ContentType::Said(said) = content_type(event)
        && !says_json(said)
        // In the JSON format, text of another type is a JSON string.
        && let Ok(text) = serde_json::from_str::<String>(event.data.as_str())
    {
        return text.into();
    }
    event.data.as_bytes().clone()
}

pub(super) fn binary_content_type(event: &Event) -> HeaderValue {
    match content_type(event) {
        ContentType::Said(said) => said.parse().unwrap_or(OCTET_STREAM),
        ContentType::Unsaid if is_bytes(event) => OCTET_STREAM,
        ContentType::Unsaid | ContentType::Json => JSON,
    }
}

pub(super) fn binary_headers(event: &Event) -> Vec<(HeaderName, HeaderValue)> {
    let mut headers = Vec::with_capacity(8);
    let mut insert = |name: HeaderName, value: &str| {
        // What is encoded is visible ASCII.
        if let Ok(value) = encode_header_value(value).parse() {
            headers.push((name, value));
        }
    };
    insert(HeaderName::from_static("ce-specversion"), "1.0");
    let (id, source) = (
        HeaderName::from_static("ce-id"),
        HeaderName::from_static("ce-source"),
    );
    match &event.cloud_event {
        Some(attributes) => {
            insert(id, &attributes.id);
            insert(source, &attributes.source);
            if let Some(subject) = &attributes.subject {
                insert(HeaderName::from_static("ce-subject"), subject);
            }
        }
        None => {
            insert(id, &event.id.to_string());
            insert(source, &own_source(event));
        }
    }
    insert(
        HeaderName::from_static("ce-type"),
        event.event_type.as_str(),
    );
    insert(
        HeaderName::from_static("ce-time"),
        &rfc3339(event.timestamp),
    );
    let Some(attributes) = &event.cloud_event else {
        return headers;
    };
    if let Some(schema) = attributes.data_schema() {
        insert(HeaderName::from_static("ce-dataschema"), schema);
    }
    for (name, value) in attributes.extensions() {
        if let Ok(name) = format!("ce-{}", name.as_str()).parse() {
            insert(name, &value.to_string());
        }
    }
    headers
}

/// The source of what nobody published as a CloudEvent.
fn own_source(event: &Event) -> String {
    format!("/posthorn/{}", event.tenant)
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use serde_json::{Value, json};

    use super::*;
    use crate::{
        cloud_event::{AttributeName, AttributeValue, MoreAttributes, base64_data},
        event::tests_support,
        ids::WebhookId,
        payload::{Body, PayloadFormat, render},
        webhook_input::tests_support::settings,
    };

    fn event(data: &str, more: Option<MoreAttributes>) -> Event {
        Event {
            cloud_event: Some(CloudEventAttributes {
                id: "ä 1".into(),
                source: "/shop".into(),
                subject: None,
                more: more.map(Box::new),
            }),
            ..tests_support::event("order.paid", data)
        }
    }

    fn typed(content_type: &str) -> MoreAttributes {
        MoreAttributes {
            data_content_type: Some(content_type.to_owned()),
            ..MoreAttributes::default()
        }
    }

    fn sent(event: &Event, format: PayloadFormat) -> Body {
        let settings = settings(&json!({ "payload_format": format }).to_string());
        render(event, WebhookId::from_uuid(uuid::Uuid::nil()), &settings).unwrap()
    }

    fn object(event: &Event, format: PayloadFormat) -> Value {
        serde_json::from_slice(&sent(event, format).bytes).unwrap()
    }

    fn lines(body: &Body) -> Vec<String> {
        let line = |(name, value): &(HeaderName, HeaderValue)| {
            format!("{name}: {}", value.to_str().unwrap())
        };
        body.headers.iter().map(line).collect()
    }

    #[test]
    fn every_attribute_goes_out_in_both_modes() {
        let name = |text| AttributeName::parse(text).unwrap();
        let event = event(
            "[1]",
            Some(MoreAttributes {
                data_content_type: Some("application/vnd.x+json".into()),
                data_schema: Some("https://example.com/s".into()),
                extensions: vec![
                    (name("flag"), AttributeValue::Boolean(true)),
                    (name("count"), AttributeValue::Integer(-3)),
                    (name("note"), AttributeValue::String("5 € \"%\"".into())),
                ],
                data_is_bytes: false,
            }),
        );
        assert_eq!(
            sent(&event, PayloadFormat::Cloudevents).bytes,
            Bytes::from(
                r#"{"specversion":"1.0","id":"ä 1","source":"/shop","type":"order.paid","time":"2025-01-26T12:00:00Z","datacontenttype":"application/vnd.x+json","dataschema":"https://example.com/s","flag":true,"count":-3,"note":"5 € \"%\"","data":[1]}"#
            )
        );
        let binary = sent(&event, PayloadFormat::CloudeventsBinary);
        assert_eq!(
            lines(&binary),
            [
                "ce-specversion: 1.0",
                "ce-id: %C3%A4%201",
                "ce-source: /shop",
                "ce-type: order.paid",
                "ce-time: 2025-01-26T12:00:00Z",
                "ce-dataschema: https://example.com/s",
                "ce-flag: true",
                "ce-count: -3",
                "ce-note: 5%20%E2%82%AC%20%22%25%22",
            ]
        );
        assert_eq!(binary.content_type, "application/vnd.x+json");
        assert_eq!(binary.bytes, "[1]");
    }

    #[test]
    fn what_was_no_cloud_event_becomes_one() {
        let event = tests_support::event("order.paid", "{ }");
        let binary = sent(&event, PayloadFormat::CloudeventsBinary);
        let id = format!("ce-id: {}", event.id);
        assert_eq!(
            lines(&binary)[1..3],
            [id.as_str(), "ce-source: /posthorn/default"]
        );
        assert_eq!(
            (&binary.bytes[..], binary.content_type),
            (&b"{ }"[..], JSON)
        );
    }

    #[test]
    fn bytes_arrive_as_bytes_or_as_base64() {
        let mut more = typed("image/png");
        more.data_is_bytes = true;
        let mut event = event("null", Some(more));
        event.data = base64_data(b"\x89PNG");
        let binary = sent(&event, PayloadFormat::CloudeventsBinary);
        assert_eq!(binary.content_type, "image/png");
        assert_eq!(&binary.bytes[..], b"\x89PNG");
        for format in [
            PayloadFormat::Standard,
            PayloadFormat::Classic,
            PayloadFormat::Cloudevents,
            PayloadFormat::Raw,
        ] {
            let object = object(&event, format);
            assert_eq!(object["data_base64"], "iVBORw==", "{format:?}");
            assert_eq!(object.get("data"), None, "{format:?}");
        }
        assert_eq!(
            object(&event, PayloadFormat::Cloudevents)["datacontenttype"],
            "image/png"
        );
    }

    #[test]
    fn text_in_the_json_format_is_text_in_binary_mode() {
        let event = event(r#""<a href=\"x\"/>""#, Some(typed("text/xml")));
        assert_eq!(
            object(&event, PayloadFormat::Cloudevents)["data"],
            "<a href=\"x\"/>"
        );
        assert_eq!(
            sent(&event, PayloadFormat::CloudeventsBinary).bytes,
            "<a href=\"x\"/>"
        );
        let json = self::event(r#""text""#, Some(typed("application/json")));
        assert_eq!(
            sent(&json, PayloadFormat::CloudeventsBinary).bytes,
            "\"text\""
        );
    }

    /// A content type that nobody named is not made up, but for records of a release that made one up.
    #[test]
    fn a_content_type_is_what_its_publisher_said() {
        let unsaid = event("1", Some(MoreAttributes::default()));
        let object = |event: &Event| object(event, PayloadFormat::Cloudevents);
        assert_eq!(object(&unsaid).get("datacontenttype"), None);
        let before = event("1", None);
        assert_eq!(object(&before)["datacontenttype"], "application/json");
        for (event, content_type) in [
            (unsaid, "application/json"),
            (before, "application/json"),
            (
                event("1", Some(typed("no\nheader"))),
                "application/octet-stream",
            ),
        ] {
            let binary = sent(&event, PayloadFormat::CloudeventsBinary);
            assert_eq!(binary.content_type, content_type);
        }
    }
}
