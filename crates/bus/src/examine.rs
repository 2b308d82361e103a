//! How NATS is, for whoever looks after it: what is missing, what differs from what the services would make, and which
//! copies lag.

use std::time::Duration;

use async_nats::jetstream::{
    context::ConsumerInfoErrorKind,
    stream::{ClusterInfo, Config, Info, PeerInfo},
};
use chrono::TimeDelta;
use posthorn_domain::{Clock, ClockOffset};

use crate::{
    account,
    bus::Bus,
    consumers,
    error::BusError,
    limits,
    stream_info::{self, InfoError, StreamInfo, ask_with_time},
    stream_setup,
    subject::{DELIVERIES_STREAM, KEEPING_CONSUMER},
    topology,
};

/// What a look at the server found.
#[derive(Debug, Clone)]
pub struct Examination {
    /// How far the server's clock is ahead of the given one; `None` where no stream tells of it.
    pub clock_ahead: Option<TimeDelta>,
    /// The server's version.
    pub version: String,
    /// The name of the server that answered.
    pub server: String,
    /// Every stream that there should be.
    pub streams: Vec<StreamExamined>,
    /// Streams that mirror POSTHORN_DELIVERIES or have it as a source. What they take is acknowledged there, so it leaves
    /// the queue before its time.
    pub takers: Vec<String>,
    /// Every consumer that there should be.
    pub consumers: Vec<ConsumerExamined>,
}

/// A stream that there should be.
#[derive(Debug, Clone)]
pub struct StreamExamined {
    /// Its name.
    pub name: String,
    /// How it is; `None` if it is not there.
    pub found: Option<StreamFound>,
    /// Why the server will not make it, where it is not there and that is known.
    pub hindrance: Option<String>,
}

/// A stream as it is.
#[derive(Debug, Clone)]
pub struct StreamFound {
    /// Copies that it should have.
    pub replicas: usize,
    /// Messages in it.
    pub messages: u64,
    /// What they take on disk, in bytes.
    pub bytes: u64,
    /// Most bytes that it may take; `None` without a limit.
    pub bytes_max: Option<u64>,
    /// What the services would change at their next start, in words.
    pub differences: Vec<String>,
    /// Limits that somebody else has put on it, in words: the services leave them.
    pub limits: Vec<String>,
    /// Its copies.
    pub copies: Copies,
}

/// A consumer that there should be.
#[derive(Debug, Clone)]
pub struct ConsumerExamined {
    /// Of which stream.
    pub stream: &'static str,
    /// Its name.
    pub name: String,
    /// Whether deliverers take messages from it. Another one is there for its interest in them alone.
    pub is_pulled: bool,
    /// How it is; `None` if it is not there.
    pub found: Option<ConsumerFound>,
}

/// A consumer as it is.
#[derive(Debug, Clone)]
pub struct ConsumerFound {
    /// Messages that nobody has taken yet.
    pub pending: u64,
    /// Messages that somebody works on.
    pub unacknowledged: u64,
    /// Pulls that wait for messages: some, while a deliverer runs and has nothing to do.
    pub waiting: usize,
    /// Whether somebody has paused it: nothing is given out until that is over.
    pub paused: bool,
    /// Its copies.
    pub copies: Copies,
}

/// The copies of something in a cluster.
#[derive(Debug, Clone, Default)]
pub struct Copies {
    /// Whether there is somebody who answers for it. True where there is no cluster.
    pub led: bool,
    /// Whether most copies are well: without them nothing can be written, even while an old leader still answers.
    pub majority: bool,
    /// Servers whose copy is behind or away, in words.
    pub troubled: Vec<String>,
}

impl Bus {
    /// Looks at everything that the services need of the server.
    ///
    /// # Errors
    /// [`BusError::Unavailable`] when NATS does not answer, [`BusError::Refused`] with its reason when it will not tell.
    pub async fn examine(&self, clock: &dyn Clock) -> Result<Examination, BusError> {
        let info = self.link.client.server_info();
        let mut streams = Vec::new();
        let (offset, mut told_time) = (ClockOffset::default(), false);
        for wanted in topology::streams(&self.config) {
            let asked = ask_with_time(&self.jetstream, &wanted.name, clock, &offset).await;
            let found = match asked {
                Ok(found) => {
                    told_time |= found.server_time.is_some();
                    Some(examined(&wanted, &found))
                }
                Err(InfoError::Missing) => None,
                Err(error) => return Err(error.about(&wanted.name)),
            };
            let hindrance = match &found {
                Some(_) => None,
                None => account::hindrance(&self.jetstream, &wanted).await,
            };
            streams.push(StreamExamined {
                name: wanted.name,
                found,
                hindrance,
            });
        }
        let mut consumers = Vec::new();
        for (stream, wanted) in consumers::wanted() {
            let name = wanted.durable_name.unwrap_or_default();
            let there = streams
                .iter()
                .any(|s| s.name == stream && s.found.is_some());
            let found = if there {
                self.consumer(stream, &name).await?
            } else {
                None
            };
            consumers.push(ConsumerExamined {
                stream,
                is_pulled: name != KEEPING_CONSUMER,
                name,
                found,
            });
        }
        Ok(Examination {
            takers: stream_info::takers(&self.jetstream, DELIVERIES_STREAM).await,
            clock_ahead: told_time.then(|| offset.ahead()),
            version: info.version,
            server: info.server_name,
            streams,
            consumers,
        })
    }

    async fn consumer(&self, stream: &str, name: &str) -> Result<Option<ConsumerFound>, BusError> {
        let unavailable = |error: &dyn std::fmt::Display| BusError::Unavailable(error.to_string());
        let stream = self
            .jetstream
            .get_stream_no_info(stream)
            .await
            .map_err(|error| unavailable(&error))?;
        match stream.consumer_info(name).await {
            Ok(info) => Ok(Some(ConsumerFound {
                pending: info.num_pending,
                unacknowledged: u64::try_from(info.num_ack_pending).unwrap_or(u64::MAX),
                waiting: info.num_waiting,
                paused: info.paused,
                copies: copies(info.cluster.as_ref()),
            })),
            Err(error) => match error.kind() {
                ConsumerInfoErrorKind::NotFound => Ok(None),
                _ => Err(unavailable(&error)),
            },
        }
    }
}

fn examined(wanted: &Config, found: &StreamInfo) -> StreamFound {
    let Info {
        config: is,
        state,
        cluster,
        ..
    } = &found.info;
    StreamFound {
        replicas: is.num_replicas,
        messages: state.messages,
        bytes: state.bytes,
        bytes_max: u64::try_from(is.max_bytes).ok().filter(|max| *max > 0),
        differences: stream_setup::change(wanted, found)
            .map_or_else(Vec::new, |change| change.words),
        limits: limits::of_stream(wanted, is),
        copies: copies(cluster.as_ref()),
    }
}

/// A copy whose server was not heard of for so long is called away. Servers speak every second.
const SILENCE_MAX: Duration = Duration::from_secs(5);

fn copies(cluster: Option<&ClusterInfo>) -> Copies {
    let Some(cluster) = cluster else {
        return Copies {
            led: true,
            majority: true,
            troubled: Vec::new(),
        };
    };
    let peers = &cluster.replicas;
    let troubled: Vec<String> = peers.iter().filter_map(trouble).collect();
    let led = cluster
        .leader
        .as_ref()
        .is_some_and(|leader| !leader.is_empty());
    let all = peers.len() + usize::from(led);
    let well = all - troubled.len();
    Copies {
        led,
        majority: 2 * well > all,
        troubled,
    }
}

/// What is wrong with a copy, in words.
fn trouble(peer: &PeerInfo) -> Option<String> {
    let PeerInfo { name, active, .. } = peer;
    match (peer.offline, peer.current) {
        (true, _) => Some(format!("{name} is offline")),
        (false, true) => None,
        (false, false) if *active > SILENCE_MAX => {
            let seconds = active.as_secs();
            Some(format!("{name} was not heard of for {seconds} s"))
        }
        (false, false) => {
            let lag = peer.lag.unwrap_or(0);
            Some(format!("{name} is {lag} operations behind"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cluster(peers: &str) -> ClusterInfo {
        let text = format!(r#"{{"name": "c", "leader": "n1", "replicas": [{peers}]}}"#);
        serde_json::from_str(&text).unwrap()
    }

    const WELL: &str = r#"{"name": "n2", "current": true, "active": 100000000}"#;
    const BEHIND: &str = r#"{"name": "n3", "current": false, "active": 100000000, "lag": 7}"#;
    const SILENT: &str = r#"{"name": "n4", "current": false, "active": 12000000000}"#;
    const OFFLINE: &str =
        r#"{"name": "n5", "current": false, "active": 12000000000, "offline": true}"#;

    #[test]
    fn an_old_leader_without_its_majority_is_seen_through() {
        for (peers, majority, troubled) in [
            (vec![WELL, WELL], true, vec![]),
            (vec![WELL, BEHIND], true, vec!["n3 is 7 operations behind"]),
            (
                vec![SILENT, OFFLINE],
                false,
                vec!["n4 was not heard of for 12 s", "n5 is offline"],
            ),
        ] {
            let copies = copies(Some(&cluster(&peers.join(","))));
            assert!(copies.led);
            assert_eq!(copies.majority, majority, "{peers:?}");
            assert_eq!(copies.troubled, troubled);
        }
        let alone = copies(None);
        assert!(alone.led && alone.majority && alone.troubled.is_empty());
    }
}
