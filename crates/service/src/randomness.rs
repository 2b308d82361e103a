//! Where a process gets its randomness: seeded once at its start, handed on as a parameter.

use std::sync::{Mutex, PoisonError};

use rand::{SeedableRng, rngs::StdRng};

/// A generator that many tasks share. Each use holds the lock for as long as one id or one delay takes.
#[derive(Debug)]
pub struct SharedRng(Mutex<StdRng>);

impl SharedRng {
    /// Seeds from the operating system. Only a process's start calls this.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place where a process is seeded"
    )]
    pub fn from_system() -> Self {
        Self::new(rand::make_rng())
    }

    /// Shares a generator, such as one with a seed that a test chose.
    pub fn new(rng: StdRng) -> Self {
        Self(Mutex::new(rng))
    }

    /// Lends the generator.
    pub fn with<T>(&self, draw: impl FnOnce(&mut StdRng) -> T) -> T {
        draw(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// A generator of its own for one task, seeded from this one.
    pub fn fork(&self) -> StdRng {
        self.with(StdRng::from_rng)
    }
}
