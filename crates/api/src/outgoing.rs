//! Requests to receivers that somebody waits for: tests and probes.

use std::{sync::Arc, time::Duration};

use posthorn_domain::{
    EndpointUrl, TenantId, Tls,
    limits::{HAND_MADE_REQUESTS_MAX, HAND_MADE_REQUESTS_PER_TENANT_MAX},
};
use posthorn_egress::{Exchange, Sender};

use crate::{
    problem::{Code, Problem},
    shares::{Share, Shares, Spent},
};

/// After how many seconds a client may try again when too many are under way.
const RETRY_AFTER_SECONDS: u64 = 1;

/// What sends them, and how many at once. Clones share both.
#[derive(Clone)]
pub(crate) struct Outgoing {
    sender: Sender,
    under_way: Shares<TenantId>,
}

impl Outgoing {
    pub(crate) fn new(sender: Sender) -> Self {
        Self {
            sender,
            under_way: Shares::new(HAND_MADE_REQUESTS_MAX, HAND_MADE_REQUESTS_PER_TENANT_MAX),
        }
    }

    /// The sender, for as long as the share beside it is held. A receiver may take two minutes for its answer, so
    /// whoever finds no share left is sent away rather than kept waiting; and one tenant's receivers that never answer
    /// leave the shares of others alone.
    pub(crate) fn take(&self, tenant: &TenantId) -> Result<(&Sender, Share<TenantId>), Problem> {
        let share = self.under_way.take(tenant.clone(), 1).map_err(|spent| {
            let words = match spent {
                Spent::Part => "too many tests and probes of this tenant are under way",
                Spent::All => "too many tests and probes are under way",
            };
            Problem::new(Code::RateLimited, format!("{words}: try again later"))
                .retry_after(RETRY_AFTER_SECONDS)
        })?;
        Ok((&self.sender, share))
    }

    /// Asks for a tenant whether anybody answers at a URL.
    pub(crate) async fn probe(
        &self,
        tenant: &TenantId,
        url: EndpointUrl,
        tls: Option<Arc<Tls>>,
    ) -> Result<Exchange, Problem> {
        let (sender, _share) = self.take(tenant)?;
        Ok(sender.probe(url, tls).await)
    }
}

/// Whole milliseconds, as answers show them.
pub(crate) fn milliseconds(elapsed: Duration) -> u32 {
    u32::try_from(elapsed.as_millis()).unwrap_or(u32::MAX)
}
