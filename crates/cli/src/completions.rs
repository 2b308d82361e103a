//! `posthorn completions`: what a shell needs to complete command lines.

use std::io::{self, Write};

use clap::{Args, CommandFactory};
use clap_complete::{Shell, generate};

use crate::exit::Failure;

const EXAMPLES: &str = "\
Examples:
  posthorn completions bash > ~/.local/share/bash-completion/completions/posthorn
  posthorn completions zsh > \"${fpath[1]}/_posthorn\"
  posthorn completions fish > ~/.config/fish/completions/posthorn.fish";

/// Print a script that completes command lines in your shell
#[derive(Args)]
#[command(after_help = EXAMPLES, after_long_help = EXAMPLES)]
pub(crate) struct Arguments {
    shell: Shell,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let mut script = Vec::new();
    let mut command = crate::Arguments::command();
    generate(arguments.shell, &mut command, "posthorn", &mut script);
    Ok(io::stdout().lock().write_all(&script)?)
}
