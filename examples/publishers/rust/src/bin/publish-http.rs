//! Publishes over HTTP. Variables: POSTHORN_API_URL, POSTHORN_KEY.

use std::{env, error::Error, time::Duration};

use serde_json::{Value, json};
use tokio::time::sleep;
use uuid::Uuid;

const TRIES_MAX: u32 = 8;

struct Posthorn {
    client: reqwest::Client,
    url: String,
    key: String,
}

impl Posthorn {
    /// What became of each event. Safe to repeat: the key makes a second try the same request.
    async fn publish(
        &self,
        events: &Value,
        idempotency_key: &str,
    ) -> Result<Value, Box<dyn Error>> {
        // Whoever traces passes the context of the current span here; receivers get it with each request.
        let span = Uuid::new_v4().simple().to_string();
        let traceparent = format!("00-{}-{}-01", Uuid::new_v4().simple(), &span[..16]);
        for tries in 1..=TRIES_MAX {
            let mut wait = 1 << tries;
            let request = self
                .client
                .post(&self.url)
                .bearer_auth(&self.key)
                .header("content-type", "application/json")
                .header("idempotency-key", idempotency_key)
                .header("traceparent", &traceparent)
                .body(events.to_string());
            match request.send().await {
                Ok(answer) => {
                    let (status, asked) = (answer.status().as_u16(), retry_after(&answer));
                    let text = answer.text().await?;
                    match status {
                        202 => return Ok(serde_json::from_str::<Value>(&text)?["events"].take()),
                        429 | 502 | 503 | 504 => wait = asked.unwrap_or(wait),
                        // It says what is wrong (RFC 9457), and it would be wrong again.
                        _ => return Err(format!("refused: {text}").into()),
                    }
                }
                // No answer: the event may have been stored or not, hence the key.
                Err(error) => eprintln!("no answer: {error}"),
            }
            sleep(Duration::from_secs(wait)).await;
        }
        Err("not published; keep it and try later".into())
    }
}

fn retry_after(answer: &reqwest::Response) -> Option<u64> {
    answer
        .headers()
        .get("retry-after")?
        .to_str()
        .ok()?
        .parse()
        .ok()
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let posthorn = Posthorn {
        client: reqwest::Client::builder()
            .timeout(Duration::from_secs(30))
            .build()?,
        url: format!("{}/api/v1/events", env::var("POSTHORN_API_URL")?),
        key: env::var("POSTHORN_KEY")?,
    };
    let event = |n: u32| json!({"type": "user.created", "data": {"by": "rust-http", "n": n}});

    // Of the business fact, such as an order's number: the same in each try.
    let key = Uuid::new_v4().to_string();
    println!("{}", posthorn.publish(&event(1), &key).await?);
    // As after a lost answer: a duplicate, with the first one's id.
    println!("{}", posthorn.publish(&event(1), &key).await?);

    let several = json!([event(2), event(3)]);
    println!(
        "{}",
        posthorn
            .publish(&several, &Uuid::new_v4().to_string())
            .await?
    );
    Ok(())
}
