//! Room for recursion.
//!
//! A schema may nest 200 subschemas and lead through 2,000 while it checks, and each takes a few hundred bytes of the
//! stack, some thousands without optimisation. A thread that serves requests has 2 MiB for all that it does.

use std::{io, thread};

/// Stack on which every schema that is taken can be compiled and checked against, in bytes. What is not used is never
/// taken from the system.
pub const STACK_BYTES: usize = 32 * 1024 * 1024;

/// Starts a job on a thread of its own that has the stack for it.
pub fn spawn(job: impl FnOnce() + Send + 'static) -> io::Result<()> {
    thread::Builder::new()
        .name("schema".to_owned())
        .stack_size(STACK_BYTES)
        .spawn(job)
        .map(drop)
}
