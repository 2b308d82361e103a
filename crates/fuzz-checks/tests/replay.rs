//! Every input that is kept, held against the checks again.
#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test fails by panicking and explains itself on stderr"
)]

use std::{
    collections::BTreeSet,
    fs,
    panic::{self, AssertUnwindSafe},
    path::{Path, PathBuf},
};

use posthorn_fuzz_checks::{address, event, expression, headers, schema, signature, webhook};

type Check = fn(&[u8]);

const CHECKS: [(&str, Check); 7] = [
    ("address", address::check),
    ("event", event::check),
    ("expression", expression::check),
    ("headers", headers::check),
    ("schema", schema::check),
    ("signature", signature::check),
    ("webhook", webhook::check),
];

/// Most memory of the process that replays schemas, which libFuzzer holds to the same.
const SCHEMA_RESIDENT_KIB_MAX: u64 = 512 * 1024;

fn fuzz() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz")
}

/// Inputs of a target: the seeds, and what campaigns found beyond them.
fn inputs(target: &str) -> Vec<PathBuf> {
    let folders = ["seeds", "corpus"].map(|folder| fuzz().join(folder).join(target));
    let entries = folders
        .iter()
        .flat_map(|folder| fs::read_dir(folder).unwrap());
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

fn replay(target: &str) {
    let (_, check) = CHECKS.iter().find(|(name, _)| *name == target).unwrap();
    let files = inputs(target);
    assert!(files.len() > 20, "only {} inputs for {target}", files.len());
    let failed: Vec<_> = files
        .iter()
        .filter(|file| {
            let bytes = fs::read(file).unwrap();
            panic::catch_unwind(AssertUnwindSafe(|| check(&bytes))).is_err()
        })
        .collect();
    assert_eq!(failed, Vec::<&PathBuf>::new());
}

#[test]
fn addresses() {
    replay("address");
}

#[test]
fn events() {
    replay("event");
}

#[test]
fn expressions() {
    replay("expression");
}

#[test]
fn headers_of_both_directions() {
    replay("headers");
}

#[test]
fn schemas_and_documents() {
    replay("schema");
    // What the inputs made together, at any time.
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    let kib: Option<u64> = line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok());
    assert!(kib.unwrap() < SCHEMA_RESIDENT_KIB_MAX, "{kib:?} KiB");
}

#[test]
fn signatures() {
    replay("signature");
}

#[test]
fn webhooks() {
    replay("webhook");
}

#[test]
fn each_fuzz_target_is_replayed() {
    let targets: BTreeSet<String> = fs::read_dir(fuzz().join("fuzz_targets"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    let replayed: BTreeSet<String> = CHECKS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(targets, replayed);
}
