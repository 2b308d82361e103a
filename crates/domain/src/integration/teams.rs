//! Microsoft Teams: an Adaptive Card for a workflow ("When a Teams webhook request is received").
//!
//! A message may have 28 KB:
//! <https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook>. Cards:
//! <https://adaptivecards.io/explorer/FactSet.html>; version 1.4 is what every client of Teams shows.

use serde_json::{Value, json};

use super::{
    summary::Summary,
    text::{PLAIN, Script},
};
use crate::event::Event;

const TITLE_UNITS_MAX: usize = 256;
const CLOSING_UNITS_MAX: usize = 300;
const FIELDS_MAX: usize = 50;
const FACT_TITLE_UNITS_MAX: usize = 200;
const FACT_VALUE_UNITS_MAX: usize = 2_000;
/// All facts as JSON; with the rest of the card well below the 28 KB.
const FACTS_BYTES_MAX: usize = 22 * 1024;

/// Escapes what begins formatting and links. `_` stays, because URLs are full of it.
const MARKDOWN: Script = Script {
    escape: |c| match c {
        '\\' => Some("\\\\"),
        '*' => Some("\\*"),
        '`' => Some("\\`"),
        '[' => Some("\\["),
        '<' => Some("\\<"),
        _ => None,
    },
    escapes_count: true,
};

pub(super) fn message(event: &Event) -> Value {
    let summary = Summary::of(event, FIELDS_MAX);
    let mut facts = Vec::with_capacity(summary.fields.len());
    let mut room = FACTS_BYTES_MAX;
    for field in &summary.fields {
        let fact = json!({
            "title": MARKDOWN.fit(&field.name, FACT_TITLE_UNITS_MAX),
            "value": MARKDOWN.fit(&field.value, FACT_VALUE_UNITS_MAX),
        });
        let Some(left) = room.checked_sub(fact.to_string().len() + 1) else {
            break;
        };
        room = left;
        facts.push(fact);
    }
    let closing = summary.closing(summary.fields.len() - facts.len());

    let mut body = vec![json!({
        "type": "TextBlock", "size": "Medium", "weight": "Bolder", "wrap": true,
        "text": PLAIN.fit(&summary.title, TITLE_UNITS_MAX),
    })];
    if !facts.is_empty() {
        body.push(json!({"type": "FactSet", "facts": facts}));
    }
    body.push(json!({
        "type": "TextBlock", "size": "Small", "isSubtle": true, "wrap": true,
        "text": PLAIN.fit(&closing, CLOSING_UNITS_MAX),
    }));
    json!({
        "type": "message",
        "attachments": [{
            "contentType": "application/vnd.microsoft.card.adaptive",
            "contentUrl": null,
            "content": {
                "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
                "type": "AdaptiveCard",
                "version": "1.4",
                "msteams": {"width": "Full"},
                "body": body,
            },
        }],
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{super::tests_support::any_json, *};
    use crate::event::tests_support::event;

    #[test]
    fn says_what_happened() {
        let message = message(&event(
            "order.paid",
            r#"{"by":"[x](http://y)","amount":0.10}"#,
        ));
        assert_eq!(message["type"], "message");
        let card = &message["attachments"][0]["content"];
        assert_eq!(
            card["body"],
            json!([
                {"type": "TextBlock", "size": "Medium", "weight": "Bolder", "wrap": true, "text": "Order paid"},
                {"type": "FactSet", "facts": [
                    {"title": "by", "value": "\\[x](http://y)"}, {"title": "amount", "value": "0.10"},
                ]},
                {"type": "TextBlock", "size": "Small", "isSubtle": true, "wrap": true,
                 "text": "order.paid · default · 2025-01-26T12:00:00Z"},
            ])
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn any_data_stays_within_the_limit(data in any_json()) {
            let message = message(&event("long-type.".repeat(12).trim_end_matches('.'), &data.to_string()));
            prop_assert!(message.to_string().len() <= 28 * 1000);
        }
    }
}
