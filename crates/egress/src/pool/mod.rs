//! Kept connections, and how a request gets over one of them.
//!
//! A request takes a kept connection or opens one ([`host`]), is sent over it ([`lease`]), and goes once more, on a
//! new connection, where it was not processed or the kept connection turned out to be closed ([`again`]). Redirects,
//! cookies, decompression and proxies of the environment do not exist here.
//!
//! # Whose time it is
//!
//! To wait for one of the streams that a receiver allows, or for a connection that another request opens, is Posthorn's
//! own time: it counts neither against the request's timeout nor as the receiver's. It has a bound of its own, after which
//! a request opens a connection for itself. To open a connection, to write and to wait for the answer is the receiver's.
//!
//! # What it does not guarantee
//!
//! That a connection is alive that is taken out. Nobody can know that; what follows from it is said in [`again`].

mod again;
mod failed;
mod host;
mod lease;
mod open;

use std::{
    collections::HashMap,
    pin::Pin,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, Weak,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use http::{Uri, uri::Authority, uri::Scheme};
use http_body_util::Full;
use hyper::body::Incoming;
use rustls::ClientConfig;
use tokio::{
    sync::Notify,
    time::{Instant, Sleep, sleep, timeout_at},
};

pub use self::again::{Again, SentAgain};
use self::{
    again::why_again,
    host::{Host, Idle, Need, Shared, Speaks},
    open::{Handshakes, Opened},
};
pub(crate) use self::{failed::SendFailed, lease::Lease};
use crate::{
    address::AddressPolicy,
    config::EgressConfig,
    connect::{Connector, Means},
    limits::TURN_WAIT_MAX,
    resolver::{GuardedResolver, Lookup},
};

type Body = Full<Bytes>;
/// A request as it is sent.
pub(crate) type Message = http::Request<Body>;

/// Makes pools.
pub(crate) struct Pools {
    means: Arc<Means>,
    config: EgressConfig,
}

impl Pools {
    pub(crate) fn new(config: EgressConfig, lookup: Arc<dyn Lookup>) -> Self {
        let policy = AddressPolicy::new(config.allow.clone());
        let means = Means {
            resolver: GuardedResolver::new(lookup, policy),
            proxy: config.proxy.clone(),
            timeout: config.connect_timeout,
        };
        Self {
            means: Arc::new(means),
            config,
        }
    }

    pub(crate) fn make(&self, tls: ClientConfig) -> Pool {
        Pool(Arc::new(Inner {
            connector: Connector::new(Arc::clone(&self.means), Arc::new(tls)),
            handshakes: Handshakes::new(),
            idle_connection: self.config.idle_connection,
            idle_connections_per_host: self.config.idle_connections_per_host,
            opened: AtomicU64::new(0),
            hosts: Mutex::default(),
        }))
    }
}

/// Connections that were opened with the same TLS settings. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Pool(Arc<Inner>);

struct Inner {
    connector: Connector,
    handshakes: Handshakes,
    idle_connection: Duration,
    idle_connections_per_host: usize,
    /// How many connections were opened; their numbers.
    opened: AtomicU64,
    hosts: Mutex<Hosts>,
}

#[derive(Default)]
struct Hosts {
    known: HashMap<Key, Host>,
    /// Whether somebody closes what lies idle.
    swept: bool,
}

impl Hosts {
    fn with<T>(&mut self, key: &Key, work: impl FnOnce(&mut Host) -> T) -> T {
        match self.known.get_mut(key) {
            Some(host) => work(host),
            None => work(self.known.entry(key.clone()).or_default()),
        }
    }
}

/// Which requests can share connections.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    https: bool,
    authority: Authority,
}

/// An answer's head, and the connection that its body comes over.
pub(crate) struct Answer {
    pub(crate) response: http::Response<Incoming>,
    pub(crate) lease: Lease,
}

/// What came of sending a request.
pub(crate) struct Sent {
    /// The answer, or why there is none; `None` where the deadline passed.
    pub(crate) answer: Option<Result<Answer, SendFailed>>,
    /// Time that was Posthorn's own.
    pub(crate) own: Duration,
    pub(crate) again: SentAgain,
}

/// Where a request is to go over.
enum Turn {
    Take(Lease),
    Open(Opening),
}

impl Pool {
    /// Sends a request, which is made anew for each time that it is sent. The deadline is put off by what waiting here
    /// took.
    pub(crate) async fn send(
        &self,
        uri: &Uri,
        mut message: impl FnMut() -> Message,
        mut deadline: Pin<&mut Sleep>,
    ) -> Sent {
        let mut sent = Sent {
            answer: None,
            own: Duration::ZERO,
            again: SentAgain::default(),
        };
        let Some(key) = Key::of(uri) else {
            return sent;
        };
        let mut need = Need::Any;
        loop {
            let (turn, waited) = self
                .turn(&key, need, TURN_WAIT_MAX.saturating_sub(sent.own))
                .await;
            if !waited.is_zero() {
                sent.own += waited;
                let later = deadline.deadline() + waited;
                deadline.as_mut().reset(later);
            }
            let sending = self.send_once(uri, turn, message());
            let (error, at) = tokio::select! {
                biased;
                answer = sending => match answer {
                    Ok(answer) => {
                        sent.answer = Some(Ok(answer));
                        return sent;
                    }
                    Err(failed) => failed,
                },
                () = &mut deadline => return sent,
            };
            match at.and_then(|at| why_again(&error, at)) {
                Some(why) if sent.again.allows(why) => {
                    tracing::debug!(why = why.as_str(), "A request goes once more");
                    need = match (why, sent.again.total()) {
                        (_, 1) => Need::Newer(self.0.opened.load(Ordering::Acquire)),
                        _ => Need::Own,
                    };
                }
                Some(_) | None => {
                    sent.answer = Some(Err(error));
                    return sent;
                }
            }
        }
    }

    async fn send_once(
        &self,
        uri: &Uri,
        turn: Turn,
        message: Message,
    ) -> Result<Answer, (SendFailed, Option<again::Circumstances>)> {
        let mut lease = match turn {
            Turn::Take(lease) => lease,
            Turn::Open(opening) => opening.open(uri).await.map_err(|error| (error, None))?,
        };
        match lease.send(message).await {
            Ok(response) => Ok(Answer { response, lease }),
            Err((error, at)) => Err((error, Some(at))),
        }
    }

    /// A connection for one request, or the right to open one: at once, or when there is something to take, or, when that
    /// takes too long, one of its own. With the time that was waited.
    async fn turn(&self, key: &Key, need: Need, most: Duration) -> (Turn, Duration) {
        match self.find(key, need) {
            Ok(turn) => (turn, Duration::ZERO),
            Err(_) => {
                let start = Instant::now();
                // In a box, because hardly any request waits, and every request's future would have room for it.
                let turn = Box::pin(self.wait(key, need, start + most)).await;
                (turn, start.elapsed())
            }
        }
    }

    async fn wait(&self, key: &Key, need: Need, by: Instant) -> Turn {
        // What changes from here on wakes somebody.
        let _waiting = Waiting::begin(self, key);
        loop {
            let changed = match self.find(key, need) {
                Ok(turn) => return turn,
                Err(changed) => changed,
            };
            if timeout_at(by, changed.notified()).await.is_err() {
                return Turn::Open(Opening::begin(self, key, Need::Own));
            }
        }
    }

    /// Where to send a request, or what to wait for.
    fn find(&self, key: &Key, need: Need) -> Result<Turn, Arc<Notify>> {
        self.with_host(key, |host| {
            let turn = match host.take(need, Instant::now()) {
                Some(taken) => Turn::Take(Lease::taken(self, key, taken)),
                None if host.may_open(need, key.https) => {
                    host.opening += usize::from(need != Need::Own);
                    Turn::Open(Opening::begin(self, key, need))
                }
                None => return Err(Arc::clone(&host.changed)),
            };
            // There may be more for the next one.
            host.wake();
            Ok(turn)
        })
    }

    fn idle_connection(&self) -> Duration {
        self.0.idle_connection
    }

    fn with_host<T>(&self, key: &Key, work: impl FnOnce(&mut Host) -> T) -> T {
        self.lock().with(key, work)
    }

    fn lock(&self) -> MutexGuard<'_, Hosts> {
        self.0.hosts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps a connection, and sees to it that it is closed when it has lain idle, also where nobody asks for it any more.
    fn keep(&self, key: &Key, add: impl FnOnce(&mut Host)) {
        let mut hosts = self.lock();
        hosts.with(key, add);
        if !std::mem::replace(&mut hosts.swept, true) {
            let (pool, every) = (Arc::downgrade(&self.0), self.0.idle_connection);
            tokio::spawn(sweep(pool, every.max(SWEEP_INTERVAL_MIN)));
        }
    }

    fn put(&self, key: &Key, idle: Idle) {
        self.keep(key, |host| host.put(idle, self.0.idle_connections_per_host));
    }
}

const SWEEP_INTERVAL_MIN: Duration = Duration::from_millis(100);

/// Closes what lies idle, until there is nothing left.
async fn sweep(pool: Weak<Inner>, every: Duration) {
    loop {
        sleep(every).await;
        let Some(pool) = pool.upgrade() else {
            return;
        };
        let now = Instant::now();
        let mut hosts = pool.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        hosts.known.retain(|_, host| !host.sweep(now));
        if hosts.known.is_empty() {
            hosts.swept = false;
            return;
        }
    }
}

/// The right to open a connection.
struct Opening {
    pool: Pool,
    key: Key,
    need: Need,
    speaks: Speaks,
}

impl Opening {
    fn begin(pool: &Pool, key: &Key, need: Need) -> Self {
        Self {
            pool: pool.clone(),
            key: key.clone(),
            need,
            speaks: Speaks::Nothing,
        }
    }

    async fn open(mut self, uri: &Uri) -> Result<Lease, SendFailed> {
        let inner = Arc::clone(&self.pool.0);
        let stream = inner.connector.open(uri).await?;
        if !stream.is_http2() {
            let usage = stream.usage();
            let (sender, task) = inner.handshakes.http1(stream).await?;
            self.speaks = Speaks::Http1;
            // It is not kept yet, but from now on there is something to forget.
            self.pool.keep(&self.key, |_| ());
            let opened = Opened::Http1 { sender, usage };
            return Ok(Lease::opened(&self.pool, &self.key, opened, task));
        }
        let settled = self.pool.waker(&self.key);
        let (sender, streams_max, task) = inner.handshakes.http2(stream, settled).await?;
        self.speaks = Speaks::Http2;
        // Only now, so that everybody who lost a connection before takes it.
        let number = inner.opened.fetch_add(1, Ordering::AcqRel) + 1;
        if self.need != Need::Own {
            let shared = Shared {
                sender: sender.clone(),
                number,
                streams_max,
                streams: 1,
                proven: false,
                until: Instant::now() + inner.idle_connection,
            };
            self.pool.keep(&self.key, |host| host.shared.push(shared));
        }
        let opened = Opened::Http2 { sender, number };
        Ok(Lease::opened(&self.pool, &self.key, opened, task))
    }
}

impl Drop for Opening {
    fn drop(&mut self) {
        let mut hosts = self.pool.lock();
        let unused = hosts.with(&self.key, |host| {
            host.speaks = self.speaks;
            host.opening -= usize::from(self.need != Need::Own);
            host.wake();
            host.is_unused()
        });
        // Of a host to which no connection can be opened nothing is left.
        if unused && self.speaks == Speaks::Nothing {
            hosts.known.remove(&self.key);
        }
    }
}

/// Counts who waits for a connection.
struct Waiting<'a> {
    pool: &'a Pool,
    key: &'a Key,
}

impl<'a> Waiting<'a> {
    fn begin(pool: &'a Pool, key: &'a Key) -> Self {
        pool.with_host(key, |host| host.waiting += 1);
        Self { pool, key }
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.pool.with_host(self.key, |host| host.waiting -= 1);
    }
}

impl Pool {
    /// Wakes those that wait for a connection to this host.
    fn waker(&self, key: &Key) -> impl FnOnce() + Send + 'static {
        let (pool, key) = (Arc::downgrade(&self.0), key.clone());
        move || {
            if let Some(inner) = pool.upgrade() {
                Self(inner).with_host(&key, |host| host.wake());
            }
        }
    }
}

impl Key {
    fn of(uri: &Uri) -> Option<Self> {
        Some(Self {
            https: uri.scheme() == Some(&Scheme::HTTPS),
            authority: uri.authority()?.clone(),
        })
    }
}
