use std::path::PathBuf;

use posthorn_domain::TenantId;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use url::Url;

use crate::{exit::Failure, remote::key_in};

/// A Posthorn that somebody works with.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Profile {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) url: Option<Url>,
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        serialize_with = "exposed",
        deserialize_with = "kept"
    )]
    pub(crate) key: Option<SecretString>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) key_file: Option<PathBuf>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) tenant: Option<TenantId>,
}

impl Profile {
    /// Its key, wherever that is kept.
    pub(crate) fn key(&self) -> Result<Option<SecretString>, Failure> {
        match (&self.key, &self.key_file) {
            (Some(key), _) => Ok(Some(key.clone())),
            (None, Some(path)) => key_in(path).map(Some),
            (None, None) => Ok(None),
        }
    }

    /// What may be shown of its key: enough to tell it from another.
    pub(super) fn key_shown(&self) -> String {
        match (&self.key, &self.key_file) {
            (Some(key), _) => {
                let key = key.expose_secret();
                let end = key.len().checked_sub(4).filter(|_| key.len() >= 24);
                let end = end.and_then(|at| key.get(at..)).unwrap_or_default();
                format!("…{end}")
            }
            (None, Some(path)) => format!("in {}", path.display()),
            (None, None) => String::new(),
        }
    }
}

/// The file is where the key is kept: it holds it as it is.
fn exposed<S: Serializer>(key: &Option<SecretString>, serializer: S) -> Result<S::Ok, S::Error> {
    match key {
        Some(key) => serializer.serialize_some(key.expose_secret()),
        None => serializer.serialize_none(),
    }
}

fn kept<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<SecretString>, D::Error> {
    let key = Option::<String>::deserialize(deserializer)?;
    Ok(key.map(SecretString::from))
}
