use tokio::sync::watch;

/// How far the start of the process has come. Clones share it.
///
/// A server that answers is not yet one that has what is needed: a database may be a standby, and streams may be refused. So
/// readiness tells the servers apart from what is still to be done with them.
#[derive(Debug, Clone)]
pub(crate) struct Start(watch::Sender<Option<&'static str>>);

impl Default for Start {
    fn default() -> Self {
        Self(watch::Sender::new(Some("it waits for NATS")))
    }
}

impl Start {
    /// Says what it waits for from here on.
    pub(crate) fn waits_for(&self, what: &'static str) {
        self.0.send_replace(Some(what));
    }

    /// Deliveries begin.
    pub(crate) fn is_over(&self) {
        self.0.send_replace(None);
    }

    /// What it waits for, if anything.
    pub(crate) fn state(&self) -> Result<(), String> {
        self.0.borrow().map_or(Ok(()), |what| Err(what.to_owned()))
    }
}
