//! How messages that came in over HTTP are told from those that somebody published to NATS.
//!
//! Whoever may publish on `posthorn.events.acme.>` may send any headers there, and `Nats-Msg-Id` is one name space for
//! all of the stream. So a key that no publisher has does two things:
//!
//! - It **signs** what an api publishes: only of such a message are the headers believed that Posthorn makes for itself,
//!   such as the event's id. Nobody can give an event the id of another one. The signature is over the subject, all
//!   headers but the server's own, and the body, so nothing of a signed message can be changed; a copy is the same event.
//! - It **names** idempotency keys on the stream: what the message is called there follows from tenant and key, and
//!   cannot be guessed. Nobody can occupy the key of another.
//!
//! All processes of an installation share one key, which the database keeps in the clear: whoever reads the database,
//! and may publish on NATS too, can do both of the above. It follows from no master key, because it has to stay the same
//! while those are replaced, and has to be known where another master key is configured.

use std::fmt;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretSlice};
use sha2::Sha256;

use crate::tenant::TenantId;

type HmacSha256 = Hmac<Sha256>;

/// Keeps the two uses of the key apart.
const SIGNING: &[u8] = b"posthorn/messages/1";
const NAMING: &[u8] = b"posthorn/idempotency-keys/1";
/// Begins a signature: its scheme.
const SCHEME: &str = "e1,";

/// What an installation signs its messages with.
pub struct MessageKey {
    signing: SecretSlice<u8>,
    naming: SecretSlice<u8>,
}

/// What is signed of a message.
#[derive(Debug, Clone, Copy)]
pub struct MessageParts<'a> {
    /// Where it is published: names the tenant and the type.
    pub subject: &'a str,
    /// Names and values, in an order that does not depend on who reads them.
    pub headers: &'a [(&'a str, &'a str)],
    /// The event's data.
    pub body: &'a [u8],
}

impl MessageKey {
    /// Length of a key, in bytes.
    pub const BYTES: usize = 32;

    /// From the installation's key.
    pub fn new(key: &[u8; Self::BYTES]) -> Self {
        let derived = |purpose: &[u8]| {
            let mac = keyed(key).chain_update(purpose).finalize();
            SecretSlice::from(mac.into_bytes().to_vec())
        };
        Self {
            signing: derived(SIGNING),
            naming: derived(NAMING),
        }
    }

    /// The signature of a message.
    pub fn sign(&self, message: &MessageParts<'_>) -> String {
        let mac = self.mac(message).finalize().into_bytes();
        format!("{SCHEME}{}", URL_SAFE_NO_PAD.encode(mac))
    }

    /// Whether a signature is of this message.
    pub fn verify(&self, message: &MessageParts<'_>, signature: &str) -> bool {
        signature
            .strip_prefix(SCHEME)
            .and_then(|mac| URL_SAFE_NO_PAD.decode(mac).ok())
            .is_some_and(|mac| self.mac(message).verify_slice(&mac).is_ok())
    }

    /// What the server is told to call a message with this idempotency key. `place` is 0; where somebody sits on that
    /// name all the same, the next one is free.
    pub fn name(&self, tenant: &TenantId, idempotency_key: &str, place: u8) -> String {
        let mut mac = keyed(self.naming.expose_secret());
        add(&mut mac, tenant.as_str().as_bytes());
        add(&mut mac, idempotency_key.as_bytes());
        add(&mut mac, &[place]);
        URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
    }

    fn mac(&self, message: &MessageParts<'_>) -> HmacSha256 {
        let mut mac = keyed(self.signing.expose_secret());
        add(&mut mac, message.subject.as_bytes());
        mac.update(&length(message.headers.len()));
        for (name, value) in message.headers {
            add(&mut mac, name.as_bytes());
            add(&mut mac, value.as_bytes());
        }
        add(&mut mac, message.body);
        mac
    }
}

/// With its length before it, so that nothing can be moved from one part into the next.
fn add(mac: &mut HmacSha256, part: &[u8]) {
    mac.update(&length(part.len()));
    mac.update(part);
}

fn length(length: usize) -> [u8; 8] {
    u64::try_from(length).unwrap_or(u64::MAX).to_be_bytes()
}

fn keyed(key: &[u8]) -> HmacSha256 {
    #[expect(
        clippy::expect_used,
        reason = "RFC 2104: HMAC takes a key of any length"
    )]
    HmacSha256::new_from_slice(key).expect("HMAC takes a key of any length")
}

impl fmt::Debug for MessageKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MessageKey")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    fn tenant(text: &str) -> TenantId {
        text.parse().unwrap()
    }

    proptest! {
        /// Whatever is changed in a message, or moved from one part into the next, its signature does not hold.
        #[test]
        fn a_signature_is_of_one_message_alone(
            texts in prop::array::uniform4("[a-c]{0,2}"),
            body in prop::collection::vec(97_u8..100, 0..3),
            others in prop::array::uniform4("[a-c]{0,2}"),
            other_body in prop::collection::vec(97_u8..100, 0..3),
        ) {
            let key = MessageKey::new(&[1; 32]);
            let [subject, name, value, second] = &texts;
            let headers = [(name.as_str(), value.as_str()), (second.as_str(), "")];
            let one = MessageParts { subject, headers: &headers, body: &body };
            let [subject, name, value, second] = &others;
            let headers = [(name.as_str(), value.as_str()), (second.as_str(), "")];
            let other = MessageParts { subject, headers: &headers, body: &other_body };
            let signature = key.sign(&one);
            prop_assert!(key.verify(&one, &signature));
            prop_assert_eq!(key.verify(&other, &signature), texts == others && body == other_body);
            prop_assert!(!MessageKey::new(&[2; 32]).verify(&one, &signature));
        }
    }

    #[test]
    fn what_is_no_signature_is_none() {
        let key = MessageKey::new(&[1; 32]);
        let message = MessageParts {
            subject: "posthorn.events.acme.a",
            headers: &[],
            body: b"1",
        };
        let signature = key.sign(&message);
        let cut = &signature[..signature.len() - 4];
        for text in [
            "",
            "e1,",
            cut,
            &signature.replace("e1", "v1"),
            &signature[3..],
        ] {
            assert!(!key.verify(&message, text), "{text}");
        }
    }

    #[test]
    fn names_differ_by_tenant_key_place_and_installation() {
        let (one, other) = (MessageKey::new(&[1; 32]), MessageKey::new(&[2; 32]));
        let names: HashSet<String> = [
            one.name(&tenant("a"), "bk", 0),
            one.name(&tenant("ab"), "k", 0),
            one.name(&tenant("a"), "bk", 1),
            one.name(&tenant("a"), "b", 0),
            other.name(&tenant("a"), "bk", 0),
        ]
        .into();
        assert_eq!(names.len(), 5);
        assert_eq!(
            one.name(&tenant("a"), "b", 0),
            one.name(&tenant("a"), "b", 0)
        );
    }
}
