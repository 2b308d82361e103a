//! Messages that this process holds.

use std::{
    collections::{HashMap, HashSet},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, Weak,
        atomic::{AtomicBool, AtomicU8, AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use posthorn_bus::{Bus, ClaimHandle, Overwrite};
use posthorn_domain::EventId;
use posthorn_service::traces::Span;
use tokio::{sync::Notify, time::Instant};
use tracing::warn;

use crate::{budget::Room, publishing::GIVEN_BACK_FOR};

/// A message that is worked on. It is acknowledged when the last of its shares is settled (given back if one of them
/// could not be), and never when one was dropped unsettled: then JetStream delivers it again.
pub(crate) struct Claim {
    handle: ClaimHandle,
    unsettled: AtomicUsize,
    use_made: UseMade,
    /// Some share could not be brought to its end: the message is not acknowledged but given back.
    comes_again: AtomicBool,
    /// The event that it carries, where it could be read.
    event: Option<EventId>,
    /// Somebody had the event erased: no request is made, and the message is overwritten when it is settled.
    erased: AtomicBool,
    held: Arc<Held>,
    /// Ends with the claim.
    span: Option<Span>,
    _room: Room,
}

/// One part of a message's work: its own record, or one of its deliveries.
#[must_use = "a share that is dropped unsettled leaves its message unacknowledged"]
pub(crate) struct Share(Arc<Claim>);

impl Claim {
    fn sequence(&self) -> u64 {
        self.handle.stream_sequence()
    }

    /// Overwrites the message in its stream; false while NATS cannot.
    async fn is_overwritten(&self) -> bool {
        let (stream, sequence) = (self.handle.stream(), self.sequence());
        let overwritten = self
            .held
            .bus
            .erase_message(stream, sequence, Overwrite::Yes);
        match overwritten.await {
            Ok(()) => true,
            Err(error) => {
                warn!(
                    "Gave message {sequence} of {stream} back, because it cannot be erased now: {error}"
                );
                false
            }
        }
    }
}

/// Whether a request was made for a message, or the message was given back first. Either excludes the other.
#[derive(Debug, Default)]
struct UseMade(AtomicU8);

impl UseMade {
    const NONE: u8 = 0;
    const REQUEST: u8 = 1;
    const GIVEN_BACK: u8 = 2;

    /// Whether this is the use from now on; it is already if it was before.
    fn is_now(&self, use_made: u8) -> bool {
        let (success, failure) = (Ordering::AcqRel, Ordering::Acquire);
        match self
            .0
            .compare_exchange(Self::NONE, use_made, success, failure)
        {
            Ok(_) => true,
            Err(before) => before == use_made,
        }
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        let mut held = self.held.lock();
        // The place may already be taken by a redelivery of the same message.
        if held
            .get(&self.sequence())
            .is_some_and(|entry| std::ptr::eq(entry.claim.as_ptr(), self))
        {
            held.remove(&self.sequence());
        }
    }
}

impl Share {
    /// Another share of the same message.
    pub(crate) fn split(&self) -> Self {
        self.0.unsettled.fetch_add(1, Ordering::Relaxed);
        Self(self.0.clone())
    }

    /// The processing of the message, where it is traced.
    pub(crate) fn span(&self) -> Option<&Span> {
        self.0.span.as_ref()
    }

    /// The message's event, where it could be read.
    pub(crate) fn event(&self) -> Option<EventId> {
        self.0.event
    }

    /// Where the message stands in its stream.
    pub(crate) fn stream_sequence(&self) -> u64 {
        self.0.sequence()
    }

    /// A request is about to be made; false if the message was given back, so that another deliverer makes it.
    pub(crate) fn may_send(&self) -> bool {
        self.0.use_made.is_now(UseMade::REQUEST)
    }

    /// Whether the message's event was erased since it is held here.
    pub(crate) fn is_erased(&self) -> bool {
        self.0.erased.load(Ordering::Acquire)
    }

    /// The message's event was erased.
    pub(crate) fn erase(&self) {
        self.0.erased.store(true, Ordering::Release);
    }

    /// Nothing was done: the server offers the message to any deliverer at once.
    pub(crate) async fn give_back(self) {
        self.0.handle.release().await;
    }

    /// Nothing was done: the server offers the message to any deliverer when `delay` has passed.
    pub(crate) async fn give_back_after(self, delay: Duration) {
        self.0.handle.release_after(delay).await;
    }

    /// This part is durable. Acknowledges the message if it was the last.
    pub(crate) async fn settle(self) {
        if self.0.unsettled.fetch_sub(1, Ordering::AcqRel) == 1 {
            if self.0.comes_again.load(Ordering::Relaxed)
                || (self.is_erased() && !Box::pin(self.0.is_overwritten()).await)
            {
                self.0.handle.release_after(GIVEN_BACK_FOR).await;
            } else {
                self.0.handle.ack().await;
            }
        }
    }

    /// This part cannot be brought to its end now. When the other parts have ended the message is given back for a while,
    /// and what is done of it is found in the records when it comes again.
    pub(crate) async fn settle_later(self) {
        self.0.comes_again.store(true, Ordering::Relaxed);
        self.settle().await;
    }
}

struct Entry {
    claim: Weak<Claim>,
    heard_of: Instant,
}

/// All messages of one stream that this process holds, by stream sequence.
pub(crate) struct Held {
    bus: Bus,
    entries: Mutex<HashMap<u64, Entry>>,
    /// Messages that were ever taken hold of.
    taken: AtomicU64,
    /// Told of each that is.
    held_one: Arc<Notify>,
}

impl Held {
    /// `held_one` is told of every message that is taken hold of.
    pub(crate) fn new(bus: Bus, held_one: Arc<Notify>) -> Self {
        Self {
            bus,
            entries: Mutex::default(),
            taken: AtomicU64::default(),
            held_one,
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<u64, Entry>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.lock().is_empty()
    }

    /// Some events were erased: nothing more is sent of them.
    pub(crate) fn erase(&self, events: &HashSet<EventId>) {
        // Looked through when the lock is free again: the last holder of a claim takes it to let go.
        let held: Vec<Arc<Claim>> = self
            .lock()
            .values()
            .filter_map(|entry| entry.claim.upgrade())
            .collect();
        for claim in held {
            if claim.event.is_some_and(|event| events.contains(&event)) {
                claim.erased.store(true, Ordering::Release);
            }
        }
    }

    /// Takes hold of a message; `None` when this process holds it already and this is only an echo of it. `span` is
    /// begun for one that is held now.
    pub(crate) fn hold(
        self: &Arc<Self>,
        handle: ClaimHandle,
        event: Option<EventId>,
        room: Room,
        span: impl FnOnce() -> Option<Span>,
    ) -> Option<Share> {
        let sequence = handle.stream_sequence();
        let mut held = self.lock();
        if held
            .get(&sequence)
            .is_some_and(|entry| entry.claim.strong_count() > 0)
        {
            return None;
        }
        let claim = Arc::new(Claim {
            handle,
            unsettled: AtomicUsize::new(1),
            use_made: UseMade::default(),
            comes_again: AtomicBool::new(false),
            event,
            erased: AtomicBool::new(false),
            held: self.clone(),
            span: span(),
            _room: room,
        });
        held.insert(
            sequence,
            Entry {
                claim: Arc::downgrade(&claim),
                heard_of: Instant::now(),
            },
        );
        self.taken.fetch_add(1, Ordering::Relaxed);
        self.held_one.notify_one();
        Some(Share(claim))
    }

    /// Messages held now.
    pub(crate) fn len(&self) -> usize {
        self.lock().len()
    }

    /// While none is held: how many were, since the start. As long as that is the same, this process settles nothing.
    pub(crate) fn taken_and_settled(&self) -> Option<u64> {
        let held = self.lock();
        held.is_empty().then(|| self.taken.load(Ordering::Relaxed))
    }

    /// Takes the messages out of work for which no request was made: from now on none can be.
    pub(crate) fn take_unsent(&self) -> Unsent {
        let unsent = self
            .lock()
            .values()
            .filter_map(|entry| entry.claim.upgrade())
            .filter(|claim| {
                claim.unsettled.load(Ordering::Acquire) > 0
                    && claim.use_made.is_now(UseMade::GIVEN_BACK)
            })
            .collect();
        Unsent(unsent)
    }

    /// Tells JetStream about every message that it has not heard of for `silence`.
    pub(crate) async fn report_progress(&self, silence: Duration) {
        let now = Instant::now();
        let quiet: Vec<Arc<Claim>> = self
            .lock()
            .values_mut()
            .filter(|entry| now.duration_since(entry.heard_of) >= silence)
            .filter_map(|entry| {
                entry.heard_of = now;
                entry.claim.upgrade()
            })
            .collect();
        for claim in quiet {
            claim.handle.progress().await;
        }
    }
}

/// Messages for which this process makes no request any more.
#[must_use = "they come to another deliverer only after the acknowledgement wait unless they are given back"]
pub(crate) struct Unsent(Vec<Arc<Claim>>);

impl Unsent {
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// The server offers them to any deliverer at once.
    pub(crate) async fn give_back(self) {
        for claim in self.0 {
            claim.handle.release().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_given_back_is_never_sent_and_what_was_sent_never_given_back() {
        let sent = UseMade::default();
        assert!(sent.is_now(UseMade::REQUEST));
        assert!(sent.is_now(UseMade::REQUEST), "another of its deliveries");
        assert!(!sent.is_now(UseMade::GIVEN_BACK));
        let given_back = UseMade::default();
        assert!(given_back.is_now(UseMade::GIVEN_BACK));
        assert!(!given_back.is_now(UseMade::REQUEST));
    }
}
