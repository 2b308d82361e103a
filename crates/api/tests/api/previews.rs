//! What would be sent, before anything is.

use serde_json::{Value, json};

use crate::fixture::{Answer, Api};

async fn preview(api: &Api, input: Value) -> Answer {
    api.post("/webhooks/preview", &input).await
}

#[tokio::test]
async fn settings_are_tried_on_an_event_that_need_not_have_happened() {
    let api = Api::start().await;
    let event = json!({"type": "order.paid", "data": {"name": "Ada", "amount": 150}});
    let shown = preview(
        &api,
        json!({
            "webhook": {
                "filter": "data.amount > 100", "payload_template": "{\"text\": {{ data.name | tojson }}}",
                "auth": {"type": "bearer", "token": "s3cret"}, "custom_headers": {"X-A": "1", "X-Key": "s3cret"},
            },
            "event": event,
        }),
    )
    .await;
    assert_eq!(shown.status, 200, "{shown:?}");
    assert_eq!(shown.json["matches"], true);
    let request = &shown.json["request"];
    assert_eq!(request["method"], "POST");
    assert_eq!(request["url"], "https://example.com/");
    assert_eq!(request["body"], r#"{"text": "Ada"}"#);
    let headers = &request["headers"];
    assert_eq!(headers["authorization"], "[redacted]");
    assert_eq!(headers["x-key"], "[redacted]");
    assert_eq!(headers["x-a"], "[redacted]");
    assert_eq!(headers["x-webhook-event"], "order.paid");
    let signature = headers["webhook-signature"].as_str().unwrap();
    assert!(signature.starts_with("v1,"), "{signature}");
    assert!(!shown.text.contains("s3cret"), "{}", shown.text);

    for (settings, matches, failed) in [
        (json!({"event_types": ["user.*"]}), false, false),
        (json!({"filter": "data.amount > 200"}), false, false),
        (json!({"filter": "data.missing > 1"}), false, true),
        (json!({"integration_type": "slack"}), true, false),
    ] {
        let shown = preview(&api, json!({"webhook": settings, "event": event}))
            .await
            .json;
        assert_eq!(shown["matches"], matches, "{settings}");
        assert_eq!(shown.get("filter_error").is_some(), failed, "{settings}");
    }
}

#[tokio::test]
async fn what_is_half_written_is_an_answer_and_no_refused_request() {
    let api = Api::start().await;
    let event = json!({"type": "order.paid", "data": {"amount": 5}});
    for (settings, member, matches) in [
        (
            json!({"payload_template": "{\n{{ data. }}"}),
            "template_error",
            true,
        ),
        (
            json!({"payload_template": "{\n{{ data.a.b }}", "payload_format": "template"}),
            "template_error",
            true,
        ),
        (json!({"filter": "data.amount >"}), "filter_error", false),
    ] {
        let answer = preview(&api, json!({"webhook": settings, "event": event})).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        let shown = answer.json.as_object().unwrap();
        let error = shown[member].as_str().unwrap();
        assert_eq!(shown["matches"], matches, "{settings}");
        if member == "template_error" {
            assert!(error.contains("line 2"), "{error}");
        }
        assert!(!shown.contains_key("request"), "{settings}");
    }
    let both = json!({"filter": "1 +", "payload_template": "{{"});
    let shown = preview(&api, json!({"webhook": both, "event": event}))
        .await
        .json;
    assert!(shown["filter_error"].is_string() && shown["template_error"].is_string());
    // Beside another mistake, which makes it a refused request, all are told.
    let header = json!({"payload_template": "{{ data.x | lenght }}", "filter": "dta.x > 1",
        "custom_headers": {"content-type": "text/\nplain"}});
    let refused = preview(&api, json!({"webhook": header, "event": event})).await;
    assert_eq!(refused.status, 422, "{refused:?}");
    for field in [
        "webhook.payload_template",
        "webhook.filter",
        "webhook.custom_headers",
    ] {
        assert!(refused.text.contains(field), "{field}: {refused:?}");
    }
    // A content type is fine where there is a template, even one that is not finished.
    let unfinished = json!({"payload_template": "{{ data. }}", "custom_headers": {"content-type": "text/plain"}});
    let shown = preview(&api, json!({"webhook": unfinished, "event": event})).await;
    assert_eq!(shown.status, 200, "{shown:?}");
    assert!(shown.json["template_error"].is_string(), "{shown:?}");
    // What is too long is a mistake like any other.
    for (member, source) in [
        ("payload_template", "a".repeat(64 * 1024 + 1)),
        ("filter", format!("data.a == '{}'", "a".repeat(4_096))),
    ] {
        let input = json!({"webhook": {member: source}, "event": {"type": "a", "data": 1}});
        let refused = api.post("/webhooks/preview", &input).await;
        let problem = refused.is_problem(422, "validation_failed");
        assert_eq!(problem.fields(), [format!("webhook.{member}")]);
    }
    // What else is wrong is told as ever.
    let wrong = json!({"filter": "1 +", "timeout_seconds": 0});
    preview(&api, json!({"webhook": wrong, "event": event}))
        .await
        .is_problem(422, "validation_failed");
}

#[tokio::test]
async fn mistakes_are_told_with_their_field() {
    let api = Api::start().await;
    let event = json!({"type": "order.paid", "data": {}});
    let answer = preview(&api, json!({"webhook": {"nmae": "x"}, "event": event})).await;
    let problem = answer.is_problem(422, "validation_failed");
    assert_eq!(problem.fields(), ["webhook.nmae"]);
    for (input, field) in [
        (json!({"event": event}), "webhook"),
        (json!({"webhook": {}}), "event"),
        (
            json!({"webhook": {}, "event": {"type": "a..b", "data": 1}}),
            "event.type",
        ),
        (
            json!({"webhook": {}, "event": {"type": "a.b", "dta": 1}}),
            "event.dta",
        ),
    ] {
        let answer = preview(&api, input.clone()).await;
        let problem = answer.is_problem(422, "validation_failed");
        assert_eq!(problem.fields(), [field], "{input}");
    }
}

#[tokio::test]
async fn a_webhook_that_exists_is_previewed_without_its_own_signature() {
    let api = Api::start().await;
    let webhook = api
        .webhook(json!({"event_types": ["user.*"], "payload_format": "classic"}))
        .await;
    let input = json!({
        "webhook_id": webhook["id"],
        "event": {"type": "user.created", "data": 1, "timestamp": "2025-01-26T12:00:00Z"},
    });
    let shown = preview(&api, input.clone()).await.json;
    assert_eq!(shown["matches"], true, "{shown}");
    let body: Value = serde_json::from_str(shown["request"]["body"].as_str().unwrap()).unwrap();
    assert_eq!(
        body,
        json!({"event": "user.created", "timestamp": "2025-01-26T12:00:00Z", "data": 1, "webhook_id": webhook["id"]})
    );
    // Another secret each time: the body is the same, what signs it is not.
    let signature = "/request/headers/x-webhook-signature";
    let again = preview(&api, input).await.json;
    assert_eq!(again["request"]["body"], shown["request"]["body"]);
    assert_ne!(again.pointer(signature), shown.pointer(signature));

    let elsewhere = api.key("manager", "other").await;
    let request = api.request_as(&elsewhere, reqwest::Method::POST, "/webhooks/preview");
    let input = json!({"webhook_id": webhook["id"], "event": {"type": "a.b", "data": 1}});
    crate::fixture::send(crate::fixture::json(request, &input.to_string()))
        .await
        .is_problem(404, "webhook_not_found");
    let input = json!({"webhook": {}, "event_id": webhook["id"]});
    preview(&api, input)
        .await
        .is_problem(404, "event_not_found");
}
