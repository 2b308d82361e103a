//! Keys in memory: what is believed, for how long, and what is told of their use.

use futures::{StreamExt, stream};
use posthorn_domain::{Clock, SystemClock};
use posthorn_testkit::{Proxy, Service, eventually};
use reqwest::Method;
use serde_json::{Value, json};

use crate::fixture::{
    ADMIN, Answer, Api, SOON, client, json as with_json, send, setup, shows_dependency,
};

/// How long keys are believed by a replica of these tests that cannot load them again.
const BELIEVED: &str = "5";

async fn get_from(replica: &Service, key: &str, path: &str) -> Answer {
    let request = client().get(replica.url(&format!("/api/v1{path}")));
    send(request.bearer_auth(key)).await
}

/// A second api with a link to the database of its own.
async fn cut_off_replica(api: &Api) -> (Service, Proxy) {
    let link = Proxy::to(&api.database.server_address()).await;
    let replica = setup(&api.nats, &api.database.url_via(&link.address()))
        .env("POSTHORN_API_KEYS_BELIEVED_SECONDS", BELIEVED)
        .start()
        .await;
    (replica, link)
}

async fn id_of(api: &Api, key: &str) -> String {
    let session = api.get_as(key, "/session").await;
    session.json["key_id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_replica_that_is_cut_off_does_not_believe_a_revoked_key_for_ever() {
    let api = Api::start().await;
    let key = api.key("publisher", "acme").await;
    let (replica, link) = cut_off_replica(&api).await;
    assert_eq!(get_from(&replica, &key, "/session").await.status, 200);
    link.cut();
    link.refuse();
    let id = id_of(&api, &key).await;
    assert_eq!(api.delete(&format!("/api-keys/{id}")).await.status, 204);
    api.get_as(&key, "/session")
        .await
        .is_problem(401, "unauthorized");
    eventually(SOON, async || {
        let answer = get_from(&replica, &key, "/session").await;
        if answer.status == 503 {
            Ok(())
        } else {
            Err(answer)
        }
    })
    .await;
    let publish = client()
        .post(replica.url("/api/v1/events"))
        .bearer_auth(&key);
    let answer = send(with_json(publish, r#"{"type":"a","data":1}"#)).await;
    answer.is_problem(503, "database_unavailable");
    assert_eq!(answer.header("retry-after"), "1");
    // Nobody is sent there meanwhile; the bootstrap key needs no database.
    let ready = send(client().get(replica.url("/readyz"))).await;
    assert_eq!(ready.status, 503, "{ready:?}");
    assert_eq!(ready.json["dependencies"]["api_keys"]["ok"], false);
    assert_eq!(get_from(&replica, ADMIN, "/session").await.status, 200);
    link.resume();
    eventually(SOON, async || {
        let answer = get_from(&replica, &key, "/session").await;
        if answer.status == 401 {
            Ok(())
        } else {
            Err(answer)
        }
    })
    .await;
    // The one key is known from a look of its own; the others are when all are loaded again.
    shows_dependency(&replica, 200, "api_keys", true).await;
}

#[tokio::test]
async fn one_key_that_cannot_be_read_does_not_hide_what_becomes_of_the_others() {
    let api = Api::start().await;
    let replica = api.replica().await;
    let (spoilt, revoked) = (
        api.key("viewer", "acme").await,
        api.key("manager", "acme").await,
    );
    for key in [&spoilt, &revoked] {
        assert_eq!(get_from(&replica, key, "/session").await.status, 200);
    }
    let (spoilt_id, revoked_id) = (id_of(&api, &spoilt).await, id_of(&api, &revoked).await);
    api.database
        .execute(&format!(
            "ALTER TABLE api_keys DROP CONSTRAINT api_keys_role_check;
             UPDATE api_keys SET role = 'operator' WHERE id = '{spoilt_id}'"
        ))
        .await;
    assert_eq!(
        api.delete(&format!("/api-keys/{revoked_id}")).await.status,
        204
    );
    for key in [&spoilt, &revoked] {
        eventually(SOON, async || {
            let answer = get_from(&replica, key, "/session").await;
            if answer.status == 401 {
                Ok(())
            } else {
                Err(answer)
            }
        })
        .await;
    }
    assert!(replica.log().contains(&spoilt_id), "{}", replica.log());
    let listed = api.get("/api-keys").await;
    assert_eq!(listed.status, 200, "{listed:?}");
    assert_eq!(
        api.delete(&format!("/api-keys/{spoilt_id}")).await.status,
        204
    );
}

#[tokio::test]
async fn guesses_do_not_make_a_new_key_an_unknown_one() {
    let api = Api::start().await;
    let replica = api.replica().await;
    // At 50 a second it would take 20 s to look all of them up.
    let (client, url) = (client(), replica.url("/api/v1/session"));
    let guesses = (0..1_000).map(|n| send(client.get(&url).bearer_auth(format!("phk_guess_{n}"))));
    let answers: Vec<Answer> = stream::iter(guesses).buffer_unordered(50).collect().await;
    let refused: Vec<&Answer> = answers.iter().filter(|a| a.status == 503).collect();
    // Those that were not looked up are not called unknown: nobody has asked.
    for answer in &answers {
        match answer.status {
            401 => answer.is_problem(401, "unauthorized"),
            _ => answer.is_problem(503, "database_unavailable"),
        };
    }
    assert!(!refused.is_empty(), "all were looked up");
    assert_eq!(refused[0].header("retry-after"), "1");
    let key = api.key("viewer", "acme").await;
    eventually(SOON, async || {
        let answer = get_from(&replica, &key, "/session").await;
        match answer.status {
            200 => Ok(()),
            503 => Err(answer),
            _ => panic!("{answer:?}"),
        }
    })
    .await;
}

#[tokio::test]
async fn a_key_tells_when_it_was_last_used() {
    let api = Api::start().await;
    let (used, unused) = (
        api.key("viewer", "acme").await,
        api.key("viewer", "acme").await,
    );
    let id = id_of(&api, &used).await;
    let of = async |id: &str| {
        let listed = api.get("/api-keys").await;
        let keys = listed.json["api_keys"].as_array().unwrap().clone();
        keys.into_iter().find(|key| key["id"] == id).unwrap()
    };
    let before = SystemClock.now();
    eventually(SOON, async || {
        let key = of(&id).await;
        match key["last_used_at"].as_str() {
            Some(at) => {
                let at: chrono::DateTime<chrono::Utc> = at.parse().unwrap();
                assert!((before - at).num_seconds() <= 60, "{at} {before}");
                Ok(())
            }
            None => Err(key),
        }
    })
    .await;
    let listed = api.get("/api-keys").await;
    let nulls = listed.json["api_keys"].as_array().unwrap().iter();
    let nulls = nulls.filter(|key| key["last_used_at"] == Value::Null);
    assert_eq!(nulls.count(), 1, "{}", listed.text);
    // Used at last, and written when the process ends at the latest.
    assert_eq!(api.get_as(&unused, "/session").await.status, 200);
    let mut service = api.service;
    service.terminate();
    assert!(service.exit().await.success());
    let query = "SELECT count(*) FROM api_keys WHERE last_used_at IS NULL";
    assert_eq!(api.database.number(query).await, 0);
}

#[tokio::test]
async fn what_is_done_with_stored_credentials_is_in_the_audit_log() {
    let receiver = posthorn_testkit::Receiver::start().await;
    let api = Api::start_with(|setup| {
        setup
            .env("POSTHORN_ALLOW_HTTP", "true")
            .env("POSTHORN_EGRESS_ALLOW", "127.0.0.0/8")
    })
    .await;
    let manager = api.key("manager", "default").await;
    let url = receiver.url_of("/hook?token=s3cret");
    let webhook = api.webhook(json!({"url": url})).await;
    let id = webhook["id"].as_str().unwrap();
    let post = async |path: &str, body: Value| {
        let request = api.request_as(&manager, Method::POST, path);
        let answer = send(with_json(request, &body.to_string())).await;
        assert!(answer.status < 300, "{path}: {answer:?}");
    };
    post(
        &format!("/webhooks/{id}/test"),
        json!({"event_type": "a.b"}),
    )
    .await;
    post("/webhooks/probe", json!({"url": url})).await;
    post(
        "/webhooks?probe=true",
        crate::fixture::webhook(json!({"url": url})),
    )
    .await;
    let event = json!({"type": "a.b", "data": {}});
    // A form asks again at each pause of typing: one line for it is enough.
    for _ in 0..3 {
        post(
            "/webhooks/preview",
            json!({"webhook_id": id, "event": event}),
        )
        .await;
    }
    post("/webhooks/preview", json!({"webhook": {}, "event": event})).await;
    let log = api.get("/audit-log").await;
    let origin = receiver.url();
    let origin = origin.trim_end_matches('/');
    let told: Vec<(&str, &str, &str)> = log.json["entries"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|entry| {
            entry["actor"]
                .as_str()
                .unwrap()
                .starts_with("manager of default (")
        })
        .map(|entry| {
            let text = |name: &str| entry[name].as_str().unwrap();
            (text("action"), text("target_kind"), text("target_id"))
        })
        .filter(|(action, ..)| *action != "webhook.created")
        .collect();
    assert_eq!(
        told,
        [
            ("webhook.previewed", "webhook", ""),
            ("webhook.previewed", "webhook", id),
            ("webhook.probed", "url", origin),
            ("webhook.probed", "url", origin),
            ("webhook.tested", "webhook", id),
        ]
    );
    assert!(!log.text.contains("s3cret"), "{}", log.text);
    let test = log.json["entries"]
        .as_array()
        .unwrap()
        .iter()
        .find(|entry| entry["action"] == "webhook.tested")
        .unwrap();
    assert_eq!(
        test["details"],
        json!({"name": "n", "event_type": "a.b", "url": origin})
    );
}
