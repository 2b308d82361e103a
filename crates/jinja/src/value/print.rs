//! Values as text: what Python's `str()` and `repr()` make of them. Numbers print as they were published.

use super::{Dict, Value};
use crate::{
    eval::Machine,
    limits::{TEXT_BYTES_MAX, VALUE_DEPTH_MAX},
    mistake::{Failure, Outcome},
};

/// What Python's `repr()` makes of a float: the fewest digits that say which one it is.
pub(crate) fn float_text(value: f64) -> String {
    if value.is_nan() {
        return "nan".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "inf" } else { "-inf" }.to_owned();
    }
    let scientific = format!("{value:e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or_default();
    if (-4..16).contains(&exponent) {
        let mut text = value.to_string();
        if !text.contains('.') {
            text.push_str(".0");
        }
        return text;
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{digits}e{sign}{:02}", exponent.abs())
}

impl<'a> Machine<'a> {
    /// The text of a value, as `{{ }}` prints it.
    pub(crate) fn print(&self, value: &Value<'a>, out: &mut String) -> Outcome<()> {
        match value {
            Value::Text(text) => self.push(out, text),
            Value::Undefined(_) => {
                self.defined(value)?;
                Ok(())
            }
            value => self.print_repr(value, out, 0),
        }
    }

    /// The same as a text of its own.
    pub(crate) fn text_of(&self, value: &Value<'a>) -> Outcome<String> {
        let mut text = String::new();
        self.print(value, &mut text)?;
        Ok(text)
    }

    /// What Python's `repr()` makes of it.
    pub(crate) fn repr_of(&self, value: &Value<'a>) -> Outcome<String> {
        let mut text = String::new();
        self.print_repr(value, &mut text, 0)?;
        Ok(text)
    }

    /// Puts a text behind another one, within the budget and the longest text.
    pub(crate) fn push(&self, out: &mut String, text: &str) -> Outcome<()> {
        self.charge_bytes(text.len())?;
        if out.len() + text.len() > TEXT_BYTES_MAX {
            return Err(Failure::new(format!(
                "a text is longer than {TEXT_BYTES_MAX} bytes"
            )));
        }
        out.push_str(text);
        Ok(())
    }

    pub(crate) fn print_repr(
        &self,
        value: &Value<'a>,
        out: &mut String,
        depth: u32,
    ) -> Outcome<()> {
        self.charge(1)?;
        if depth > VALUE_DEPTH_MAX {
            return Err(Failure::new("the value is nested too deeply to be printed"));
        }
        match value {
            Value::Undefined(_) => self.push(out, "Undefined"),
            Value::None => self.push(out, "None"),
            Value::Bool(true) => self.push(out, "True"),
            Value::Bool(false) => self.push(out, "False"),
            Value::Int(value) => self.push(out, &value.to_string()),
            Value::Big(value) => {
                self.charge_big(value)?;
                self.push(out, &value.to_string())
            }
            Value::Float(value) => self.push(out, &float_text(*value)),
            Value::Published(number) => self.push(out, &number.text),
            Value::Text(text) if text.is_safe() => {
                self.push(out, "Markup(")?;
                self.push(out, &quoted(text))?;
                self.push(out, ")")
            }
            Value::Text(text) => self.push(out, &quoted(text)),
            Value::List(list) => {
                self.push(out, "[")?;
                self.print_items(&self.list_items(list)?, out, depth)?;
                self.push(out, "]")
            }
            Value::Tuple(items) => {
                self.push(out, "(")?;
                self.print_items(&items.items(), out, depth)?;
                self.push(out, if items.len() == 1 { ",)" } else { ")" })
            }
            Value::Dict(dict) => self.print_dict(dict, out, depth),
            Value::Range(range) if range.step == 1 => {
                self.push(out, &format!("range({}, {})", range.start, range.stop))
            }
            Value::Range(range) => self.push(
                out,
                &format!("range({}, {}, {})", range.start, range.stop, range.step),
            ),
            Value::View(view) => {
                self.push(out, view.kind)?;
                self.push(out, "([")?;
                self.print_items(&view.items.items(), out, depth)?;
                self.push(out, "])")
            }
            Value::Namespace(cell) => {
                self.push(out, "<Namespace ")?;
                self.print_dict(&Dict::Owned(cell.clone()), out, depth)?;
                self.push(out, ">")
            }
            Value::Stream(_) => Err(Failure::new(
                "a generator has no text: put `| list` or `| join` behind it",
            )),
            Value::Function(name) => Err(Failure::new(format!(
                "the function `{name}` has no text: call it"
            ))),
            Value::Macro(of) => Err(Failure::new(format!(
                "the macro `{}` has no text: call it",
                of.definition.name
            ))),
            Value::Loop(_) | Value::Cycler(_) | Value::Joiner(_) => {
                Err(Failure::new(format!("a {} has no text", value.type_name())))
            }
        }
    }

    fn print_items(&self, items: &[Value<'a>], out: &mut String, depth: u32) -> Outcome<()> {
        for (at, item) in items.iter().enumerate() {
            if at > 0 {
                self.push(out, ", ")?;
            }
            self.print_repr(item, out, depth + 1)?;
        }
        Ok(())
    }

    fn print_dict(&self, dict: &Dict<'a>, out: &mut String, depth: u32) -> Outcome<()> {
        self.push(out, "{")?;
        for (at, (key, value)) in self.dict_entries(dict)?.into_iter().enumerate() {
            if at > 0 {
                self.push(out, ", ")?;
            }
            self.print_repr(&key, out, depth + 1)?;
            self.push(out, ": ")?;
            self.print_repr(&value, out, depth + 1)?;
        }
        self.push(out, "}")
    }
}

/// A text as Python's `repr()` writes it.
pub(crate) fn quoted(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') {
        '"'
    } else {
        '\''
    };
    let mut out = String::with_capacity(text.len() + 2);
    out.push(quote);
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c == quote => {
                out.push('\\');
                out.push(c);
            }
            c if is_printable(c) => out.push(c),
            c => {
                let code = u32::from(c);
                let escape = match code {
                    0..=0xff => format!("\\x{code:02x}"),
                    0x100..=0xffff => format!("\\u{code:04x}"),
                    _ => format!("\\U{code:08x}"),
                };
                out.push_str(&escape);
            }
        }
    }
    out.push(quote);
    out
}

/// What Python takes for printable, as far as it matters: no controls, no separators but the space, nothing invisible.
fn is_printable(c: char) -> bool {
    let code = u32::from(c);
    let is_invisible = matches!(code,
        0xad | 0x0600..=0x0605 | 0x061c | 0x06dd | 0x070f | 0x180e | 0x200b..=0x200f | 0x2028..=0x202e
        | 0x2060..=0x206f | 0xd800..=0xf8ff | 0xfeff | 0xfff9..=0xfffb | 0xe0001..=0x10_ffff);
    c == ' ' || !(c.is_control() || c.is_whitespace() || is_invisible)
}
