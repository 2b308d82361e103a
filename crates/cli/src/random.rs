//! Where this process's randomness comes from.

use rand::rngs::StdRng;

#[expect(
    clippy::disallowed_methods,
    reason = "a process is seeded once, at its start"
)]
pub(crate) fn seeded() -> StdRng {
    rand::make_rng()
}
