use std::{collections::BTreeMap, pin::pin, time::Duration};

use futures::future::{BoxFuture, join_all};
use posthorn_testkit::Receiver;
use serde_json::{Value, json};
use tokio::time::{Instant, interval, timeout};

use super::{Key, STOPPED_AFTER};
use crate::{
    http::Reply,
    memory::resident_most_mib,
    stack::{Stack, all_arrived},
};

/// Rounds of requests, however soon the attack is over.
const ROUNDS_MIN: usize = 20;
/// From one round to the next.
const PACE: Duration = Duration::from_millis(50);
/// What the chart gives an api; with more it would be killed.
const RESIDENT_MIB_MAX: usize = 384;
/// After so many, an attack that still goes on is left: what it does to itself is not asked here.
const ROUNDS_MAX: usize = 200;

/// What the neighbour does all the time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Act {
    Publish,
    List,
    Change,
    /// Sends a test event.
    Test,
    /// Asks for `/healthz`, without a key.
    Health,
}

impl Act {
    fn words(self) -> &'static str {
        match self {
            Self::Publish => "POST /events",
            Self::List => "GET /webhooks",
            Self::Change => "PATCH /webhooks/{id}",
            Self::Test => "POST /webhooks/{id}/test",
            Self::Health => "GET /healthz",
        }
    }
}

/// What it does unless an attack is about something else.
pub(super) const ACTS: [Act; 4] = [Act::Publish, Act::List, Act::Change, Act::Health];

/// The tenant that must not notice.
pub(super) struct Neighbour {
    key: Key,
    webhook: String,
    receiver: Receiver,
    /// The process id of the api.
    api: u32,
}

impl Neighbour {
    pub(super) async fn of(stack: &Stack) -> Self {
        let key = Key::make(stack, "manager", "neighbour").await;
        let receiver = Receiver::start().await;
        let input = json!({"name": "n", "url": receiver.url(), "event_types": ["*"]});
        let made = key.json("POST", "/webhooks", &input).await;
        assert_eq!(made.status, 201, "{made:?}");
        let webhook = made.body["id"].as_str().unwrap().to_owned();
        Self {
            key,
            webhook,
            receiver,
            api: stack.api.id(),
        }
    }

    /// Goes about its business until an attack is over; everything must succeed, and every event arrive.
    pub(super) async fn lives_through(
        &self,
        name: &str,
        acts: &[Act],
        attack: impl Future<Output = ()>,
    ) {
        let mut attack = pin!(attack);
        let (mut is_over, mut rounds) = (false, 0);
        let mut took: BTreeMap<Act, Vec<Duration>> = BTreeMap::new();
        let mut events = Vec::new();
        let mut pace = interval(PACE);
        while rounds < ROUNDS_MIN || (!is_over && rounds < ROUNDS_MAX) {
            let round = async {
                pace.tick().await;
                join_all(acts.iter().map(|act| self.act(name, *act))).await
            };
            let mut round = pin!(round);
            let answers = loop {
                tokio::select! {
                    answers = &mut round => break answers,
                    () = &mut attack, if !is_over => is_over = true,
                }
            };
            for (act, after, answer) in answers {
                took.entry(act).or_default().push(after);
                if act == Act::Publish {
                    let id = &answer.body["events"][0]["id"];
                    events.push(id.as_str().unwrap().to_owned());
                }
            }
            rounds += 1;
        }
        all_arrived(&self.receiver, &events).await;
        let most = resident_most_mib(self.api);
        assert!(most < RESIDENT_MIB_MAX, "{name}: {most} MiB");
        for (act, mut took) in took {
            took.sort_unstable();
            let at = |part: usize| took[(took.len() - 1) * part / 100].as_secs_f64() * 1_000.0;
            println!(
                "| {name} | `{}` | {} | {:.1} | {:.1} | {:.1} |",
                act.words(),
                took.len(),
                at(50),
                at(99),
                at(100)
            );
        }
        println!("| {name} | memory of the api at most, MiB | | | | {most} |");
    }

    async fn act(&self, attack: &str, act: Act) -> (Act, Duration, Reply) {
        let began = Instant::now();
        let (wanted, asked) = self.ask(act);
        let answer = timeout(STOPPED_AFTER, asked).await;
        let after = began.elapsed();
        match answer {
            Ok(Ok(answer)) if answer.status == wanted => (act, after, answer),
            other => panic!("{attack}: {} after {after:?}: {other:?}", act.words()),
        }
    }

    /// The status that the answer must have, and the request.
    fn ask(&self, act: Act) -> (u16, BoxFuture<'_, std::io::Result<Reply>>) {
        let ask = async |method: &'static str, path: String, body: Value| {
            let body = if body.is_null() {
                String::new()
            } else {
                body.to_string()
            };
            self.key.try_text(method, &path, &body).await
        };
        let webhook = format!("/webhooks/{}", self.webhook);
        match act {
            Act::Publish => {
                let event = json!({"type": "order.paid", "data": {"n": 1}});
                (202, Box::pin(ask("POST", "/events".to_owned(), event)))
            }
            Act::List => (
                200,
                Box::pin(ask("GET", "/webhooks".to_owned(), Value::Null)),
            ),
            Act::Change => {
                let change = json!({"description": "changed"});
                (200, Box::pin(ask("PATCH", webhook, change)))
            }
            Act::Test => {
                let path = format!("{webhook}/test");
                (200, Box::pin(ask("POST", path, Value::Null)))
            }
            Act::Health => {
                let asked = crate::http::send(&self.key.api, "GET", "/healthz", &[], "");
                (200, Box::pin(asked))
            }
        }
    }
}
