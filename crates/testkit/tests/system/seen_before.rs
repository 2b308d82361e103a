//! NATS gives out again, as if for the first time, what was delivered long ago: its memory of what it gave out is gone.

use posthorn_testkit::{Receiver, eventually};
use serde_json::{Value, json};

use crate::stack::{DEADLINE, Stack, all_arrived};

const EVENTS: usize = 100;

/// Every event is delivered, recorded and acknowledged.
async fn all_settled(stack: &Stack, deliveries: usize) {
    let count = i64::try_from(deliveries).unwrap();
    stack
        .rows("SELECT count(*) FROM deliveries WHERE status = 1", count)
        .await;
    eventually(DEADLINE, async || {
        match stack.nats_wire().await.unsettled().await {
            0 => Ok(()),
            events => Err(events),
        }
    })
    .await;
}

async fn delete_consumer(stack: &Stack) {
    let deleted = stack
        .nats_wire()
        .await
        .request("$JS.API.CONSUMER.DELETE.POSTHORN_EVENTS.deliverer", "")
        .await;
    assert_eq!(deleted["success"], true, "{deleted}");
}

async fn logs(stack: &Stack, words: &str) {
    eventually(DEADLINE, async || {
        let log = stack.deliverers[0].log();
        if log.contains(words) {
            Ok(())
        } else {
            Err(log)
        }
    })
    .await;
}

/// 100 events are delivered, `forget` makes NATS forget that, and one more event comes: it alone is sent, and to a webhook
/// that was made meanwhile as well.
async fn sent_once(mut stack: Stack, forget: impl AsyncFnOnce(&mut Stack)) -> Stack {
    let (first, later) = (Receiver::start().await, Receiver::start().await);
    stack.webhook(&first.url(), json!({})).await;
    let ids = stack.publish_numbered(0, EVENTS).await;
    all_arrived(&first, &ids).await;
    all_settled(&stack, EVENTS).await;
    stack.webhook(&later.url(), json!({})).await;
    forget(&mut stack).await;
    let event = eventually(DEADLINE, async || {
        let event = json!({"type": "a.last", "data": 1});
        match stack.try_request("POST", "/events", &event).await {
            Ok(reply) if reply.status == 202 => Ok(reply.body["events"][0]["id"].clone()),
            other => Err(format!("{other:?}")),
        }
    })
    .await;
    let last = [event.as_str().unwrap().to_owned()];
    all_arrived(&first, &last).await;
    all_arrived(&later, &last).await;
    // Whatever else was given out is behind us too.
    all_settled(&stack, EVENTS + 2).await;
    assert_eq!(first.requests().len(), EVENTS + 1);
    assert_eq!(later.requests().len(), 1);
    stack
}

#[tokio::test]
async fn a_deleted_consumer_is_made_again_behind_what_is_settled() {
    let stack = Stack::start().await;
    let stack = sent_once(stack, async |stack: &mut Stack| {
        let noted = format!("SELECT count(*) FROM consumer_floors WHERE sequence = {EVENTS}");
        stack.rows(&noted, 1).await;
        delete_consumer(stack).await;
    })
    .await;
    let info = stack
        .nats_wire()
        .await
        .request("$JS.API.CONSUMER.INFO.POSTHORN_EVENTS.deliverer", "")
        .await;
    assert_eq!(info["config"]["opt_start_seq"], EVENTS + 1, "{info}");
    assert_eq!(info["config"]["deliver_policy"], "by_start_sequence");
}

/// Two deliverers: each may be the one that makes it, and the other finds another consumer of the same name.
#[tokio::test]
async fn a_consumer_deleted_before_anything_was_noted_repeats_nothing() {
    let stack = Stack::with_deliverers(2).await;
    sent_once(stack, async |stack: &mut Stack| {
        // As after an upgrade: nothing is noted, and nobody notes it before the consumer is gone.
        stack
            .database
            .execute(
                "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
                 CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON consumer_floors FOR EACH ROW EXECUTE FUNCTION refuse();
                 DELETE FROM consumer_floors",
            )
            .await;
        delete_consumer(stack).await;
    })
    .await;
}

/// What is noted is of another stream: the one that is there was restored from a backup, or made again.
#[tokio::test]
async fn a_floor_above_the_streams_end_is_not_believed() {
    for (sequence, noted_at) in [(1_000_000, "now()"), (50, "now() - interval '1 day'")] {
        let stack = Stack::start().await;
        let stack = sent_once(stack, async |stack: &mut Stack| {
            stack.deliverers[0].terminate();
            stack.deliverers[0].exit().await;
            stack
                .database
                .execute(&format!(
                    "INSERT INTO consumer_floors VALUES ('POSTHORN_EVENTS', {sequence}, {noted_at})
                     ON CONFLICT (stream) DO UPDATE SET sequence = excluded.sequence, noted_at = excluded.noted_at"
                ))
                .await;
            delete_consumer(stack).await;
            stack.deliverers[0].restart().await;
        })
        .await;
        logs(&stack, "was made again or restored from a backup").await;
    }
}

/// nats-server notes what its consumers gave out some times a second. Killed in between, it has forgotten the rest.
#[tokio::test]
async fn a_killed_nats_server_that_forgot_what_it_gave_out_repeats_nothing() {
    let stack = Stack::start().await;
    let before = stack.nats.store().join("before");
    let consumer = stack
        .nats
        .store()
        .join("jetstream/$G/streams/POSTHORN_EVENTS/obs/deliverer/o.dat");
    let one = stack.publish("a.before", &json!(0)).await;
    stack.rows("SELECT count(*) FROM events", 1).await;
    eventually(DEADLINE, async || {
        std::fs::copy(&consumer, &before).map_err(|error| error.to_string())
    })
    .await;
    let stack = sent_once(stack, async |stack: &mut Stack| {
        stack.nats.kill();
        std::fs::copy(&before, &consumer).unwrap();
        stack.nats.restart().await;
    })
    .await;
    let went_to = stack.get(&format!("/events/{one}/deliveries")).await;
    assert_eq!(went_to["deliveries"], json!([]));
}

/// What has failed for good has its dead letter, and gets no second one when the event comes again.
#[tokio::test]
async fn a_dead_letter_that_somebody_retried_or_discarded_does_not_come_back() {
    let (stack, receiver) = (Stack::start().await, Receiver::start().await);
    receiver.answer(posthorn_testkit::Answer::status(500));
    stack
        .webhook(
            &receiver.url(),
            json!({"max_retries": 0, "event_types": ["a.b"]}),
        )
        .await;
    stack.publish("a.b", &json!(1)).await;
    stack.dead_letters("", 1).await;
    stack
        .database
        .execute("UPDATE consumer_floors SET sequence = 0")
        .await;
    delete_consumer(&stack).await;
    let well = Receiver::start().await;
    stack
        .webhook(&well.url(), json!({"event_types": ["a.last"]}))
        .await;
    let last = stack.publish("a.last", &Value::Null).await;
    all_arrived(&well, &[last]).await;
    stack
        .rows("SELECT count(*) FROM deliveries WHERE status = 1", 1)
        .await;
    stack.messages("POSTHORN_DEAD_LETTERS", ">", 1).await;
    assert_eq!(receiver.requests().len(), 1);
    let letters = stack.dead_letters("", 1).await;
    assert_eq!(letters.len(), 1);
}
