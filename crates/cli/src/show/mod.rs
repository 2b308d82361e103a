//! What people and programs see: results on standard output, everything else on standard error.

mod colour;
pub(crate) mod columns;
mod confirm;
mod fields;
mod one;
mod progress;
mod table;

use std::io::{self, IsTerminal, Write};

use clap::{Args, ValueEnum};

pub(crate) use colour::{Colour, Palette};
pub(crate) use confirm::Confirm;
pub(crate) use fields::{Fields, plain};
pub(crate) use one::{fields_of, one};
pub(crate) use progress::Progress;
pub(crate) use table::Table;

/// Who reads the results.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Tables, for people
    Table,
    /// JSON, for programs; of lists, one object on each line
    Json,
}

/// How results are printed.
#[derive(Args, Debug)]
pub(crate) struct Output {
    /// How to print results [default: table on a terminal, json in a pipe]
    #[arg(
        long,
        short,
        value_name = "FORMAT",
        global = true,
        help_heading = "Output"
    )]
    output: Option<Format>,
}

impl Output {
    pub(crate) fn format(&self) -> Format {
        self.output.unwrap_or_else(|| {
            if io::stdout().is_terminal() {
                Format::Table
            } else {
                Format::Json
            }
        })
    }
}

/// Writes one result, with a line end, and sees that it leaves.
pub(crate) fn result(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(with_line_end(text).as_bytes())?;
    out.flush()
}

/// Tells the person at the terminal something. There is nobody to tell when that fails.
pub(crate) fn notice(text: &str) {
    let _ = io::stderr()
        .lock()
        .write_all(with_line_end(text).as_bytes());
}

/// In one piece: what several processes write to one terminal or file shall not mix within a line.
fn with_line_end(text: &str) -> String {
    format!("{text}\n")
}

/// Without control characters: they would be commands to a terminal.
pub(crate) fn harmless(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { '\u{fffd}' } else { c })
        .collect()
}
