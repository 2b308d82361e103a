use std::{cell::Cell, collections::HashMap, time::Duration};

use posthorn_testkit::{Answer, ReceivedRequest, Receiver, Service, eventually};
use serde_json::json;

use crate::stack::{DEADLINE, Stack, all_arrived};

/// Requests that one process may have sent and not yet recorded.
const IN_FLIGHT_MAX: usize = 64;

fn repeated(requests: &[ReceivedRequest]) -> usize {
    let mut times: HashMap<&str, usize> = HashMap::new();
    for request in requests {
        *times.entry(request.header("webhook-id")).or_default() += 1;
    }
    times.values().map(|times| times - 1).sum()
}

/// `kill -9` in the middle of the work loses nothing; what is repeated was not recorded yet.
#[tokio::test]
async fn a_killed_deliverer_loses_nothing() {
    const EVENTS: usize = 5_000;
    const KILLS: usize = 4;
    let (mut stack, receiver) = (
        Stack::with(2, &[("POSTHORN_REQUESTS_IN_FLIGHT_MAX", "64")]).await,
        Receiver::start().await,
    );
    receiver.answer(Answer::status(200).after(Duration::from_millis(2)));
    stack.webhook(&receiver.url(), json!({})).await;
    let ids = stack.publish_numbered(0, EVENTS).await;
    for kill in 1..=KILLS {
        receiver.wait_for(kill * EVENTS / (KILLS + 2)).await;
        stack.deliverers[kill % 2].restart().await;
    }
    let requests = all_arrived(&receiver, &ids).await;
    let count = i64::try_from(EVENTS).unwrap();
    stack
        .rows("SELECT count(*) FROM deliveries WHERE status = 1", count)
        .await;
    stack
        .rows("SELECT count(DISTINCT delivery_id) FROM attempts", count)
        .await;
    stack.rows("SELECT count(*) FROM events", count).await;
    let repeated = repeated(&requests);
    println!("{EVENTS} events, {KILLS} kills: {repeated} requests repeated");
    assert!(
        repeated <= KILLS * IN_FLIGHT_MAX,
        "{repeated} requests were repeated"
    );
    stack.messages("POSTHORN_DELIVERIES", ">", 0).await;
}

#[tokio::test]
async fn a_deliverer_that_is_asked_to_stop_finishes_what_it_holds() {
    let (mut stack, receiver) = (Stack::start().await, Receiver::start().await);
    receiver.answer(Answer::status(200).after(Duration::from_millis(300)));
    stack.webhook(&receiver.url(), json!({})).await;
    let ids = stack.publish_numbered(0, 200).await;
    receiver.wait_for(20).await;
    stack.deliverers[0].terminate();
    assert!(stack.deliverers[0].exit().await.success());
    let sent = receiver.requests().len();
    stack
        .rows(
            "SELECT count(*) FROM deliveries WHERE status = 1",
            i64::try_from(sent).unwrap(),
        )
        .await;

    stack.deliverers[0].restart().await;
    let requests = all_arrived(&receiver, &ids).await;
    assert_eq!(repeated(&requests), 0);
}

/// Deliverers stop one after the other while events come. What the server had on its way to one of them would come to
/// another when its acknowledgement wait is over, which is an hour here.
#[tokio::test]
async fn a_deliverer_that_is_asked_to_stop_leaves_no_event_on_its_way() {
    const STOPS: usize = 4;
    let (mut stack, receiver) = (
        Stack::with_deliverers(STOPS + 1).await,
        Receiver::start().await,
    );
    stack.webhook(&receiver.url(), json!({})).await;
    let mut wire = stack.nats_wire().await;
    wire.wait_for_acknowledgements(Duration::from_secs(3_600))
        .await;

    let deliverers = stack.deliverers.split_off(1);
    let stopped = Cell::new(false);
    let publish = async {
        let mut ids = Vec::new();
        while !stopped.get() {
            ids.push(stack.publish("load.test", &json!({})).await);
        }
        ids
    };
    let stop = async {
        for mut deliverer in deliverers {
            receiver.wait_for(receiver.count() + 100).await;
            deliverer.terminate();
            assert!(deliverer.exit().await.success());
        }
        stopped.set(true);
    };
    let (ids, ()) = tokio::join!(publish, stop);
    all_arrived(&receiver, &ids).await;
}

/// What a deliverer cannot finish in its time and never sent goes back to the server, for another one to have at
/// once. The acknowledgement wait is an hour here, and no service starts meanwhile, which would shorten it.
#[tokio::test]
async fn a_deliverer_that_cannot_finish_in_time_gives_back_what_it_never_sent() {
    const HELD_MIN: usize = 20;
    let settings = [("POSTHORN_DRAIN_SECONDS", "1")];
    let (mut stack, receiver) = (Stack::with(2, &settings).await, Receiver::start().await);
    stack.webhook(&receiver.url(), json!({})).await;
    let mut wire = stack.nats_wire().await;
    wire.wait_for_acknowledgements(Duration::from_secs(3_600))
        .await;
    stack.database_line.refuse();
    let mut ids = Vec::new();
    eventually(DEADLINE, async || {
        if held(&stack.deliverers[0]).await >= HELD_MIN {
            return Ok(());
        }
        ids.extend(stack.publish_numbered(ids.len(), 10).await);
        Err(ids.len())
    })
    .await;
    eventually(DEADLINE, async || {
        let [one, other] = [
            held(&stack.deliverers[0]).await,
            held(&stack.deliverers[1]).await,
        ];
        if one + other == ids.len() {
            Ok(())
        } else {
            Err((one, other, ids.len()))
        }
    })
    .await;

    stack.deliverers[0].terminate();
    assert!(!stack.deliverers[0].exit().await.success());
    stack.database_line.resume();
    let requests = all_arrived(&receiver, &ids).await;
    assert_eq!(repeated(&requests), 0);
}

/// Events that a deliverer holds.
async fn held(deliverer: &Service) -> usize {
    let (status, metrics) = deliverer.get("/metrics").await.unwrap();
    assert_eq!(status, 200, "{metrics}");
    let name = "posthorn_messages_held{stream=\"events\"} ";
    let value = metrics.lines().find_map(|line| line.strip_prefix(name));
    value.map_or(0, |value| value.parse().unwrap())
}
