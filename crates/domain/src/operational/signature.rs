//! How a deliverer knows that an operational event is Posthorn's own.
//!
//! Whoever may publish events on NATS may publish on the subjects of these types too, with any headers. So the
//! deliverer that publishes one signs it, and the deliverer that claims it takes it for genuine only if the signature
//! holds; what is not genuine is a malformed message.
//!
//! The key follows from a master key (HMAC-SHA256 over [`CONTEXT`]), which no publisher has. The signature is
//! HMAC-SHA256 over the subject, the event's id, its timestamp, the webhook that it is about, the time of signing and
//! the body, each with its length before it: everything that the event is made of. What else a message says (its other
//! headers) is not looked at.
//!
//! During a rotation of the master key several keys are known: the first signs, any verifies. A signature names its
//! key, so that one by a key that this process does not have ([`NotGenuine::UnknownKey`]) is told apart from a forged
//! one: another replica may have that key.
//!
//! A copy of a genuine message has a genuine signature. It carries the id of the first, so what has a record is not
//! delivered again, and it is refused when it is stored more than [`SIGNED_SKEW_MAX`] after it was signed. Not
//! promised: of a copy that is claimed while the first is being delivered, a receiver may get a second request with the
//! same `webhook-id`.

use std::{fmt, sync::Arc};

use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{DateTime, TimeDelta};
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretSlice};
use sha2::Sha256;

use crate::clock::Timestamp;

type HmacSha256 = Hmac<Sha256>;

/// What the keys of this purpose are derived with.
const CONTEXT: &[u8] = b"posthorn/operational-events/1";
/// Begins a signature: its scheme.
const SCHEME: &str = "v1";
/// Longest time between the signing and the storing of a message: clocks differ, and a publish may wait.
const SIGNED_SKEW_MAX: TimeDelta = TimeDelta::days(1);

/// The keys that sign operational events: the first signs, any verifies. Without one, nothing is genuine.
#[derive(Clone, Default)]
pub struct OperationalKeys(Arc<[Key]>);

struct Key {
    id: u32,
    key: SecretSlice<u8>,
}

/// What an operational event is made of, as its message holds it.
#[derive(Debug, Clone, Copy)]
pub struct SignedParts<'a> {
    /// Where it is published: names the tenant and the type.
    pub subject: &'a str,
    /// The event's id.
    pub event_id: &'a str,
    /// When it happened.
    pub timestamp: &'a str,
    /// The webhook that it is about.
    pub about: &'a str,
    /// The event's data.
    pub body: &'a [u8],
}

/// Why a message is not taken for an operational event.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotGenuine {
    /// Nobody signed it.
    #[error("only Posthorn itself publishes events of this type")]
    Unsigned,
    /// The signature is not of this message.
    #[error("only Posthorn itself publishes events of this type, and the signature is not its own")]
    Forged,
    /// Signed with a key that is not among those of this process.
    #[error(
        "events of this type are signed by Posthorn, and the master key {0} that signed this one is not in the list of this deliverer"
    )]
    UnknownKey(String),
    /// Signed long before, or after, it was stored: a copy.
    #[error(
        "only Posthorn itself publishes events of this type, and this one was signed at another time"
    )]
    Stale,
}

impl OperationalKeys {
    /// Derives the keys from master keys, each with its id, the one that signs first.
    pub fn derive<'a>(master_keys: impl IntoIterator<Item = (u32, &'a [u8])>) -> Self {
        let derive = |(id, master): (u32, &[u8])| Key {
            id,
            key: keyed(master)
                .chain_update(CONTEXT)
                .finalize()
                .into_bytes()
                .to_vec()
                .into(),
        };
        Self(master_keys.into_iter().map(derive).collect())
    }

    /// The signature of a message, made at `now`; `None` without a key.
    pub fn sign(&self, parts: &SignedParts<'_>, now: Timestamp) -> Option<String> {
        let key = self.0.first()?;
        let seconds = now.timestamp();
        let mac = STANDARD.encode(key.mac(parts, seconds).finalize().into_bytes());
        Some(format!("{SCHEME},{:08x},{seconds},{mac}", key.id))
    }

    /// Whether the message that was stored at `stored_at` was signed by one of the keys, about then.
    pub fn verify(
        &self,
        parts: &SignedParts<'_>,
        signature: Option<&str>,
        stored_at: Timestamp,
    ) -> Result<(), NotGenuine> {
        let signed_at = self.verify_any_time(parts, signature)?;
        let skew = (stored_at - signed_at).abs();
        if skew > SIGNED_SKEW_MAX {
            return Err(NotGenuine::Stale);
        }
        Ok(())
    }

    /// When the message was signed by one of the keys.
    pub fn verify_any_time(
        &self,
        parts: &SignedParts<'_>,
        signature: Option<&str>,
    ) -> Result<Timestamp, NotGenuine> {
        let signature = signature.ok_or(NotGenuine::Unsigned)?;
        let (id, seconds, mac) = read(signature).ok_or(NotGenuine::Forged)?;
        let signed_at = DateTime::from_timestamp(seconds, 0).ok_or(NotGenuine::Forged)?;
        // Key ids are short: two keys may share one, so each that fits is tried.
        let mut fitting = self.0.iter().filter(|key| key.id == id).peekable();
        if fitting.peek().is_none() {
            return Err(NotGenuine::UnknownKey(format!("{id:08x}")));
        }
        if fitting.any(|key| key.mac(parts, seconds).verify_slice(&mac).is_ok()) {
            Ok(signed_at)
        } else {
            Err(NotGenuine::Forged)
        }
    }
}

impl Key {
    fn mac(&self, parts: &SignedParts<'_>, seconds: i64) -> HmacSha256 {
        let mut mac = keyed(self.key.expose_secret());
        for part in [
            parts.subject.as_bytes(),
            parts.event_id.as_bytes(),
            parts.timestamp.as_bytes(),
            parts.about.as_bytes(),
            &seconds.to_be_bytes(),
            parts.body,
        ] {
            mac.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            mac.update(part);
        }
        mac
    }
}

/// Key id, time of signing in Unix seconds, and MAC.
fn read(signature: &str) -> Option<(u32, i64, Vec<u8>)> {
    let mut fields = signature.split(',');
    let (scheme, id, seconds, mac) = (
        fields.next()?,
        fields.next()?,
        fields.next()?,
        fields.next()?,
    );
    if scheme != SCHEME || id.len() != 8 || fields.next().is_some() {
        return None;
    }
    Some((
        u32::from_str_radix(id, 16).ok()?,
        seconds.parse().ok()?,
        STANDARD.decode(mac).ok()?,
    ))
}

fn keyed(key: &[u8]) -> HmacSha256 {
    #[expect(
        clippy::expect_used,
        reason = "RFC 2104: HMAC takes a key of any length"
    )]
    HmacSha256::new_from_slice(key).expect("HMAC takes a key of any length")
}

impl fmt::Debug for OperationalKeys {
    /// How many, and nothing of them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OperationalKeys({})", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const OLD: (u32, &[u8]) = (0xa1, &[1; 32]);
    const NEW: (u32, &[u8]) = (0xb2, &[2; 32]);

    fn keys(masters: &[(u32, &'static [u8])]) -> OperationalKeys {
        OperationalKeys::derive(masters.iter().copied())
    }

    fn parts() -> SignedParts<'static> {
        SignedParts {
            subject: "posthorn.events.acme.webhook.failing",
            event_id: "01941f29-7c00-7000-8000-000000000009",
            timestamp: "2026-03-06T08:00:00Z",
            about: "01941f29-7c00-7000-8000-000000000001",
            body: b"{}",
        }
    }

    fn of<'a>(texts: &'a [String; 4], body: &'a [u8]) -> SignedParts<'a> {
        let [subject, event_id, timestamp, about] = texts;
        SignedParts {
            subject,
            event_id,
            timestamp,
            about,
            body,
        }
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn during_a_rotation_either_key_verifies_and_the_first_signs() {
        let now = at("2026-03-06T08:00:01Z");
        for (signs, verifies) in [
            (keys(&[OLD]), keys(&[OLD, NEW])),
            (keys(&[OLD, NEW]), keys(&[NEW, OLD])),
            (keys(&[NEW, OLD]), keys(&[OLD, NEW])),
            (keys(&[NEW, OLD]), keys(&[NEW])),
        ] {
            let signature = signs.sign(&parts(), now).unwrap();
            assert_eq!(verifies.verify(&parts(), Some(&signature), now), Ok(()));
        }
    }

    #[test]
    fn a_key_that_is_not_known_here_is_named_and_is_no_forgery() {
        let now = at("2026-03-06T08:00:01Z");
        let signature = keys(&[NEW]).sign(&parts(), now).unwrap();
        let refused = keys(&[OLD]).verify(&parts(), Some(&signature), now);
        let unknown = NotGenuine::UnknownKey("000000b2".to_owned());
        assert_eq!(refused, Err(unknown.clone()));
        assert!(unknown.to_string().contains("000000b2"));
        // Without any key nothing can be genuine, and nothing can be signed.
        let none = OperationalKeys::default();
        assert_eq!(none.verify(&parts(), Some(&signature), now), Err(unknown));
        assert_eq!(none.sign(&parts(), now), None);
    }

    #[test]
    fn what_is_not_signed_is_not_genuine() {
        let now = at("2026-03-06T08:00:01Z");
        let keys = keys(&[OLD]);
        assert_eq!(keys.verify(&parts(), None, now), Err(NotGenuine::Unsigned));
        let genuine = keys.sign(&parts(), now).unwrap();
        for forged in [
            "",
            "v1",
            "v1,000000a1,1772784001,",
            "v1,000000a1,1772784001,AAAA",
            "v1,a1,1772784001,AAAA",
            "v1,000000a1,x,AAAA",
            "v1,000000a1,9223372036854775807,AAAA",
            &genuine.replace("v1", "v2"),
            &format!("{genuine},x"),
        ] {
            let refused = keys.verify(&parts(), Some(forged), now);
            assert_eq!(refused, Err(NotGenuine::Forged), "{forged}");
        }
    }

    #[test]
    fn a_copy_of_long_ago_is_refused() {
        let keys = keys(&[OLD]);
        let signed_at = at("2026-03-06T08:00:00Z");
        let signature = keys.sign(&parts(), signed_at).unwrap();
        for (stored_at, genuine) in [
            ("2026-03-07T08:00:00Z", true),
            ("2026-03-07T08:00:01Z", false),
            ("2026-03-05T08:00:00Z", true),
            ("2026-03-05T07:59:59Z", false),
        ] {
            let verified = keys.verify(&parts(), Some(&signature), at(stored_at));
            assert_eq!(verified.is_ok(), genuine, "{stored_at}");
        }
        let verified = keys.verify_any_time(&parts(), Some(&signature));
        assert_eq!(verified, Ok(signed_at));
    }

    proptest! {
        /// Whatever is changed in a message, or moved from one part into the next, its signature does not hold.
        #[test]
        fn a_signature_is_of_one_message_alone(
            texts in prop::array::uniform4("[a-c.]{0,3}"),
            body in prop::collection::vec(97_u8..100, 0..3),
            others in prop::array::uniform4("[a-c.]{0,3}"),
            other_body in prop::collection::vec(97_u8..100, 0..3),
        ) {
            let same = texts == others && body == other_body;
            let one = of(&texts, &body);
            let other = of(&others, &other_body);
            let keys = keys(&[OLD]);
            let now = at("2026-03-06T08:00:01Z");
            let signature = keys.sign(&one, now).unwrap();
            prop_assert_eq!(keys.verify(&one, Some(&signature), now), Ok(()));
            prop_assert_eq!(keys.verify(&other, Some(&signature), now).is_ok(), same);
        }
    }
}
