//! One thing: its members below each other for people, the object itself for programs.

use std::io;

use unicode_width::UnicodeWidthStr;

use super::{Colour, Fields, Format, Palette, fields::plain, result};
use crate::json_text;

/// Prints an object that the API answered.
pub(crate) fn one(json: &str, format: Format) -> io::Result<()> {
    match format {
        Format::Json => result(&json_text::indented(json)),
        Format::Table => match serde_json::from_str::<Fields>(json) {
            Ok(fields) => fields_of(&fields),
            Err(_) => result(&json_text::indented(json)),
        },
    }
}

/// Prints members below each other.
pub(crate) fn fields_of(fields: &Fields) -> io::Result<()> {
    let palette = Palette::of_output();
    let width = fields.0.iter().map(|(name, _)| name.width()).max();
    for (name, value) in &fields.0 {
        let padding = " ".repeat(width.unwrap_or(0).saturating_sub(name.width()));
        let name = palette.paint(Colour::Bold, name);
        let line = format!("{name}{padding}  {}", plain(value));
        result(line.trim_end())?;
    }
    Ok(())
}
