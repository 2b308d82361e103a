#![doc = include_str!("../README.md")]
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        reason = "a test fails by panicking"
    )
)]

mod account;
mod api;
mod backlog;
mod batch;
mod buried;
mod bus;
mod claim;
mod claims;
mod cloud_event;
mod config;
mod connect;
mod consumers;
mod cut_off;
mod dead_letter;
mod delivery_message;
mod duplicates;
mod erase;
mod error;
mod event_message;
mod examine;
mod floor;
#[cfg(feature = "fuzzing")]
pub mod fuzzing;
mod header;
mod horizon;
mod idempotency_key;
mod limits;
mod line;
mod link;
mod operational;
mod own_messages;
mod pipeline;
mod publish;
mod refusal;
mod rotation;
mod stored;
mod stream_info;
mod stream_setup;
pub mod subject;
mod topology;
mod unreadable;

pub use backlog::{Backlog, ConsumerLag, Storage, StreamSize};
pub use batch::Batch;
pub use buried::{BuriedDelivery, BuriedLetter, LetterBody, ReadablePayload};
pub use bus::Bus;
pub use claim::{Claim, ClaimHandle, Malformed};
pub use claims::{Claims, Pull};
pub use cloud_event::{CloudEvent, InvalidCloudEvent};
pub use config::BusConfig;
pub use dead_letter::DeadLetter;
pub use delivery_message::{Cause, DueDelivery, HandOver, HandOverTrace};
pub use duplicates::Repeated;
pub use erase::{EventAt, Overwrite};
pub use error::{BusError, PartlyStored, PublishError};
pub use event_message::{Accepted, IncomingEvent, OutgoingEvent};
pub use examine::{
    ConsumerExamined, ConsumerFound, Copies, Examination, StreamExamined, StreamFound,
};
pub use floor::FloorSource;
pub use idempotency_key::{IdempotencyKey, InvalidIdempotencyKey};
pub use own_messages::OwnMessages;
pub use pipeline::{EventSubject, Pipeline};
pub use topology::EVENTS_AGE_MIN;
