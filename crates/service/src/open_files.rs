//! How many files and connections this process may have open.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tracing::{info, warn};

/// Asked for where the system sets no bound: more than this the kernel does not give by default (`fs.nr_open`).
const OPEN_FILES_WANTED: u64 = 1_048_576;

/// Raises the limit of open files to what the system allows this process: by default only a part of that is given, because
/// old programs could not deal with more. Says what came of it.
pub fn raise_limit() {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let wanted = maximum.unwrap_or(OPEN_FILES_WANTED);
    let Some(current) = current.filter(|current| *current < wanted) else {
        return;
    };
    let raised = Rlimit {
        current: Some(wanted),
        maximum,
    };
    match setrlimit(Resource::Nofile, raised) {
        Ok(()) => info!("Raised the limit of open files from {current} to {wanted}"),
        Err(error) => {
            warn!("Cannot raise the limit of open files from {current} to {wanted}: {error}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each test has a process of its own.
    #[test]
    fn the_limit_becomes_what_the_system_allows() {
        let before = getrlimit(Resource::Nofile);
        let maximum = before.maximum.unwrap_or(OPEN_FILES_WANTED).min(4_096);
        let low = Rlimit {
            current: Some(maximum / 2),
            maximum: Some(maximum),
        };
        setrlimit(Resource::Nofile, low).unwrap();
        raise_limit();
        assert_eq!(getrlimit(Resource::Nofile).current, Some(maximum));
        // Nothing to do is no mistake.
        raise_limit();
        assert_eq!(getrlimit(Resource::Nofile).current, Some(maximum));
    }
}
