use posthorn_testkit::Receiver;
use serde_json::json;

use crate::stack::Stack;

#[tokio::test]
async fn what_cannot_be_read_is_a_dead_letter_and_blocks_nothing() {
    let (stack, receiver) = (Stack::start().await, Receiver::start().await);
    stack.webhook(&receiver.url(), json!({})).await;
    let mut wire = stack.nats_wire().await;
    let too_large = format!("\"{}\"", "x".repeat(256 * 1024));
    for (subject, headers, body) in [
        ("posthorn.events.default.user.created", &[][..], "{not json"),
        ("posthorn.events.default.user.created", &[], ""),
        (
            "posthorn.events.default.user.created",
            &[],
            too_large.as_str(),
        ),
        ("posthorn.events.default.bad type!", &[], "{}"),
        ("posthorn.events.UPPER.user.created", &[], "{}"),
        ("posthorn.events.default", &[], "{}"),
        (
            "posthorn.events.default.user.created",
            &[
                ("ce-specversion", "1.0"),
                ("ce-id", "1"),
                ("ce-source", "/s"),
                ("ce-type", "user.deleted"),
            ],
            "{}",
        ),
        (
            "posthorn.events.default.user.created",
            &[("content-type", "application/cloudevents+json")],
            "{}",
        ),
    ] {
        if !subject.contains(' ') {
            wire.publish(subject, headers, body.as_bytes()).await;
        }
    }
    wire.publish("posthorn.events.default.after.all", &[], b"{\"good\":true}")
        .await;
    let request = receiver.wait_for(1).await.remove(0);
    assert_eq!(request.header("x-webhook-event"), "after.all");
    stack
        .messages(
            "POSTHORN_DEAD_LETTERS",
            "posthorn.dead-letters.*.malformed",
            7,
        )
        .await;
    assert_eq!(receiver.requests().len(), 1);
}
