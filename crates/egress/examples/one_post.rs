//! What one exchange costs: posts to a receiver on the loopback, one after the other.
//!
//! ```text
//! cargo build --workspace --examples
//! valgrind --tool=callgrind --callgrind-out-file=/dev/null target/debug/examples/one_post 1000
//! valgrind --tool=callgrind --callgrind-out-file=/dev/null target/debug/examples/one_post 3000
//! ```
//!
//! The difference of the two counts, divided by 2,000, is the number of instructions of one `Sender::attempt`
//! on a kept-alive connection; what starting takes falls out. The receiver is a process of its own, which valgrind
//! does not follow.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a figure for whoever measures, no part of the product"
)]

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpListener,
    process::{Command, Stdio},
    sync::Arc,
};

use posthorn_domain::{
    DeliveryId, Event, EventId, JsonText, SigningSecret, SigningSecrets, SystemClock, UrlPolicy,
    Webhook, WebhookInput,
};
use posthorn_egress::{Client, EgressConfig, Sender};

fn main() {
    let argument = std::env::args().nth(1);
    match argument.as_deref() {
        Some("receiver") => receive(),
        count => post(count.and_then(|count| count.parse().ok()).unwrap_or(1000)),
    }
}

/// Prints its port, and answers whatever a read brings: these requests are never split.
fn receive() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    println!("{}", listener.local_addr().unwrap().port());
    for stream in listener.incoming() {
        let mut stream = stream.unwrap();
        let mut buffer = [0; 8192];
        while stream.read(&mut buffer).is_ok_and(|read| read > 0) {
            let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
            stream.write_all(answer).unwrap();
        }
    }
}

fn post(count: usize) {
    let mut receiver = Command::new(std::env::current_exe().unwrap())
        .arg("receiver")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut port = String::new();
    BufReader::new(receiver.stdout.as_mut().unwrap())
        .read_line(&mut port)
        .unwrap();
    let url = format!("http://127.0.0.1:{}/hook", port.trim());
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let mut config = EgressConfig::new("Posthorn/example");
        config.allow = vec!["127.0.0.0/8".parse().unwrap()];
        let sender = Sender::new(Client::new(config).unwrap(), Arc::new(SystemClock));
        let (event, webhook) = (event(), webhook(&url));
        let delivery = DeliveryId::derive(event.id, webhook.id);
        let attempt = sender.attempt(delivery, &event, &webhook, None, None);
        println!("an attempt's future: {} bytes", size_of_val(&attempt));
        drop(attempt);
        for _ in 0..count {
            let attempted = Box::pin(sender.attempt(delivery, &event, &webhook, None, None)).await;
            assert_eq!(attempted.outcome.unwrap().status, 200);
        }
    });
    receiver.kill().unwrap();
    receiver.wait().unwrap();
}

fn event() -> Event {
    let data = br#"{"id":4711,"email":"ada@example.com","name":"Ada Lovelace","amount":0.10}"#;
    Event {
        id: EventId::from_stream_position(1_737_892_800_000_000_000, 1),
        tenant: "default".parse().unwrap(),
        event_type: "user.created".parse().unwrap(),
        timestamp: "2025-01-26T12:00:00Z".parse().unwrap(),
        data: JsonText::from_trusted(data[..].into()),
        cloud_event: None,
        trace: None,
    }
}

fn webhook(url: &str) -> Webhook {
    let document = serde_json::json!({"name": "one", "url": url, "event_types": ["*"]});
    let input: WebhookInput = serde_json::from_value(document).unwrap();
    let at = "2025-01-26T12:00:00Z".parse().unwrap();
    Webhook {
        id: "019499c0-0000-7000-8000-000000000001".parse().unwrap(),
        tenant: "default".parse().unwrap(),
        version: 1,
        settings: input.validate(UrlPolicy::HttpAllowed).unwrap(),
        enabled: true,
        input: input.into(),
        disabled_reason: None,
        secrets: SigningSecrets::single(
            SigningSecret::parse("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap(),
        ),
        created_by: "example".to_owned(),
        updated_by: "example".to_owned(),
        created_at: at,
        updated_at: at,
        made_after: None,
    }
}
