//! What a process holds in memory, whatever webhooks make of their events.

use posthorn_testkit::{Answer, Receiver};
use serde_json::{Value, json};

use crate::stack::Stack;

const KIB: usize = 1_024;

/// Makes a JSON string of so many KiB of any event.
fn template(kib: usize) -> Value {
    const PIECE_KIB: usize = 60;
    let piece = "x".repeat(PIECE_KIB * KIB);
    let pieces = kib / PIECE_KIB;
    json!({
        "payload_format": "template",
        "payload_template": format!("\"{{% for _ in range({pieces}) %}}{piece}{{% endfor %}}\""),
    })
}

/// The most that a process ever held, in MiB.
pub(crate) fn resident_most_mib(process: u32) -> usize {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    let kib = line
        .and_then(|line| line.split_whitespace().nth(1))
        .unwrap();
    kib.parse::<usize>().unwrap() / KIB
}

/// The events are of two bytes, their bodies of 900 KB, and nobody takes them.
#[tokio::test]
async fn large_bodies_for_a_receiver_that_hangs_do_not_fill_the_memory() {
    const EVENTS: usize = 600;
    const RESIDENT_MIB_MAX: usize = 150;
    let (stack, receiver) = (Stack::start().await, Receiver::start().await);
    receiver.answer(Answer::hang());
    let mut fields = template(900);
    fields["max_in_flight"] = json!(1_000);
    fields["timeout_seconds"] = json!(120);
    stack.webhook(&receiver.url_of("/hangs"), fields).await;
    stack.publish_numbered(0, EVENTS).await;
    // Each is under way or put off: both have a row, for a request that takes long is shown as pending.
    stack.rows("SELECT count(*) FROM deliveries", 600).await;
    assert!(receiver.count() > 0);
    let most = resident_most_mib(stack.deliverers[0].id());
    println!("{} requests under way, {most} MiB", receiver.count());
    assert!(most < RESIDENT_MIB_MAX, "{most} MiB");

    // Others' templates still find room.
    let well = Receiver::start().await;
    let fields = json!({
        "event_types": ["a.b"],
        "payload_format": "template",
        "payload_template": "{}",
    });
    stack.webhook(&well.url(), fields).await;
    stack.publish("a.b", &json!({})).await;
    well.wait_for(1).await;
}

#[tokio::test]
async fn the_log_keeps_the_beginning_of_a_large_body_and_tells_how_long_it_was() {
    let (stack, receiver) = (Stack::start().await, Receiver::start().await);
    for kib in [60, 120] {
        let hook = stack.webhook(&receiver.url(), template(kib)).await;
        let event = stack.publish("a.b", &json!({})).await;
        let delivery = stack.delivery(&event, "success").await;
        let sent = receiver.wait_for(1).await.remove(0).body;
        assert_eq!(sent.len(), kib * KIB + 2);
        let kept = delivery["request_payload"].as_str().unwrap();
        let length = delivery["request_headers"].get("content-length");
        if kib < 64 {
            assert_eq!(kept.len(), kib * KIB);
            assert_eq!(delivery["request_payload_truncated"], false);
            assert_eq!(length, None);
        } else {
            assert_eq!(kept.as_bytes(), &sent[..64 * KIB]);
            assert_eq!(delivery["request_payload_truncated"], true);
            assert_eq!(length, Some(&json!(sent.len().to_string())));
        }
        receiver.clear();
        let path = format!("/webhooks/{}", hook.id);
        assert_eq!(
            stack.request("DELETE", &path, &Value::Null).await.status,
            204
        );
    }
}
