//! What it was measured on.

use std::{collections::BTreeMap, fs};

/// Name and value of what makes figures comparable or not; what the system does not tell is left out.
pub(in crate::bench) fn machine() -> BTreeMap<String, String> {
    let cpuinfo = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let meminfo = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let cores = std::thread::available_parallelism().map(|cores| cores.to_string());
    let known = [
        ("cpu", field(&cpuinfo, "model name")),
        ("cores", cores.ok()),
        ("memory", field(&meminfo, "MemTotal")),
        (
            "kernel",
            Some(kernel.trim().to_owned()).filter(|kernel| !kernel.is_empty()),
        ),
        (
            "system",
            Some(format!(
                "{} {}",
                std::env::consts::OS,
                std::env::consts::ARCH
            )),
        ),
    ];
    known
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)))
        .collect()
}

fn field(text: &str, name: &str) -> Option<String> {
    text.lines().find_map(|line| {
        let (key, value) = line.split_once(':')?;
        (key.trim() == name).then(|| value.trim().to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_found_by_their_name() {
        let text = "processor\t: 0\nmodel name\t: AMD EPYC\nMemTotal:       1 kB\n";
        assert_eq!(field(text, "model name").as_deref(), Some("AMD EPYC"));
        assert_eq!(field(text, "MemTotal").as_deref(), Some("1 kB"));
        assert_eq!(field(text, "bogus"), None);
    }
}
