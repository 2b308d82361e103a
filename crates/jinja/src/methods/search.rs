//! Methods of texts that look for another text in them.

use super::{MethodEntry, Owner::Text as OfText, method, text::of};
use crate::{
    eval::{Bound, Machine},
    filters::replaced,
    mistake::{Failure, Outcome},
    value::{Text, Value},
};

type Done<'a> = Outcome<Value<'a>>;

const RANGE: &str = "sub, start=, end=";

pub(super) const METHODS: &[MethodEntry] = &[
    method(OfText, "count", RANGE, |machine, value, bound| {
        let (text, _) = part(machine, value, &bound)?;
        let wanted = bound.text(0)?.unwrap_or("");
        let found = if wanted.is_empty() {
            text.chars().count() + 1
        } else {
            text.matches(wanted).count()
        };
        Ok(Value::Int(i64::try_from(found).unwrap_or(i64::MAX)))
    }),
    method(OfText, "endswith", RANGE, |machine, value, bound| {
        let (text, _) = part(machine, value, &bound)?;
        any(machine, &bound, |wanted| text.ends_with(wanted))
    }),
    method(OfText, "find", RANGE, |machine, value, bound| {
        Ok(Value::Int(
            found(machine, value, &bound, false)?.unwrap_or(-1),
        ))
    }),
    method(OfText, "index", RANGE, |machine, value, bound| {
        indexed(machine, value, &bound, false)
    }),
    method(OfText, "partition", "sep", |machine, value, bound| {
        partitioned(machine, value, &bound, false)
    }),
    method(
        OfText,
        "replace",
        "old, new, count=",
        |machine, value, bound| {
            let (old, new) = (bound.text(0)?.unwrap_or(""), bound.text(1)?.unwrap_or(""));
            machine.text_like(
                value,
                replaced(machine, of(value), old, new, bound.integer(2)?)?,
            )
        },
    ),
    method(OfText, "rfind", RANGE, |machine, value, bound| {
        Ok(Value::Int(
            found(machine, value, &bound, true)?.unwrap_or(-1),
        ))
    }),
    method(OfText, "rindex", RANGE, |machine, value, bound| {
        indexed(machine, value, &bound, true)
    }),
    method(OfText, "rpartition", "sep", |machine, value, bound| {
        partitioned(machine, value, &bound, true)
    }),
    method(
        OfText,
        "rsplit",
        "sep=, maxsplit=",
        |machine, value, bound| split(machine, value, &bound, true),
    ),
    method(
        OfText,
        "split",
        "sep=, maxsplit=",
        |machine, value, bound| split(machine, value, &bound, false),
    ),
    method(OfText, "startswith", RANGE, |machine, value, bound| {
        let (text, _) = part(machine, value, &bound)?;
        any(machine, &bound, |wanted| text.starts_with(wanted))
    }),
];

/// What lies between `start` and `end`, and how many characters are before it.
fn part<'v>(
    machine: &Machine<'_>,
    value: &'v Value<'_>,
    bound: &Bound<'_>,
) -> Outcome<(&'v str, usize)> {
    let text = of(value);
    if bound.some(1).is_none() && bound.some(2).is_none() {
        return Ok((text, 0));
    }
    machine.charge_bytes(text.len())?;
    let count = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
    let place = |bound: Option<i64>, default: i64| {
        let place = bound.unwrap_or(default);
        let place = if place < 0 {
            place.saturating_add(count)
        } else {
            place
        };
        usize::try_from(place.clamp(0, count)).unwrap_or(0)
    };
    let (start, end) = (place(bound.integer(1)?, 0), place(bound.integer(2)?, count));
    let byte = |at: usize| text.char_indices().nth(at).map_or(text.len(), |(at, _)| at);
    if start >= end {
        return Ok(("", start));
    }
    Ok((&text[byte(start)..byte(end)], start))
}

/// Whether it holds of the text, or of one of a tuple of them.
fn any<'a>(machine: &Machine<'a>, bound: &Bound<'a>, holds: impl Fn(&str) -> bool) -> Done<'a> {
    let Some(Value::Tuple(cell)) = bound.get(0) else {
        return Ok(Value::Bool(holds(wanted(bound)?)));
    };
    machine.charge_items(cell.len())?;
    let items = cell.items();
    let found = items
        .iter()
        .any(|item| item.as_text().is_some_and(|text| holds(text)));
    Ok(Value::Bool(found))
}

fn wanted<'b>(bound: &'b Bound<'_>) -> Outcome<&'b str> {
    bound
        .text(0)?
        .ok_or_else(|| Failure::new("expected a text, not NoneType"))
}

fn found<'a>(
    machine: &Machine<'a>,
    value: &Value<'a>,
    bound: &Bound<'a>,
    last: bool,
) -> Outcome<Option<i64>> {
    let (text, before) = part(machine, value, bound)?;
    let wanted = wanted(bound)?;
    let at = if last {
        text.rfind(wanted)
    } else {
        text.find(wanted)
    };
    Ok(at.and_then(|at| i64::try_from(before + text[..at].chars().count()).ok()))
}

fn indexed<'a>(
    machine: &Machine<'a>,
    value: &Value<'a>,
    bound: &Bound<'a>,
    last: bool,
) -> Done<'a> {
    let place = found(machine, value, bound, last)?;
    place
        .map(Value::Int)
        .ok_or_else(|| Failure::new("substring not found"))
}

fn partitioned<'a>(
    machine: &Machine<'a>,
    value: &Value<'a>,
    bound: &Bound<'a>,
    last: bool,
) -> Done<'a> {
    let (text, separator) = (of(value), wanted(bound)?);
    if separator.is_empty() {
        return Err(Failure::new("empty separator"));
    }
    let found = if last {
        text.rsplit_once(separator)
    } else {
        text.split_once(separator)
    };
    let parts = match found {
        Some((before, after)) => [before, separator, after],
        None if last => ["", "", text],
        None => [text, "", ""],
    };
    machine.tuple(
        parts
            .into_iter()
            .map(|part| machine.text(part))
            .collect::<Outcome<_>>()?,
    )
}

fn split<'a>(machine: &Machine<'a>, value: &Value<'a>, bound: &Bound<'a>, last: bool) -> Done<'a> {
    let text = of(value);
    let most = bound
        .integer(1)?
        .and_then(|most| usize::try_from(most).ok())
        .unwrap_or(usize::MAX);
    let mut parts: Vec<&str> = Vec::new();
    match bound.text(0)? {
        Some("") => return Err(Failure::new("empty separator")),
        Some(separator) if last => {
            parts.extend(text.rsplitn(most.saturating_add(1), separator));
            parts.reverse();
        }
        Some(separator) => parts.extend(text.splitn(most.saturating_add(1), separator)),
        None if last => {
            let mut rest = text.trim_end();
            while !rest.is_empty() {
                let word = rest
                    .rfind(char::is_whitespace)
                    .filter(|_| parts.len() < most);
                let Some(at) = word else {
                    parts.push(if parts.len() < most {
                        rest
                    } else {
                        rest.trim_end()
                    });
                    break;
                };
                let next = rest[at..].chars().next().map_or(1, char::len_utf8);
                parts.push(&rest[at + next..]);
                rest = rest[..at].trim_end();
            }
            parts.reverse();
        }
        None => {
            let mut rest = text.trim_start();
            while !rest.is_empty() {
                let word = rest
                    .find(char::is_whitespace)
                    .filter(|_| parts.len() < most);
                let Some(at) = word else {
                    parts.push(if parts.len() < most {
                        rest.trim_end()
                    } else {
                        rest
                    });
                    break;
                };
                parts.push(&rest[..at]);
                rest = rest[at..].trim_start();
            }
        }
    }
    machine.charge_items(parts.len() * 2)?;
    let texts = parts.into_iter().map(|part| match value {
        Value::Text(Text::Safe(_)) => machine.safe_text(part),
        _ => machine.text(part),
    });
    machine.list(texts.collect::<Outcome<_>>()?)
}
