use crate::{
    eval::{Bound, Machine},
    mistake::{Failure, Outcome},
    value::{JsonStyle, Text, Value},
};

/// Text with what means something in HTML written in another way.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&#34;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

pub(super) fn escape<'a>(
    machine: &Machine<'a>,
    value: Value<'a>,
    bound: Bound<'a>,
) -> Outcome<Value<'a>> {
    match &value {
        Value::Text(text) if text.is_safe() => Ok(value),
        _ => forceescape(machine, value, bound),
    }
}

pub(super) fn forceescape<'a>(
    machine: &Machine<'a>,
    value: Value<'a>,
    _: Bound<'a>,
) -> Outcome<Value<'a>> {
    machine.safe_text(escaped(&machine.text_of(&value)?))
}

pub(super) fn safe<'a>(
    machine: &Machine<'a>,
    value: Value<'a>,
    _: Bound<'a>,
) -> Outcome<Value<'a>> {
    machine.safe_text(machine.text_of(&value)?)
}

pub(super) fn tojson<'a>(
    machine: &Machine<'a>,
    value: Value<'a>,
    bound: Bound<'a>,
) -> Outcome<Value<'a>> {
    let indent = match bound.some(0) {
        None => None,
        Some(Value::Text(text)) => Some((**text).to_owned()),
        Some(_) => {
            let width = usize::try_from(bound.integer(0)?.unwrap_or(0)).unwrap_or(0);
            machine.afford_bytes(width)?;
            Some(" ".repeat(width))
        }
    };
    machine.safe_text(machine.json_of(&value, &JsonStyle { indent })?)
}

pub(super) fn xmlattr<'a>(
    machine: &Machine<'a>,
    value: Value<'a>,
    bound: Bound<'a>,
) -> Outcome<Value<'a>> {
    let Value::Dict(dict) = &value else {
        return Err(Failure::new(format!(
            "'{}' object has no attribute 'items'",
            value.type_name()
        )));
    };
    let mut out = String::new();
    for (name, value) in machine.dict_entries(dict)? {
        if matches!(value, Value::None | Value::Undefined(_)) {
            continue;
        }
        let name = machine.text_of(&name)?;
        if name.contains(|c: char| c.is_whitespace() || matches!(c, '/' | '>' | '=')) {
            return Err(Failure::new(format!(
                "Invalid character in attribute name: '{name}'"
            )));
        }
        let text = match &value {
            Value::Text(Text::Safe(text)) => text.to_string(),
            other => escaped(&machine.text_of(other)?),
        };
        if bound.flag(0, true) || !out.is_empty() {
            machine.push(&mut out, " ")?;
        }
        machine.push(&mut out, &format!("{}=\"{text}\"", escaped(&name)))?;
    }
    machine.text(out)
}

pub(super) fn striptags<'a>(
    machine: &Machine<'a>,
    value: Value<'a>,
    _: Bound<'a>,
) -> Outcome<Value<'a>> {
    let text = machine.text_of(&value)?;
    let text = without(&without(&text, "<!--", "-->"), "<", ">");
    let words: Vec<&str> = text.split_whitespace().collect();
    machine.text(unescaped(&words.join(" ")))
}

/// The text without everything from an `open` to the `close` behind it.
fn without(text: &str, open: &str, close: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(open)
        && let Some(end) = rest[start..].find(close)
    {
        out.push_str(&rest[..start]);
        rest = &rest[start + end + close.len()..];
    }
    out.push_str(rest);
    out
}

const ENTITIES: &[(&str, char)] = &[
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("nbsp", '\u{a0}'),
    ("copy", '©'),
    ("reg", '®'),
    ("trade", '™'),
    ("hellip", '…'),
    ("mdash", '—'),
    ("ndash", '–'),
    ("lsquo", '‘'),
    ("rsquo", '’'),
    ("ldquo", '“'),
    ("rdquo", '”'),
    ("laquo", '«'),
    ("raquo", '»'),
    ("bull", '•'),
    ("middot", '·'),
    ("euro", '€'),
    ("pound", '£'),
    ("yen", '¥'),
    ("cent", '¢'),
    ("sect", '§'),
    ("deg", '°'),
    ("plusmn", '±'),
    ("times", '×'),
    ("divide", '÷'),
    ("auml", 'ä'),
    ("ouml", 'ö'),
    ("uuml", 'ü'),
    ("Auml", 'Ä'),
    ("Ouml", 'Ö'),
    ("Uuml", 'Ü'),
    ("szlig", 'ß'),
    ("eacute", 'é'),
    ("egrave", 'è'),
    ("agrave", 'à'),
    ("ccedil", 'ç'),
    ("rarr", '→'),
    ("larr", '←'),
];

/// The text with the entities that people write in place of the characters.
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest
            .char_indices()
            .take(12)
            .find(|(_, c)| *c == ';')
            .map(|(at, _)| at);
        let found = end.and_then(|end| entity(&rest[1..end]).map(|c| (c, end + 1)));
        let (c, length) = found.unwrap_or(('&', 1));
        out.push(c);
        rest = &rest[length..];
    }
    out.push_str(rest);
    out
}

fn entity(name: &str) -> Option<char> {
    if let Some(code) = name.strip_prefix('#') {
        let code = match code.strip_prefix(['x', 'X']) {
            Some(code) => u32::from_str_radix(code, 16),
            None => code.parse(),
        };
        return code.ok().and_then(char::from_u32);
    }
    ENTITIES
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, c)| *c)
}
