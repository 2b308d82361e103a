//! Events at a steady rate, each sent until it is accepted: what a publisher with an outbox does.
//!
//! An event has the same idempotency key on every try, so one of which only the answer was lost is stored once. The
//! clock of an event starts when it is due, not when there was room to send it.

use std::{
    num::NonZeroU32,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use posthorn_domain::EventId;
use reqwest::{Client, StatusCode, redirect};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use tokio::{
    sync::mpsc::{Receiver, Sender, channel},
    task::JoinSet,
};
use url::Url;

use super::{phases::lock, subscribers};
use crate::{
    bench::{
        generator::{PAD_BYTES, Pace},
        payload::Stamp,
        receiver::Stopwatch,
    },
    exit::{Exit, Failure},
};

/// Requests under way at once.
const WORKERS: usize = 128;
/// Events that may be due and not sent. More are late from then on, which their clocks tell.
const DUE_MAX: usize = 1_000_000;
/// After a refusal.
const AGAIN_AFTER: Duration = Duration::from_millis(250);
/// How long an event is tried for, which is within the window in which its key is remembered.
const TRIED_FOR_US: u64 = 100_000_000;
const ANSWER_TIMEOUT: Duration = Duration::from_secs(10);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);

/// The load while it runs.
#[derive(Debug)]
pub(super) struct Publisher {
    shared: Arc<Shared>,
    work: JoinSet<()>,
}

/// What became of the events.
#[derive(Debug, Default)]
pub(super) struct Published {
    /// Events that were due.
    pub(super) due: u64,
    pub(super) accepted: Vec<Accepted>,
    /// Numbers of those that were given up.
    pub(super) given_up: Vec<u64>,
    pub(super) refusals: Vec<Refusal>,
}

/// An answer of 202.
#[derive(Debug, Clone, Copy)]
pub(super) struct Accepted {
    pub(super) n: u64,
    pub(super) id: EventId,
    /// When it was due.
    pub(super) due_us: u64,
    /// When the answer came.
    pub(super) at_us: u64,
}

/// Another answer, or none.
#[derive(Debug, Clone, Copy)]
pub(super) struct Refusal {
    pub(super) at_us: u64,
    /// `None`: the connection could not be made, or broke.
    pub(super) status: Option<u16>,
}

#[derive(Debug)]
struct Shared {
    client: Client,
    urls: Vec<Url>,
    key: SecretString,
    run: String,
    watch: Stopwatch,
    stop: AtomicBool,
    due: AtomicU64,
    published: Mutex<Published>,
}

/// The answer, as far as it matters.
#[derive(Deserialize)]
struct Answer {
    events: Vec<Event>,
}

#[derive(Deserialize)]
struct Event {
    id: EventId,
}

impl Publisher {
    pub(super) fn start(
        apis: &[Url],
        key: SecretString,
        run: &str,
        rate: NonZeroU32,
        watch: Stopwatch,
    ) -> Result<Self, Failure> {
        let unusable = |error: &dyn std::fmt::Display| {
            Failure::new(Exit::Usage, format!("--api-url: {error}"))
        };
        let client = Client::builder()
            .timeout(ANSWER_TIMEOUT)
            .connect_timeout(CONNECT_TIMEOUT)
            .redirect(redirect::Policy::none())
            .retry(reqwest::retry::never())
            .no_proxy()
            .build()
            .map_err(|error| unusable(&error))?;
        let urls = apis.iter().map(|url| url.join("/api/v1/events"));
        let shared = Arc::new(Shared {
            client,
            urls: urls.collect::<Result<_, _>>().map_err(|e| unusable(&e))?,
            key,
            run: run.to_owned(),
            watch,
            stop: AtomicBool::new(false),
            due: AtomicU64::new(0),
            published: Mutex::default(),
        });
        let (queue, turns) = channel(DUE_MAX);
        let turns = Arc::new(tokio::sync::Mutex::new(turns));
        let mut work = JoinSet::new();
        work.spawn(make_due(Arc::clone(&shared), rate, queue));
        for worker in 0..WORKERS {
            work.spawn(send_all(Arc::clone(&shared), worker, Arc::clone(&turns)));
        }
        Ok(Self { shared, work })
    }

    /// How many are accepted, and how many are due and not accepted.
    pub(super) fn standing(&self) -> (u64, u64) {
        let published = lock(&self.shared.published);
        let accepted = u64::try_from(published.accepted.len()).unwrap_or(u64::MAX);
        let given_up = u64::try_from(published.given_up.len()).unwrap_or(u64::MAX);
        let due = self.shared.due.load(Ordering::Relaxed);
        (accepted, due.saturating_sub(accepted + given_up))
    }

    /// Makes no further events, and waits until all that were due are accepted or given up.
    pub(super) async fn finish(mut self) -> Published {
        self.shared.stop.store(true, Ordering::Relaxed);
        while self.work.join_next().await.is_some() {}
        let mut published = std::mem::take(&mut *lock(&self.shared.published));
        published.due = self.shared.due.load(Ordering::Relaxed);
        published
    }
}

/// Says when each event is due. Its end ends the queue.
async fn make_due(shared: Arc<Shared>, rate: NonZeroU32, queue: Sender<Stamp>) {
    let pace = Pace::begin(Some(rate.get()));
    for n in 0.. {
        let late_us = u64::try_from(pace.turn(n).await.as_micros()).unwrap_or(u64::MAX);
        if shared.stop.load(Ordering::Relaxed) {
            return;
        }
        shared.due.fetch_add(1, Ordering::Relaxed);
        let sent_us = shared.watch.now_us().saturating_sub(late_us);
        if queue.send(Stamp { n, sent_us }).await.is_err() {
            return;
        }
    }
}

async fn send_all(
    shared: Arc<Shared>,
    worker: usize,
    turns: Arc<tokio::sync::Mutex<Receiver<Stamp>>>,
) {
    // Half of them begin with each api.
    let mut turn = worker;
    loop {
        // Released before the event is sent.
        let next = turns.lock().await.recv().await;
        let Some(stamp) = next else {
            return;
        };
        shared.send_until_accepted(stamp, &mut turn).await;
    }
}

impl Shared {
    async fn send_until_accepted(&self, stamp: Stamp, turn: &mut usize) {
        let body = self.body(stamp);
        loop {
            let answer = self.send(&body, *turn).await;
            let at_us = self.watch.now_us();
            match answer {
                Ok(id) => {
                    lock(&self.published).accepted.push(Accepted {
                        n: stamp.n,
                        id,
                        due_us: stamp.sent_us,
                        at_us,
                    });
                    return;
                }
                Err(status) => {
                    let mut published = lock(&self.published);
                    published.refusals.push(Refusal { at_us, status });
                    if at_us.saturating_sub(stamp.sent_us) > TRIED_FOR_US {
                        published.given_up.push(stamp.n);
                        return;
                    }
                }
            }
            *turn += 1;
            tokio::time::sleep(AGAIN_AFTER).await;
        }
    }

    /// The event's id, or the status of the refusal.
    async fn send(&self, body: &str, turn: usize) -> Result<EventId, Option<u16>> {
        let url = self.urls.get(turn % self.urls.len()).ok_or(None)?.clone();
        let request = self
            .client
            .post(url)
            .bearer_auth(self.key.expose_secret())
            .header("content-type", "application/json")
            .body(body.to_owned());
        let answer = request.send().await.map_err(|_| None)?;
        let status = answer.status();
        let words = answer.bytes().await.map_err(|_| None)?;
        if status != StatusCode::ACCEPTED {
            return Err(Some(status.as_u16()));
        }
        let answer: Answer = serde_json::from_slice(&words).map_err(|_| Some(status.as_u16()))?;
        let event = answer.events.first();
        event.map(|event| event.id).ok_or(Some(status.as_u16()))
    }

    fn body(&self, stamp: Stamp) -> String {
        let event_type = subscribers::event_type(&self.run, subscribers::share_of(stamp.n));
        let data = stamp.to_data(PAD_BYTES);
        let data = String::from_utf8_lossy(&data);
        let (run, n) = (&self.run, stamp.n);
        format!(r#"{{"type":"{event_type}","idempotency_key":"{run}-{n}","data":{data}}}"#)
    }
}
