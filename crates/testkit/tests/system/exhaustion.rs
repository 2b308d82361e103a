//! Posthorn itself has nothing left to send with.

use posthorn_testkit::{Answer, Gate, Receiver, eventually};
use serde_json::json;

use crate::stack::{DEADLINE, Stack};

const WEBHOOKS: u16 = 120;

/// Receivers that are slow, and more of them than there are file descriptors. None of them has failed.
#[tokio::test]
async fn want_of_file_descriptors_is_no_attempt() {
    let (stack, receiver) = (Stack::with(0, &[]).await, Receiver::start().await);
    let deliverer = stack.another_deliverer_with_open_files(64).await;
    let gate = Gate::shut();
    receiver.answer(Answer::status(200).behind(&gate));
    for n in 0..WEBHOOKS {
        let url = receiver.url_of(&format!("/{n}"));
        stack.webhook(&url, json!({"max_retries": 0})).await;
    }
    stack.publish("a.b", &json!(1)).await;
    eventually(DEADLINE, async || {
        let log = deliverer.log();
        let said = log.matches("Posthorn has no file descriptors").count();
        if said > 0 { Ok(()) } else { Err(log) }
    })
    .await;
    gate.open();
    let delivered = "SELECT count(*) FROM deliveries WHERE status = 1 AND attempt_count = 1";
    stack.rows(delivered, WEBHOOKS.into()).await;
    stack
        .rows("SELECT count(*) FROM attempts WHERE failure IS NOT NULL", 0)
        .await;
    assert_eq!(receiver.requests().len(), usize::from(WEBHOOKS));
    // Said once a minute, not for each of them.
    let said = deliverer
        .log()
        .matches("Posthorn has no file descriptors")
        .count();
    assert!(said <= 3, "{said} lines");
}
