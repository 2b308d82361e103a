//! A month of a busy installation, made by the database itself.

use posthorn_testkit::TestDatabase;
use serde_json::json;
use sqlx::{AssertSqlSafe, Connection, PgConnection};

use crate::client::Client;

const DAYS: u64 = 30;
/// Makes a day's rows.
const FUNCTIONS: &str = include_str!("seed_day.sql");
/// What the recorder and the fold would have counted.
const STATISTICS: &str = include_str!("statistics.sql");
/// The tenants and their webhooks. `default` has 60 % of all deliveries, `acme` 30 %, the others the rest.
const WEBHOOKS: [(&str, u32); 4] = [("default", 120), ("acme", 40), ("team-0", 5), ("team-1", 5)];

/// What requests can ask for.
pub(crate) struct World {
    /// The webhook with the most deliveries, one with few, and one that hardly ever succeeded.
    pub(crate) busy: String,
    pub(crate) quiet: String,
    pub(crate) failing: String,
    /// Some event in the middle, and a delivery of it.
    pub(crate) event: String,
    pub(crate) delivery: String,
    /// An id of two weeks ago.
    pub(crate) cursor: String,
    /// A day of a week ago, and the first moment of all.
    pub(crate) day: (String, String),
    pub(crate) month_ago: String,
}

pub(crate) async fn seed(client: &Client, database: &TestDatabase, deliveries: u64) -> World {
    for (tenant, count) in WEBHOOKS {
        for number in 1..=count {
            let webhook = json!({"name": format!("Webhook {number} of {tenant}"), "url": "https://example.com/hook",
                                 "event_types": ["*"]});
            client
                .post(&format!("/webhooks?tenant={tenant}"), &webhook.to_string())
                .await;
        }
    }
    database.execute(FUNCTIONS).await;
    let per_day = deliveries / DAYS / 2 * 2;
    for day in (0..DAYS).rev() {
        database
            .execute(&format!(
                "SELECT seed_day({day}, {}, {per_day})",
                (DAYS - day) * per_day
            ))
            .await;
    }
    database.execute(STATISTICS).await;
    // As autovacuum leaves the tables sooner or later.
    database.execute("VACUUM ANALYZE").await;

    let text = async |sql: &str| text(database, sql).await;
    let webhook = async |number: u32| {
        text(&format!(
            "SELECT id::text FROM webhooks WHERE name = 'Webhook {number} of default'"
        ))
        .await
    };
    let moment = |days: &str| {
        format!("SELECT to_char(now() - interval '{days} days', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')")
    };
    let middle = "FROM deliveries WHERE tenant = 'default' AND id > seed_floor(now() - interval '15 days') ORDER BY id LIMIT 1";
    World {
        busy: webhook(1).await,
        quiet: webhook(120).await,
        failing: webhook(60).await,
        event: text(&format!("SELECT event_id::text {middle}")).await,
        delivery: text(&format!("SELECT id::text {middle}")).await,
        cursor: text("SELECT seed_floor(now() - interval '14 days')::text").await,
        day: (text(&moment("7")).await, text(&moment("6")).await),
        month_ago: text(&moment("29")).await,
    }
}

/// From now on the server tells each session how it found what it was asked for.
pub(crate) async fn explain(database: &TestDatabase) {
    let settings = [
        "session_preload_libraries = 'auto_explain'",
        "auto_explain.log_min_duration = 0",
        "auto_explain.log_analyze = on",
        "auto_explain.log_buffers = on",
        "auto_explain.log_level = 'notice'",
    ];
    for setting in settings {
        let set = format!(
            "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET {}', current_database()); END $$",
            setting.replace('\'', "''")
        );
        database.execute(&set).await;
    }
}

async fn text(database: &TestDatabase, sql: &str) -> String {
    let mut connection = PgConnection::connect(&database.url()).await.unwrap();
    sqlx::query_scalar(AssertSqlSafe(sql))
        .fetch_one(&mut connection)
        .await
        .unwrap()
}
