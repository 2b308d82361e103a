//! Microsoft Teams: an Adaptive Card for a workflow ("When a Teams webhook request is received").
//!
//! A message may have 28 KB:
//! <https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook>. Cards:
//! <https://adaptivecards.io/explorer/FactSet.html>; version 1.4 is what every client of Teams shows. What markdown means there:
//! <https://learn.microsoft.com/adaptive-cards/authoring-cards/text-features>.

use serde_json::{Value, json};

use super::{
    summary::Summary,
    text::{Before, PLAIN, Script},
};
use crate::event::Event;

const TITLE_UNITS_MAX: usize = 256;
const CLOSING_UNITS_MAX: usize = 300;
const FIELDS_MAX: usize = 50;
const FACT_TITLE_UNITS_MAX: usize = 200;
const FACT_VALUE_UNITS_MAX: usize = 2_000;
/// All facts as JSON; with the rest of the card well below the 28 KB.
const FACTS_BYTES_MAX: usize = 22 * 1024;

/// Escapes what formatting, links, tables and character references are made of, what makes a heading, a list, a quotation or
/// a rule where it begins a line, and dates in curly brackets, which clients write in the reader's way. Where lines begin with
/// blanks, these become such as make no block of code.
///
/// Clients differ in what a backslash keeps from being markup, so the halves of a link are kept apart as well; and some show the
/// backslash, so there is none where nothing would happen, as in `user_id`.
const MARKDOWN: Script = Script {
    escape: |c, place| match (c, place.before) {
        ('\\', _) => Some("\\\\"),
        ('*', _) => Some("\\*"),
        ('_', _) if !(is_word(place.previous) && is_word(place.next)) => Some("\\_"),
        ('~', _) => Some("\\~"),
        ('`', _) => Some("\\`"),
        ('|', _) => Some("\\|"),
        ('[', _) => Some("\\["),
        // The other backslash is for the bracket that follows.
        (']', _) if place.next == Some('(') => Some("\\]\\"),
        ('<', _) => Some("\\<"),
        ('&', _) if place.next == Some('#') || is_word(place.next) => Some("\\&"),
        ('{', _) if matches!(place.next, Some('{' | 'D' | 'T')) => Some("\\{"),
        (' ', Before::Nothing) => Some("\u{a0}"),
        ('\t', Before::Nothing) => Some("\u{a0}\u{a0}"),
        ('#', Before::Nothing) if place.ends_word() || place.next == Some('#') => Some("\\#"),
        ('-', Before::Nothing) if place.ends_word() || place.next == Some('-') => Some("\\-"),
        ('+', Before::Nothing) if place.ends_word() => Some("\\+"),
        ('>', Before::Nothing) => Some("\\>"),
        ('=', Before::Nothing) => Some("\\="),
        (':', Before::Nothing) => Some("\\:"),
        ('.', Before::Digits) if place.ends_word() => Some("\\."),
        (')', Before::Digits) if place.ends_word() => Some("\\)"),
        _ => None,
    },
    escapes_count: true,
};

fn is_word(c: Option<char>) -> bool {
    c.is_some_and(|c| c.is_ascii_alphanumeric())
}

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
        // Words and blanks: nothing is markup.
        "text": PLAIN.fit(&summary.title, TITLE_UNITS_MAX),
    })];
    if !facts.is_empty() {
        body.push(json!({"type": "FactSet", "facts": facts}));
    }
    body.push(json!({
        "type": "TextBlock", "size": "Small", "isSubtle": true, "wrap": true,
        "text": MARKDOWN.fit(&closing, CLOSING_UNITS_MAX),
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
                    {"title": "by", "value": "\\[x\\]\\(http://y)"}, {"title": "amount", "value": "0.10"},
                ]},
                {"type": "TextBlock", "size": "Small", "isSubtle": true, "wrap": true,
                 "text": "order.paid · default · 2025-01-26T12:00:00Z"},
            ])
        );
    }

    #[test]
    fn nothing_in_the_data_is_markup() {
        for (text, written) in [
            ("__init__.py", r"\_\_init\_\_.py"),
            ("user_id", "user_id"),
            ("-2.5", "-2.5"),
            ("7.\n-\n##", "7\\.\n\\-\n\\##"),
            ("# 12", r"\# 12"),
            ("- x\n  - y", "\\- x\n\u{a0}\u{a0}\\- y"),
            ("10. Feb\n2) x", "10\\. Feb\n2\\) x"),
            ("> quote", r"\> quote"),
            ("a\n===\n---\n***", "a\n\\===\n\\---\n\\*\\*\\*"),
            ("a | b\n:-:", "a \\| b\n\\:-:"),
            ("\tcode", "\u{a0}\u{a0}code"),
            ("`x` ~~z~~", r"\`x\` \~\~z\~\~"),
            ("<b> &amp; a & b", r"\<b> \&amp; a & b"),
            (
                "{{DATE(2025-01-26T12:00:00Z)}}",
                r"\{\{DATE(2025-01-26T12:00:00Z)}}",
            ),
            (r"\*", r"\\\*"),
        ] {
            let data = json!({ text: text }).to_string();
            let fact =
                &message(&event("a.b", &data))["attachments"][0]["content"]["body"][1]["facts"][0];
            assert_eq!(
                (fact["title"].as_str(), fact["value"].as_str()),
                (Some(written), Some(written))
            );
        }
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
