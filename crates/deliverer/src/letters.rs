//! The index of dead letters: what is buried comes in, what is settled is thrown out of the stream.
//!
//! The letters are the truth and PostgreSQL holds what is needed to find them. A letter is acknowledged on the
//! index's own consumer when its row is written, so the index misses none, whichever process dies. The other way
//! round, a settled letter is deleted from the stream before its row is forgotten.

use std::{sync::Arc, time::Duration};

use posthorn_bus::{BuriedLetter, Bus, BusError, Claim, ClaimHandle};
use posthorn_service::{lifecycle::Lifecycle, randomness::SharedRng};
use posthorn_store::{DeadLetter, LetterContent, SettledLetter, Store, StoreError};
use tokio_util::sync::CancellationToken;
use tracing::{error, warn};

use crate::patience::Patience;

/// Letters that one pull asks for, and their headers' bytes.
const PULL_LETTERS_MAX: usize = 500;
const PULL_BYTES_MAX: usize = 4 * 1024 * 1024;
/// How often settled letters are looked for.
const SWEEP_EVERY: Duration = Duration::from_secs(2);
/// Settled letters that one round of sweeping takes.
const SWEEP_LETTERS: u32 = 500;

/// Keeps the index.
#[derive(Clone)]
pub(crate) struct Letters {
    pub(crate) bus: Bus,
    pub(crate) store: Store,
    pub(crate) rng: Arc<SharedRng>,
}

impl Letters {
    /// Indexes and sweeps until the soft stop.
    pub(crate) async fn run(self, lifecycle: Lifecycle) -> anyhow::Result<()> {
        let stop = lifecycle.soft_stop();
        tokio::join!(self.index(stop), self.sweep(stop)).0
    }

    async fn index(&self, stop: &CancellationToken) -> anyhow::Result<()> {
        let mut claims = self.bus.dead_letter_claims().await?;
        while let Some(mut pull) = stop
            .run_until_cancelled(claims.pull(PULL_LETTERS_MAX, PULL_BYTES_MAX))
            .await
        {
            while let Some(chunk) = stop.run_until_cancelled(pull.next_chunk()).await.flatten() {
                if stop
                    .run_until_cancelled(self.take_in(chunk))
                    .await
                    .is_none()
                {
                    break;
                }
            }
        }
        claims.stop().await;
        Ok(())
    }

    async fn take_in(&self, chunk: Vec<Claim<BuriedLetter>>) {
        let mut letters = Vec::with_capacity(chunk.len());
        let mut handles = Vec::with_capacity(chunk.len());
        for claim in chunk {
            match claim.message {
                Ok(letter) => {
                    letters.push(row(letter));
                    handles.push(claim.handle);
                }
                Err(malformed) => {
                    warn!(
                        "Left {} in {} out of the index of dead letters: {}",
                        malformed.stream_sequence, malformed.subject, malformed.reason
                    );
                    claim.handle.ack().await;
                }
            }
        }
        match self.write(&letters).await {
            Ok(replaced) => {
                self.throw_out(&replaced).await;
                for handle in handles {
                    handle.ack().await;
                }
            }
            Err(error) => {
                warn!(
                    "Indexing {} dead letters one by one, because together they were refused: {error}",
                    letters.len()
                );
                self.take_in_singly(letters.into_iter().zip(handles)).await;
            }
        }
    }

    /// One that the database refuses holds up none of the others. It stays unacknowledged, so it comes again after the
    /// acknowledgement wait, as long as its message is kept.
    async fn take_in_singly(&self, letters: impl Iterator<Item = (DeadLetter, ClaimHandle)>) {
        for (letter, handle) in letters {
            match self.write(std::slice::from_ref(&letter)).await {
                Ok(replaced) => {
                    self.throw_out(&replaced).await;
                    handle.ack().await;
                }
                Err(error) => {
                    error!(dead_letter.id = %letter.id, "Could not index dead letter {}, trying again later: {error}", letter.id);
                }
            }
        }
    }

    /// Writes the rows, however long the database is away; answers the letters that they took the place of. An error
    /// means that the database will not take them.
    async fn write(&self, letters: &[DeadLetter]) -> Result<Vec<SettledLetter>, StoreError> {
        let mut patience = Patience::new(&self.rng);
        loop {
            match self.store.index_dead_letters(letters).await {
                Err(error @ StoreError::Unavailable(_)) => {
                    let count = letters.len();
                    let why = format!("Waiting to index {count} dead letters: {error}");
                    patience.wait_out(&why).await;
                }
                done => return done,
            }
        }
    }

    async fn sweep(&self, stop: &CancellationToken) {
        let mut every = tokio::time::interval(SWEEP_EVERY);
        every.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        while stop.run_until_cancelled(every.tick()).await.is_some() {
            loop {
                match stop.run_until_cancelled(self.sweep_round()).await {
                    Some(Ok(more)) if more => {}
                    Some(Err(error)) => {
                        warn!(
                            "Could not look for settled dead letters, trying again later: {error}"
                        );
                        break;
                    }
                    Some(Ok(_)) | None => break,
                }
            }
        }
    }

    /// Throws out and forgets some settled letters; whether there may be more.
    async fn sweep_round(&self) -> Result<bool, StoreError> {
        let settled = self.store.settled_letters(SWEEP_LETTERS).await?;
        if settled.is_empty() {
            return Ok(false);
        }
        let gone = self.throw_out(&settled).await;
        self.store.forget_letters(&gone).await?;
        Ok(gone.len() == usize::try_from(SWEEP_LETTERS).unwrap_or(usize::MAX))
    }

    /// Deletes letters from the stream; answers those that are not there any more.
    async fn throw_out(&self, letters: &[SettledLetter]) -> Vec<SettledLetter> {
        let mut gone = Vec::with_capacity(letters.len());
        for letter in letters {
            let SettledLetter {
                id,
                stream_sequence,
            } = *letter;
            match self.bus.discard_dead_letter(id, stream_sequence).await {
                Ok(()) => gone.push(*letter),
                Err(BusError::Unavailable(trouble)) => {
                    warn!("Leaving dead letters in the stream for now: {trouble}");
                    break;
                }
                Err(error) => {
                    warn!("Could not delete dead letter {id} from the stream: {error}");
                }
            }
        }
        gone
    }
}

fn row(letter: BuriedLetter) -> DeadLetter {
    let subject = letter.subject.unwrap_or_default();
    DeadLetter {
        id: letter.id,
        position: 0,
        tenant: letter.tenant,
        reason: letter.reason,
        content: match letter.delivery {
            Some(delivery) => LetterContent::Delivery {
                webhook: delivery.webhook,
                event: delivery.event,
                event_type: delivery.event_type,
                attempts: delivery.attempts,
                last_status: delivery.last_status,
                failure: None,
            },
            None => LetterContent::Malformed { subject },
        },
        stream_sequence: letter.stream_sequence,
        created_at: letter.buried_at,
    }
}
