//! What is asked, to the letter: names of parameters and members, times, depth, preconditions, media types.

use posthorn_testkit::{ServiceSetup, eventually};
use reqwest::Method;
use serde_json::{Value, json};

use crate::fixture::{Answer, Api, SOON, json as with_json, send, webhook};

const ID: &str = "01949e5c-0000-7000-8000-000000000009";

/// Every operation of the document, with ids that nothing has.
async fn operations(api: &Api) -> Vec<(Method, String)> {
    let document = api.get("/openapi.json").await.json;
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        let path = path.strip_prefix("/api/v1").unwrap();
        let path = path.replace("{id}", ID).replace("{name}", "a.b");
        for method in ["get", "put", "post", "patch", "delete"] {
            if item.get(method).is_some() {
                operations.push((method.to_uppercase().parse().unwrap(), path.clone()));
            }
        }
    }
    assert!(operations.len() > 40, "{operations:?}");
    operations
}

#[tokio::test]
async fn no_operation_takes_a_parameter_that_it_does_not_know_or_one_twice() {
    let api = Api::start().await;
    for (method, path) in operations(&api).await {
        for (query, field) in [("tennant=acme", "tennant"), ("tenant=a&tenant=b", "tenant")] {
            let request = api.request(method.clone(), &format!("{path}?{query}"));
            let answer = send(with_json(request, "{}")).await;
            let problem = answer.is_problem(422, "validation_failed");
            assert_eq!(problem.fields(), [field], "{method} {path}");
        }
        // Who has no key is told of that.
        let nobody = api.anonymous(method.clone(), &format!("/api/v1{path}?tennant=acme"));
        send(nobody).await.is_problem(401, "unauthorized");
    }
    let head = api.request(Method::HEAD, "/webhooks?limt=1");
    assert_eq!(send(head).await.status, 422);
}

#[tokio::test]
async fn a_patch_names_only_members_that_there_are() {
    let api = Api::start().await;
    let hook = api
        .webhook(json!({"description": "d", "auth": {"type": "bearer", "token": "t"}}))
        .await;
    let path = format!("/webhooks/{}", hook["id"].as_str().unwrap());
    for (patch, field) in [
        (json!({"descripton": null}), "descripton"),
        (json!({"descripton": 1}), "descripton"),
        (json!({"auth": {"tokn": null}}), "auth.tokn"),
        (
            json!({"signature_header": {"nme": null}}),
            "signature_header.nme",
        ),
        (json!({"tls": {"key": null}}), "tls.key"),
        (
            json!({"integration": {"chanel": null}}),
            "integration.chanel",
        ),
    ] {
        for path in [path.clone(), format!("{path}?probe=false")] {
            let answer = api.patch(&path, &patch).await;
            let problem = answer.is_problem(422, "validation_failed");
            assert_eq!(problem.fields(), [field], "{patch}");
        }
    }
    let fine = json!({"description": null, "custom_headers": {"X-Not-There": null},
                      "auth": {"type": "none"}, "integration": {"chat_id": null}});
    let patched = api.patch(&path, &fine).await;
    assert_eq!(
        (patched.status, &patched.json["description"]),
        (200, &Value::Null),
        "{patched:?}"
    );
}

#[tokio::test]
async fn far_times_are_mistakes_and_no_failures() {
    let api = Api::start().await;
    for far in ["-10000-01-01T00:00:00Z", "+200000-01-01T00:00:00Z"] {
        let encoded = far.replace('+', "%2B");
        for path in [
            "/audit-log",
            "/dead-letters",
            "/deliveries",
            "/events",
            "/stats",
            "/deliveries/export",
        ] {
            for field in ["since", "until"] {
                let answer = api.get(&format!("{path}?{field}={encoded}")).await;
                let problem = answer.is_problem(422, "validation_failed");
                assert_eq!(problem.fields(), [field], "{path} {far}");
            }
        }
        let hook = api.webhook(json!({})).await;
        let replay = format!("/webhooks/{}/replay", hook["id"].as_str().unwrap());
        for (path, body, field) in [
            ("/dead-letters/retry", json!({"since": far}), "since"),
            (&*replay, json!({"since": far}), "since"),
            (
                "/api-keys",
                json!({"name": "n", "role": "viewer", "expires_at": far}),
                "expires_at",
            ),
            (
                "/webhooks/preview",
                json!({"webhook": {}, "event": {"type": "a", "data": 1, "timestamp": far}}),
                "event.timestamp",
            ),
        ] {
            let answer = api.post(path, &body).await;
            let problem = answer.is_problem(422, "validation_failed");
            assert_eq!(problem.fields(), [field], "{path} {far}");
        }
        let discard = api.delete(&format!("/dead-letters?until={encoded}")).await;
        discard.is_problem(422, "validation_failed");
    }
    // The first and the last day that there are.
    let all = "/audit-log?since=0001-01-01T00:00:00Z&until=9999-12-31T23:59:59Z";
    assert_eq!(api.get(all).await.status, 200);
    let letters = "/dead-letters?since=0001-01-01T00:00:00Z&until=9999-12-31T23:59:59Z";
    assert_eq!(api.get(letters).await.status, 200);
}

#[tokio::test]
async fn data_that_nothing_could_follow_is_not_taken() {
    let api = Api::start().await;
    let deep = |levels: usize| format!("{}1{}", "[".repeat(levels), "]".repeat(levels));
    let publish =
        async |body: &str, kind: &'static str, headers: &[(&'static str, &'static str)]| {
            let mut request = api
                .request(Method::POST, "/events")
                .header("content-type", kind);
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            send(request.body(body.to_owned())).await
        };
    let event = |data: &str| format!(r#"{{"type":"a.b","data":{data}}}"#);
    let cloud_event = |data: &str| {
        format!(r#"{{"specversion":"1.0","id":"1","source":"/s","type":"a.b","data":{data}}}"#)
    };
    let in_headers = [
        ("ce-specversion", "1.0"),
        ("ce-id", "1"),
        ("ce-source", "/s"),
        ("ce-type", "a.b"),
    ];
    let structured = "application/cloudevents+json";
    for (levels, status) in [(100, 202), (101, 422), (10_000, 422)] {
        let data = deep(levels);
        let array = format!("[{},{}]", event("1"), event(&data));
        for (answer, field) in [
            (
                publish(&event(&data), "application/json", &[]).await,
                "data",
            ),
            (publish(&array, "application/json", &[]).await, "[1].data"),
            (publish(&cloud_event(&data), structured, &[]).await, "data"),
            (
                publish(&data, "application/json", &in_headers).await,
                "data",
            ),
        ] {
            assert_eq!(answer.status, status, "{levels}: {answer:?}");
            if status == 422 {
                assert_eq!(answer.fields(), [field], "{levels}");
            }
        }
    }
    let hook = api.webhook(json!({})).await;
    let test = format!("/webhooks/{}/test", hook["id"].as_str().unwrap());
    let body = format!(r#"{{"data":{}}}"#, deep(101));
    let answer = api.send_json(Method::POST, &test, &body).await;
    assert_eq!(
        answer.is_problem(422, "validation_failed").fields(),
        ["data"]
    );
}

#[tokio::test]
async fn a_precondition_is_taken_at_its_word() {
    let api = Api::start().await;
    let hook = api.post("/webhooks", &webhook(json!({}))).await;
    let path = format!("/webhooks/{}", hook.json["id"].as_str().unwrap());
    let entry = json!({"name": "a.b", "label": "one"});
    let made = api.post("/event-types", &entry).await;
    assert_eq!(
        made.header("etag"),
        api.get("/event-types/a.b").await.header("etag")
    );
    for (path, body, code) in [
        (&*path, webhook(json!({})), "webhook_changed"),
        (
            "/event-types/a.b",
            json!({"label": "two"}),
            "event_type_changed",
        ),
    ] {
        let first = api.get(path).await.header("etag").to_owned();
        let put = async |tag: &str| {
            let request = api.request(Method::PUT, path).header("if-match", tag);
            send(with_json(request, &body.to_string())).await
        };
        // The same number, written as no tag of ours is.
        let bare = first.trim_matches('"');
        for other in [
            format!("\"0{bare}\""),
            format!("\"+{bare}\""),
            format!("W/{first}"),
        ] {
            put(&other).await.is_problem(412, code);
        }
        let held = async |tag: &str| {
            send(api.request(Method::GET, path).header("if-none-match", tag)).await
        };
        let unchanged = held(&first).await;
        assert_eq!((unchanged.status, &*unchanged.text), (304, ""), "{path}");
        assert_eq!(unchanged.header("etag"), first);
        assert_eq!(held("\"1.1\"").await.status, 200);
        let changed = put(&first).await;
        assert_eq!(changed.status, 200, "{changed:?}");
        put(&first).await.is_problem(412, code);
        let now = held(&first).await;
        assert_eq!(
            (now.status, now.header("etag")),
            (200, changed.header("etag"))
        );
        let delete = api.request(Method::DELETE, path).header("if-match", &first);
        send(delete).await.is_problem(412, code);
    }
    // What is counted changes the answer, but not what a change is decided on.
    let before = api.get(&path).await.header("etag").to_owned();
    let counted = format!(
        "INSERT INTO webhook_totals VALUES ('{}', 0, 5, 4, now(), 1)",
        hook.json["id"].as_str().unwrap()
    );
    api.database.execute(&counted).await;
    let request = api
        .request(Method::GET, &path)
        .header("if-none-match", &before);
    assert_eq!(send(request).await.status, 200);
    let patch = api
        .request(Method::PATCH, &path)
        .header("if-match", &before);
    assert_eq!(send(with_json(patch, "{}")).await.status, 200);
}

#[tokio::test]
async fn a_body_is_what_its_headers_say() {
    let api = Api::start().await;
    let post = |kind: &str, encoding: Option<&str>| {
        let request = api
            .request(Method::POST, "/tenants")
            .header("content-type", kind.to_owned());
        let request = match encoding {
            Some(encoding) => request.header("content-encoding", encoding.to_owned()),
            None => request,
        };
        send(request.body(r#"{"id": "acme"}"#))
    };
    for (kind, encoding) in [
        ("application/merge-patch+json", None),
        ("application/cloudevents+json", None),
        ("text/json", None),
        ("application/json", Some("gzip")),
    ] {
        let answer = post(kind, encoding).await;
        answer.is_problem(415, "unsupported_media_type");
    }
    let fine = post("Application/JSON; charset=utf-8", Some("identity")).await;
    assert_eq!(fine.status, 201, "{fine:?}");
}

#[tokio::test]
async fn answers_are_kept_by_nobody_and_say_what_a_key_lacks() {
    let api = Api::start().await;
    for path in [
        "/api/v1/webhooks",
        "/api/v1/openapi.json",
        "/docs/",
        "/nowhere",
        "/healthz",
    ] {
        let answer = send(
            api.anonymous(Method::GET, path)
                .bearer_auth(crate::fixture::ADMIN),
        )
        .await;
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
    }
    let docs = send(api.anonymous(Method::GET, "/docs/")).await;
    assert!(
        docs.header("content-security-policy")
            .contains("frame-ancestors 'none'")
    );
    let challenge = |answer: &Answer| answer.header("www-authenticate").to_owned();
    let none = send(api.anonymous(Method::GET, "/api/v1/webhooks")).await;
    assert_eq!(challenge(&none), "Bearer");
    let unknown = api.get_as("no-such-key", "/webhooks").await;
    assert_eq!(challenge(&unknown), "Bearer error=\"invalid_token\"");
}

#[tokio::test]
async fn a_key_is_found_where_its_creation_says() {
    let api = Api::start().await;
    let made = api
        .post("/api-keys", &json!({"name": "n", "role": "viewer"}))
        .await;
    let location = made.header("location").to_owned();
    let read = send(
        api.anonymous(Method::GET, &location)
            .bearer_auth(crate::fixture::ADMIN),
    )
    .await;
    let mut expected = made.json.clone();
    expected.as_object_mut().unwrap().remove("key");
    assert_eq!((read.status, &read.json), (200, &expected), "{read:?}");
    api.get(&format!("/api-keys/{ID}"))
        .await
        .is_problem(404, "api_key_not_found");
}

/// Another master key, as after a restore: what it cannot open is shown, not hidden.
#[tokio::test]
async fn a_webhook_that_cannot_be_read_stands_in_the_list() {
    const OTHER_KEY: &str = "//79/Pv6+fj39vX08/Lx8O/u7ezr6uno5+bl5OPi4eA=";
    let api = Api::start().await;
    let hook = api.webhook(json!({"name": "sealed"})).await;
    let other_key = |setup: ServiceSetup| setup.env("POSTHORN_MASTER_KEY", OTHER_KEY);
    let other = other_key(crate::fixture::setup(
        &api.nats,
        &api.database.url_via(&api.link.address()),
    ))
    .start()
    .await;
    let list = async || {
        let request = crate::fixture::client()
            .get(other.url("/api/v1/webhooks"))
            .bearer_auth(crate::fixture::ADMIN);
        send(request).await
    };
    let listed = eventually(SOON, async || {
        let answer = list().await;
        if answer.status == 200 {
            Ok(answer)
        } else {
            Err(answer)
        }
    })
    .await;
    assert_eq!(listed.json["total"], 1);
    let shown = &listed.json["webhooks"][0];
    assert_eq!(
        (&shown["unreadable"], &shown["id"], &shown["name"]),
        (&json!(true), &hook["id"], &json!("sealed")),
        "{listed:?}"
    );
    let own = &api.get("/webhooks").await.json["webhooks"][0];
    assert_eq!(
        (&own["unreadable"], &own["id"]),
        (&Value::Null, &hook["id"])
    );
}

/// What never reaches a route is answered like everything else.
#[tokio::test]
async fn a_request_that_is_no_http_is_a_problem_too() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    let api = Api::start().await;
    let url = api.service.url("");
    let address = url.trim_start_matches("http://").trim_end_matches('/');
    let long = format!("GET /{} HTTP/1.1\r\n\r\n", "x".repeat(70_000));
    let many = format!("GET / HTTP/1.1\r\n{}\r\n", "x-a: b\r\n".repeat(200));
    for (request, status, code) in [
        ("nonsense\r\n\r\n", 400, "malformed_request"),
        (&*long, 414, "uri_too_long"),
        (&*many, 431, "headers_too_large"),
    ] {
        let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with(&format!("HTTP/1.1 {status} ")), "{answer}");
        for header in [
            "content-type: application/problem+json",
            "x-request-id: ",
            "ratelimit-limit: ",
            "cache-control: no-store",
            "x-content-type-options: nosniff",
        ] {
            assert!(head.contains(header), "{header}: {answer}");
        }
        let problem: Value = serde_json::from_str(body).unwrap();
        assert_eq!(
            (&problem["code"], &problem["status"]),
            (&json!(code), &json!(status))
        );
    }
}
