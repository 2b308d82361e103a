//! What happens in the model: moves, messages, and what becomes of them.

use std::time::Duration;

use crate::delivery_lifecycle::Run;

/// As in the store.
pub(super) const LOST_AFTER: Duration = Duration::from_secs(5);
/// As in the sweeper.
pub(super) const STRANDED_AFTER: Duration = Duration::from_secs(600);
/// Moves after which a delivery must have come to rest.
pub(super) const MOVES_TO_REST_MAX: usize = 1_000;

/// One thing that somebody does. What is impossible at the moment does nothing.
#[derive(Debug, Clone, Copy)]
pub(super) enum Move {
    /// The schedule fires.
    Fire,
    /// A replica takes a message and claims the delivery.
    Take(usize),
    /// It reads the record and decides.
    Decide(usize),
    /// The gate puts the delivery off.
    Defer(usize),
    /// A first attempt is slow.
    ShowAsPending(usize),
    /// The receiver answers, and the attempt is recorded.
    End { hand: usize, success: bool },
    /// What follows is handed over, and the message acknowledged.
    Follow(usize),
    /// The replica dies; JetStream gives the message out again.
    Crash(usize),
    /// A retry by hand reads how the delivery stands.
    Ask,
    /// It publishes.
    PublishAsk,
    /// It writes the row, or begins again.
    CommitAsk,
    /// A replay reads how the delivery stands.
    ReadForReplay,
    /// It publishes.
    PublishReplay,
    /// It writes the row.
    WriteReplay,
    /// An hour passes.
    Wait,
    /// The sweeper makes a round.
    Sweep,
    /// The webhook has another number of retries.
    Patch(u32),
    /// The webhook is enabled or disabled.
    Enable(bool),
    /// The queue loses the schedule and what is due.
    Purge,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Message {
    pub(super) id: u32,
    pub(super) attempt: u32,
    pub(super) run_start: Option<u32>,
    pub(super) is_event: bool,
    pub(super) redelivered: bool,
}

/// The message of the event.
pub(super) const EVENT: Message = Message {
    id: 0,
    attempt: 1,
    run_start: None,
    is_event: true,
    redelivered: false,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    Claimed,
    Sending {
        attempt: u32,
        run: Run,
        claimed: bool,
    },
    Recorded(Follow),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Follow {
    Nothing,
    /// Attempt and run; whether it has a due time.
    HandOver(u32, Run, bool),
    DeadLetter,
}
