//! Names to addresses, judged on the way to the socket.

use std::{
    future::Future,
    net::{IpAddr, SocketAddr},
    pin::Pin,
    sync::Arc,
};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::address::AddressPolicy;

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
}

/// The resolver that the connector asks: what it returns is what is connected to.
pub(crate) struct GuardedResolver {
    lookup: Arc<dyn Lookup>,
    policy: Arc<AddressPolicy>,
}

impl GuardedResolver {
    pub(crate) fn new(lookup: Arc<dyn Lookup>, policy: Arc<AddressPolicy>) -> Self {
        Self { lookup, policy }
    }
}

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let (lookup, policy) = (Arc::clone(&self.lookup), Arc::clone(&self.policy));
        Box::pin(async move {
            let addresses = lookup.lookup(name.as_str()).await?;
            if addresses.is_empty() {
                return Err(LookupFailed::NoAddress.into());
            }
            for address in &addresses {
                policy.check(*address)?;
            }
            // Port 0 stands for the URL's port.
            let addresses = addresses.into_iter().map(|ip| SocketAddr::new(ip, 0));
            Ok(Box::new(addresses) as Addrs)
        })
    }
}
