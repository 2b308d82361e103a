use std::{
    collections::BTreeMap,
    fs,
    io::{self, Write},
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use super::{
    Profile,
    path::{is_named, path},
};
use crate::{
    exit::{Exit, Failure},
    show::notice,
};

/// Only its owner reads it: it may hold keys.
const MODE: u32 = 0o600;

/// The configuration file. One that is not there is an empty one.
#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct File {
    /// The profile that is used unless another is named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) current: Option<String>,
    #[serde(default)]
    pub(super) profiles: BTreeMap<String, Profile>,
    #[serde(skip)]
    path: PathBuf,
}

impl File {
    /// To be changed and saved.
    pub(super) fn load() -> Result<Self, Failure> {
        Self::load_from(path()?)
    }

    /// To look a profile up, which nobody needs: where there is no home folder, or it is somebody else's (as under
    /// `sudo -u`), there is none. A file that was named must be readable.
    pub(crate) fn load_if_any() -> Result<Self, Failure> {
        let Ok(path) = path() else {
            return Ok(Self::default());
        };
        let hidden =
            fs::metadata(&path).is_err_and(|error| error.kind() == io::ErrorKind::PermissionDenied);
        if hidden && !is_named() {
            return Ok(Self::default());
        }
        Self::load_from(path)
    }

    fn load_from(path: PathBuf) -> Result<Self, Failure> {
        let wrong = |words: &str| {
            let words = format!("the configuration file {}: {words}", path.display());
            Failure::new(Exit::Config, words)
        };
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Ok(Self {
                    path,
                    ..Self::default()
                });
            }
            Err(error) => return Err(wrong(&format!("cannot read it: {error}"))),
        };
        // Its message alone: the lines it points at may hold a key.
        let file: Self = toml::from_str(&text).map_err(|error| wrong(error.message()))?;
        let holds_keys = file.profiles.values().any(|profile| profile.key.is_some());
        let mode = fs::metadata(&path).map(|about| about.permissions().mode());
        if holds_keys && mode.is_ok_and(|mode| mode & 0o077 != 0) {
            let path = path.display();
            notice(&format!(
                "posthorn: others can read the keys in {path}: chmod 600 it"
            ));
        }
        Ok(Self { path, ..file })
    }

    /// The profile of this name, else the one in use, else an empty one.
    pub(crate) fn chosen(&self, name: Option<&str>) -> Result<Profile, Failure> {
        let name = name.filter(|name| !name.is_empty());
        match name.or(self.current.as_deref()) {
            Some(name) => self.named(name).cloned(),
            None => Ok(Profile::default()),
        }
    }

    pub(super) fn named(&self, name: &str) -> Result<&Profile, Failure> {
        self.profiles.get(name).ok_or_else(|| {
            let known: Vec<&str> = self.profiles.keys().map(String::as_str).collect();
            let known = if known.is_empty() {
                "there are none".to_owned()
            } else {
                format!("there are {}", known.join(", "))
            };
            Failure::new(Exit::Config, format!("no profile `{name}`: {known}"))
        })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Writes it whole or not at all.
    pub(super) fn save(&self) -> Result<(), Failure> {
        let cannot = |error: &dyn std::fmt::Display| {
            let words = format!("cannot write {}: {error}", self.path.display());
            Failure::new(Exit::Output, words)
        };
        let text = toml::to_string_pretty(self).map_err(|error| cannot(&error))?;
        let folder = self.path.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder).map_err(|error| cannot(&error))?;
        let beside = self
            .path
            .with_extension(format!("{}.new", std::process::id()));
        let written = fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(MODE)
            .open(&beside)
            .and_then(|mut file| {
                file.write_all(text.as_bytes())?;
                file.sync_all()
            })
            .and_then(|()| fs::rename(&beside, &self.path));
        written.map_err(|error| {
            let _ = fs::remove_file(&beside);
            cannot(&error)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_not_there_is_empty_and_a_saved_one_is_private() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/config.toml");
        let mut file = File::load_from(path.clone()).unwrap();
        assert!(file.chosen(None).unwrap().url.is_none());
        assert!(file.chosen(Some("a")).is_err());
        file.current = Some("a".to_owned());
        let profile = Profile {
            url: Some("https://a.example.com".parse().unwrap()),
            key: Some("phk_secret".to_owned().into()),
            ..Profile::default()
        };
        file.profiles.insert("a".to_owned(), profile);
        file.save().unwrap();
        file.save().unwrap();
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let again = File::load_from(path).unwrap().chosen(None).unwrap();
        assert_eq!(again.url.unwrap().as_str(), "https://a.example.com/");
        assert!(again.key.is_some());
    }

    #[test]
    fn a_wrong_file_is_told_without_its_keys() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.toml");
        for text in [
            "[profiles.a]\nkey = \"phk_secret\"\nurrl = \"https://a\"",
            "[profiles.a]\nkey = phk_secret",
        ] {
            fs::write(&path, text).unwrap();
            let failure = File::load_from(path.clone()).unwrap_err();
            assert_eq!(failure.exit, Exit::Config);
            assert!(!failure.to_string().contains("phk_secret"), "{failure}");
        }
    }
}
