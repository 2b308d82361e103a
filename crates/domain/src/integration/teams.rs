//! Microsoft Teams: an Adaptive Card for a workflow ("When a Teams webhook request is received").
//!
//! A message may have 28 KB:
//! <https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook>. Cards:
//! <https://adaptivecards.io/explorer/RichTextBlock.html>; version 1.4 is what every client of Teams shows.
//!
//! Every other element's text is markdown, and clients do not agree on how its characters are escaped: some show the
//! backslashes and still make links. Runs of text in a rich text block are what they are in all of them.

use serde_json::{Value, json};

use super::{
    summary::Summary,
    text::{PLAIN, Script},
};
use crate::event::Event;

const TITLE_UNITS_MAX: usize = 256;
const CLOSING_UNITS_MAX: usize = 300;
const FIELDS_MAX: usize = 50;
const FACT_NAME_UNITS_MAX: usize = 200;
const FACT_VALUE_UNITS_MAX: usize = 2_000;
/// All facts as JSON; with the rest of the card well below the 28 KB.
const FACTS_BYTES_MAX: usize = 22 * 1024;

/// Runs of text know no markdown, but a date in curly brackets is made into that of the reader's place. Two brackets with
/// something invisible between them begin none.
const LITERAL: Script = Script {
    escape: |c, place| (c == '{' && place.next == Some('{')).then_some("{\u{2060}"),
    escapes_count: true,
};

pub(super) fn message(event: &Event) -> Value {
    let summary = Summary::of(event, FIELDS_MAX);
    // Words and spaces, in which markdown finds nothing.
    let title = PLAIN.fit(&summary.title, TITLE_UNITS_MAX);
    let mut body = vec![
        json!({"type": "TextBlock", "size": "Medium", "weight": "Bolder", "wrap": true, "text": title}),
    ];
    let mut room = FACTS_BYTES_MAX;
    let mut written = 0;
    for field in &summary.fields {
        let name = LITERAL.fit(&field.name, FACT_NAME_UNITS_MAX);
        let value = LITERAL.fit(&field.value, FACT_VALUE_UNITS_MAX);
        let mut fact = rich_text(&[
            json!({"type": "TextRun", "weight": "Bolder", "text": format!("{name}: ")}),
            json!({"type": "TextRun", "text": value}),
        ]);
        if written > 0 {
            fact["spacing"] = "Small".into();
        }
        let Some(left) = room.checked_sub(fact.to_string().len() + 1) else {
            break;
        };
        room = left;
        written += 1;
        body.push(fact);
    }
    let closing = summary.closing(summary.fields.len() - written);
    let closing = LITERAL.fit(&closing, CLOSING_UNITS_MAX);
    body.push(rich_text(&[
        json!({"type": "TextRun", "size": "Small", "isSubtle": true, "text": closing}),
    ]));
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

fn rich_text(runs: &[Value]) -> Value {
    json!({"type": "RichTextBlock", "inlines": runs})
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
                {"type": "RichTextBlock", "inlines": [
                    {"type": "TextRun", "weight": "Bolder", "text": "by: "},
                    {"type": "TextRun", "text": "[x](http://y)"},
                ]},
                {"type": "RichTextBlock", "spacing": "Small", "inlines": [
                    {"type": "TextRun", "weight": "Bolder", "text": "amount: "},
                    {"type": "TextRun", "text": "0.10"},
                ]},
                {"type": "RichTextBlock", "inlines": [
                    {"type": "TextRun", "size": "Small", "isSubtle": true,
                     "text": "order.paid · default · 2025-01-26T12:00:00Z"},
                ]},
            ])
        );
    }

    #[test]
    fn dates_in_curly_brackets_stay_as_they_are() {
        let data = r#"{"at":"{{DATE(2025-01-26T12:00:00Z)}}"}"#;
        let message = message(&event("a.b", data));
        let text = &message["attachments"][0]["content"]["body"][1]["inlines"][1]["text"];
        assert_eq!(text, "{\u{2060}{DATE(2025-01-26T12:00:00Z)}}");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn any_data_stays_within_the_limit(data in any_json()) {
            let message = message(&event("long-type.".repeat(12).trim_end_matches('.'), &data.to_string()));
            prop_assert!(message.to_string().len() <= 28 * 1000);
            // Nothing but runs of text, and in these no date.
            for block in &message["attachments"][0]["content"]["body"].as_array().unwrap()[1..] {
                prop_assert_eq!(&block["type"], "RichTextBlock");
                for run in block["inlines"].as_array().unwrap() {
                    prop_assert_eq!(&run["type"], "TextRun");
                    prop_assert!(!run["text"].as_str().unwrap().contains("{{"));
                }
            }
        }
    }
}
