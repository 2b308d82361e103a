//! The arrows between the crates, and what each of them may build on.
//!
//! A new arrow is a decision: whoever needs one changes this table and says why in the commit.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::{DependencyKind, MetadataCommand, Package};

/// Which of our crates each crate may use.
const ARROWS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("bus", &["domain"]),
    ("store", &["domain"]),
    ("egress", &["domain"]),
    ("service", &["domain"]),
    ("foundation", &["domain", "bus", "store", "service"]),
    (
        "api",
        &["domain", "bus", "store", "egress", "service", "foundation"],
    ),
    (
        "deliverer",
        &["domain", "bus", "store", "egress", "service", "foundation"],
    ),
    ("cli", &["domain", "bus", "store", "egress", "service"]),
    ("testkit", &["domain"]),
];

/// Crates of others that stay behind one of ours, so that their types and their upgrades do too. The
/// testkit is no part of the product: what only tests use is not listed for it.
const KEPT: &[(&str, &[&str])] = &[
    ("sqlx", &["store", "testkit"]),
    ("async-nats", &["bus"]),
    ("reqwest", &["cli"]),
    ("axum", &["api", "service"]),
];

/// The rules of the product do no input or output.
const NEVER_IN_DOMAIN: &[&str] = &[
    "tokio",
    "futures",
    "hyper",
    "sqlx",
    "reqwest",
    "async-nats",
    "axum",
];

#[test]
fn every_arrow_points_the_way_it_should() {
    let packages = workspace();
    let allowed: BTreeMap<_, _> = ARROWS.iter().copied().collect();
    let named: BTreeSet<_> = packages.keys().map(String::as_str).collect();
    assert_eq!(
        named,
        allowed.keys().copied().collect(),
        "crates that have no place in the table"
    );

    let mut wrong = Vec::new();
    let mut seen = 0;
    for (name, package) in &packages {
        for (used, kind) in uses(package) {
            let Some(used) = used.strip_prefix("posthorn-") else {
                continue;
            };
            seen += 1;
            let good = match (used, kind) {
                // Tests of every crate may use it, and it is nobody's business otherwise.
                ("testkit", kind) => kind == DependencyKind::Development,
                (used, _) => allowed[name.as_str()].contains(&used),
            };
            if !good {
                wrong.push(format!("{name} → {used} ({kind})"));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
    assert!(seen > 8, "the names have changed: nothing was checked");
}

#[test]
fn what_is_kept_behind_one_crate_stays_there() {
    let mut wrong = Vec::new();
    for (name, package) in workspace() {
        for (used, kind) in uses(&package) {
            let in_domain = name == "domain" && NEVER_IN_DOMAIN.contains(&used.as_str());
            let kept = KEPT
                .iter()
                .any(|(kept, keepers)| *kept == used && !keepers.contains(&name.as_str()));
            if kind != DependencyKind::Development && (kept || in_domain) {
                wrong.push(format!("{name} → {used}"));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

/// The product's packages by their name without the prefix. Examples are what others build.
fn workspace() -> BTreeMap<String, Package> {
    let metadata = MetadataCommand::new()
        .manifest_path(concat!(env!("CARGO_MANIFEST_DIR"), "/../../Cargo.toml"))
        .no_deps()
        .exec()
        .unwrap();
    metadata
        .packages
        .into_iter()
        .filter(|package| !package.name.starts_with("posthorn-example-"))
        .map(|package| {
            let name = package.name.strip_prefix("posthorn-").map(str::to_owned);
            (name.unwrap_or_else(|| package.name.to_string()), package)
        })
        .collect()
}

fn uses(package: &Package) -> impl Iterator<Item = (String, DependencyKind)> {
    package
        .dependencies
        .iter()
        .map(|dependency| (dependency.name.clone(), dependency.kind))
}
