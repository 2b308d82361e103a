//! Connections that are refused, cut, silent or closed at the wrong moment.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use posthorn_domain::FailureKind;
use posthorn_egress::Again;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::{Barrier, mpsc},
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

/// What a receiver does on one of its connections: it answers so many requests, then reads one more, says `last`, and closes.
async fn answer_then_close(mut stream: TcpStream, answers: usize, last: &[u8]) -> usize {
    let mut read = 0;
    while read_request(&mut stream).await.is_some() {
        read += 1;
        if read > answers {
            stream.write_all(last).await.unwrap();
            break;
        }
        stream.write_all(OK).await.unwrap();
    }
    read
}

/// A request goes over a kept connection whose receiver closes it at that moment: it goes once more, over a new one, although
/// another kept one is there.
#[tokio::test]
async fn a_kept_connection_that_closes_is_replaced_once() {
    let (at_once, together) = (Arc::new(Barrier::new(2)), AtomicUsize::new(0));
    let together = Arc::new(together);
    let receiver = Receiver::start(move |mut stream| {
        let (at_once, together) = (Arc::clone(&at_once), Arc::clone(&together));
        async move {
            if together.fetch_add(1, Ordering::SeqCst) < 2 {
                // Two requests at once, so that there are two connections.
                read_request(&mut stream).await.unwrap();
                at_once.wait().await;
                stream.write_all(OK).await.unwrap();
                read_request(&mut stream).await;
            } else {
                answer_then_close(stream, 10, b"").await;
            }
        }
    })
    .await;
    let client = client();
    let (one, other) = tokio::join!(
        client.post(at(receiver.address)),
        client.post(at(receiver.address))
    );
    answered(one);
    answered(other);
    let exchange = client.post(at(receiver.address)).await;
    assert_eq!(exchange.sent_again.times(Again::Closed), 1);
    assert_eq!(answered(exchange).status, 200);
    assert_eq!(receiver.connections(), 3);
}

/// What happens on a new connection says something of the receiver.
#[tokio::test]
async fn a_new_connection_that_closes_is_a_failure() {
    let (seen, mut requests) = mpsc::channel(10);
    let numbers = Arc::new(AtomicUsize::new(0));
    let receiver = Receiver::start(move |stream| {
        let (seen, numbers) = (seen.clone(), Arc::clone(&numbers));
        async move {
            let first = numbers.fetch_add(1, Ordering::SeqCst) == 0;
            let read = answer_then_close(stream, usize::from(first), b"").await;
            seen.send(read).await.unwrap();
        }
    })
    .await;
    let client = client();
    answered(client.post(at(receiver.address)).await);
    let exchange = client.post(at(receiver.address)).await;
    assert_eq!(exchange.sent_again.total(), 1);
    assert_eq!(failure(exchange), FailureKind::Protocol);
    let exchange = client.post(at(receiver.address)).await;
    assert_eq!(exchange.sent_again.total(), 0);
    assert_eq!(failure(exchange), FailureKind::Protocol);
    // Two on the first connection, and one each on the two others.
    for read in [2, 1, 1] {
        assert_eq!(requests.recv().await, Some(read));
    }
    assert_eq!(receiver.connections(), 3);
}

/// One byte of an answer, and the receiver has processed the request.
#[tokio::test]
async fn a_request_that_was_answered_in_part_is_never_repeated() {
    let receiver = Receiver::start(|stream| async move {
        answer_then_close(stream, 1, b"H").await;
    })
    .await;
    let client = client();
    answered(client.post(at(receiver.address)).await);
    let exchange = client.post(at(receiver.address)).await;
    assert_eq!(exchange.sent_again.total(), 0);
    assert_eq!(failure(exchange), FailureKind::Protocol);
    assert_eq!(receiver.connections(), 1);
}

/// A receiver says that it closes a connection after a second without a request: it is not used again, for the next request could
/// come at that very moment.
#[tokio::test]
async fn what_a_receiver_says_of_its_connections_is_heard() {
    for (keeps, connections) in [("timeout=1", 3), ("timeout=5, max=100", 1), ("max=5", 1)] {
        let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: 0\r\nkeep-alive: {keeps}\r\n\r\n");
        let receiver = Receiver::answering(answer).await;
        let client = client();
        for _ in 0..3 {
            answered(client.post(at(receiver.address)).await);
        }
        assert_eq!(receiver.connections(), connections, "{keeps}");
    }
}

/// A receiver that closes each kept-alive connection after its answer, at no defined moment, without saying so: no attempt
/// fails, and its application sees each request once.
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
    for n in 0..REQUESTS {
        let mut request = at(receiver.address);
        request.body = n.to_string().into();
        assert_eq!(answered(client.post(request).await).status, 200);
    }
    let seen = seen.lock().unwrap();
    assert_eq!(seen.len(), REQUESTS);
    assert!(seen.values().all(|times| *times == 1), "{seen:?}");
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

/// A receiver that hangs up in the middle of a request. On a kept connection it had been about to close: the request goes once
/// more. On a new one it is a failure.
#[tokio::test]
async fn hanging_up_in_the_middle_of_a_request() {
    for requests_before in [0, 1] {
        let receiver = Receiver::start(move |mut stream| async move {
            for _ in 0..requests_before {
                read_request(&mut stream).await.unwrap();
                stream.write_all(OK).await.unwrap();
            }
            let mut some = [0; 4096];
            stream.read_exact(&mut some).await.unwrap();
        })
        .await;
        let client = client();
        for _ in 0..requests_before {
            answered(client.post(at(receiver.address)).await);
        }
        let mut large = at(receiver.address);
        large.body = vec![b'x'; 8 * 1024 * 1024].into();
        let exchange = client.post(large).await;
        assert_eq!(usize::from(exchange.sent_again.total()), requests_before);
        if requests_before == 0 {
            assert_eq!(failure(exchange), FailureKind::Protocol);
        } else {
            // It answers one on its new connection too.
            assert_eq!(answered(exchange).status, 200);
        }
        assert_eq!(receiver.connections(), 1 + requests_before);
    }
}
