//! What the tests need to know of the machine.

/// The value of a variable that `deploy/local/services env --instance test` prints.
///
/// # Panics
/// When it is missing, with words on how to set it.
pub(crate) fn required(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| {
        panic!(
            "{name} is not set. Run `make test`, or start the servers for tests with \
             `deploy/local/services start --instance test` and take their addresses over with \
             `set -a; . <(deploy/local/services env --instance test)`"
        )
    })
}
