//! The catalogue of event types.

use posthorn_domain::OperationalType;
use posthorn_testkit::eventually;
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    fixture::{Answer, Api, SOON, json as with_json, send},
    history::{EVENT, record},
};

async fn publish(api: &Api, event_type: &str, data: Value) -> Answer {
    api.post("/events", &json!({"type": event_type, "data": data}))
        .await
}

#[tokio::test]
async fn a_type_is_entered_read_changed_found_and_taken_out() {
    let api = Api::start().await;
    let entered = json!({
        "name": "user.created", "category": "user", "description": "Somebody signed up",
        "example": {"name": "Ada", "n": 1}, "schema": {"type": "object", "required": ["name"]}
    });
    let created = api.post("/event-types", &entered).await;
    assert_eq!(created.status, 201, "{created:?}");
    assert_eq!(
        created.header("location"),
        "/api/v1/event-types/user.created"
    );
    assert_eq!(created.json["label"], "User created");
    for (field, value) in entered.as_object().unwrap() {
        assert_eq!(created.json[field], *value, "{field}");
    }
    assert_eq!(
        api.get("/event-types/user.created").await.json,
        created.json
    );
    let again = api.post("/event-types", &entered).await;
    again.is_problem(409, "event_type_exists");

    let changed = api
        .put("/event-types/user.created", &json!({"label": "Sign-up"}))
        .await;
    assert_eq!(changed.status, 200, "{changed:?}");
    assert_eq!(changed.json["label"], "Sign-up");
    assert_eq!(changed.json["schema"], Value::Null);
    assert_eq!(changed.json["created_at"], created.json["created_at"]);

    api.post(
        "/event-types",
        &json!({"name": "invoice.paid", "category": "billing"}),
    )
    .await;
    let names = async |query: &str| {
        let list = api.get(&format!("/event-types{query}")).await.json;
        let types = list["event_types"].as_array().unwrap().iter();
        let names: Vec<String> = types
            .map(|t| t["name"].as_str().unwrap().to_owned())
            .collect();
        (names, list["total"].as_u64().unwrap())
    };
    let both = vec!["invoice.paid".to_owned(), "user.created".to_owned()];
    assert_eq!(names("").await, (both.clone(), 2));
    assert_eq!(names("?category=billing").await, (both[..1].to_vec(), 1));
    assert_eq!(names("?search=SIGN").await, (both[1..].to_vec(), 1));
    assert_eq!(names("?limit=1&offset=1").await, (both[1..].to_vec(), 2));
    let available = api.get("/webhooks/events/available").await;
    assert_eq!(
        available.json["events"],
        json!([
            "delivery.exhausted",
            "invoice.paid",
            "user.created",
            "webhook.disabled",
            "webhook.failing",
            "webhook.recovered"
        ])
    );

    assert_eq!(api.delete("/event-types/user.created").await.status, 204);
    for method in [Method::GET, Method::DELETE, Method::PUT] {
        let path = "/event-types/user.created";
        let answer = send(with_json(api.request(method, path), "{}")).await;
        answer.is_problem(404, "event_type_not_found");
    }
    api.get("/event-types/no%20type")
        .await
        .is_problem(404, "event_type_not_found");
    let log = api.get("/audit-log?target_id=user.created").await;
    let actions: Vec<&str> = log.json["entries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["action"].as_str().unwrap())
        .collect();
    assert_eq!(
        actions,
        [
            "event_type.deleted",
            "event_type.updated",
            "event_type.created"
        ]
    );
}

#[tokio::test]
async fn an_entry_that_cannot_be_names_its_field() {
    let api = Api::start().await;
    let long = "x".repeat(2_001);
    for (body, fields) in [
        (json!({}), &["name"][..]),
        (json!({"name": "a b"}), &["name"]),
        (json!({"name": "a", "lable": "x"}), &["lable"]),
        (
            json!({"name": "a", "label": "", "category": long, "description": long}),
            &["label", "category", "description"],
        ),
        (json!({"name": "a", "schema": 7}), &["schema"]),
        (
            json!({"name": "a", "schema": {"properties": {"a": {"type": "strin"}}}}),
            &["schema/properties/a/type"],
        ),
        (
            json!({"name": "a", "schema": {"$ref": "https://example.com/"}}),
            &["schema/$ref"],
        ),
        (
            json!({"name": "a", "schema": {"$ref": "#"}}),
            &["schema/$ref"],
        ),
        (
            json!({"name": "a", "schema": {"pattern": "(?=x)"}}),
            &["schema/pattern"],
        ),
        (
            json!({"name": "a", "schema": {"description": "x".repeat(70_000)}}),
            &["schema"],
        ),
        (
            json!({"name": "a", "schema": {"items": {"type": "string"}}, "example": ["b", 1]}),
            &["example/1"],
        ),
    ] {
        let answer = api.post("/event-types", &body).await;
        let problem = answer.is_problem(422, "validation_failed");
        assert_eq!(problem.fields(), fields, "{:.200}", answer.text);
    }
}

#[tokio::test]
async fn events_must_satisfy_the_schema_of_their_type_on_every_replica() {
    let api = Api::start().await;
    let schema = json!({
        "type": "object", "required": ["amount"],
        "properties": {"amount": {"type": "number", "minimum": 0}, "lines": {"items": {"type": "string"}}}
    });
    let entry = json!({"name": "order.paid", "schema": schema});
    assert_eq!(api.post("/event-types", &entry).await.status, 201);

    assert_eq!(
        publish(&api, "order.paid", json!({"amount": 1}))
            .await
            .status,
        202
    );
    let wrong = publish(&api, "order.paid", json!({"amount": -1, "lines": ["a", 2]})).await;
    let mut fields = wrong.is_problem(422, "validation_failed").fields();
    fields.sort_unstable();
    assert_eq!(fields, ["data/amount", "data/lines/1"]);
    let batch = json!([
        {"type": "order.paid", "data": {"amount": 1}},
        {"type": "order.paid", "data": {}},
    ]);
    let wrong = api.post("/events", &batch).await;
    assert_eq!(
        wrong.is_problem(422, "validation_failed").fields(),
        ["[1].data"]
    );
    let cloud_event =
        json!({"specversion": "1.0", "id": "1", "source": "/s", "type": "order.paid", "data": 7});
    let wrong = api
        .request(Method::POST, "/events")
        .header("content-type", "application/cloudevents+json")
        .body(cloud_event.to_string());
    send(wrong).await.is_problem(422, "validation_failed");

    // Of another tenant, a type of this name is another type.
    let elsewhere = json!({"type": "order.paid", "data": 7});
    assert_eq!(
        api.post("/events?tenant=acme", &elsewhere).await.status,
        202
    );

    // Another replica hears of it, and of its end.
    let replica = api.replica().await;
    let client = crate::fixture::client();
    let there = || {
        let request = client
            .post(replica.url("/api/v1/events"))
            .bearer_auth(crate::fixture::ADMIN);
        send(with_json(
            request,
            &json!({"type": "order.paid", "data": 7}).to_string(),
        ))
    };
    let becomes = async |wanted: u16| {
        eventually(SOON, async || {
            let answer = there().await;
            if answer.status == wanted {
                Ok(())
            } else {
                Err(answer)
            }
        })
        .await;
    };
    becomes(422).await;
    assert_eq!(api.delete("/event-types/order.paid").await.status, 204);
    assert_eq!(publish(&api, "order.paid", json!(7)).await.status, 202);
    becomes(202).await;
}

#[tokio::test]
async fn schemas_are_enforced_while_the_database_is_away() {
    let api = Api::start().await;
    let entry = json!({"name": "a.b", "schema": {"type": "string"}});
    assert_eq!(api.post("/event-types", &entry).await.status, 201);
    api.link.refuse();
    assert_eq!(publish(&api, "a.b", json!("text")).await.status, 202);
    let wrong = publish(&api, "a.b", json!(7)).await;
    wrong.is_problem(422, "validation_failed");
}

#[tokio::test]
async fn an_unknown_type_is_logged_once_and_refused_only_in_strict_mode() {
    let lenient = Api::start().await;
    // Until the catalogue was read for the first time nothing is unknown.
    let said = |log: &str| log.matches("the type nobody.knows").count();
    eventually(SOON, async || {
        let answer = publish(&lenient, "nobody.knows", json!(1)).await;
        assert_eq!(answer.status, 202, "{answer:?}");
        let log = lenient.service.log();
        if said(&log) > 0 { Ok(()) } else { Err(log) }
    })
    .await;
    for _ in 0..3 {
        assert_eq!(
            publish(&lenient, "nobody.knows", json!(1)).await.status,
            202
        );
    }
    assert_eq!(said(&lenient.service.log()), 1, "{}", lenient.service.log());
    drop(lenient);

    let strict = Api::start_with(|setup| setup.env("POSTHORN_STRICT_EVENT_TYPES", "true")).await;
    let refused = eventually(SOON, async || {
        let answer = publish(&strict, "nobody.knows", json!(1)).await;
        // As long as the catalogue was not read.
        if answer.status == 503 {
            Err(answer)
        } else {
            Ok(answer)
        }
    })
    .await;
    assert_eq!(
        refused.is_problem(422, "validation_failed").fields(),
        ["type"]
    );
    strict
        .post("/event-types", &json!({"name": "nobody.knows"}))
        .await;
    assert_eq!(publish(&strict, "nobody.knows", json!(1)).await.status, 202);
}

#[tokio::test]
async fn a_list_or_an_openapi_document_is_imported_as_a_whole_or_not_at_all() {
    let api = Api::start().await;
    let import = async |body: Value| api.post("/event-types/import", &body).await;
    api.post(
        "/event-types",
        &json!({"name": "b.known", "label": "Before"}),
    )
    .await;
    let list = json!({"event_types": [{"name": "b.known", "label": "After"}, {"name": "a.new"}]});
    let done = import(list).await;
    assert_eq!(
        done.json,
        json!({"created": 1, "updated": 1, "event_types": ["a.new", "b.known"]}),
        "{done:?}"
    );
    assert_eq!(api.get("/event-types/b.known").await.json["label"], "After");

    let broken = json!({"event_types": [{"name": "c.fine"}, {"name": "d.broken", "schema": 7}, {"name": "c.fine"}]});
    let refused = import(broken).await;
    assert_eq!(
        refused.is_problem(422, "validation_failed").fields(),
        ["event_types[1].schema", "event_types[2].name"]
    );
    api.get("/event-types/c.fine")
        .await
        .is_problem(404, "event_type_not_found");

    let mut document = json!({
        "openapi": "3.1.0", "info": {"title": "Shop", "version": "1"},
        "webhooks": {
            "order.placed": {"post": {
                "summary": "Order placed", "description": "Somebody bought", "tags": ["order", "money"],
                "requestBody": {"content": {"application/json": {
                    "schema": {"$ref": "#/components/schemas/Order"},
                    "example": {"lines": [{"sku": "a"}]}
                }}}
            }},
            "order.noticed": {"post": {}}
        },
        "components": {"schemas": {
            "Order": {"type": "object", "properties": {"lines": {"type": "array", "items": {"$ref": "#/components/schemas/Line"}}}},
            "Line": {"type": "object", "required": ["sku"]},
            "Unused": {"type": "string"}
        }}
    });
    let done = import(document.clone()).await;
    assert_eq!(
        done.json["event_types"],
        json!(["order.noticed", "order.placed"]),
        "{done:?}"
    );
    let placed = api.get("/event-types/order.placed").await.json;
    let of = |name: &str| placed[name].as_str().unwrap_or_default();
    assert_eq!(
        (of("label"), of("category"), of("description")),
        ("Order placed", "order", "Somebody bought")
    );
    let definitions = placed["schema"]["$defs"].as_object().unwrap();
    assert_eq!(definitions.keys().collect::<Vec<_>>(), ["Line", "Order"]);
    let wrong = publish(&api, "order.placed", json!({"lines": [{}]})).await;
    assert_eq!(
        wrong.is_problem(422, "validation_failed").fields(),
        ["data/lines/0"]
    );

    document["webhooks"]["order.noticed"] = json!({"get": {}});
    let refused = import(document.clone()).await;
    assert_eq!(
        refused.is_problem(422, "validation_failed").fields(),
        ["webhooks.order.noticed"]
    );
    document["openapi"] = json!("3.0.0");
    let refused = import(document).await;
    assert_eq!(
        refused.is_problem(422, "validation_failed").fields(),
        ["openapi"]
    );
}

#[tokio::test]
async fn an_empty_catalogue_suggests_what_was_published_lately() {
    let api = Api::start().await;
    let webhook = api.webhook(json!({})).await;
    record(&api, "default", webhook["id"].as_str().unwrap()).await;
    // Of long ago, and one of now.
    api.database
        .execute(&format!(
            "INSERT INTO events (id, tenant, event_type, timestamp, accepted_at, stream_sequence, data)
             SELECT (lpad(to_hex((extract(epoch FROM now()) * 1000)::bigint), 12, '0') || '70008000' || lpad(n::text, 12, '0'))::uuid,
                 tenant, name, now(), now(), 1, data
             FROM events, (VALUES (1, 'order.paid'), (2, 'webhook.failing')) AS seen(n, name) WHERE id = '{EVENT}'"
        ))
        .await;
    let names = async |query: &str| {
        let available = api.get(&format!("/webhooks/events/available{query}")).await;
        assert_eq!(available.status, 200, "{}", available.text);
        let names = available.json["events"].as_array().unwrap().clone();
        let operational = OperationalType::ALL.map(OperationalType::as_str);
        let ordinary = names
            .iter()
            .map(|name| name.as_str().unwrap().to_owned())
            .filter(|name| !operational.contains(&name.as_str()));
        (ordinary.collect::<Vec<_>>(), names.len())
    };
    let nothing = (Vec::new(), 4);
    assert_eq!(names("").await, nothing);
    assert_eq!(names("?seen=false").await, nothing);
    assert_eq!(
        names("?seen=true").await,
        (vec!["order.paid".to_owned()], 5)
    );
    let entry = json!({"name": "user.created"});
    assert_eq!(api.post("/event-types", &entry).await.status, 201);
    assert_eq!(names("?seen=true").await.0, ["order.paid", "user.created"]);
    assert_eq!(names("").await.0, ["user.created"]);
    assert_eq!(names("?seen=true&tenant=acme").await, nothing);
    let wrong = api.get("/webhooks/events/available?seen=yes").await;
    assert_eq!(
        wrong.is_problem(422, "validation_failed").fields(),
        ["seen"]
    );
}
