//! The webhooks of the drill: one for everything, and one for each share of the events, with receivers good and bad.

use std::{sync::Arc, time::Duration};

use serde_json::json;
use url::Url;

use crate::{
    bench::{
        api::Api,
        receiver::{Behaviour, Receiver, Route},
    },
    exit::Failure,
};

/// Refuses every event whose number this divides, each time: they end as dead letters. It shares no factor with the
/// number of shares, or the share would have none of them.
pub(super) const REFUSED_EVERY: u64 = 25;
/// What a slow receiver takes.
const SLOW_BY: Duration = Duration::from_millis(100);
/// Enough tries to outlive any fault of the drill.
const PATIENT: &[u32] = &[1, 2, 4, 8, 16, 32, 60, 60];
const IMPATIENT: &[u32] = &[1, 2];

/// Receivers of a share each.
const SHARES: [(&str, Behaviour, &[u32]); 6] = [
    ("steady 1", Behaviour::Accept, PATIENT),
    ("steady 2", Behaviour::Accept, PATIENT),
    ("steady 3", Behaviour::Accept, PATIENT),
    ("slow", Behaviour::Answer(200, SLOW_BY), PATIENT),
    ("weather", Behaviour::Weather, PATIENT),
    ("refusing", Behaviour::RefuseEvery(REFUSED_EVERY), IMPATIENT),
];

/// A webhook and what its receiver saw.
#[derive(Debug)]
pub(super) struct Subscriber {
    pub(super) name: &'static str,
    pub(super) webhook: String,
    /// Its events are those of this share; `None` are all.
    pub(super) share: Option<u64>,
    pub(super) route: Arc<Route>,
}

impl Subscriber {
    /// Whether event `n` is for it.
    pub(super) fn wants(&self, n: u64) -> bool {
        self.share.is_none_or(|share| share_of(n) == share)
    }
}

/// Which share event `n` is of.
pub(super) fn share_of(n: u64) -> u64 {
    // Their count is small.
    n % u64::try_from(SHARES.len()).unwrap_or(u64::MAX)
}

/// The type of the events of a share.
pub(super) fn event_type(run: &str, share: u64) -> String {
    format!("drill.{run}.share_{share}")
}

pub(super) async fn subscribe(
    api: &Api,
    receiver: &Receiver,
    url: &Url,
    run: &str,
) -> Result<Vec<Subscriber>, Failure> {
    let mut subscribers = Vec::new();
    let everything = ("everything", Behaviour::Accept, PATIENT);
    let shares = (0..).zip(SHARES).map(|(n, kind)| (Some(n), kind));
    for (share, (name, behaviour, schedule)) in [(None, everything)].into_iter().chain(shares) {
        let (route, path) = receiver.add_route();
        route.keep_journal();
        route.behave(behaviour);
        let mut url = url.clone();
        url.set_path(&path);
        let types = match share {
            None => format!("drill.{run}.*"),
            Some(share) => event_type(run, share),
        };
        let webhook = json!({
            "name": format!("drill {run}: {name}"), "url": url, "event_types": [types],
            "timeout_seconds": 5, "retry_schedule_seconds": schedule,
        });
        subscribers.push(Subscriber {
            name,
            webhook: api.create_webhook(&webhook).await?,
            share,
            route,
        });
    }
    Ok(subscribers)
}
