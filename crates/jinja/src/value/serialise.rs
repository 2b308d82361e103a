//! Values as JSON, as Python's `json.dumps` writes them. Numbers keep the digits with which they were published.

use super::{Absent, Dict, Value};
use crate::{
    eval::Machine,
    limits::VALUE_DEPTH_MAX,
    mistake::{Failure, Outcome},
};

#[derive(Clone, Default)]
pub(crate) struct JsonStyle {
    /// What each level is indented by; all on one line without it.
    pub(crate) indent: Option<String>,
}

impl<'a> Machine<'a> {
    /// JSON with sorted keys that is safe within HTML, as Jinja2's `tojson` makes it.
    pub(crate) fn json_of(&self, value: &Value<'a>, style: &JsonStyle) -> Outcome<String> {
        let mut out = String::new();
        self.write_json(value, style, 0, &mut out)?;
        Ok(out)
    }

    fn write_json(
        &self,
        value: &Value<'a>,
        style: &JsonStyle,
        depth: u32,
        out: &mut String,
    ) -> Outcome<()> {
        self.charge(1)?;
        if depth > VALUE_DEPTH_MAX {
            return Err(Failure::new("the value is nested too deeply for JSON"));
        }
        match value {
            Value::None => self.push(out, "null"),
            Value::Bool(true) => self.push(out, "true"),
            Value::Bool(false) => self.push(out, "false"),
            Value::Text(text) => {
                self.charge_bytes(text.len())?;
                self.push(out, &json_string(text))
            }
            Value::Float(value) if value.is_nan() => self.push(out, "NaN"),
            Value::Float(value) if value.is_infinite() => self.push(
                out,
                if *value > 0.0 {
                    "Infinity"
                } else {
                    "-Infinity"
                },
            ),
            Value::Int(_) | Value::Big(_) | Value::Float(_) | Value::Published(_) => {
                self.print_repr(value, out, depth)
            }
            Value::List(list) => self.write_list(&self.list_items(list)?, style, depth, out),
            Value::Tuple(items) => self.write_list(&items.items(), style, depth, out),
            Value::Dict(dict) => self.write_dict(dict, style, depth, out),
            // Python's library has no word for it; a field that an event lacks is no reason to send nothing.
            Value::Undefined(absent) if !self.is_strict() && !matches!(absent, Absent::TooDeep) => {
                self.push(out, "null")
            }
            Value::Undefined(absent) => Err(Failure::new(absent.words())),
            other => Err(Failure::new(format!(
                "Object of type {} is not JSON serializable",
                other.type_name()
            ))),
        }
    }

    fn line_break(&self, style: &JsonStyle, depth: u32, out: &mut String) -> Outcome<()> {
        if let Some(indent) = &style.indent {
            self.push(out, "\n")?;
            for _ in 0..depth {
                self.push(out, indent)?;
            }
        }
        Ok(())
    }

    fn separator(&self, at: usize, style: &JsonStyle, depth: u32, out: &mut String) -> Outcome<()> {
        if at > 0 {
            self.push(out, if style.indent.is_some() { "," } else { ", " })?;
        }
        self.line_break(style, depth + 1, out)
    }

    fn write_list(
        &self,
        items: &[Value<'a>],
        style: &JsonStyle,
        depth: u32,
        out: &mut String,
    ) -> Outcome<()> {
        self.push(out, "[")?;
        for (at, item) in items.iter().enumerate() {
            self.separator(at, style, depth, out)?;
            self.write_json(item, style, depth + 1, out)?;
        }
        if !items.is_empty() {
            self.line_break(style, depth, out)?;
        }
        self.push(out, "]")
    }

    fn write_dict(
        &self,
        dict: &Dict<'a>,
        style: &JsonStyle,
        depth: u32,
        out: &mut String,
    ) -> Outcome<()> {
        let entries = self.sort(self.dict_entries(dict)?, &mut |a, b| {
            Ok(self.order(&a.0, &b.0, "<")? == Some(std::cmp::Ordering::Less))
        })?;
        self.push(out, "{")?;
        for (at, (key, value)) in entries.iter().enumerate() {
            self.separator(at, style, depth, out)?;
            let name = match key {
                Value::Text(text) => (**text).to_owned(),
                Value::Bool(true) => "true".to_owned(),
                Value::Bool(false) => "false".to_owned(),
                Value::None => "null".to_owned(),
                Value::Int(_) | Value::Big(_) | Value::Float(_) | Value::Published(_) => {
                    self.repr_of(key)?
                }
                other => {
                    return Err(Failure::new(format!(
                        "keys must be str, int, float, bool or None, not {}",
                        other.type_name()
                    )));
                }
            };
            self.push(out, &json_string(&name))?;
            self.push(out, ": ")?;
            self.write_json(value, style, depth + 1, out)?;
        }
        if !entries.is_empty() {
            self.line_break(style, depth, out)?;
        }
        self.push(out, "}")
    }
}

/// A JSON string in ASCII that is safe within HTML.
fn json_string(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '<' | '>' | '&' | '\'' => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            ' '..='~' => out.push(c),
            c => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    out.push_str(&format!("\\u{unit:04x}"));
                }
            }
        }
    }
    out.push('"');
    out
}
