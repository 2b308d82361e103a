//! Runs the relay. Variables: DATABASE_URL, POSTHORN_NATS_URL.

use std::{env, error::Error, time::Duration};

use async_nats::jetstream;
use posthorn_example_outbox::{ROWS_MAX, Relay};
use sqlx::PgPool;
use tokio::time::sleep;

/// How often an empty outbox is looked at, and how long a failure is waited out.
const PAUSE: Duration = Duration::from_millis(500);

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    let relay = Relay {
        database: PgPool::connect(&env::var("DATABASE_URL")?).await?,
        stream: jetstream::new(async_nats::connect(env::var("POSTHORN_NATS_URL")?).await?),
    };
    sqlx::raw_sql(include_str!("../outbox.sql"))
        .execute(&relay.database)
        .await?;
    loop {
        match relay.round().await {
            Ok(rows) if rows as i64 == ROWS_MAX => continue,
            Ok(_) => {}
            Err(error) => eprintln!("not published, and tried again: {error}"),
        }
        sleep(PAUSE).await;
    }
}
