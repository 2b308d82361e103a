use std::{fmt::Debug, time::Duration};

use tokio::time::Instant;

/// The pause between two looks grows with what has been waited for, between these. Every look costs the machine
/// something that those need for whom one waits.
const PAUSE_MIN: Duration = Duration::from_millis(10);
const PAUSE_MAX: Duration = Duration::from_millis(100);
/// How much later than it might have been the end of a wait is seen.
const PAUSE_SHARE: u32 = 10;

/// Asks for a state again and again until it is the wanted one, and returns what came with it.
///
/// `probe` answers `Ok` with the wanted state, or `Err` with the present one.
///
/// # Panics
/// At the deadline, with the last state that was not the wanted one.
///
/// ```
/// # use std::time::Duration;
/// # async fn example(queue: std::sync::Mutex<Vec<u8>>) {
/// use posthorn_testkit::eventually;
///
/// let all = eventually(Duration::from_secs(5), async || {
///     let now = queue.lock().unwrap().clone();
///     if now.len() == 3 { Ok(now) } else { Err(now) }
/// })
/// .await;
/// # }
/// ```
#[track_caller]
pub fn eventually<T, S: Debug>(
    deadline: Duration,
    mut probe: impl AsyncFnMut() -> Result<T, S>,
) -> impl Future<Output = T> {
    let caller = std::panic::Location::caller();
    async move {
        let begin = Instant::now();
        let end = begin + deadline;
        let mut last = None;
        loop {
            match tokio::time::timeout_at(end, probe()).await {
                Ok(Ok(wanted)) => return wanted,
                Ok(Err(state)) => last = Some(state),
                // Cut off by the deadline: what the probe before it saw is still the best to show.
                Err(_) => {}
            }
            if Instant::now() >= end {
                match last {
                    Some(state) => {
                        panic!("{caller}: not the wanted state after {deadline:?}, but {state:?}")
                    }
                    None => panic!("{caller}: no answer within {deadline:?}"),
                }
            }
            let pause = begin.elapsed() / PAUSE_SHARE;
            tokio::time::sleep(pause.clamp(PAUSE_MIN, PAUSE_MAX)).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn returns_the_wanted_state() {
        let mut asked = 0;
        let state = eventually(Duration::from_secs(5), async || {
            asked += 1;
            if asked == 3 { Ok(asked) } else { Err(asked) }
        })
        .await;
        assert_eq!(state, 3);
    }

    #[tokio::test]
    #[should_panic(expected = "not the wanted state after 20ms, but \"one of two\"")]
    async fn names_the_last_state_at_the_deadline() {
        eventually(Duration::from_millis(20), async || {
            Err::<(), _>("one of two")
        })
        .await;
    }
}
