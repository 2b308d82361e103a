//! What goes on until it is stopped: `tail`, and `listen --forward-to`.

use std::{
    io::{BufRead, BufReader, Lines},
    process::{Child, ChildStderr, ChildStdout, Command, Stdio},
};

use posthorn_testkit::{Answer, Receiver};
use serde_json::Value;

use crate::stack::Stack;

struct Running {
    child: Child,
    out: Lines<BufReader<ChildStdout>>,
    err: Lines<BufReader<ChildStderr>>,
}

impl Running {
    fn start(mut command: Command) -> Self {
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        Self {
            out: BufReader::new(child.stdout.take().unwrap()).lines(),
            err: BufReader::new(child.stderr.take().unwrap()).lines(),
            child,
        }
    }

    fn line(&mut self) -> Value {
        serde_json::from_str(&self.out.next().unwrap().unwrap()).unwrap()
    }

    fn notice(&mut self) -> String {
        self.err.next().unwrap().unwrap()
    }

    /// Ctrl-C; what it still said.
    fn interrupt(mut self) -> Vec<String> {
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args(["-s", "INT", &id]).status();
        assert!(sent.unwrap().success());
        assert_eq!(self.child.wait().unwrap().code(), Some(0));
        self.err.by_ref().map(Result::unwrap).collect()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn tail_shows_deliveries_and_their_changes() {
    let stack = Stack::start().await;
    let receiver = Receiver::start().await;
    receiver.answer(Answer::status(500));
    let webhook = stack.webhook(&receiver.url()).await;
    let event = stack.send("order.paid", "{}").await;
    let command = stack.command(&[
        "tail",
        "--since",
        "1h",
        "--interval",
        "100ms",
        "--event-type",
        "order.paid",
    ]);
    let mut tail = tokio::task::spawn_blocking(|| Running::start(command))
        .await
        .unwrap();
    let first = tokio::task::block_in_place(|| {
        loop {
            let line = tail.line();
            if line["status"] == "failed" {
                return line;
            }
        }
    });
    assert_eq!(first["event_id"], event);
    assert_eq!(first["webhook_id"], webhook);

    stack.send("other.type", "{}").await;
    receiver.answer(Answer::status(200));
    stack
        .run(&["deliveries", "retry", first["id"].as_str().unwrap()])
        .await;
    let changed = tokio::task::block_in_place(|| {
        loop {
            let line = tail.line();
            assert_eq!(line["event_type"], "order.paid");
            assert_ne!(line, first, "only changes are shown");
            if line["status"] == "success" {
                return line;
            }
        }
    });
    assert_eq!(changed["id"], first["id"]);
    tail.interrupt();
}

#[tokio::test(flavor = "multi_thread")]
async fn events_of_elsewhere_are_forwarded_as_the_webhook_gets_them() {
    let stack = Stack::start().await;
    let (remote, local) = (Receiver::start().await, Receiver::start().await);
    let webhook = stack.webhook(&remote.url()).await;
    stack
        .run(&[
            "webhooks",
            "update",
            &webhook,
            "--filter",
            "data.n > 1",
            "--payload-format",
            "classic",
            "-H",
            "x-team: payments",
        ])
        .await;
    let secret = stack
        .run(&["webhooks", "secret", "reveal", &webhook, "-o", "table"])
        .await
        .out;
    for data in [r#"{"n":1}"#, r#"{"n":2.50}"#] {
        stack.send("order.paid", data).await;
    }
    let url = local.url();
    let command = stack.command(&[
        "listen",
        "--forward-to",
        &url,
        "--webhook",
        &webhook,
        "--since",
        "1h",
        "--interval",
        "100ms",
        "--json",
    ]);
    let mut forwarding = Running::start(command);
    let line = tokio::task::block_in_place(|| forwarding.line());
    assert_eq!(
        (&line["status"], &line["event_type"]),
        (&Value::from(200), &Value::from("order.paid"))
    );
    let next = stack.send("order.paid", r#"{"n":3}"#).await;
    let line = tokio::task::block_in_place(|| forwarding.line());
    assert_eq!(line["event_id"], next, "each once");
    let (there, here) = (remote.wait_for(2).await, local.wait_for(2).await);
    assert_eq!((there.len(), here.len()), (2, 2), "the filter counts");
    assert_eq!(here[0].body, there[0].body, "byte for byte");
    for name in [
        "webhook-id",
        "x-team",
        "content-type",
        "x-webhook-signature",
        "x-webhook-delivery",
    ] {
        assert_eq!(here[0].header(name), there[0].header(name), "{name}");
    }
    let official = standardwebhooks::Webhook::new(secret.trim()).unwrap();
    official.verify(&here[0].body, &here[0].headers).unwrap();
    let said = tokio::task::block_in_place(|| forwarding.interrupt());
    assert_eq!(said.last().unwrap(), "forwarded 2, succeeded 2");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_webhook_the_secret_is_made_here() {
    let stack = Stack::start().await;
    let local = Receiver::start().await;
    stack.send("user.created", r#"{"n":0.10}"#).await;
    stack.send("order.paid", "{}").await;
    let url = local.url();
    let command = stack.command(&[
        "listen",
        "--forward-to",
        &url,
        "--event-type",
        "user.*",
        "--since",
        "1h",
        "--interval",
        "100ms",
    ]);
    let mut forwarding = Running::start(command);
    let secret = tokio::task::block_in_place(|| {
        assert!(forwarding.notice().starts_with("Forwarding events of http"));
        let notice = forwarding.notice();
        let secret = notice.strip_prefix("They are signed with ").unwrap();
        secret.to_owned()
    });
    let here = local.wait_for(1).await;
    let official = standardwebhooks::Webhook::new(&secret).unwrap();
    official.verify(&here[0].body, &here[0].headers).unwrap();
    assert_eq!(here[0].header("x-webhook-event"), "user.created");
    assert!(String::from_utf8_lossy(&here[0].body).contains("0.10"));
    tokio::task::block_in_place(|| forwarding.interrupt());
}
