//! Typed ids. All of them begin with 48 bits of milliseconds, so they sort by time and a table that is
//! partitioned by id is partitioned by time.

use std::{fmt, str::FromStr};

use rand::{Rng, RngExt};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::{Builder, Uuid};

use crate::clock::{Clock, Timestamp, from_unix_ms, unix_ms};

macro_rules! typed_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// Takes an id as it was stored or received.
            pub const fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The plain UUID, for storage and wire formats.
            pub const fn as_uuid(self) -> Uuid {
                self.0
            }

            /// The moment that the id's first 48 bits hold.
            pub fn time(self) -> Timestamp {
                from_unix_ms(leading_ms(self.0))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self.0.as_hyphenated(), f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::try_parse(text).map(Self)
            }
        }
    };
}

typed_id!(
    /// Identifies an event: a UUIDv7 made by the api, or derived from the stream's time and sequence.
    EventId
);
typed_id!(
    /// Identifies a webhook (UUIDv7).
    WebhookId
);
typed_id!(
    /// Identifies a delivery: a UUIDv8 that follows from its event and its webhook.
    DeliveryId
);
typed_id!(
    /// Identifies an API key (UUIDv7). It is not the key itself.
    ApiKeyId
);
typed_id!(
    /// Identifies a replay (UUIDv7).
    ReplayId
);
typed_id!(
    /// Identifies an erasure by filter (UUIDv7).
    ErasureId
);
typed_id!(
    /// Identifies a dead letter: that of a delivery by the delivery's id, that of a message that could not be
    /// read by where and when it was buried.
    DeadLetterId
);

/// Largest millisecond count that an id can hold.
const MS_MAX: u64 = (1 << 48) - 1;

fn leading_ms(id: Uuid) -> u64 {
    u64::try_from(id.as_u128() >> 80).unwrap_or(MS_MAX)
}

fn new_v7(clock: &dyn Clock, rng: &mut impl Rng) -> Uuid {
    Builder::from_unix_timestamp_millis(unix_ms(clock.now()).min(MS_MAX), &rng.random()).into_uuid()
}

impl EventId {
    /// A fresh id for an event that the api accepts now.
    pub fn generate(clock: &dyn Clock, rng: &mut impl Rng) -> Self {
        Self(new_v7(clock, rng))
    }

    /// The id of a message that was published straight to the stream.
    ///
    /// Laid out as a UUIDv7 (RFC 9562): milliseconds, then the fraction of the millisecond in 12 bits
    /// (method 3 of its section 6.2), then the sequence where v7 has random bits. The same message
    /// gives the same id however often it is redelivered, and two messages never share one.
    pub fn from_stream_position(stored_at_unix_ns: u64, sequence: u64) -> Self {
        const NS_PER_MS: u64 = 1_000_000;
        let ms = (stored_at_unix_ns / NS_PER_MS).min(MS_MAX);
        let fraction = (stored_at_unix_ns % NS_PER_MS) * 4096 / NS_PER_MS;
        let bits = (u128::from(ms) << 80)
            | (7_u128 << 76)
            | (u128::from(fraction) << 64)
            | (0b10_u128 << 62)
            | u128::from(sequence & ((1 << 62) - 1));
        Self(Uuid::from_u128(bits))
    }
}

impl EventId {
    /// The id of an event of a batch that was published straight to the stream as one message: made like
    /// [`Self::from_stream_position`], with the event's index before the sequence. No message has so high a sequence
    /// that it shares one.
    pub fn of_batch_member(stored_at_unix_ns: u64, sequence: u64, index: u16) -> Self {
        const IS_MEMBER: u64 = 1 << 61;
        const SEQUENCE_BITS: u32 = 45;
        let place = IS_MEMBER
            | (u64::from(index) << SEQUENCE_BITS)
            | (sequence & ((1 << SEQUENCE_BITS) - 1));
        Self::from_stream_position(stored_at_unix_ns, place)
    }
}

impl WebhookId {
    /// A fresh id for a webhook that is created now.
    pub fn generate(clock: &dyn Clock, rng: &mut impl Rng) -> Self {
        Self(new_v7(clock, rng))
    }
}

impl ApiKeyId {
    /// A fresh id for a key that is created now.
    pub fn generate(clock: &dyn Clock, rng: &mut impl Rng) -> Self {
        Self(new_v7(clock, rng))
    }
}

impl ReplayId {
    /// A fresh id for a replay that is asked for now.
    pub fn generate(clock: &dyn Clock, rng: &mut impl Rng) -> Self {
        Self(new_v7(clock, rng))
    }
}

impl ErasureId {
    /// A fresh id for an erasure that is asked for now.
    pub fn generate(clock: &dyn Clock, rng: &mut impl Rng) -> Self {
        Self(new_v7(clock, rng))
    }
}

impl DeadLetterId {
    /// The id of a letter that has no delivery: made like [`EventId::from_stream_position`].
    pub fn from_stream_position(stored_at_unix_ns: u64, sequence: u64) -> Self {
        Self(EventId::from_stream_position(stored_at_unix_ns, sequence).0)
    }
}

impl From<DeliveryId> for DeadLetterId {
    fn from(delivery: DeliveryId) -> Self {
        Self(delivery.0)
    }
}

impl DeliveryId {
    /// The id of the delivery of `event` to `webhook`: the event's milliseconds, then a hash of both ids.
    ///
    /// The same pair always gives the same id, which is what makes every step of a delivery repeatable.
    pub fn derive(event: EventId, webhook: WebhookId) -> Self {
        let mut hash = Sha256::new();
        hash.update(event.0.as_bytes());
        hash.update(webhook.0.as_bytes());
        let digest = hash.finalize();
        let mut bytes = [0; 16];
        bytes[..6].copy_from_slice(&event.0.as_bytes()[..6]);
        bytes[6..].copy_from_slice(&digest[..10]);
        Self(Builder::from_custom_bytes(bytes).into_uuid())
    }

    /// Bounds of all delivery ids of one event: they share its millisecond.
    ///
    /// Lets a query by event use the primary key instead of an index of its own.
    pub fn range_of_event(event: EventId) -> (Self, Self) {
        let floor = (event.0.as_u128() >> 80) << 80;
        (
            Self(Uuid::from_u128(floor)),
            Self(Uuid::from_u128(floor | ((1 << 80) - 1))),
        )
    }
}

/// The smallest UUID that an id made at `moment` can have; bounds of lists and partitions.
pub(crate) fn floor_at(moment: Timestamp) -> Uuid {
    Uuid::from_u128(u128::from(unix_ms(moment).min(MS_MAX)) << 80)
}

macro_rules! time_floor {
    ($($name:ident),+) => {
        $(impl $name {
            /// The smallest id of this kind at `moment`: "since" and "until" become ranges of ids.
            pub fn floor_at(moment: Timestamp) -> Self {
                Self(floor_at(moment))
            }
        })+
    };
}
time_floor!(EventId, DeliveryId, DeadLetterId);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn any_uuid() -> impl Strategy<Value = Uuid> {
        any::<u128>().prop_map(Uuid::from_u128)
    }

    proptest! {
        #[test]
        fn a_pair_has_one_delivery_id_that_sorts_with_its_event(event in any_uuid(), webhook in any_uuid()) {
            let (event, webhook) = (EventId::from_uuid(event), WebhookId::from_uuid(webhook));
            let id = DeliveryId::derive(event, webhook);
            prop_assert_eq!(id, DeliveryId::derive(event, webhook));
            prop_assert_eq!(id.as_uuid().get_version_num(), 8);
            prop_assert_eq!(leading_ms(id.as_uuid()), leading_ms(event.as_uuid()));
            let (low, high) = DeliveryId::range_of_event(event);
            prop_assert!(low <= id && id <= high);
        }

        #[test]
        fn other_pairs_have_other_delivery_ids(event in any_uuid(), a in any_uuid(), b in any_uuid()) {
            prop_assume!(a != b);
            let event = EventId::from_uuid(event);
            prop_assert_ne!(
                DeliveryId::derive(event, WebhookId::from_uuid(a)),
                DeliveryId::derive(event, WebhookId::from_uuid(b))
            );
        }

        #[test]
        fn stream_positions_give_distinct_ids_in_order(ns in 0_u64..4_000_000_000_000_000_000, sequence in 1_u64..u64::MAX >> 2) {
            let first = EventId::from_stream_position(ns, sequence);
            let second = EventId::from_stream_position(ns, sequence + 1);
            prop_assert!(first < second);
            prop_assert_eq!(first.as_uuid().get_version_num(), 7);
            prop_assert_eq!(unix_ms(first.time()), ns / 1_000_000);
        }
    }
}
