//! What is away, and what still works.

use std::time::Duration;

use posthorn_testkit::{TestDatabase, TestNats, eventually};
use reqwest::Method;
use serde_json::json;
use tokio::time::Instant;

use crate::fixture::{
    ADMIN, Answer, Api, SOON, client, json as with_json, send, setup, shows_dependency,
};

/// The longest that a request may take to say that it needs what is away.
const QUICKLY: Duration = Duration::from_secs(3);

async fn quickly(request: impl Future<Output = Answer>) -> Answer {
    let started = Instant::now();
    let answer = request.await;
    assert!(
        started.elapsed() <= QUICKLY,
        "{:?}: {answer:?}",
        started.elapsed()
    );
    answer
}

#[tokio::test]
async fn events_are_accepted_while_the_database_is_away() {
    let api = Api::start().await;
    let key = api.key("publisher", "acme").await;
    let publish = || {
        send(with_json(
            api.request_as(&key, Method::POST, "/events"),
            r#"{"type":"a","data":1}"#,
        ))
    };
    assert_eq!(publish().await.status, 202);
    for (cut, away) in [(true, "refused"), (false, "silent")] {
        if cut {
            api.link.cut();
            api.link.refuse();
        } else {
            api.link.stall();
        }
        assert_eq!(quickly(publish()).await.status, 202, "{away}");
        let answer = quickly(api.get("/webhooks")).await;
        answer.is_problem(503, "database_unavailable");
        assert_eq!(answer.header("retry-after"), "1", "{away}");
        let created = quickly(api.post("/webhooks", &crate::fixture::webhook(json!({})))).await;
        created.is_problem(503, "database_unavailable");
        // Whether such a key exists, nobody can say.
        quickly(api.get_as("phk_unknown", "/webhooks"))
            .await
            .is_problem(503, "database_unavailable");
        // Long after the cache would have been refreshed, the key is still known.
        eventually(SOON, async || {
            let log = api.service.log();
            if log.contains("PostgreSQL is away") {
                Ok(())
            } else {
                Err(log)
            }
        })
        .await;
        assert_eq!(quickly(publish()).await.status, 202, "{away}");
        shows_dependency(&api.service, 200, "postgresql", false).await;
        api.link.resume();
        api.complete().await;
    }
}

#[tokio::test]
async fn without_nats_events_are_refused_at_once_and_everything_else_works() {
    let mut api = Api::start().await;
    api.nats.stop().await;
    eventually(SOON, async || {
        let ready = send(api.anonymous(Method::GET, "/readyz")).await;
        if ready.status == 503 {
            Ok(())
        } else {
            Err(ready)
        }
    })
    .await;
    let started = Instant::now();
    let refused = api.post("/events", &json!({"type": "a", "data": 1})).await;
    refused.is_problem(503, "queue_unavailable");
    assert_eq!(refused.header("retry-after"), "1");
    assert!(
        started.elapsed() < Duration::from_secs(1),
        "{:?}",
        started.elapsed()
    );
    assert_eq!(api.get("/webhooks").await.status, 200);
    assert_eq!(
        send(api.anonymous(Method::GET, "/healthz")).await.status,
        200
    );

    api.nats.restart().await;
    let accepted = async || {
        let answer = api.post("/events", &json!({"type": "a", "data": 1})).await;
        if answer.status == 202 {
            Ok(())
        } else {
            Err(answer)
        }
    };
    eventually(SOON, accepted).await;
}

#[tokio::test]
async fn a_nats_that_forgot_its_streams_gets_them_again() {
    let mut api = Api::start().await;
    api.nats.stop().await;
    api.nats.wipe();
    api.nats.restart().await;
    eventually(SOON, async || {
        let answer = api.post("/events", &json!({"type": "a", "data": 1})).await;
        if answer.status == 202 {
            Ok(())
        } else {
            Err(answer)
        }
    })
    .await;
}

#[tokio::test]
async fn it_starts_before_the_servers_it_needs() {
    let (mut nats, database) = tokio::join!(TestNats::start(), TestDatabase::create());
    let link = posthorn_testkit::Proxy::to(&database.server_address()).await;
    link.refuse();
    nats.stop().await;
    let mut service = setup(&nats, &database.url_via(&link.address()))
        .start_unready()
        .await;
    let client = client();
    let get = |path: &str| send(client.get(service.url(path)).bearer_auth(ADMIN));
    assert_eq!(get("/healthz").await.status, 200);
    assert_eq!(get("/readyz").await.status, 503);
    quickly(get("/api/v1/webhooks"))
        .await
        .is_problem(503, "database_unavailable");
    let event = || {
        let request = client
            .post(service.url("/api/v1/events"))
            .bearer_auth(ADMIN);
        send(with_json(request, r#"{"type":"a","data":1}"#))
    };
    event().await.is_problem(503, "queue_unavailable");

    nats.restart().await;
    eventually(SOON, async || {
        let answer = event().await;
        if answer.status == 202 {
            Ok(())
        } else {
            Err(answer)
        }
    })
    .await;
    // Yet nobody is sent here: keys that the database knows are not known yet. What an event with a key would be called on
    // the stream neither; its id follows from its place.
    let ready = get("/readyz").await;
    assert_eq!(ready.status, 503, "{ready:?}");
    assert_eq!(ready.json["dependencies"]["nats"]["ok"], true);
    assert_eq!(ready.json["dependencies"]["api_keys"]["ok"], false);
    let keyed = client
        .post(service.url("/api/v1/events"))
        .bearer_auth(ADMIN);
    send(with_json(
        keyed,
        r#"{"type":"a","data":1,"idempotency_key":"k"}"#,
    ))
    .await
    .is_problem(503, "database_unavailable");
    link.resume();
    eventually(SOON, async || {
        let answer = get("/api/v1/webhooks").await;
        if answer.status == 200 {
            Ok(())
        } else {
            Err(answer)
        }
    })
    .await;
    service.terminate();
    assert!(service.exit().await.success());
}

#[tokio::test]
async fn several_replicas_prepare_an_empty_database_together() {
    let (nats, database) = tokio::join!(TestNats::start(), TestDatabase::create());
    let starts = (0..3).map(|_| setup(&nats, &database.url()).start());
    let replicas = futures::future::join_all(starts).await;
    let client = client();
    for replica in &replicas {
        eventually(SOON, async || {
            let answer = send(
                client
                    .get(replica.url("/api/v1/webhooks"))
                    .bearer_auth(ADMIN),
            )
            .await;
            if answer.status == 200 {
                Ok(())
            } else {
                Err(answer)
            }
        })
        .await;
        assert!(!replica.log().contains("ERROR"), "{}", replica.log());
    }
}
