//! Every key, in memory.
//!
//! Once a second all keys are loaded anew; so a key that was deleted on another replica opens nothing a second later. A
//! replica that cannot load them goes on with what it knows for a stated time ([`Keyring::new`]), and then with nothing but
//! the bootstrap key: it cannot know what was deleted meanwhile.
//!
//! A key that is not in memory is looked up. What comes back may be older than a deletion or a load of all keys, so these
//! are counted: what was looked up before the last one is looked up again.

use std::{collections::HashMap, net::IpAddr, num::NonZeroU32, sync::Arc, time::Duration};

use arc_swap::ArcSwap;
use posthorn_domain::{ApiKeyId, Clock, Timestamp};
use posthorn_service::reminder::Reminder;
use posthorn_store::{ApiKey, ApiKeyHash, Role, Store, StoreError};
use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq;
use tokio::{sync::Mutex, time::Instant};
use tracing::warn;

use super::{
    bucket::{Bucket, Exhausted, Quota},
    holder::{Holder, Identity, Nobody},
    lookups::Lookups,
    usage::Usage,
};
use crate::database::Database;

/// How often a key is looked up for one request, where what is known changes meanwhile.
const LOOKUPS_PER_REQUEST_MAX: u32 = 3;

/// What is known of all keys.
#[derive(Default)]
struct Known {
    holders: HashMap<ApiKeyHash, Arc<Holder>>,
    /// When the last load of all keys began; `None` before the first.
    loaded_at: Option<Instant>,
    /// Counts what may have taken keys away: loads and deletions.
    takings: u64,
}

/// Every key, in memory.
pub(crate) struct Keyring {
    bootstrap: Option<(ApiKeyHash, Arc<Holder>)>,
    known: ArcSwap<Known>,
    /// One change at a time, so that none puts back what a later one has removed.
    changing: Mutex<()>,
    /// What was loaded is believed for so long.
    believed_for: Duration,
    /// Shared by all who present no key that is known.
    anonymous: Bucket,
    lookups: Lookups,
    per_second: NonZeroU32,
    clock: Arc<dyn Clock>,
    unreadable: Reminder,
}

/// What memory says of a key.
enum Cached {
    Known(Arc<Holder>),
    Unknown,
    /// It was known, too long ago.
    Stale(Arc<Holder>),
}

impl Keyring {
    /// Holds the bootstrap key alone. Keys that were loaded from the database are believed for `believed_for`, and no
    /// longer unless they are loaded again.
    pub(crate) fn new(
        bootstrap: Option<&SecretString>,
        per_second: NonZeroU32,
        believed_for: Duration,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let bootstrap = bootstrap.map(|key| {
            let holder = Holder {
                id: None,
                actor: "bootstrap".into(),
                role: Role::Admin,
                tenant: None,
                expires_at: None,
                known_at: Instant::now(),
                usage: Arc::new(Usage::new(per_second)),
            };
            (ApiKeyHash::of(key.expose_secret()), Arc::new(holder))
        });
        Self {
            bootstrap,
            known: ArcSwap::default(),
            changing: Mutex::new(()),
            believed_for,
            anonymous: Bucket::new(per_second),
            lookups: Lookups::new(),
            per_second,
            clock,
            unreadable: Reminder::default(),
        }
    }

    /// Loads every key anew.
    pub(crate) async fn refresh(&self, store: &Store) -> Result<(), StoreError> {
        let _alone = self.changing.lock().await;
        let began = Instant::now();
        let loaded = store.load_api_keys().await?;
        if let Some(id) = loaded.unreadable.first()
            && self.unreadable.is_due()
        {
            let count = loaded.unreadable.len();
            warn!(
                api_key.id = %id,
                "{count} API keys cannot be read and open nothing, such as {id}: delete and issue them again"
            );
        }
        let before = self.known.load();
        let holders = loaded.keys.into_iter().map(|(hash, key)| {
            let usage = self.usage_of(before.holders.get(&hash));
            (hash, Arc::new(Holder::of(key, began, usage)))
        });
        self.known.store(Arc::new(Known {
            holders: holders.collect(),
            loaded_at: Some(began),
            takings: before.takings + 1,
        }));
        Ok(())
    }

    /// Forgets keys that were just deleted. Other replicas notice when they refresh.
    pub(crate) async fn forget(&self, deleted: impl Fn(&Holder) -> bool) {
        // After a refresh that began before the deletion, or it would bring them back.
        let _alone = self.changing.lock().await;
        self.change(|known| {
            known.holders.retain(|_, holder| !deleted(holder));
            known.takings += 1;
        });
    }

    /// How long what was loaded is believed.
    pub(crate) fn believed_for(&self) -> Duration {
        self.believed_for
    }

    /// Why keys of the database are not believed at present, if they are not.
    pub(crate) fn check_fresh(&self) -> Result<(), String> {
        match self.known.load().loaded_at {
            None => Err("the API keys were not loaded yet".to_owned()),
            Some(at) if at.elapsed() > self.believed_for => Err(format!(
                "the API keys were not loaded for {} s",
                at.elapsed().as_secs()
            )),
            Some(_) => Ok(()),
        }
    }

    /// What the headers say of a request that takes nothing out of any bucket.
    pub(crate) fn untouched_quota(&self) -> Quota {
        self.anonymous.full()
    }

    /// Uses of keys that the database does not have yet.
    pub(super) fn unwritten_uses(&self) -> Vec<(ApiKeyId, Arc<Usage>, Timestamp)> {
        let known = self.known.load();
        let used = known.holders.values().filter_map(|holder| {
            let at = holder.usage.unwritten()?;
            Some((holder.id?, holder.usage.clone(), at))
        });
        used.collect()
    }

    /// Finds out who presents a key, and takes the request out of their bucket.
    ///
    /// A key that is not in memory is looked up only after the bucket of the unknown has allowed it.
    pub(crate) async fn admit(
        &self,
        key: Option<&str>,
        client: IpAddr,
        database: &Database,
    ) -> (Identity, Result<Quota, Exhausted>) {
        let Some(hash) = key.map(ApiKeyHash::of) else {
            return (Identity::Nobody(Nobody::NoKey), self.anonymous.take());
        };
        let now = self.clock.now();
        match self.cached(&hash, now) {
            Cached::Known(holder) => Self::admitted(holder, now),
            Cached::Stale(holder) => match self.look_up(&hash, client, database).await {
                Ok(holder) => Self::admitted(holder, now),
                Err(nobody) => (Identity::Nobody(nobody), holder.usage.bucket.take()),
            },
            Cached::Unknown => {
                let quota = self.anonymous.take();
                if quota.is_err() {
                    return (Identity::Nobody(Nobody::UnknownKey), quota);
                }
                match self.look_up(&hash, client, database).await {
                    Ok(holder) => Self::admitted(holder, now),
                    Err(nobody) => (Identity::Nobody(nobody), quota),
                }
            }
        }
    }

    fn admitted(holder: Arc<Holder>, now: Timestamp) -> (Identity, Result<Quota, Exhausted>) {
        let quota = holder.usage.bucket.take();
        holder.usage.note(now);
        (Identity::Holder(holder), quota)
    }

    fn cached(&self, hash: &ApiKeyHash, now: Timestamp) -> Cached {
        // The table is reached by the hash's value, of which time tells nothing about the key; the
        // comparisons themselves take the same time wherever two hashes differ.
        let same = |other: &ApiKeyHash| bool::from(hash.as_bytes().ct_eq(other.as_bytes()));
        if let Some((own, holder)) = &self.bootstrap
            && same(own)
        {
            return Cached::Known(holder.clone());
        }
        let known = self.known.load();
        let found = known.holders.get_key_value(hash);
        match found.filter(|(own, holder)| same(own) && holder.is_valid_at(now)) {
            None => Cached::Unknown,
            Some((_, holder)) => {
                if holder.known_at.elapsed() <= self.believed_for {
                    Cached::Known(holder.clone())
                } else {
                    Cached::Stale(holder.clone())
                }
            }
        }
    }

    async fn look_up(
        &self,
        hash: &ApiKeyHash,
        client: IpAddr,
        database: &Database,
    ) -> Result<Arc<Holder>, Nobody> {
        for _ in 0..LOOKUPS_PER_REQUEST_MAX {
            if !self.lookups.take(client) {
                return Err(Nobody::NotAsked);
            }
            let takings = self.known.load().takings;
            let began = Instant::now();
            let found: Result<Option<ApiKey>, StoreError> =
                database.call(|store| store.find_api_key(hash)).await;
            let key = match found {
                Ok(Some(key)) => key,
                // What cannot be read opens nothing.
                Ok(None) | Err(StoreError::Corrupt(_)) => return Err(Nobody::UnknownKey),
                Err(_) => return Err(Nobody::Undecided),
            };
            let remembered = self.remember(*hash, takings, |usage| Holder::of(key, began, usage));
            if let Some(holder) = remembered.await {
                return Ok(holder);
            }
        }
        Err(Nobody::NotAsked)
    }

    /// Keeps what was looked up; `None` where there were more than these takings since: perhaps the key was deleted.
    async fn remember(
        &self,
        hash: ApiKeyHash,
        takings: u64,
        holder: impl FnOnce(Arc<Usage>) -> Holder,
    ) -> Option<Arc<Holder>> {
        let _alone = self.changing.lock().await;
        let known = self.known.load();
        if known.takings != takings {
            return None;
        }
        let holder = Arc::new(holder(self.usage_of(known.holders.get(&hash))));
        self.change(|known| {
            known.holders.insert(hash, holder.clone());
        });
        Some(holder)
    }

    /// What a holder has used up stays used up.
    fn usage_of(&self, before: Option<&Arc<Holder>>) -> Arc<Usage> {
        match before {
            Some(holder) => holder.usage.clone(),
            None => Arc::new(Usage::new(self.per_second)),
        }
    }

    /// Changes what is known. Whoever calls it holds the lock.
    fn change(&self, change: impl FnOnce(&mut Known)) {
        let before = self.known.load();
        let mut known = Known {
            holders: before.holders.clone(),
            loaded_at: before.loaded_at,
            takings: before.takings,
        };
        change(&mut known);
        self.known.store(Arc::new(known));
    }
}
