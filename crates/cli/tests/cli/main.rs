//! The program as people run it: real processes, real sockets.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what went wrong by panicking"
)]

mod api;
mod bench;
mod listen;
mod listener;
mod nats;
mod send;
mod usage;

use std::process::{Command, Output, Stdio};

/// The program, with none of the variables that it reads.
fn posthorn(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_posthorn"));
    command.args(arguments).stdin(Stdio::null());
    for variable in [
        "POSTHORN_API_URL",
        "POSTHORN_KEY",
        "POSTHORN_NATS_CREDS_FILE",
        "POSTHORN_SIGNING_SECRET",
        "POSTHORN_TENANT",
        "HTTP_PROXY",
        "http_proxy",
        "ALL_PROXY",
        "all_proxy",
    ] {
        command.env_remove(variable);
    }
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
