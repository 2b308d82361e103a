use std::{collections::HashSet, sync::Arc};

use posthorn_domain::{DeadLetterId, DeliveryId, DeliveryStatus, Event, EventId};
use posthorn_store::{DeadLetter, HeldReplay, LetterContent, ReplayPageDone};

use super::{PAGE, Page, PageNext, Replayer, Trouble, hand_over::Candidate};
use crate::snapshot::{Known, Snapshot};

/// Where a message that could not be read may be published again.
const SUBJECTS: [&str; 2] = ["posthorn.events.", "posthorn.deliveries.ready."];

/// What becomes of the letters of a page.
#[derive(Default)]
struct Sorted {
    /// Deliveries to make again, each with its letter.
    candidates: Vec<(DeadLetterId, Candidate)>,
    /// Have no use any more.
    on_their_way: Vec<DeadLetterId>,
    /// Stay in the list.
    left: Vec<DeadLetterId>,
    republished: u64,
}

impl Replayer {
    /// The dead letters that were chosen for this replay. Each is let go when it is on its way, so there is no
    /// cursor: what is left to do is what still belongs to the replay.
    pub(super) async fn dead_letters_page(&self, held: &HeldReplay) -> Result<Page, Trouble> {
        let replay = held.replay.id;
        let limit = u32::try_from(PAGE).unwrap_or(u32::MAX);
        let letters = self.store.letters_of_replay(replay, limit).await?;
        let count = letters.len();
        let mut sorted = self.sort(held, letters).await?;
        let (ids, candidates): (Vec<_>, Vec<_>) = sorted.candidates.into_iter().unzip();
        let deliveries: Vec<DeliveryId> = candidates.iter().map(Candidate::delivery).collect();
        let begun = self.hand_over(replay, candidates).await?;
        // A letter may be the last copy of its event: it goes only when a message has taken its place.
        for (id, delivery) in ids.into_iter().zip(&deliveries) {
            if begun.left.contains(delivery) {
                sorted.left.push(id);
            } else {
                sorted.on_their_way.push(id);
            }
        }
        self.store
            .let_letters_go(replay, &sorted.on_their_way, &sorted.left)
            .await?;
        let handed_over = begun.count + sorted.republished;
        Ok(Page {
            done: ReplayPageDone {
                cursor: None,
                handed_over,
                skipped: u64::try_from(count).unwrap_or(u64::MAX) - handed_over,
            },
            next: PageNext::more(count == PAGE),
        })
    }

    async fn sort(&self, held: &HeldReplay, letters: Vec<DeadLetter>) -> Result<Sorted, Trouble> {
        let snapshot = self.webhooks.fresh().await;
        let ids: Vec<DeliveryId> = letters.iter().filter_map(DeadLetter::delivery).collect();
        let mut standings = self.store.standings(&ids).await?;
        let ids_of_events: Vec<EventId> = letters.iter().filter_map(event_of).collect();
        let events = self
            .store
            .events_by_id(&held.replay.tenant, &ids_of_events)
            .await?;
        let gone = self.store.gone(&ids_of_events, &HashSet::new()).await?;
        let mut sorted = Sorted::default();
        for letter in letters {
            match &letter.content {
                LetterContent::Malformed { subject } => {
                    if self.publish_again(&letter, subject).await? {
                        sorted.republished += 1;
                        sorted.on_their_way.push(letter.id);
                    } else {
                        sorted.left.push(letter.id);
                    }
                }
                LetterContent::Delivery {
                    webhook,
                    event,
                    attempts,
                    ..
                } => {
                    // The letter itself is being thrown away.
                    if gone.is_erased(*event) || !is_enabled(&snapshot, *webhook) {
                        sorted.left.push(letter.id);
                        continue;
                    }
                    let standing = standings.remove(&DeliveryId::derive(*event, *webhook));
                    let kept = match events.get(event) {
                        Some(stored) => Some(stored.event.clone()),
                        None => self.event_in(&letter).await?,
                    };
                    let Some(kept) = kept else {
                        sorted.left.push(letter.id);
                        continue;
                    };
                    let delivered = standing
                        .as_ref()
                        .is_some_and(|s| s.delivery.status == DeliveryStatus::Success);
                    if delivered {
                        sorted.on_their_way.push(letter.id);
                        continue;
                    }
                    let candidate = Candidate {
                        event: Arc::new(kept),
                        webhook: *webhook,
                        standing,
                        attempts: *attempts,
                    };
                    sorted.candidates.push((letter.id, candidate));
                }
            }
        }
        Ok(sorted)
    }

    /// The event that the letter itself holds.
    async fn event_in(&self, letter: &DeadLetter) -> Result<Option<Event>, Trouble> {
        let body = self
            .bus
            .dead_letter(letter.id, letter.stream_sequence)
            .await?;
        Ok(body.and_then(|body| body.event))
    }

    /// False when that cannot be: the message is no longer kept, or came from nowhere that Posthorn reads.
    async fn publish_again(&self, letter: &DeadLetter, subject: &str) -> Result<bool, Trouble> {
        if !SUBJECTS.iter().any(|prefix| subject.starts_with(prefix)) {
            return Ok(false);
        }
        let body = self
            .bus
            .dead_letter(letter.id, letter.stream_sequence)
            .await?;
        let Some(body) = body else { return Ok(false) };
        let now = self.clock.now();
        Ok(self
            .bus
            .publish_again(letter.id, subject, body, now)
            .await?)
    }
}

fn event_of(letter: &DeadLetter) -> Option<EventId> {
    match letter.content {
        LetterContent::Delivery { event, .. } => Some(event),
        LetterContent::Malformed { .. } => None,
    }
}

fn is_enabled(snapshot: &Snapshot, webhook: posthorn_domain::WebhookId) -> bool {
    snapshot.known(webhook).is_some_and(Known::enabled)
}
