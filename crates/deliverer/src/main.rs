//! `posthorn-deliverer`: the process.

use std::process::ExitCode;

use posthorn_deliverer::Config;
use posthorn_service::settings::{self, Program, Service, Sources};

#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

const PROGRAM: Program = Program {
    name: "posthorn-deliverer",
    version: env!("CARGO_PKG_VERSION"),
    about: "Delivers events to webhooks: signed, retried, recorded.",
    service: Service::Deliverer,
};

fn main() -> ExitCode {
    match settings::read(&PROGRAM, Sources::of_process(), Config::read) {
        Ok(config) => posthorn_deliverer::run(config, &PROGRAM),
        Err(stop) => stop.report(&PROGRAM),
    }
}
