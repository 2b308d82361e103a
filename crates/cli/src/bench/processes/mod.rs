//! Processor time and memory of processes on this machine, from /proc.

mod stat;

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{RecvTimeoutError, SyncSender, sync_channel},
    },
    time::Duration,
};

use tokio::time::Instant;

use crate::exit::{Exit, Failure};

/// The name of this process itself: the generator and the receiver.
pub(super) const OWN: &str = "bench";
/// How often memory is looked at.
const SAMPLE_EVERY: Duration = Duration::from_millis(500);

/// A process to watch: `name=pid`. Several of one name are replicas.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Watched {
    name: String,
    pid: u32,
}

impl std::str::FromStr for Watched {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parsed = text.split_once('=').and_then(|(name, pid)| {
            let named = !name.is_empty();
            Some((named.then_some(name)?, pid.parse().ok()?))
        });
        let (name, pid) = parsed.ok_or("write it like deliverer=4711")?;
        Ok(Self {
            name: name.to_owned(),
            pid,
        })
    }
}

/// Processor time used so far, in microseconds, by name.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Cpu(BTreeMap<String, f64>);

impl Cpu {
    /// What was used since an earlier look.
    pub(super) fn since(&self, earlier: &Self) -> Self {
        let used = self.0.iter().map(|(name, us)| {
            let before = earlier.0.get(name).copied().unwrap_or(0.0);
            (name.clone(), (us - before).max(0.0))
        });
        Self(used.collect())
    }

    /// Name and microseconds, of each.
    pub(super) fn each(&self) -> impl Iterator<Item = (&str, f64)> {
        self.0.iter().map(|(name, us)| (name.as_str(), *us))
    }

    /// Microseconds of all whose name passes.
    pub(super) fn total(&self, wanted: impl Fn(&str) -> bool) -> f64 {
        self.each()
            .filter(|(name, _)| wanted(name))
            .map(|(_, us)| us)
            .sum()
    }
}

/// Resident memory at one moment, in bytes; of replicas the largest.
type Resident = BTreeMap<String, u64>;

/// The processes, and what has been seen of their memory.
#[derive(Debug)]
pub(super) struct Processes {
    watched: Vec<Watched>,
    samples: Arc<Mutex<Vec<(Instant, Resident)>>>,
    _ends_sampling: SyncSender<()>,
}

impl Processes {
    /// Begins to look at memory twice a second, in a thread of its own: a look takes longer than a pace may wait.
    pub(super) fn watch(mut watched: Vec<Watched>) -> Result<Self, Failure> {
        watched.push(Watched {
            name: OWN.to_owned(),
            pid: std::process::id(),
        });
        if let Some(gone) = watched
            .iter()
            .find(|watched| stat::cpu_us(watched.pid).is_none())
        {
            return Err(Failure::new(
                Exit::Usage,
                format!("--process {}={}: there is none", gone.name, gone.pid),
            ));
        }
        let samples = Arc::<Mutex<Vec<_>>>::default();
        let (ends, ended) = sync_channel(0);
        let (names, seen) = (watched.clone(), Arc::clone(&samples));
        std::thread::Builder::new()
            .name("memory".to_owned())
            .spawn(move || {
                while ended.recv_timeout(SAMPLE_EVERY) == Err(RecvTimeoutError::Timeout) {
                    let sample = (Instant::now(), resident(&names));
                    seen.lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .push(sample);
                }
            })?;
        Ok(Self {
            watched,
            samples,
            _ends_sampling: ends,
        })
    }

    /// Processor time of each, its children included.
    pub(super) fn cpu(&self) -> Cpu {
        let mut used = BTreeMap::new();
        for watched in &self.watched {
            let us = stat::cpu_us(watched.pid).unwrap_or(0.0);
            *used.entry(watched.name.clone()).or_insert(0.0) += us;
        }
        Cpu(used)
    }

    /// Most memory of each between two moments, in bytes.
    pub(super) fn peak(&self, from: Instant, until: Instant) -> Resident {
        let samples = self.samples.lock().unwrap_or_else(PoisonError::into_inner);
        let within = samples.iter().filter(|(at, _)| (from..=until).contains(at));
        let mut peak = resident(&self.watched);
        for (name, bytes) in within.flat_map(|(_, resident)| resident) {
            let most = peak.entry(name.clone()).or_default();
            *most = (*most).max(*bytes);
        }
        peak
    }

    /// Memory at `count` moments, evenly spread between two others; each with its time since the first.
    pub(super) fn history(
        &self,
        from: Instant,
        until: Instant,
        count: u32,
    ) -> Vec<(Duration, Resident)> {
        let samples = self.samples.lock().unwrap_or_else(PoisonError::into_inner);
        let moments = (1..=count).map(|n| from + (until - from) * n / count.max(1));
        moments
            .filter_map(|moment| {
                let (at, resident) = samples.iter().rfind(|(at, _)| *at <= moment)?;
                Some((at.saturating_duration_since(from), resident.clone()))
            })
            .collect()
    }

    /// Memory at this moment, in bytes.
    pub(super) fn resident(&self) -> Resident {
        resident(&self.watched)
    }
}

fn resident(watched: &[Watched]) -> Resident {
    let mut all = Resident::new();
    for watched in watched {
        let bytes = stat::resident_bytes(watched.pid).unwrap_or(0);
        let most = all.entry(watched.name.clone()).or_default();
        *most = (*most).max(bytes);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_is_a_name_and_a_number() {
        let watched: Watched = "deliverer=4711".parse().unwrap();
        assert_eq!((watched.name.as_str(), watched.pid), ("deliverer", 4711));
        for text in ["", "4711", "=4711", "api=", "api=x"] {
            assert!(text.parse::<Watched>().is_err(), "{text}");
        }
    }

    #[test]
    fn what_was_used_is_the_difference() {
        let look = |us: f64| {
            Cpu(BTreeMap::from([
                ("api".to_owned(), us),
                ("x".to_owned(), 1.0),
            ]))
        };
        let used = look(30.0).since(&look(10.0));
        assert!((used.total(|_| true) - 20.0).abs() < f64::EPSILON);
        assert!((used.total(|name| name == "x")).abs() < f64::EPSILON);
    }

    #[test]
    fn this_process_has_memory() {
        let processes = Processes::watch(Vec::new()).unwrap();
        assert!(processes.resident()[OWN] > 100_000);
        assert!(processes.cpu().total(|_| true) >= 0.0);
    }
}
