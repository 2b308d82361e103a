//! The tests of Jinja2, as in `value is defined`, and two that templates here had before: `startingwith`, `endingwith`.

use std::{cmp::Ordering, collections::HashMap, sync::LazyLock};

use crate::{
    ast::{Binary, Comparison},
    eval::{Bound, Given, Machine, Signature},
    filters::filter_entry,
    mistake::{Failure, Outcome},
    suggest::nearest,
    value::{Number, Value, number_of},
};

type Holds = for<'a> fn(&Machine<'a>, &Value<'a>, &Bound<'a>) -> Outcome<bool>;

/// A test.
pub(crate) struct TestEntry {
    pub(crate) name: &'static str,
    pub(crate) signature: Signature,
    holds: Holds,
}

impl std::fmt::Debug for TestEntry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

const fn test(name: &'static str, signature: Signature, holds: Holds) -> TestEntry {
    TestEntry {
        name,
        signature,
        holds,
    }
}

const OTHER: Signature = "other";

const TESTS: &[TestEntry] = &[
    test("boolean", "", |_, value, _| {
        Ok(matches!(value, Value::Bool(_)))
    }),
    test("callable", "", |_, value, _| {
        Ok(matches!(
            value,
            Value::Function(_) | Value::Macro(_) | Value::Joiner(_) | Value::Loop(_)
        ))
    }),
    test("defined", "", |_, value, _| Ok(!value.is_undefined())),
    test("divisibleby", "num", |machine, value, bound| {
        let rest = machine.binary(Binary::Mod, value, argument(bound))?;
        machine.equal(&rest, &Value::Int(0))
    }),
    test("endingwith", OTHER, |_, value, bound| {
        Ok(text(value)?.ends_with(text(argument(bound))?))
    }),
    test("eq", OTHER, |machine, value, bound| {
        machine.compare(Comparison::Eq, value, argument(bound))
    }),
    test("equalto", OTHER, |machine, value, bound| {
        machine.compare(Comparison::Eq, value, argument(bound))
    }),
    test("escaped", "", |_, value, _| {
        Ok(value.as_text().is_some_and(crate::value::Text::is_safe))
    }),
    test("even", "", |machine, value, _| parity(machine, value, 0)),
    test("false", "", |_, value, _| {
        Ok(matches!(value, Value::Bool(false)))
    }),
    test("filter", "", |_, value, _| {
        Ok(value
            .as_text()
            .is_some_and(|name| filter_entry(name).is_some()))
    }),
    test("float", "", |_, value, _| {
        Ok(number_of(value).is_some_and(|number| matches!(number, Number::Float(_))))
    }),
    test("ge", OTHER, |machine, value, bound| {
        machine.compare(Comparison::Ge, value, argument(bound))
    }),
    test("greaterthan", OTHER, |machine, value, bound| {
        machine.compare(Comparison::Gt, value, argument(bound))
    }),
    test("gt", OTHER, |machine, value, bound| {
        machine.compare(Comparison::Gt, value, argument(bound))
    }),
    test("in", "seq", |machine, value, bound| {
        machine.contains(argument(bound), value)
    }),
    test("integer", "", |_, value, _| {
        Ok(!matches!(value, Value::Bool(_))
            && number_of(value).is_some_and(|number| number.is_integer()))
    }),
    test("iterable", "", |_, value, _| {
        Ok(matches!(
            value,
            Value::Text(_)
                | Value::List(_)
                | Value::Tuple(_)
                | Value::Dict(_)
                | Value::Range(_)
                | Value::Stream(_)
                | Value::View(_)
                | Value::Undefined(_)
                | Value::Loop(_)
        ))
    }),
    test("le", OTHER, |machine, value, bound| {
        machine.compare(Comparison::Le, value, argument(bound))
    }),
    test("lessthan", OTHER, |machine, value, bound| {
        machine.compare(Comparison::Lt, value, argument(bound))
    }),
    test("lower", "", |machine, value, _| {
        let text = machine.text_of(value)?;
        Ok(text.chars().any(char::is_lowercase) && !text.chars().any(char::is_uppercase))
    }),
    test("lt", OTHER, |machine, value, bound| {
        machine.compare(Comparison::Lt, value, argument(bound))
    }),
    test("mapping", "", |_, value, _| {
        Ok(matches!(value, Value::Dict(_)))
    }),
    test("ne", OTHER, |machine, value, bound| {
        machine.compare(Comparison::Ne, value, argument(bound))
    }),
    test("none", "", |_, value, _| Ok(matches!(value, Value::None))),
    test("number", "", |_, value, _| Ok(number_of(value).is_some())),
    test("odd", "", |machine, value, _| parity(machine, value, 1)),
    test("sameas", OTHER, |machine, value, bound| {
        Ok(machine.same(value, argument(bound)))
    }),
    test("sequence", "", |_, value, _| {
        Ok(matches!(
            value,
            Value::Text(_)
                | Value::List(_)
                | Value::Tuple(_)
                | Value::Dict(_)
                | Value::Range(_)
                | Value::Undefined(_)
        ))
    }),
    test("startingwith", OTHER, |_, value, bound| {
        Ok(text(value)?.starts_with(text(argument(bound))?))
    }),
    test("string", "", |_, value, _| {
        Ok(matches!(value, Value::Text(_)))
    }),
    test("test", "", |_, value, _| {
        Ok(value
            .as_text()
            .is_some_and(|name| test_entry(name).is_some()))
    }),
    test("true", "", |_, value, _| {
        Ok(matches!(value, Value::Bool(true)))
    }),
    test("undefined", "", |_, value, _| Ok(value.is_undefined())),
    test("upper", "", |machine, value, _| {
        let text = machine.text_of(value)?;
        Ok(text.chars().any(char::is_uppercase) && !text.chars().any(char::is_lowercase))
    }),
];

/// Names by which tests can be given to `select` and its like as well.
const SYMBOLS: &[(&str, &str)] = &[
    ("==", "eq"),
    ("!=", "ne"),
    ("<", "lt"),
    ("<=", "le"),
    (">", "gt"),
    (">=", "ge"),
    ("int", "integer"),
    ("safe", "escaped"),
];

static BY_NAME: LazyLock<HashMap<&'static str, &'static TestEntry>> =
    LazyLock::new(|| TESTS.iter().map(|entry| (entry.name, entry)).collect());

/// The test of this name.
pub(crate) fn test_entry(name: &str) -> Option<&'static TestEntry> {
    let symbol = SYMBOLS.iter().find(|(symbol, _)| *symbol == name);
    BY_NAME.get(symbol.map_or(name, |(_, name)| name)).copied()
}

/// The same, or words about why there is none.
pub(crate) fn test_named(name: &str) -> Outcome<&'static TestEntry> {
    test_entry(name).ok_or_else(|| Failure::new(no_test(name)))
}

/// Why there is no test of this name.
pub(crate) fn no_test(name: &str) -> String {
    format!(
        "unknown test `{name}`{}",
        nearest(name, TESTS.iter().map(|entry| entry.name))
    )
}

impl TestEntry {
    pub(crate) fn holds<'a>(
        &self,
        machine: &Machine<'a>,
        value: &Value<'a>,
        given: Given<'a>,
    ) -> Outcome<bool> {
        if !matches!(self.name, "defined" | "undefined") {
            machine.defined(value)?;
        }
        let bound = given.bind_to(|| format!("the test `{}`", self.name), self.signature)?;
        (self.holds)(machine, value, &bound)
    }
}

fn argument<'b, 'a>(bound: &'b Bound<'a>) -> &'b Value<'a> {
    bound.get(0).unwrap_or(&Value::None)
}

fn text<'v>(value: &'v Value<'_>) -> Outcome<&'v str> {
    match value {
        Value::Text(text) => Ok(text),
        other => Err(Failure::new(format!(
            "expected a text, not {}",
            other.type_name()
        ))),
    }
}

fn parity<'a>(machine: &Machine<'a>, value: &Value<'a>, rest: i64) -> Outcome<bool> {
    let left = machine.binary(Binary::Mod, value, &Value::Int(2))?;
    Ok(number_of(&left).and_then(|left| left.compare(&Number::Int(rest))) == Some(Ordering::Equal))
}
