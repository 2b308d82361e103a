//! The configuration file: profiles, each a Posthorn that somebody works with.

mod commands;
mod file;
mod path;
mod profile;

pub(crate) use commands::{Arguments, run};
pub(crate) use file::File;
pub(crate) use profile::Profile;
