//! `posthorn config`: writes and shows profiles.

use std::{io::Read, path::PathBuf};

use clap::{Args, Subcommand};
use posthorn_domain::TenantId;
use secrecy::SecretString;
use serde_json::json;
use url::Url;

use super::{File, Profile};
use crate::{
    exit::{Exit, Failure},
    show::{Format, Output, Table, columns, columns::Column, notice},
};

const EXAMPLES: &str = "\
Examples:
  posthorn config set production --url https://posthorn.example.com --key-file ~/.secrets/posthorn
  pass posthorn/staging | posthorn config set staging --url https://staging.example.com --key - --tenant acme
  posthorn config use staging
  posthorn config show

The file is ~/.config/posthorn/config.toml (or POSTHORN_CLI_CONFIG), for its owner alone. Flags count more than
the environment (POSTHORN_API_URL, POSTHORN_KEY, POSTHORN_TENANT), and that more than the profile. A profile's key is
sent to the profile's URL alone.";

/// Longest key, in bytes.
const KEY_BYTES_MAX: u64 = 4_096;

const COLUMNS: &[Column] = &[
    columns::status("USED", "used"),
    columns::text("PROFILE", "profile"),
    columns::text("URL", "url"),
    columns::text("KEY", "key"),
    columns::text("TENANT", "tenant"),
];

/// Write and show profiles: each a Posthorn that you work with
#[derive(Args)]
#[command(after_help = EXAMPLES, after_long_help = EXAMPLES)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Make or change a profile; the first one is used from then on
    Set(Set),
    /// Show the profiles, without their keys
    Show {
        #[command(flatten)]
        output: Output,
    },
    /// Use this profile unless another is named
    Use { name: String },
    /// Remove a profile
    Remove { name: String },
    /// Print where the file is
    Path,
}

#[derive(Args)]
struct Set {
    /// The profile's name
    name: String,
    /// Where its API is
    #[arg(long)]
    url: Option<Url>,
    /// Its API key; - reads it from standard input, so that no list of processes shows it
    #[arg(long, conflicts_with = "key_file")]
    key: Option<SecretString>,
    /// A file with its API key, read each time
    #[arg(long, value_name = "FILE")]
    key_file: Option<PathBuf>,
    /// The tenant to work in
    #[arg(long)]
    tenant: Option<TenantId>,
}

pub(crate) fn run(arguments: Arguments) -> Result<(), Failure> {
    let mut file = File::load()?;
    match arguments.command {
        Command::Set(set) => {
            set.over(&mut file)?;
            file.save()
        }
        Command::Show { output } => show(&file, output.format()),
        Command::Use { name } => {
            file.named(&name)?;
            file.current = Some(name);
            file.save()
        }
        Command::Remove { name } => {
            file.named(&name)?;
            file.profiles.remove(&name);
            file.current = file.current.filter(|current| *current != name);
            file.save()
        }
        Command::Path => Ok(crate::show::result(&file.path().display().to_string())?),
    }
}

impl Set {
    fn over(self, file: &mut File) -> Result<(), Failure> {
        if self.name.is_empty()
            || self
                .name
                .chars()
                .any(|c| c.is_control() || c.is_whitespace())
        {
            let words = "a profile's name is a word without white space";
            return Err(Failure::new(Exit::Usage, words));
        }
        if let Some(url) = &self.url
            && !matches!(url.scheme(), "http" | "https")
        {
            let words = "--url must be an http or https URL";
            return Err(Failure::new(Exit::Usage, words));
        }
        let key = self.key.map(key).transpose()?;
        let key_file = self.key_file.map(std::path::absolute).transpose()?;
        let profile = file.profiles.entry(self.name.clone()).or_default();
        if key.is_some() || key_file.is_some() {
            (profile.key, profile.key_file) = (key, key_file);
        }
        profile.url = self.url.or(profile.url.take());
        profile.tenant = self.tenant.or(profile.tenant.take());
        if file.current.is_none() {
            notice(&format!("Profile {} is used from now on", self.name));
            file.current = Some(self.name);
        }
        Ok(())
    }
}

/// The key as it was given, or from standard input.
fn key(given: SecretString) -> Result<SecretString, Failure> {
    use secrecy::ExposeSecret;
    if given.expose_secret() != "-" {
        return Ok(given);
    }
    let mut text = String::new();
    std::io::stdin()
        .lock()
        .take(KEY_BYTES_MAX)
        .read_to_string(&mut text)
        .map_err(|error| Failure::new(Exit::NoInput, format!("standard input: {error}")))?;
    if text.trim().is_empty() {
        let words = "there is no key on standard input";
        return Err(Failure::new(Exit::NoInput, words));
    }
    Ok(text.trim().to_owned().into())
}

fn show(file: &File, format: Format) -> Result<(), Failure> {
    let rows = file.profiles.iter().map(|(name, profile)| {
        let Profile { url, tenant, .. } = profile;
        let used = file.current.as_ref() == Some(name);
        let row = json!({"used": used, "profile": name, "url": url, "key": profile.key_shown(), "tenant": tenant});
        serde_json::value::to_raw_value(&row)
            .map_err(|error| Failure::new(Exit::Output, error.to_string()))
    });
    let rows = rows.collect::<Result<Vec<_>, Failure>>()?;
    let mut table = Table::new(COLUMNS, format);
    table.page(&rows)?;
    Ok(table.end()?)
}
