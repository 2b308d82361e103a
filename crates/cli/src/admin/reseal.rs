//! `posthorn admin reseal`: the third step of a rotation of master keys.

use std::{sync::Arc, time::Duration};

use clap::Args;
use posthorn_domain::{SystemClock, UrlPolicy, WebhookId};
use posthorn_service::settings::table;
use posthorn_store::{MasterKeys, SealedUnder, Store, StoreConfig, StoreError, Unreadable};
use rand::rngs::StdRng;
use secrecy::SecretString;
use serde_json::{json, value::to_raw_value};

use crate::{
    exit::{Exit, Failure},
    installation::Installation,
    random,
    show::{
        Format, Output, Progress, Table,
        columns::{Column, number, text},
        notice,
    },
};

const EXAMPLES: &str = "\
Examples:
  POSTHORN_MASTER_KEY=new,old posthorn admin reseal --dry-run
  posthorn admin reseal --config /etc/posthorn.toml

To replace a master key while everything runs, change the key list of every api and deliverer, one step after
the other, each step on all of them before the next:
  1. POSTHORN_MASTER_KEY=old,new    everybody can open what the new key will seal
  2. POSTHORN_MASTER_KEY=new,old    the new key seals, the old one still opens
  3. posthorn admin reseal          everything is sealed under the new key
  4. POSTHORN_MASTER_KEY=new        the old key is gone; backups from before still need it";

const COLUMNS: &[Column] = &[
    text("KEY", "key"),
    text("IN THE LIST", "in_list"),
    number("VALUES", "values"),
];

/// Webhooks that one transaction seals anew.
const STEP: u32 = 100;
/// Rounds after which no fewer values are left than before, until it gives up.
const IDLE_ROUNDS_MAX: u32 = 20;
/// The pause after such a round.
const IDLE_PAUSE: Duration = Duration::from_millis(250);
const ACTOR: &str = "posthorn admin reseal";

/// Seal every secret in the database under the first master key, while the services run
///
/// Reads POSTHORN_DATABASE_URL and POSTHORN_MASTER_KEY (or the files that …_FILE name, or the services' TOML file)
/// as the services do. Done twice it does nothing the second time; stopped anywhere it goes on from there.
/// Refuses when a value is sealed under a key that is not in the list.
#[derive(Args)]
#[command(after_help = EXAMPLES, after_long_help = EXAMPLES)]
pub(super) struct Arguments {
    /// Only tell how many values there are under which key
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    installation: Installation,
    #[command(flatten)]
    output: Output,
}

struct Settings {
    database_url: SecretString,
    master_keys: MasterKeys,
}

pub(super) async fn run(arguments: Arguments) -> Result<(), Failure> {
    let settings = arguments.installation.require(|reader| {
        let database_url = reader.required(&table::DATABASE_URL, |url| {
            Ok::<_, String>(SecretString::from(url))
        });
        let master_keys = reader.required(&table::MASTER_KEY, str::parse);
        Some(Settings {
            database_url: database_url?,
            master_keys: master_keys?,
        })
    })?;
    distinct(&settings.master_keys)?;
    let format = arguments.output.format();
    let config = StoreConfig {
        database_url: settings.database_url,
        max_connections: 2,
        master_keys: settings.master_keys,
        url_policy: UrlPolicy::HttpAllowed,
    };
    let store = Store::open(config, Arc::new(SystemClock)).map_err(|error| failed(&error))?;
    let done = reseal(&store, arguments.dry_run, format).await;
    store.close().await;
    done
}

async fn reseal(store: &Store, dry_run: bool, format: Format) -> Result<(), Failure> {
    let before = store.sealed_under().await.map_err(|error| failed(&error))?;
    if dry_run {
        show(&before, format)?;
        return missing(&before);
    }
    missing(&before)?;
    let progress = Progress::new(Some(left(&before)), "Sealing anew");
    let mut work = Work {
        store,
        progress,
        rng: random::seeded(),
        values: 0,
        unreadable: Vec::new(),
    };
    let after = work.finish().await?;
    let Work {
        progress,
        values,
        unreadable,
        ..
    } = work;
    progress.done();
    if values > 0 {
        let audited = store.audit_reseal(ACTOR, values).await;
        audited.map_err(|error| failed(&error))?;
    }
    notice(&format!("Sealed {values} values anew"));
    show(&after, format)?;
    if !unreadable.is_empty() {
        let mut words = format!(
            "{} webhooks have a value that does not open:",
            unreadable.len()
        );
        for Unreadable { webhook, reason } in &unreadable {
            words.push_str(&format!("\n  {webhook}: {reason}"));
        }
        words.push_str("\nKeep the old key, and give these webhooks new secrets or delete them");
        return Err(Failure::new(Exit::Not, words));
    }
    missing(&after)?;
    match left(&after) {
        0 => Ok(()),
        left => {
            let words = format!(
                "{left} values are still under an old key: somebody held their rows, or a service still has the old key first. Run it again"
            );
            Err(Failure::new(Exit::Unavailable, words))
        }
    }
}

struct Work<'a> {
    store: &'a Store,
    progress: Progress,
    rng: StdRng,
    values: u64,
    unreadable: Vec<Unreadable>,
}

impl Work<'_> {
    /// Round after round, until nothing is left but what cannot be done.
    async fn finish(&mut self) -> Result<Vec<SealedUnder>, Failure> {
        let (mut fewest, mut idle) = (u64::MAX, 0);
        loop {
            let before = self.values;
            self.round().await?;
            let under = self.store.sealed_under().await;
            let under = under.map_err(|error| failed(&error))?;
            let left = left(&under);
            let stuck = !self.unreadable.is_empty() && self.values == before;
            if left == 0 || stuck || idle == IDLE_ROUNDS_MAX {
                return Ok(under);
            }
            // Values can come up as fast as they are sealed anew: a service that has the old key first.
            if left < fewest {
                (fewest, idle) = (left, 0);
            } else {
                idle += 1;
                tokio::time::sleep(IDLE_PAUSE).await;
            }
        }
    }

    /// Once through all webhooks.
    async fn round(&mut self) -> Result<(), Failure> {
        self.unreadable.clear();
        let mut after: Option<WebhookId> = None;
        loop {
            let step = self.store.reseal_some(after, STEP, &mut self.rng).await;
            let step = step.map_err(|error| failed(&error))?;
            self.values += step.values;
            self.unreadable.extend(step.unreadable);
            self.progress.at(self.values, None);
            match step.last {
                Some(last) => after = Some(last),
                None => return Ok(()),
            }
        }
    }
}

/// Values that are not under the first key.
fn left(under: &[SealedUnder]) -> u64 {
    let others = under.iter().filter(|under| under.position != Some(1));
    others.map(|under| under.values).sum()
}

/// Refuses where a key is not there: what it sealed could not be opened.
fn missing(under: &[SealedUnder]) -> Result<(), Failure> {
    let missing: Vec<String> = under
        .iter()
        .filter(|under| under.position.is_none())
        .map(|SealedUnder { key, values, .. }| format!("{values} under key {key}"))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let words = format!(
        "values are sealed under keys that are not in POSTHORN_MASTER_KEY: {}. Add those keys to the end of the list",
        missing.join(", ")
    );
    Err(Failure::new(Exit::Data, words))
}

/// Two keys with one id could not be told apart.
fn distinct(keys: &MasterKeys) -> Result<(), Failure> {
    let mut seen = std::collections::HashSet::new();
    match keys.ids().find(|id| !seen.insert(*id)) {
        None => Ok(()),
        Some(id) => {
            let words =
                format!("two master keys are the same, or share the id {id}: make another key");
            Err(Failure::new(Exit::Usage, words))
        }
    }
}

fn show(under: &[SealedUnder], format: Format) -> Result<(), Failure> {
    let rows = under.iter().map(|under| {
        let in_list = match under.position {
            Some(1) => "first: seals".to_owned(),
            Some(n) => format!("{n}: opens"),
            None => "missing".to_owned(),
        };
        let row = json!({"key": under.key.to_string(), "position": under.position, "in_list": in_list, "values": under.values});
        to_raw_value(&row).map_err(|error| Failure::new(Exit::Output, error.to_string()))
    });
    let rows = rows.collect::<Result<Vec<_>, Failure>>()?;
    let mut table = Table::new(COLUMNS, format);
    table.page(&rows)?;
    Ok(table.end()?)
}

fn failed(error: &StoreError) -> Failure {
    let exit = match error {
        StoreError::Configuration(_) => Exit::Usage,
        StoreError::Unavailable(_) => Exit::Unavailable,
        _ => Exit::Data,
    };
    Failure::new(exit, format!("the database: {error}"))
}
