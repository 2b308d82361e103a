use posthorn_testkit::{Receiver, eventually};
use serde_json::json;

use crate::stack::{DEADLINE, Stack};

#[tokio::test]
async fn what_cannot_be_read_is_a_dead_letter_and_blocks_nothing() {
    let (stack, receiver) = (Stack::start().await, Receiver::start().await);
    stack.webhook(&receiver.url(), json!({})).await;
    let mut wire = stack.nats_wire().await;
    let too_deep = format!("{}1{}", "[".repeat(101), "]".repeat(101));
    let too_large = format!("\"{}\"", "x".repeat(256 * 1024));
    for (subject, headers, body) in [
        ("posthorn.events.default.user.created", &[][..], "{not json"),
        ("posthorn.events.default.user.created", &[], ""),
        (
            "posthorn.events.default.user.created",
            &[],
            too_large.as_str(),
        ),
        (
            "posthorn.events.default.user.created",
            &[],
            too_deep.as_str(),
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
            8,
        )
        .await;
    assert_eq!(receiver.requests().len(), 1);
}

/// nats-server takes any bytes for headers; NATS clients do not, and end their connection. Such messages among good ones:
/// each is a dead letter, and nobody else notices.
#[tokio::test]
async fn what_no_client_can_parse_is_a_dead_letter_and_disturbs_no_other() {
    const GOOD: usize = 2_400;
    const BAD: usize = 100;
    const HEADERS: [&[u8]; 4] = [
        b"NATS/1.0\r\nname: J\xf6rg\r\n\r\n",
        b"NATS/1.0\r\nno colon\r\n\r\n",
        b"NATS/1.0\r\na name: x\r\n\r\n",
        b"HTTP/1.1\r\nname: x\r\n\r\n",
    ];
    let (stack, receiver) = (Stack::with_deliverers(2).await, Receiver::start().await);
    stack.webhook(&receiver.url(), json!({})).await;
    let mut wire = stack.nats_wire().await;
    for n in 0..GOOD + BAD {
        let body = format!("{{\"n\":{n}}}");
        let (headers, subject): (&[u8], &[u8]) = if n % 25 == 7 {
            let bad = n / 25;
            match bad % 5 {
                4 => (b"NATS/1.0\r\n\r\n", b"posthorn.events.default.b\xe4d"),
                kind => (HEADERS[kind], b"posthorn.events.default.bad"),
            }
        } else {
            (
                b"NATS/1.0\r\nname: x\r\n\r\n",
                b"posthorn.events.default.good",
            )
        };
        let stored = wire.publish_raw(subject, headers, body.as_bytes()).await;
        assert_eq!(stored["seq"], n + 1, "{stored}");
    }
    let count = i64::try_from(GOOD).unwrap();
    stack
        .rows("SELECT count(*) FROM deliveries WHERE status = 1", count)
        .await;
    assert_eq!(receiver.requests().len(), GOOD, "each once");
    let bad = i64::try_from(BAD).unwrap();
    stack.rows("SELECT count(*) FROM dead_letters", bad).await;
    eventually(DEADLINE, async || match wire.unsettled().await {
        0 => Ok(()),
        messages => Err(messages),
    })
    .await;
    stack
        .messages("POSTHORN_DEAD_LETTERS", ">", BAD as u64)
        .await;
    let letters = stack.get("/dead-letters?limit=500").await.to_string();
    for reason in [
        "its headers are not UTF-8 text",
        "a header without a colon",
        "not printable ASCII",
        "do not begin with NATS/1.0",
        "its subject is not one word of UTF-8 text",
    ] {
        assert!(letters.contains(reason), "{reason}: {letters}");
    }
    // Nothing is given out any more that ends a connection.
    let lost = || -> usize {
        let logs = stack.deliverers.iter().map(|deliverer| deliverer.log());
        logs.map(|log| log.matches("Lost the connection to NATS").count())
            .sum()
    };
    let before = lost();
    let last = stack.publish("a.last", &json!(1)).await;
    stack.delivery(&last, "success").await;
    assert_eq!(lost(), before);
}

/// A publisher may begin its headers with a status, as only the server does.
#[tokio::test]
async fn a_message_that_looks_like_the_servers_own_word_is_an_event() {
    let (stack, receiver) = (Stack::start().await, Receiver::start().await);
    stack.webhook(&receiver.url(), json!({})).await;
    let mut wire = stack.nats_wire().await;
    for n in 1..20 {
        let subject = format!("posthorn.events.default.a.{n}");
        wire.publish_raw(
            subject.as_bytes(),
            b"NATS/1.0 409 Consumer Deleted\r\n\r\n",
            b"1",
        )
        .await;
    }
    receiver.wait_for(19).await;
    stack
        .rows("SELECT count(*) FROM deliveries WHERE status = 1", 19)
        .await;
}
