//! Discord: a message with one embed for a channel's webhook.
//!
//! Limits: <https://discord.com/developers/docs/resources/message#embed-object-embed-limits>. Mentions in an
//! embed reach nobody, and `allowed_mentions` says so for the whole message.

use chrono::SecondsFormat;
use serde_json::{Value, json};

use super::{
    summary::Summary,
    text::{PLAIN, Script, units},
};
use crate::event::Event;

const TITLE_UNITS_MAX: usize = 256;
const FIELDS_MAX: usize = 25;
const FIELD_NAME_UNITS_MAX: usize = 256;
const FIELD_VALUE_UNITS_MAX: usize = 1_024;
const FOOTER_UNITS_MAX: usize = 300;
/// Title, fields and footer together may have 6,000.
const FIELDS_UNITS_MAX: usize = 6_000 - TITLE_UNITS_MAX - FOOTER_UNITS_MAX;
/// Values up to this stand beside each other.
const INLINE_UNITS_MAX: usize = 40;
/// The stripe beside the message.
const COLOUR: u32 = 0x00D9_7706;

/// Escapes what begins formatting, links and mentions. `_` stays, because URLs are full of it.
const MARKDOWN: Script = Script {
    escape: |c| match c {
        '\\' => Some("\\\\"),
        '*' => Some("\\*"),
        '~' => Some("\\~"),
        '`' => Some("\\`"),
        '|' => Some("\\|"),
        '[' => Some("\\["),
        '<' => Some("\\<"),
        _ => None,
    },
    escapes_count: true,
};

pub(super) fn message(event: &Event) -> Value {
    let summary = Summary::of(event, FIELDS_MAX);
    let mut fields = Vec::with_capacity(summary.fields.len());
    let mut room = FIELDS_UNITS_MAX;
    for field in &summary.fields {
        let name = MARKDOWN.fit(&field.name, FIELD_NAME_UNITS_MAX);
        let value = MARKDOWN.fit(&field.value, FIELD_VALUE_UNITS_MAX);
        let length = units(&value);
        let Some(left) = room.checked_sub(units(&name) + length) else {
            break;
        };
        room = left;
        fields.push(json!({"name": name, "value": value, "inline": length <= INLINE_UNITS_MAX}));
    }
    let closing = summary.closing(summary.fields.len() - fields.len());
    json!({
        "embeds": [{
            "title": PLAIN.fit(&summary.title, TITLE_UNITS_MAX),
            "color": COLOUR,
            "fields": fields,
            "footer": {"text": PLAIN.fit(&closing, FOOTER_UNITS_MAX)},
            "timestamp": event.timestamp.to_rfc3339_opts(SecondsFormat::Millis, true),
        }],
        "allowed_mentions": {"parse": []},
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{super::tests_support::any_json, *};
    use crate::event::tests_support::event;

    #[test]
    fn says_what_happened_and_pings_nobody() {
        let message = message(&event("order.paid", r#"{"to":"@everyone [x](http://y)"}"#));
        assert_eq!(
            message,
            json!({
                "embeds": [{
                    "title": "Order paid", "color": 14_251_782,
                    "fields": [{"name": "to", "value": "@everyone \\[x](http://y)", "inline": true}],
                    "footer": {"text": "order.paid · default · 2025-01-26T12:00:00Z"},
                    "timestamp": "2025-01-26T12:00:00.000Z",
                }],
                "allowed_mentions": {"parse": []},
            })
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn any_data_stays_within_the_limits(data in any_json()) {
            let message = message(&event("long-type.".repeat(12).trim_end_matches('.'), &data.to_string()));
            let embed = &message["embeds"][0];
            let mut total = 0;
            let mut good = |text: &Value, max: usize| {
                let text = text.as_str().unwrap();
                total += units(text);
                units(text) <= max && !text.trim().is_empty()
            };
            prop_assert!(good(&embed["title"], 256) && good(&embed["footer"]["text"], 2_048));
            let fields = embed["fields"].as_array().unwrap();
            prop_assert!(fields.len() <= 25);
            for field in fields {
                prop_assert!(good(&field["name"], 256) && good(&field["value"], 1_024));
            }
            prop_assert!(total <= 6_000, "{total}");
        }
    }
}
