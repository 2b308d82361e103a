//! The rotation of master keys.

use std::time::Duration;

use posthorn_domain::SigningSecret;
use posthorn_store::{ExpectedVersion, NewSecret, Resealed, SealedUnder, Store};
use rand::{SeedableRng, rngs::StdRng};
use sqlx::Connection;

use crate::support::{KEY, World, tenant};

const NEW: &str = "//79/Pv6+fj39vX08/Lx8O/u7ezr6uno5+bl5OPi4eA=";
const OTHER: &str = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

/// Three webhooks: three secrets, a bearer token, and secrets that still sign after three rotations.
async fn filled() -> World {
    let mut world = World::new().await;
    world.webhook("a", "{}").await;
    world
        .webhook("a", r#"{"auth": {"type": "bearer", "token": "tk"}}"#)
        .await;
    let rotated = world.webhook("b", "{}").await;
    // The last one before it is sealed by itself, those before that together.
    for _ in 0..3 {
        let secret = SigningSecret::generate(&mut world.rng);
        world
            .store
            .rotate_webhook_secret(
                &tenant("b"),
                rotated.id,
                NewSecret {
                    secret: &secret,
                    overlap: Duration::from_secs(3_600),
                },
                &ExpectedVersion::Any,
                "ada",
                &mut world.rng,
            )
            .await
            .unwrap();
    }
    world
}

fn values(under: &[SealedUnder]) -> Vec<(Option<usize>, u64)> {
    under.iter().map(|u| (u.position, u.values)).collect()
}

async fn secrets(store: &Store) -> Vec<String> {
    let changes = store.changes_since(0).await.unwrap();
    let mut all: Vec<String> = changes
        .upserts
        .iter()
        .map(|w| {
            let previous = w.secrets.previous.iter().map(|(s, _)| s.expose());
            let previous: Vec<_> = previous.collect();
            format!(
                "{} {} {previous:?} {:?}",
                w.id,
                w.secrets.current.expose(),
                w.settings.auth.to_input()
            )
        })
        .collect();
    all.sort();
    all
}

async fn pass(store: &Store, limit: u32) -> Resealed {
    let mut rng = StdRng::seed_from_u64(3);
    let (mut all, mut after) = (Resealed::default(), None);
    loop {
        let step = store.reseal_some(after, limit, &mut rng).await.unwrap();
        all.values += step.values;
        all.unreadable.extend(step.unreadable);
        match step.last {
            Some(last) => after = Some(last),
            None => return all,
        }
    }
}

#[tokio::test]
async fn everything_moves_to_the_first_key_and_the_old_one_can_go() {
    let world = filled().await;
    let before = secrets(&world.store).await;
    let versions = world
        .count("SELECT sum(version)::bigint FROM webhooks")
        .await;
    let rotated = world.replica(&format!("{NEW},{KEY}"));
    assert_eq!(
        values(&rotated.sealed_under().await.unwrap()),
        [(Some(2), 6)]
    );

    let mut rng = StdRng::seed_from_u64(3);
    let step = rotated.reseal_some(None, 1, &mut rng).await.unwrap();
    assert_eq!(step.values, 1);
    assert_eq!(
        values(&rotated.sealed_under().await.unwrap()),
        [(Some(1), 1), (Some(2), 5)],
        "stopped in the middle"
    );
    assert_eq!(secrets(&rotated).await, before, "and everything opens");

    assert_eq!(pass(&rotated, 2).await.values, 5);
    assert_eq!(pass(&rotated, 2).await.values, 0, "nothing is left");
    let alone = world.replica(NEW);
    assert_eq!(values(&alone.sealed_under().await.unwrap()), [(Some(1), 6)]);
    assert_eq!(secrets(&alone).await, before);
    assert_eq!(
        world
            .count("SELECT sum(version)::bigint FROM webhooks")
            .await,
        versions,
        "no replica reads them again"
    );
    assert!(
        secrets(&world.store).await.is_empty(),
        "the old key is of no use"
    );
}

#[tokio::test]
async fn a_key_that_is_missing_is_seen_and_its_values_stay() {
    let world = filled().await;
    let wrong = world.replica(&format!("{NEW},{OTHER}"));
    assert_eq!(values(&wrong.sealed_under().await.unwrap()), [(None, 6)]);
    let done = pass(&wrong, 10).await;
    assert_eq!((done.values, done.unreadable.len()), (0, 3));
    assert!(done.unreadable[0].reason.contains("not in the list"));
    secrets(&world.store).await;
}

#[tokio::test]
async fn a_row_that_somebody_holds_is_left_for_the_next_time() {
    let world = filled().await;
    let rotated = world.replica(&format!("{NEW},{KEY}"));
    let mut holder = world.connection().await;
    let mut tx = holder.begin().await.unwrap();
    sqlx::query("UPDATE webhooks SET updated_by = 'x' WHERE id = (SELECT min(id::text)::uuid FROM webhooks)")
        .execute(&mut *tx)
        .await
        .unwrap();
    assert_eq!(pass(&rotated, 10).await.values, 5);
    tx.commit().await.unwrap();
    assert_eq!(pass(&rotated, 10).await.values, 1);
}
