use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// What the holder of a key may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Everything, for every tenant.
    Admin,
    /// Everything of its tenant.
    Manager,
    /// Publishing events of its tenant.
    Publisher,
    /// Reading what its tenant has.
    Viewer,
}

/// Not one of the four.
#[derive(Debug, Clone, thiserror::Error)]
#[error("a role is one of admin, manager, publisher, viewer")]
pub struct UnknownRole;

impl Role {
    /// The name in the API and in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Manager => "manager",
            Self::Publisher => "publisher",
            Self::Viewer => "viewer",
        }
    }
}

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        [Self::Admin, Self::Manager, Self::Publisher, Self::Viewer]
            .into_iter()
            .find(|role| role.as_str() == text)
            .ok_or(UnknownRole)
    }
}
