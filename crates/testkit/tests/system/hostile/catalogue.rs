//! Schemas and imports that would cost what all share.

use futures::future::join_all;
use serde_json::{Map, Value, json};

use super::{
    attacker,
    neighbour::{ACTS, Neighbour},
};
use crate::stack::Stack;

/// What keeps a processor busy in each of many requests at the same time.
const AT_ONCE: usize = 4;

/// Nested so deep, each level with its own `unevaluatedProperties`.
fn multiplying(levels: usize) -> Value {
    let mut schema = json!({"type": "object"});
    for _ in 0..levels {
        schema = json!({"allOf": [schema], "unevaluatedProperties": {"type": "integer"}});
    }
    schema
}

/// Draft 4, where an `id` changes what references below it mean: each of 40 definitions refers twice to the next.
fn doubling_below_an_id() -> Value {
    let mut inside =
        json!({"id": "x", "definitions": {"d40": {}}, "allOf": [{"$ref": "#/definitions/d0"}]});
    let mut harmless = Map::new();
    for n in 0..40 {
        let next = json!({"$ref": format!("#/definitions/d{}", n + 1)});
        inside["definitions"][format!("d{n}")] = json!({"allOf": [next, next]});
        harmless.insert(format!("d{n}"), json!({}));
    }
    harmless.insert("d40".to_owned(), json!({}));
    json!({
        "$schema": "http://json-schema.org/draft-04/schema#",
        "properties": {"a": inside},
        "definitions": harmless,
    })
}

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

/// Enters a schema, whether or not it is taken, and publishes what it would be asked about.
async fn schemas_with_a_price(name: &str, schema: Value, data: Value) {
    let stack = Stack::start().await;
    let (attacker, neighbour) = (attacker(&stack).await, Neighbour::of(&stack).await);
    let attack = async {
        let entry = json!({"name": "a.b", "schema": schema, "example": data});
        let event = json!({"type": "a.b", "data": data});
        let attempts = (0..AT_ONCE).map(async |_| {
            attacker.json("POST", "/event-types", &entry).await;
            attacker.json("POST", "/events", &event).await;
        });
        join_all(attempts).await;
    };
    neighbour.lives_through(name, &ACTS, attack).await;
    // What was stored keeps nobody from starting.
    stack.another_api().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn schemas_that_multiply() {
    let data = json!({"a": 1});
    schemas_with_a_price(
        "1 `unevaluatedProperties`, 30 nested",
        multiplying(30),
        data,
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn schemas_of_a_draft_that_reads_references_otherwise() {
    let data = json!({"a": {}});
    schemas_with_a_price("2 Draft 4 with `id`", doubling_below_an_id(), data).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn schemas_of_large_patterns() {
    schemas_with_a_price("4 2,000 patterns", patterns(2_000), json!({})).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn schemas_that_are_deep_by_reference() {
    schemas_with_a_price("15 50 references of 100 levels", chain(50, 100), json!({})).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn events_that_are_slow_to_check() {
    let stack = Stack::start().await;
    let (attacker, neighbour) = (attacker(&stack).await, Neighbour::of(&stack).await);
    let numbers: Vec<_> = (0..4_000).map(|n| f64::from(n) + 0.5).collect();
    let data = vec![json!(3_999.5); 2_000];
    let entry = json!({"name": "a.b", "schema": {"items": {"enum": numbers}}});
    let entered = attacker.json("POST", "/event-types", &entry).await;
    assert_eq!(entered.status, 201, "{entered:?}");
    let batch = vec![json!({"type": "a.b", "data": data}); 5];
    let attack = async {
        // Those that waited too long for the others of their own tenant are told so.
        let posts =
            (0..AT_ONCE).map(async |_| attacker.json("POST", "/events", &json!(batch)).await);
        for answer in join_all(posts).await {
            assert!(matches!(answer.status, 202 | 503), "{answer:?}");
        }
    };
    neighbour
        .lives_through(
            "5 an `enum` of 4,000 for 2,000 numbers, in 20 events",
            &ACTS,
            attack,
        )
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn imports_that_refer_to_themselves() {
    let stack = Stack::start().await;
    let (attacker, neighbour) = (attacker(&stack).await, Neighbour::of(&stack).await);
    let node = json!({"$ref": "#/components/schemas/a~1b"});
    let body = json!({"content": {"application/json": {"schema": node}}});
    let document = json!({
        "openapi": "3.1.0",
        "webhooks": {"a.node": {"post": {"requestBody": body}}},
        "components": {"schemas": {"a/b": {"type": "object", "properties": {"next": node}}}},
    });
    let attack = async {
        let imports = (0..AT_ONCE).map(async |_| {
            attacker
                .json("POST", "/event-types/import", &document)
                .await
        });
        for answer in join_all(imports).await {
            assert_eq!(answer.status, 200, "{answer:?}");
        }
    };
    neighbour
        .lives_through("3 an import that refers to itself", &ACTS, attack)
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn imports_that_amplify() {
    let stack = Stack::start().await;
    let (attacker, neighbour) = (attacker(&stack).await, Neighbour::of(&stack).await);
    let schema = json!({"$ref": "#/components/schemas/Big"});
    let body = json!({"content": {"application/json": {"schema": schema}}});
    let webhooks: Map<_, _> = (0..5_000)
        .map(|n| (format!("t.t{n}"), json!({"post": {"requestBody": body}})))
        .collect();
    let document = json!({
        "openapi": "3.1.0",
        "webhooks": webhooks,
        "components": {"schemas": {"Big": {"description": "x".repeat(200 * 1_024)}}},
    });
    let attack = async {
        let imports = (0..AT_ONCE).map(async |_| {
            attacker
                .json("POST", "/event-types/import", &document)
                .await
        });
        for answer in join_all(imports).await {
            assert!(matches!(answer.status, 422 | 503), "{answer:?}");
        }
    };
    neighbour
        .lives_through("8 an import of 5,000 copies of 200 KiB", &ACTS, attack)
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn imports_of_as_much_as_is_allowed() {
    let stack = Stack::start().await;
    let (attacker, neighbour) = (attacker(&stack).await, Neighbour::of(&stack).await);
    let types: Vec<_> = (0..1_000)
        .map(|n| json!({"name": format!("t.t{n}"), "schema": {"type": "object"}}))
        .collect();
    let document = json!({"event_types": types});
    let attack = async {
        for _ in 0..5 {
            let answer = attacker
                .json("POST", "/event-types/import", &document)
                .await;
            assert_eq!(answer.status, 200, "{answer:?}");
        }
    };
    neighbour
        .lives_through("14 imports of 1,000 types", &ACTS, attack)
        .await;
}
