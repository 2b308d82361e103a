//! Which messages of the stream an api published, and what their idempotency keys are called there. Why and how, is
//! told in [`MessageKey`]'s module.

use std::{
    fmt,
    sync::{Arc, OnceLock},
};

use async_nats::HeaderMap;
use posthorn_domain::{MessageKey, MessageParts, TenantId, Timestamp};

use crate::{
    event_message::{OutgoingEvent, StoredMessage},
    header,
};

/// What this process knows of the installation's key. Clones share it. Who knows no key publishes like anybody else, and
/// takes no message for the installation's own.
#[derive(Clone, Default)]
pub struct OwnMessages(Arc<OnceLock<Known>>);

struct Known {
    key: MessageKey,
    /// The release before did not sign: what it published until it was replaced.
    unsigned_until: Option<Timestamp>,
}

impl OwnMessages {
    /// Learns the key, once: it never changes. Messages without a signature that were stored before `unsigned_until` are
    /// taken for own ones too.
    pub fn learn(&self, key: MessageKey, unsigned_until: Option<Timestamp>) {
        // Whoever is second has read the same key.
        let _ = self.0.set(Known {
            key,
            unsigned_until,
        });
    }

    /// Whether the key is known.
    pub fn are_known(&self) -> bool {
        self.0.get().is_some()
    }

    pub(crate) fn sign(&self, subject: &str, headers: &HeaderMap, body: &[u8]) -> Option<String> {
        let known = self.0.get()?;
        Some(with_parts(subject, Some(headers), body, |parts| {
            known.key.sign(parts)
        }))
    }

    pub(crate) fn contain(&self, message: &StoredMessage<'_>) -> bool {
        let Some(known) = self.0.get() else {
            return false;
        };
        match header::get(message.headers, header::SIGNATURE) {
            Some(signature) => {
                with_parts(message.subject, message.headers, message.payload, |parts| {
                    known.key.verify(parts, signature)
                })
            }
            None => known
                .unsigned_until
                .is_some_and(|until| message.stored_at < until),
        }
    }

    /// What the server is to call an event, where it has an idempotency key. `place` counts the names that others sit on.
    pub(crate) fn message_id(&self, outgoing: &OutgoingEvent, place: u8) -> Option<String> {
        let key = outgoing.idempotency_key.as_ref()?;
        let tenant = &outgoing.event.tenant;
        let Some(known) = self.0.get() else {
            // As everybody is asked to name what they publish straight to NATS.
            return Some(format!("{tenant}:{key}"));
        };
        // As long as an api of the release before may be there, its name is asked for first.
        let is_shared = known
            .unsigned_until
            .is_some_and(|until| outgoing.event.id.time() < until);
        if is_shared && place == 0 {
            return Some(format!("http:{tenant}:{key}"));
        }
        Some(known.key.name(tenant, key.as_str(), place))
    }
}

impl OwnMessages {
    /// A name that nobody else can guess, for a message that Posthorn makes of others.
    pub(crate) fn name(&self, tenant: &TenantId, of: &str) -> Option<String> {
        let known = self.0.get()?;
        Some(known.key.name(tenant, of, 0))
    }
}

impl fmt::Debug for OwnMessages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OwnMessages(known: {})", self.are_known())
    }
}

/// The headers in one order, as every reader of the message has them: without those that the server reads or adds, and
/// without white space that gets lost on the way.
fn with_parts<T>(
    subject: &str,
    headers: Option<&HeaderMap>,
    body: &[u8],
    use_parts: impl FnOnce(&MessageParts<'_>) -> T,
) -> T {
    let mut signed: Vec<(&str, &str)> = headers
        .into_iter()
        .flat_map(HeaderMap::iter)
        .flat_map(|(name, values)| {
            let name: &str = name.as_ref();
            values
                .iter()
                .map(move |value| (name, value.as_str().trim()))
        })
        .filter(|(name, _)| !header::is_servers(name) && *name != header::SIGNATURE)
        .collect();
    // Stable: several values of one name keep their order.
    signed.sort_by_key(|(name, _)| *name);
    use_parts(&MessageParts {
        subject,
        headers: &signed,
        body,
    })
}
