use std::iter::repeat_n;

use super::numbers::{float_digits, integer_digits, is_negative};
use crate::{
    eval::{Machine, integer_of},
    filters::escaped,
    mistake::{Failure, Outcome},
    value::{Key, Number, Text, Value, number_of},
};

/// One `%…` of a format.
#[derive(Default)]
struct Spec {
    left: bool,
    plus: bool,
    space: bool,
    zero: bool,
    alternate: bool,
    width: usize,
    precision: Option<usize>,
}

/// Where the values come from: a tuple one after the other, a dict by name, or one value.
struct Values<'v, 'a> {
    all: &'v Value<'a>,
    items: Vec<Value<'a>>,
    next: usize,
}

impl<'a> Values<'_, 'a> {
    fn next(&mut self) -> Outcome<Value<'a>> {
        let value = self.items.get(self.next).cloned();
        self.next += 1;
        value.ok_or_else(|| Failure::new("not enough arguments for format string"))
    }

    fn named(&self, name: &str) -> Outcome<Value<'a>> {
        let Value::Dict(dict) = self.all else {
            return Err(Failure::new("format requires a mapping"));
        };
        dict.get(&Key::Text(name.into()))
            .ok_or_else(|| Failure::new(format!("the format names `{name}`, which is not there")))
    }
}

/// `format % values`.
pub(crate) fn percent_format<'a>(
    machine: &Machine<'a>,
    format: &Text<'a>,
    values: &Value<'a>,
) -> Outcome<String> {
    let items = match values {
        Value::Tuple(cell) => cell.items().clone(),
        other => vec![other.clone()],
    };
    let mut values = Values {
        all: values,
        items,
        next: 0,
    };
    let mut names = false;
    let mut out = String::new();
    let mut rest: &str = format;
    while let Some(at) = rest.find('%') {
        machine.push(&mut out, &rest[..at])?;
        rest = &rest[at + 1..];
        let mut name = None;
        if let Some(tail) = rest.strip_prefix('(') {
            let end = tail
                .find(')')
                .ok_or_else(|| Failure::new("incomplete format key"))?;
            name = Some(&tail[..end]);
            names = true;
            rest = &tail[end + 1..];
        }
        let spec;
        (spec, rest) = read_spec(rest, &mut values)?;
        let kind = rest
            .chars()
            .next()
            .ok_or_else(|| Failure::new("incomplete format"))?;
        rest = &rest[kind.len_utf8()..];
        if kind == '%' {
            machine.push(&mut out, "%")?;
            continue;
        }
        let value = match name {
            Some(name) => values.named(name)?,
            None => values.next()?,
        };
        machine.defined(&value)?;
        machine.afford_bytes(spec.width + spec.precision.unwrap_or(0))?;
        let mut text = converted(machine, &spec, kind, &value)?;
        // Text that is put into HTML is escaped.
        if format.is_safe() && !value.as_text().is_some_and(Text::is_safe) {
            text = escaped(&text);
        }
        machine.push(&mut out, &text)?;
    }
    machine.push(&mut out, rest)?;
    let is_mapping = matches!(values.all, Value::Dict(_));
    if !names && !is_mapping && values.next < values.items.len() {
        return Err(Failure::new(
            "not all arguments converted during string formatting",
        ));
    }
    Ok(out)
}

fn read_spec<'f>(format: &'f str, values: &mut Values<'_, '_>) -> Outcome<(Spec, &'f str)> {
    let mut spec = Spec::default();
    let mut rest = format;
    while let Some(flag) = rest.chars().next() {
        match flag {
            '-' => spec.left = true,
            '+' => spec.plus = true,
            ' ' => spec.space = true,
            '0' => spec.zero = true,
            '#' => spec.alternate = true,
            _ => break,
        }
        rest = &rest[1..];
    }
    let width;
    (width, rest) = read_count(rest, values)?;
    spec.left |= width.is_some_and(|width| width < 0);
    spec.width = width.map_or(0, |width| {
        usize::try_from(width.unsigned_abs()).unwrap_or(usize::MAX)
    });
    if let Some(tail) = rest.strip_prefix('.') {
        let precision;
        (precision, rest) = read_count(tail, values)?;
        spec.precision = Some(usize::try_from(precision.unwrap_or(0)).unwrap_or(0));
    }
    rest = rest.strip_prefix(['h', 'l', 'L']).unwrap_or(rest);
    Ok((spec, rest))
}

fn read_count<'f>(format: &'f str, values: &mut Values<'_, '_>) -> Outcome<(Option<i64>, &'f str)> {
    if let Some(rest) = format.strip_prefix('*') {
        return Ok((Some(integer_of(&values.next()?)?), rest));
    }
    let end = format
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(format.len());
    let (digits, rest) = format.split_at(end);
    if digits.is_empty() {
        return Ok((None, rest));
    }
    let count = digits
        .parse::<i64>()
        .map_err(|_| Failure::new("width too big"))?;
    Ok((Some(count), rest))
}

fn converted<'a>(
    machine: &Machine<'a>,
    spec: &Spec,
    kind: char,
    value: &Value<'a>,
) -> Outcome<String> {
    let (sign, prefix, mut digits) = match kind {
        's' | 'r' | 'a' => {
            let text = if kind == 's' {
                machine.text_of(value)?
            } else {
                machine.repr_of(value)?
            };
            let text = match spec.precision {
                Some(most) => text.chars().take(most).collect(),
                None => text,
            };
            return Ok(padded(spec, text));
        }
        'c' => return Ok(padded(spec, character(value)?)),
        'd' | 'i' | 'u' | 'x' | 'X' | 'o' => {
            let number = match number_of(value) {
                Some(number @ Number::Float(_)) if matches!(kind, 'd' | 'i' | 'u') => Some(number),
                Some(Number::Float(_)) => None,
                other => other,
            };
            let integer = number.and_then(|number| match number {
                Number::Float(value) => Number::Float(value.trunc()).to_big(),
                other => other.to_big(),
            });
            let integer = integer.ok_or_else(|| {
                let wanted = if matches!(kind, 'd' | 'i' | 'u') {
                    "a real number"
                } else {
                    "an integer"
                };
                Failure::new(format!(
                    "%{kind} format: {wanted} is required, not {}",
                    value.type_name()
                ))
            })?;
            machine.charge_big(&integer)?;
            let mut digits = integer_digits(&integer, kind);
            if let Some(least) = spec.precision {
                let missing = least.saturating_sub(digits.len());
                digits = repeat_n('0', missing).collect::<String>() + &digits;
            }
            let prefix = match kind {
                'x' if spec.alternate => "0x",
                'X' if spec.alternate => "0X",
                'o' if spec.alternate => "0o",
                _ => "",
            };
            (is_negative(&integer), prefix, digits)
        }
        'e' | 'E' | 'f' | 'F' | 'g' | 'G' => {
            let number = number_of(value).ok_or_else(|| {
                Failure::new(format!("must be real number, not {}", value.type_name()))
            })?;
            let float = number.to_float()?;
            let precision = spec.precision.unwrap_or(6);
            (
                float.is_sign_negative() && !float.is_nan(),
                "",
                float_digits(float.abs(), kind, precision, spec.alternate)?,
            )
        }
        other => {
            return Err(Failure::new(format!(
                "unsupported format character '{other}'"
            )));
        }
    };
    let sign = match (sign, spec.plus, spec.space) {
        (true, ..) => "-",
        (false, true, _) => "+",
        (false, false, true) => " ",
        _ => "",
    };
    if spec.zero && !spec.left {
        let missing = spec
            .width
            .saturating_sub(sign.len() + prefix.len() + digits.chars().count());
        digits = repeat_n('0', missing).collect::<String>() + &digits;
    }
    Ok(padded(spec, format!("{sign}{prefix}{digits}")))
}

fn character(value: &Value<'_>) -> Outcome<String> {
    let wrong = || Failure::new("%c requires int or char");
    match value {
        Value::Text(text) if text.chars().count() == 1 => Ok((**text).to_owned()),
        Value::Text(_) => Err(wrong()),
        other => {
            let code = integer_of(other)
                .ok()
                .and_then(|code| u32::try_from(code).ok());
            code.and_then(char::from_u32)
                .map(String::from)
                .ok_or_else(wrong)
        }
    }
}

fn padded(spec: &Spec, text: String) -> String {
    let missing = spec.width.saturating_sub(text.chars().count());
    let spaces: String = repeat_n(' ', missing).collect();
    if spec.left {
        text + &spaces
    } else {
        spaces + &text
    }
}
