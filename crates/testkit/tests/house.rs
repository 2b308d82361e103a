//! The arrows between the crates, and what each of them may build on.
//!
//! A new arrow is a decision: whoever needs one changes this table and says why in the commit.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

use std::{
    collections::{BTreeMap, BTreeSet},
    process::Command,
};

use serde::Deserialize;

/// Which of our crates each crate may use.
const ARROWS: &[(&str, &[&str])] = &[
    ("jinja", &[]),
    ("domain", &["jinja"]),
    ("bus", &["domain"]),
    ("store", &["domain"]),
    ("egress", &["domain"]),
    ("schema", &["domain"]),
    ("service", &["domain"]),
    ("foundation", &["domain", "bus", "store", "service"]),
    (
        "api",
        &[
            "domain",
            "bus",
            "store",
            "egress",
            "schema",
            "service",
            "foundation",
        ],
    ),
    (
        "deliverer",
        &["domain", "bus", "store", "egress", "service", "foundation"],
    ),
    ("cli", &["domain", "bus", "store", "egress", "service"]),
    ("fuzz-checks", &["domain", "bus", "egress", "schema"]),
    ("testkit", &["domain"]),
];

/// Crates of others that stay behind one of ours, so that their types and their upgrades do too. The
/// testkit is no part of the product: what only tests use is not listed for it.
const KEPT: &[(&str, &[&str])] = &[
    ("sqlx", &["store", "testkit"]),
    ("async-nats", &["bus"]),
    ("reqwest", &["cli"]),
    ("jsonschema", &["schema"]),
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
                ("testkit", kind) => kind == Some(DependencyKind::Dev),
                (used, _) => allowed[name.as_str()].contains(&used),
            };
            if !good {
                wrong.push(format!("{name} → {used} ({kind:?})"));
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
            let in_domain = name == "domain" && NEVER_IN_DOMAIN.contains(&used);
            let kept = KEPT
                .iter()
                .any(|(kept, keepers)| *kept == used && !keepers.contains(&name.as_str()));
            if kind != Some(DependencyKind::Dev) && (kept || in_domain) {
                wrong.push(format!("{name} → {used}"));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

/// What `cargo metadata` prints, as far as these tests read it. The crate of that name would turn on a feature of
/// serde_json that the product does not have, and everything above serde_json would be compiled twice.
#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    /// Absent for one that the package itself needs.
    kind: Option<DependencyKind>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum DependencyKind {
    Dev,
    Build,
}

/// The product's packages by their name without the prefix. Examples are what others build.
fn workspace() -> BTreeMap<String, Package> {
    let output = cargo(
        &["metadata", "--no-deps"],
        &["--locked", "--format-version", "1"],
    );
    let metadata: Metadata = serde_json::from_str(&output).unwrap();
    metadata
        .packages
        .into_iter()
        .filter(|package| !package.name.starts_with("posthorn-example-"))
        .map(|package| {
            let name = package.name.strip_prefix("posthorn-").map(str::to_owned);
            (name.unwrap_or_else(|| package.name.clone()), package)
        })
        .collect()
}

/// The names of what a package depends on; no kind for what it needs itself.
fn uses(package: &Package) -> impl Iterator<Item = (&str, Option<DependencyKind>)> {
    package
        .dependencies
        .iter()
        .map(|dependency| (dependency.name.as_str(), dependency.kind))
}

/// The programs alone (`make run`) and everything with its tests must compile the same: a feature that only tests turn
/// on would make a second copy of the crate, and of all that use it.
#[test]
fn tests_turn_on_no_feature_of_what_the_programs_depend_on() {
    let programs = features("normal,build");
    let everything = features("normal,build,dev");
    let differ: Vec<_> = programs.difference(&everything).collect();
    assert_eq!(differ, Vec::<&String>::new(), "as the programs have them");
    assert!(programs.len() > 100, "nothing was compared");
}

/// Each package with the features that it is compiled with.
fn features(edges: &str) -> BTreeSet<String> {
    let arguments = ["--workspace", "--locked", "--no-dedupe", "--prefix", "none"];
    let output = cargo(
        &["tree", "--format", "{p} {f}", "--edges", edges],
        &arguments,
    );
    output.lines().map(str::to_owned).collect()
}

/// What cargo prints.
fn cargo(command: &[&str], options: &[&str]) -> String {
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/../../Cargo.toml");
    let output = Command::new(env!("CARGO"))
        .args(command)
        .args(options)
        .args(["--manifest-path", manifest])
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    String::from_utf8(output.stdout).unwrap()
}
