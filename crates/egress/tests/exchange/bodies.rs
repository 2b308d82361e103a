//! Bodies of answers.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use posthorn_domain::limits::RESPONSE_BODY_BYTES_MAX;
use posthorn_egress::{BodyEnd, limits::DISCARDED_BODY_BYTES_MAX};
use tokio::{io::AsyncWriteExt, sync::mpsc};

use crate::{
    SHORT, answered, at, client,
    receiver::{Receiver, closed, read_request},
    within,
};

fn with_length(length: usize) -> Vec<u8> {
    let mut answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n").into_bytes();
    answer.resize(answer.len() + length, b'x');
    answer
}

#[tokio::test]
async fn keeps_bytes_as_they_come() {
    let gzip = b"\x1f\x8b\x08\0\0\0\0\0\0\x03\xab\x56\x4a\xce\x4f\x49\x55\xb2\x52\x32\xa8\x05\0";
    for (header, body) in [
        ("x-plain: 1", &b"plain"[..]),
        (
            "content-type: text/plain; charset=utf-8",
            b"\xff\xfe\xc3\x28",
        ),
        ("content-encoding: gzip", gzip),
        ("content-encoding: br", b"not brotli at all"),
    ] {
        let mut answer = format!(
            "HTTP/1.1 200 OK\r\n{header}\r\ncontent-length: {}\r\n\r\n",
            body.len()
        )
        .into_bytes();
        answer.extend_from_slice(body);
        let receiver = Receiver::answering(answer).await;
        let answer = answered(client().post(at(receiver.address)).await);
        assert_eq!(
            (&answer.body[..], answer.body_end),
            (body, BodyEnd::Complete)
        );
        let (name, value) = header.split_once(": ").unwrap();
        assert_eq!(answer.headers[name], value);
    }
}

#[tokio::test]
async fn reads_chunks_and_what_ends_with_the_connection() {
    let chunked = Receiver::answering(
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n",
    )
    .await;
    let answer = answered(client().post(at(chunked.address)).await);
    assert_eq!(
        (&answer.body[..], answer.body_end),
        (&b"onetwo"[..], BodyEnd::Complete)
    );

    let until_end = Receiver::start(|mut stream| async move {
        read_request(&mut stream).await.unwrap();
        stream
            .write_all(b"HTTP/1.0 200 OK\r\n\r\nall of it")
            .await
            .unwrap();
    })
    .await;
    let answer = answered(client().post(at(until_end.address)).await);
    assert_eq!(
        (&answer.body[..], answer.body_end),
        (&b"all of it"[..], BodyEnd::Complete)
    );
}

/// A little more than is kept is read to its end, so that the connection lives on.
#[tokio::test]
async fn cuts_at_the_limit_and_keeps_the_connection_when_little_is_left() {
    for (length, end) in [
        (RESPONSE_BODY_BYTES_MAX, BodyEnd::Complete),
        (RESPONSE_BODY_BYTES_MAX + 1, BodyEnd::TooLarge),
        (
            RESPONSE_BODY_BYTES_MAX + DISCARDED_BODY_BYTES_MAX,
            BodyEnd::TooLarge,
        ),
    ] {
        let receiver = Receiver::answering(with_length(length)).await;
        let client = client();
        for _ in 0..3 {
            let answer = answered(client.post(at(receiver.address)).await);
            assert_eq!(answer.body.len(), RESPONSE_BODY_BYTES_MAX);
            assert_eq!(answer.body_end, end, "{length}");
            assert_eq!(answer.body_truncated(), length > RESPONSE_BODY_BYTES_MAX);
        }
        assert_eq!(receiver.connections(), 1, "{length}");
    }
}

/// An endless body and one of 100 MB: the rest is never read, and the receiver sees the connection close.
#[tokio::test]
async fn gives_up_the_connection_of_a_large_body() {
    const MEBIBYTE: usize = 1024 * 1024;
    for head in [
        format!(
            "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n",
            100 * MEBIBYTE
        ),
        "HTTP/1.1 200 OK\r\n\r\n".to_owned(),
    ] {
        let (gave_up, mut given_up) = mpsc::channel(1);
        let written = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&written);
        let receiver = Receiver::start(move |mut stream| {
            let (head, gave_up, counter) = (head.clone(), gave_up.clone(), Arc::clone(&counter));
            async move {
                read_request(&mut stream).await.unwrap();
                stream.write_all(head.as_bytes()).await.unwrap();
                while stream.write_all(&[b'x'; 4096]).await.is_ok() {
                    counter.fetch_add(4096, Ordering::SeqCst);
                }
                gave_up.send(()).await.unwrap();
            }
        })
        .await;
        let answer = answered(client().post(at(receiver.address)).await);
        assert_eq!(answer.status, 200);
        assert_eq!(answer.body.len(), RESPONSE_BODY_BYTES_MAX);
        assert_eq!(answer.body_end, BodyEnd::TooLarge);
        given_up.recv().await.unwrap();
        // What was written and not read lies in the buffers of the two sockets.
        let written = written.load(Ordering::SeqCst);
        assert!(written < 16 * MEBIBYTE, "{written}");
    }
}

/// The headers were complete: the receiver has answered, and a repetition would be a duplicate.
#[tokio::test]
async fn an_answer_whose_body_drips_counts_and_ends_by_the_timeout() {
    let (gave_up, mut given_up) = mpsc::channel(1);
    let receiver = Receiver::start(move |mut stream| {
        let gave_up = gave_up.clone();
        async move {
            read_request(&mut stream).await.unwrap();
            stream
                .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nfirst")
                .await
                .unwrap();
            let mut drip = tokio::time::interval(SHORT / 10);
            loop {
                drip.tick().await;
                if stream.write_all(b".").await.is_err() {
                    break;
                }
            }
            gave_up.send(()).await.unwrap();
        }
    })
    .await;
    let exchange = client().post(within(at(receiver.address), SHORT)).await;
    assert!(exchange.elapsed >= SHORT && exchange.elapsed < 10 * SHORT);
    let answer = answered(exchange);
    assert_eq!((answer.status, answer.body_end), (200, BodyEnd::TimedOut));
    assert!(answer.body.starts_with(b"first"));
    given_up.recv().await.unwrap();
}

#[tokio::test]
async fn an_answer_whose_body_breaks_off_counts() {
    for answer in [
        "HTTP/1.1 500 Oops\r\ncontent-length: 1000\r\n\r\nfirst",
        "HTTP/1.1 500 Oops\r\ntransfer-encoding: chunked\r\n\r\n5\r\nfirst\r\nnonsense\r\n",
    ] {
        let receiver = Receiver::start(move |mut stream| async move {
            read_request(&mut stream).await.unwrap();
            stream.write_all(answer.as_bytes()).await.unwrap();
            stream.shutdown().await.unwrap();
            closed(&mut stream).await;
        })
        .await;
        let answer = answered(client().post(at(receiver.address)).await);
        assert_eq!(
            (answer.status, &answer.body[..], answer.body_end),
            (500, &b"first"[..], BodyEnd::Broken)
        );
    }
}

/// The headers had arrived before the reset did: the status stands.
#[tokio::test]
async fn an_answer_whose_connection_is_reset_after_the_headers_counts() {
    let receiver = Receiver::start(|mut stream| async move {
        read_request(&mut stream).await.unwrap();
        stream
            .write_all(b"HTTP/1.1 202 Accepted\r\ncontent-length: 1000\r\n\r\n")
            .await
            .unwrap();
        stream.set_zero_linger().unwrap();
    })
    .await;
    let answer = answered(client().post(at(receiver.address)).await);
    assert_eq!((answer.status, answer.body_end), (202, BodyEnd::Broken));
}
