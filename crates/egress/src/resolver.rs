//! Names to addresses, judged on the way to the socket.

use std::{future::Future, net::IpAddr, pin::Pin, sync::Arc};

use crate::{
    address::{AddressPolicy, NotAllowed},
    connect::ConnectFailed,
};

/// A lookup under way.
pub type Looking<'a> = Pin<Box<dyn Future<Output = Result<Vec<IpAddr>, LookupFailed>> + Send + 'a>>;

/// Turns a name into addresses, unjudged.
pub trait Lookup: Send + Sync + 'static {
    /// All addresses of `name`.
    fn lookup<'a>(&'a self, name: &'a str) -> Looking<'a>;
}

/// Why a name has no address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LookupFailed {
    /// The name servers say that there is no such name.
    #[error("the name does not exist")]
    NoSuchName,
    /// The name exists without an address.
    #[error("the name has no address")]
    NoAddress,
    /// The name servers could not be asked, or gave no usable answer.
    #[error("the name could not be resolved")]
    NoAnswer,
    /// This machine has no file descriptor or port left to ask with.
    #[error("the name could not be asked for")]
    Exhausted,
}

/// What the connector asks: the addresses that it returns are the ones that are connected to.
pub(crate) struct GuardedResolver {
    lookup: Arc<dyn Lookup>,
    policy: AddressPolicy,
}

impl GuardedResolver {
    pub(crate) fn new(lookup: Arc<dyn Lookup>, policy: AddressPolicy) -> Self {
        Self { lookup, policy }
    }

    /// The addresses of a name; at least one, and all of them allowed.
    pub(crate) async fn resolve(&self, name: &str) -> Result<Vec<IpAddr>, ConnectFailed> {
        Ok(self.judge(self.unjudged(name).await?)?)
    }

    /// All of the addresses, if each one is allowed.
    pub(crate) fn judge(&self, addresses: Vec<IpAddr>) -> Result<Vec<IpAddr>, NotAllowed> {
        for address in &addresses {
            self.policy.check(*address)?;
        }
        Ok(addresses)
    }

    /// The addresses of a name that is not a stranger's; at least one.
    pub(crate) async fn unjudged(&self, name: &str) -> Result<Vec<IpAddr>, LookupFailed> {
        let addresses = self.lookup.lookup(name).await?;
        if addresses.is_empty() {
            return Err(LookupFailed::NoAddress);
        }
        Ok(addresses)
    }
}
