use std::iter::repeat_n;

use super::numbers::{float_digits, grouped, integer_digits, is_negative};
use crate::{
    eval::{Given, Machine},
    mistake::{Failure, Outcome},
    value::{Number, Text, Value, number_of},
};

/// What follows the colon in `{name:spec}`.
#[derive(Default)]
struct Spec {
    fill: Option<char>,
    align: Option<char>,
    sign: Option<char>,
    alternate: bool,
    zero: bool,
    width: usize,
    grouping: Option<char>,
    precision: Option<usize>,
    kind: Option<char>,
}

/// `format.format(…)`.
pub(crate) fn brace_format<'a>(
    machine: &Machine<'a>,
    format: &str,
    given: &Given<'a>,
) -> Outcome<String> {
    let mut next = 0;
    let mut out = String::new();
    expand(machine, format, given, &mut next, true, &mut out)?;
    Ok(out)
}

fn expand<'a>(
    machine: &Machine<'a>,
    format: &str,
    given: &Given<'a>,
    next: &mut usize,
    nests: bool,
    out: &mut String,
) -> Outcome<()> {
    let mut rest = format;
    while let Some(at) = rest.find(['{', '}']) {
        machine.push(out, &rest[..at])?;
        let (brace, tail) = rest[at..].split_at(1);
        if tail.starts_with(brace) {
            machine.push(out, brace)?;
            rest = &tail[1..];
            continue;
        }
        if brace == "}" {
            return Err(Failure::new("Single '}' encountered in format string"));
        }
        let end = end_of(tail).ok_or_else(|| Failure::new("expected '}' before end of string"))?;
        field(machine, &tail[..end], given, next, nests, out)?;
        rest = &tail[end + 1..];
    }
    machine.push(out, rest)
}

/// Where the field ends that begins here.
fn end_of(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => return Some(at),
            '}' => depth -= 1,
            _ => {}
        }
    }
    None
}

fn field<'a>(
    machine: &Machine<'a>,
    text: &str,
    given: &Given<'a>,
    next: &mut usize,
    nests: bool,
    out: &mut String,
) -> Outcome<()> {
    let name_end = text.find([':', '!']).unwrap_or(text.len());
    let (name, mut rest) = text.split_at(name_end);
    let value = lookup(machine, name, given, next)?;
    let mut value = value;
    if let Some(tail) = rest.strip_prefix('!') {
        let conversion = tail.chars().next().unwrap_or(' ');
        value = match conversion {
            's' => machine.text(machine.text_of(&value)?)?,
            'r' | 'a' => machine.text(machine.repr_of(&value)?)?,
            other => {
                return Err(Failure::new(format!(
                    "Unknown conversion specifier {other}"
                )));
            }
        };
        rest = &tail[conversion.len_utf8()..];
    }
    let mut spec = String::new();
    if let Some(tail) = rest.strip_prefix(':') {
        if nests {
            expand(machine, tail, given, next, false, &mut spec)?;
        } else {
            spec.push_str(tail);
        }
    } else if !rest.is_empty() {
        return Err(Failure::new("expected ':' after conversion specifier"));
    }
    machine.defined(&value)?;
    let text = formatted(machine, &value, &spec)?;
    machine.push(out, &text)
}

fn lookup<'a>(
    machine: &Machine<'a>,
    name: &str,
    given: &Given<'a>,
    next: &mut usize,
) -> Outcome<Value<'a>> {
    let end = name.find(['.', '[']).unwrap_or(name.len());
    let (first, mut rest) = name.split_at(end);
    let position = if first.is_empty() {
        *next += 1;
        Some(*next - 1)
    } else {
        first.parse().ok()
    };
    let mut value = match position {
        Some(at) => given.positional.get(at).cloned().ok_or_else(|| {
            Failure::new(format!(
                "Replacement index {at} out of range for positional args tuple"
            ))
        })?,
        None => {
            let found = given.named.iter().find(|(known, _)| **known == *first);
            let found = found.map(|(_, value)| value.clone());
            found.ok_or_else(|| {
                Failure::new(format!("the format names `{first}`, which is not given"))
            })?
        }
    };
    while !rest.is_empty() {
        machine.charge(1)?;
        if let Some(tail) = rest.strip_prefix('[') {
            let end = tail
                .find(']')
                .ok_or_else(|| Failure::new("Missing ']' in format string"))?;
            let key = &tail[..end];
            let key = match key.parse() {
                Ok(index) => Value::Int(index),
                Err(_) => Value::Text(Text::from(key.to_owned())),
            };
            value = machine.item(&value, &key)?;
            rest = &tail[end + 1..];
        } else if let Some(tail) = rest.strip_prefix('.') {
            let end = tail.find(['.', '[']).unwrap_or(tail.len());
            value = machine.member(&value, Text::from(tail[..end].to_owned()))?;
            rest = &tail[end..];
        } else {
            return Err(Failure::new(
                "Only '.' or '[' may follow ']' in format field specifier",
            ));
        }
        if let Value::Undefined(absent) = &value {
            return Err(Failure::new(absent.words()));
        }
    }
    Ok(value)
}

fn read_spec(text: &str) -> Outcome<Spec> {
    let mut spec = Spec::default();
    let chars: Vec<char> = text.chars().collect();
    let mut at = 0;
    let is_align = |c: Option<&char>| matches!(c, Some('<' | '>' | '^' | '='));
    if is_align(chars.get(1)) {
        (spec.fill, spec.align, at) = (chars.first().copied(), chars.get(1).copied(), 2);
    } else if is_align(chars.first()) {
        (spec.align, at) = (chars.first().copied(), 1);
    }
    if let Some(sign @ ('+' | '-' | ' ')) = chars.get(at) {
        (spec.sign, at) = (Some(*sign), at + 1);
    }
    if chars.get(at) == Some(&'#') {
        (spec.alternate, at) = (true, at + 1);
    }
    if chars.get(at) == Some(&'0') {
        (spec.zero, at) = (true, at + 1);
    }
    let count = |at: &mut usize| {
        let start = *at;
        while chars.get(*at).is_some_and(char::is_ascii_digit) {
            *at += 1;
        }
        let digits: String = chars[start..*at].iter().collect();
        if digits.is_empty() {
            return Ok(None);
        }
        digits
            .parse::<usize>()
            .map(Some)
            .map_err(|_| Failure::new("Too many decimal digits in format string"))
    };
    spec.width = count(&mut at)?.unwrap_or(0);
    if let Some(separator @ (',' | '_')) = chars.get(at) {
        (spec.grouping, at) = (Some(*separator), at + 1);
    }
    if chars.get(at) == Some(&'.') {
        at += 1;
        spec.precision = Some(
            count(&mut at)?.ok_or_else(|| Failure::new("Format specifier missing precision"))?,
        );
    }
    spec.kind = chars.get(at).copied();
    if at + 1 < chars.len() {
        return Err(Failure::new(format!("Invalid format specifier '{text}'")));
    }
    Ok(spec)
}

fn formatted<'a>(machine: &Machine<'a>, value: &Value<'a>, spec: &str) -> Outcome<String> {
    if spec.is_empty() {
        return machine.text_of(value);
    }
    let parsed = read_spec(spec)?;
    machine.afford_bytes(
        parsed
            .width
            .saturating_mul(4)
            .saturating_add(parsed.precision.unwrap_or(0)),
    )?;
    let is_text_like = matches!(parsed.kind, None | Some('s'));
    match (value, number_of(value)) {
        (Value::Text(text), _) if is_text_like => {
            let text: String = text
                .chars()
                .take(parsed.precision.unwrap_or(usize::MAX))
                .collect();
            Ok(aligned(&parsed, "", &text, '<'))
        }
        (Value::Text(_), _) => Err(unknown(&parsed, "str")),
        (_, Some(number)) => number_formatted(machine, value, &number, &parsed),
        (other, None) => Err(Failure::new(format!(
            "unsupported format string passed to {}.__format__",
            other.type_name()
        ))),
    }
}

fn unknown(spec: &Spec, kind: &str) -> Box<Failure> {
    Failure::new(format!(
        "Unknown format code '{}' for object of type '{kind}'",
        spec.kind.unwrap_or(' ')
    ))
}

fn number_formatted<'a>(
    machine: &Machine<'a>,
    value: &Value<'a>,
    number: &Number,
    spec: &Spec,
) -> Outcome<String> {
    let is_float_kind = matches!(spec.kind, Some('e' | 'E' | 'f' | 'F' | 'g' | 'G' | '%'));
    let (negative, prefix, digits) = if number.is_integer() && !is_float_kind {
        let integer = number.to_big().unwrap_or_default();
        machine.charge_big(&integer)?;
        let kind = spec.kind.unwrap_or('d');
        if kind == 'c' {
            let code = u32::try_from(&integer).ok().and_then(char::from_u32);
            let c = code.ok_or_else(|| Failure::new("%c arg not in range(0x110000)"))?;
            return Ok(aligned(spec, "", &c.to_string(), '<'));
        }
        if !matches!(kind, 'b' | 'd' | 'n' | 'o' | 'x' | 'X') {
            return Err(unknown(spec, "int"));
        }
        if spec.precision.is_some() {
            return Err(Failure::new(
                "Precision not allowed in integer format specifier",
            ));
        }
        let prefix = match kind {
            'b' if spec.alternate => "0b",
            'o' if spec.alternate => "0o",
            'x' if spec.alternate => "0x",
            'X' if spec.alternate => "0X",
            _ => "",
        };
        (
            is_negative(&integer),
            prefix,
            integer_digits(&integer, kind),
        )
    } else {
        let float = number.to_float()?;
        let precision = spec.precision.unwrap_or(6);
        let digits = match spec.kind {
            Some('%') => float_digits(float.abs() * 100.0, 'f', precision, spec.alternate)? + "%",
            Some('n') => float_digits(float.abs(), 'g', precision, spec.alternate)?,
            Some(kind) if is_float_kind => {
                float_digits(float.abs(), kind, precision, spec.alternate)?
            }
            Some(_) => return Err(unknown(spec, "float")),
            None => match spec.precision {
                Some(precision) => {
                    let digits = float_digits(float.abs(), 'g', precision, spec.alternate)?;
                    if digits.contains(['.', 'e', 'n']) {
                        digits
                    } else {
                        digits + ".0"
                    }
                }
                None => machine.text_of(value)?.trim_start_matches('-').to_owned(),
            },
        };
        (float.is_sign_negative() && !float.is_nan(), "", digits)
    };
    let digits = match spec.grouping {
        Some(separator) => {
            let size = if matches!(spec.kind, Some('b' | 'o' | 'x' | 'X')) {
                4
            } else {
                3
            };
            grouped(&digits, separator, size)
        }
        None => digits,
    };
    let sign = match (negative, spec.sign) {
        (true, _) => "-",
        (false, Some('+')) => "+",
        (false, Some(' ')) => " ",
        _ => "",
    };
    Ok(aligned(spec, &format!("{sign}{prefix}"), &digits, '>'))
}

fn aligned(spec: &Spec, sign: &str, text: &str, default: char) -> String {
    let zero = spec.zero && spec.align.is_none();
    let fill = spec.fill.unwrap_or(if spec.zero { '0' } else { ' ' });
    let align = spec
        .align
        .unwrap_or(if zero && default == '>' { '=' } else { default });
    let missing = spec
        .width
        .saturating_sub(sign.chars().count() + text.chars().count());
    let fills = |count: usize| repeat_n(fill, count).collect::<String>();
    match align {
        '<' => format!("{sign}{text}{}", fills(missing)),
        '^' => format!(
            "{}{sign}{text}{}",
            fills(missing / 2),
            fills(missing - missing / 2)
        ),
        '=' => format!("{sign}{}{text}", fills(missing)),
        _ => format!("{}{sign}{text}", fills(missing)),
    }
}
