use serde_json::json;

use super::*;

/// Steps for a value that has a value in each depth.
fn steps(schema: &Value) -> Result<u64, Misfit> {
    weigh(schema).map(|weight| weight.check.steps_per_value())
}

#[test]
fn each_subschema_counts_as_often_as_it_is_reached() {
    let schema = json!({
        "properties": {"a": {"$ref": "#/$defs/x"}, "b": {"$ref": "#/$defs/x"}, "const": {}},
        "enum": [{"$ref": "#/nowhere"}],
        "$defs": {"x": {"items": {"type": "string"}}}
    });
    // The root has three keywords, three names and an `enum` of three values with a text; then come the properties, two
    // of them with a reference, and twice `x` with its items.
    assert_eq!(
        steps(&schema),
        Ok((1 + 3 + 3 + 3) + (2 + 2 + 1) + 2 * (2 + 2))
    );
}

#[test]
fn work_without_an_end_is_refused() {
    let mut doubling = json!({"$ref": "#/$defs/d0", "$defs": {"d40": {}}});
    for n in 0..40 {
        let next = json!({"$ref": format!("#/$defs/d{}", n + 1)});
        doubling["$defs"][format!("d{n}")] = json!({"allOf": [next, next]});
    }
    let both = json!({"properties": {"a": {"allOf": [{"$ref": "#"}, {"$ref": "#"}]}}});
    let fibonacci = json!({"$ref": "#/$defs/b", "$defs": {
        "a": {"items": {"$ref": "#/$defs/b"}},
        "b": {"items": {"allOf": [{"$ref": "#/$defs/a"}, {"$ref": "#/$defs/b"}]}},
    }});
    for schema in [
        json!({"$ref": "#"}),
        json!({"allOf": [{"$ref": "#"}]}),
        json!({"$ref": "#/$defs/a", "$defs": {"a": {"not": {"$ref": "#/$defs/b"}}, "b": {"$ref": "#/$defs/a"}}}),
        json!({"$ref": "https://example.com/schema"}),
        json!({"properties": {"a": {"$id": "https://example.com/a"}}}),
        json!({"$ref": "#/$defs/missing"}),
        json!({"$ref": "#/maxLength", "maxLength": 3}),
        json!({"$ref": "#anchor"}),
        json!({"$dynamicRef": "#a"}),
        json!({"items": {"$ref": "#", "unevaluatedProperties": false}}),
        doubling,
        both,
        fibonacci,
    ] {
        assert!(steps(&schema).is_err(), "{schema}");
    }
}

#[test]
fn a_chain_of_references_takes_no_more_stack_than_there_is() {
    let mut chain = json!({"$ref": "#/$defs/d0", "$defs": {"d60": {}}});
    for n in 0..60 {
        chain["$defs"][format!("d{n}")] = json!({"$ref": format!("#/$defs/d{}", n + 1)});
    }
    assert!(steps(&chain).is_err());
}

#[test]
fn trees_may_grow() {
    for schema in [
        json!({"properties": {"child": {"$ref": "#/$defs/child"}},
               "$defs": {"child": {"properties": {"parent": {"$ref": "#"}}}}}),
        json!({"properties": {"children": {"items": {"$ref": "#"}}}}),
        json!({"properties": {"children": {"items": {"$ref": "#"}}}, "unevaluatedProperties": false}),
        json!({"properties": {
            "one": {"$ref": "#/$defs/list"}, "other": {"$ref": "#/$defs/list"}, "tree": {"$ref": "#/$defs/tree"}},
            "$defs": {"list": {"properties": {"next": {"$ref": "#/$defs/list"}}},
                      "tree": {"additionalProperties": {"$ref": "#/$defs/tree"}}}}),
    ] {
        assert!(steps(&schema).is_ok(), "{schema}");
    }
}

#[test]
fn recursion_that_multiplies_is_charged_for_each_level() {
    let schema =
        json!({"allOf": [{"properties": {"a": {"$ref": "#"}}}], "unevaluatedProperties": false});
    let weight = weigh(&schema).unwrap();
    let mut data = json!({});
    let mut before = 0;
    for level in 0..10 {
        data = json!({"a": data});
        let steps = weight
            .effort(&crate::measure::Measure::of(&data))
            .check_steps;
        assert!(
            level == 0 || steps > before + before / 2,
            "{level}: {steps} after {before}"
        );
        before = steps;
    }
}
