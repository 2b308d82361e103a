//! What the time of an exchange went to.

use posthorn_domain::{FailureKind, Phases};
use tokio::io::AsyncWriteExt;

use crate::{
    SHORT, at, client, client_with, failure,
    names::NeverAnswers,
    receiver::{Receiver, closed, read_request},
    request,
    tls::{Authority, hooks_example, receiver, url},
    within,
};

#[tokio::test]
async fn a_new_connection_has_every_phase_and_a_kept_one_none_but_the_answer() {
    let authority = Authority::new("Trusted");
    let receiver = receiver(authority.sign(&hooks_example())).await;
    let client = authority.client();
    let first = client.post(request(&url(receiver.address))).await;
    let Phases {
        dns: Some(dns),
        connect: Some(connect),
        tls: Some(tls),
        first_byte: Some(first_byte),
    } = first.phases
    else {
        panic!("{:?}", first.phases);
    };
    // Whole parts of one whole, one after the other.
    assert!(dns + connect + tls + first_byte <= first.elapsed);

    let second = client.post(request(&url(receiver.address))).await;
    let only_the_answer = Phases {
        first_byte: second.phases.first_byte,
        ..Phases::default()
    };
    assert_eq!(second.phases, only_the_answer);
    assert!(second.phases.first_byte.is_some());
    assert_eq!(receiver.connections(), 1);
}

/// The receiver's own slowness is not the network's.
#[tokio::test]
async fn the_time_until_the_answer_is_the_receivers() {
    let slow = Receiver::start(|mut stream| async move {
        read_request(&mut stream).await.unwrap();
        tokio::time::sleep(SHORT).await;
        let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
        stream.write_all(answer).await.unwrap();
    })
    .await;
    let phases = client().post(at(slow.address)).await.phases;
    assert!(phases.first_byte >= Some(SHORT), "{phases:?}");
    assert!(phases.connect.is_some(), "{phases:?}");
    // An address needs no resolver, and http no handshake.
    assert_eq!((phases.dns, phases.tls), (None, None));
}

/// Where the timeout passed, there the time went.
#[tokio::test]
async fn a_phase_that_was_given_up_took_what_it_took() {
    let in_dns = client_with(NeverAnswers)
        .post(within(request("http://slow.example/"), SHORT))
        .await;
    // The phase begins a little later than the exchange whose time it is given up with.
    assert!(in_dns.phases.dns > Some(SHORT / 2), "{in_dns:?}");
    assert_eq!(in_dns.phases.connect, None);
    assert_eq!(failure(in_dns), FailureKind::Timeout);

    let silent = Receiver::start(|mut stream| async move { closed(&mut stream).await }).await;
    let in_tls = Authority::new("Trusted")
        .client()
        .post(within(request(&url(silent.address)), SHORT))
        .await;
    assert!(in_tls.phases.connect.is_some(), "{in_tls:?}");
    assert!(in_tls.phases.tls > Some(SHORT / 2), "{in_tls:?}");

    let in_answer = client().post(within(at(silent.address), SHORT)).await;
    assert!(in_answer.phases.connect.is_some(), "{in_answer:?}");
    assert_eq!(in_answer.phases.first_byte, None);
}
