//! Names, addresses, and what the guard makes of them.

use std::{
    net::IpAddr,
    sync::atomic::{AtomicUsize, Ordering},
};

use posthorn_domain::FailureKind;
use posthorn_egress::{Client, EgressConfig, Looking, Lookup, LookupFailed};

use crate::{
    SHORT, answered, client, client_with, failed, failure, receiver::Receiver, request, within,
};

const OK: &str = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";

/// Answers the n-th lookup with the n-th list, and then with the last one again.
pub(crate) struct Script {
    answers: Vec<Result<Vec<IpAddr>, LookupFailed>>,
    asked: AtomicUsize,
}

impl Script {
    pub(crate) fn new(answers: Vec<Result<Vec<&str>, LookupFailed>>) -> Self {
        let parse = |list: Vec<&str>| list.into_iter().map(|a| a.parse().unwrap()).collect();
        Self {
            answers: answers.into_iter().map(|list| list.map(parse)).collect(),
            asked: AtomicUsize::new(0),
        }
    }
}

impl Lookup for Script {
    fn lookup<'a>(&'a self, _: &'a str) -> Looking<'a> {
        let n = self.asked.fetch_add(1, Ordering::SeqCst);
        let answer = self.answers[n.min(self.answers.len() - 1)].clone();
        Box::pin(std::future::ready(answer))
    }
}

pub(crate) struct NeverAnswers;

impl Lookup for NeverAnswers {
    fn lookup<'a>(&'a self, _: &'a str) -> Looking<'a> {
        Box::pin(std::future::pending())
    }
}

#[tokio::test]
async fn every_spelling_of_a_refused_address_is_refused() {
    let receiver = Receiver::answering(OK).await;
    let port = receiver.address.port();
    let client = Client::new(EgressConfig::new("Posthorn/test")).unwrap();
    for host in [
        "127.0.0.1",
        "127.0.0.1.",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "0177.0.0.1",
        "%31%32%37.0.0.1",
        "\u{ff11}27.0.0.1",
        "0.0.0.0",
        "0",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "[fe80::1]",
        "[fc00::1]",
        "169.254.169.254",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.0.1",
        "100.64.0.1",
        "198.18.0.1",
        "192.0.2.1",
        "224.0.0.1",
        "255.255.255.255",
        "localhost",
        "LOCALHOST",
        "localhost.",
        // Characters that read like others are what they are mapped to (UTS 46).
        "\u{24db}ocalhost",
        "\u{ff11}\u{ff12}\u{ff17}\u{3002}0\u{3002}0\u{3002}1",
    ] {
        let url = format!("http://{host}:{port}/hook?token=s3cret");
        let failed = failed(client.post(request(&url)).await);
        assert_eq!(
            failed.failure.kind(),
            FailureKind::AddressNotAllowed,
            "{host}: {failed}"
        );
    }
    assert_eq!(receiver.connections(), 0);
}

#[tokio::test]
async fn says_which_range_was_refused() {
    let client = client_with(Script::new(vec![Ok(vec!["10.1.2.3"])]));
    let failed = failed(client.post(request("http://inside.example/")).await);
    assert_eq!(
        failed.message,
        "the URL leads to an address that is not allowed: private network (10.0.0.0/8)"
    );
}

#[tokio::test]
async fn a_name_goes_where_it_leads() {
    let receiver = Receiver::answering(OK).await;
    let client = client_with(Script::new(vec![Ok(vec!["127.0.0.1"])]));
    let url = format!("http://hooks.example:{}/", receiver.address.port());
    assert_eq!(answered(client.post(request(&url)).await).status, 200);
}

/// Whatever the order, one refused address refuses the name.
#[tokio::test]
async fn a_mix_of_addresses_is_refused() {
    let receiver = Receiver::answering(OK).await;
    for mix in [
        vec!["127.0.0.1", "10.0.0.1"],
        vec!["10.0.0.1", "127.0.0.1"],
        vec!["127.0.0.1", "::1"],
        vec!["127.0.0.1", "::ffff:169.254.169.254"],
    ] {
        let client = client_with(Script::new(vec![Ok(mix)]));
        let url = format!("http://mixed.example:{}/", receiver.address.port());
        assert_eq!(
            failure(client.post(request(&url)).await),
            FailureKind::AddressNotAllowed
        );
    }
    assert_eq!(receiver.connections(), 0);
}

/// There is no check before the connection that a later answer could betray.
#[tokio::test]
async fn a_name_that_changes_is_judged_at_each_connection() {
    let receiver = Receiver::start(|mut stream| async move {
        crate::receiver::read_request(&mut stream).await.unwrap();
        let answer = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
        tokio::io::AsyncWriteExt::write_all(&mut stream, answer.as_bytes())
            .await
            .unwrap();
    })
    .await;
    let client = client_with(Script::new(vec![
        Ok(vec!["127.0.0.1"]),
        Ok(vec!["169.254.169.254"]),
        Ok(vec!["127.0.0.1"]),
    ]));
    let url = format!("http://rebinding.example:{}/", receiver.address.port());
    assert_eq!(answered(client.post(request(&url)).await).status, 200);
    assert_eq!(
        failure(client.post(request(&url)).await),
        FailureKind::AddressNotAllowed
    );
    assert_eq!(answered(client.post(request(&url)).await).status, 200);
    assert_eq!(receiver.connections(), 2);
}

#[tokio::test]
async fn a_name_without_an_address() {
    for (answer, message) in [
        (Err(LookupFailed::NoSuchName), "the name does not exist"),
        (Err(LookupFailed::NoAddress), "the name has no address"),
        (
            Err(LookupFailed::NoAnswer),
            "the name could not be resolved",
        ),
        (Ok(vec![]), "the name has no address"),
    ] {
        let client = client_with(Script::new(vec![answer]));
        let failed = failed(client.post(request("http://nowhere.example/")).await);
        assert_eq!(
            (failed.failure.kind(), &*failed.message),
            (FailureKind::Dns, message)
        );
    }
}

#[tokio::test]
async fn the_timeout_covers_the_lookup() {
    let exchange = client_with(NeverAnswers)
        .post(within(request("http://slow.example/"), SHORT))
        .await;
    assert_eq!(failure(exchange), FailureKind::Timeout);
}

#[tokio::test]
async fn the_systems_resolver_is_asked() {
    let receiver = Receiver::answering(OK).await;
    let mut config = crate::config();
    config.allow.push("::1/128".parse().unwrap());
    let url = format!("http://localhost:{}/", receiver.address.port());
    let client_of_both = Client::new(config).unwrap();
    assert_eq!(
        answered(client_of_both.post(request(&url)).await).status,
        200
    );
    // The literal needs no resolver, and works beside it.
    let url = format!("http://{}/", receiver.address);
    assert_eq!(answered(client().post(request(&url)).await).status, 200);
}
