//! Telegram: `sendMessage` of the Bot API.
//!
//! The token stands in the webhook's URL, the chat in its settings. Limits and markup:
//! <https://core.telegram.org/bots/api#sendmessage>, <https://core.telegram.org/bots/api#html-style>; a message
//! has at most 4,096 characters once its entities are read.
//!
//! Telegram itself looks for links, mentions, hashtags, commands, addresses and card numbers in every text: `deploy.sh` is a
//! link to it. It finds none within `<code>`, so whatever could hold one stands there.

use serde_json::{Map, Value, json};

use super::{
    summary::Summary,
    text::{Script, units},
};
use crate::{event::Event, field_error::FieldError};

const MESSAGE_UNITS_MAX: usize = 4_096;
const TITLE_UNITS_MAX: usize = 200;
const CLOSING_UNITS_MAX: usize = 300;
const FIELDS_MAX: usize = 50;
const FIELD_NAME_UNITS_MAX: usize = 100;
const FIELD_VALUE_UNITS_MAX: usize = 1_000;
/// The line breaks between title, fields and closing.
const FRAME_UNITS: usize = 4;

/// The topic that every group has. Telegram refuses messages that name it.
const GENERAL_TOPIC: i64 = 1;
/// So many digits may be the number of a card.
const DIGITS_MAX: usize = 12;

const HTML: Script = Script {
    escape: |c, _| match c {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        _ => None,
    },
    escapes_count: false,
};

/// Which chat the messages go to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TelegramChat {
    /// A number, or `@name` of a channel.
    chat_id: Value,
    message_thread_id: Option<i64>,
}

impl TelegramChat {
    pub(super) const MEMBERS: &[&str] = &["chat_id", "message_thread_id"];

    pub(super) fn validate(settings: &Map<String, Value>) -> Result<Self, Vec<FieldError>> {
        let mut errors = Vec::new();
        let chat_id = match settings.get("chat_id") {
            None | Some(Value::Null) => Err("is required for the type `telegram`"),
            Some(Value::Number(number)) if number.as_i64().is_some_and(|id| id != 0) => {
                Ok(Value::Number(number.clone()))
            }
            Some(Value::String(text)) if is_chat(text) => Ok(Value::String(text.clone())),
            Some(_) => Err("must be the number of a chat, or the @name of a channel"),
        };
        let message_thread_id = match settings.get("message_thread_id") {
            None | Some(Value::Null) => Ok(None),
            Some(value) => match value.as_i64().filter(|id| *id > 0) {
                Some(id) => Ok(Some(id)),
                None => Err("must be the number of a topic"),
            },
        };
        let mut keep = |member: &str, detail: &str| {
            errors.push(FieldError::new(format!("integration.{member}"), detail));
        };
        match (chat_id, message_thread_id) {
            (Ok(chat_id), Ok(message_thread_id)) => {
                return Ok(Self {
                    chat_id,
                    message_thread_id,
                });
            }
            (chat_id, thread) => {
                chat_id.err().into_iter().for_each(|d| keep("chat_id", d));
                let thread = thread.err().into_iter();
                thread.for_each(|d| keep("message_thread_id", d));
            }
        }
        Err(errors)
    }
}

/// `@name`, or a number that was written as a text.
fn is_chat(text: &str) -> bool {
    match text.strip_prefix('@') {
        Some(name) => {
            (4..=64).contains(&name.len())
                && name.starts_with(|c: char| c.is_ascii_alphabetic())
                && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        }
        None => text.parse::<i64>().is_ok_and(|id| id != 0),
    }
}

pub(super) fn message(chat: &TelegramChat, event: &Event) -> Value {
    let summary = Summary::of(event, FIELDS_MAX);
    let title = HTML.fit(&summary.title, TITLE_UNITS_MAX);
    let mut text = format!("{}\n", heading(&title));
    let mut room = MESSAGE_UNITS_MAX - TITLE_UNITS_MAX - CLOSING_UNITS_MAX - FRAME_UNITS;
    let mut written = 0;
    for field in &summary.fields {
        let name = HTML.fit(&field.name, FIELD_NAME_UNITS_MAX);
        let value = HTML.fit(&field.value, FIELD_VALUE_UNITS_MAX);
        // Counted as written: a little too much, never too little.
        let Some(left) = room.checked_sub(units(&name) + units(&value) + 3) else {
            break;
        };
        room = left;
        written += 1;
        text.push_str(&format!("\n{}: <code>{value}</code>", heading(&name)));
    }
    let closing = summary.closing(summary.fields.len() - written);
    let closing = HTML.fit(&closing, CLOSING_UNITS_MAX);
    text.push_str(&format!("\n\n<code>{closing}</code>"));
    let mut message = json!({
        "chat_id": chat.chat_id,
        "text": text,
        "parse_mode": "HTML",
        "link_preview_options": {"is_disabled": true},
    });
    if let Some(thread) = chat.message_thread_id.filter(|id| *id != GENERAL_TOPIC) {
        message["message_thread_id"] = thread.into();
    }
    message
}

/// A title or a name, bold where nothing can be found in it.
fn heading(written: &str) -> String {
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '_' | '-' | '…');
    let digits = written.chars().filter(|c| c.is_numeric()).count();
    let tag = if digits <= DIGITS_MAX && written.chars().all(is_word) {
        "b"
    } else {
        "code"
    };
    format!("<{tag}>{written}</{tag}>")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{super::tests_support::any_json, *};
    use crate::event::tests_support::event;

    fn chat(settings: &Value) -> Result<TelegramChat, Vec<String>> {
        TelegramChat::validate(settings.as_object().unwrap())
            .map_err(|errors| errors.into_iter().map(|error| error.field).collect())
    }

    #[test]
    fn a_chat_is_a_number_or_the_name_of_a_channel() {
        for good in [json!(-1_001_234), json!("@alerts_1"), json!("42")] {
            assert!(chat(&json!({"chat_id": good})).is_ok(), "{good}");
        }
        for bad in [
            json!(0),
            json!(1.5),
            json!("@a"),
            json!("alerts"),
            json!([1]),
            json!(null),
        ] {
            assert_eq!(
                chat(&json!({"chat_id": bad})).unwrap_err(),
                ["integration.chat_id"]
            );
        }
        assert_eq!(
            chat(&json!({"message_thread_id": -1})).unwrap_err(),
            ["integration.chat_id", "integration.message_thread_id"]
        );
    }

    #[test]
    fn says_what_happened() {
        let chat = chat(&json!({"chat_id": "@alerts", "message_thread_id": 7})).unwrap();
        let message = message(&chat, &event("order.paid", r#"{"by":"<b>Tom & Co"}"#));
        assert_eq!(
            message,
            json!({
                "chat_id": "@alerts", "message_thread_id": 7, "parse_mode": "HTML",
                "link_preview_options": {"is_disabled": true},
                "text": "<b>Order paid</b>\n\n<b>by</b>: <code>&lt;b&gt;Tom &amp; Co</code>\n\n\
                         <code>order.paid · default · 2025-01-26T12:00:00Z</code>",
            })
        );
    }

    #[test]
    fn what_telegram_would_find_something_in_is_code() {
        let chat = chat(&json!({"chat_id": 1})).unwrap();
        let data = r#"{"deploy.sh":"@durov","user_id":7,"#.to_owned()
            + r##""#tag":"a","4111 1111 1111 1111":1}"##;
        let message = message(&chat, &event("deploy.sh", &data));
        assert_eq!(
            message["text"],
            "<b>Deploy sh</b>\n\n<code>deploy.sh</code>: <code>@durov</code>\n<b>user_id</b>: <code>7</code>\n\
             <code>#tag</code>: <code>a</code>\n<code>4111 1111 1111 1111</code>: <code>1</code>\n\n\
             <code>deploy.sh · default · 2025-01-26T12:00:00Z</code>"
        );
    }

    #[test]
    fn the_general_topic_is_not_named() {
        let topic = |id: i64| {
            let chat = chat(&json!({"chat_id": 1, "message_thread_id": id})).unwrap();
            message(&chat, &event("a.b", "1"))
                .get("message_thread_id")
                .cloned()
        };
        assert_eq!((topic(1), topic(2)), (None, Some(json!(2))));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn any_data_stays_within_the_limits(data in any_json()) {
            let chat = chat(&json!({"chat_id": 1})).unwrap();
            let message = message(&chat, &event("long-type.".repeat(12).trim_end_matches('.'), &data.to_string()));
            let text = message["text"].as_str().unwrap();
            // What is left once the tags that we write are taken away holds no other.
            let bare = ["<b>", "</b>", "<code>", "</code>"].iter().fold(text.to_owned(), |text, tag| text.replace(tag, ""));
            prop_assert!(!bare.contains(['<', '>']));
            // Outside of code there are words alone.
            let outside: String = text.split("<code>").map(|part| part.rsplit("</code>").next().unwrap_or_default()).collect();
            let outside = outside.replace("<b>", "").replace("</b>", "").replace(": ", "");
            prop_assert!(outside.chars().all(|c| c.is_alphanumeric() || " _-…\n".contains(c)), "{outside:?}");
            let visible = bare.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
            prop_assert!((1..=4_096).contains(&units(&visible)), "{}", units(&visible));
        }
    }
}
