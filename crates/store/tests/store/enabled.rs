//! Enabling and disabling.

use posthorn_store::{ExpectedVersion, StoreError};

use crate::support::*;

#[tokio::test]
async fn what_is_disabled_already_is_not_disabled_again() {
    let mut world = World::new().await;
    let webhook = world.webhook("acme", "{}").await;
    let acme = tenant("acme");
    let set = async |enabled, expected: &ExpectedVersion| {
        let done = world
            .store
            .set_webhook_enabled(&acme, webhook.id, enabled, expected, "ada");
        done.await
    };
    let audited = "SELECT count(*) FROM audit_log";
    for enabled in [true, false, true] {
        let first = set(enabled, &ExpectedVersion::Any).await.unwrap();
        let entries = world.count(audited).await;
        let again = set(enabled, &ExpectedVersion::Any).await.unwrap();
        assert_eq!((again.enabled, again.version), (enabled, first.version));
        assert_eq!(world.count(audited).await, entries);
        // A precondition holds all the same.
        let stale = ExpectedVersion::OneOf(vec![first.version + 1]);
        assert!(matches!(
            set(enabled, &stale).await,
            Err(StoreError::Changed)
        ));
    }
}
