//! The body of a delivered request.

mod cloud_event;

use bytes::Bytes;
use chrono::SecondsFormat;
use http::{HeaderName, HeaderValue};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::{
    clock::Timestamp,
    cloud_event::CloudEventAttributes,
    event::Event,
    filter::{EventContext, UnreadableData},
    ids::WebhookId,
    integration::Integration,
    template::{Template, TemplateFailed},
    webhook::WebhookSettings,
};

/// The shape of the delivered body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum PayloadFormat {
    /// `{"id","type","timestamp","data"}`, or the message that the integration type takes.
    #[default]
    Standard,
    /// `{"event","timestamp","data","webhook_id"}`.
    Classic,
    /// A CloudEvents 1.0 structured-mode event.
    Cloudevents,
    /// A CloudEvents 1.0 binary-mode event: attributes in `ce-` headers, the data alone as the body.
    #[serde(rename = "cloudevents_binary")]
    CloudeventsBinary,
    /// The published data alone.
    Raw,
    /// What the webhook's template renders.
    Template,
}

/// A shape that follows from the event and the webhook's id alone. What was sent in it can be made again at any time,
/// whatever the webhook's settings are by then; of every other body the record keeps the bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlainFormat {
    /// See [`PayloadFormat::Standard`].
    Standard,
    /// See [`PayloadFormat::Classic`].
    Classic,
    /// See [`PayloadFormat::Cloudevents`].
    Cloudevents,
    /// See [`PayloadFormat::Raw`].
    Raw,
    /// See [`PayloadFormat::CloudeventsBinary`].
    CloudeventsBinary,
}

impl PlainFormat {
    /// The one that these settings send in; `None` where a template or an integration makes the body.
    pub fn of(settings: &WebhookSettings) -> Option<Self> {
        if settings.integration != Integration::Generic {
            return None;
        }
        match settings.payload_format {
            PayloadFormat::Standard => Some(Self::Standard),
            PayloadFormat::Classic => Some(Self::Classic),
            PayloadFormat::Cloudevents => Some(Self::Cloudevents),
            PayloadFormat::CloudeventsBinary => Some(Self::CloudeventsBinary),
            PayloadFormat::Raw => Some(Self::Raw),
            PayloadFormat::Template => None,
        }
    }

    /// The body of an event in this shape.
    pub fn body(self, event: &Event, webhook: WebhookId) -> Bytes {
        match self {
            Self::Standard => standard(event),
            Self::Classic => classic(event, webhook),
            Self::Cloudevents => cloud_event::structured(event),
            Self::Raw => raw(event),
            Self::CloudeventsBinary => cloud_event::binary_body(event),
        }
    }

    /// The number in storage; it never changes.
    pub const fn code(self) -> i16 {
        match self {
            Self::Standard => 1,
            Self::Classic => 2,
            Self::Cloudevents => 3,
            Self::Raw => 4,
            Self::CloudeventsBinary => 5,
        }
    }

    /// Reads [`Self::code`] back; `None` of one that only a newer release knows.
    pub fn from_code(code: i16) -> Option<Self> {
        [
            Self::Standard,
            Self::Classic,
            Self::Cloudevents,
            Self::Raw,
            Self::CloudeventsBinary,
        ]
        .into_iter()
        .find(|format| format.code() == code)
    }
}

/// Bytes to sign and send, and what they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body {
    /// The bytes.
    pub bytes: Bytes,
    /// Their media type.
    pub content_type: HeaderValue,
    /// Further headers that belong to them.
    pub headers: Vec<(HeaderName, HeaderValue)>,
}

impl Body {
    fn new(bytes: Bytes, content_type: HeaderValue) -> Self {
        Self {
            bytes,
            content_type,
            headers: Vec::new(),
        }
    }
}

/// The webhook's own settings cannot make a body of this event.
#[derive(Debug, thiserror::Error)]
pub enum RenderFailed {
    /// The template stopped.
    #[error(transparent)]
    Template(#[from] TemplateFailed),
    /// The data cannot be handed to a template.
    #[error(transparent)]
    Context(#[from] UnreadableData),
    /// The template's result is not JSON, and the webhook sets no other content type.
    #[error(
        "the template's result is not JSON ({0}); set a `content-type` header if it is not meant to be"
    )]
    NotJson(#[source] serde_json::Error),
}

const JSON: HeaderValue = HeaderValue::from_static("application/json");
const CLOUDEVENTS_JSON: HeaderValue = HeaderValue::from_static("application/cloudevents+json");

/// Renders `event` for a webhook. The data is copied as published, byte for byte, into every shape but a
/// template's.
pub fn render(
    event: &Event,
    webhook: WebhookId,
    settings: &WebhookSettings,
) -> Result<Body, RenderFailed> {
    let chosen = settings
        .custom_headers
        .get(&http::header::CONTENT_TYPE)
        .cloned();
    match (settings.payload_format, &settings.payload_template) {
        (PayloadFormat::Raw, _) => Ok(Body::new(
            PlainFormat::Raw.body(event, webhook),
            chosen.unwrap_or(JSON),
        )),
        (PayloadFormat::Template, Some(template)) => {
            let text = render_template(template, event, webhook)?;
            if chosen.is_none() {
                serde_json::from_str::<&RawValue>(&text).map_err(RenderFailed::NotJson)?;
            }
            Ok(Body::new(text.into(), chosen.unwrap_or(JSON)))
        }
        (PayloadFormat::Classic, _) => {
            Ok(Body::new(PlainFormat::Classic.body(event, webhook), JSON))
        }
        (PayloadFormat::Cloudevents, _) => Ok(Body::new(
            PlainFormat::Cloudevents.body(event, webhook),
            CLOUDEVENTS_JSON,
        )),
        (PayloadFormat::CloudeventsBinary, _) => Ok(Body {
            bytes: PlainFormat::CloudeventsBinary.body(event, webhook),
            content_type: cloud_event::binary_content_type(event),
            headers: cloud_event::binary_headers(event),
        }),
        (PayloadFormat::Standard | PayloadFormat::Template, _) => Ok(Body::new(
            settings
                .integration
                .message(event)
                .unwrap_or_else(|| PlainFormat::Standard.body(event, webhook)),
            JSON,
        )),
    }
}

/// `2025-01-26T12:00:00Z`, with fractions of a second only where there are any.
pub(crate) fn rfc3339(moment: Timestamp) -> String {
    moment.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

/// Names and ids need no escaping: their alphabets hold nothing that JSON escapes.
fn standard(event: &Event) -> Bytes {
    let mut body = Vec::with_capacity(event.data.as_bytes().len() + 256);
    push(&mut body, "{\"id\":\"");
    push_id(&mut body, event.id.as_uuid());
    push(&mut body, "\",\"type\":\"");
    push(&mut body, event.event_type.as_str());
    push(&mut body, "\",\"timestamp\":\"");
    push(&mut body, &rfc3339(event.timestamp));
    push(&mut body, "\",");
    close(body, event)
}

fn classic(event: &Event, webhook: WebhookId) -> Bytes {
    let mut body = Vec::with_capacity(event.data.as_bytes().len() + 256);
    push(&mut body, "{\"event\":\"");
    push(&mut body, event.event_type.as_str());
    push(&mut body, "\",\"timestamp\":\"");
    push(&mut body, &rfc3339(event.timestamp));
    push(&mut body, "\",\"webhook_id\":\"");
    push_id(&mut body, webhook.as_uuid());
    push(&mut body, "\",");
    close(body, event)
}

fn raw(event: &Event) -> Bytes {
    if !is_bytes(event) {
        return event.data.as_bytes().clone();
    }
    let mut body = Vec::with_capacity(event.data.as_bytes().len() + 32);
    body.push(b'{');
    close(body, event)
}

fn render_template(
    template: &Template,
    event: &Event,
    webhook: WebhookId,
) -> Result<String, RenderFailed> {
    let context = EventContext::new(event)?;
    let variables = context
        .variables
        .with("webhook_id", (&*webhook.to_string()).into())
        .with("event", event.event_type.as_str().into());
    Ok(template.render(&variables, context.data_bytes)?)
}

fn push(body: &mut Vec<u8>, text: &str) {
    body.extend_from_slice(text.as_bytes());
}

fn push_id(body: &mut Vec<u8>, id: uuid::Uuid) {
    push(
        body,
        id.as_hyphenated()
            .encode_lower(&mut uuid::Uuid::encode_buffer()),
    );
}

fn push_string(body: &mut Vec<u8>, text: &str) {
    push(body, &serde_json::Value::from(text).to_string());
}

fn is_bytes(event: &Event) -> bool {
    event
        .cloud_event
        .as_ref()
        .is_some_and(CloudEventAttributes::data_is_bytes)
}

/// Ends an object with the data: `data`, or `data_base64` of what is not JSON.
fn close(mut body: Vec<u8>, event: &Event) -> Bytes {
    let name = if is_bytes(event) {
        "\"data_base64\":"
    } else {
        "\"data\":"
    };
    push(&mut body, name);
    body.extend_from_slice(event.data.as_bytes());
    body.push(b'}');
    body.into()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{event::tests_support::event, webhook_input::tests_support::settings};

    const DATA: &str = r#"{"n":0.10,"u":"é\/","big":12345678901234567890}"#;

    fn body(event: &Event, settings_json: &str) -> String {
        let webhook = WebhookId::from_uuid(uuid::Uuid::from_u128(7));
        let body = render(event, webhook, &settings(settings_json)).unwrap();
        String::from_utf8(body.bytes.to_vec()).unwrap()
    }

    #[test]
    fn each_shape_holds_the_data_byte_for_byte() {
        let event = event("user.created", DATA);
        let id = event.id;
        assert_eq!(
            body(&event, "{}"),
            format!(
                r#"{{"id":"{id}","type":"user.created","timestamp":"2025-01-26T12:00:00Z","data":{DATA}}}"#
            )
        );
        assert_eq!(
            body(&event, r#"{"payload_format":"classic"}"#),
            format!(
                r#"{{"event":"user.created","timestamp":"2025-01-26T12:00:00Z","webhook_id":"00000000-0000-0000-0000-000000000007","data":{DATA}}}"#
            )
        );
        assert_eq!(body(&event, r#"{"payload_format":"raw"}"#), DATA);
        assert!(
            body(&event, r#"{"payload_format":"cloudevents"}"#)
                .ends_with(&format!(r#""data":{DATA}}}"#))
        );
    }

    /// What is made again from a record is what was sent.
    #[test]
    fn a_plain_body_can_be_made_again_and_no_other() {
        let event = event("user.created", DATA);
        let webhook = WebhookId::from_uuid(uuid::Uuid::from_u128(7));
        for (json, plain) in [
            ("{}", true),
            (r#"{"payload_format":"classic"}"#, true),
            (r#"{"payload_format":"cloudevents"}"#, true),
            (r#"{"payload_format":"cloudevents_binary"}"#, true),
            (r#"{"payload_format":"raw"}"#, true),
            (r#"{"payload_template":"{}"}"#, false),
            (r#"{"integration_type":"slack"}"#, false),
        ] {
            let format = PlainFormat::of(&settings(json));
            assert_eq!(format.is_some(), plain, "{json}");
            let Some(format) = format else { continue };
            let stored = PlainFormat::from_code(format.code()).unwrap();
            assert_eq!(stored.body(&event, webhook), body(&event, json), "{json}");
        }
        assert_eq!(PlainFormat::from_code(0), None);
    }

    #[test]
    fn a_cloud_event_keeps_its_publishers_identity() {
        let mut event = event("user.created", "1");
        event.cloud_event = Some(CloudEventAttributes {
            id: "a\"1".into(),
            source: "/shop".into(),
            subject: Some("s".into()),
            more: None,
        });
        let body: serde_json::Value =
            serde_json::from_str(&body(&event, r#"{"payload_format":"cloudevents"}"#)).unwrap();
        assert_eq!(body["id"], "a\"1");
        assert_eq!(body["source"], "/shop");
        assert_eq!(body["subject"], "s");
        assert_eq!(body["specversion"], "1.0");
    }

    #[test]
    fn a_template_must_give_json_unless_a_content_type_says_otherwise() {
        let event = event("user.created", r#"{"name":"O\"Neil"}"#);
        assert_eq!(
            body(
                &event,
                r#"{"payload_template":"{\"text\": {{ data.name | tojson }}, \"t\": \"{{ type }}\"}"}"#
            ),
            r#"{"text": "O\"Neil", "t": "user.created"}"#
        );
        let webhook = WebhookId::from_uuid(uuid::Uuid::nil());
        let plain = settings(r#"{"payload_template":"hello {{ event }}"}"#);
        assert!(matches!(
            render(&event, webhook, &plain),
            Err(RenderFailed::NotJson(_))
        ));
        let typed = settings(
            r#"{"payload_template":"hello {{ event }}","custom_headers":{"content-type":"text/plain"}}"#,
        );
        let body = render(&event, webhook, &typed).unwrap();
        assert_eq!(
            (&body.bytes[..], body.content_type.to_str().unwrap()),
            (&b"hello user.created"[..], "text/plain")
        );
    }

    proptest! {
        #[test]
        fn the_standard_body_is_json_and_ends_with_the_data(text: String) {
            let data = serde_json::Value::from(text).to_string();
            let body = body(&event("a.b", &data), "{}");
            prop_assert!(serde_json::from_str::<serde_json::Value>(&body).is_ok());
            let end = format!("{data}}}");
            prop_assert!(body.ends_with(&end));
        }
    }
}
