//! The program as people run it: real processes, real sockets.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what went wrong by panicking"
)]

mod api;
mod bench;
mod doctor;
mod help;
mod listen;
mod listener;
mod live;
mod management;
mod nats;
mod profiles;
mod ready;
mod reseal;
mod send;
mod stack;
mod usage;

use std::process::{Command, Output, Stdio};

/// The program, with none of the variables that it reads.
fn posthorn(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_posthorn"));
    command.args(arguments).stdin(Stdio::null());
    let read = std::env::vars_os().map(|(name, _)| name);
    for variable in read.filter(|name| name.to_string_lossy().starts_with("POSTHORN_")) {
        command.env_remove(variable);
    }
    for variable in ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"] {
        command.env_remove(variable);
    }
    // Not that of whoever runs the tests.
    command.env("POSTHORN_CLI_CONFIG", "/nowhere/config.toml");
    command
}

/// Exit code, standard output, standard error.
fn ended(output: Output) -> (i32, String, String) {
    (
        output.status.code().unwrap(),
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8(output.stderr).unwrap(),
    )
}

fn run(arguments: &[&str]) -> (i32, String, String) {
    ended(posthorn(arguments).output().unwrap())
}
