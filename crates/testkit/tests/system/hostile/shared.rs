//! What one tenant could take of the database, of deliverers, of hand-made requests and of NATS.

use futures::future::join_all;
use posthorn_testkit::{Answer, Receiver, eventually};
use serde_json::json;

use super::{
    Key, attacker,
    neighbour::{ACTS, Act, Neighbour},
};
use crate::stack::{DEADLINE, Stack};

/// A log as a busy tenant has it.
async fn many_deliveries(stack: &Stack, webhook: &str) {
    stack
        .database
        .execute(&format!(
            "INSERT INTO deliveries (id, webhook_id, event_id, created_at, attempt_count, status, tenant, event_type)
             SELECT gen_random_uuid(), '{webhook}', gen_random_uuid(), now() - n * interval '1 second', 1, 3, 'attacker', 'a.b'
             FROM generate_series(1, 50000) n"
        ))
        .await;
}

async fn webhook_at(key: &Key, url: &str) -> String {
    let input = json!({"name": "n", "url": url, "event_types": ["a.*"], "timeout_seconds": 30});
    let made = key.json("POST", "/webhooks", &input).await;
    assert_eq!(made.status, 201, "{made:?}");
    made.body["id"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_that_are_slow_to_read() {
    let stack = Stack::start().await;
    let (attacker, neighbour) = (attacker(&stack).await, Neighbour::of(&stack).await);
    let webhook = webhook_at(&attacker, "http://127.0.0.1:9/").await;
    many_deliveries(&stack, &webhook).await;
    let attack = async {
        let loops = (0..20).map(async |_| {
            for path in [
                "/deliveries?limit=500&offset=1000000000",
                "/deliveries?limit=500&offset=10000",
                "/deliveries/export?format=csv",
            ] {
                // A part of them is refused; nobody reads on.
                let _ = attacker.get(path).await;
            }
        });
        join_all(loops).await;
    };
    neighbour
        .lives_through("10 60 slow lists and exports", &ACTS, attack)
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn as_many_webhooks_as_one_may_have_and_their_end() {
    const WEBHOOKS: usize = 60;
    let settings = [("POSTHORN_WEBHOOKS_PER_TENANT", "60")];
    let stack = Stack::with(1, &settings).await;
    let (attacker, neighbour) = (attacker(&stack).await, Neighbour::of(&stack).await);
    let template = format!("{{# {} #}}{{}}", "x".repeat(60 * 1_024));
    let input = json!({
        "name": "n", "url": "http://127.0.0.1:9/", "event_types": ["*"],
        "payload_format": "template", "payload_template": template,
    });
    let attack = async {
        for _ in 0..WEBHOOKS {
            let made = attacker.json("POST", "/webhooks", &input).await;
            assert_eq!(made.status, 201, "{made:.300?}");
        }
        let refused = attacker.json("POST", "/webhooks", &input).await;
        assert_eq!(refused.body["code"], "too_many_webhooks", "{refused:.300?}");
        for _ in 0..5 {
            let listed = attacker.get("/webhooks?limit=200").await;
            assert_eq!(listed.status, 200, "{listed:.300?}");
        }
        let gone = stack
            .try_request("DELETE", "/tenants/attacker", &json!(null))
            .await
            .unwrap();
        assert!(matches!(gone.status, 202 | 204), "{gone:?}");
    };
    neighbour
        .lives_through(
            "11 60 webhooks of 60 KiB, listed and deleted",
            &ACTS,
            attack,
        )
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tests_of_a_receiver_that_hangs() {
    let stack = Stack::start().await;
    let (attacker, neighbour) = (attacker(&stack).await, Neighbour::of(&stack).await);
    let silent = Receiver::start().await;
    silent.answer(Answer::hang());
    let webhook = webhook_at(&attacker, &silent.url()).await;
    let path = format!("/webhooks/{webhook}/test");
    let tests: Vec<_> = (0..64)
        .map(|_| {
            let (attacker, path) = (attacker.clone(), path.clone());
            tokio::spawn(async move { attacker.try_text("POST", &path, "").await })
        })
        .collect();
    let attack = async {
        eventually(DEADLINE, async || {
            let refused = tests.iter().filter(|test| test.is_finished()).count();
            if refused >= 50 { Ok(()) } else { Err(refused) }
        })
        .await;
    };
    let acts = [Act::Publish, Act::List, Act::Change, Act::Test, Act::Health];
    neighbour
        .lives_through("12 64 tests of a receiver that hangs", &acts, attack)
        .await;
    for test in tests {
        test.abort();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn retries_while_nats_does_not_answer() {
    let mut stack = Stack::start().await;
    let (attacker, neighbour) = (attacker(&stack).await, Neighbour::of(&stack).await);
    let refuses = Receiver::start().await;
    refuses.answer(Answer::status(500));
    let input =
        json!({"name": "n", "url": refuses.url(), "event_types": ["a.*"], "max_retries": 0});
    let made = attacker.json("POST", "/webhooks", &input).await;
    assert_eq!(made.status, 201, "{made:?}");
    let event = json!({"type": "a.b", "data": 1});
    let accepted = attacker.json("POST", "/events", &event).await;
    assert_eq!(accepted.status, 202, "{accepted:?}");
    let delivery = eventually(DEADLINE, async || {
        let listed = attacker.get("/deliveries?status=failed").await;
        match listed.body["deliveries"][0]["id"].as_str() {
            Some(id) => Ok(id.to_owned()),
            None => Err(listed),
        }
    })
    .await;
    let path = format!("/deliveries/{delivery}/retry");
    stack.nats.freeze();
    let attack = async {
        let retries = (0..20).map(async |_| attacker.try_text("POST", &path, "").await);
        for answer in join_all(retries).await {
            assert_eq!(answer.unwrap().status, 503);
        }
    };
    // Nobody can publish to NATS now.
    let acts = [Act::List, Act::Change, Act::Health];
    neighbour
        .lives_through("14 20 retries while NATS hangs", &acts, attack)
        .await;
    stack.nats.thaw();
}
