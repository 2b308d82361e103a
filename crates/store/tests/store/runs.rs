//! Runs that are asked for by hand.

use std::{sync::Mutex, time::Duration};

use posthorn_domain::DeliveryStatus;
use posthorn_store::{RecordBatch, RunRefused, StoreError};

use crate::support::*;

#[derive(Debug)]
enum Refusal {
    #[allow(dead_code, reason = "shown when a test fails")]
    Store(StoreError),
    #[allow(dead_code, reason = "shown when a test fails")]
    Run(RunRefused),
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<RunRefused> for Refusal {
    fn from(refused: RunRefused) -> Self {
        Self::Run(refused)
    }
}

/// "At once" of a process whose clock is ten minutes ahead would be in ten minutes.
#[tokio::test]
async fn a_run_is_due_by_the_databases_clock_whatever_the_process_shows() {
    let mut world = World::new().await;
    let webhook = world.webhook("acme", "{}").await.id;
    let event = world.event("acme", "a");
    let record = delivery(&event.event, webhook, 1, DeliveryStatus::Failed);
    let id = record.id;
    let batch = RecordBatch {
        attempts: vec![attempt(&record, 1)],
        deliveries: vec![record],
        events: vec![event],
        ..RecordBatch::default()
    };
    world.store.write(&batch).await.unwrap();
    world.clock.advance(Duration::from_secs(600));
    let before = world.store.database_time().await.unwrap();
    let published = Mutex::new(None);
    let run: Result<_, Refusal> = world
        .store
        .run_again(&tenant("acme"), id, "ada", |run| {
            *published.lock().unwrap() = Some(run.due);
            std::future::ready(Ok(()))
        })
        .await;
    let after = world.store.database_time().await.unwrap();
    let due = published.into_inner().unwrap().unwrap();
    assert!(before <= due && due <= after, "{before} {due} {after}");
    assert_eq!(run.unwrap().next_retry_at, Some(due));
}
