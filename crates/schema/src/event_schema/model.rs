//! The model against the validator: how often it really comes to each subschema.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering::Relaxed},
};

use jsonschema::{Keyword, ValidationError};
use proptest::{collection::vec, option, prelude::*};
use serde_json::{Map, json};

use super::*;

/// A keyword that counts each time it is asked.
struct Tick(Arc<AtomicU64>);

impl<'i> Keyword<'i> for Tick {
    fn validate(&self, _: &'i Value) -> Result<(), ValidationError<'i>> {
        self.0.fetch_add(1, Relaxed);
        Ok(())
    }

    fn is_valid(&self, _: &'i Value) -> bool {
        self.0.fetch_add(1, Relaxed);
        true
    }
}

/// A subschema of keywords that each hold others, and refer to definitions or to none.
fn schemas(refers: bool) -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(json!({"tick": 1})),
        Just(json!({"tick": 1, "type": "object"})),
        Just(json!({"tick": 1, "const": 1})),
        Just(json!({"tick": 1, "minProperties": 1})),
        Just(json!(true)),
        Just(json!(false)),
        (0..3).prop_map(move |n| match refers {
            true => json!({"tick": 1, "$ref": format!("#/$defs/d{n}")}),
            false => json!({"tick": 1, "type": "object"}),
        }),
    ];
    leaf.prop_recursive(6, 40, 4, |inner| {
        let list = || vec(inner.clone(), 1..3);
        let one = || option::weighted(0.2, inner.clone());
        let several = || option::weighted(0.3, list());
        let often = || option::weighted(0.5, inner.clone());
        let first = (several(), several(), several(), one(), one(), one(), one());
        let second = (
            one(),
            one(),
            one(),
            one(),
            one(),
            several(),
            often(),
            often(),
        );
        (first, second).prop_map(|(first, second)| {
            let mut keywords = Map::from_iter([("tick".to_owned(), json!(1))]);
            let mut put = |name: &str, value: Option<Value>| {
                if let Some(value) = value {
                    keywords.insert(name.to_owned(), value);
                }
            };
            put("allOf", first.0.map(Value::from));
            put("anyOf", first.1.map(Value::from));
            put("oneOf", first.2.map(Value::from));
            put("not", first.3);
            put("if", first.4);
            put("then", first.5);
            put("else", first.6);
            put("properties", second.0.map(|schema| json!({"a": schema})));
            put(
                "patternProperties",
                second.1.map(|schema| json!({"^b": schema})),
            );
            put("additionalProperties", second.2);
            put(
                "dependentSchemas",
                second.3.map(|schema| json!({"a": schema})),
            );
            put("contains", second.4);
            put("prefixItems", second.5.map(Value::from));
            put("unevaluatedProperties", second.6);
            put("unevaluatedItems", second.7);
            Value::Object(keywords)
        })
    })
}

fn documents() -> impl Strategy<Value = Value> {
    (schemas(true), vec(schemas(false), 3)).prop_map(|(mut root, definitions)| {
        let definitions: Map<String, Value> = definitions
            .into_iter()
            .enumerate()
            .map(|(n, schema)| (format!("d{n}"), schema))
            .collect();
        if let Value::Object(keywords) = &mut root {
            keywords.insert("$defs".to_owned(), Value::Object(definitions));
        }
        root
    })
}

fn data() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(json!(1)),
        Just(json!("x")),
        Just(json!({})),
        Just(json!([]))
    ];
    leaf.prop_recursive(6, 30, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..3).prop_map(Value::from),
            vec((prop_oneof!["a", "b", "c"], inner), 0..3)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, max_global_rejects: 100_000, ..ProptestConfig::default() })]

    #[test]
    fn no_check_takes_more_steps_than_are_charged(schema in documents(), data in data()) {
        let Ok(weight) = weigh(&schema) else {
            return Ok(());
        };
        let effort = weight.effort(&Measure::of(&data));
        let ticks = Arc::new(AtomicU64::new(0));
        let counted = ticks.clone();
        let validator = options(Draft::Draft202012)
            .with_keyword("tick", move |_, _, _| Ok(Box::new(Tick(counted.clone()))))
            .build(&schema);
        let Ok(validator) = validator else {
            return Ok(());
        };
        // A subschema that counts has a keyword at least, so each visit is charged two steps.
        let valid = validator.is_valid(&data);
        let checked = ticks.swap(0, Relaxed);
        prop_assert!(2 * checked <= effort.check_steps, "2 * {checked} > {}: {schema} {data}", effort.check_steps);
        if !valid {
            let mistakes = validator.iter_errors(&data).count();
            let explained = ticks.load(Relaxed);
            prop_assert!(2 * explained <= effort.explain_steps(), "2 * {explained} > {effort:?}: {schema} {data}");
            prop_assert!(mistakes > 0);
        }
    }
}

#[test]
fn nested_marking_is_charged_for_all_that_it_asks() {
    for levels in 1..7 {
        let mut schema = json!({"tick": 1});
        for _ in 0..levels {
            schema = json!({"tick": 1, "allOf": [schema], "unevaluatedProperties": {"tick": 1, "type": "integer"}});
        }
        let data = json!({"a": 1});
        let ticks = Arc::new(AtomicU64::new(0));
        let counted = ticks.clone();
        let validator = options(Draft::Draft202012)
            .with_keyword("tick", move |_, _, _| Ok(Box::new(Tick(counted.clone()))))
            .build(&schema)
            .unwrap();
        assert!(validator.is_valid(&data));
        let asked = ticks.load(Relaxed);
        // Each level costs more than twice the one within it: that is what the walk is for.
        assert!(asked >= 1 << levels, "{levels}: {asked}");
        let charged = weigh(&schema)
            .unwrap()
            .effort(&Measure::of(&data))
            .check_steps;
        assert!(asked <= charged, "{levels}: {asked} > {charged}");
    }
}
