//! How long lists, statistics and exports take with millions of deliveries, and how the database finds them.
//!
//! `cargo build --release --workspace --bins && cargo run --release -p posthorn-testkit --example list_figures`
//! with the variables of `deploy/local/services env --instance test`. It needs about 1 KiB of disk for a delivery.
//! Arguments: how many deliveries (5000000), and `plans` to see every plan and not only those of slow requests.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a measuring tool that a developer watches"
)]

mod cases;
mod client;
mod seed;

use std::time::Duration;

use posthorn_testkit::{Service, TestDatabase, TestNats};
use tokio::time::Instant;

use crate::{cases::Case, client::Client};

const DELIVERIES_DEFAULT: u64 = 5_000_000;
/// A request whose median is above this is too slow.
const BOUND: Duration = Duration::from_millis(100);
const REPEATS: usize = 7;
const MASTER_KEY: &str = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

struct Measured {
    case: Case,
    median: Duration,
    most: Duration,
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let deliveries = arguments
        .next()
        .map_or(DELIVERIES_DEFAULT, |text| text.parse().unwrap());
    let all_plans = arguments.next().is_some_and(|word| word == "plans");

    let (nats, database) = (TestNats::start().await, TestDatabase::create().await);
    let mut api = Service::api()
        .env("POSTHORN_NATS_URL", nats.url())
        .env("POSTHORN_DATABASE_URL", database.url())
        .env("POSTHORN_ADMIN_KEY", client::ADMIN_KEY)
        .env("POSTHORN_MASTER_KEY", MASTER_KEY)
        .env("POSTHORN_API_RATE_LIMIT_PER_SECOND", "10000")
        .start()
        .await;
    let client = Client::new(api.address());
    client.ready().await;
    let begun = Instant::now();
    let world = seed::seed(&client, &database, deliveries).await;
    println!("seeded {deliveries} deliveries in {:.0?}", begun.elapsed());

    let mut measured = Vec::new();
    for case in cases::all(&world) {
        measured.push(measure(&client, case).await);
    }
    measured.sort_by_key(|one| std::cmp::Reverse(one.median));
    println!(
        "{:>9} {:>9}  request (median and most of {REPEATS})",
        "median", "most"
    );
    for Measured { case, median, most } in &measured {
        println!("{median:>9.1?} {most:>9.1?}  {}", case.path);
    }
    let slow = measured.iter().filter(|one| one.median > BOUND).count();
    println!(
        "{slow} of {} requests take longer than {BOUND:?} at the median",
        measured.len()
    );

    export(&client, &api).await;

    // From here on the database tells the api, as notices, how it found each answer; the api logs them.
    seed::explain(&database).await;
    api.restart().await;
    client.ready().await;
    for one in measured
        .iter()
        .filter(|one| all_plans || one.median > BOUND)
    {
        let before = api.log().len();
        client.get(&one.case.path).await;
        println!(
            "\n{:.1?}  {}\n{}",
            one.median,
            one.case.path,
            plans(&api.log()[before..])
        );
    }
}

async fn measure(client: &Client, case: Case) -> Measured {
    client.get(&case.path).await;
    let mut times = Vec::with_capacity(REPEATS);
    for _ in 0..REPEATS {
        let begun = Instant::now();
        client.get(&case.path).await;
        times.push(begun.elapsed());
    }
    times.sort_unstable();
    Measured {
        case,
        median: times[REPEATS / 2],
        most: times[REPEATS - 1],
    }
}

/// Takes a whole tenant's deliveries, and watches the api's memory meanwhile.
async fn export(client: &Client, api: &Service) {
    for format in ["csv", "ndjson"] {
        let before = resident_mib(api.id());
        let begun = Instant::now();
        let mut most = before;
        let path = format!("/deliveries/export?format={format}");
        let (bytes, lines) = client
            .drain(&path, || most = most.max(resident_mib(api.id())))
            .await;
        let took = begun.elapsed();
        println!(
            "export as {format}: {lines} lines, {} MiB in {took:.1?}, {:.0} lines/s; \
             resident {before} MiB before, at most {most} MiB meanwhile",
            bytes >> 20,
            lines as f64 / took.as_secs_f64()
        );
    }
}

/// The plans in a piece of log, without those of the keys that the api loads every second.
fn plans(log: &str) -> String {
    log.split("sqlx::postgres::notice: ")
        .skip(1)
        .filter(|notice| !notice.contains("FROM api_keys"))
        .map(|notice| notice.rsplit_once('\n').map_or(notice, |(plan, _)| plan))
        .collect::<Vec<_>>()
        .join("\n")
}

fn resident_mib(id: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    let kib = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok());
    kib.unwrap_or(0) / 1024
}
