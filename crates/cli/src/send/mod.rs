//! `posthorn send`: publishes events.

mod http;
mod nats;

use std::path::PathBuf;

use clap::Args;
use posthorn_bus::IdempotencyKey;
use posthorn_domain::{EventType, JsonText, TenantId, Timestamp};
use serde::Serialize;
use tokio::time::Instant;

use crate::{
    exit::{Exit, Failure},
    input,
    remote::{Client, Remote},
    show,
};

const EXAMPLES: &str = "\
Examples:
  posthorn send user.created '{\"id\": 7}'
  posthorn send invoice.paid @invoice.json --tenant acme --idempotency-key invoice-4711
  generate-report | posthorn send report.ready -
  posthorn send load.test '{}' --count 10000 --nats nats://127.0.0.1:4222

Prints one line for each event: its id, its type, and whether it was accepted or a duplicate.";

/// Most events in one run.
const COUNT_MAX: u64 = 10_000_000;

/// Publish an event, over HTTP or straight to NATS
///
/// Returns when the event is stored durably. Exits with 64 when the command line is wrong, 65 when the
/// event is, 69 when Posthorn cannot be reached, 77 when the key is not accepted.
#[derive(Args)]
#[command(after_help = EXAMPLES, after_long_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// What happened, such as user.created
    #[arg(value_name = "TYPE")]
    event_type: EventType,
    /// The event's data: JSON, @FILE, or - for standard input [default: standard input]
    #[arg(value_name = "DATA", allow_hyphen_values = true)]
    data: Option<String>,
    /// Publish it once, however often this is repeated (with --count: KEY-1, KEY-2, …)
    #[arg(long, value_name = "KEY")]
    idempotency_key: Option<IdempotencyKey>,
    /// When it happened, RFC 3339 [default: now]
    #[arg(long, value_name = "TIME")]
    timestamp: Option<Timestamp>,
    /// Publish it that many times, each an event of its own
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..=COUNT_MAX))]
    count: u64,
    /// Publish to these NATS servers instead (several separated by commas)
    #[arg(long, value_name = "URL", value_delimiter = ',')]
    nats: Vec<String>,
    /// Credentials for NATS
    #[arg(long, value_name = "FILE", env = "POSTHORN_NATS_CREDS_FILE")]
    nats_creds: Option<PathBuf>,
    /// Print JSON lines
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    remote: Remote,
}

/// What is sent, `count` times.
struct Outgoing {
    event_type: EventType,
    data: JsonText,
    tenant: Option<TenantId>,
    timestamp: Option<Timestamp>,
    idempotency_key: Option<IdempotencyKey>,
    count: u64,
}

impl Outgoing {
    /// The key of the n-th event, counted from 1.
    fn key(&self, n: u64) -> Result<Option<IdempotencyKey>, Failure> {
        let Some(key) = &self.idempotency_key else {
            return Ok(None);
        };
        if self.count == 1 {
            return Ok(Some(key.clone()));
        }
        format!("{key}-{n}")
            .parse()
            .map(Some)
            .map_err(|error| Failure::new(Exit::Usage, format!("--idempotency-key: {error}")))
    }
}

/// One event that is stored.
#[derive(Serialize)]
struct Published {
    id: String,
    #[serde(rename = "type")]
    event_type: EventType,
    duplicate: bool,
}

/// What has been published so far in this run.
struct Report {
    json: bool,
    accepted: u64,
    duplicates: u64,
}

impl Report {
    fn add(&mut self, events: &[Published]) -> Result<(), Failure> {
        for event in events {
            let count = if event.duplicate {
                &mut self.duplicates
            } else {
                &mut self.accepted
            };
            *count += 1;
            show::result(&self.line(event)?)?;
        }
        Ok(())
    }

    fn line(&self, event: &Published) -> Result<String, Failure> {
        if self.json {
            return serde_json::to_string(event)
                .map_err(|error| Failure::new(Exit::Output, error.to_string()));
        }
        let Published {
            id,
            event_type,
            duplicate,
        } = event;
        let word = if *duplicate { "duplicate" } else { "accepted" };
        Ok(format!("{id}  {event_type}  {word}"))
    }
}

pub(crate) async fn run(arguments: Arguments) -> Result<(), Failure> {
    let target = arguments.remote.target()?;
    let outgoing = Outgoing {
        data: input::json(arguments.data.as_deref())?,
        event_type: arguments.event_type,
        tenant: target.tenant.clone(),
        timestamp: arguments.timestamp,
        idempotency_key: arguments.idempotency_key,
        count: arguments.count,
    };
    let mut report = Report {
        json: arguments.json,
        accepted: 0,
        duplicates: 0,
    };
    let start = Instant::now();
    let sent = if arguments.nats.is_empty() {
        http::publish(&Client::new(target)?, &outgoing, &mut report).await
    } else {
        let servers = nats::Servers {
            urls: arguments.nats,
            creds_file: arguments.nats_creds,
            timeout: target.timeout,
        };
        servers.publish(&outgoing, &mut report).await
    };
    if outgoing.count > 1 {
        let Report {
            accepted,
            duplicates,
            ..
        } = report;
        let seconds = start.elapsed().as_secs_f64();
        show::notice(&format!(
            "accepted {accepted}, duplicates {duplicates}, of {} in {seconds:.2} s",
            outgoing.count
        ));
    }
    sent
}
