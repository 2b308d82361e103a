//! Slack: a Block Kit message for an incoming webhook.
//!
//! Limits: <https://docs.slack.dev/reference/block-kit/blocks>. Mark-up:
//! <https://docs.slack.dev/messaging/formatting-message-text>; there `&`, `<` and `>` are the characters that
//! links, mentions and `<!channel>` are made of, and `verbatim` keeps Slack from finding any in plain words. There is no way
//! to write the other marks (`*`, `_`, `~`, `` ` ``, the colons of an emoji or a URL) as what they are, so a text that has any is sent
//! as plain text.

use serde_json::{Value, json};

use super::{
    summary::Summary,
    text::{Before, PLAIN, Script, units},
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
    escape: |c, _| match c {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        _ => None,
    },
    escapes_count: true,
};

/// Plain text, in which Slack reads no markup; should a client read what stands in angle brackets, it finds nothing.
const LITERAL: Script = Script {
    escape: |c, place| match (c, place.next) {
        ('<', Some('!' | '@' | '#')) => Some("<\u{2060}"),
        _ => None,
    },
    escapes_count: true,
};

pub(super) fn message(event: &Event) -> Value {
    let summary = Summary::of(event, FIELDS_MAX);
    let mut fields = Vec::with_capacity(summary.fields.len());
    let mut fallback = summary.title.clone();
    let mut room = FIELDS_UNITS_MAX;
    let mut is_first = true;
    for field in &summary.fields {
        let has_marks = !is_bold(&field.name) || has_marks(&field.value);
        let script = if has_marks { LITERAL } else { MRKDWN };
        let name = script.fit(&field.name, FIELD_NAME_UNITS_MAX);
        let value = script.fit(&field.value, FIELD_VALUE_UNITS_MAX);
        let text = if has_marks {
            format!("{name}\n{value}")
        } else {
            format!("*{name}*\n{value}")
        };
        let Some(left) = room.checked_sub(units(&text)) else {
            break;
        };
        room = left;
        // Notifications are mrkdwn, always.
        if !has_marks && fallback.len() < FALLBACK_UNITS_MAX {
            let separator = if is_first { ": " } else { ", " };
            is_first = false;
            let value = PLAIN.fit(&field.value, FALLBACK_UNITS_MAX);
            fallback.push_str(&format!("{separator}{} {value}", field.name));
        }
        fields.push(if has_marks {
            plain(&text)
        } else {
            mrkdwn(&text)
        });
    }
    let closing = summary.closing(summary.fields.len() - fields.len());

    let mut blocks = vec![json!({
        "type": "header",
        "text": plain(&PLAIN.fit(&summary.title, HEADER_UNITS_MAX)),
    })];
    let sections = fields
        .chunks(FIELDS_PER_SECTION_MAX)
        .map(|fields| json!({"type": "section", "fields": fields}));
    blocks.extend(sections);
    let closing = plain(&LITERAL.fit(&closing, CONTEXT_UNITS_MAX));
    blocks.push(json!({"type": "context", "elements": [closing]}));
    json!({"text": MRKDWN.fit(&fallback, FALLBACK_UNITS_MAX), "blocks": blocks})
}

/// Whether a name is bold between two stars, and nothing else.
fn is_bold(name: &str) -> bool {
    !has_marks(name) && !name.contains('\n') && name.trim() == name
}

/// Whether a text has characters that formatting, quotations, URLs or emoji are made of. `_` between letters or digits is none.
fn has_marks(text: &str) -> bool {
    let (mut previous, mut before) = (None, Before::Nothing);
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        let following = rest.as_str();
        let is_mark = match c {
            '*' | '~' | '`' => true,
            '_' => !(is_alphanumeric(previous) && is_alphanumeric(following.chars().next())),
            ':' => begins_with_a_name_and_colon(following) || following.starts_with("//"),
            '>' => before == Before::Nothing,
            _ => false,
        };
        if is_mark {
            return true;
        }
        (previous, before) = (Some(c), before.after(c));
    }
    false
}

/// Whether `wave:` begins the text, of which only the first colon is looked for.
fn begins_with_a_name_and_colon(text: &str) -> bool {
    let end = text.find(|c: char| c == ':' || c.is_whitespace());
    end.is_some_and(|end| end > 0 && text.as_bytes().get(end) == Some(&b':'))
}

fn is_alphanumeric(c: Option<char>) -> bool {
    c.is_some_and(|c| c.is_ascii_alphanumeric())
}

fn plain(text: &str) -> Value {
    json!({"type": "plain_text", "text": text, "emoji": false})
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
                        {"type": "plain_text", "text": "order.paid · default · 2025-01-26T12:00:00Z", "emoji": false},
                    ]},
                ],
            })
        );
    }

    #[test]
    fn what_would_be_markup_is_plain_text() {
        for marked in [
            "*b*",
            "_i_",
            "a _i_",
            "~s~",
            "`c`",
            ":wave:",
            "https://a.b",
            "12:00:00",
            "x_",
            "<!here> *",
            "a\n > b",
        ] {
            let data = json!({"a": marked, marked: "b", "n": 1}).to_string();
            let message = message(&event("order.paid", &data));
            let fields = message["blocks"][1]["fields"].as_array().unwrap();
            let kinds: Vec<_> = fields.iter().map(|field| &field["type"]).collect();
            assert_eq!(
                kinds.iter().filter(|kind| **kind == "plain_text").count(),
                2,
                "{marked}"
            );
            assert_eq!(fields[0]["emoji"], false);
            assert_eq!(message["text"], "Order paid: n 1", "{marked}");
            assert!(!message.to_string().contains("<!here>"));
        }
        for word in [
            "user_id",
            "a: b",
            "3 + 4 = 7",
            "- x",
            "a & <b>",
            ":a :b c",
            "::",
            " c ",
        ] {
            let message = message(&event("order.paid", &json!({"a": word}).to_string()));
            assert_eq!(
                message["blocks"][1]["fields"][0]["type"], "mrkdwn",
                "{word}"
            );
        }
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
            let good = |text: &Value, max: usize| {
                let words = text["text"].as_str().unwrap();
                let is_literal = if text["type"] == "plain_text" {
                    !["<!", "<@", "<#"].iter().any(|mention| words.contains(mention))
                } else {
                    // But for the stars of the name, which are ours.
                    let unmarked = words.strip_prefix('*').and_then(|words| words.split_once("*\n"));
                    let is_clean = unmarked.is_some_and(|(name, value)| !has_marks(name) && !has_marks(value));
                    text["verbatim"] == true && is_clean && !words.contains(['<', '>'])
                };
                (1..=max).contains(&units(words)) && is_literal
            };
            let fallback = message["text"].as_str().unwrap();
            prop_assert!((1..=300).contains(&units(fallback)) && !fallback.contains(['<', '>', '*', '~', '`']));
            let blocks = message["blocks"].as_array().unwrap();
            prop_assert!((2..=50).contains(&blocks.len()));
            for block in blocks {
                match block["type"].as_str().unwrap() {
                    "header" => prop_assert!(good(&block["text"], 150)),
                    "section" => {
                        let fields = block["fields"].as_array().unwrap();
                        prop_assert!((1..=10).contains(&fields.len()));
                        for field in fields {
                            prop_assert!(good(field, 2_000), "{field}");
                        }
                    }
                    _ => prop_assert!(good(&block["elements"][0], 2_000)),
                }
            }
        }
    }
}
