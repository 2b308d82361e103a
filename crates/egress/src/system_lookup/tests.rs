use std::{net::Ipv4Addr, sync::Arc, time::Duration};

use hickory_resolver::{
    config::NameServerConfig,
    proto::{
        op::{Message, ResponseCode},
        rr::{RData, Record, RecordType},
    },
};
use tokio::net::UdpSocket;

use super::*;

const LOOPBACK: Ipv4Addr = Ipv4Addr::LOCALHOST;

/// A name server that knows a few names, and a lookup that asks it.
async fn lookup() -> SystemLookup {
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
    let config = ResolverConfig::from_parts(None, Vec::new(), vec![server]);
    let builder = TokioResolver::builder_with_config(config, TokioRuntimeProvider::default());
    SystemLookup::build(builder).unwrap()
}

/// `None` is silence.
fn answer(query: &Message) -> Option<Message> {
    let question = query.queries[0].clone();
    let mut answer = Message::response(query.metadata.id, query.metadata.op_code);
    let name = question.name().to_lowercase().to_string();
    answer.add_query(question.clone());
    let mut add = |data| {
        let record = Record::from_rdata(question.name().clone(), 60, data);
        answer.add_answer(record);
    };
    match (name.trim_end_matches(".example."), question.query_type()) {
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
