//! Discord: a message with one embed for a channel's webhook.
//!
//! Limits: <https://discord.com/developers/docs/resources/message#embed-object-embed-limits>. Mentions in an
//! embed reach nobody, and `allowed_mentions` says so for the whole message.

use chrono::SecondsFormat;
use serde_json::{Map, Value, json};

use super::{
    summary::Summary,
    text::{Before, PLAIN, Script, units},
};
use crate::{event::Event, field_error::FieldError};

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

/// Escapes what formatting, links, mentions, times and emoji are made of, and what makes a heading, a list or a quotation
/// where it begins a line.
const MARKDOWN: Script = Script {
    escape: |c, place| match (c, place.before) {
        ('\\', _) => Some("\\\\"),
        ('*', _) => Some("\\*"),
        ('_', _) => Some("\\_"),
        ('~', _) => Some("\\~"),
        ('`', _) => Some("\\`"),
        ('|', _) => Some("\\|"),
        ('[', _) => Some("\\["),
        ('<', _) => Some("\\<"),
        ('@', _) => Some("\\@"),
        // Of a URL, or of an emoji's name.
        (':', _) if place.next.is_some_and(|next| !next.is_whitespace()) => Some("\\:"),
        ('#', Before::Nothing) if place.ends_word() || place.next == Some('#') => Some("\\#"),
        ('-', Before::Nothing) if place.ends_word() || place.next == Some('#') => Some("\\-"),
        ('+', Before::Nothing) if place.ends_word() => Some("\\+"),
        ('>', Before::Nothing) => Some("\\>"),
        ('.', Before::Digits) if place.ends_word() => Some("\\."),
        (')', Before::Digits) if place.ends_word() => Some("\\)"),
        _ => None,
    },
    escapes_count: true,
};

const THREAD_NAME_CHARS_MAX: usize = 100;

/// Where in Discord the messages go.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DiscordChannel {
    /// The title of the post that each message begins, where the channel is a forum.
    thread_name: Option<String>,
}

impl DiscordChannel {
    pub(super) const MEMBERS: &[&str] = &["thread_name"];

    pub(super) fn validate(settings: &Map<String, Value>) -> Result<Self, FieldError> {
        let thread_name = match settings.get("thread_name") {
            None | Some(Value::Null) => None,
            Some(Value::String(name)) if is_thread_name(name) => Some(name.clone()),
            Some(_) => {
                let detail = format!(
                    "must be a title of 1 to {THREAD_NAME_CHARS_MAX} characters, without control characters"
                );
                return Err(FieldError::new("integration.thread_name", detail));
            }
        };
        Ok(Self { thread_name })
    }
}

fn is_thread_name(name: &str) -> bool {
    !name.trim().is_empty()
        && name.chars().count() <= THREAD_NAME_CHARS_MAX
        && !name.chars().any(char::is_control)
}

pub(super) fn message(channel: &DiscordChannel, event: &Event) -> Value {
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
    let mut message = json!({
        "embeds": [{
            "title": PLAIN.fit(&summary.title, TITLE_UNITS_MAX),
            "color": COLOUR,
            "fields": fields,
            "footer": {"text": PLAIN.fit(&closing, FOOTER_UNITS_MAX)},
            "timestamp": event.timestamp.to_rfc3339_opts(SecondsFormat::Millis, true),
        }],
        "allowed_mentions": {"parse": []},
    });
    if let Some(name) = &channel.thread_name {
        message["thread_name"] = name.as_str().into();
    }
    message
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{super::tests_support::any_json, *};
    use crate::event::tests_support::event;

    fn message(event: &Event) -> Value {
        super::message(&DiscordChannel::default(), event)
    }

    #[test]
    fn says_what_happened_and_pings_nobody() {
        let message = message(&event("order.paid", r#"{"to":"@everyone [x](http://y)"}"#));
        assert_eq!(
            message,
            json!({
                "embeds": [{
                    "title": "Order paid", "color": 14_251_782,
                    "fields": [{"name": "to", "value": "\\@everyone \\[x](http\\://y)", "inline": true}],
                    "footer": {"text": "order.paid · default · 2025-01-26T12:00:00Z"},
                    "timestamp": "2025-01-26T12:00:00.000Z",
                }],
                "allowed_mentions": {"parse": []},
            })
        );
    }

    #[test]
    fn nothing_in_the_data_is_markup() {
        for (text, written) in [
            ("__init__.py", r"\_\_init\_\_.py"),
            ("# 12", r"\# 12"),
            ("a # 12", "a # 12"),
            ("-# small", r"\-# small"),
            ("- x\n  - y", "\\- x\n  \\- y"),
            ("10. Feb\n2) x", "10\\. Feb\n2\\) x"),
            ("2.5 - 3", "2.5 - 3"),
            ("-2.5", "-2.5"),
            ("7.\n-\n##", "7\\.\n\\-\n\\##"),
            ("> quote\n>>> more", "\\> quote\n\\>>> more"),
            ("`x` ||y|| ~~z~~", r"\`x\` \|\|y\|\| \~\~z\~\~"),
            (
                "<@1> <#2> <t:3:R> <:e:4>",
                r"\<\@1> \<#2> \<t\:3\:R> \<\:e\:4>",
            ),
            (
                "https://a.b/c_d :smile: at 12:00: x",
                r"https\://a.b/c\_d \:smile: at 12\:00: x",
            ),
            (r"\*", r"\\\*"),
        ] {
            let data = json!({ text: text }).to_string();
            let field = &message(&event("a.b", &data))["embeds"][0]["fields"][0];
            assert_eq!(
                (field["name"].as_str(), field["value"].as_str()),
                (Some(written), Some(written))
            );
        }
    }

    #[test]
    fn a_forum_gets_a_post_with_a_title() {
        let channel = |name: Value| {
            DiscordChannel::validate(json!({ "thread_name": name }).as_object().unwrap())
        };
        let forum = channel(json!("Orders")).unwrap();
        let message = super::message(&forum, &event("a.b", "{}"));
        assert_eq!(message["thread_name"], "Orders");
        assert_eq!(channel(json!(null)), Ok(DiscordChannel::default()));
        assert!(channel(json!("é".repeat(100))).is_ok());
        for wrong in [
            json!(""),
            json!(" "),
            json!("a\nb"),
            json!("é".repeat(101)),
            json!(7),
        ] {
            assert_eq!(channel(wrong).unwrap_err().field, "integration.thread_name");
        }
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
