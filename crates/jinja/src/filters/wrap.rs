//! `wordwrap`, as Python's `textwrap` breaks lines.

use super::text::lines_of;
use crate::{
    eval::{Bound, Machine},
    mistake::{Failure, Outcome},
    value::Value,
};

pub(super) fn wordwrap<'a>(
    machine: &Machine<'a>,
    value: Value<'a>,
    bound: Bound<'a>,
) -> Outcome<Value<'a>> {
    let text = machine.text_of(&value)?;
    let width = usize::try_from(bound.integer(0)?.unwrap_or(79))
        .ok()
        .filter(|width| *width > 0);
    let width = width.ok_or_else(|| Failure::new("invalid width (must be > 0)"))?;
    let (long, hyphens) = (bound.flag(1, true), bound.flag(3, true));
    let separator = bound.text(2)?.unwrap_or("\n");
    machine.charge_bytes(text.len() * 8)?;
    let mut out = String::new();
    for (at, line) in lines_of(&text, false).into_iter().enumerate() {
        if at > 0 {
            machine.push(&mut out, separator)?;
        }
        for (at, part) in wrapped(line, width, long, hyphens).into_iter().enumerate() {
            if at > 0 {
                machine.push(&mut out, separator)?;
            }
            machine.push(&mut out, &part)?;
        }
    }
    machine.text_like(&value, out)
}

fn wrapped(line: &str, width: usize, long: bool, hyphens: bool) -> Vec<String> {
    let mut chunks = chunks_of(line, hyphens);
    chunks.reverse();
    let mut lines: Vec<String> = Vec::new();
    while let Some(next) = chunks.last() {
        if next.iter().all(|c| c.is_whitespace()) && !lines.is_empty() {
            chunks.pop();
            if chunks.is_empty() {
                break;
            }
        }
        let mut current: Vec<Vec<char>> = Vec::new();
        let mut length = 0;
        while let Some(chunk) = chunks.pop() {
            if length + chunk.len() > width {
                chunks.push(chunk);
                break;
            }
            length += chunk.len();
            current.push(chunk);
        }
        if let Some(chunk) = chunks.pop() {
            if chunk.len() <= width {
                chunks.push(chunk);
            } else if long {
                let (head, tail) = chunk.split_at((width - length).min(chunk.len()));
                current.push(head.to_vec());
                chunks.push(tail.to_vec());
            } else if current.is_empty() {
                current.push(chunk);
            } else {
                chunks.push(chunk);
            }
        }
        if current
            .last()
            .is_some_and(|chunk| chunk.iter().all(|c| c.is_whitespace()))
        {
            current.pop();
        }
        if !current.is_empty() {
            lines.push(current.into_iter().flatten().collect());
        }
    }
    lines
}

/// White space and words in turn; a word may end behind a hyphen between letters.
fn chunks_of(line: &str, hyphens: bool) -> Vec<Vec<char>> {
    let chars: Vec<char> = line.chars().collect();
    let mut chunks: Vec<Vec<char>> = Vec::new();
    for (at, c) in chars.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| chars.get(at));
        let begins = match before {
            None => true,
            Some(before) if before.is_whitespace() != c.is_whitespace() => true,
            Some('-') if hyphens && c.is_alphabetic() => {
                at >= 3 && chars[at - 2].is_alphabetic() && chars[at - 3].is_alphanumeric()
            }
            Some(_) => false,
        };
        match chunks.last_mut() {
            Some(chunk) if !begins => chunk.push(*c),
            _ => chunks.push(vec![*c]),
        }
    }
    chunks
}
