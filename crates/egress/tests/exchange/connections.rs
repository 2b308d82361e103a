//! Connections that are refused, cut, silent or closed at the wrong moment.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use posthorn_domain::FailureKind;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
    sync::mpsc,
};

use crate::{
    PLENTY, SHORT, answered, at, client, failed, failure,
    receiver::{Receiver, closed, read_request},
    within,
};

const OK: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";

#[tokio::test]
async fn a_refused_connection() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let failed = failed(client().post(at(address)).await);
    assert_eq!(failed.failure.kind(), FailureKind::Connect);
    assert_eq!(failed.message, "the receiver refused the connection");
}

#[tokio::test]
async fn a_connection_that_ends_without_an_answer() {
    let silent_end = Receiver::start(|mut stream| async move {
        read_request(&mut stream).await.unwrap();
    })
    .await;
    assert_eq!(
        failed(client().post(at(silent_end.address)).await)
            .failure
            .kind(),
        FailureKind::Protocol
    );

    let reset = Receiver::start(|mut stream| async move {
        read_request(&mut stream).await.unwrap();
        stream.set_zero_linger().unwrap();
    })
    .await;
    let reset = failed(client().post(at(reset.address)).await);
    assert_eq!(reset.failure.kind(), FailureKind::Protocol);
    assert_eq!(reset.message, "the receiver reset the connection");

    let half_a_head = Receiver::start(|mut stream| async move {
        read_request(&mut stream).await.unwrap();
        stream
            .write_all(b"HTTP/1.1 200 OK\r\nx-half: ")
            .await
            .unwrap();
    })
    .await;
    assert_eq!(
        failed(client().post(at(half_a_head.address)).await)
            .failure
            .kind(),
        FailureKind::Protocol
    );
}

/// Nothing at all, an answer that comes too late, and a head that never ends. The connection is closed each time.
#[tokio::test]
async fn no_answer_in_time() {
    for endless in [None, Some("HTTP/1.1 200 OK\r\nx-drip: ")] {
        let (gave_up, mut given_up) = mpsc::channel(1);
        let receiver = Receiver::start(move |mut stream| {
            let gave_up = gave_up.clone();
            async move {
                read_request(&mut stream).await.unwrap();
                if let Some(head) = endless {
                    stream.write_all(head.as_bytes()).await.unwrap();
                    let mut drip = tokio::time::interval(SHORT / 10);
                    loop {
                        drip.tick().await;
                        if stream.write_all(b".").await.is_err() {
                            break;
                        }
                    }
                } else {
                    closed(&mut stream).await;
                    // Too late: nobody listens any more.
                    let _ = stream.write_all(OK).await;
                }
                gave_up.send(()).await.unwrap();
            }
        })
        .await;
        let exchange = client().post(within(at(receiver.address), SHORT)).await;
        assert!(exchange.elapsed >= SHORT && exchange.elapsed < 10 * SHORT);
        let failed = failed(exchange);
        assert_eq!(failed.failure.kind(), FailureKind::Timeout);
        assert_eq!(failed.message, "no answer within 0.3 s");
        given_up.recv().await.unwrap();
    }
}

#[tokio::test]
async fn interim_answers_without_end_are_no_answer() {
    let receiver = Receiver::start(|mut stream| async move {
        read_request(&mut stream).await.unwrap();
        while stream
            .write_all(b"HTTP/1.1 100 Continue\r\n\r\n")
            .await
            .is_ok()
        {
            tokio::task::yield_now().await;
        }
    })
    .await;
    let exchange = client().post(within(at(receiver.address), SHORT)).await;
    assert_eq!(failure(exchange), FailureKind::Timeout);
}

/// A receiver that never reads: the timeout covers writing too.
#[tokio::test]
async fn a_request_that_is_never_read() {
    let receiver = Receiver::start(|stream| async move {
        std::future::pending::<()>().await;
        drop(stream);
    })
    .await;
    let mut request = within(at(receiver.address), SHORT);
    request.body = vec![b'x'; 32 * 1024 * 1024].into();
    assert_eq!(failure(client().post(request).await), FailureKind::Timeout);
}

#[tokio::test]
async fn dropping_the_future_closes_the_connection() {
    let (gave_up, mut given_up) = mpsc::channel(2);
    let receiver = Receiver::start(move |mut stream| {
        let gave_up = gave_up.clone();
        async move {
            read_request(&mut stream).await.unwrap();
            gave_up.send("asked").await.unwrap();
            closed(&mut stream).await;
            gave_up.send("closed").await.unwrap();
        }
    })
    .await;
    let client = client();
    let request = at(receiver.address);
    let asking = tokio::spawn(async move { client.post(request).await.elapsed });
    assert_eq!(given_up.recv().await, Some("asked"));
    asking.abort();
    assert_eq!(given_up.recv().await, Some("closed"));
}

#[tokio::test]
async fn a_connection_is_used_again() {
    let receiver = Receiver::answering(OK).await;
    let client = client();
    for _ in 0..10 {
        assert_eq!(
            answered(client.post(at(receiver.address)).await).status,
            200
        );
    }
    assert_eq!(receiver.connections(), 1);
}

/// The request was written into a connection that had worked before: nobody knows whether the receiver acted on it,
/// so it is not sent again here.
#[tokio::test]
async fn a_request_that_was_written_is_never_repeated() {
    let (seen, mut requests) = mpsc::channel(10);
    let receiver = Receiver::start(move |mut stream| {
        let seen = seen.clone();
        async move {
            seen.send(read_request(&mut stream).await).await.unwrap();
            stream.write_all(OK).await.unwrap();
            seen.send(read_request(&mut stream).await).await.unwrap();
        }
    })
    .await;
    let client = client();
    assert_eq!(
        answered(client.post(at(receiver.address)).await).status,
        200
    );
    assert_eq!(
        failure(client.post(at(receiver.address)).await),
        FailureKind::Protocol
    );
    assert!(requests.try_recv().unwrap().is_some());
    assert!(requests.try_recv().unwrap().is_some());
    assert!(requests.try_recv().is_err());
    assert_eq!(receiver.connections(), 1);
}

/// A receiver that closes each kept-alive connection after its answer, at no defined moment. An answered request was seen
/// once, and none was seen twice.
#[tokio::test]
async fn closes_between_requests_lose_and_double_nothing() {
    const REQUESTS: usize = 200;
    let seen = Arc::new(Mutex::new(HashMap::<String, usize>::new()));
    let counter = Arc::clone(&seen);
    let receiver = Receiver::start(move |mut stream| {
        let counter = Arc::clone(&counter);
        async move {
            let Some(request) = read_request(&mut stream).await else {
                return;
            };
            let (_, body) = request.split_once("\r\n\r\n").unwrap();
            *counter.lock().unwrap().entry(body.to_owned()).or_default() += 1;
            stream.write_all(OK).await.unwrap();
        }
    })
    .await;
    let client = client();
    let mut answers = 0;
    for n in 0..REQUESTS {
        let mut request = at(receiver.address);
        request.body = n.to_string().into();
        let outcome = client.post(request).await.outcome;
        let times = seen.lock().unwrap().get(&n.to_string()).copied();
        match outcome {
            Ok(_) => {
                assert_eq!(times, Some(1), "{n}");
                answers += 1;
            }
            Err(failed) => {
                assert!(matches!(
                    failed.failure.kind(),
                    FailureKind::Protocol | FailureKind::Connect
                ));
                assert!(times.is_none_or(|times| times == 1), "{n}: {times:?}");
            }
        }
    }
    assert!(answers > REQUESTS / 2, "{answers}");
}

/// The connection closed while it lay idle, and the client has had the time to see it: no attempt is wasted.
#[tokio::test]
async fn an_idle_connection_that_closed_is_replaced() {
    let (seen, mut requests) = mpsc::channel(10);
    let receiver = Receiver::start(move |mut stream| {
        let seen = seen.clone();
        async move {
            while read_request(&mut stream).await.is_some() {
                stream.write_all(OK).await.unwrap();
                stream.shutdown().await.unwrap();
                // The client answers the end of the connection with its own.
                let mut rest = [0; 1];
                assert_eq!(stream.read(&mut rest).await.unwrap(), 0);
                seen.send(()).await.unwrap();
            }
        }
    })
    .await;
    let client = client();
    for _ in 0..5 {
        let answer = answered(client.post(within(at(receiver.address), PLENTY)).await);
        assert_eq!(answer.status, 200);
        let closed = tokio::time::timeout(Duration::from_secs(10), requests.recv()).await;
        assert_eq!(closed, Ok(Some(())));
    }
    assert_eq!(receiver.connections(), 5);
}

/// A receiver that hangs up in the middle of a request, on a new connection and on one that had worked before. Something of
/// the request was written, so nobody knows what the receiver made of it, and it is not sent again.
#[tokio::test]
async fn a_request_that_was_half_read_is_never_repeated() {
    for requests_before in [0, 1] {
        let (seen, mut begun) = mpsc::channel(10);
        let receiver = Receiver::start(move |mut stream| {
            let seen = seen.clone();
            async move {
                for _ in 0..requests_before {
                    read_request(&mut stream).await.unwrap();
                    stream.write_all(OK).await.unwrap();
                }
                let mut some = [0; 4096];
                stream.read_exact(&mut some).await.unwrap();
                seen.send(()).await.unwrap();
            }
        })
        .await;
        let client = client();
        for _ in 0..requests_before {
            answered(client.post(at(receiver.address)).await);
        }
        let mut large = at(receiver.address);
        large.body = vec![b'x'; 8 * 1024 * 1024].into();
        assert_eq!(failure(client.post(large).await), FailureKind::Protocol);
        assert_eq!(begun.recv().await, Some(()));
        assert!(begun.try_recv().is_err());
        assert_eq!(receiver.connections(), 1);
    }
}
