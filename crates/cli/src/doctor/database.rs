//! PostgreSQL: whether it can be used, its schema and its partitions.

use std::sync::Arc;

use chrono::NaiveDate;
use posthorn_domain::{Clock, SystemClock, UrlPolicy};
use posthorn_store::{
    DatabaseExamined, MasterKeys, MigrationsExamined, PartitionsExamined, Store, StoreConfig,
    StoreError,
};

use super::{finding::Findings, secrets, settings::Settings};

const PART: &str = "postgresql";
/// PostgreSQL 15.
const VERSION_MIN: i32 = 150_000;
/// Partitions are made a week ahead, and looked at often: fewer days mean that nobody makes them.
const DAYS_AHEAD_MIN: i64 = 3;
/// Partitions are dropped a day or two after their time.
const RETENTION_SLACK_DAYS: i64 = 3;
/// Connections in use, in per cent, of which one is told.
const CONNECTIONS_WARNING_PERCENT: i64 = 90;
const SKEW_WARNING_SECONDS: i64 = 5;

pub(super) async fn check(settings: &Settings, findings: &mut Findings) {
    let Some(database_url) = &settings.database_url else {
        findings.skipped(PART, "no database was named", "give POSTHORN_DATABASE_URL");
        return;
    };
    // Looking needs no key; without one nothing is opened.
    let no_keys = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=".parse::<MasterKeys>();
    let Some(master_keys) = settings.master_keys.clone().or_else(|| no_keys.ok()) else {
        return;
    };
    let config = StoreConfig {
        database_url: database_url.clone(),
        max_connections: 1,
        master_keys,
        // What is stored was accepted once; whether it may be http today is another check's business.
        url_policy: UrlPolicy::HttpAllowed,
    };
    let store = match Store::open(config, Arc::new(SystemClock)) {
        Ok(store) => store,
        Err(error) => {
            findings.problem(PART, error.to_string(), "mend POSTHORN_DATABASE_URL");
            return;
        }
    };
    if let Err(error) = look(&store, settings, findings).await {
        findings.problem(PART, error.to_string(), advice(&error));
    }
    store.close().await;
}

fn advice(error: &StoreError) -> &'static str {
    match error {
        StoreError::Unavailable(_) => {
            "is PostgreSQL running, and does POSTHORN_DATABASE_URL name it? Publishing goes on without it, and deliveries wait"
        }
        StoreError::Configuration(_) => "change that: the services refuse such a database",
        _ => "see that POSTHORN_DATABASE_URL has the right user, password and database",
    }
}

async fn look(
    store: &Store,
    settings: &Settings,
    findings: &mut Findings,
) -> Result<(), StoreError> {
    // Behind a pooler that keeps no sessions, nothing that follows can be believed.
    store.check_sessions_are_kept().await?;
    let examined = store.examine().await?;
    server(&examined, findings);
    let migrations = store.examine_migrations().await?;
    if !schema(&migrations, findings) {
        return Ok(());
    }
    let today = SystemClock.now().date_naive();
    for table in store.examine_partitions().await? {
        partitions(&table, today, settings.retention_days, findings);
    }
    if settings.master_keys.is_some() {
        secrets::check(store, findings).await?;
    } else {
        findings.skipped(
            "secrets",
            "no usable master key was given",
            "give POSTHORN_MASTER_KEY as the services have it",
        );
    }
    Ok(())
}

fn server(examined: &DatabaseExamined, findings: &mut Findings) {
    let DatabaseExamined { version, .. } = examined;
    if examined.version_number < VERSION_MIN {
        findings.problem(
            PART,
            format!("PostgreSQL {version} is too old"),
            "upgrade it to 15 or later",
        );
    } else {
        let mib = examined.bytes / 1_048_576;
        findings.ok(PART, format!("PostgreSQL {version}, {mib} MiB"));
    }
    if examined.encoding != "UTF8" {
        findings.problem(
            PART,
            format!("the database's encoding is {}", examined.encoding),
            "make a database with ENCODING 'UTF8'",
        );
    }
    if examined.standby {
        findings.problem(
            PART,
            "the server is a standby: nothing can be written",
            "name the primary in POSTHORN_DATABASE_URL, or promote this one",
        );
    }
    if examined.fsync != "on" {
        findings.problem(
            PART,
            "fsync is off: a crash of the machine destroys the database",
            "set fsync = on",
        );
    }
    let (used, max) = (examined.connections, examined.connections_max);
    if used * 100 >= max * CONNECTIONS_WARNING_PERCENT {
        findings.warning(
            PART,
            format!("{used} of {max} connections are in use"),
            "raise max_connections, or lower POSTHORN_DATABASE_CONNECTIONS_MAX of the services",
        );
    }
    let skew = examined
        .now
        .signed_duration_since(SystemClock.now())
        .num_seconds()
        .abs();
    if skew >= SKEW_WARNING_SECONDS {
        findings.warning(
            PART,
            format!("its clock and this machine's are {skew} s apart"),
            "set both by NTP",
        );
    }
}

/// Whether the tables can be looked at.
fn schema(found: &MigrationsExamined, findings: &mut Findings) -> bool {
    let words = |versions: &[i64]| {
        let words: Vec<String> = versions.iter().map(i64::to_string).collect();
        words.join(", ")
    };
    if !found.unfinished.is_empty() {
        findings.problem(
            PART,
            format!("migrations that did not end: {}", words(&found.unfinished)),
            "look at the api's log for the reason, mend it, and start the api again",
        );
    }
    if !found.changed.is_empty() {
        findings.problem(
            PART,
            format!(
                "applied migrations differ from this version's: {}",
                words(&found.changed)
            ),
            "is this database another program's, or this version a build of your own?",
        );
    }
    if !found.newer.is_empty() {
        findings.warning(
            PART,
            format!(
                "a newer version migrated the database: {}",
                words(&found.newer)
            ),
            "finish the upgrade; the version before goes on working meanwhile",
        );
    }
    if found.missing.len() == found.known {
        findings.problem(
            PART,
            "the database has no schema of Posthorn's",
            "start posthorn-api or posthorn-deliverer: they make it",
        );
        return false;
    }
    if found.missing.is_empty() {
        findings.ok(PART, format!("all {} migrations are applied", found.known));
        return true;
    }
    findings.problem(
        PART,
        format!("migrations that are not applied: {}", words(&found.missing)),
        "start posthorn-api or posthorn-deliverer of this version: they apply them",
    );
    false
}

fn partitions(
    examined: &PartitionsExamined,
    today: NaiveDate,
    retention_days: u32,
    findings: &mut Findings,
) {
    let PartitionsExamined { table, .. } = examined;
    let days = |day: Option<NaiveDate>| day.map(|day| day.signed_duration_since(today).num_days());
    let ahead = days(examined.newest).unwrap_or(-1);
    let mut good = true;
    if ahead < DAYS_AHEAD_MIN {
        good = false;
        findings.warning(
            PART,
            format!("partitions of {table} reach {} days ahead", ahead.max(0)),
            "a deliverer makes them a week ahead: see that one runs, and look at its log. Nothing is lost: rows without a partition are kept apart",
        );
    }
    let age = days(examined.oldest).map_or(0, |days| -days);
    if age > i64::from(retention_days) + RETENTION_SLACK_DAYS {
        good = false;
        findings.warning(
            PART,
            format!("the oldest {table} are of {age} days ago; retention is {retention_days} days"),
            "a deliverer drops them: see that one runs with this POSTHORN_RETENTION_DAYS, and look at its log",
        );
    }
    if good {
        let strays = if examined.strays {
            "; some rows lie outside them"
        } else {
            ""
        };
        findings.ok(
            PART,
            format!(
                "partitions of {table}: {ahead} days ahead, the oldest of {age} days ago{strays}"
            ),
        );
    }
}
