use crate::{
    eval::{Bound, Machine},
    mistake::{Failure, Outcome},
    value::Value,
};

/// The text for a URL: as a path, or as a part of a query, where a slash is written in another way and a space is `+`.
fn quoted(text: &str, in_query: bool) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'_' | b'.' | b'-' | b'~' => {
                out.push(char::from(byte));
            }
            b'/' if !in_query => out.push('/'),
            b' ' if in_query => out.push('+'),
            byte => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

pub(super) fn urlencode<'a>(
    machine: &Machine<'a>,
    value: Value<'a>,
    _: Bound<'a>,
) -> Outcome<Value<'a>> {
    let pairs = match &value {
        Value::Dict(dict) => machine.dict_entries(dict)?,
        Value::List(_) | Value::Tuple(_) | Value::View(_) | Value::Stream(_) | Value::Range(_) => {
            let mut pairs = Vec::new();
            for item in machine.items(&value)? {
                let pair = machine.items(&item)?;
                let Ok([name, value]) = <[Value<'a>; 2]>::try_from(pair) else {
                    return Err(Failure::new(
                        "urlencode takes a text, a dict or pairs of names and values",
                    ));
                };
                pairs.push((name, value));
            }
            pairs
        }
        other => {
            let text = machine.text_of(other)?;
            machine.charge_bytes(text.len() * 3)?;
            return machine.text(quoted(&text, false));
        }
    };
    let mut out = String::new();
    for (name, value) in pairs {
        let (name, value) = (machine.text_of(&name)?, machine.text_of(&value)?);
        let separator = if out.is_empty() { "" } else { "&" };
        machine.push(
            &mut out,
            &format!(
                "{separator}{}={}",
                quoted(&name, true),
                quoted(&value, true)
            ),
        )?;
    }
    machine.text(out)
}
