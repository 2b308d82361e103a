use super::{MethodEntry, Owner::Number as OfNumber, Owner::Text as OfText, method};
use crate::{
    eval::{Bound, Machine},
    filters::{capitalised, centred, lines_of},
    mistake::{Failure, Outcome},
    value::{Number, Value, number_of},
};

type Done<'a> = Outcome<Value<'a>>;

pub(super) const METHODS: &[MethodEntry] = &[
    method(OfText, "capitalize", "", |machine, value, _| {
        machine.text_like(value, capitalised(of(value)))
    }),
    method(OfText, "casefold", "", |machine, value, _| {
        machine.text_like(value, of(value).to_lowercase().replace('ß', "ss"))
    }),
    method(
        OfText,
        "center",
        "width, fillchar=",
        |machine, value, bound| {
            let text = centred(
                machine,
                of(value),
                bound.integer(0)?.unwrap_or(0),
                fill(&bound)?,
            )?;
            machine.text_like(value, text)
        },
    ),
    method(OfText, "expandtabs", "tabsize=", expandtabs),
    method(OfText, "format", "*, **", |_, value, _| Ok(value.clone())),
    method(OfText, "isalnum", "", |_, value, _| {
        every(value, char::is_alphanumeric)
    }),
    method(OfText, "isalpha", "", |_, value, _| {
        every(value, char::is_alphabetic)
    }),
    method(OfText, "isascii", "", |_, value, _| {
        Ok(Value::Bool(of(value).is_ascii()))
    }),
    method(OfText, "isdecimal", "", |_, value, _| {
        every(value, is_digit)
    }),
    method(OfText, "isdigit", "", |_, value, _| every(value, is_digit)),
    method(OfText, "isidentifier", "", |_, value, _| {
        let starts = of(value)
            .chars()
            .next()
            .is_some_and(|c| c == '_' || c.is_alphabetic());
        Ok(Value::Bool(
            starts && of(value).chars().all(|c| c == '_' || c.is_alphanumeric()),
        ))
    }),
    method(OfText, "islower", "", |_, value, _| {
        let text = of(value);
        Ok(Value::Bool(
            text.chars().any(char::is_lowercase) && !text.chars().any(char::is_uppercase),
        ))
    }),
    method(OfText, "isnumeric", "", |_, value, _| {
        every(value, char::is_numeric)
    }),
    method(OfText, "isprintable", "", |_, value, _| {
        Ok(Value::Bool(of(value).chars().all(|c| {
            c == ' ' || !(c.is_control() || c.is_whitespace())
        })))
    }),
    method(OfText, "isspace", "", |_, value, _| {
        every(value, char::is_whitespace)
    }),
    method(OfText, "istitle", "", |_, value, _| {
        let text = of(value);
        Ok(Value::Bool(
            text.chars().any(char::is_alphabetic) && titled(text) == text,
        ))
    }),
    method(OfText, "isupper", "", |_, value, _| {
        let text = of(value);
        Ok(Value::Bool(
            text.chars().any(char::is_uppercase) && !text.chars().any(char::is_lowercase),
        ))
    }),
    method(OfText, "join", "iterable", join),
    method(
        OfText,
        "ljust",
        "width, fillchar=",
        |machine, value, bound| justified(machine, value, &bound, true),
    ),
    method(OfText, "lower", "", |machine, value, _| {
        machine.text_like(value, of(value).to_lowercase())
    }),
    method(OfText, "lstrip", "chars=", |machine, value, bound| {
        stripped(machine, value, &bound, true, false)
    }),
    method(OfText, "removeprefix", "prefix", |machine, value, bound| {
        let text = of(value);
        machine.text_like(
            value,
            text.strip_prefix(bound.text(0)?.unwrap_or(""))
                .unwrap_or(text),
        )
    }),
    method(OfText, "removesuffix", "suffix", |machine, value, bound| {
        let text = of(value);
        machine.text_like(
            value,
            text.strip_suffix(bound.text(0)?.unwrap_or(""))
                .unwrap_or(text),
        )
    }),
    method(
        OfText,
        "rjust",
        "width, fillchar=",
        |machine, value, bound| justified(machine, value, &bound, false),
    ),
    method(OfText, "rstrip", "chars=", |machine, value, bound| {
        stripped(machine, value, &bound, false, true)
    }),
    method(
        OfText,
        "splitlines",
        "keepends=",
        |machine, value, bound| {
            let lines = lines_of(of(value), bound.flag(0, false)).into_iter();
            machine.list(
                lines
                    .map(|line| machine.text_like(value, line))
                    .collect::<Outcome<_>>()?,
            )
        },
    ),
    method(OfText, "strip", "chars=", |machine, value, bound| {
        stripped(machine, value, &bound, true, true)
    }),
    method(OfText, "swapcase", "", |machine, value, _| {
        let swap = |c: char| {
            if c.is_uppercase() {
                c.to_lowercase().to_string()
            } else {
                c.to_uppercase().to_string()
            }
        };
        machine.text_like(value, of(value).chars().map(swap).collect::<String>())
    }),
    method(OfText, "title", "", |machine, value, _| {
        machine.text_like(value, titled(of(value)))
    }),
    method(OfText, "upper", "", |machine, value, _| {
        machine.text_like(value, of(value).to_uppercase())
    }),
    method(OfText, "zfill", "width", zfill),
    method(OfNumber, "is_integer", "", |_, value, _| {
        Ok(Value::Bool(match number_of(value) {
            Some(Number::Float(value)) => value.fract() == 0.0,
            _ => true,
        }))
    }),
    method(OfNumber, "bit_length", "", |_, value, _| {
        match number_of(value) {
            Some(Number::Float(_)) | None => {
                Err(Failure::new("'float object' has no attribute 'bit_length'"))
            }
            Some(number) => {
                let bits = number.to_big().map_or(0, |value| value.bits());
                Ok(Value::Int(i64::try_from(bits).unwrap_or(i64::MAX)))
            }
        }
    }),
];

/// The text that a method is called on.
pub(super) fn of<'v>(value: &'v Value<'_>) -> &'v str {
    value.as_text().map_or("", |text| text)
}

fn is_digit(c: char) -> bool {
    c.is_numeric()
        && (c.is_ascii_digit() || !matches!(c, '¼'..='¾' | '⅐'..='↉' | '〇'..='〩' | '㆒'..='㆕'))
}

fn every<'a>(value: &Value<'a>, holds: fn(char) -> bool) -> Done<'a> {
    let text = of(value);
    Ok(Value::Bool(!text.is_empty() && text.chars().all(holds)))
}

fn fill(bound: &Bound<'_>) -> Outcome<char> {
    let text = bound.text(1)?.unwrap_or(" ");
    let mut chars = text.chars();
    match (chars.next(), chars.next()) {
        (Some(fill), None) => Ok(fill),
        _ => Err(Failure::new(
            "The fill character must be exactly one character long",
        )),
    }
}

fn justified<'a>(
    machine: &Machine<'a>,
    value: &Value<'a>,
    bound: &Bound<'a>,
    left: bool,
) -> Done<'a> {
    let (text, fill) = (of(value), fill(bound)?);
    let width = usize::try_from(bound.integer(0)?.unwrap_or(0)).unwrap_or(0);
    let missing = width.saturating_sub(text.chars().count());
    machine.afford_bytes(
        missing
            .saturating_mul(fill.len_utf8())
            .saturating_add(text.len()),
    )?;
    let filling: String = std::iter::repeat_n(fill, missing).collect();
    machine.text_like(
        value,
        if left {
            format!("{text}{filling}")
        } else {
            format!("{filling}{text}")
        },
    )
}

fn stripped<'a>(
    machine: &Machine<'a>,
    value: &Value<'a>,
    bound: &Bound<'a>,
    left: bool,
    right: bool,
) -> Done<'a> {
    let text = of(value);
    let chars = bound.text(0)?;
    machine.charge_bytes(text.len().saturating_mul(chars.map_or(1, str::len).max(1)))?;
    let goes = |c: char| chars.map_or(c.is_whitespace(), |chars| chars.contains(c));
    let text = if left {
        text.trim_start_matches(goes)
    } else {
        text
    };
    let text = if right {
        text.trim_end_matches(goes)
    } else {
        text
    };
    machine.text_like(value, text)
}

/// Each run of letters with a large first one, as Python's own `title` has it: `It'S`.
fn titled(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut within = false;
    for c in text.chars() {
        if within {
            out.extend(c.to_lowercase());
        } else {
            out.extend(c.to_uppercase());
        }
        within = c.is_alphabetic();
    }
    out
}

fn join<'a>(machine: &Machine<'a>, value: &Value<'a>, bound: Bound<'a>) -> Done<'a> {
    let items = machine.items(bound.get(0).unwrap_or(&Value::None))?;
    let mut out = String::new();
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            machine.push(&mut out, of(value))?;
        }
        match item {
            Value::Text(text) => machine.push(&mut out, text)?,
            other => {
                let words = format!(
                    "sequence item {at}: expected str instance, {} found",
                    other.type_name()
                );
                return Err(Failure::new(words));
            }
        }
    }
    machine.text_like(value, out)
}

fn expandtabs<'a>(machine: &Machine<'a>, value: &Value<'a>, bound: Bound<'a>) -> Done<'a> {
    let size = usize::try_from(bound.integer(0)?.unwrap_or(8)).unwrap_or(0);
    let (mut out, mut column) = (String::new(), 0);
    for c in of(value).chars() {
        match c {
            '\t' if size > 0 => {
                let spaces = size - column % size;
                machine.afford_bytes(spaces)?;
                machine.push(&mut out, &" ".repeat(spaces))?;
                column += spaces;
            }
            '\t' => {}
            '\n' | '\r' => {
                out.push(c);
                column = 0;
            }
            c => {
                out.push(c);
                column += 1;
            }
        }
    }
    machine.text_like(value, out)
}

fn zfill<'a>(machine: &Machine<'a>, value: &Value<'a>, bound: Bound<'a>) -> Done<'a> {
    let text = of(value);
    let width = usize::try_from(bound.integer(0)?.unwrap_or(0)).unwrap_or(0);
    let missing = width.saturating_sub(text.chars().count());
    machine.afford_bytes(missing.saturating_add(text.len()))?;
    let (sign, digits) = match text.strip_prefix(['+', '-']) {
        Some(digits) => text.split_at(text.len() - digits.len()),
        None => ("", text),
    };
    machine.text_like(value, format!("{sign}{}{digits}", "0".repeat(missing)))
}
