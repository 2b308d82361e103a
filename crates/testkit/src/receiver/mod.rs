mod answer;
mod connection;

use std::{
    collections::VecDeque,
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::{net::TcpListener, task::JoinSet};

pub use answer::{Answer, Gate, ReceivedRequest};

use crate::eventually;

const WAIT_DEADLINE: Duration = Duration::from_secs(20);

/// An endpoint for webhooks (HTTP/1.1): keeps every request and answers as the test says.
///
/// ```no_run
/// # async fn example() {
/// use posthorn_testkit::{Answer, Receiver};
///
/// let receiver = Receiver::start().await;                  // answers 200
/// receiver.next(Answer::status(503).header("retry-after", "1"));
/// receiver.next(Answer::reset());                          // then 200 again
/// // … let something POST to receiver.url() …
/// let requests = receiver.wait_for(3).await;
/// assert_eq!(requests[0].header("webhook-id"), requests[2].header("webhook-id"));
/// # }
/// ```
#[derive(Debug)]
pub struct Receiver {
    address: SocketAddr,
    shared: Arc<Shared>,
    // Ends the accepting task, and with it every connection.
    _tasks: JoinSet<()>,
}

type Script = Box<dyn Fn(&ReceivedRequest) -> Answer + Send>;

struct Shared(Mutex<State>);

struct State {
    requests: Vec<ReceivedRequest>,
    script: Script,
    next: VecDeque<Answer>,
    connections: usize,
    in_flight: usize,
    in_flight_most: usize,
}

impl Receiver {
    /// Begins to listen; every request is answered with 200.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared(Mutex::new(State {
            requests: Vec::new(),
            script: Box::new(|_| Answer::status(200)),
            next: VecDeque::new(),
            connections: 0,
            in_flight: 0,
            in_flight_most: 0,
        })));
        let mut tasks = JoinSet::new();
        tasks.spawn(accept(listener, shared.clone()));
        Self {
            address,
            shared,
            _tasks: tasks,
        }
    }

    /// Its address, as `host:port`.
    pub fn address(&self) -> String {
        self.address.to_string()
    }

    /// The URL of `/` on it.
    pub fn url(&self) -> String {
        self.url_of("/")
    }

    /// The URL of a path on it.
    pub fn url_of(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Decides by the request how it is answered, from now on.
    pub fn answer_with(&self, script: impl Fn(&ReceivedRequest) -> Answer + Send + 'static) {
        self.shared.lock().script = Box::new(script);
    }

    /// Answers every request like this, from now on.
    pub fn answer(&self, answer: Answer) {
        self.answer_with(move |_| answer.clone());
    }

    /// Answers one request like this, after those that were asked for before; then as ever.
    pub fn next(&self, answer: Answer) {
        self.shared.lock().next.push_back(answer);
    }

    /// Every request so far, in the order of arrival.
    pub fn requests(&self) -> Vec<ReceivedRequest> {
        self.shared.lock().requests.clone()
    }

    /// How many requests have come so far. While one waits for many, cheaper than to copy them all each time.
    pub fn count(&self) -> usize {
        self.shared.lock().requests.len()
    }

    /// The requests after the first `known`.
    pub fn requests_after(&self, known: usize) -> Vec<ReceivedRequest> {
        let state = self.shared.lock();
        state.requests.get(known..).unwrap_or_default().to_vec()
    }

    /// Forgets the requests so far.
    pub fn clear(&self) {
        self.shared.lock().requests.clear();
    }

    /// How many connections were made to it.
    pub fn connections(&self) -> usize {
        self.shared.lock().connections
    }

    /// The most requests that waited for their answer at the same time.
    pub fn in_flight_most(&self) -> usize {
        self.shared.lock().in_flight_most
    }

    /// Waits until at least `count` requests have come, for at most 20 s, and returns them all.
    #[track_caller]
    pub fn wait_for(&self, count: usize) -> impl Future<Output = Vec<ReceivedRequest>> {
        self.wait_for_within(WAIT_DEADLINE, count)
    }

    /// The same, for at most `deadline`.
    #[track_caller]
    pub fn wait_for_within(
        &self,
        deadline: Duration,
        count: usize,
    ) -> impl Future<Output = Vec<ReceivedRequest>> {
        eventually(deadline, async move || {
            let come = self.count();
            if come >= count {
                Ok(self.requests())
            } else {
                Err(format!("{come} of {count} requests"))
            }
        })
    }
}

impl Shared {
    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    /// Keeps a request and says how to answer it.
    fn take(&self, request: ReceivedRequest) -> Answer {
        let mut state = self.lock();
        let answer = match state.next.pop_front() {
            Some(answer) => answer,
            None => (state.script)(&request),
        };
        state.requests.push(request);
        state.in_flight += 1;
        state.in_flight_most = state.in_flight_most.max(state.in_flight);
        answer
    }
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Receiver").finish_non_exhaustive()
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                if let Ok((stream, _)) = accepted {
                    let number = {
                        let mut state = shared.lock();
                        state.connections += 1;
                        state.connections - 1
                    };
                    connections.spawn(connection::serve(stream, number, shared.clone()));
                }
            }
            Some(_) = connections.join_next() => {}
        }
    }
}
