//! `posthorn-api`: the process.

use std::process::ExitCode;

use posthorn_api::{Config, PROGRAM};
use posthorn_service::settings::{self, Sources};

#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    match settings::read(&PROGRAM, Sources::of_process(), Config::read) {
        Ok(config) => posthorn_api::run(config),
        Err(stop) => stop.report(&PROGRAM),
    }
}
