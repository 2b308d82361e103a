use posthorn_domain::limits::EVENT_TYPE_SCHEMA_BYTES_MAX;
use serde_json::{Value, json};

use super::*;

#[expect(
    clippy::needless_pass_by_value,
    reason = "made for the call by each caller"
)]
fn document(webhooks: Value, schemas: Value) -> Value {
    json!({"openapi": "3.1.0", "webhooks": webhooks, "components": {"schemas": schemas}})
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "made for the call by each caller"
)]
fn webhook(schema: Value) -> Value {
    json!({"post": {"requestBody": {"content": {"application/json": {"schema": schema}}}}})
}

fn read(document: &Value) -> Vec<DescribedType> {
    event_types_of_openapi(&document.to_string()).unwrap()
}

fn refused(document: &Value) -> Vec<FieldError> {
    event_types_of_openapi(&document.to_string()).unwrap_err()
}

fn schema(described: &DescribedType) -> Value {
    serde_json::from_str(described.schema.as_ref().unwrap().get()).unwrap()
}

#[test]
fn a_component_that_refers_to_itself_is_taken_once_however_it_is_spelled() {
    for (name, spellings) in [
        ("plain", &["plain", "pl%61in"][..]),
        ("a/b", &["a~1b", "a%7E1b"]),
        ("a~b", &["a~0b"]),
        ("a~1b", &["a~01b"]),
        ("50%", &["50%25"]),
    ] {
        let reference =
            |spelling: &str| json!({"$ref": format!("#/components/schemas/{spelling}")});
        let next: Vec<Value> = spellings
            .iter()
            .map(|spelling| reference(spelling))
            .collect();
        let component =
            json!({"type": "object", "properties": {"next": {"items": next[0]}}, "x": next});
        let document = document(
            json!({"a.b": webhook(reference(spellings[0]))}),
            json!({name: component}),
        );
        let types = read(&document);
        let schema = schema(&types[0]);
        let definitions: Vec<_> = schema["$defs"].as_object().unwrap().keys().collect();
        assert_eq!(definitions, [name]);
        let pointer = schema["$ref"].as_str().unwrap();
        let (_, found) = crate::reference::resolve(&schema, pointer).unwrap();
        assert_eq!(found["type"], "object", "{name}");
    }
}

#[test]
fn a_component_stands_beside_a_definition_of_the_same_name() {
    let document = document(
        json!({"a.b": webhook(json!({
            "properties": {
                "own": {"$ref": "#/$defs/Line"}, "theirs": {"$ref": "#/components/schemas/Line"},
                "$ref": {"const": {"$ref": "#/components/schemas/None"}}},
            "$defs": {"Line": {"type": "string"}}
        }))}),
        json!({"Line": {"type": "integer"}}),
    );
    let schema = schema(&read(&document)[0]);
    let definition = |property: &str| {
        let target = schema["properties"][property]["$ref"].as_str().unwrap();
        crate::reference::resolve(&schema, target).unwrap().1["type"].clone()
    };
    assert_eq!(
        (definition("own"), definition("theirs")),
        (json!("string"), json!("integer"))
    );
}

#[test]
fn what_a_document_says_is_found_through_references() {
    let mut document = document(
        json!({"a.b": {"$ref": "#/components/pathItems/it"}}),
        json!({}),
    );
    document["components"]["pathItems"] = json!({"it": {"summary": "It", "put": {
        "description": "That", "tags": ["one", 2],
        "requestBody": {"$ref": "#/components/requestBodies/body"}}}});
    document["components"]["requestBodies"] = json!({"body": {"content": {"application/json": {
        "schema": true, "examples": {"x": {"$ref": "#/components/examples/first"}, "y": {"value": 2}}}}}});
    document["components"]["examples"] = json!({"first": {"value": {"n": 1}}});
    let types = read(&document);
    let it = &types[0];
    assert_eq!(
        (
            it.label.as_deref(),
            it.category.as_deref(),
            it.description.as_deref()
        ),
        (Some("It"), Some("one"), Some("That"))
    );
    assert_eq!(it.example.as_ref().unwrap().get(), r#"{"n":1}"#);
    assert_eq!(it.schema.as_ref().unwrap().get(), "true");
    for (pointer, field) in [
        ("#/components/pathItems/none", "webhooks.a.b"),
        ("#/paths/x", "webhooks.a.b"),
        ("https://example.com/", "webhooks.a.b"),
    ] {
        document["webhooks"] = json!({"a.b": {"$ref": pointer}});
        assert_eq!(refused(&document)[0].field, field, "{pointer}");
    }
}

#[test]
fn what_it_makes_has_a_bound_while_it_is_made() {
    let reference = json!({"$ref": "#/components/schemas/Big"});
    let webhooks = |count: usize| -> Value {
        let webhooks = (0..count).map(|n| (format!("t.t{n}"), webhook(reference.clone())));
        Value::Object(webhooks.collect())
    };
    let big = |bytes: usize| json!({"Big": {"description": "x".repeat(bytes)}});
    let field = |document: &Value| refused(document).remove(0).field;
    assert_eq!(field(&document(webhooks(1_001), json!({}))), "webhooks");
    assert_eq!(field(&document(webhooks(0), json!({}))), "webhooks");
    let mistakes = refused(&document(webhooks(1_000), big(200 * 1024)));
    assert_eq!(mistakes.len(), MISTAKES_MAX);
    assert!(
        mistakes[0]
            .detail
            .contains(&EVENT_TYPE_SCHEMA_BYTES_MAX.to_string())
    );
    let mistakes = refused(&document(webhooks(1_000), big(60 * 1024)));
    assert!(mistakes[0].detail.contains("together"), "{mistakes:?}");
    assert_eq!(read(&document(webhooks(1_000), big(2_000))).len(), 1_000);
    // A large part that many refer to is read no oftener than the budget says.
    let mut shared = document(
        (0..1_000)
            .map(|n| {
                (
                    format!("t.t{n}"),
                    json!({"$ref": "#/components/pathItems/it"}),
                )
            })
            .collect(),
        json!({}),
    );
    shared["components"]["pathItems"] = json!({"it": {"post": {"x": "x".repeat(4 * 1024 * 1024)}}});
    let mistakes = refused(&shared);
    assert!(
        mistakes[0].detail.contains("too long to read"),
        "{mistakes:?}"
    );
    let many: serde_json::Map<_, _> = (0..=OPENAPI_COMPONENTS_MAX)
        .map(|n| (n.to_string(), json!(true)))
        .collect();
    assert_eq!(
        field(&document(webhooks(1), Value::Object(many))),
        "components"
    );
}

#[test]
fn what_is_no_such_document_is_refused() {
    let good = document(json!({"a.b": {"post": {}}}), json!({}));
    assert_eq!(read(&good).len(), 1);
    for (pointer, value, field) in [
        ("/openapi", json!("3.0.3"), "openapi"),
        ("/openapi", json!(3.1), "openapi"),
        ("/webhooks", json!([]), "webhooks"),
        ("/webhooks/a.b", json!({"get": {}}), "webhooks.a.b"),
        ("/webhooks/a.b", json!(7), "webhooks.a.b"),
        ("/webhooks", json!({"a b": {"post": {}}}), "webhooks.a b"),
    ] {
        let mut wrong = good.clone();
        *wrong.pointer_mut(pointer).unwrap() = value;
        assert_eq!(refused(&wrong)[0].field, field, "{wrong}");
    }
    assert!(event_types_of_openapi("{").is_err());
    let deep = format!(
        r#"{{"openapi":"3.1.0","webhooks":{{"a":{{"post":{}1{}}}}}}}"#,
        "[".repeat(100_000),
        "]".repeat(100_000)
    );
    assert!(event_types_of_openapi(&deep).is_ok());
}
