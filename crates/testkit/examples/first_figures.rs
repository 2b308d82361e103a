//! What a delivery costs: throughput, processor time of each process, and the receiver's bare ceiling, in one run.
//!
//! `cargo build --release --workspace --bins && cargo run --release -p posthorn-testkit --example first_figures`
//! with the variables of `deploy/local/services env --instance test`. Loopback only; bounded in count and time.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a measuring tool that a developer watches"
)]

use std::{
    collections::HashMap,
    convert::Infallible,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use futures::{StreamExt, stream};
use http_body_util::{BodyExt, Empty};
use hyper::{Request, Response, body::Bytes, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use posthorn_testkit::{Service, ServiceSetup, TestDatabase, TestNats, eventually};
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::Instant,
};

const ADMIN_KEY: &str = "an-admin-key-of-more-than-32-characters";
const MASTER_KEY: &str = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
const THROUGHPUT_EVENTS: usize = 100_000;
const LATENCY_EVENTS: usize = 5_000;
const LATENCY_EVENTS_PER_SECOND: u64 = 500;
const PUBLISHES_IN_FLIGHT: usize = 512;
const DEADLINE: Duration = Duration::from_secs(120);

#[derive(Default)]
struct Arrivals {
    count: AtomicUsize,
    latencies_us: Mutex<Vec<u64>>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let nats = TestNats::start().await;
    let database = TestDatabase::create().await;
    let configured = |setup: ServiceSetup| {
        setup
            .env("POSTHORN_NATS_URL", nats.url())
            .env("POSTHORN_DATABASE_URL", database.url())
            .env("POSTHORN_ADMIN_KEY", ADMIN_KEY)
            .env("POSTHORN_MASTER_KEY", MASTER_KEY)
            .env("POSTHORN_ALLOW_HTTP", "true")
            .env("POSTHORN_EGRESS_ALLOW", "127.0.0.0/8")
    };
    let api = configured(Service::api()).start().await;
    let deliverer = configured(Service::deliverer()).start().await;
    let arrivals = Arc::new(Arrivals::default());
    let receiver = start_receiver(arrivals.clone()).await;
    let webhook = json!({"name": "figures", "url": format!("http://{receiver}/"), "event_types": ["*"], "max_in_flight": 256});
    post(api.address(), "/api/v1/webhooks", &webhook.to_string()).await;
    let client = async_nats::connect(nats.url()).await.unwrap();
    let jetstream = async_nats::jetstream::new(client);

    let ceiling = bare_ceiling(&receiver, &arrivals).await;
    println!("bare client and receiver: {ceiling:.0} requests/s");

    arrivals.count.store(0, Ordering::Relaxed);
    let processes = [
        ("api", api.id()),
        ("deliverer", deliverer.id()),
        ("nats-server", child_named("nats-server")),
        ("postgres", postmaster_of(&database)),
    ];
    let before: Vec<_> = processes.iter().map(|(_, id)| cpu_seconds(*id)).collect();
    let begun = Instant::now();
    publish(&jetstream, THROUGHPUT_EVENTS, None).await;
    let published = begun.elapsed();
    wait_for(&arrivals, THROUGHPUT_EVENTS).await;
    let delivered = begun.elapsed();
    let wanted = i64::try_from(THROUGHPUT_EVENTS).unwrap();
    eventually(DEADLINE, async || {
        let rows = database
            .number("SELECT count(*) FROM deliveries WHERE status = 1")
            .await;
        if rows == wanted { Ok(()) } else { Err(rows) }
    })
    .await;
    println!(
        "fan-out 1: {THROUGHPUT_EVENTS} events, published in {published:.2?}, delivered in {delivered:.2?}: {:.0} deliveries/s",
        THROUGHPUT_EVENTS as f64 / delivered.as_secs_f64()
    );
    let mut total = 0.0;
    for ((name, id), before) in processes.iter().zip(before) {
        let each = (cpu_seconds(*id) - before) * 1e6 / THROUGHPUT_EVENTS as f64;
        total += each;
        println!(
            "  {name:<12} {each:6.1} µs of CPU for one delivery, resident {} MiB",
            resident_mib(*id)
        );
    }
    println!("  {:<12} {total:6.1} µs", "together");

    arrivals.count.store(0, Ordering::Relaxed);
    arrivals.latencies_us.lock().unwrap().clear();
    publish(&jetstream, LATENCY_EVENTS, Some(LATENCY_EVENTS_PER_SECOND)).await;
    wait_for(&arrivals, LATENCY_EVENTS).await;
    let mut latencies = arrivals.latencies_us.lock().unwrap().clone();
    latencies.sort_unstable();
    let at = |percent: usize| latencies[(latencies.len() - 1) * percent / 100] as f64 / 1000.0;
    println!(
        "end to end at {LATENCY_EVENTS_PER_SECOND} events/s: p50 {:.2} ms, p99 {:.2} ms, most {:.2} ms",
        at(50),
        at(99),
        at(100)
    );
}

/// Publishes as a foreign client does, each with the moment of its publication.
async fn publish(
    jetstream: &async_nats::jetstream::Context,
    count: usize,
    per_second: Option<u64>,
) {
    let pace = per_second.map(|rate| Duration::from_nanos(1_000_000_000 / rate));
    let begun = Instant::now();
    stream::iter(0..count)
        .then(|n| async move {
            if let Some(pace) = pace {
                tokio::time::sleep_until(begun + pace * u32::try_from(n).unwrap()).await;
            }
            n
        })
        .map(|n| async move {
            let data = format!(
                "{{\"n\":{n},\"sent_us\":{},\"pad\":\"{}\"}}",
                now_us(),
                "x".repeat(200)
            );
            jetstream
                .publish("posthorn.events.default.load.test", data.into())
                .await
                .unwrap()
                .await
                .unwrap();
        })
        .buffer_unordered(PUBLISHES_IN_FLIGHT)
        .for_each(|()| async {})
        .await;
}

async fn wait_for(arrivals: &Arrivals, count: usize) {
    eventually(DEADLINE, async || {
        let arrived = arrivals.count.load(Ordering::Relaxed);
        if arrived >= count {
            Ok(())
        } else {
            Err(arrived)
        }
    })
    .await;
}

/// A receiver in a thread of its own.
async fn start_receiver(arrivals: Arc<Arrivals>) -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let address = listener.local_addr().unwrap().to_string();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async move {
            let listener = TcpListener::from_std(listener).unwrap();
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                stream.set_nodelay(true).unwrap();
                let arrivals = arrivals.clone();
                let service = service_fn(move |request| receive(request, arrivals.clone()));
                tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
            }
        });
    });
    address
}

async fn receive(
    request: Request<hyper::body::Incoming>,
    arrivals: Arc<Arrivals>,
) -> Result<Response<Empty<Bytes>>, Infallible> {
    let body = request
        .into_body()
        .collect()
        .await
        .map(http_body_util::Collected::to_bytes)
        .unwrap_or_default();
    if let Some(sent_us) = sent_us(&body) {
        arrivals
            .latencies_us
            .lock()
            .unwrap()
            .push(now_us().saturating_sub(sent_us));
    }
    arrivals.count.fetch_add(1, Ordering::Relaxed);
    Ok(Response::new(Empty::new()))
}

fn sent_us(body: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(body).ok()?;
    let (_, rest) = text.split_once("\"sent_us\":")?;
    rest.split(',').next()?.parse().ok()
}

/// What the receiver and a client that does nothing else reach.
async fn bare_ceiling(receiver: &str, arrivals: &Arrivals) -> f64 {
    const CONNECTIONS: usize = 64;
    const REQUESTS: usize = 100_000;
    let address: std::net::SocketAddr = receiver.parse().unwrap();
    let request = "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\n{}";
    let begun = Instant::now();
    let clients = (0..CONNECTIONS).map(|_| async move {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let mut answer = [0; 4096];
        for _ in 0..REQUESTS / CONNECTIONS {
            stream.write_all(request.as_bytes()).await.unwrap();
            assert!(stream.read(&mut answer).await.unwrap() > 0);
        }
    });
    futures::future::join_all(clients).await;
    arrivals.count.load(Ordering::Relaxed) as f64 / begun.elapsed().as_secs_f64()
}

async fn post(address: &str, path: &str, body: &str) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {ADMIN_KEY}\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 20"), "{answer}");
}

#[expect(
    clippy::disallowed_methods,
    reason = "measures from one process to another"
)]
fn now_us() -> u64 {
    u64::try_from(chrono::Utc::now().timestamp_micros()).unwrap()
}

/// The process of this name that this one started.
fn child_named(name: &str) -> u32 {
    let own = std::process::id();
    processes()
        .into_iter()
        .find(|(_, (parent, command))| *parent == own && command == name)
        .unwrap()
        .0
}

/// The postmaster that this machine runs for the tests: the parent of the backends.
fn postmaster_of(_database: &TestDatabase) -> u32 {
    let all = processes();
    let is_postgres = |id: &u32| {
        all.get(id)
            .is_some_and(|(_, command)| command == "postgres")
    };
    let backend = all
        .iter()
        .find(|(_, (parent, command))| command == "postgres" && is_postgres(parent));
    backend
        .map(|(_, (parent, _))| *parent)
        .expect("PostgreSQL runs on this machine")
}

/// Every process: its parent and its command.
fn processes() -> HashMap<u32, (u32, String)> {
    let ids = std::fs::read_dir("/proc")
        .unwrap()
        .filter_map(|e| e.ok()?.file_name().to_str()?.parse().ok());
    ids.filter_map(|id| stat(id).map(|(parent, command, _)| (id, (parent, command))))
        .collect()
}

fn stat(id: u32) -> Option<(u32, String, f64)> {
    const TICKS_PER_SECOND: f64 = 100.0;
    let text = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    let (head, tail) = text.rsplit_once(')')?;
    let fields: Vec<&str> = tail.split_whitespace().collect();
    let ticks = |n: usize| fields[n].parse::<f64>().ok();
    // utime, stime and those of the children that have ended.
    let used = ticks(11)? + ticks(12)? + ticks(13)? + ticks(14)?;
    Some((
        fields[1].parse().ok()?,
        head.split_once('(')?.1.to_owned(),
        used / TICKS_PER_SECOND,
    ))
}

/// Processor time of a process and of its children.
fn cpu_seconds(id: u32) -> f64 {
    let children = processes()
        .into_iter()
        .filter(|(_, (parent, _))| *parent == id)
        .map(|(child, _)| child);
    children
        .chain([id])
        .filter_map(|id| stat(id).map(|(_, _, seconds)| seconds))
        .sum()
}

fn resident_mib(id: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmRSS:"))
        .unwrap_or_default();
    line.split_whitespace()
        .nth(1)
        .and_then(|kib| kib.parse::<u64>().ok())
        .unwrap_or(0)
        / 1024
}
