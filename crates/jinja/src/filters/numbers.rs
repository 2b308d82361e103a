use num_bigint::BigInt;
use num_traits::{FromPrimitive, Signed};

use crate::{
    eval::{Bound, Machine},
    mistake::{Failure, Outcome},
    value::{Number, Value, bounded, floor_division, number_of},
};

pub(super) fn abs<'a>(_: &Machine<'a>, value: Value<'a>, _: Bound<'a>) -> Outcome<Value<'a>> {
    match number_of(&value) {
        Some(Number::Int(value)) => bounded(BigInt::from(value).abs()),
        Some(Number::Big(value)) => bounded(value.abs()),
        Some(Number::Float(value)) => Ok(Value::Float(value.abs())),
        None => Err(not_a_number("abs", &value)),
    }
}

fn not_a_number(filter: &str, value: &Value<'_>) -> Box<Failure> {
    match value {
        Value::Undefined(absent) => Failure::new(absent.words()),
        other => Failure::new(format!(
            "the filter `{filter}` needs a number, not {}",
            other.type_name()
        )),
    }
}

pub(super) fn bool<'a>(_: &Machine<'a>, value: Value<'a>, _: Bound<'a>) -> Outcome<Value<'a>> {
    Ok(Value::Bool(value.is_true()))
}

/// What Python's `int()` makes of a text.
fn parse_integer(text: &str, base: u32) -> Option<BigInt> {
    let text = text.trim();
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let prefixes: &[&str] = match base {
        16 => &["0x", "0X"],
        8 => &["0o", "0O"],
        2 => &["0b", "0B"],
        _ => &[],
    };
    let digits = prefixes
        .iter()
        .find_map(|prefix| digits.strip_prefix(prefix))
        .unwrap_or(digits);
    let is_well_formed = !digits.is_empty()
        && !digits.starts_with('_')
        && !digits.ends_with('_')
        && !digits.contains("__")
        && digits.chars().all(|c| c == '_' || c.is_digit(base));
    if !is_well_formed || digits.len() > 4_300 {
        return None;
    }
    BigInt::parse_bytes(
        format!("{sign}{}", digits.replace('_', "")).as_bytes(),
        base,
    )
}

/// What Python's `float()` makes of a text.
fn parse_float(text: &str) -> Option<f64> {
    let text = text.trim();
    if text.starts_with('_') || text.ends_with('_') || text.contains("__") {
        return None;
    }
    text.replace('_', "").parse().ok()
}

pub(super) fn int<'a>(
    machine: &Machine<'a>,
    value: Value<'a>,
    mut bound: Bound<'a>,
) -> Outcome<Value<'a>> {
    let base = bound.integer(1)?.unwrap_or(10);
    let base = u32::try_from(base)
        .ok()
        .filter(|base| (2..=36).contains(base));
    let base = base.ok_or_else(|| Failure::new("the base must be 2 to 36"))?;
    let default = bound.take(0).unwrap_or(Value::Int(0));
    let whole = |float: f64| BigInt::from_f64(float.trunc());
    let found = match &value {
        Value::Undefined(absent) => return Err(Failure::new(absent.words())),
        Value::Text(text) => {
            let integer = parse_integer(text, base);
            integer.or_else(|| parse_float(text).and_then(whole))
        }
        other => match number_of(other) {
            Some(Number::Int(value)) => return Ok(Value::Int(value)),
            Some(Number::Big(value)) => Some(value),
            Some(Number::Float(value)) => whole(value),
            None => None,
        },
    };
    match found {
        Some(integer) => {
            machine.charge_big(&integer)?;
            bounded(integer)
        }
        None => Ok(default),
    }
}

pub(super) fn float<'a>(
    _: &Machine<'a>,
    value: Value<'a>,
    mut bound: Bound<'a>,
) -> Outcome<Value<'a>> {
    let default = bound.take(0).unwrap_or(Value::Float(0.0));
    Ok(match &value {
        Value::Undefined(absent) => return Err(Failure::new(absent.words())),
        Value::Text(text) => parse_float(text).map_or(default, Value::Float),
        other => match number_of(other) {
            Some(number) => number.to_float().map_or(default, Value::Float),
            None => default,
        },
    })
}

pub(super) fn round<'a>(_: &Machine<'a>, value: Value<'a>, bound: Bound<'a>) -> Outcome<Value<'a>> {
    let precision = bound.integer(0)?.unwrap_or(0);
    let method = bound.text(1)?.unwrap_or("common");
    let number = number_of(&value).ok_or_else(|| not_a_number("round", &value))?;
    let precision = i32::try_from(precision)
        .ok()
        .filter(|precision| precision.abs() <= 400);
    let precision = precision.ok_or_else(|| Failure::new("the precision must be -400 to 400"))?;
    if method == "common" {
        return match number {
            Number::Float(value) => round_float(value, precision).map(Value::Float),
            integer if precision >= 0 => Ok(integer.into()),
            integer => {
                let value = integer.to_big().unwrap_or_default();
                round_integer(&value, precision.unsigned_abs())
            }
        };
    }
    let scale = 10_f64.powi(precision);
    let scaled = number.to_float()? * scale;
    let rounded = match method {
        "ceil" => scaled.ceil(),
        "floor" => scaled.floor(),
        _ => return Err(Failure::new("method must be common, ceil or floor")),
    };
    Ok(Value::Float(rounded / scale))
}

/// Rounds the decimal number that the float is exactly, half to even.
fn round_float(value: f64, precision: i32) -> Outcome<f64> {
    if !value.is_finite() || precision > 330 {
        return Ok(value);
    }
    if let Ok(digits) = usize::try_from(precision) {
        let text = format!("{value:.digits$}");
        return text
            .parse()
            .map_err(|_| Failure::new("the number cannot be rounded"));
    }
    let scale = 10_f64.powi(-precision);
    if !scale.is_finite() {
        return Ok(0.0_f64.copysign(value));
    }
    Ok((value / scale).round_ties_even() * scale)
}

fn round_integer<'a>(value: &BigInt, digits: u32) -> Outcome<Value<'a>> {
    let unit = BigInt::from(10).pow(digits);
    let Some((quotient, remainder)) = floor_division(value, &unit) else {
        return bounded(value.clone());
    };
    let twice = remainder * 2;
    let is_odd = quotient.bit(0);
    let up = twice > unit || (twice == unit && is_odd);
    bounded((quotient + i32::from(up)) * unit)
}

pub(super) fn filesizeformat<'a>(
    machine: &Machine<'a>,
    value: Value<'a>,
    bound: Bound<'a>,
) -> Outcome<Value<'a>> {
    let bytes = match &value {
        Value::Text(text) => parse_float(text),
        other => number_of(other)
            .map(|number| number.to_float())
            .transpose()?,
    };
    let bytes = bytes.ok_or_else(|| not_a_number("filesizeformat", &value))?;
    let binary = bound.flag(0, false);
    let (base, prefixes) = if binary {
        (
            1024.0,
            ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB"],
        )
    } else {
        (1000.0, ["kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"])
    };
    #[expect(
        clippy::float_cmp,
        reason = "exactly one byte is named in the singular"
    )]
    if bytes == 1.0 {
        return machine.text("1 Byte");
    }
    if bytes < base {
        return machine.text(format!("{:.0} Bytes", bytes.trunc()));
    }
    let (mut unit, mut last) = (base, "");
    for prefix in prefixes {
        unit *= base;
        last = prefix;
        if bytes < unit {
            break;
        }
    }
    machine.text(format!("{:.1} {last}", base * bytes / unit))
}
