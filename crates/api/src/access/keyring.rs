use std::{collections::HashMap, num::NonZeroU32, sync::Arc};

use arc_swap::ArcSwap;
use posthorn_domain::Clock;
use posthorn_store::{ApiKey, ApiKeyHash, Role, Store, StoreError};
use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq;
use tokio::sync::Mutex;

use super::{
    bucket::{Bucket, Exhausted, Quota},
    holder::{Holder, Identity, Nobody},
};
use crate::database::Database;

/// Unknown keys that are looked up in the database in a second, however many are presented.
const LOOKUPS_PER_SECOND: NonZeroU32 = NonZeroU32::new(50).unwrap();

type Known = HashMap<ApiKeyHash, Arc<Holder>>;

/// Every key, in memory.
pub(crate) struct Keyring {
    bootstrap: Option<(ApiKeyHash, Arc<Holder>)>,
    known: ArcSwap<Known>,
    /// One refresh at a time, so that none puts back what a later one has removed.
    refreshing: Mutex<()>,
    /// Shared by all who present no key that is known.
    anonymous: Bucket,
    lookups: Bucket,
    per_second: NonZeroU32,
    clock: Arc<dyn Clock>,
}

impl Keyring {
    /// Holds the bootstrap key alone.
    pub(crate) fn new(
        bootstrap: Option<&SecretString>,
        per_second: NonZeroU32,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let bucket = || Arc::new(Bucket::new(per_second));
        let bootstrap = bootstrap.map(|key| {
            let holder = Holder {
                id: None,
                actor: "bootstrap".into(),
                role: Role::Admin,
                tenant: None,
                expires_at: None,
                bucket: bucket(),
            };
            (ApiKeyHash::of(key.expose_secret()), Arc::new(holder))
        });
        Self {
            bootstrap,
            known: ArcSwap::default(),
            refreshing: Mutex::new(()),
            anonymous: Bucket::new(per_second),
            lookups: Bucket::new(LOOKUPS_PER_SECOND),
            per_second,
            clock,
        }
    }

    /// Loads every key anew.
    pub(crate) async fn refresh(&self, store: &Store) -> Result<(), StoreError> {
        let _alone = self.refreshing.lock().await;
        let keys = store.load_api_keys().await?;
        let before = self.known.load();
        let holders = keys.into_iter().map(|(hash, key)| {
            // What a holder has used up stays used up.
            let bucket = match before.get(&hash) {
                Some(holder) => holder.bucket.clone(),
                None => Arc::new(Bucket::new(self.per_second)),
            };
            (hash, Arc::new(Holder::of(key, bucket)))
        });
        self.known.store(Arc::new(holders.collect()));
        Ok(())
    }

    /// Forgets keys that were just deleted. Other replicas notice when they refresh.
    pub(crate) async fn forget(&self, deleted: impl Fn(&Holder) -> bool) {
        // After a refresh that began before the deletion, or it would bring them back.
        let _alone = self.refreshing.lock().await;
        let mut known = Known::clone(&self.known.load());
        known.retain(|_, holder| !deleted(holder));
        self.known.store(Arc::new(known));
    }

    /// What the headers say of a request that takes nothing out of any bucket.
    pub(crate) fn untouched_quota(&self) -> Quota {
        self.anonymous.full()
    }

    /// Finds out who presents a key, and takes the request out of their bucket.
    ///
    /// A key that is not in memory is looked up only after the bucket of the unknown has allowed it.
    pub(crate) async fn admit(
        &self,
        key: Option<&str>,
        database: &Database,
    ) -> (Identity, Result<Quota, Exhausted>) {
        let Some(hash) = key.map(ApiKeyHash::of) else {
            return (Identity::Nobody(Nobody::NoKey), self.anonymous.take());
        };
        if let Some(holder) = self.cached(&hash) {
            let quota = holder.bucket.take();
            return (Identity::Holder(holder), quota);
        }
        let quota = self.anonymous.take();
        if quota.is_err() {
            return (Identity::Nobody(Nobody::UnknownKey), quota);
        }
        match self.look_up(&hash, database).await {
            Ok(holder) => {
                let quota = holder.bucket.take();
                (Identity::Holder(holder), quota)
            }
            Err(nobody) => (Identity::Nobody(nobody), quota),
        }
    }

    fn cached(&self, hash: &ApiKeyHash) -> Option<Arc<Holder>> {
        // The table is reached by the hash's value, of which time tells nothing about the key; the
        // comparisons themselves take the same time wherever two hashes differ.
        let same = |other: &ApiKeyHash| bool::from(hash.as_bytes().ct_eq(other.as_bytes()));
        if let Some((own, holder)) = &self.bootstrap
            && same(own)
        {
            return Some(holder.clone());
        }
        let known = self.known.load();
        let (own, holder) = known.get_key_value(hash)?;
        (same(own) && holder.is_valid_at(self.clock.now())).then(|| holder.clone())
    }

    async fn look_up(&self, hash: &ApiKeyHash, database: &Database) -> Result<Arc<Holder>, Nobody> {
        if self.lookups.take().is_err() {
            return Err(Nobody::UnknownKey);
        }
        let found: Result<Option<ApiKey>, StoreError> =
            database.call(|store| store.find_api_key(hash)).await;
        match found {
            Ok(Some(key)) => Ok(self.remember(*hash, key).await),
            Ok(None) => Err(Nobody::UnknownKey),
            Err(_) => Err(Nobody::Undecided),
        }
    }

    async fn remember(&self, hash: ApiKeyHash, key: ApiKey) -> Arc<Holder> {
        let _alone = self.refreshing.lock().await;
        let mut known = Known::clone(&self.known.load());
        let holder = known
            .entry(hash)
            .or_insert_with(|| Arc::new(Holder::of(key, Arc::new(Bucket::new(self.per_second)))))
            .clone();
        self.known.store(Arc::new(known));
        holder
    }
}
