//! Splits a template into text and the tokens between its delimiters, with the delimiters and the white space rules that
//! Jinja2 has where nothing is configured: `{{ }}`, `{% %}`, `{# #}`, `-` and `+` beside them, one line break at the very
//! end is dropped.

mod literals;

use crate::mistake::Mistake;

/// A token, and the line on which it begins.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Token<'s> {
    pub(crate) kind: Kind<'s>,
    pub(crate) line: u32,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Kind<'s> {
    /// Text outside of all delimiters.
    Text(&'s str),
    OpenOutput,
    CloseOutput,
    OpenBlock,
    CloseBlock,
    Name(&'s str),
    String(String),
    /// The digits, without underscores, in base 10.
    Integer(String),
    Float(f64),
    /// One of [`OPERATORS`].
    Operator(&'static str),
    End,
}

/// Longest first.
const OPERATORS: &[&str] = &[
    "//", "**", "==", "!=", "<=", ">=", "+", "-", "/", "*", "%", "~", "[", "]", "(", ")", "{", "}",
    "<", ">", "=", ".", ":", "|", ",", ";",
];

impl Kind<'_> {
    /// The token as it is named in a mistake.
    pub(crate) fn name(&self) -> String {
        match self {
            Kind::Text(_) => "text".to_owned(),
            Kind::OpenOutput => "`{{`".to_owned(),
            Kind::CloseOutput => "`}}`".to_owned(),
            Kind::OpenBlock => "`{%`".to_owned(),
            Kind::CloseBlock => "`%}`".to_owned(),
            Kind::Name(name) => format!("`{name}`"),
            Kind::String(_) => "a string".to_owned(),
            Kind::Integer(_) | Kind::Float(_) => "a number".to_owned(),
            Kind::Operator(operator) => format!("`{operator}`"),
            Kind::End => "the end".to_owned(),
        }
    }
}

pub(crate) struct Lexer<'s> {
    rest: &'s str,
    line: u32,
    tokens: Vec<Token<'s>>,
}

/// The tokens of a template. Line breaks must be `\n` alone.
pub(crate) fn template_tokens(source: &str) -> Result<Vec<Token<'_>>, Mistake> {
    let source = source.strip_suffix('\n').unwrap_or(source);
    let mut lexer = Lexer {
        rest: source,
        line: 1,
        tokens: Vec::new(),
    };
    lexer.outside()?;
    lexer.push(Kind::End);
    Ok(lexer.tokens)
}

/// The tokens of an expression that stands alone.
pub(crate) fn expression_tokens(source: &str) -> Result<Vec<Token<'_>>, Mistake> {
    let mut lexer = Lexer {
        rest: source,
        line: 1,
        tokens: Vec::new(),
    };
    lexer.inside(None)?;
    lexer.push(Kind::End);
    Ok(lexer.tokens)
}

impl<'s> Lexer<'s> {
    fn push(&mut self, kind: Kind<'s>) {
        self.tokens.push(Token {
            kind,
            line: self.line,
        });
    }

    /// Takes so many bytes, and counts their lines.
    fn take(&mut self, bytes: usize) -> &'s str {
        let (taken, rest) = self.rest.split_at(bytes);
        self.rest = rest;
        let breaks = taken.bytes().filter(|byte| *byte == b'\n').count();
        self.line = self
            .line
            .saturating_add(u32::try_from(breaks).unwrap_or(u32::MAX));
        taken
    }

    fn text(&mut self, text: &'s str, line: u32) {
        if !text.is_empty() {
            self.tokens.push(Token {
                kind: Kind::Text(text),
                line,
            });
        }
    }

    /// The white space after a closing delimiter that has a `-`.
    fn skip_space(&mut self) {
        let bytes = self.rest.len() - self.rest.trim_start().len();
        self.take(bytes);
    }

    fn outside(&mut self) -> Result<(), Mistake> {
        loop {
            let line = self.line;
            let opening =
                self.rest.match_indices('{').map(|(at, _)| at).find(|at| {
                    matches!(self.rest.as_bytes().get(at + 1), Some(b'{' | b'%' | b'#'))
                });
            let Some(at) = opening else {
                let all = self.take(self.rest.len());
                self.text(all, line);
                return Ok(());
            };
            let text = self.take(at);
            let strips = self.rest.as_bytes().get(2) == Some(&b'-');
            let signed = strips || self.rest.as_bytes().get(2) == Some(&b'+');
            self.text(if strips { text.trim_end() } else { text }, line);
            let kind = self.rest.as_bytes()[1];
            if kind == b'#' {
                self.comment()?;
                continue;
            }
            let start = self.line;
            self.take(if signed { 3 } else { 2 });
            if kind == b'%' && self.raw(start)? {
                continue;
            }
            let (open, close, ends) = if kind == b'{' {
                (Kind::OpenOutput, Kind::CloseOutput, ["-}}", "+}}", "}}"])
            } else {
                (Kind::OpenBlock, Kind::CloseBlock, ["-%}", "+%}", "%}"])
            };
            self.tokens.push(Token {
                kind: open,
                line: start,
            });
            // `+}}` is no delimiter in Jinja2, `+%}` is.
            let ends = if kind == b'{' {
                [ends[0], ends[2], ends[2]]
            } else {
                ends
            };
            let end = self.inside(Some(ends))?;
            self.push(close);
            if end.starts_with('-') {
                self.skip_space();
            }
        }
    }

    fn comment(&mut self) -> Result<(), Mistake> {
        let Some(end) = self.rest.find("#}") else {
            return Err(Mistake::new(
                self.line,
                "the comment `{#` is never closed by `#}`",
            ));
        };
        let comment = self.take(end + 2);
        if comment.len() > 4 && comment.ends_with("-#}") {
            self.skip_space();
        }
        Ok(())
    }

    /// After `{%`: takes a raw block as text, if one begins here.
    fn raw(&mut self, start: u32) -> Result<bool, Mistake> {
        let Some(rest) = self.rest.trim_start().strip_prefix("raw") else {
            return Ok(false);
        };
        let rest = rest.trim_start();
        let signed = rest.starts_with('-') || rest.starts_with('+');
        let Some(body) = rest[usize::from(signed)..].strip_prefix("%}") else {
            return Ok(false);
        };
        self.take(self.rest.len() - body.len());
        if rest.starts_with('-') {
            self.skip_space();
        }
        let unclosed = || {
            Mistake::new(
                start,
                "the block `{% raw %}` is never closed by `{% endraw %}`",
            )
        };
        let mut from = 0;
        loop {
            let Some(at) = self.rest[from..].find("{%") else {
                return Err(unclosed());
            };
            let at = from + at;
            let tag = &self.rest[at + 2..];
            let strips = tag.starts_with('-');
            let inner = tag.strip_prefix(['-', '+']).unwrap_or(tag).trim_start();
            let end = inner.strip_prefix("endraw").map(str::trim_start);
            let close = end.and_then(|end| {
                let dashed = end.starts_with('-');
                let end = end.strip_prefix(['-', '+']).unwrap_or(end);
                end.strip_prefix("%}").map(|after| (after, dashed))
            });
            let Some((after, dashed)) = close else {
                from = at + 2;
                continue;
            };
            let total = self.rest.len() - after.len();
            let line = self.line;
            let whole = self.take(total);
            let text = &whole[..at];
            self.text(if strips { text.trim_end() } else { text }, line);
            if dashed {
                self.skip_space();
            }
            return Ok(true);
        }
    }

    /// The tokens up to one of `ends`, which is taken and given back, or to the end where there is none.
    fn inside(&mut self, ends: Option<[&'static str; 3]>) -> Result<&'static str, Mistake> {
        let mut open: Vec<&'static str> = Vec::new();
        loop {
            self.skip_space();
            if self.rest.is_empty() {
                return match ends {
                    None => Ok(""),
                    Some([.., end]) => Err(Mistake::new(self.line, format!("`{end}` is missing"))),
                };
            }
            if let Some(ends) = ends
                && open.is_empty()
                && let Some(end) = ends.into_iter().find(|end| self.rest.starts_with(end))
            {
                self.take(end.len());
                return Ok(end);
            }
            if self.literal()? {
                continue;
            }
            let Some(operator) = OPERATORS
                .iter()
                .find(|operator| self.rest.starts_with(**operator))
            else {
                let what = self.rest.chars().next().unwrap_or(' ');
                return Err(Mistake::new(
                    self.line,
                    format!("unexpected character `{what}`"),
                ));
            };
            match *operator {
                "(" => open.push(")"),
                "[" => open.push("]"),
                "{" => open.push("}"),
                ")" | "]" | "}" => match open.pop() {
                    Some(expected) if expected == *operator => {}
                    Some(expected) => {
                        let words = format!("unexpected `{operator}`, expected `{expected}`");
                        return Err(Mistake::new(self.line, words));
                    }
                    None => {
                        return Err(Mistake::new(self.line, format!("unexpected `{operator}`")));
                    }
                },
                _ => {}
            }
            self.push(Kind::Operator(operator));
            self.take(operator.len());
        }
    }
}
