//! Which Posthorn is meant: by a flag, else by the environment, else by the profile, else the one on this machine.

use std::{path::PathBuf, time::Duration};

use clap::Args;
use posthorn_domain::TenantId;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::Client;
use crate::{
    config::{File, Profile},
    duration,
    exit::{Exit, Failure},
};

/// Where Posthorn listens unless it is told otherwise.
const API_DEFAULT: &str = "http://127.0.0.1:8080";
/// Longest file that a key is in, in bytes.
const KEY_FILE_BYTES_MAX: usize = 4_096;

/// Which Posthorn is meant. A flag counts more than the environment, and that more than the profile.
#[derive(Args, Debug)]
#[command(next_help_heading = "Connection")]
pub(crate) struct Remote {
    /// Where Posthorn's API is [default: the profile's, or http://127.0.0.1:8080]
    #[arg(long, value_name = "URL", env = "POSTHORN_API_URL", global = true)]
    api: Option<Url>,
    /// The API key (better in the environment or in a profile)
    #[arg(long, env = "POSTHORN_KEY", hide_env_values = true, global = true)]
    key: Option<SecretString>,
    /// The tenant to work in [default: the profile's, or the key's]
    #[arg(long, env = "POSTHORN_TENANT", global = true)]
    tenant: Option<TenantId>,
    /// A profile of the configuration file [default: the one that `posthorn config use` chose]
    #[arg(long, value_name = "NAME", env = "POSTHORN_PROFILE", global = true)]
    profile: Option<String>,
    /// Longest wait for each answer
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = duration::parse, global = true)]
    timeout: Duration,
}

/// The Posthorn that is meant.
#[derive(Debug)]
pub(crate) struct Target {
    pub(crate) api: Url,
    pub(crate) key: Option<SecretString>,
    pub(crate) tenant: Option<TenantId>,
    pub(crate) timeout: Duration,
}

impl Remote {
    /// Finds out which Posthorn is meant.
    pub(crate) fn target(&self) -> Result<Target, Failure> {
        let profile = File::load_if_any()?.chosen(self.profile.as_deref())?;
        self.over(profile)
    }

    /// A client of it.
    pub(crate) fn client(&self) -> Result<Client, Failure> {
        Client::new(self.target()?)
    }

    fn over(&self, profile: Profile) -> Result<Target, Failure> {
        let api = match (&self.api, &profile.url) {
            (Some(url), _) | (None, Some(url)) => url.clone(),
            (None, None) => API_DEFAULT
                .parse()
                .map_err(|error| Failure::new(Exit::Usage, format!("{API_DEFAULT}: {error}")))?,
        };
        if !matches!(api.scheme(), "http" | "https") {
            let words = "--api must be an http or https URL";
            return Err(Failure::new(Exit::Usage, words));
        }
        // An empty variable is one that a script left empty.
        let given = self
            .key
            .clone()
            .filter(|key| !key.expose_secret().is_empty());
        // A profile's key is for the profile's Posthorn: another URL never gets to see it.
        let is_profiles = profile
            .url
            .as_ref()
            .is_none_or(|url| url.origin() == api.origin());
        let key = match given {
            Some(key) => Some(key),
            None if is_profiles => profile.key()?,
            None => None,
        };
        let tenant = match (&self.tenant, profile.tenant) {
            (Some(tenant), _) => Some(tenant.clone()),
            (None, tenant) => tenant.filter(|_| is_profiles),
        };
        Ok(Target {
            api,
            key,
            tenant,
            timeout: self.timeout,
        })
    }
}

/// Reads a key from a file.
pub(crate) fn key_in(path: &PathBuf) -> Result<SecretString, Failure> {
    let cannot = |words: &dyn std::fmt::Display| {
        Failure::new(
            Exit::NoInput,
            format!("cannot read the key in {}: {words}", path.display()),
        )
    };
    let text = std::fs::read_to_string(path).map_err(|error| cannot(&error))?;
    if text.len() > KEY_FILE_BYTES_MAX || text.trim().is_empty() {
        return Err(cannot(&"the file is empty or far too long for a key"));
    }
    Ok(text.trim().to_owned().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn remote(api: Option<&str>, key: Option<&str>) -> Remote {
        Remote {
            api: api.map(|api| api.parse().unwrap()),
            key: key.map(|key| key.to_owned().into()),
            tenant: None,
            profile: None,
            timeout: Duration::from_secs(1),
        }
    }

    fn profile() -> Profile {
        Profile {
            url: Some("https://posthorn.example.com".parse().unwrap()),
            key: Some("phk_profile".to_owned().into()),
            key_file: None,
            tenant: Some("acme".parse().unwrap()),
        }
    }

    fn key(target: &Target) -> Option<&str> {
        target.key.as_ref().map(|key| key.expose_secret())
    }

    #[test]
    fn what_is_given_goes_over_the_profile() {
        let target = remote(None, None).over(profile()).unwrap();
        assert_eq!(target.api.as_str(), "https://posthorn.example.com/");
        assert_eq!(key(&target), Some("phk_profile"));
        assert_eq!(target.tenant.unwrap().as_str(), "acme");

        let target = remote(None, Some("phk_flag")).over(profile()).unwrap();
        assert_eq!(key(&target), Some("phk_flag"));

        let target = remote(None, Some("")).over(profile()).unwrap();
        assert_eq!(key(&target), Some("phk_profile"), "an empty variable");
    }

    #[test]
    fn another_posthorn_never_sees_the_profiles_key() {
        let target = remote(Some("https://elsewhere.example.com"), None)
            .over(profile())
            .unwrap();
        assert_eq!(key(&target), None);
        assert_eq!(target.tenant, None);

        let target = remote(Some("https://posthorn.example.com/api/v1"), None)
            .over(profile())
            .unwrap();
        assert_eq!(
            key(&target),
            Some("phk_profile"),
            "the same, by another path"
        );
    }

    #[test]
    fn without_anything_it_is_the_one_on_this_machine() {
        let target = remote(None, None).over(Profile::default()).unwrap();
        assert_eq!(target.api.as_str(), "http://127.0.0.1:8080/");
        assert_eq!(key(&target), None);
    }
}
