//! Connections and bodies that take room and bring nothing.

use std::time::Duration;

use futures::future::join_all;
use posthorn_testkit::eventually;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::{
    Key, attacker,
    neighbour::{ACTS, Neighbour},
};
use crate::{http::send, stack::Stack};

const MEBIBYTE: usize = 1_024 * 1_024;

#[tokio::test(flavor = "multi_thread")]
async fn an_array_of_millions() {
    let stack = Stack::start().await;
    let (attacker, neighbour) = (attacker(&stack).await, Neighbour::of(&stack).await);
    let array = format!("[{}1]", "1,".repeat(8_000_000 - 1));
    let attack = async {
        for _ in 0..3 {
            let answer = attacker.text("POST", "/events", &array).await;
            assert_eq!(answer.status, 422, "{answer:.200?}");
        }
    };
    neighbour
        .lives_through("6 an array of 8 million numbers", &ACTS, attack)
        .await;
}

/// A request of which this much has come and the rest comes never.
async fn unfinished(attacker: &Key, announced: usize, sent: usize) -> TcpStream {
    let mut stream = TcpStream::connect(&attacker.api).await.unwrap();
    let head = format!(
        "POST /api/v1/events HTTP/1.1\r\nhost: x\r\nauthorization: {}\r\n\
         content-type: application/json\r\ncontent-length: {announced}\r\n\r\n",
        attacker.authorization
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    // It may be refused before all has come.
    let _ = stream.write_all(&vec![b' '; sent]).await;
    stream
}

#[tokio::test(flavor = "multi_thread")]
async fn large_bodies_that_never_end() {
    let stack = Stack::start().await;
    let (attacker, neighbour) = (attacker(&stack).await, Neighbour::of(&stack).await);
    let attack = async {
        let bodies = (0..10).map(|_| unfinished(&attacker, 31 * MEBIBYTE, 30 * MEBIBYTE));
        let open = join_all(bodies).await;
        for mut stream in open {
            // Those that found no room are answered; the others wait for the rest.
            let mut answer = [0; 12];
            let read = stream.read_exact(&mut answer);
            let _ = tokio::time::timeout(Duration::from_millis(200), read).await;
        }
    };
    neighbour
        .lives_through("7 ten bodies of 31 MiB that never end", &ACTS, attack)
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn questions_for_readiness_without_end() {
    let stack = Stack::start().await;
    let neighbour = Neighbour::of(&stack).await;
    let api = stack.api.address().to_owned();
    let attack = async {
        let loops = (0..200).map(async |_| {
            for _ in 0..20 {
                let _ = send(&api, "GET", "/readyz", &[], "").await;
            }
        });
        join_all(loops).await;
    };
    neighbour
        .lives_through("9 200 clients that ask for `/readyz`", &ACTS, attack)
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn thousands_of_silent_sockets() {
    let stack = Stack::start().await;
    let neighbour = Neighbour::of(&stack).await;
    let api = stack.api.address().to_owned();
    let attack = async {
        let mut silent = Vec::new();
        for _ in 0..3_000 {
            silent.push(TcpStream::connect(&api).await.unwrap());
        }
        // The first of them had to make room.
        eventually(Duration::from_secs(30), async || {
            let mut byte = [0];
            match silent[0].try_read(&mut byte) {
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => Err("open"),
                _ => Ok(()),
            }
        })
        .await;
    };
    neighbour
        .lives_through("13 3,000 silent sockets", &ACTS, attack)
        .await;
}
