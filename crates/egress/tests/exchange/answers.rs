//! Statuses and headers.

use http::{HeaderMap, HeaderValue};
use posthorn_domain::{FailureKind, limits::RESPONSE_BODY_BYTES_MAX};
use posthorn_egress::{
    BodyEnd,
    limits::{HTTP1_BUFFER_BYTES_MAX, RESPONSE_HEADER_BYTES_MAX, RESPONSE_HEADERS_MAX},
};
use tokio::{io::AsyncWriteExt, sync::mpsc};

use crate::{
    answered, at, client, failed,
    receiver::{Receiver, read_request},
    request,
};

#[tokio::test]
async fn sends_the_request_as_it_was_given() {
    let (seen, mut requests) = mpsc::channel(1);
    let receiver = Receiver::start(move |mut stream| {
        let seen = seen.clone();
        async move {
            seen.send(read_request(&mut stream).await.unwrap())
                .await
                .unwrap();
            stream
                .write_all(
                    b"HTTP/1.1 202 Accepted\r\nx-one: 1\r\nx-one: 2\r\ncontent-length: 2\r\n\r\nok",
                )
                .await
                .unwrap();
        }
    })
    .await;
    let mut request = at(receiver.address);
    request.headers = HeaderMap::from_iter([(
        http::header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    )]);
    let answer = answered(client().post(request).await);
    assert_eq!(answer.status, 202);
    assert_eq!(
        answer.headers.get_all("x-one").iter().collect::<Vec<_>>(),
        ["1", "2"]
    );
    assert_eq!(
        (&answer.body[..], answer.body_end),
        (&b"ok"[..], BodyEnd::Complete)
    );

    let seen = requests.recv().await.unwrap();
    let (head, body) = seen.split_once("\r\n\r\n").unwrap();
    let mut lines: Vec<_> = head.lines().collect();
    assert_eq!(lines.remove(0), "POST /hook?token=s3cret HTTP/1.1");
    lines.sort_unstable();
    let host = format!("host: {}", receiver.address);
    assert_eq!(
        lines,
        [
            "accept-encoding: identity",
            "accept: */*",
            "content-length: 7",
            "content-type: application/json",
            &host,
            "user-agent: Posthorn/test",
        ]
    );
    assert_eq!(body, "{\"n\":1}");
}

#[tokio::test]
async fn takes_any_status_for_an_answer() {
    for status in [200, 204, 304, 400, 404, 410, 429, 500, 503, 599, 999] {
        let receiver = Receiver::answering(format!(
            "HTTP/1.1 {status} Whatever\r\ncontent-length: 0\r\n\r\n"
        ))
        .await;
        let answer = answered(client().post(at(receiver.address)).await);
        assert_eq!(answer.status, status);
    }
}

#[tokio::test]
async fn does_not_follow_redirects() {
    let target = Receiver::answering("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
    for status in [301, 302, 303, 307, 308] {
        let receiver = Receiver::answering(format!(
            "HTTP/1.1 {status} Elsewhere\r\nlocation: http://{}/\r\ncontent-length: 0\r\n\r\n",
            target.address
        ))
        .await;
        let answer = answered(client().post(at(receiver.address)).await);
        assert_eq!(answer.status, status);
    }
    assert_eq!(target.connections(), 0);

    let to_itself =
        Receiver::answering("HTTP/1.1 307 Again\r\nlocation: /hook\r\ncontent-length: 0\r\n\r\n")
            .await;
    let answer = answered(client().post(at(to_itself.address)).await);
    assert_eq!(answer.status, 307);
    assert_eq!(to_itself.connections(), 1);
}

#[tokio::test]
async fn passes_over_interim_answers() {
    let receiver = Receiver::answering(
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\nHTTP/1.1 201 Created\r\ncontent-length: 0\r\n\r\n",
    )
    .await;
    let answer = answered(client().post(at(receiver.address)).await);
    assert_eq!(answer.status, 201);
    assert!(!answer.headers.contains_key("link"));
}

#[tokio::test]
async fn keeps_the_bytes_of_a_header_and_drops_what_is_none() {
    let receiver = Receiver::answering(
        b"HTTP/1.1 200 OK\r\nx-odd: caf\xe9 \xff\r\nx-\x01bad: 1\r\nx-fine: 1\r\ncontent-length: 0\r\n\r\n",
    )
    .await;
    let answer = answered(client().post(at(receiver.address)).await);
    assert_eq!(answer.status, 200);
    assert_eq!(answer.headers["x-odd"].as_bytes(), b"caf\xe9 \xff");
    assert_eq!(answer.headers["x-fine"], "1");
    assert_eq!(answer.headers.len(), 3);
}

/// The status is what counts. Whoever sends more headers than anybody reads has said it all the same.
#[tokio::test]
async fn headers_are_cut_like_bodies() {
    for number in [RESPONSE_HEADERS_MAX + 1, 200, 10_000] {
        let mut answer = "HTTP/1.1 429 Slow Down\r\n".to_owned();
        for n in 0..number {
            answer.push_str(&format!("x-header-{n}: {n}\r\n"));
        }
        answer.push_str("content-length: 2\r\nRetry-After: 17\r\n\r\nok");
        let receiver = Receiver::answering(answer).await;
        let client = client();
        for _ in 0..2 {
            let answer = answered(client.post(at(receiver.address)).await);
            assert_eq!((answer.status, answer.body_end), (429, BodyEnd::Unframed));
            assert_eq!(answer.headers["x-header-0"], "0");
            assert!(answer.headers.len() <= RESPONSE_HEADERS_MAX);
            if number < 1_000 {
                assert_eq!(answer.headers["retry-after"], "17");
                assert_eq!(&answer.body[..], b"ok");
            }
        }
        assert_eq!(receiver.connections(), 2, "a connection is not used again");
    }
}

/// RFC 9112, sections 6.1 and 6.3: nobody can tell where such an answer ends, but what it says is plain.
#[tokio::test]
async fn an_answer_that_is_framed_oddly_counts() {
    for (answer, status, body) in [
        (
            "HTTP/1.0 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
            200,
            "2\r\nok\r\n0\r\n\r\n",
        ),
        (
            "HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nok",
            200,
            "ok",
        ),
        (
            "HTTP/1.1 202 Accepted\r\ncontent-length: 1, 2\r\n\r\nok",
            202,
            "ok",
        ),
        ("HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n", 200, ""),
        (
            "HTTP/1.1 500 Oops\r\ncontent-length: two\r\n\r\nok",
            500,
            "ok",
        ),
        (
            "HTTP/1.1 200 OK\r\ncontent-length: 99999999999999999999\r\n\r\nok",
            200,
            "ok",
        ),
        (
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 201 Created\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
            201,
            "0\r\n\r\n",
        ),
    ] {
        let receiver = Receiver::answering(answer).await;
        let client = client();
        for _ in 0..2 {
            let found = answered(client.post(at(receiver.address)).await);
            assert_eq!(
                (found.status, found.body_end),
                (status, BodyEnd::Unframed),
                "{answer:?}"
            );
            assert_eq!(found.body, body, "{answer:?}");
        }
        assert_eq!(receiver.connections(), 2, "{answer:?}");
    }
    // Odd, and clear: the chunks count.
    let both = "HTTP/1.1 200 OK\r\ncontent-length: 9\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n";
    let receiver = Receiver::answering(both).await;
    let answer = answered(client().post(at(receiver.address)).await);
    assert_eq!(
        (&answer.body[..], answer.body_end),
        (&b"ok"[..], BodyEnd::Complete)
    );
}

/// One that refuses a request early, and resets the connection for the rest of it: what it said is what counts.
#[tokio::test]
async fn an_answer_before_the_end_of_the_request_is_read() {
    let receiver = Receiver::start(|mut stream| async move {
        let mut begin = [0; 100];
        tokio::io::AsyncReadExt::read_exact(&mut stream, &mut begin)
            .await
            .unwrap();
        stream
            .write_all(b"HTTP/1.1 413 Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\r\n")
            .await
            .unwrap();
        // Closed with bytes unread: a reset.
    })
    .await;
    let client = client();
    for _ in 0..20 {
        let mut large = at(receiver.address);
        large.body = vec![b'x'; 4 * 1024 * 1024].into();
        assert_eq!(answered(client.post(large).await).status, 413);
    }
}

#[tokio::test]
async fn large_headers_are_cut_and_retry_after_is_kept() {
    let mut answer = "HTTP/1.1 503 Busy\r\n".to_owned();
    for n in 0..60 {
        answer.push_str(&format!("x-header-{n}: {}\r\n", "v".repeat(1_000)));
    }
    answer.push_str("retry-after: 17\r\ncontent-length: 0\r\n\r\n");
    let receiver = Receiver::answering(answer).await;
    let answer = answered(client().post(at(receiver.address)).await);
    assert_eq!(answer.status, 503);
    assert_eq!(answer.headers["retry-after"], "17");
    assert!(answer.headers.contains_key("x-header-0"));
    let bytes: usize = answer
        .headers
        .iter()
        .map(|(name, value)| name.as_str().len() + value.len())
        .sum();
    assert!(bytes <= RESPONSE_HEADER_BYTES_MAX, "{bytes}");
    assert!(answer.headers.len() <= RESPONSE_HEADERS_MAX);
}

/// They would take as much memory of each connection: no more is read than a bound, which is looked at between reads.
#[tokio::test]
async fn headers_that_together_are_too_large_are_cut() {
    let mut answer = "HTTP/1.1 200 OK\r\n".to_owned();
    for n in 0..90 {
        answer.push_str(&format!("x-header-{n}: {}\r\n", "v".repeat(3_300)));
    }
    answer.push_str("content-length: 0\r\n\r\n");
    assert!(answer.len() > 4 * HTTP1_BUFFER_BYTES_MAX);
    let receiver = Receiver::answering(answer).await;
    let answer = answered(client().post(at(receiver.address)).await);
    assert_eq!((answer.status, answer.body_end), (200, BodyEnd::Unframed));
    assert!(answer.headers.contains_key("x-header-0"));
}

#[tokio::test]
async fn what_is_not_http_is_a_protocol_failure() {
    for nonsense in [
        &b"SSH-2.0-OpenSSH_9.6\r\n"[..],
        b"HTTP/1.1 abc OK\r\n\r\n",
        b"HTTP/9.9 200 OK\r\n\r\n",
        b"\0\0\0\x12\x04\0\0\0\0\0\0\x03\0\0\0d\0\x04",
    ] {
        let receiver = Receiver::answering(nonsense).await;
        let failed = failed(client().post(at(receiver.address)).await);
        assert_eq!(failed.failure.kind(), FailureKind::Protocol, "{nonsense:?}");
    }
}

#[tokio::test]
async fn a_large_request_arrives_whole() {
    let (seen, mut requests) = mpsc::channel(1);
    let receiver = Receiver::start(move |mut stream| {
        let seen = seen.clone();
        async move {
            let request = read_request(&mut stream).await.unwrap();
            seen.send(request.len()).await.unwrap();
            stream
                .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
                .await
                .unwrap();
        }
    })
    .await;
    let mut large = request(&format!("http://{}/", receiver.address));
    large.body = vec![b'x'; 64 * RESPONSE_BODY_BYTES_MAX].into();
    assert_eq!(answered(client().post(large).await).status, 200);
    assert!(requests.recv().await.unwrap() > 64 * RESPONSE_BODY_BYTES_MAX);
}
