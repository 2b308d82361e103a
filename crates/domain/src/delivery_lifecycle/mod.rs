//! The life of a delivery, as a state machine.
//!
//! # Who takes part
//!
//! - The **record** in PostgreSQL: a status, the attempts made, and the run that they belong to. A *run* is a series of
//!   attempts under one retry policy: the first begins with the event, each other one with a retry by hand or a replay.
//! - The **messages** in JetStream: each asks for one attempt of one run. A delivery has one *schedule*: what is handed
//!   over for later replaces the one that waits. A message whose schedule has fired can no longer be replaced, so a
//!   delivery may have several messages.
//! - The **claim** in PostgreSQL: which message is attempting the delivery, and until when at most. It belongs to the
//!   message and not to a process: a message that JetStream gives to another replica takes its claim along.
//! - The **dead letter** in JetStream.
//!
//! # Legal moves
//!
//! ```text
//!  (no record) ──attempt is slow, or put off──▶ pending ──attempt ends──▶ success
//!      │                                           │ │                     │  ▲
//!      └────────────attempt ends───────────────────┘ ├─▶ retrying ──attempt┤  │ attempt of a later run, or of
//!                                                    │    ▲  │             │  │ another message at the same time
//!                                                    │    │  └─────────────┼──┼─▶ failed ──▶ dead letter
//!                                                    └────┼────────────────┼──┼──────▲
//!                                                         └──retry by hand, replay───┘
//! ```
//!
//! | move | by whom | condition |
//! | --- | --- | --- |
//! | attempt | a deliverer with a message | it has the claim, and [`next_step`] over the record that it read *after* the claim says `Send`. The first attempt, straight from its event, needs neither: the event was never given out before, and nobody begins a run of what has no record while its event is not acknowledged |
//! | record | the deliverer that attempted | forwards only ([`Progress`] is an order); a success is never replaced by a failure of the same attempt |
//! | hand over, dead-letter, acknowledge | the same, in this order | what the row, locked, says of a run that was asked for meanwhile ([`overtaken`]) |
//! | begin a run | a retry by hand, a replay | [`begin_run`]: not while the first attempt is under way, nor while a run that was asked for waits for its attempt |
//! | hand over again | the sweeper | the due time passed long ago, nobody has the claim, no schedule waits |
//! | give up | whoever holds a message of a disabled webhook | not settled |
//! | vanish | whoever holds a message of a deleted webhook | always |
//!
//! # What holds, whatever is interleaved
//!
//! - Never two requests of a delivery at the same time.
//! - An attempt that ended is counted, and a success stays one until an attempt of a later run has failed.
//! - A delivery ends as success, or as failed with a dead letter, or with its webhook.
//! - A run that was asked for has its whole policy: what was under way at that moment does not use it up.
//!
//! # What does not
//!
//! A process that dies after its request and before the record leaves a request that nobody counted, and it is made
//! again. The same goes for a process that stands still for longer than its message's acknowledgement wait, and for
//! claims that a crash of PostgreSQL has forgotten.
//!
//! A replay publishes a page of runs and notes them after that. An attempt that begins and fails in between may take the
//! place of such a run. A retry by hand does the same with one run, and asks again where it finds that this has happened.
//! And a process that dies after the record of an end and before its dead letter leaves that to its
//! message: who purges this message too has neither.

mod progress;
mod run;
mod step;
#[cfg(test)]
mod tests;

pub use progress::{Overtaken, Progress, overtaken};
pub use run::{Run, RunDecision, begin_run};
pub use step::{Step, next_step};
