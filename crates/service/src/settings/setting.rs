/// Which process a setting belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Service {
    /// posthorn-api.
    Api,
    /// posthorn-deliverer.
    Deliverer,
}

/// What kind of value a setting has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text that may be shown.
    Plain,
    /// Text that may not be shown, and that may be read from a file.
    Secret,
    /// `true` or `false`; the flag alone means `true`.
    Switch,
}

/// One line of the [table](super::table).
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// Name in snake case, the key of the TOML file.
    pub name: &'static str,
    /// What `--help` says of it.
    pub help: &'static str,
    /// Used when nothing else is given.
    pub default: Option<&'static str>,
    /// What its value is.
    pub kind: Kind,
    /// Whose it is; both services' where `None`.
    pub service: Option<Service>,
}

impl Setting {
    /// A setting of both services, without a default.
    pub const fn new(name: &'static str, help: &'static str) -> Self {
        Self {
            name,
            help,
            default: None,
            kind: Kind::Plain,
            service: None,
        }
    }

    /// With a default.
    pub const fn default(mut self, default: &'static str) -> Self {
        self.default = Some(default);
        self
    }

    /// Holds a secret.
    pub const fn secret(mut self) -> Self {
        self.kind = Kind::Secret;
        self
    }

    /// Is `true` or `false`; `false` unless given.
    pub const fn switch(mut self) -> Self {
        self.kind = Kind::Switch;
        self.default = Some("false");
        self
    }

    /// Belongs to one service.
    pub const fn of(mut self, service: Service) -> Self {
        self.service = Some(service);
        self
    }

    /// Whether a process has it.
    pub fn belongs_to(&self, service: Service) -> bool {
        self.service.is_none_or(|owner| owner == service)
    }

    /// `POSTHORN_…`.
    pub fn variable(&self) -> String {
        format!("POSTHORN_{}", self.name.to_ascii_uppercase())
    }

    /// `--…`.
    pub fn flag(&self) -> String {
        format!("--{}", self.name.replace('_', "-"))
    }
}
