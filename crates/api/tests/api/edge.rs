//! What holds for every request.

use posthorn_testkit::eventually;
use reqwest::Method;
use serde_json::json;

use crate::fixture::{Api, SOON, json as with_json, send, shows_dependency};

#[tokio::test]
async fn every_misfit_is_a_problem_with_the_common_headers() {
    let api = Api::start().await;
    let post = |body: &str| with_json(api.request(Method::POST, "/webhooks"), body);
    let plain = api.request(Method::POST, "/webhooks").body("{}");
    let xml = api
        .request(Method::POST, "/webhooks")
        .header("content-type", "text/xml")
        .body("<a/>");
    let huge = format!(r#"{{"name":"{}"}}"#, "x".repeat(1_100_000));
    for (request, status, code) in [
        (api.request(Method::GET, "/nothing"), 404, "route_not_found"),
        (
            api.anonymous(Method::GET, "/nothing"),
            404,
            "route_not_found",
        ),
        (
            api.request(Method::DELETE, "/webhooks"),
            405,
            "method_not_allowed",
        ),
        (
            api.anonymous(Method::GET, "/api/v1/webhooks"),
            401,
            "unauthorized",
        ),
        (post("{\"name\""), 400, "invalid_json"),
        (post("{\"name\":\"\\ud800\"}"), 400, "invalid_json"),
        (post("{} {}"), 400, "invalid_json"),
        (plain, 415, "unsupported_media_type"),
        (xml, 415, "unsupported_media_type"),
        (post(&huge), 413, "payload_too_large"),
        (post("[]"), 422, "validation_failed"),
        (
            api.request(Method::GET, "/webhooks?limt=1"),
            422,
            "validation_failed",
        ),
        (
            api.request(Method::GET, "/webhooks?limit=501"),
            422,
            "validation_failed",
        ),
        (
            api.request(Method::GET, "/webhooks?tenant=A%20B"),
            422,
            "validation_failed",
        ),
        (
            api.request(Method::GET, "/webhooks/no-uuid"),
            404,
            "webhook_not_found",
        ),
    ] {
        let answer = send(request).await;
        answer.is_problem(status, code);
        assert!(!answer.header("x-request-id").is_empty(), "{answer:?}");
        for name in ["ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"] {
            assert!(
                answer.header(name).parse::<u64>().is_ok(),
                "{name}: {answer:?}"
            );
        }
        assert_eq!(
            answer.headers.contains_key("allow"),
            status == 405,
            "{answer:?}"
        );
        assert_eq!(
            answer.headers.contains_key("www-authenticate"),
            status == 401,
            "{answer:?}"
        );
    }
}

#[tokio::test]
async fn mistakes_name_their_field() {
    let api = Api::start().await;
    for (body, fields) in [
        (json!({}), &["name", "url", "event_types"][..]),
        (
            json!({"name": "n", "url": "https://e.com", "event_types": ["a"], "typo": 1}),
            &["typo"],
        ),
        (
            json!({"name": 7, "url": "https://e.com", "event_types": ["a"]}),
            &["name"],
        ),
        (
            json!({"name": "n", "url": "https://e.com", "event_types": ["a", 3]}),
            &["event_types[1]"],
        ),
        (
            json!({"name": "n", "url": "https://e.com", "event_types": ["a"], "auth": {"type": "bearer", "tokn": "t"}}),
            &["auth.tokn"],
        ),
        (
            json!({"name": "", "url": "https://e.com", "event_types": ["a b"], "timeout_seconds": 121}),
            &["name", "event_types[0]", "timeout_seconds"],
        ),
    ] {
        let answer = api.post("/webhooks", &body).await;
        assert_eq!(
            answer.is_problem(422, "validation_failed").fields(),
            fields,
            "{body}"
        );
    }
    for url in ["ftp://example.com", "https://", "", "http://example.com"] {
        let body = json!({"name": "n", "url": url, "event_types": ["a"]});
        let answer = api.post("/webhooks", &body).await;
        assert_eq!(
            answer.is_problem(422, "invalid_webhook_url").fields(),
            ["url"],
            "{url}"
        );
    }
}

#[tokio::test]
async fn every_answer_of_the_port_is_named_and_says_the_limit_and_health_is_never_limited() {
    let api = Api::start_with(|setup| setup.env("POSTHORN_API_RATE_LIMIT_PER_SECOND", "2")).await;
    let mut limited = false;
    for path in [
        "/healthz",
        "/readyz",
        "/metrics",
        "/docs/",
        "/api/v1/openapi.json",
        "/api/v1/asyncapi.json",
        "/nowhere",
        "/api/v1/webhooks",
    ] {
        // More often than the bucket has requests, so that a limit would show.
        for _ in 0..3 {
            let answer = send(api.anonymous(Method::GET, path)).await;
            assert!(!answer.header("x-request-id").is_empty(), "{path}");
            assert_eq!(answer.header("ratelimit-limit"), "2", "{path}");
            for name in ["ratelimit-remaining", "ratelimit-reset"] {
                assert!(answer.header(name).parse::<u64>().is_ok(), "{path}: {name}");
            }
            let health = ["/healthz", "/readyz", "/metrics"].contains(&path);
            assert!(!health || answer.status == 200, "{path}: {answer:?}");
            limited |= answer.status == 429;
        }
    }
    assert!(limited, "the other paths are limited");
}

#[tokio::test]
async fn a_request_keeps_the_id_it_came_with() {
    let api = Api::start().await;
    let given = api
        .request(Method::GET, "/webhooks")
        .header("x-request-id", "abc-1");
    assert_eq!(send(given).await.header("x-request-id"), "abc-1");
    let unusable = api
        .request(Method::GET, "/webhooks")
        .header("x-request-id", "a b");
    assert_eq!(send(unusable).await.header("x-request-id").len(), 36);
}

#[tokio::test]
async fn one_key_cannot_use_up_anothers_requests() {
    let api = Api::start_with(|setup| setup.env("POSTHORN_API_RATE_LIMIT_PER_SECOND", "1")).await;
    // A second refills the bucket: it is empty when a refused request says so.
    let refused = eventually(SOON, async || {
        let answer = api.get("/webhooks").await;
        if answer.status == 429 {
            Ok(answer)
        } else {
            Err(answer)
        }
    })
    .await;
    refused.is_problem(429, "rate_limited");
    assert_eq!(refused.header("retry-after"), "1");
    assert_eq!(refused.header("ratelimit-limit"), "1");
    assert_eq!(refused.header("ratelimit-remaining"), "0");
    let anonymous = send(api.anonymous(Method::GET, "/api/v1/webhooks")).await;
    anonymous.is_problem(401, "unauthorized");
}

#[tokio::test]
async fn health_metrics_and_the_document_need_no_key() {
    let api = Api::start().await;
    let document = send(api.anonymous(Method::GET, "/api/v1/openapi.json")).await;
    assert_eq!(document.json["openapi"], "3.1.0");
    assert!(document.json["paths"]["/api/v1/webhooks/{id}"]["patch"].is_object());
    assert_eq!(send(api.anonymous(Method::GET, "/docs/")).await.status, 200);
    assert_eq!(
        send(api.anonymous(Method::GET, "/healthz")).await.status,
        200
    );
    shows_dependency(&api.service, 200, "postgresql", true).await;
    api.get("/webhooks").await;
    let metrics = send(api.anonymous(Method::GET, "/metrics")).await;
    let line = r#"http_server_request_duration_seconds_count{http_request_method="GET",http_response_status_code="200",http_route="/api/v1/webhooks"}"#;
    assert!(metrics.text.contains(line), "{}", metrics.text);
}

#[tokio::test]
async fn browsers_of_other_origins_are_let_in_only_where_they_are_named() {
    let preflight = |api: &Api, origin: &str| {
        api.anonymous(Method::OPTIONS, "/api/v1/webhooks")
            .header("origin", origin.to_owned())
            .header("access-control-request-method", "POST")
    };
    let closed = Api::start().await;
    let answer = send(preflight(&closed, "https://console.example.com")).await;
    assert_eq!(answer.header("access-control-allow-origin"), "");
    drop(closed);
    let open =
        Api::start_with(|setup| setup.env("POSTHORN_CORS_ORIGINS", "https://console.example.com"))
            .await;
    let answer = send(preflight(&open, "https://console.example.com")).await;
    assert_eq!(
        answer.header("access-control-allow-origin"),
        "https://console.example.com"
    );
    let allowed = answer.header("access-control-allow-headers");
    for name in ["authorization", "if-match", "ce-id", "idempotency-key"] {
        assert!(allowed.split(',').any(|each| each == name), "{allowed}");
    }
    assert!(
        answer
            .header("access-control-allow-methods")
            .contains("PATCH")
    );
    assert!(!answer.header("x-request-id").is_empty());
    let refused = open
        .anonymous(Method::GET, "/api/v1/webhooks")
        .header("origin", "https://console.example.com");
    let refused = send(refused).await;
    refused.is_problem(401, "unauthorized");
    assert_eq!(
        refused.header("access-control-allow-origin"),
        "https://console.example.com"
    );
    assert_eq!(refused.header("access-control-expose-headers"), "*");
    let answer = send(preflight(&open, "https://evil.example")).await;
    assert_eq!(answer.header("access-control-allow-origin"), "");
}
