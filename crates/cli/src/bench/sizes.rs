//! How much each scenario does. The defaults are those of the published figures.

use std::{
    num::{NonZeroU32, NonZeroU64},
    time::Duration,
};

use clap::Args;

use crate::duration;

/// Most events of one scenario.
const EVENTS_MAX: u64 = 10_000_000;

#[derive(Debug, Clone, Args)]
pub(super) struct Sizes {
    /// Events of each scenario of throughput; half of it where each is a request, a third at fan-out 10
    #[arg(long, value_name = "N", default_value = "100000", value_parser = events)]
    pub(super) events: NonZeroU64,
    /// Length of each scenario of latency, and of idling
    #[arg(long, value_name = "TIME", default_value = "20s", value_parser = duration::parse)]
    pub(super) time: Duration,
    /// Events a second in scenarios of latency
    #[arg(long, value_name = "N", default_value = "500")]
    pub(super) rate: NonZeroU32,
    /// Retries that wait in the scenario of that name
    #[arg(long, value_name = "N", default_value = "1000000", value_parser = events)]
    pub(super) retries: NonZeroU64,
    /// Events at once for the webhook that takes 50 a second
    #[arg(long, value_name = "N", default_value = "5000", value_parser = events)]
    pub(super) limited: NonZeroU64,
    /// Length of the soak
    #[arg(long, value_name = "TIME", default_value = "10m", value_parser = duration::parse)]
    pub(super) soak: Duration,
    /// Events a second of the soak: half of what the machine does at most
    #[arg(long, value_name = "N", default_value = "9000")]
    pub(super) soak_rate: NonZeroU32,
}

fn events(text: &str) -> Result<NonZeroU64, String> {
    text.parse()
        .ok()
        .filter(|events: &NonZeroU64| events.get() <= EVENTS_MAX)
        .ok_or_else(|| format!("it must be a number from 1 to {EVENTS_MAX}"))
}
