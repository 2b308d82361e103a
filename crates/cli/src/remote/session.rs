//! What every command of the API has: whom it talks to, and how it prints.

use clap::Args;

use super::{Client, Remote};
use crate::{
    exit::Failure,
    show::{Format, Output},
};

/// The options of every command of the API.
#[derive(Args, Debug)]
pub(crate) struct Common {
    #[command(flatten)]
    pub(crate) remote: Remote,
    #[command(flatten)]
    output: Output,
}

pub(crate) struct Session {
    pub(crate) client: Client,
    pub(crate) format: Format,
}

impl Common {
    pub(crate) fn session(&self) -> Result<Session, Failure> {
        Ok(Session {
            client: self.remote.client()?,
            format: self.output.format(),
        })
    }
}

impl Session {
    /// Prints what the API answered.
    pub(crate) fn show(&self, answer: &super::Answer) -> Result<(), Failure> {
        Ok(crate::show::one(answer.text()?, self.format)?)
    }
}
