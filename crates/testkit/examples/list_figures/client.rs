use std::time::Duration;

use posthorn_testkit::eventually;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

pub(crate) const ADMIN_KEY: &str = "an-admin-key-of-more-than-32-characters";

/// A client that opens a connection for each request, as the slowest one would.
pub(crate) struct Client {
    address: String,
}

impl Client {
    pub(crate) fn new(address: &str) -> Self {
        Self {
            address: address.to_owned(),
        }
    }

    /// Waits until the api has prepared the database.
    pub(crate) async fn ready(&self) {
        eventually(Duration::from_secs(60), async || {
            let mut stream = self.send("GET", "/webhooks/health", "").await;
            let mut answer = String::new();
            stream.read_to_string(&mut answer).await.unwrap();
            if answer.starts_with("HTTP/1.1 200") {
                Ok(())
            } else {
                Err(answer)
            }
        })
        .await;
    }

    /// The body of a successful answer.
    pub(crate) async fn get(&self, path: &str) -> String {
        self.exchange("GET", path, "").await
    }

    pub(crate) async fn post(&self, path: &str, body: &str) -> String {
        self.exchange("POST", path, body).await
    }

    async fn exchange(&self, method: &str, path: &str, body: &str) -> String {
        let mut stream = self.send(method, path, body).await;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 20"), "{path}: {answer}");
        answer
    }

    /// Reads an answer to its end without keeping it: its bytes and lines. `watch` is called now and then.
    pub(crate) async fn drain(&self, path: &str, mut watch: impl FnMut()) -> (u64, usize) {
        let mut stream = self.send("GET", path, "").await;
        let mut buffer = vec![0; 1 << 16];
        let (mut bytes, mut lines, mut reads) = (0, 0, 0_u32);
        loop {
            let read = stream.read(&mut buffer).await.unwrap();
            if read == 0 {
                return (bytes, lines);
            }
            bytes += read as u64;
            lines += buffer[..read].split(|byte| *byte == b'\n').count() - 1;
            reads += 1;
            if reads.is_multiple_of(256) {
                watch();
            }
        }
    }

    async fn send(&self, method: &str, path: &str, body: &str) -> TcpStream {
        let mut stream = TcpStream::connect(&self.address).await.unwrap();
        let request = format!(
            "{method} /api/v1{path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {ADMIN_KEY}\r\n\
             content-type: application/json\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        stream
    }
}
