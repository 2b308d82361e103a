//! `ce`: what filters and templates see of a CloudEvent's attributes.

use posthorn_jinja::{Json, Object};

use crate::{cloud_event::AttributeValue, event::Event, payload::rfc3339};

/// Each attribute under its name, extensions with their types, and `data_base64` where the data is not JSON. Of what was
/// not published as a CloudEvent it has no members.
pub(crate) fn context(event: &Event) -> Json {
    let mut seen = Object::default();
    let Some(attributes) = &event.cloud_event else {
        return Json::Object(seen);
    };
    let time = rfc3339(event.timestamp);
    let data = || event.data.as_str().trim_matches('"');
    let given = [
        ("specversion", Some("1.0")),
        ("id", Some(attributes.id.as_str())),
        ("source", Some(attributes.source.as_str())),
        ("type", Some(event.event_type.as_str())),
        ("time", Some(time.as_str())),
        ("subject", attributes.subject.as_deref()),
        ("datacontenttype", attributes.data_content_type()),
        ("dataschema", attributes.data_schema()),
        ("data_base64", attributes.data_is_bytes().then(data)),
    ];
    for (name, value) in given {
        if let Some(value) = value {
            seen.insert(name, value.into());
        }
    }
    for (name, value) in attributes.extensions() {
        let value = match value {
            AttributeValue::Boolean(value) => Json::Bool(*value),
            AttributeValue::Integer(value) => Json::Int(i64::from(*value)),
            AttributeValue::String(value) => value.as_str().into(),
        };
        seen.insert(name.as_str(), value);
    }
    Json::Object(seen)
}

#[cfg(test)]
mod tests {
    use crate::{
        EventContext, Filter,
        cloud_event::{
            AttributeName, AttributeValue, CloudEventAttributes, MoreAttributes, base64_data,
        },
        event::{Event, tests_support},
    };

    fn matches(filter: &str, event: &Event) -> bool {
        let filter = Filter::compile(filter).unwrap();
        filter.matches(&EventContext::new(event).unwrap()).unwrap()
    }

    #[test]
    fn filters_see_every_attribute() {
        let name = |text| AttributeName::parse(text).unwrap();
        let event = Event {
            cloud_event: Some(CloudEventAttributes {
                id: "1".into(),
                source: "/shop".into(),
                subject: None,
                more: Some(Box::new(MoreAttributes {
                    data_content_type: Some("image/png".into()),
                    data_schema: None,
                    extensions: vec![
                        (name("region"), AttributeValue::String("eu".into())),
                        (name("urgent"), AttributeValue::Boolean(false)),
                        (name("count"), AttributeValue::Integer(7)),
                    ],
                    data_is_bytes: true,
                })),
            }),
            data: base64_data(b"\x89PNG"),
            ..tests_support::event("order.paid", "null")
        };
        for (filter, wanted) in [
            ("ce.source == '/shop' and ce.id == '1'", true),
            ("ce.type == 'order.paid' and ce.time == timestamp", true),
            (
                "ce.specversion == '1.0' and ce.datacontenttype == 'image/png'",
                true,
            ),
            ("ce.region == 'eu'", true),
            ("ce.region == 'us'", false),
            ("ce.urgent", false),
            ("ce.count > 6", true),
            ("ce.subject is defined", false),
            ("ce.data_base64 == 'iVBORw==' and data is none", true),
        ] {
            assert_eq!(matches(filter, &event), wanted, "{filter}");
        }
        let plain = tests_support::event("order.paid", "1");
        assert!(!matches("ce.source is defined", &plain));
        // As everywhere, what is absent is no silent `false`.
        let filter = Filter::compile("ce.source == '/shop'").unwrap();
        assert!(filter.matches(&EventContext::new(&plain).unwrap()).is_err());
    }
}
