use std::{sync::mpsc::sync_channel, time::Duration};

use posthorn_domain::limits::SCHEMA_COMPILED_BYTES_MAX;
use serde_json::json;

use super::*;

/// Runs on a thread that has the stack for it, and no longer than a hang.
fn with_stack<T: Send + 'static>(job: impl FnOnce() -> T + Send + 'static) -> T {
    let (done, result) = sync_channel(1);
    crate::spawn(move || {
        let _ = done.send(job());
    })
    .unwrap();
    result
        .recv_timeout(Duration::from_secs(60))
        .expect("it ends, and without a panic")
}

fn compile(schema: &str) -> Result<EventSchema, Misfit> {
    let schema = schema.to_owned();
    with_stack(move || EventSchema::compile(&schema))
}

fn refused(schema: &str) -> Misfit {
    match compile(schema) {
        Ok(_) => panic!("compiled: {schema:.200}"),
        Err(mistake) => mistake,
    }
}

/// The words of the first mistake.
fn checked(schema: &str, data: &str) -> Result<(), String> {
    let (schema, data) = (schema.to_owned(), data.to_owned());
    with_stack(move || {
        let schema = EventSchema::compile(&schema).unwrap();
        schema
            .check(&data)
            .map_err(|misfits| misfits[0].detail.clone())
    })
}

/// A schema that is nested so deep, each level with its own `unevaluatedProperties`.
fn nested(levels: usize) -> String {
    let mut schema = json!({"type": "object"});
    for _ in 0..levels {
        schema = json!({"allOf": [schema], "unevaluatedProperties": {"type": "integer"}});
    }
    schema.to_string()
}

#[test]
fn names_the_place_and_quotes_no_data() {
    let schema = compile(
        r#"{"type":"object","required":["id"],"properties":{"a":{"items":{"type":"integer"}},"id":{"pattern":"^x+$"}}}"#,
    )
    .unwrap();
    assert_eq!(schema.check(r#"{"id":"xx","a":[1]}"#), Ok(()));
    let data = r#"{"id":"hunter2","a":[1,"hunter2"]}"#;
    let misfits = schema.check(data).unwrap_err();
    let mut places: Vec<_> = misfits.iter().map(|m| m.pointer.as_str()).collect();
    places.sort_unstable();
    assert_eq!(places, ["/a/1", "/id"]);
    assert!(
        misfits.iter().all(|m| !m.detail.contains("hunter2")),
        "{misfits:?}"
    );
    assert_eq!(schema.check_if_small(data), Some(Err(misfits)));
    assert!(schema.check(r#"{"id":1e400}"#).is_err());
}

#[test]
fn a_draft_is_chosen_by_its_name() {
    for (name, data) in [
        ("https://json-schema.org/draft/2020-12/schema", "[1]"),
        ("https://json-schema.org/draft/2019-09/schema", "[1]"),
        ("http://json-schema.org/draft-07/schema#", "[1]"),
    ] {
        let schema =
            json!({"$schema": name, "$id": "https://example.com/s", "items": {"type": "string"}});
        assert!(checked(&schema.to_string(), data).is_err(), "{name}");
    }
    let tuple = json!({"$schema": "http://json-schema.org/draft-07/schema#", "items": [{"type": "string"}]});
    assert!(checked(&tuple.to_string(), "[1]").is_err());
    refused(&json!({"items": [{"type": "string"}]}).to_string());
    for unknown in [
        json!("http://json-schema.org/draft-04/schema#"),
        json!("http://json-schema.org/draft-06/schema#"),
        json!("https://example.com/own-dialect"),
        json!(7),
    ] {
        let mistake = refused(&json!({"$schema": unknown}).to_string());
        assert_eq!(mistake.pointer, "/$schema", "{unknown}");
    }
}

#[test]
fn refuses_what_is_no_schema_and_says_where() {
    for (schema, pointer) in [
        ("7", ""),
        ("[]", ""),
        (
            r#"{"properties":{"a":{"type":"strin"}}}"#,
            "/properties/a/type",
        ),
        (
            r#"{"properties":{"a":{"pattern":"("}}}"#,
            "/properties/a/pattern",
        ),
        (r#"{"pattern":"(?=look)ahead"}"#, "/pattern"),
        (r#"{"pattern":"((a{1,999}){1,999}){1,999}"}"#, "/pattern"),
        (r#"{"patternProperties":{"(":{}}}"#, "/patternProperties"),
    ] {
        assert_eq!(refused(schema).pointer, pointer, "{schema}");
    }
}

#[test]
fn what_multiplies_is_refused_and_what_is_usual_is_not() {
    let base =
        json!({"type": "object", "properties": {"id": {"type": "string"}}, "required": ["id"]});
    let usual = json!({
        "allOf": [{"$ref": "#/$defs/base"}, {"if": {"properties": {"kind": {"const": 1}}}, "then": {"required": ["x"]}}],
        "properties": {"kind": {}, "x": {}, "parent": {"$ref": "#/$defs/base"}},
        "unevaluatedProperties": false,
        "$defs": {"base": base}
    });
    let usual = usual.to_string();
    assert_eq!(checked(&usual, r#"{"id":"a","kind":2}"#), Ok(()));
    assert!(checked(&usual, r#"{"id":"a","kind":1}"#).is_err());
    assert!(checked(&usual, r#"{"id":"a","more":1}"#).is_err());
    assert_eq!(checked(&nested(3), r#"{"a":1}"#), Ok(()));
    for levels in [20, 30, 60] {
        assert!(refused(&nested(levels)).detail.contains("takes more than"));
    }
    // Conditions are asked once for each part that the validator makes of them.
    let mut schema = json!({"type": "object"});
    for _ in 0..8 {
        schema =
            json!({"if": schema, "then": {"if": {}, "then": {}}, "unevaluatedProperties": false});
    }
    refused(&schema.to_string());
}

#[test]
fn an_address_below_the_root_is_refused_wherever_a_reference_may_lead() {
    let doubling = |keyword: &str| {
        let mut inner = json!({keyword: "http://example.com/x", "definitions": {"d40": {}}});
        for n in 0..40 {
            let next = json!({"$ref": format!("#/definitions/d{}", n + 1)});
            inner["definitions"][format!("d{n}")] = json!({"allOf": [next, next]});
        }
        inner["allOf"] = json!([{"$ref": "#/definitions/d0"}]);
        inner
    };
    let harmless = json!({"d0": {}});
    for schema in [
        json!({"properties": {"a": doubling("$id")}, "definitions": harmless}),
        json!({"properties": {"a": doubling("$schema")}, "definitions": harmless}),
        json!({"$schema": "http://json-schema.org/draft-04/schema#", "properties": {"a": doubling("id")}, "definitions": harmless}),
        json!({"enum": [doubling("$id")], "allOf": [{"$ref": "#/enum/0"}], "definitions": harmless}),
        json!({"x": {"y": doubling("$id")}, "allOf": [{"$ref": "#/x/y/allOf/0"}], "definitions": harmless}),
        json!({"$defs": {"unused": {"$id": "json-schema:///", "$defs": {}}}}),
    ] {
        refused(&schema.to_string());
    }
    // As names of members they are nothing special.
    let named = json!({"properties": {"$id": {"type": "string"}, "$schema": {"type": "string"}, "id": {"type": "string"}}});
    assert!(checked(&named.to_string(), r#"{"$id":1}"#).is_err());
}

#[test]
fn checking_takes_no_longer_than_its_bound() {
    let too_large = |schema: &str, data: &str| {
        let detail = checked(schema, data).unwrap_err();
        assert!(detail.contains("too large to be checked"), "{detail}");
    };
    let nots: Vec<_> = (0..1_000).map(|n| json!({"not": {"const": n}})).collect();
    let schema = json!({"items": {"allOf": nots}}).to_string();
    assert_eq!(checked(&schema, "[-1]"), Ok(()));
    too_large(&schema, &format!("[-1{}]", ",-1".repeat(50_000)));
    // Members of an `enum` are compared one by one.
    let numbers: Vec<_> = (0..8_000).map(|n| f64::from(n) + 0.5).collect();
    let schema = json!({"items": {"enum": numbers}}).to_string();
    assert_eq!(checked(&schema, "[1.5]"), Ok(()));
    too_large(&schema, &format!("[-1{}]", ",-1".repeat(50_000)));
    // Each byte is matched with each place of each expression.
    let patterns: Vec<_> = (0..30)
        .map(|n| json!({"pattern": format!("[01]*1[01]{{{}}}x", 50 + n)}))
        .collect();
    let schema = json!({"anyOf": patterns}).to_string();
    assert_eq!(
        checked(&schema, &json!("1".repeat(200) + "x").to_string()),
        Ok(())
    );
    too_large(&schema, &json!("01".repeat(100_000)).to_string());
}

#[test]
fn mistakes_without_number_are_not_collected() {
    // Each would hold the path to it.
    let schema = json!({"additionalProperties": {"items": {"type": "string"}}}).to_string();
    let wide = |name: usize, values: usize| {
        format!("{{\"{}\":[1{}]}}", "n".repeat(name), ",1".repeat(values))
    };
    let detail = checked(&schema, &wide(100_000, 10_000)).unwrap_err();
    assert!(detail.contains("does not satisfy"), "{detail}");
    let detail = checked(&schema, &wide(10, 1_000)).unwrap_err();
    assert!(detail.contains("string"), "{detail}");
    let branches: Vec<_> = (0..200).map(|n| json!({"items": {"const": n}})).collect();
    let schema = json!({"anyOf": branches}).to_string();
    let data = format!("[-1{}]", ",-1".repeat(5_000));
    let detail = checked(&schema, &data).unwrap_err();
    assert!(detail.contains("does not satisfy"), "{detail}");
}

#[test]
fn memory_has_a_bound_whatever_takes_it() {
    let patterns: serde_json::Map<_, _> = (0..2_000)
        .map(|n| {
            (
                format!("p{n}"),
                json!({"pattern": format!(r"^\p{{L}}{{{n}}}$")}),
            )
        })
        .collect();
    let long = "x".repeat(20_000);
    let many: Vec<_> = (0..5_000).map(|_| json!({})).collect();
    let mut copied = json!({"enum": (0..10_000).collect::<Vec<_>>()});
    for _ in 0..100 {
        copied = json!({"not": copied});
    }
    for schema in [
        json!({"properties": patterns}),
        json!({"properties": {long: {"allOf": many}}}),
        copied,
    ] {
        refused(&schema.to_string());
    }
    let usual: serde_json::Map<_, _> = (0..1_000)
        .map(|n| {
            (
                format!("property_{n}"),
                json!({"type": "string", "maxLength": 100}),
            )
        })
        .collect();
    let schema = compile(&json!({"properties": usual}).to_string()).unwrap();
    assert!(schema.compiled_bytes() < SCHEMA_COMPILED_BYTES_MAX);
}

#[test]
fn the_deepest_schema_and_the_deepest_data_have_the_stack() {
    // Chained references, each to a schema that is nested deep.
    let chain = |references: usize, levels: usize| {
        let mut definitions = serde_json::Map::new();
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
        json!({"$ref": "#/$defs/d0", "$defs": definitions}).to_string()
    };
    let mistake = refused(&chain(50, 100));
    assert!(mistake.detail.contains("nests"), "{mistake}");
    refused(&chain(60, 1));
    let deepest = chain(5, 38);
    assert_eq!(checked(&deepest, "{}"), Ok(()));
    // A tree that goes through many subschemas for each level of the data.
    let tree = |levels: usize| {
        let mut inner = json!({"$ref": "#"});
        for _ in 0..levels {
            inner = json!({"allOf": [inner]});
        }
        json!({"items": inner}).to_string()
    };
    let data = format!("{}{}", "[".repeat(120), "]".repeat(120));
    assert_eq!(checked(&tree(14), &data), Ok(()));
    let detail = checked(&tree(60), &data).unwrap_err();
    assert!(detail.contains("nested too deep"), "{detail}");
}

#[test]
fn a_bounded_text_is_checked_for_being_an_expression() {
    let schema = json!({"$schema": "http://json-schema.org/draft-07/schema#", "format": "regex"})
        .to_string();
    assert_eq!(checked(&schema, r#""^a+$""#), Ok(()));
    assert!(checked(&schema, r#""(""#).is_err());
    assert!(checked(&schema, &json!("a".repeat(2_000)).to_string()).is_err());
}

#[test]
fn what_is_small_is_told_from_what_is_not() {
    let schema = compile(r#"{"items":{"type":"integer"}}"#).unwrap();
    assert_eq!(schema.check_if_small("[1,2]"), Some(Ok(())));
    assert!(schema.check_if_small(r#"["a"]"#).unwrap().is_err());
    assert_eq!(
        schema.check_if_small(&format!("[1{}]", ",1".repeat(10_000))),
        None
    );
}
