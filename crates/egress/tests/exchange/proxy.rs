//! A proxy between us and the receivers.

use posthorn_domain::FailureKind;
use posthorn_egress::{Client, EgressConfig};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional},
    net::TcpStream,
    sync::mpsc,
};

use crate::{
    answered, failed,
    names::Script,
    receiver::{Receiver, read_request},
    request,
    tls::{Authority, hooks_example, receiver, url},
};

const OK: &str = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";

/// Opens the way that it is asked for, but none to 127.0.0.2, and tells what it was asked.
async fn proxy() -> (Receiver, mpsc::Receiver<String>) {
    let (asked, questions) = mpsc::channel(10);
    let proxy = Receiver::start(move |mut stream| {
        let asked = asked.clone();
        async move {
            let question = read_request(&mut stream).await.unwrap();
            asked.send(question.clone()).await.unwrap();
            let target = question.split(' ').nth(1).unwrap();
            if target.starts_with("127.0.0.2:") {
                let answer = b"HTTP/1.1 502 Bad Gateway\r\nserver: proxy\r\n\r\n<html>";
                stream.write_all(answer).await.unwrap();
                return;
            }
            let mut onwards = TcpStream::connect(target).await.unwrap();
            let answer = b"HTTP/1.1 200 Connection established\r\nserver: proxy\r\n\r\n";
            stream.write_all(answer).await.unwrap();
            let _ = copy_bidirectional(&mut stream, &mut onwards).await;
        }
    })
    .await;
    (proxy, questions)
}

fn through(proxy: &Receiver) -> EgressConfig {
    let mut config = crate::config();
    let url = format!("http://post%68orn:s%33cret@{}", proxy.address);
    config.proxy = Some(url.parse().unwrap());
    config
}

fn client(config: EgressConfig, addresses: Vec<&str>) -> Client {
    let lookup = Script::new(vec![Ok(addresses)]);
    Client::with_lookup(config, std::sync::Arc::new(lookup)).unwrap()
}

/// The proxy learns an address and the receiver its name; the connection is kept like any other.
#[tokio::test]
async fn the_proxy_is_told_the_address_that_was_judged() {
    let (seen, mut requests) = mpsc::channel(10);
    let plain = Receiver::start(move |mut stream| {
        let seen = seen.clone();
        async move {
            while let Some(request) = read_request(&mut stream).await {
                seen.send(request).await.unwrap();
                stream.write_all(OK.as_bytes()).await.unwrap();
            }
        }
    })
    .await;
    let (proxy, mut asked) = proxy().await;
    let client = client(through(&proxy), vec!["127.0.0.1"]);
    let port = plain.address.port();
    for _ in 0..2 {
        let url = format!("http://hooks.example:{port}/hook");
        assert_eq!(answered(client.post(request(&url)).await).status, 200);
        let request = requests.recv().await.unwrap();
        assert!(request.starts_with("POST /hook HTTP/1.1\r\n"), "{request}");
        let host = format!("host: hooks.example:{port}\r\n");
        assert!(request.contains(&host), "{request}");
        assert!(!request.contains("proxy"), "{request}");
    }
    let question = asked.recv().await.unwrap();
    let expected = format!(
        "CONNECT 127.0.0.1:{port} HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\n\
         proxy-authorization: Basic cG9zdGhvcm46czNjcmV0\r\n\r\n"
    );
    assert_eq!(question, expected);
    assert!(asked.try_recv().is_err());
    assert_eq!((proxy.connections(), plain.connections()), (1, 1));
}

#[tokio::test]
async fn tls_is_between_us_and_the_receiver() {
    let authority = Authority::new("Trusted");
    let receiver = receiver(authority.sign(&hooks_example())).await;
    let (proxy, _asked) = proxy().await;
    let client = authority.client_with(through(&proxy));
    let exchange = client.post(request(&url(receiver.address))).await;
    assert!(exchange.phases.tls.is_some());
    assert_eq!(answered(exchange).status, 200);
    assert_eq!(proxy.connections(), 1);
}

#[tokio::test]
async fn a_refused_address_never_reaches_the_proxy() {
    let (proxy, _asked) = proxy().await;
    for (addresses, url) in [
        (vec!["10.0.0.1"], "http://inside.example/"),
        (
            vec!["127.0.0.1", "169.254.169.254"],
            "http://mixed.example/",
        ),
        (vec!["127.0.0.1"], "http://192.168.0.1/"),
    ] {
        let exchange = client(through(&proxy), addresses).post(request(url)).await;
        assert_eq!(
            failed(exchange).failure.kind(),
            FailureKind::AddressNotAllowed
        );
    }
    assert_eq!(proxy.connections(), 0);
}

#[tokio::test]
async fn goes_on_to_the_next_address_where_the_proxy_cannot_reach_one() {
    let receiver = Receiver::answering(OK).await;
    let (proxy, _asked) = proxy().await;
    let client = client(through(&proxy), vec!["127.0.0.2", "127.0.0.1"]);
    let url = format!("http://two.example:{}/", receiver.address.port());
    assert_eq!(answered(client.post(request(&url)).await).status, 200);
    assert_eq!(proxy.connections(), 2);
}

#[tokio::test]
async fn says_that_it_was_the_proxy() {
    for (answer, words) in [
        (
            "HTTP/1.1 407 Proxy Authentication Required\r\n\r\n",
            "the egress proxy does not take the credentials of Posthorn (407)",
        ),
        (
            "HTTP/1.1 503 No\r\n\r\n",
            "the egress proxy opened no connection to the receiver (it answered 503)",
        ),
        ("SSH-2.0-x\r\n\r\n", "the egress proxy's answer is not HTTP"),
        ("HTTP/1.1 2", "the egress proxy broke the connection off"),
    ] {
        let proxy = Receiver::start(move |mut stream| async move {
            let mut question = [0; 1024];
            assert!(stream.read(&mut question).await.unwrap() > 0);
            stream.write_all(answer.as_bytes()).await.unwrap();
        })
        .await;
        let exchange = client(through(&proxy), vec!["127.0.0.1"])
            .post(request("http://hooks.example/"))
            .await;
        let failed = failed(exchange);
        assert_eq!(
            (failed.failure.kind(), &*failed.message),
            (FailureKind::Connect, words)
        );
    }
    let gone = Receiver::answering(OK).await;
    let config = through(&gone);
    drop(gone);
    tokio::task::yield_now().await;
    let exchange = client(config, vec!["127.0.0.1"])
        .post(request("http://hooks.example/"))
        .await;
    let failed = failed(exchange);
    assert_eq!(failed.message, "the egress proxy cannot be reached");
}
