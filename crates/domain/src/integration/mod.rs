//! Messages for chat services.
//!
//! A chat service takes no payload but its own, so a webhook that names one gets a message made of the event:
//! a title from the event's type, the members of its data as fields, and a line that says where it comes from.
//! Any JSON gives a message that the service accepts: what is too long is cut and ends with `…`, what is too
//! much is counted ("and 12 more"), and nothing in the data becomes a link, a mention or markup: it is shown as it was
//! published. A payload template takes the place of all this.

mod discord;
mod slack;
mod summary;
mod teams;
mod telegram;
mod text;

use std::time::Duration;

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub use self::{discord::DiscordChannel, telegram::TelegramChat};
use crate::{
    event::Event,
    field_error::FieldError,
    limits::{RETRY_AFTER_CREDIBLE_MAX, RETRY_AFTER_MAX},
};

/// What kind of service is behind the URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum IntegrationType {
    /// Any HTTP endpoint.
    #[default]
    Generic,
    /// An incoming webhook of Slack: a Block Kit message.
    Slack,
    /// A webhook of a Discord channel: a message with an embed.
    Discord,
    /// The Bot API of Telegram: `https://api.telegram.org/bot<token>/sendMessage`.
    Telegram,
    /// A workflow of Microsoft Teams that posts what it is sent: an Adaptive Card.
    Teams,
}

impl IntegrationType {
    /// The name in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Generic => "generic",
            Self::Slack => "slack",
            Self::Discord => "discord",
            Self::Telegram => "telegram",
            Self::Teams => "teams",
        }
    }

    /// The names of the settings that this kind of service has.
    pub const fn settings(self) -> &'static [&'static str] {
        match self {
            Self::Discord => DiscordChannel::MEMBERS,
            Self::Telegram => TelegramChat::MEMBERS,
            Self::Generic | Self::Slack | Self::Teams => &[],
        }
    }

    /// Whether any kind of service has a setting of this name.
    pub fn is_setting(name: &str) -> bool {
        [
            Self::Generic,
            Self::Slack,
            Self::Discord,
            Self::Telegram,
            Self::Teams,
        ]
        .iter()
        .any(|kind| kind.settings().contains(&name))
    }
}

/// What is behind a webhook's URL, with the settings that this needs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Integration {
    /// Any HTTP endpoint.
    #[default]
    Generic,
    /// An incoming webhook of Slack.
    Slack,
    /// A webhook of a Discord channel.
    Discord(DiscordChannel),
    /// A chat of Telegram.
    Telegram(TelegramChat),
    /// A workflow of Microsoft Teams.
    Teams,
}

impl Integration {
    /// Checks the settings of a kind; every mistake is reported as `integration.<member>`.
    pub fn validate(
        kind: IntegrationType,
        settings: &Map<String, Value>,
    ) -> Result<Self, Vec<FieldError>> {
        let known = kind.settings();
        let mut errors: Vec<FieldError> = settings
            .keys()
            .filter(|member| !known.contains(&member.as_str()))
            .map(|member| {
                let detail = format!("the type `{}` has no such setting", kind.as_str());
                FieldError::new(format!("integration.{member}"), detail)
            })
            .collect();
        let integration = match kind {
            IntegrationType::Generic => Self::Generic,
            IntegrationType::Slack => Self::Slack,
            IntegrationType::Discord => match DiscordChannel::validate(settings) {
                Ok(channel) => Self::Discord(channel),
                Err(error) => {
                    errors.push(error);
                    return Err(errors);
                }
            },
            IntegrationType::Teams => Self::Teams,
            IntegrationType::Telegram => match TelegramChat::validate(settings) {
                Ok(chat) => Self::Telegram(chat),
                Err(more) => {
                    errors.extend(more);
                    return Err(errors);
                }
            },
        };
        if errors.is_empty() {
            Ok(integration)
        } else {
            Err(errors)
        }
    }

    /// What kind it is.
    pub const fn kind(&self) -> IntegrationType {
        match self {
            Self::Generic => IntegrationType::Generic,
            Self::Slack => IntegrationType::Slack,
            Self::Discord(_) => IntegrationType::Discord,
            Self::Telegram(_) => IntegrationType::Telegram,
            Self::Teams => IntegrationType::Teams,
        }
    }

    /// The message that the service takes, as JSON; `None` where the payload format decides.
    pub(crate) fn message(&self, event: &Event) -> Option<Bytes> {
        let message = match self {
            Self::Generic => return None,
            Self::Slack => slack::message(event),
            Self::Discord(channel) => discord::message(channel, event),
            Self::Telegram(chat) => telegram::message(chat, event),
            Self::Teams => teams::message(event),
        };
        Some(message.to_string().into())
    }

    /// How long the service asks to be left alone, where it says so in the body of its 429 and not only in
    /// `Retry-After`. Capped like that header; what cannot be read asks for nothing.
    pub fn asked_delay(&self, status: u16, body: &[u8]) -> Option<Duration> {
        if status != 429 {
            return None;
        }
        let member = match self {
            // https://discord.com/developers/docs/topics/rate-limits: seconds, with fractions.
            Self::Discord(_) => "/retry_after",
            // https://core.telegram.org/bots/api#responseparameters: whole seconds.
            Self::Telegram(_) => "/parameters/retry_after",
            Self::Generic | Self::Slack | Self::Teams => return None,
        };
        let body: Value = serde_json::from_slice(body).ok()?;
        let credible =
            |seconds: &f64| *seconds > 0.0 && *seconds <= RETRY_AFTER_CREDIBLE_MAX.as_secs_f64();
        let seconds = body.pointer(member)?.as_f64().filter(credible)?;
        let capped = seconds.min(RETRY_AFTER_MAX.as_secs_f64());
        Some(Duration::from_secs_f64(capped))
    }
}

#[cfg(test)]
pub(super) mod tests_support {
    use proptest::prelude::*;
    use serde_json::Value;

    /// Any JSON, with names and texts that markup, limits and parsers stumble over.
    pub(super) fn any_json() -> impl Strategy<Value = Value> {
        let text = prop_oneof![
            any::<String>(),
            "[ \\t\\n]{0,3}",
            "(@everyone|<!channel>|<@1>|\\[a\\]\\(http://b\\)|&amp;|</b>|\u{1F600}|e\u{301}|\u{0}){0,400}",
            "[a-z<&>\u{1F600}]{0,2500}",
        ];
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            text.clone().prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 96, 60, move |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..60).prop_map(Value::from),
                proptest::collection::btree_map(text.clone(), inner, 0..60)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(kind: IntegrationType, settings: &Value) -> Vec<String> {
        match Integration::validate(kind, settings.as_object().unwrap()) {
            Ok(_) => Vec::new(),
            Err(errors) => errors.into_iter().map(|error| error.field).collect(),
        }
    }

    #[test]
    fn settings_that_a_type_does_not_have_are_refused_by_name() {
        use serde_json::json;
        for kind in [
            IntegrationType::Generic,
            IntegrationType::Slack,
            IntegrationType::Discord,
            IntegrationType::Teams,
        ] {
            assert!(fields(kind, &json!({})).is_empty());
            assert_eq!(
                fields(kind, &json!({"chat_id": 1})),
                ["integration.chat_id"]
            );
        }
        assert_eq!(
            fields(
                IntegrationType::Telegram,
                &json!({"chat_id": -100, "channel": "x"})
            ),
            ["integration.channel"]
        );
    }

    #[test]
    fn a_delay_in_the_body_of_a_429_is_heard() {
        let discord =
            br#"{"message":"You are being rate limited.","retry_after":0.532,"global":false}"#;
        let telegram = br#"{"ok":false,"error_code":429,"parameters":{"retry_after":35}}"#;
        let chat = TelegramChat::validate(serde_json::json!({"chat_id": 1}).as_object().unwrap());
        let bot = Integration::Telegram(chat.unwrap());
        let millis = |asked: Option<Duration>| asked.map(|delay| delay.as_millis());
        let channel = Integration::Discord(DiscordChannel::default());
        assert_eq!(millis(channel.asked_delay(429, discord)), Some(532));
        assert_eq!(millis(bot.asked_delay(429, telegram)), Some(35_000));
        assert_eq!(bot.asked_delay(500, telegram), None);
        assert_eq!(Integration::Generic.asked_delay(429, discord), None);
        let too_long = channel.asked_delay(429, br#"{"retry_after":100000.5}"#);
        assert_eq!(too_long, Some(RETRY_AFTER_MAX));
        for nothing in [
            "",
            "[]",
            r#"{"retry_after":-1}"#,
            r#"{"retry_after":"1"}"#,
            r#"{"retry_after":1769428860}"#,
            r#"{"retry_after":1e300}"#,
        ] {
            assert_eq!(channel.asked_delay(429, nothing.as_bytes()), None);
        }
    }
}
