//! Slack: a Block Kit message for an incoming webhook.
//!
//! Limits: <https://docs.slack.dev/reference/block-kit/blocks>. Mark-up:
//! <https://docs.slack.dev/messaging/formatting-message-text>; there `&`, `<` and `>` are the characters that
//! links, mentions and `<!channel>` are made of, and `verbatim` keeps Slack from finding any in plain words.

use serde_json::{Value, json};

use super::{
    summary::Summary,
    text::{PLAIN, Script, units},
};
use crate::event::Event;

const HEADER_UNITS_MAX: usize = 150;
const FIELDS_PER_SECTION_MAX: usize = 10;
const FIELD_NAME_UNITS_MAX: usize = 200;
/// With the name and its markup below the 2,000 that a field may have.
const FIELD_VALUE_UNITS_MAX: usize = 1_700;
/// Four sections: more are no message any more. Slack would take 50 blocks.
const FIELDS_MAX: usize = 4 * FIELDS_PER_SECTION_MAX;
/// All fields together. Slack refuses messages whose blocks are too long as a whole.
const FIELDS_UNITS_MAX: usize = 10_000;
const CONTEXT_UNITS_MAX: usize = 2_000;
/// What a notification shows, and readers that know no blocks.
const FALLBACK_UNITS_MAX: usize = 300;

const MRKDWN: Script = Script {
    escape: |c| match c {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        _ => None,
    },
    escapes_count: true,
};

pub(super) fn message(event: &Event) -> Value {
    let summary = Summary::of(event, FIELDS_MAX);
    let mut fields = Vec::with_capacity(summary.fields.len());
    let mut fallback = summary.title.clone();
    let mut room = FIELDS_UNITS_MAX;
    for field in &summary.fields {
        let text = format!(
            "*{}*\n{}",
            MRKDWN.fit(&field.name, FIELD_NAME_UNITS_MAX),
            MRKDWN.fit(&field.value, FIELD_VALUE_UNITS_MAX)
        );
        let Some(left) = room.checked_sub(units(&text)) else {
            break;
        };
        room = left;
        if fallback.len() < FALLBACK_UNITS_MAX {
            let separator = if fields.is_empty() { ": " } else { ", " };
            let value = PLAIN.fit(&field.value, FALLBACK_UNITS_MAX);
            fallback.push_str(&format!("{separator}{} {value}", field.name));
        }
        fields.push(mrkdwn(&text));
    }
    let closing = summary.closing(summary.fields.len() - fields.len());

    let mut blocks = vec![json!({
        "type": "header",
        "text": {"type": "plain_text", "text": PLAIN.fit(&summary.title, HEADER_UNITS_MAX), "emoji": false},
    })];
    let sections = fields
        .chunks(FIELDS_PER_SECTION_MAX)
        .map(|fields| json!({"type": "section", "fields": fields}));
    blocks.extend(sections);
    let closing = mrkdwn(&MRKDWN.fit(&closing, CONTEXT_UNITS_MAX));
    blocks.push(json!({"type": "context", "elements": [closing]}));
    json!({"text": MRKDWN.fit(&fallback, FALLBACK_UNITS_MAX), "blocks": blocks})
}

fn mrkdwn(text: &str) -> Value {
    json!({"type": "mrkdwn", "text": text, "verbatim": true})
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{super::tests_support::any_json, *};
    use crate::event::tests_support::event;

    #[test]
    fn says_what_happened_and_pings_nobody() {
        let data = r#"{"user":"<!channel> & <@U1>","amount":0.10}"#;
        let message = message(&event("order.paid", data));
        assert_eq!(
            message,
            json!({
                "text": "Order paid: user &lt;!channel&gt; &amp; &lt;@U1&gt;, amount 0.10",
                "blocks": [
                    {"type": "header", "text": {"type": "plain_text", "text": "Order paid", "emoji": false}},
                    {"type": "section", "fields": [
                        {"type": "mrkdwn", "text": "*user*\n&lt;!channel&gt; &amp; &lt;@U1&gt;", "verbatim": true},
                        {"type": "mrkdwn", "text": "*amount*\n0.10", "verbatim": true},
                    ]},
                    {"type": "context", "elements": [
                        {"type": "mrkdwn", "text": "order.paid · default · 2025-01-26T12:00:00Z", "verbatim": true},
                    ]},
                ],
            })
        );
    }

    #[test]
    fn an_empty_object_has_no_empty_section() {
        let message = message(&event("order.paid", "{}"));
        assert_eq!(message["blocks"].as_array().unwrap().len(), 2);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn any_data_stays_within_the_limits(data in any_json()) {
            let message = message(&event("long-type.".repeat(12).trim_end_matches('.'), &data.to_string()));
            let length = |value: &Value| units(value.as_str().unwrap());
            let good = |text: &Value, max: usize| {
                (1..=max).contains(&length(text)) && !text.as_str().unwrap().contains(['<', '>'])
            };
            prop_assert!(good(&message["text"], 3_000));
            let blocks = message["blocks"].as_array().unwrap();
            prop_assert!((2..=50).contains(&blocks.len()));
            for block in blocks {
                match block["type"].as_str().unwrap() {
                    "header" => prop_assert!(good(&block["text"]["text"], 150)),
                    "section" => {
                        let fields = block["fields"].as_array().unwrap();
                        prop_assert!((1..=10).contains(&fields.len()));
                        for field in fields {
                            prop_assert!(good(&field["text"], 2_000));
                        }
                    }
                    _ => prop_assert!(good(&block["elements"][0]["text"], 2_000)),
                }
            }
        }
    }
}
