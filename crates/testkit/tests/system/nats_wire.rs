//! A NATS client of forty lines: what any foreign publisher does, and nothing that Posthorn's own client does.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
};

/// A message as it is stored.
pub(crate) struct WireMessage {
    pub(crate) subject: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

pub(crate) struct NatsWire(BufReader<TcpStream>);

impl NatsWire {
    pub(crate) async fn connect(address: &str) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        let mut wire = Self(BufReader::new(stream));
        wire.line().await;
        wire.write(b"CONNECT {\"verbose\":false,\"headers\":true}\r\nSUB reply 1\r\n")
            .await;
        wire
    }

    /// Publishes to a stream and waits for its acknowledgement.
    pub(crate) async fn publish(
        &mut self,
        subject: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Value {
        let mut head = String::from("NATS/1.0\r\n");
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str("\r\n");
        let total = head.len() + body.len();
        self.write(format!("HPUB {subject} reply {} {total}\r\n{head}", head.len()).as_bytes())
            .await;
        self.write(body).await;
        self.write(b"\r\n").await;
        serde_json::from_slice(&self.message().await).unwrap()
    }

    /// Publishes whatever bytes these are as headers, and waits for the stream's acknowledgement.
    pub(crate) async fn publish_raw(
        &mut self,
        subject: &[u8],
        headers: &[u8],
        body: &[u8],
    ) -> Value {
        let total = headers.len() + body.len();
        let numbers = format!(" reply {} {total}\r\n", headers.len());
        let message = [
            b"HPUB ",
            subject,
            numbers.as_bytes(),
            headers,
            body,
            b"\r\n",
        ];
        self.write(&message.concat()).await;
        serde_json::from_slice(&self.message().await).unwrap()
    }

    /// How many messages a stream holds on a subject.
    pub(crate) async fn count(&mut self, stream: &str, subject: &str) -> u64 {
        let body = format!("{{\"subjects_filter\":\"{subject}\"}}");
        let request = format!(
            "PUB $JS.API.STREAM.INFO.{stream} reply {}\r\n{body}\r\n",
            body.len()
        );
        self.write(request.as_bytes()).await;
        let info: Value = serde_json::from_slice(&self.message().await).unwrap();
        let subjects = info["state"]["subjects"].as_object();
        subjects.map_or(0, |subjects| {
            subjects.values().filter_map(Value::as_u64).sum()
        })
    }

    /// Events that no deliverer has settled yet, claimed or not.
    pub(crate) async fn unsettled(&mut self) -> u64 {
        self.write(b"PUB $JS.API.CONSUMER.INFO.POSTHORN_EVENTS.deliverer reply 0\r\n\r\n")
            .await;
        let info: Value = serde_json::from_slice(&self.message().await).unwrap();
        let number = |name: &str| info[name].as_u64().unwrap();
        number("num_pending") + number("num_ack_pending")
    }

    /// How often the server has given out deliveries that were due.
    pub(crate) async fn given_out(&mut self) -> u64 {
        let subject = "$JS.API.CONSUMER.INFO.POSTHORN_DELIVERIES.deliverer";
        let info = self.request(subject, "").await;
        info["delivered"]["consumer_seq"].as_u64().unwrap()
    }

    /// Forgets what a stream has on a subject.
    pub(crate) async fn purge(&mut self, stream: &str, subject: &str) {
        let body = json!({ "filter": subject }).to_string();
        let reply = self
            .request(&format!("$JS.API.STREAM.PURGE.{stream}"), &body)
            .await;
        assert_eq!(reply["success"], true, "{reply}");
    }

    /// Lets the deliverers' consumer of events wait so long before it gives a message out again.
    pub(crate) async fn wait_for_acknowledgements(&mut self, wait: Duration) {
        const CONSUMER: &str = "POSTHORN_EVENTS.deliverer";
        let info = self
            .request(&format!("$JS.API.CONSUMER.INFO.{CONSUMER}"), "")
            .await;
        let mut config = info["config"].clone();
        config["ack_wait"] = json!(u64::try_from(wait.as_nanos()).unwrap());
        let update =
            json!({ "stream_name": "POSTHORN_EVENTS", "config": config, "action": "update" });
        let reply = self
            .request(
                &format!("$JS.API.CONSUMER.CREATE.{CONSUMER}"),
                &update.to_string(),
            )
            .await;
        assert_eq!(reply["config"]["ack_wait"], config["ack_wait"], "{reply}");
    }

    /// The message at a place of a stream.
    pub(crate) async fn message_at(&mut self, stream: &str, sequence: u64) -> WireMessage {
        self.stored(stream, &json!({ "seq": sequence })).await
    }

    /// The message that a stream stored last on a subject.
    pub(crate) async fn last_message(&mut self, stream: &str, subject: &str) -> WireMessage {
        self.stored(stream, &json!({ "last_by_subj": subject }))
            .await
    }

    async fn stored(&mut self, stream: &str, which: &Value) -> WireMessage {
        let subject = format!("$JS.API.STREAM.MSG.GET.{stream}");
        let answer = self.request(&subject, &which.to_string()).await;
        let message = &answer["message"];
        let text = |name: &str| {
            let encoded = message[name].as_str().unwrap_or_default();
            String::from_utf8(STANDARD.decode(encoded).unwrap()).unwrap()
        };
        let headers = text("hdrs");
        let headers = headers.lines().filter_map(|line| line.split_once(": "));
        WireMessage {
            subject: message["subject"].as_str().unwrap().to_owned(),
            headers: headers
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
            body: text("data"),
        }
    }

    /// Asks for something and waits for the answer.
    pub(crate) async fn request(&mut self, subject: &str, body: &str) -> Value {
        let request = format!("PUB {subject} reply {}\r\n{body}\r\n", body.len());
        self.write(request.as_bytes()).await;
        serde_json::from_slice(&self.message().await).unwrap()
    }

    async fn message(&mut self) -> Vec<u8> {
        loop {
            let line = self.line().await;
            if line.starts_with("PING") {
                self.write(b"PONG\r\n").await;
            }
            if line.starts_with("MSG") {
                let length: usize = line.trim().rsplit(' ').next().unwrap().parse().unwrap();
                let mut body = vec![0; length + 2];
                self.0.read_exact(&mut body).await.unwrap();
                body.truncate(length);
                return body;
            }
        }
    }

    async fn line(&mut self) -> String {
        let mut line = String::new();
        assert!(
            self.0.read_line(&mut line).await.unwrap() > 0,
            "nats-server closed the connection"
        );
        line
    }

    async fn write(&mut self, bytes: &[u8]) {
        self.0.get_mut().write_all(bytes).await.unwrap();
    }
}
