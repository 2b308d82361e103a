//! A stand-in for the API that answers as it is told and shows what it was asked.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpListener,
    thread::JoinHandle,
};

use serde_json::Value;

/// One request that it received.
pub(crate) struct Asked {
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Asked {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head
            .lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

pub(crate) struct Api {
    pub(crate) url: String,
    serving: JoinHandle<Vec<Asked>>,
}

impl Api {
    /// Answers so many requests, each with what `answer` makes of it: a status and a body.
    pub(crate) fn start(
        requests: usize,
        answer: impl Fn(&Asked) -> (u16, String) + Send + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let serving = std::thread::spawn(move || {
            let mut all = Vec::new();
            for _ in 0..requests {
                let (mut stream, _) = listener.accept().unwrap();
                let mut reader = BufReader::new(&mut stream);
                let mut head = String::new();
                while reader.read_line(&mut head).unwrap() > 2 {}
                let mut asked = Asked {
                    head: head.replace("\r\n", "\n"),
                    body: String::new(),
                };
                let length = asked.header("content-length");
                let length: u64 = length.map_or(0, |length| length.parse().unwrap());
                reader.take(length).read_to_string(&mut asked.body).unwrap();
                let (status, body) = answer(&asked);
                let length = body.len();
                write!(
                    stream,
                    "HTTP/1.1 {status} X\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}"
                )
                .unwrap();
                all.push(asked);
            }
            all
        });
        Self { url, serving }
    }

    /// What it was asked.
    pub(crate) fn asked(self) -> Vec<Asked> {
        self.serving.join().unwrap()
    }
}
