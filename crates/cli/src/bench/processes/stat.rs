//! Reading /proc.

use std::{collections::HashMap, fs};

/// Linux tells processor time in hundredths of a second to everybody.
const US_PER_TICK: f64 = 10_000.0;

struct Stat {
    parent: u32,
    ticks: f64,
}

/// Processor time of a process and of all below it, those that have ended included; `None` if there is none.
pub(super) fn cpu_us(pid: u32) -> Option<f64> {
    let own = stat(pid)?;
    let mut children: HashMap<u32, Vec<u32>> = HashMap::new();
    let mut ticks = HashMap::new();
    for id in ids() {
        if let Some(stat) = stat(id) {
            children.entry(stat.parent).or_default().push(id);
            ticks.insert(id, stat.ticks);
        }
    }
    let mut total = own.ticks;
    let mut below = children.remove(&pid).unwrap_or_default();
    while let Some(id) = below.pop() {
        total += ticks.get(&id).copied().unwrap_or(0.0);
        below.extend(children.remove(&id).unwrap_or_default());
    }
    Some(total * US_PER_TICK)
}

/// Memory of the process itself that is in RAM.
pub(super) fn resident_bytes(pid: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    let kib: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib * 1024)
}

fn ids() -> impl Iterator<Item = u32> {
    fs::read_dir("/proc")
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
}

fn stat(pid: u32) -> Option<Stat> {
    parse(&fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)
}

/// The fields after the command, which alone may hold spaces and brackets: proc_pid_stat(5) counts from 1, and
/// the first of these is its third.
fn parse(text: &str) -> Option<Stat> {
    let (_, fields) = text.rsplit_once(')')?;
    let fields: Vec<&str> = fields.split_whitespace().collect();
    let ticks = |number: usize| fields.get(number - 3)?.parse::<f64>().ok();
    Some(Stat {
        parent: fields.get(1)?.parse().ok()?,
        // utime, stime, and both of the children that were waited for.
        ticks: ticks(14)? + ticks(15)? + ticks(16)? + ticks(17)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_may_hold_brackets() {
        let text = "42 (a) b (c) S 7 42 42 0 -1 4 1 2 3 4 10 20 1 2 20 0 1 0 5 6 7";
        let stat = parse(text).unwrap();
        assert_eq!(stat.parent, 7);
        assert!((stat.ticks - 33.0).abs() < f64::EPSILON);
    }
}
