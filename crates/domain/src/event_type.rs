use std::{fmt, str::FromStr, sync::Arc};

use serde::{Deserialize, Serialize};

use crate::{limits::EVENT_TYPE_CHARS_MAX, operational::OperationalType};

/// A dotted name such as `user.created`: segments of `[A-Za-z0-9_-]+`, at most 128 characters.
///
/// The same alphabet is safe as tokens of a NATS subject, so a type never needs escaping there.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EventType(Arc<str>);

/// An event type that does not fit.
#[derive(Debug, Clone, thiserror::Error)]
#[error(
    "an event type is dot-separated segments of A-Z, a-z, 0-9, `_` and `-`, at most {EVENT_TYPE_CHARS_MAX} characters"
)]
pub struct InvalidEventType;

/// A pattern that does not fit.
#[derive(Debug, Clone, thiserror::Error)]
#[error("a pattern is an event type such as `user.created`, a prefix such as `user.*`, or `*`")]
pub struct InvalidPattern;

/// Which event types a webhook wants.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum EventTypePattern {
    /// `*`: every type that applications publish. What Posthorn publishes of itself is not among them.
    All,
    /// `prefix.*`: the prefix followed by one or more further segments.
    Prefix(EventType),
    /// This type alone.
    Exact(EventType),
}

fn well_formed(text: &str) -> bool {
    text.len() <= EVENT_TYPE_CHARS_MAX
        && text.split('.').all(|segment| {
            !segment.is_empty()
                && segment
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
        })
}

impl EventType {
    /// A type that is written in the program, such as [`OperationalType`](crate::OperationalType)'s.
    pub(crate) fn from_static(name: &'static str) -> Self {
        Self(Arc::from(name))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether Posthorn alone publishes events of this type: see [`OperationalType`](crate::OperationalType).
    pub fn is_operational(&self) -> bool {
        OperationalType::of(&self.0).is_some()
    }

    /// A label for people: `user.created` gives `User created`.
    pub fn label(&self) -> String {
        let words = self.0.replace(['.', '_', '-'], " ");
        let mut characters = words.chars();
        match characters.next() {
            Some(first) => first.to_ascii_uppercase().to_string() + characters.as_str(),
            None => words,
        }
    }

    /// The prefixes whose `prefix.*` matches this type, longest first: `a.b.c` gives `a.b`, `a`.
    pub fn prefixes(&self) -> impl Iterator<Item = &str> {
        let mut rest: &str = &self.0;
        std::iter::from_fn(move || {
            rest = &rest[..rest.rfind('.')?];
            Some(rest)
        })
    }
}

impl std::borrow::Borrow<str> for EventType {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl FromStr for EventType {
    type Err = InvalidEventType;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if well_formed(text) {
            Ok(Self(Arc::from(text)))
        } else {
            Err(InvalidEventType)
        }
    }
}

impl EventTypePattern {
    /// Whether an event of this type is wanted.
    pub fn matches(&self, event_type: &EventType) -> bool {
        match self {
            Self::All => !event_type.is_operational(),
            Self::Exact(wanted) => wanted == event_type,
            Self::Prefix(prefix) => event_type
                .as_str()
                .strip_prefix(prefix.as_str())
                .is_some_and(|rest| rest.starts_with('.')),
        }
    }
}

impl FromStr for EventTypePattern {
    type Err = InvalidPattern;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "*" {
            return Ok(Self::All);
        }
        let parse = |name: &str| name.parse().map_err(|_: InvalidEventType| InvalidPattern);
        match text.strip_suffix(".*") {
            Some(prefix) => parse(prefix).map(Self::Prefix),
            None => parse(text).map(Self::Exact),
        }
    }
}

impl fmt::Display for EventTypePattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("*"),
            Self::Prefix(prefix) => write!(f, "{prefix}.*"),
            Self::Exact(name) => fmt::Display::fmt(name, f),
        }
    }
}

impl fmt::Debug for EventTypePattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for EventType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for EventType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

macro_rules! string_conversions {
    ($($name:ident: $error:ident),+) => {
        $(impl TryFrom<String> for $name {
            type Error = $error;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.to_string()
            }
        })+
    };
}
string_conversions!(EventType: InvalidEventType, EventTypePattern: InvalidPattern);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn event_type() -> impl Strategy<Value = String> {
        "[A-Za-z0-9_-]{1,8}(\\.[A-Za-z0-9_-]{1,8}){0,4}"
    }

    #[test]
    fn refuses_what_is_no_dotted_name() {
        for bad in [
            "",
            ".",
            "a.",
            ".a",
            "a..b",
            "a b",
            "a.*",
            "*",
            ">",
            "ä",
            &"a".repeat(129),
        ] {
            assert!(bad.parse::<EventType>().is_err(), "{bad}");
        }
        for bad in ["", "a.*.b", "*.a", "a*", ".*", "**"] {
            assert!(bad.parse::<EventTypePattern>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_label_is_made_of_the_name() {
        for (name, label) in [
            ("user.created", "User created"),
            ("alert_fired", "Alert fired"),
            ("a-b.C", "A b C"),
        ] {
            assert_eq!(name.parse::<EventType>().unwrap().label(), label);
        }
    }

    #[test]
    fn a_prefix_wants_at_least_one_more_segment() {
        let pattern: EventTypePattern = "user.*".parse().unwrap();
        for (name, wanted) in [
            ("user.created", true),
            ("user.role.added", true),
            ("user", false),
            ("users.created", false),
        ] {
            assert_eq!(pattern.matches(&name.parse().unwrap()), wanted, "{name}");
        }
    }

    #[test]
    fn everything_does_not_include_what_posthorn_publishes_of_itself() {
        let matches = |pattern: &str, name: &str| {
            let pattern: EventTypePattern = pattern.parse().unwrap();
            pattern.matches(&name.parse().unwrap())
        };
        for kind in OperationalType::ALL {
            let name = kind.as_str();
            let (prefix, _) = name.split_once('.').unwrap();
            assert!(!matches("*", name), "{name}");
            assert!(matches(name, name), "{name}");
            assert!(matches(&format!("{prefix}.*"), name), "{name}");
        }
        // An application's own types of the same family are its own.
        for name in [
            "webhook.created",
            "webhook.failing.twice",
            "delivery",
            "Webhook.failing",
        ] {
            assert!(matches("*", name), "{name}");
        }
    }

    proptest! {
        #[test]
        fn everything_is_every_type_that_applications_publish(
            name in prop_oneof![
                event_type(),
                "(webhook|delivery)\\.(disabled|exhausted|failing|recovered|created)(\\.x)?",
            ],
        ) {
            let event_type: EventType = name.parse().unwrap();
            prop_assert_eq!(EventTypePattern::All.matches(&event_type), !event_type.is_operational());
            let is_operational = OperationalType::ALL.iter().any(|kind| kind.as_str() == name);
            prop_assert_eq!(event_type.is_operational(), is_operational);
        }

        #[test]
        fn a_pattern_prints_as_it_was_read(name in event_type(), kind in 0..3) {
            let text = match kind { 0 => name, 1 => format!("{name}.*"), _ => "*".to_owned() };
            prop_assert_eq!(text.parse::<EventTypePattern>().unwrap().to_string(), text);
        }

        /// The index of the deliverer looks prefixes up by name: it must agree with the pattern itself.
        #[test]
        fn prefixes_are_exactly_the_matching_patterns(name in event_type(), other in event_type()) {
            let event_type: EventType = name.parse().unwrap();
            let pattern: EventTypePattern = format!("{other}.*").parse().unwrap();
            prop_assert_eq!(pattern.matches(&event_type), event_type.prefixes().any(|p| p == other));
            for prefix in event_type.prefixes() {
                let pattern: EventTypePattern = format!("{prefix}.*").parse().unwrap();
                prop_assert!(pattern.matches(&event_type));
            }
        }
    }
}
