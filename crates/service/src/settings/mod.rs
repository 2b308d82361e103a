//! Settings of a service.
//!
//! Every setting stands once in [`table`]: its name, its default and what it does. From the name follow the
//! flag (`--nats-url`), the environment variable (`POSTHORN_NATS_URL`) and the key of the optional TOML file
//! (`nats_url`); that is also the order of precedence, with the default last. A secret may be read from
//! a file instead: `POSTHORN_MASTER_KEY_FILE`. An empty environment variable counts as absent, because
//! that is what templates of containers leave behind.
//!
//! A service turns them into its own typed configuration with [`read`]. Every mistake is collected and
//! reported at once; the process then ends with [`EX_USAGE`] before it has opened a port. What a secret
//! holds is in no message.

mod common;
mod help;
mod parse;
mod reader;
mod setting;
mod sources;
pub mod table;

use std::{fmt, io::Write, process::ExitCode};

pub use common::{Common, NatsSettings};
pub use parse::{duration_seconds, list, socket_address, text, whole_number};
pub use reader::Reader;
pub use setting::{Kind, Service, Setting};
pub use sources::Sources;

/// Exit code of a process that was configured wrongly (`EX_USAGE` of BSD's `sysexits.h`).
pub const EX_USAGE: u8 = 64;

/// What a process is called, for `--help` and `--version`.
#[derive(Debug, Clone, Copy)]
pub struct Program {
    /// The binary's name.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
    /// What it does, in one sentence.
    pub about: &'static str,
    /// Which settings it has.
    pub service: Service,
}

/// Why the process ends before it has begun.
#[derive(Debug)]
pub enum Stop {
    /// `--help` or `--version` was asked for: the text to print.
    Asked(String),
    /// Everything that is wrong with the settings, one sentence each.
    Mistakes(Vec<String>),
}

/// Reads the settings and builds a configuration of them.
///
/// `build` takes every value it needs out of the [`Reader`] before it gives up on a missing one, so that
/// all mistakes are found; it returns `None` only after the reader has noted a mistake.
pub fn read<C>(
    program: &Program,
    sources: Sources,
    build: impl FnOnce(&mut Reader) -> Option<C>,
) -> Result<C, Stop> {
    if let Some(text) = help::asked_for(program, &sources) {
        return Err(Stop::Asked(text));
    }
    let mut reader = Reader::new(program.service, sources);
    let config = build(&mut reader);
    let mistakes = reader.into_mistakes();
    match config {
        Some(config) if mistakes.is_empty() => Ok(config),
        _ => Err(Stop::Mistakes(mistakes)),
    }
}

impl Stop {
    /// Tells the person at the terminal, and how the process exits.
    pub fn report(&self, program: &Program) -> ExitCode {
        // Nobody is left to tell when even the terminal is gone.
        match self {
            Self::Asked(text) => {
                let _ = write!(std::io::stdout().lock(), "{text}");
                ExitCode::SUCCESS
            }
            Self::Mistakes(_) => {
                let _ = writeln!(
                    std::io::stderr().lock(),
                    "{}: cannot start\n{self}Run `{0} --help` for all settings.",
                    program.name
                );
                ExitCode::from(EX_USAGE)
            }
        }
    }
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Asked(text) => f.write_str(text),
            Self::Mistakes(mistakes) => mistakes
                .iter()
                .try_for_each(|mistake| writeln!(f, "  {mistake}")),
        }
    }
}

#[cfg(test)]
mod tests;
