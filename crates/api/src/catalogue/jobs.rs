//! Work with schemas that takes more than a moment: weighing, compiling, checking large data.
//!
//! It has threads of its own, so that requests of others, health among them, are answered meanwhile. A few run at once
//! in one process, and one of a tenant: whoever enters slow schemas waits for its own. A request waits for its turn for
//! a few seconds, then it is answered 503 and may come again.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, Weak},
    time::Duration,
};

use posthorn_domain::{
    TenantId,
    limits::{SCHEMA_JOB_WAIT_MAX, SCHEMA_JOBS_MAX, SCHEMA_JOBS_PER_TENANT_MAX},
};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore, oneshot},
    time::timeout,
};

use crate::problem::Problem;

/// Tenants whose permits are remembered before those that nobody waits for are forgotten.
const TENANTS_REMEMBERED: usize = 256;

/// The threads for work with schemas.
pub(super) struct SchemaJobs {
    permits: Arc<Semaphore>,
    tenants: Mutex<HashMap<TenantId, Weak<Semaphore>>>,
    wait_max: Duration,
}

impl Default for SchemaJobs {
    fn default() -> Self {
        Self {
            permits: Arc::new(Semaphore::new(SCHEMA_JOBS_MAX)),
            tenants: Mutex::default(),
            wait_max: SCHEMA_JOB_WAIT_MAX,
        }
    }
}

/// Held for as long as a job runs, whether somebody still waits for it or not.
struct Turn {
    /// Also keeps the tenant's other requests waiting for this one, and not for a semaphore made again.
    _tenant: OwnedSemaphorePermit,
    _process: OwnedSemaphorePermit,
}

impl SchemaJobs {
    /// Does something for a tenant, on a thread with much stack, when it is the tenant's turn.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        tenant: &TenantId,
        job: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let turn = timeout(self.wait_max, self.turn(tenant))
            .await
            .map_err(|_| Problem::schema_checks_busy())?
            .map_err(Problem::internal)?;
        let (done, result) = oneshot::channel();
        posthorn_schema::spawn(move || {
            let outcome = job();
            drop(turn);
            // Nobody listens if the client has gone.
            let _ = done.send(outcome);
        })
        .map_err(|failure| Problem::schema_checks_busy().caused_by(failure))?;
        result.await.map_err(Problem::internal)
    }

    async fn turn(&self, tenant: &TenantId) -> Result<Turn, tokio::sync::AcquireError> {
        let own = self.permits_of(tenant);
        Ok(Turn {
            _tenant: own.acquire_owned().await?,
            _process: self.permits.clone().acquire_owned().await?,
        })
    }

    fn permits_of(&self, tenant: &TenantId) -> Arc<Semaphore> {
        let mut tenants = self.tenants.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(permits) = tenants.get(tenant).and_then(Weak::upgrade) {
            return permits;
        }
        if tenants.len() >= TENANTS_REMEMBERED {
            tenants.retain(|_, permits| permits.strong_count() > 0);
        }
        let permits = Arc::new(Semaphore::new(SCHEMA_JOBS_PER_TENANT_MAX));
        tenants.insert(tenant.clone(), Arc::downgrade(&permits));
        permits
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::sync_channel;

    use super::*;

    fn tenant(name: &str) -> TenantId {
        name.parse().unwrap()
    }

    #[tokio::test]
    async fn one_tenant_waits_for_itself_and_nobody_for_it() {
        let jobs = Arc::new(SchemaJobs {
            wait_max: Duration::ZERO,
            ..SchemaJobs::default()
        });
        let (release, blocked) = sync_channel::<()>(0);
        let (started, running) = oneshot::channel();
        let slow = tokio::spawn({
            let jobs = jobs.clone();
            async move {
                let job = move || {
                    let _ = started.send(());
                    blocked.recv().is_ok()
                };
                jobs.run(&tenant("slow"), job).await
            }
        });
        running.await.unwrap();
        for other in ["a", "b", "a"] {
            assert_eq!(jobs.run(&tenant(other), || 7).await.unwrap(), 7);
        }
        let waited = jobs.run(&tenant("slow"), || 7).await.unwrap_err();
        assert_eq!(waited.code().as_str(), "schema_checks_busy");
        release.send(()).unwrap();
        assert!(slow.await.unwrap().unwrap());
        assert_eq!(jobs.run(&tenant("slow"), || 7).await.unwrap(), 7);
    }

    #[tokio::test]
    async fn a_client_that_goes_leaves_the_turn_with_the_job_until_it_ends() {
        let jobs = Arc::new(SchemaJobs::default());
        let (release, blocked) = sync_channel::<()>(0);
        let (started, running) = oneshot::channel();
        let request = tokio::spawn({
            let jobs = jobs.clone();
            async move {
                let job = move || {
                    let _ = started.send(());
                    blocked.recv().is_ok()
                };
                jobs.run(&tenant("slow"), job).await
            }
        });
        running.await.unwrap();
        request.abort();
        assert!(request.await.is_err());
        assert_eq!(jobs.permits.available_permits(), SCHEMA_JOBS_MAX - 1);
        release.send(()).unwrap();
        assert_eq!(jobs.run(&tenant("slow"), || 7).await.unwrap(), 7);
        let broken: Result<(), Problem> = jobs
            .run(&tenant("slow"), || panic!("a mistake of ours"))
            .await;
        assert_eq!(broken.unwrap_err().code().as_str(), "internal_error");
        assert_eq!(jobs.permits.available_permits(), SCHEMA_JOBS_MAX);
    }
}
