use std::{env, ffi::OsString, path::PathBuf};

use crate::exit::{Exit, Failure};

const NAMED: &str = "POSTHORN_CLI_CONFIG";

/// Whether the user names the file, instead of leaving it to the home folder.
pub(super) fn is_named() -> bool {
    set(NAMED).is_some()
}

/// `POSTHORN_CLI_CONFIG`, else `posthorn/config.toml` in the folder for configuration (`XDG_CONFIG_HOME`, else
/// `~/.config`).
pub(super) fn path() -> Result<PathBuf, Failure> {
    if let Some(file) = set(NAMED) {
        return Ok(PathBuf::from(file));
    }
    let folder = set("XDG_CONFIG_HOME")
        .map(PathBuf::from)
        // The specification says so: a relative one is no valid one.
        .filter(|folder| folder.is_absolute())
        .or_else(|| set("HOME").map(|home| PathBuf::from(home).join(".config")));
    folder
        .map(|folder| folder.join("posthorn").join("config.toml"))
        .ok_or_else(|| {
            let words =
                "there is no home folder: name the configuration file in POSTHORN_CLI_CONFIG";
            Failure::new(Exit::Config, words)
        })
}

fn set(name: &str) -> Option<OsString> {
    env::var_os(name).filter(|value| !value.is_empty())
}
