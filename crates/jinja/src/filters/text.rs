use crate::{
    eval::{Bound, Given, Machine},
    format::percent_format,
    methods::call_method,
    mistake::{Failure, Outcome},
    value::{Text, Value},
};

/// The value as a text, as Jinja2's own filters take it.
fn soft<'a>(machine: &Machine<'a>, value: &Value<'a>) -> Outcome<Text<'a>> {
    match value {
        Value::Text(text) => Ok(text.clone()),
        other => Ok(Text::from(machine.text_of(other)?)),
    }
}

pub(super) fn lower<'a>(
    machine: &Machine<'a>,
    value: Value<'a>,
    _: Bound<'a>,
) -> Outcome<Value<'a>> {
    machine.text_like(&value, soft(machine, &value)?.to_lowercase())
}

pub(super) fn upper<'a>(
    machine: &Machine<'a>,
    value: Value<'a>,
    _: Bound<'a>,
) -> Outcome<Value<'a>> {
    machine.text_like(&value, soft(machine, &value)?.to_uppercase())
}

pub(super) fn string<'a>(
    machine: &Machine<'a>,
    value: Value<'a>,
    _: Bound<'a>,
) -> Outcome<Value<'a>> {
    Ok(Value::Text(soft(machine, &value)?))
}

/// The first letter large, the others small.
pub(crate) fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(|c| c.to_uppercase().to_string());
    let rest = chars.as_str().to_lowercase();
    first.unwrap_or_default() + &rest
}

pub(super) fn capitalize<'a>(
    machine: &Machine<'a>,
    value: Value<'a>,
    _: Bound<'a>,
) -> Outcome<Value<'a>> {
    machine.text_like(&value, capitalised(&soft(machine, &value)?))
}

/// Each word with a large first letter. Words begin after spaces, dashes and opening brackets.
pub(super) fn title<'a>(
    machine: &Machine<'a>,
    value: Value<'a>,
    _: Bound<'a>,
) -> Outcome<Value<'a>> {
    let text = soft(machine, &value)?;
    let mut out = String::with_capacity(text.len());
    let mut begins = true;
    for c in text.chars() {
        if begins {
            out.extend(c.to_uppercase());
        } else {
            out.extend(c.to_lowercase());
        }
        begins = c.is_whitespace() || matches!(c, '-' | '(' | '{' | '[' | '<');
    }
    machine.text_like(&value, out)
}

pub(super) fn trim<'a>(
    machine: &Machine<'a>,
    value: Value<'a>,
    bound: Bound<'a>,
) -> Outcome<Value<'a>> {
    let text = soft(machine, &value)?;
    let trimmed = match bound.text(0)? {
        None => text.trim(),
        Some(chars) => {
            machine.charge_bytes(text.len().saturating_mul(chars.len().max(1)))?;
            text.trim_matches(|c| chars.contains(c))
        }
    };
    machine.text_like(&value, trimmed)
}

pub(super) fn replace<'a>(
    machine: &Machine<'a>,
    value: Value<'a>,
    bound: Bound<'a>,
) -> Outcome<Value<'a>> {
    let text = soft(machine, &value)?;
    let part = |at: usize| {
        bound
            .get(at)
            .map(|value| machine.text_of(value))
            .transpose()
    };
    let (old, new) = (part(0)?.unwrap_or_default(), part(1)?.unwrap_or_default());
    machine.text_like(
        &value,
        replaced(machine, &text, &old, &new, bound.integer(2)?)?,
    )
}

/// The text with the first `count` of `old` replaced; all of them without a count.
pub(crate) fn replaced(
    machine: &Machine<'_>,
    text: &str,
    old: &str,
    new: &str,
    count: Option<i64>,
) -> Outcome<String> {
    let count = count.map_or(usize::MAX, |count| {
        usize::try_from(count).unwrap_or(usize::MAX)
    });
    machine.charge_bytes(text.len())?;
    let found = if old.is_empty() {
        text.len() + 1
    } else {
        text.matches(old).count()
    };
    machine.afford_bytes(
        text.len()
            .saturating_add(found.min(count).saturating_mul(new.len())),
    )?;
    Ok(text.replacen(old, new, count))
}

pub(crate) fn centred(
    machine: &Machine<'_>,
    text: &str,
    width: i64,
    fill: char,
) -> Outcome<String> {
    let width = usize::try_from(width).unwrap_or(0);
    let padding = width.saturating_sub(text.chars().count());
    machine.afford_bytes(
        text.len()
            .saturating_add(padding.saturating_mul(fill.len_utf8())),
    )?;
    let left = padding / 2 + (padding & width & 1);
    let fill = |count: usize| std::iter::repeat_n(fill, count);
    Ok(fill(left)
        .chain(text.chars())
        .chain(fill(padding - left))
        .collect())
}

pub(super) fn center<'a>(
    machine: &Machine<'a>,
    value: Value<'a>,
    bound: Bound<'a>,
) -> Outcome<Value<'a>> {
    let width = bound.integer(0)?.unwrap_or(80);
    machine.text_like(
        &value,
        centred(machine, &soft(machine, &value)?, width, ' ')?,
    )
}

/// The lines of a text, as Python's `splitlines` takes them.
pub(crate) fn lines_of(text: &str, keep_ends: bool) -> Vec<&str> {
    let ends = |c: char| {
        matches!(
            c,
            '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{1c}'
                ..='\u{1e}' | '\u{85}' | '\u{2028}' | '\u{2029}'
        )
    };
    let (mut lines, mut rest) = (Vec::new(), text);
    while !rest.is_empty() {
        let Some(at) = rest.find(ends) else {
            lines.push(rest);
            break;
        };
        let tail = &rest[at..];
        let width = if tail.starts_with("\r\n") {
            2
        } else {
            tail.chars().next().map_or(1, char::len_utf8)
        };
        lines.push(&rest[..if keep_ends { at + width } else { at }]);
        rest = &rest[at + width..];
    }
    lines
}

pub(super) fn lines<'a>(
    machine: &Machine<'a>,
    value: Value<'a>,
    _: Bound<'a>,
) -> Outcome<Value<'a>> {
    let text = soft(machine, &value)?;
    let lines = lines_of(&text, false)
        .into_iter()
        .map(|line| machine.text(line));
    machine.list(lines.collect::<Outcome<_>>()?)
}

pub(super) fn indent<'a>(
    machine: &Machine<'a>,
    value: Value<'a>,
    bound: Bound<'a>,
) -> Outcome<Value<'a>> {
    let text = soft(machine, &value)?;
    let margin = match bound.some(0) {
        Some(Value::Text(margin)) => (**margin).to_owned(),
        _ => {
            let width = usize::try_from(bound.integer(0)?.unwrap_or(4)).unwrap_or(0);
            machine.afford_bytes(width)?;
            " ".repeat(width)
        }
    };
    let (first, blank) = (bound.flag(1, false), bound.flag(2, false));
    // Jinja2 adds a line break, so that the last one of the text is kept.
    let text = format!("{}\n", &*text);
    let mut out = String::new();
    for (at, line) in lines_of(&text, false).into_iter().enumerate() {
        if at > 0 {
            machine.push(&mut out, "\n")?;
        }
        let indents = if at == 0 {
            first
        } else {
            blank || !line.is_empty()
        };
        if indents {
            machine.push(&mut out, &margin)?;
        }
        machine.push(&mut out, line)?;
    }
    machine.text_like(&value, out)
}

pub(super) fn truncate<'a>(
    machine: &Machine<'a>,
    value: Value<'a>,
    bound: Bound<'a>,
) -> Outcome<Value<'a>> {
    let text = soft(machine, &value)?;
    let length = bound.integer(0)?.unwrap_or(255);
    let end = bound.text(2)?.unwrap_or("...");
    let leeway = bound.integer(3)?.unwrap_or(5);
    let chars = text.chars().count();
    let end_chars = i64::try_from(end.chars().count()).unwrap_or(i64::MAX);
    if length < end_chars {
        return Err(Failure::new(format!(
            "expected length >= {end_chars}, got {length}"
        )));
    }
    if leeway < 0 {
        return Err(Failure::new(format!("expected leeway >= 0, got {leeway}")));
    }
    if i64::try_from(chars).is_ok_and(|chars| chars <= length.saturating_add(leeway)) {
        return Ok(Value::Text(text));
    }
    let kept = usize::try_from(length - end_chars).unwrap_or(0);
    let cut = text
        .char_indices()
        .nth(kept)
        .map_or(text.len(), |(at, _)| at);
    let mut start = &text[..cut];
    if !bound.flag(1, false) {
        start = start.rsplit_once(' ').map_or(start, |(words, _)| words);
    }
    machine.text_like(&value, format!("{start}{end}"))
}

pub(super) fn wordcount<'a>(
    machine: &Machine<'a>,
    value: Value<'a>,
    _: Bound<'a>,
) -> Outcome<Value<'a>> {
    let text = soft(machine, &value)?;
    let words = text
        .split(|c: char| !(c == '_' || c.is_alphanumeric()))
        .filter(|word| !word.is_empty());
    Ok(Value::Int(i64::try_from(words.count()).unwrap_or(i64::MAX)))
}

pub(super) fn format<'a>(
    machine: &Machine<'a>,
    value: Value<'a>,
    bound: Bound<'a>,
) -> Outcome<Value<'a>> {
    let format = soft(machine, &value)?;
    let arguments = match (bound.rest.is_empty(), bound.named.is_empty()) {
        (false, false) => {
            return Err(Failure::new(
                "can't handle positional and keyword arguments at the same time",
            ));
        }
        (_, true) => machine.tuple(bound.rest)?,
        (true, false) => {
            let named = bound
                .named
                .into_iter()
                .map(|(name, value)| (Value::Text(name), value));
            machine.dict(named.collect())?
        }
    };
    machine.text_like(&value, percent_format(machine, &format, &arguments)?)
}

pub(super) fn split<'a>(
    machine: &Machine<'a>,
    value: Value<'a>,
    mut bound: Bound<'a>,
) -> Outcome<Value<'a>> {
    let text = Value::Text(soft(machine, &value)?);
    let separator = bound.take(0).unwrap_or(Value::None);
    let most = bound.take(1).unwrap_or(Value::Int(-1));
    let given = Given {
        positional: vec![separator, most],
        named: Vec::new(),
    };
    call_method(machine, &text, "split", given)
}
