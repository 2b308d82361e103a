//! JSON Schemas and imports that would cost what all tenants share: memory, processors, the stack.

use posthorn_testkit::eventually;
use serde_json::{Map, Value, json};

use crate::fixture::{ADMIN, Answer, Api, SOON, client, json as with_json, send};

/// Most that one request may add to the memory of the process, in KiB.
const GROWTH_KIB_MAX: u64 = 64 * 1024;

async fn enter(api: &Api, name: &str, schema: &Value) -> Answer {
    api.post("/event-types", &json!({"name": name, "schema": schema}))
        .await
}

async fn publish(api: &Api, event_type: &str, data: &Value) -> Answer {
    let event = json!({"type": event_type, "data": data});
    api.post("/events", &event).await
}

/// A schema that is refused, with the field that is named.
async fn refused(api: &Api, schema: &Value) -> String {
    let answer = enter(api, "a.b", schema).await;
    answer.is_problem(422, "validation_failed");
    alive(api).await;
    answer.fields()[0].to_owned()
}

async fn alive(api: &Api) {
    let (status, _) = api.service.get("/healthz").await.unwrap();
    assert_eq!(status, 200);
}

/// Longer than the attack takes, which nobody waits for to the end.
const ANSWER_TIMEOUT: std::time::Duration = std::time::Duration::from_secs(300);

/// The most that the process ever held, in KiB.
fn resident_most_kib(api: &Api) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", api.service.id())).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    let kib = line.and_then(|line| line.split_whitespace().nth(1));
    kib.unwrap().parse().unwrap()
}

/// Nested so deep, each level with its own `unevaluatedProperties`: each costs more than twice the one within it.
fn multiplying(levels: usize) -> Value {
    let mut schema = json!({"type": "object"});
    for _ in 0..levels {
        schema = json!({"allOf": [schema], "unevaluatedProperties": {"type": "integer"}});
    }
    schema
}

/// References in a row, each to a schema that is nested deep.
fn chain(references: usize, levels: usize) -> Value {
    let mut definitions = Map::new();
    for n in 0..references {
        let mut inner = if n + 1 < references {
            json!({"$ref": format!("#/$defs/d{}", n + 1)})
        } else {
            json!({"type": "object"})
        };
        for _ in 0..levels {
            inner = json!({"not": inner});
        }
        definitions.insert(format!("d{n}"), inner);
    }
    json!({"$ref": "#/$defs/d0", "$defs": definitions})
}

/// Regular expressions that compile to much.
fn patterns(count: usize) -> Value {
    let properties: Map<_, _> = (0..count)
        .map(|n| {
            (
                format!("p{n}"),
                json!({"pattern": format!(r"^\p{{L}}{{{n}}}$")}),
            )
        })
        .collect();
    json!({"properties": properties})
}

/// A schema of which one event takes nearly all the steps that one may.
fn slow() -> (Value, Value) {
    let numbers: Vec<_> = (0..4_000).map(|n| f64::from(n) + 0.5).collect();
    let data: Vec<_> = (0..2_000).map(|_| 3_999.5).collect();
    (json!({"items": {"enum": numbers}}), json!(data))
}

#[tokio::test]
async fn what_a_schema_costs_is_known_before_it_is_taken() {
    let api = Api::start().await;
    assert_eq!(enter(&api, "good.three", &multiplying(3)).await.status, 201);
    let before = resident_most_kib(&api);
    let mut inside =
        json!({"id": "x", "definitions": {"d40": {}}, "allOf": [{"$ref": "#/definitions/d0"}]});
    for n in 0..40 {
        let next = json!({"$ref": format!("#/definitions/d{}", n + 1)});
        inside["definitions"][format!("d{n}")] = json!({"allOf": [next, next]});
    }
    let draft_04 = json!({
        "$schema": "http://json-schema.org/draft-04/schema#",
        "properties": {"a": inside}, "definitions": {"d0": {}}
    });
    for levels in [22, 30, 60] {
        let field = refused(&api, &multiplying(levels)).await;
        assert!(field.starts_with("schema"), "{field}");
    }
    assert_eq!(refused(&api, &draft_04).await, "schema/$schema");
    refused(&api, &chain(50, 100)).await;
    refused(&api, &patterns(2_000)).await;
    let growth = resident_most_kib(&api) - before;
    assert!(growth < GROWTH_KIB_MAX, "{growth} KiB");
    for (name, schema) in [("good.chain", chain(4, 40)), ("good.patterns", patterns(5))] {
        assert_eq!(enter(&api, name, &schema).await.status, 201, "{name}");
        assert_eq!(publish(&api, name, &json!({})).await.status, 202, "{name}");
    }
}

#[tokio::test]
async fn a_stored_schema_beyond_the_bounds_is_left_out_and_keeps_no_api_from_starting() {
    let api = Api::start().await;
    let names = ["bad.multiplying", "bad.patterns", "bad.chain", "good.one"];
    for name in names {
        assert_eq!(
            enter(&api, name, &json!({"type": "string"})).await.status,
            201
        );
    }
    for (name, schema) in [
        ("bad.multiplying", multiplying(40)),
        ("bad.patterns", patterns(2_000)),
        ("bad.chain", chain(50, 100)),
    ] {
        let update =
            format!("UPDATE event_types SET schema = $s${schema}$s$ WHERE name = '{name}'");
        api.database.execute(&update).await;
    }
    let mut replica = api.replica().await;
    replica.ready().await;
    let post = async |event_type: &str, data: Value| {
        let body = json!({"type": event_type, "data": data}).to_string();
        let request = client().post(replica.url("/api/v1/events"));
        send(with_json(request.bearer_auth(ADMIN), &body)).await
    };
    // The good one is known as soon as the catalogue was read.
    eventually(SOON, async || {
        let answer = post("good.one", json!(7)).await;
        if answer.status == 422 {
            Ok(())
        } else {
            Err(answer)
        }
    })
    .await;
    for name in &names[..3] {
        for _ in 0..2 {
            assert_eq!(post(name, json!({"a": 1})).await.status, 202, "{name}");
        }
        let said = replica
            .log()
            .matches(&format!("Left out the schema of {name}"))
            .count();
        assert_eq!(said, 1, "{name}: {}", replica.log());
    }
    // It is shown, and can be replaced.
    let shown = api.get("/event-types/bad.patterns").await;
    assert_eq!(shown.json["schema"], patterns(2_000));
    let good = json!({"schema": {"type": "string"}});
    assert_eq!(
        api.put("/event-types/bad.patterns", &good).await.status,
        200
    );
    eventually(SOON, async || {
        let answer = post("bad.patterns", json!(7)).await;
        if answer.status == 422 {
            Ok(())
        } else {
            Err(answer)
        }
    })
    .await;
}

#[tokio::test]
async fn checks_that_take_long_keep_only_their_own_tenant_waiting() {
    let api = Api::start().await;
    let (schema, data) = slow();
    let entry = json!({"name": "a.slow", "schema": schema});
    let (slow, other) = (
        api.key("manager", "slow").await,
        api.key("manager", "other").await,
    );
    let post = async |key: &str, path: &str, body: &Value| {
        let request = api
            .request_as(key, reqwest::Method::POST, path)
            .timeout(ANSWER_TIMEOUT);
        send(with_json(request, &body.to_string())).await
    };
    for key in [&slow, &other] {
        assert_eq!(post(key, "/event-types", &entry).await.status, 201);
    }
    let event = json!({"type": "a.slow", "data": data});
    let batch = Value::from(vec![event.clone(); 40]);
    let attack = futures::future::join_all((0..8).map(|_| post(&slow, "/events", &batch)));
    let others = async {
        for n in 0..5 {
            alive(&api).await;
            let answer = post(&other, "/events", &event).await;
            assert_eq!(answer.status, 202, "{n}: {answer:?}");
            assert_eq!(api.get_as(&other, "/webhooks").await.status, 200);
        }
    };
    // What the slow tenant still waits for when the other has all its answers is not waited for.
    tokio::select! {
        biased;
        () = others => {}
        answers = attack => panic!("the others were answered after {answers:.200?}"),
    }
}

#[tokio::test]
async fn an_import_ends_and_takes_little_whatever_refers_to_what() {
    let api = Api::start().await;
    let webhook = |target: &str| {
        let schema = json!({"$ref": format!("#/components/schemas/{target}")});
        json!({"post": {"requestBody": {"content": {"application/json": {"schema": schema}}}}})
    };
    let document = |webhooks: Value, schemas: Value| json!({"openapi": "3.1.0", "webhooks": webhooks, "components": {"schemas": schemas}});
    let import = async |document: &Value| api.post("/event-types/import", document).await;
    for (name, spelled) in [("a/b", "a~1b"), ("a~b", "a~0b"), ("a b", "a%20b")] {
        let next = json!({"$ref": format!("#/components/schemas/{spelled}")});
        let node = json!({"type": "object", "properties": {"next": next}});
        let done = import(&document(
            json!({"a.node": webhook(spelled)}),
            json!({name: node}),
        ))
        .await;
        assert_eq!(done.json["event_types"], json!(["a.node"]), "{done:?}");
        assert_eq!(
            publish(&api, "a.node", &json!({"next": {"next": {}}}))
                .await
                .status,
            202
        );
        publish(&api, "a.node", &json!({"next": {"next": 7}}))
            .await
            .is_problem(422, "validation_failed");
    }
    let before = resident_most_kib(&api);
    let big = json!({"Big": {"description": "x".repeat(200 * 1024)}});
    let many = |count: usize| {
        (0..count)
            .map(|n| (format!("t.t{n}"), webhook("Big")))
            .collect()
    };
    for count in [5_000, 1_000] {
        let answer = import(&document(Value::Object(many(count)), big.clone())).await;
        answer.is_problem(422, "validation_failed");
    }
    let small: Vec<_> = (0..400_000).map(|_| json!({"name": "a"})).collect();
    let answer = import(&json!({"event_types": small})).await;
    answer.is_problem(422, "validation_failed");
    assert_eq!(answer.fields(), ["event_types"]);
    let growth = resident_most_kib(&api) - before;
    assert!(growth < GROWTH_KIB_MAX, "{growth} KiB");
}
