use std::{net::Ipv4Addr, sync::Arc, time::Duration};

use hickory_resolver::{
    config::NameServerConfig,
    proto::{
        op::{Message, ResponseCode},
        rr::{RData, Record, RecordType},
    },
};
use posthorn_domain::{EndpointUrl, Failure, UrlPolicy};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::UdpSocket,
};

use super::*;
use crate::{client::Client, config::EgressConfig, exchange::Request};

const LOOPBACK: Ipv4Addr = Ipv4Addr::LOCALHOST;

/// A name server that knows a few names, and a lookup that asks it.
async fn lookup() -> SystemLookup {
    lookup_with(&[]).await
}

/// One within a cluster.
async fn cluster_lookup() -> SystemLookup {
    lookup_with(&[
        "team.svc.cluster.local",
        "svc.cluster.local",
        "cluster.local",
    ])
    .await
}

async fn lookup_with(search: &[&str]) -> SystemLookup {
    let socket = UdpSocket::bind((LOOPBACK, 0)).await.unwrap();
    let port = socket.local_addr().unwrap().port();
    tokio::spawn(async move {
        let mut query = [0; 4096];
        loop {
            let (length, from) = socket.recv_from(&mut query).await.unwrap();
            let query = Message::from_vec(&query[..length]).unwrap();
            if let Some(answer) = answer(&query) {
                let answer = answer.to_vec().unwrap();
                socket.send_to(&answer, from).await.unwrap();
            }
        }
    });
    let mut server = NameServerConfig::udp((LOOPBACK).into());
    for connection in &mut server.connections {
        connection.port = port;
    }
    let search = search
        .iter()
        .map(|domain| Name::from_ascii(domain).unwrap());
    let config = ResolverConfig::from_parts(None, search.collect(), vec![server]);
    let mut options = ResolverOpts::default();
    // As Kubernetes writes it.
    options.ndots = 5;
    let mut hosts = Hosts::default();
    hosts
        .read_hosts_conf(&b"127.0.0.1 from_file my-host # a comment\n::1 my-host\n"[..])
        .unwrap();
    SystemLookup::of(config, options, hosts).unwrap()
}

/// `None` is silence.
fn answer(query: &Message) -> Option<Message> {
    let question = query.queries[0].clone();
    let mut answer = Message::response(query.metadata.id, query.metadata.op_code);
    // What is no host name by the rules of registries is shown with a backslash.
    let name = question.name().to_lowercase().to_string().replace('\\', "");
    answer.add_query(question.clone());
    let mut add = |data| {
        let record = Record::from_rdata(question.name().clone(), 60, data);
        answer.add_answer(record);
    };
    match (name.trim_end_matches(".example."), question.query_type()) {
        // Names of a cluster. All others within it do not exist.
        ("app.team.svc.cluster.local." | "app_2.team.svc.cluster.local.", RecordType::A) => {
            add(RData::A(LOOPBACK.into()));
        }
        ("other.svc.cluster.local.", RecordType::A) => add(RData::A(LOOPBACK.into())),
        ("app.team.svc.cluster.local." | "app_2.team.svc.cluster.local.", _) => {}
        (inside, _) if inside.ends_with("cluster.local.") => {
            answer.metadata.response_code = ResponseCode::NXDomain;
        }
        // One family never answers; or it says of the whole name that it does not exist.
        ("only_four" | "half-absent", RecordType::A) => add(RData::A(LOOPBACK.into())),
        ("only-six", RecordType::AAAA) => add(RData::AAAA(std::net::Ipv6Addr::LOCALHOST.into())),
        ("private", RecordType::A) => add(RData::A(Ipv4Addr::new(10, 0, 0, 1).into())),
        ("half-absent", _) => answer.metadata.response_code = ResponseCode::NXDomain,
        ("with_underscore" | "-dash-" | "tail_", RecordType::A) => add(RData::A(LOOPBACK.into())),
        ("with_underscore" | "-dash-" | "tail_", _) => {}
        ("four" | "both", RecordType::A) => add(RData::A(LOOPBACK.into())),
        ("six" | "both", RecordType::AAAA) => {
            add(RData::AAAA(std::net::Ipv6Addr::LOCALHOST.into()));
        }
        ("four" | "six" | "empty", _) => {}
        ("absent", _) => answer.metadata.response_code = ResponseCode::NXDomain,
        ("broken", _) => answer.metadata.response_code = ResponseCode::ServFail,
        _ => return None,
    }
    Some(answer)
}

#[tokio::test]
async fn tells_the_outcomes_apart() {
    let lookup = lookup().await;
    let (four, six) = ("127.0.0.1".parse().unwrap(), "::1".parse().unwrap());
    for (name, outcome) in [
        ("four.example", Ok(vec![four])),
        ("six.example", Ok(vec![six])),
        ("both.example", Ok(vec![four, six])),
        ("both.example.", Ok(vec![four, six])),
        ("absent.example", Err(LookupFailed::NoSuchName)),
        ("empty.example", Err(LookupFailed::NoAddress)),
        ("broken.example", Err(LookupFailed::NoAnswer)),
    ] {
        assert_eq!(lookup.lookup(name).await, outcome, "{name}");
    }
}

/// Strangers choose the names: those that hang take nothing from the others.
#[test]
fn names_that_hang_hold_up_nobody() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        // A lookup that occupied a thread would leave none to the next.
        .max_blocking_threads(1)
        .build()
        .unwrap();
    runtime.block_on(async {
        let lookup = Arc::new(lookup().await);
        let hanging: Vec<_> = (0..200)
            .map(|n| {
                let lookup = Arc::clone(&lookup);
                tokio::spawn(async move { lookup.lookup(&format!("hang-{n}.example")).await })
            })
            .collect();
        let healthy = tokio::time::timeout(Duration::from_secs(2), async {
            for _ in 0..10 {
                tokio::task::yield_now().await;
            }
            lookup.lookup("four.example").await
        });
        assert_eq!(healthy.await, Ok(Ok(vec![LOOPBACK.into()])));
        assert!(hanging.iter().all(|task| !task.is_finished()));
    });
}

#[tokio::test]
async fn finds_names_as_every_program_of_the_machine() {
    let lookup = cluster_lookup().await;
    let four: IpAddr = LOOPBACK.into();
    let label_too_long = format!("{}.example", "x".repeat(64));
    for (name, outcome) in [
        ("with_underscore.example", Ok(vec![four])),
        ("-dash-.example", Ok(vec![four])),
        ("tail_.example", Ok(vec![four])),
        // By the search list.
        ("app", Ok(vec![four])),
        ("APP", Ok(vec![four])),
        ("app_2", Ok(vec![four])),
        ("app.team", Ok(vec![four])),
        ("app.team.svc", Ok(vec![four])),
        ("other", Ok(vec![four])),
        ("app.team.svc.cluster.local", Ok(vec![four])),
        ("app.team.svc.cluster.local.", Ok(vec![four])),
        // A dot at the end means that this is all of it.
        ("absent.example.", Err(LookupFailed::NoSuchName)),
        (&label_too_long, Err(LookupFailed::NoSuchName)),
        ("a..example", Err(LookupFailed::NoSuchName)),
        // The hosts file, before everything else.
        ("from_file", Ok(vec!["127.0.0.1".parse().unwrap()])),
        (
            "MY-host.",
            Ok(vec!["127.0.0.1".parse().unwrap(), "::1".parse().unwrap()]),
        ),
        ("localhost", Ok(vec![four, "::1".parse().unwrap()])),
    ] {
        assert_eq!(lookup.lookup(name).await, outcome, "{name}");
    }
}

/// A client that asks that name server, and a receiver on IPv4's loopback.
async fn client_and_receiver() -> (Client, u16) {
    let listener = tokio::net::TcpListener::bind((LOOPBACK, 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = [0; 1024];
            assert!(stream.read(&mut request).await.unwrap() > 0);
            let answer = b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
            stream.write_all(answer).await.unwrap();
            while matches!(stream.read(&mut request).await, Ok(1..)) {}
        }
    });
    let mut config = EgressConfig::new("Posthorn/test");
    config.allow = vec!["127.0.0.0/8".parse().unwrap()];
    (
        Client::with_lookup(config, Arc::new(cluster_lookup().await)).unwrap(),
        port,
    )
}

async fn post(client: &Client, url: &str) -> Result<u16, Failure> {
    let request = Request {
        url: EndpointUrl::parse(url, UrlPolicy::HttpAllowed).unwrap(),
        headers: http::HeaderMap::new(),
        body: "{}".into(),
        timeout: Duration::from_secs(30),
        tls: None,
    };
    let outcome = client.post(request).await.outcome;
    outcome
        .map(|answer| answer.status)
        .map_err(|failed| failed.failure)
}

/// The bound on connecting is as long as the resolver asks in vain, so that to wait for both families is a failure.
#[tokio::test]
async fn a_family_that_never_answers_is_done_without() {
    let (client, port) = client_and_receiver().await;
    for host in [
        "only_four.example",
        "half-absent.example",
        "app_2",
        "app.team.svc",
        "from_file",
    ] {
        let url = format!("http://{host}:{port}/");
        assert_eq!(post(&client, &url).await, Ok(200), "{host}");
    }
    let six = lookup().await.lookup("only-six.example").await;
    assert_eq!(six, Ok(vec!["::1".parse().unwrap()]));
}

/// Whatever family comes, and however a name is found: what is connected to was judged.
#[tokio::test]
async fn every_address_that_comes_is_judged() {
    let (client, port) = client_and_receiver().await;
    for host in [
        "private.example",
        "only-six.example",
        "localhost",
        "both.example",
        "my-host",
    ] {
        let url = format!("http://{host}:{port}/");
        let refused = post(&client, &url).await;
        assert_eq!(refused, Err(Failure::AddressNotAllowed), "{host}");
    }
}
