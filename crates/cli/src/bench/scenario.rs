//! What can be measured.

use std::fmt;

use clap::ValueEnum;

use super::{report::Figure, rig::Rig, scenarios};
use crate::exit::Failure;

/// One thing to measure. Each line of its documentation is what `--help` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Scenario {
    /// A client and the receiver with nothing between them
    Ceiling,
    /// Both services without work
    Idle,
    /// Fan-out 1, published over NATS: throughput, and processor time of one delivery
    Nats,
    /// Fan-out 1 through POST /events, 100 events a request
    HttpArrays,
    /// Fan-out 1 through POST /events, one event a request
    HttpSingle,
    /// Ten webhooks for each event
    FanOut,
    /// End to end at a steady rate
    Latency,
    /// 100 webhooks of which none, one and ten hang
    Hanging,
    /// Live latency beside very many retries that wait, and while they drain
    Retries,
    /// A webhook that takes 50 a second (meant for 3 deliverers)
    RateLimit,
    /// A receiver that is down, and what it gets to see of that (meant for 3 deliverers)
    Breaker,
    /// Answers that never end
    Bodies,
    /// Hours of work in miniature, at a steady rate with faults
    Soak,
    /// Most memory of each process so far: comes last
    Memory,
}

impl Scenario {
    pub(super) async fn measure(self, rig: &Rig) -> Result<Vec<Figure>, Failure> {
        match self {
            Self::Ceiling => scenarios::ceiling(rig).await,
            Self::Idle => scenarios::idle(rig).await,
            Self::Nats => scenarios::nats(rig).await,
            Self::HttpArrays => scenarios::http_arrays(rig).await,
            Self::HttpSingle => scenarios::http_single(rig).await,
            Self::FanOut => scenarios::fan_out(rig).await,
            Self::Latency => scenarios::latency(rig).await,
            Self::Hanging => scenarios::hanging(rig).await,
            Self::Retries => scenarios::retries(rig).await,
            Self::RateLimit => scenarios::rate_limit(rig).await,
            Self::Breaker => scenarios::breaker(rig).await,
            Self::Bodies => scenarios::bodies(rig).await,
            Self::Soak => scenarios::soak(rig).await,
            Self::Memory => Ok(scenarios::memory(rig)),
        }
    }
}

impl fmt::Display for Scenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = self.to_possible_value();
        f.write_str(value.as_ref().map_or("", |value| value.get_name()))
    }
}
