//! What the outbox promises, on a real PostgreSQL and a real nats-server.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use async_nats::jetstream::{self, stream::Config};
use posthorn_example_outbox::{Relay, lock};
use posthorn_testkit::{TestDatabase, TestNats};
use sqlx::PgPool;

struct Fixture {
    database: TestDatabase,
    nats: TestNats,
    relay: Relay,
}

async fn fixture() -> Fixture {
    let (database, nats) = (TestDatabase::migrated().await, TestNats::start().await);
    let relay = Relay {
        database: PgPool::connect(&database.url()).await.unwrap(),
        stream: jetstream::new(async_nats::connect(nats.url()).await.unwrap()),
    };
    let stream = Config {
        name: "POSTHORN_EVENTS".to_owned(),
        subjects: vec!["posthorn.events.>".to_owned()],
        ..Config::default()
    };
    relay.stream.create_stream(stream).await.unwrap();
    sqlx::raw_sql(include_str!("../outbox.sql"))
        .execute(&relay.database)
        .await
        .unwrap();
    Fixture {
        database,
        nats,
        relay,
    }
}

impl Fixture {
    async fn insert(&self, events: i32) {
        let insert = "INSERT INTO outbox (event_type, data)
            SELECT 'user.created', json_build_object('n', n) FROM generate_series(1, $1) n";
        sqlx::query(insert)
            .bind(events)
            .execute(&self.relay.database)
            .await
            .unwrap();
    }

    async fn waiting(&self) -> i64 {
        self.database.number("SELECT count(*) FROM outbox").await
    }

    async fn published(&self) -> u64 {
        let mut stream = self
            .relay
            .stream
            .get_stream("POSTHORN_EVENTS")
            .await
            .unwrap();
        stream.info().await.unwrap().state.messages
    }
}

#[tokio::test]
async fn what_is_committed_is_published_byte_for_byte_and_what_is_rolled_back_is_not() {
    let fixture = fixture().await;
    let mut given_up = fixture.relay.database.begin().await.unwrap();
    let insert = "INSERT INTO outbox (tenant, event_type, data) VALUES ('acme', 'order.paid', $1::text::json)";
    sqlx::query(insert)
        .bind(r#"{"given": "up"}"#)
        .execute(&mut *given_up)
        .await
        .unwrap();
    given_up.rollback().await.unwrap();
    let data = r#"{ "amount": 0.10, "big": 12345678901234567890 }"#;
    sqlx::query(insert)
        .bind(data)
        .execute(&fixture.relay.database)
        .await
        .unwrap();

    assert_eq!(fixture.relay.round().await.unwrap(), 1);
    assert_eq!((fixture.published().await, fixture.waiting().await), (1, 0));
    let stream = fixture
        .relay
        .stream
        .get_stream("POSTHORN_EVENTS")
        .await
        .unwrap();
    let message = stream.get_raw_message(1).await.unwrap();
    assert_eq!(message.subject.as_str(), "posthorn.events.acme.order.paid");
    assert_eq!(message.payload, data);
    assert!(
        message
            .headers
            .get("Nats-Msg-Id")
            .unwrap()
            .as_str()
            .starts_with("acme:")
    );
}

#[tokio::test]
async fn who_dies_between_publishing_and_deleting_makes_no_second_event() {
    let fixture = fixture().await;
    fixture.insert(3).await;
    let mut transaction = fixture.relay.database.begin().await.unwrap();
    let rows = lock(&mut transaction).await.unwrap();
    fixture.relay.publish(&rows).await.unwrap();
    drop(transaction);
    assert_eq!((fixture.published().await, fixture.waiting().await), (3, 3));

    assert_eq!(fixture.relay.round().await.unwrap(), 3);
    assert_eq!((fixture.published().await, fixture.waiting().await), (3, 0));
}

#[tokio::test]
async fn several_relays_publish_each_event_once() {
    let fixture = fixture().await;
    fixture.insert(450).await;
    let rounds = async || {
        let mut total = 0;
        loop {
            match fixture.relay.round().await.unwrap() {
                0 => return total,
                rows => total += rows,
            }
        }
    };
    let (one, two, three) = tokio::join!(rounds(), rounds(), rounds());
    assert_eq!(one + two + three, 450);
    assert_eq!(
        (fixture.published().await, fixture.waiting().await),
        (450, 0)
    );
}

#[tokio::test]
async fn nothing_is_lost_while_nats_is_away() {
    let mut fixture = fixture().await;
    fixture.insert(2).await;
    fixture.nats.stop().await;
    assert!(fixture.relay.round().await.is_err());
    assert_eq!(fixture.waiting().await, 2);

    fixture.nats.restart().await;
    // The client connects again by itself; a round that comes too early fails and keeps its rows.
    while fixture.relay.round().await.is_err() {}
    assert_eq!((fixture.published().await, fixture.waiting().await), (2, 0));
}
