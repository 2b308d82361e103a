//! Colours, where a terminal shows them and nobody asked for none (<https://no-color.org>).

use std::io::{self, IsTerminal};

/// What a text means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Colour {
    Plain,
    Bold,
    Good,
    Bad,
    Careful,
    Faint,
}

/// Whether one stream of output gets colours.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Palette {
    on: bool,
}

impl Palette {
    pub(crate) fn of_output() -> Self {
        let wanted = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        let able = std::env::var_os("TERM").is_none_or(|term| term != "dumb");
        Self {
            on: wanted && able && io::stdout().is_terminal(),
        }
    }

    pub(crate) fn paint(self, colour: Colour, text: &str) -> String {
        let code = match colour {
            Colour::Plain => return text.to_owned(),
            Colour::Bold => "1",
            Colour::Good => "32",
            Colour::Bad => "31",
            Colour::Careful => "33",
            Colour::Faint => "2",
        };
        if self.on && !text.is_empty() {
            format!("\u{1b}[{code}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }
}

/// What a status means, wherever one stands.
pub(crate) fn of_status(status: &str) -> Colour {
    match status {
        "success" | "done" | "true" | "ok" => Colour::Good,
        "failed" | "down" | "failing" => Colour::Bad,
        "retrying" | "running" | "throttled" | "cancelled" => Colour::Careful,
        "false" | "disabled" => Colour::Faint,
        _ => Colour::Plain,
    }
}
