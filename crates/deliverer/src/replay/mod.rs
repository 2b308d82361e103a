//! Replays: accepted work in PostgreSQL that becomes messages in the queue.
//!
//! Any replica takes a replay whose turn it is, hands some pages of it over, notes after each how far it has come,
//! and gives it back, so replays take turns and none holds up another. What a process that dies had in its hands is
//! taken up behind the last noted page; the page in between is done again, and the queue drops what it has already
//! had of it ([`posthorn_bus::Cause::Replay`]).
//!
//! A replay must not flood its receivers nor stand in the way of live events. It hands over at most
//! [`REPLAY_DELIVERIES_PER_SECOND_MAX`], and waits while [`REPLAY_DELIVERIES_WAITING_MAX`] of what it handed over
//! have not been attempted. Which those are is kept in memory: another replica that takes over counts again.

mod dead_letters;
mod disabled;
mod event;
mod first_attempts;
mod hand_over;
mod under_way;
mod webhook;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use posthorn_bus::{Bus, BusError, PublishError};
use posthorn_domain::{
    Clock, ReplayId, WebhookId,
    limits::{REPLAY_DELIVERIES_PER_SECOND_MAX, REPLAY_DELIVERIES_WAITING_MAX},
};
use posthorn_service::lifecycle::Lifecycle;
use posthorn_store::{HeldReplay, ReplayNext, ReplayPageDone, ReplayScope, Store, StoreError};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use self::under_way::UnderWay;
use crate::{refresh::Webhooks, settle::Settler, waiting_work::Told};

/// How long a replay belongs to a process that says nothing more of it.
const LEASE: Duration = Duration::from_secs(10);
/// How long a process works at one replay before others have their turn.
const TURN: Duration = Duration::from_secs(2);
/// How long a replay rests that has handed over its share, has too much under way, or met a server that is away.
const REST: Duration = Duration::from_secs(1);
/// Deliveries handed over together.
const PAGE: usize = 50;

/// Does replays.
pub(crate) struct Replayer {
    bus: Bus,
    store: Store,
    webhooks: Arc<Webhooks>,
    settler: Arc<Settler>,
    clock: Arc<dyn Clock>,
    told: Told,
    under_way: UnderWay,
    /// Replays that wait for first attempts, and since when.
    waiting: Mutex<HashMap<ReplayId, Instant>>,
}

/// A page that was done.
struct Page {
    done: ReplayPageDone,
    /// What follows.
    next: PageNext,
}

/// What follows a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum PageNext {
    /// Another page.
    More,
    /// The same again, when first attempts that are under way have ended.
    Waits,
    /// Nothing.
    End,
}

impl PageNext {
    fn more(more: bool) -> Self {
        if more { Self::More } else { Self::End }
    }
}

/// Why a page was not done.
enum Trouble {
    /// A server is away: the same page works later.
    Later(String),
    /// It never will.
    Never(String),
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable(_) => Self::Later(error.to_string()),
            error => Self::Never(error.to_string()),
        }
    }
}

impl From<PublishError> for Trouble {
    fn from(error: PublishError) -> Self {
        Self::Later(error.to_string())
    }
}

impl From<BusError> for Trouble {
    fn from(error: BusError) -> Self {
        Self::Later(error.to_string())
    }
}

/// A webhook that cannot be read here. Another replica may be able to, or this one later.
fn unreadable(webhook: WebhookId) -> Trouble {
    Trouble::Later(format!("webhook {webhook} cannot be read here"))
}

impl Replayer {
    pub(crate) fn new(
        bus: Bus,
        store: Store,
        webhooks: Arc<Webhooks>,
        settler: Arc<Settler>,
        clock: Arc<dyn Clock>,
        told: Told,
    ) -> Self {
        Self {
            bus,
            store,
            webhooks,
            settler,
            clock,
            told,
            under_way: UnderWay::default(),
            waiting: Mutex::default(),
        }
    }

    /// Does what there is to do, until the soft stop.
    pub(crate) async fn run(self, lifecycle: Lifecycle) -> anyhow::Result<()> {
        let stop = lifecycle.soft_stop();
        let mut told = self.told.clone();
        while !stop.is_cancelled() {
            match self.store.take_replay(LEASE).await {
                // Not cut off by a stop: it would rest for its lease. A turn is short.
                Ok(Some(held)) => self.work(held, stop).await,
                Ok(None) => told.of(|waiting| waiting.replays, stop).await,
                Err(error) => {
                    if !matches!(error, StoreError::Unavailable(_)) {
                        warn!("Cannot look for replays: {error}");
                    }
                    let _ = stop.run_until_cancelled(tokio::time::sleep(REST)).await;
                }
            }
        }
        Ok(())
    }

    /// Works at a replay for its turn.
    async fn work(&self, mut held: HeldReplay, stop: &CancellationToken) {
        let id = held.replay.id;
        let (since, mut handed_over) = (Instant::now(), 0);
        loop {
            let page = match self.has_room(id).await {
                Ok(true) => self.page(&held).await,
                Ok(false) => {
                    let next = ReplayNext::GiveBack(REST);
                    self.note(&held, ReplayPageDone::default(), &next).await;
                    return;
                }
                Err(error) => Err(error.into()),
            };
            let (done, next) = match page {
                Ok(page) => {
                    handed_over += usize::try_from(page.done.handed_over).unwrap_or(usize::MAX);
                    self.note_waiting(id, page.next == PageNext::Waits);
                    let next = if page.next == PageNext::End {
                        ReplayNext::Done
                    } else if page.next == PageNext::Waits
                        || handed_over + PAGE > REPLAY_DELIVERIES_PER_SECOND_MAX
                    {
                        ReplayNext::GiveBack(REST)
                    } else if since.elapsed() > TURN || stop.is_cancelled() {
                        ReplayNext::GiveBack(Duration::ZERO)
                    } else {
                        ReplayNext::Keep(LEASE)
                    };
                    (page.done, next)
                }
                Err(Trouble::Later(why)) => {
                    warn!(replay.id = %id, "Replay {id} rests: {why}");
                    (ReplayPageDone::default(), ReplayNext::GiveBack(REST))
                }
                Err(Trouble::Never(why)) => {
                    warn!(replay.id = %id, "Replay {id} failed: {why}");
                    (ReplayPageDone::default(), ReplayNext::Failed(why))
                }
            };
            let goes_on = self.note(&held, done, &next).await;
            if !goes_on || !matches!(next, ReplayNext::Keep(_)) {
                return;
            }
            held.cursor = done.cursor.or(held.cursor);
        }
    }

    async fn page(&self, held: &HeldReplay) -> Result<Page, Trouble> {
        match &held.replay.scope {
            ReplayScope::Event { event, webhooks } => {
                self.event_page(held, *event, webhooks.as_deref()).await
            }
            ReplayScope::Webhook { webhook, range } => {
                self.webhook_page(held, *webhook, range).await
            }
            ReplayScope::DeadLetters => self.dead_letters_page(held).await,
            ReplayScope::Disabled { webhook } => self.disabled_page(held, *webhook).await,
        }
    }

    /// Notes what was done; false when the replay is not in these hands any more.
    async fn note(&self, held: &HeldReplay, done: ReplayPageDone, next: &ReplayNext) -> bool {
        let id = held.replay.id;
        let noted = match self.store.note_replay(held, done, next).await {
            Ok(noted) => noted,
            Err(error) => {
                // Its lease runs out, and the page is done again.
                warn!(replay.id = %id, "Could not note how far replay {id} has come: {error}");
                false
            }
        };
        if !noted || matches!(next, ReplayNext::Done | ReplayNext::Failed(_)) {
            self.under_way.remove(id);
            self.note_waiting(id, false);
        }
        if noted && matches!(next, ReplayNext::Done) {
            info!(replay.id = %id, "Replay {id} is handed over");
        }
        noted
    }

    /// Whether another page may be handed over: not too much of those before waits for its attempt.
    async fn has_room(&self, id: ReplayId) -> Result<bool, StoreError> {
        let waiting = self.under_way.of(id);
        if waiting.len() + PAGE <= REPLAY_DELIVERIES_WAITING_MAX {
            return Ok(true);
        }
        let states = self.store.delivery_states(&waiting).await?;
        let waiting = self.under_way.retain(id, |delivery, attempts| {
            states
                .get(delivery)
                .is_some_and(|state| !state.status.is_settled() && state.attempt_count <= attempts)
        });
        Ok(waiting + PAGE <= REPLAY_DELIVERIES_WAITING_MAX)
    }

    fn waiting(&self) -> MutexGuard<'_, HashMap<ReplayId, Instant>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
