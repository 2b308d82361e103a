//! The receiver's manners, good and bad, seen from a plain socket.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

use std::{io, time::Duration};

use posthorn_testkit::{Answer, Gate, Receiver};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{Instant, timeout},
};

const POST: &str =
    "POST /hook?a=1 HTTP/1.1\r\nhost: x\r\nWebhook-Id: msg_1\r\ncontent-length: 4\r\n\r\nbody";

async fn post(receiver: &Receiver) -> TcpStream {
    let mut stream = TcpStream::connect(receiver.address()).await.unwrap();
    stream.write_all(POST.as_bytes()).await.unwrap();
    stream
}

/// What comes until the connection ends.
async fn everything(mut stream: TcpStream) -> io::Result<String> {
    let mut text = String::new();
    let read = stream.read_to_string(&mut text);
    timeout(Duration::from_secs(10), read)
        .await
        .expect("the connection ends")?;
    Ok(text)
}

/// What comes first.
async fn something(stream: &mut TcpStream) -> String {
    let mut buffer = vec![0; 100_000];
    let read = timeout(Duration::from_secs(10), stream.read(&mut buffer)).await;
    let length = read.expect("an answer").unwrap();
    String::from_utf8(buffer[..length].to_vec()).unwrap()
}

#[tokio::test]
async fn keeps_requests_and_answers_on_one_connection() {
    let receiver = Receiver::start().await;
    receiver.next(Answer::status(503).header("Retry-After", "7").body("busy"));
    let mut stream = post(&receiver).await;
    let first = something(&mut stream).await;
    assert!(first.starts_with("HTTP/1.1 503 "), "{first}");
    assert!(
        first.contains("\r\nRetry-After: 7\r\n") && first.ends_with("\r\n\r\nbusy"),
        "{first}"
    );
    stream.write_all(POST.as_bytes()).await.unwrap();
    assert!(something(&mut stream).await.starts_with("HTTP/1.1 200 "));

    let requests = receiver.wait_for(2).await;
    let request = &requests[0];
    assert_eq!(
        (request.method.as_str(), request.target.as_str()),
        ("POST", "/hook?a=1")
    );
    assert_eq!(request.header("webhook-id"), "msg_1");
    assert_eq!(request.body, "body");
    assert_eq!((requests[1].connection, receiver.connections()), (0, 1));
}

#[tokio::test]
async fn decides_by_the_request() {
    let receiver = Receiver::start().await;
    receiver.answer_with(|request| Answer::status(if request.body == "body" { 410 } else { 200 }));
    let mut stream = post(&receiver).await;
    assert!(something(&mut stream).await.starts_with("HTTP/1.1 410 "));
}

#[tokio::test]
async fn closes_resets_and_says_anything() {
    let receiver = Receiver::start().await;
    receiver.next(Answer::close());
    assert_eq!(everything(post(&receiver).await).await.unwrap(), "");
    receiver.next(Answer::status(200).then_close());
    let closed = everything(post(&receiver).await).await.unwrap();
    assert!(closed.starts_with("HTTP/1.1 200 ") && !closed.contains("connection: close"));
    receiver.next(Answer::raw("HTTP/1.1 103 Early\r\n\r\nnonsense"));
    let said = everything(post(&receiver).await).await.unwrap();
    assert!(said.ends_with("nonsense"));
    for answer in [Answer::reset(), Answer::reset_after("HTTP/1.1 200 OK\r\n")] {
        receiver.next(answer);
        let error = everything(post(&receiver).await).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::ConnectionReset);
    }
}

#[tokio::test]
async fn drips_and_floods() {
    let receiver = Receiver::start().await;
    receiver.next(Answer::endless(200));
    let mut stream = post(&receiver).await;
    let mut taken = 0;
    while taken < 5_000_000 {
        taken += something(&mut stream).await.len();
    }
    receiver.next(Answer::drip(200, Duration::from_millis(50)));
    let mut stream = post(&receiver).await;
    let (mut taken, begun) = (String::new(), Instant::now());
    while taken.matches("1\r\n.").count() < 4 {
        taken += &something(&mut stream).await;
    }
    assert!(begun.elapsed() >= Duration::from_millis(150));
}

#[tokio::test]
async fn holds_answers_back_until_the_gate_opens() {
    let receiver = Receiver::start().await;
    let gate = Gate::shut();
    receiver.answer(Answer::status(204).behind(&gate));
    let (mut one, mut other) = (post(&receiver).await, post(&receiver).await);
    receiver.wait_for(2).await;
    assert_eq!(receiver.in_flight_most(), 2);
    let early = timeout(Duration::from_millis(50), something(&mut one)).await;
    assert!(early.is_err(), "{early:?}");
    gate.open();
    for stream in [&mut one, &mut other] {
        assert!(something(stream).await.starts_with("HTTP/1.1 204 "));
    }
}

#[tokio::test]
async fn hangs_and_waits_as_long_as_it_is_told() {
    let receiver = Receiver::start().await;
    receiver.next(Answer::status(200).after(Duration::from_millis(100)));
    let begun = Instant::now();
    something(&mut post(&receiver).await).await;
    assert!(begun.elapsed() >= Duration::from_millis(100));
    receiver.next(Answer::hang());
    let mut stream = post(&receiver).await;
    assert!(
        timeout(Duration::from_millis(100), something(&mut stream))
            .await
            .is_err()
    );
}
