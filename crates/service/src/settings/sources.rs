use std::{collections::HashMap, ffi::OsString};

/// Where settings come from: the command line and the environment. A parameter, so that tests need not
/// change those of their process.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// The arguments after the program's name.
    pub arguments: Vec<OsString>,
    /// Environment variables.
    pub environment: HashMap<OsString, OsString>,
}

impl Sources {
    /// Those of this process.
    pub fn of_process() -> Self {
        Self {
            arguments: std::env::args_os().skip(1).collect(),
            environment: std::env::vars_os().collect(),
        }
    }
}
