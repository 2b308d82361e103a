//! The settings of an installation, as its services read them: from the environment and from their TOML file.

use std::path::{Path, PathBuf};

use clap::Args;
use posthorn_service::settings::{Program, Reader, Service, Sources, Stop, read};

use crate::exit::{Exit, Failure};

const PROGRAM: Program = Program {
    name: "posthorn",
    version: env!("CARGO_PKG_VERSION"),
    about: "",
    service: Service::Deliverer,
};

/// Where the services' settings are.
#[derive(Args, Debug)]
#[command(next_help_heading = "Installation")]
pub(crate) struct Installation {
    /// The services' TOML file [default: POSTHORN_CONFIG]; their environment variables count more
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

impl Installation {
    /// Whether somebody named its file.
    pub(crate) fn is_named(&self) -> bool {
        self.config.is_some()
    }

    /// Reads what is wanted of the settings, or tells every mistake.
    pub(crate) fn read<C>(
        &self,
        build: impl FnOnce(&mut Reader) -> Option<C>,
    ) -> Result<C, Vec<String>> {
        read(&PROGRAM, sources(self.config.as_deref()), build).map_err(|stop| match stop {
            Stop::Mistakes(mistakes) => mistakes,
            Stop::Asked(text) => vec![text],
        })
    }

    /// The same, for a command that cannot do without.
    pub(crate) fn require<C>(
        &self,
        build: impl FnOnce(&mut Reader) -> Option<C>,
    ) -> Result<C, Failure> {
        self.read(build).map_err(|mistakes| {
            let words = format!("the settings are wrong\n  {}", mistakes.join("\n  "));
            Failure::new(Exit::Usage, words)
        })
    }
}

fn sources(config: Option<&Path>) -> Sources {
    let arguments = match config {
        Some(path) => vec!["--config".into(), path.into()],
        None => Vec::new(),
    };
    Sources {
        arguments,
        environment: std::env::vars_os().collect(),
    }
}
