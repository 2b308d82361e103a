//! Requests that an HTTP/2 receiver does not process, and connections that end under many of them.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex},
};

use posthorn_domain::Failure;
use posthorn_egress::{Again, Client, Exchange, SentAgain};
use tokio::{
    sync::{Semaphore, mpsc, watch},
    task::JoinSet,
};

use crate::{
    SHORT, answered, failed,
    raw_http2::{Http2, start},
    receiver::Receiver,
    request,
    tls::{Authority, url},
    within,
};

/// Which requests an application took, and how often.
#[derive(Clone, Default)]
struct Taken(Arc<Mutex<HashMap<String, usize>>>);

impl Taken {
    fn take(&self, body: String) {
        *self.0.lock().unwrap().entry(body).or_default() += 1;
    }

    fn assert_each_once(&self, count: usize) {
        let taken = self.0.lock().unwrap();
        assert_eq!(taken.len(), count);
        assert!(taken.values().all(|times| *times == 1), "{taken:?}");
    }
}

async fn post(client: Client, receiver: &Receiver, body: String) -> Exchange {
    let mut request = request(&url(receiver.address));
    request.body = body.into();
    client.post(request).await
}

/// Posts so many, some of them at once, and returns what came of each.
async fn post_many(
    client: &Client,
    receiver: &Arc<Receiver>,
    count: usize,
    at_once: usize,
) -> Vec<Exchange> {
    let permits = Arc::new(Semaphore::new(at_once));
    let mut posts = JoinSet::new();
    for n in 0..count {
        let permit = Arc::clone(&permits).acquire_owned().await.unwrap();
        let (client, receiver) = (client.clone(), Arc::clone(receiver));
        posts.spawn(async move {
            let exchange = post(client, &receiver, n.to_string()).await;
            drop(permit);
            exchange
        });
    }
    posts.join_all().await
}

/// What nginx does with `keepalive_requests 10`: it takes ten requests of a connection, says so, and passes over the rest.
async fn takes_ten(mut connection: Http2, taken: Taken) {
    for _ in 0..10 {
        let Some((stream, body)) = connection.request().await else {
            return;
        };
        taken.take(body);
        connection.answer(stream).await;
    }
    connection.go_away(19).await;
    while connection.request().await.is_some() {}
}

#[tokio::test]
async fn what_is_above_the_last_stream_of_a_goaway_goes_again() {
    let authority = Authority::new("Trusted");
    let taken = Taken::default();
    let application = taken.clone();
    let receiver = start(&authority, None, move |connection| {
        takes_ten(connection, application.clone())
    })
    .await;
    let exchanges = post_many(&authority.client(), &Arc::new(receiver), 300, 40).await;
    let again: u8 = exchanges
        .iter()
        .map(|exchange| exchange.sent_again.times(Again::Refused))
        .max()
        .unwrap();
    assert!((1..=2).contains(&again), "{again}");
    for exchange in exchanges {
        assert_eq!(answered(exchange).status, 200);
    }
    taken.assert_each_once(300);
}

/// Two in flight, and the receiver takes the first: it is answered there, and only the second goes elsewhere.
#[tokio::test]
async fn what_is_below_the_last_stream_of_a_goaway_is_waited_for() {
    let authority = Authority::new("Trusted");
    let taken = Taken::default();
    let application = taken.clone();
    let receiver = start(&authority, None, move |mut connection| {
        let application = application.clone();
        async move {
            let (first, body) = connection.request().await.unwrap();
            application.take(body);
            if connection.number == 0 {
                let (_second, _) = connection.request().await.unwrap();
                connection.go_away(first).await;
            }
            connection.answer(first).await;
            while connection.request().await.is_some() {}
        }
    })
    .await;
    let exchanges = post_many(&authority.client(), &Arc::new(receiver), 2, 2).await;
    let again: u8 = exchanges.iter().map(|one| one.sent_again.total()).sum();
    assert_eq!(again, 1);
    for exchange in exchanges {
        assert_eq!(answered(exchange).status, 200);
    }
    taken.assert_each_once(2);
}

#[tokio::test]
async fn refused_streams_go_again() {
    let authority = Authority::new("Trusted");
    let taken = Taken::default();
    let refused = Arc::new(Mutex::new(HashSet::new()));
    let application = taken.clone();
    let receiver = start(&authority, None, move |mut connection| {
        let (application, refused) = (application.clone(), Arc::clone(&refused));
        async move {
            while let Some((stream, body)) = connection.request().await {
                let third = body.parse::<usize>().unwrap() % 3 == 0;
                if third && refused.lock().unwrap().insert(body.clone()) {
                    connection.refuse(stream).await;
                } else {
                    application.take(body);
                    connection.answer(stream).await;
                }
            }
        }
    })
    .await;
    let exchanges = post_many(&authority.client(), &Arc::new(receiver), 60, 10).await;
    let again: u8 = exchanges.iter().map(|one| one.sent_again.total()).sum();
    assert_eq!(again, 20);
    for exchange in exchanges {
        assert_eq!(answered(exchange).status, 200);
    }
    taken.assert_each_once(60);
}

/// A receiver that refuses whatever comes: the last time it was asked on a connection that nobody shares.
#[tokio::test]
async fn who_refuses_for_ever_is_asked_three_times() {
    for goes_away in [true, false] {
        let authority = Authority::new("Trusted");
        let receiver = start(&authority, None, move |mut connection| async move {
            while let Some((stream, _)) = connection.request().await {
                if goes_away {
                    connection.go_away(0).await;
                } else {
                    connection.refuse(stream).await;
                }
            }
        })
        .await;
        let exchange = post(authority.client(), &receiver, "1".to_owned()).await;
        assert_eq!(exchange.sent_again.times(Again::Refused), 2);
        assert_eq!(receiver.connections(), 3);
        let failed = failed(exchange);
        assert_eq!(failed.failure, Failure::ConnectionClosed);
        assert!(failed.message.contains("before it took"), "{failed}");
    }
}

/// A connection that had answered ends without a word: what was in flight goes once more, and no further.
#[tokio::test]
async fn a_connection_that_is_cut_is_replaced_once() {
    let authority = Authority::new("Trusted");
    let receiver = start(&authority, None, move |mut connection| async move {
        let (first, _) = connection.request().await.unwrap();
        if connection.number == 1 {
            return connection.cut();
        }
        connection.answer(first).await;
        connection.request().await;
        connection.cut();
    })
    .await;
    let client = authority.client();
    let first = post(client.clone(), &receiver, "1".to_owned()).await;
    assert_eq!(first.sent_again, SentAgain::default());
    answered(first);
    // The second connection is cut as well: it had answered nothing, so that is the receiver's failure.
    let second = post(client.clone(), &receiver, "2".to_owned()).await;
    assert_eq!(second.sent_again.times(Again::Closed), 1, "{second:?}");
    failed(second);
    assert_eq!(receiver.connections(), 2);
    // The third one answers.
    answered(post(client, &receiver, "3".to_owned()).await);
}

/// A hundred requests that come at once share one connection, or a few: nobody opens one for each.
#[tokio::test]
async fn a_burst_shares_its_connection() {
    let authority = Authority::new("Trusted");
    let taken = Taken::default();
    let application = taken.clone();
    let receiver = start(&authority, Some(128), move |mut connection| {
        let application = application.clone();
        async move {
            while let Some((stream, body)) = connection.request().await {
                application.take(body);
                connection.answer(stream).await;
            }
        }
    })
    .await;
    let receiver = Arc::new(receiver);
    for exchange in post_many(&authority.client(), &receiver, 100, 100).await {
        assert_eq!(exchange.sent_again.total(), 0);
        answered(exchange);
    }
    taken.assert_each_once(100);
    assert_eq!(receiver.connections(), 1);
}

/// A receiver takes one request at once on a connection. Who waits longer than the timeout for the others is not timed out, and
/// the receiver is not charged with it.
#[tokio::test]
async fn the_wait_for_a_stream_is_not_the_receivers() {
    let authority = Authority::new("Trusted");
    let (arrived, mut arrivals) = mpsc::channel(10);
    let (open, gate) = watch::channel(false);
    let receiver = start(&authority, Some(1), move |mut connection| {
        let (arrived, mut gate) = (arrived.clone(), gate.clone());
        async move {
            while let Some((stream, _)) = connection.request().await {
                arrived.send(()).await.unwrap();
                gate.wait_for(|open| *open).await.unwrap();
                connection.answer(stream).await;
            }
        }
    })
    .await;
    let client = authority.client();
    let mut holding = JoinSet::new();
    for _ in 0..posthorn_egress::limits::HTTP2_CONNECTIONS_MAX {
        let (client, request) = (client.clone(), request(&url(receiver.address)));
        holding.spawn(async move { client.post(request).await });
        arrivals.recv().await.unwrap();
    }
    let waits = within(request(&url(receiver.address)), SHORT);
    let waiting = tokio::spawn(async move { client.post(waits).await });
    tokio::time::sleep(2 * SHORT).await;
    assert!(!waiting.is_finished());
    open.send(true).unwrap();
    let waited = waiting.await.unwrap();
    assert!(waited.elapsed < SHORT, "{waited:?}");
    assert!(
        waited.phases.first_byte <= Some(waited.elapsed),
        "{waited:?}"
    );
    answered(waited);
    for held in holding.join_all().await {
        answered(held);
    }
}
