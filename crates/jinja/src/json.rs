//! JSON as it was published, for whoever looks into it.
//!
//! What nobody looks at never matters: half of a surrogate pair is U+FFFD, a number beyond every double is infinite, and
//! what is nested too deeply counts as undefined. Numbers keep their digits. Reading goes over the text once and does not
//! recurse.

use std::collections::HashMap;

use num_bigint::BigInt;

use crate::limits::{INTEGER_DIGITS_MAX, JSON_DEPTH_MAX};

/// A JSON value.
#[derive(Debug, Clone, PartialEq)]
pub enum Json {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// An integer that prints as it was published.
    Int(i64),
    /// A larger one.
    Big(Box<BigInt>),
    /// A number that prints as it was published.
    Float(f64),
    /// One that is written in another way than Python would.
    Number(Box<Published>),
    /// A string.
    Text(Box<str>),
    /// An array.
    List(Vec<Json>),
    /// An object.
    Object(Object),
    /// An array or an object that is nested too deeply.
    TooDeep,
}

/// A number, and how it was written.
#[derive(Debug, Clone, PartialEq)]
pub struct Published {
    pub(crate) text: Box<str>,
    pub(crate) value: f64,
    /// `-0`, the one integer that Python writes in another way.
    pub(crate) is_integer: bool,
}

/// The members of an object, in the order in which they were published. Of two with one name the last one counts, in
/// the place of the first one.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Object {
    members: Vec<(Box<str>, Json)>,
    /// Where each member is, once there are many.
    #[expect(
        clippy::box_collection,
        reason = "few objects have one, and all are smaller without"
    )]
    index: Option<Box<HashMap<Box<str>, usize>>>,
}

/// More members than this have an index.
const MEMBERS_WITHOUT_INDEX: usize = 12;

impl Object {
    /// The member of this name.
    pub fn get(&self, name: &str) -> Option<&Json> {
        self.position(name).map(|at| &self.members[at].1)
    }

    fn position(&self, name: &str) -> Option<usize> {
        match &self.index {
            Some(index) => index.get(name).copied(),
            None => self.members.iter().position(|(known, _)| **known == *name),
        }
    }

    /// Sets a member.
    pub fn insert(&mut self, name: impl Into<Box<str>>, value: Json) {
        let name = name.into();
        if let Some(at) = self.position(&name) {
            self.members[at].1 = value;
            return;
        }
        if let Some(index) = &mut self.index {
            index.insert(name.clone(), self.members.len());
        }
        self.members.push((name, value));
        if self.index.is_none() && self.members.len() > MEMBERS_WITHOUT_INDEX {
            let names = self.members.iter().enumerate();
            self.index = Some(Box::new(
                names.map(|(at, (name, _))| (name.clone(), at)).collect(),
            ));
        }
    }

    pub(crate) fn members(&self) -> &[(Box<str>, Json)] {
        &self.members
    }
}

impl From<&str> for Json {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

/// The text is not one JSON value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotJson;

impl Json {
    /// Reads one JSON value.
    pub fn read(text: &str) -> Result<Self, NotJson> {
        let mut reader = Reader { text, at: 0 };
        let value = reader.document()?;
        reader.skip_space();
        if reader.at < text.len() {
            Err(NotJson)
        } else {
            Ok(value)
        }
    }
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
}

/// An array or an object that is being read.
enum Open {
    List(Vec<Json>),
    Object(Object, Box<str>),
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\t' | b'\r')) {
            self.at += 1;
        }
    }

    fn skip(&mut self, byte: u8) -> bool {
        self.skip_space();
        let skips = self.peek() == Some(byte);
        if skips {
            self.at += 1;
        }
        skips
    }

    fn document(&mut self) -> Result<Json, NotJson> {
        let mut open: Vec<Open> = Vec::new();
        'value: loop {
            let mut value = match self.opening()? {
                Some(_) if open.len() >= JSON_DEPTH_MAX => {
                    self.pass_over()?;
                    Json::TooDeep
                }
                Some(b'[') => {
                    if !self.skip(b']') {
                        open.push(Open::List(Vec::new()));
                        continue 'value;
                    }
                    Json::List(Vec::new())
                }
                Some(_) => {
                    if !self.skip(b'}') {
                        let name = self.name()?;
                        open.push(Open::Object(Object::default(), name));
                        continue 'value;
                    }
                    Json::Object(Object::default())
                }
                None => self.scalar()?,
            };
            // A value may be the last one of all that hold it.
            loop {
                let Some(within) = open.last_mut() else {
                    return Ok(value);
                };
                match within {
                    Open::List(items) => {
                        items.push(value);
                        if self.skip(b',') {
                            continue 'value;
                        }
                        if !self.skip(b']') {
                            return Err(NotJson);
                        }
                    }
                    Open::Object(object, name) => {
                        object.insert(std::mem::take(name), value);
                        if self.skip(b',') {
                            let next = self.name()?;
                            if let Some(Open::Object(_, name)) = open.last_mut() {
                                *name = next;
                            }
                            continue 'value;
                        }
                        if !self.skip(b'}') {
                            return Err(NotJson);
                        }
                    }
                }
                value = match open.pop() {
                    Some(Open::List(items)) => Json::List(items),
                    Some(Open::Object(object, _)) => Json::Object(object),
                    None => return Err(NotJson),
                };
            }
        }
    }

    /// Takes the bracket that begins an array or an object.
    fn opening(&mut self) -> Result<Option<u8>, NotJson> {
        self.skip_space();
        match self.peek() {
            Some(bracket @ (b'[' | b'{')) => {
                self.at += 1;
                Ok(Some(bracket))
            }
            Some(_) => Ok(None),
            None => Err(NotJson),
        }
    }

    /// Up to the bracket that closes the one before.
    fn pass_over(&mut self) -> Result<(), NotJson> {
        let mut depth = 1_usize;
        while depth > 0 {
            match self.peek().ok_or(NotJson)? {
                b'"' => {
                    self.string()?;
                    continue;
                }
                b'[' | b'{' => depth += 1,
                b']' | b'}' => depth -= 1,
                _ => {}
            }
            self.at += 1;
        }
        Ok(())
    }

    fn name(&mut self) -> Result<Box<str>, NotJson> {
        self.skip_space();
        let name = self.string()?;
        if self.skip(b':') {
            Ok(name)
        } else {
            Err(NotJson)
        }
    }

    fn scalar(&mut self) -> Result<Json, NotJson> {
        match self.peek() {
            Some(b'"') => Ok(Json::Text(self.string()?)),
            Some(b'-' | b'0'..=b'9') => Ok(self.number()),
            _ => {
                let words = [
                    ("null", Json::Null),
                    ("true", Json::Bool(true)),
                    ("false", Json::Bool(false)),
                ];
                for (word, value) in words {
                    if self.text[self.at..].starts_with(word) {
                        self.at += word.len();
                        return Ok(value);
                    }
                }
                Err(NotJson)
            }
        }
    }

    fn number(&mut self) -> Json {
        let rest = &self.text[self.at..];
        let is_part = |b: &u8| b.is_ascii_digit() || matches!(b, b'-' | b'+' | b'.' | b'e' | b'E');
        let end = rest
            .bytes()
            .position(|b| !is_part(&b))
            .unwrap_or(rest.len());
        self.at += end;
        number(&rest[..end])
    }

    fn string(&mut self) -> Result<Box<str>, NotJson> {
        if self.peek() != Some(b'"') {
            return Err(NotJson);
        }
        self.at += 1;
        let rest = &self.text[self.at..];
        let end = rest
            .bytes()
            .position(|b| matches!(b, b'"' | b'\\'))
            .ok_or(NotJson)?;
        self.at += end;
        let mut text = &rest[..end];
        if self.peek() == Some(b'"') {
            self.at += 1;
            return Ok(text.into());
        }
        let mut whole = String::with_capacity(end + 16);
        loop {
            whole.push_str(text);
            if self.peek() == Some(b'"') {
                self.at += 1;
                return Ok(whole.into());
            }
            whole.push(self.escape()?);
            let rest = &self.text[self.at..];
            let end = rest
                .bytes()
                .position(|b| matches!(b, b'"' | b'\\'))
                .ok_or(NotJson)?;
            self.at += end;
            text = &rest[..end];
        }
    }

    fn escape(&mut self) -> Result<char, NotJson> {
        let kind = self
            .text
            .as_bytes()
            .get(self.at + 1)
            .copied()
            .ok_or(NotJson)?;
        self.at += 2;
        Ok(match kind {
            b'"' | b'\\' | b'/' => char::from(kind),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let high = self.hex().ok_or(NotJson)?;
                let is_pair =
                    (0xd800..0xdc00).contains(&high) && self.text[self.at..].starts_with("\\u");
                if is_pair {
                    let before = self.at;
                    self.at += 2;
                    match self.hex() {
                        Some(low) if (0xdc00..0xe000).contains(&low) => {
                            let code = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
                            return Ok(char::from_u32(code).unwrap_or('\u{fffd}'));
                        }
                        _ => self.at = before,
                    }
                }
                char::from_u32(high).unwrap_or('\u{fffd}')
            }
            _ => return Err(NotJson),
        })
    }

    fn hex(&mut self) -> Option<u32> {
        let digits = self.text.get(self.at..self.at + 4)?;
        let code = digits
            .bytes()
            .all(|b| b.is_ascii_hexdigit())
            .then(|| u32::from_str_radix(digits, 16))?;
        self.at += 4;
        code.ok()
    }
}

fn number(text: &str) -> Json {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_integer = digits.bytes().all(|b| b.is_ascii_digit());
    if is_integer && text != "-0" {
        if let Ok(small) = text.parse() {
            return Json::Int(small);
        }
        if digits.len() <= INTEGER_DIGITS_MAX
            && let Ok(big) = text.parse()
        {
            return Json::Big(Box::new(big));
        }
    }
    let value = text.parse().unwrap_or(f64::NAN);
    if is_shortest(digits) || crate::value::float_text(value) == text {
        return Json::Float(value);
    }
    let is_integer = text == "-0";
    Json::Number(Box::new(Published {
        text: text.into(),
        value,
        is_integer,
    }))
}

/// Whether a decimal number is for sure written as Python would write it: up to 15 digits survive a double, so the
/// fewest digits are these, if none of them is an idle zero and the number is not so small that it has an exponent.
fn is_shortest(digits: &str) -> bool {
    let Some((whole, fraction)) = digits.split_once('.') else {
        return false;
    };
    let is_plain =
        fraction.bytes().all(|b| b.is_ascii_digit()) && whole.bytes().all(|b| b.is_ascii_digit());
    let ends_well = fraction == "0" || !fraction.ends_with('0');
    let is_large = whole != "0" || fraction == "0" || !fraction.starts_with("000");
    is_plain && ends_well && is_large && whole.len() + fraction.len() <= 15
}
