//! How NATS is, for whoever looks after it: what is missing, what differs from what the services would make, and which
//! copies lag.

use std::time::Duration;

use async_nats::jetstream::{
    ErrorCode,
    context::{ConsumerInfoErrorKind, GetStreamErrorKind},
    stream::{ClusterInfo, Config, Info, PeerInfo},
};

use crate::{bus::Bus, consumers, error::BusError, topology};

/// What a look at the server found.
#[derive(Debug, Clone)]
pub struct Examination {
    /// The server's version.
    pub version: String,
    /// The name of the server that answered.
    pub server: String,
    /// Every stream that there should be.
    pub streams: Vec<StreamExamined>,
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
    /// Whether somebody has paused it: then it gives nothing out.
    pub paused: bool,
    /// Pulls that wait for messages: some, while a deliverer runs and has nothing to do.
    pub waiting: usize,
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
    /// [`BusError::Unavailable`] when NATS does not answer.
    pub async fn examine(&self) -> Result<Examination, BusError> {
        let info = self.link.client.server_info();
        let mut streams = Vec::new();
        for wanted in topology::streams(&self.config) {
            let found = match self.jetstream.get_stream(&wanted.name).await {
                Ok(stream) => Some(examined(&wanted, stream.cached_info())),
                Err(error) => match error.kind() {
                    GetStreamErrorKind::JetStream(refusal)
                        if refusal.error_code() == ErrorCode::STREAM_NOT_FOUND =>
                    {
                        None
                    }
                    _ => return Err(BusError::Unavailable(error.to_string())),
                },
            };
            let name = wanted.name;
            streams.push(StreamExamined { name, found });
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
                name,
                found,
            });
        }
        Ok(Examination {
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
                paused: info.paused,
                waiting: info.num_waiting,
                copies: copies(info.cluster.as_ref()),
            })),
            Err(error) => match error.kind() {
                ConsumerInfoErrorKind::NotFound => Ok(None),
                _ => Err(unavailable(&error)),
            },
        }
    }
}

fn examined(wanted: &Config, info: &Info) -> StreamFound {
    let Info {
        config: is,
        state,
        cluster,
        ..
    } = info;
    StreamFound {
        replicas: is.num_replicas,
        messages: state.messages,
        bytes: state.bytes,
        bytes_max: u64::try_from(is.max_bytes).ok().filter(|max| *max > 0),
        differences: differences(wanted, is),
        copies: copies(cluster.as_ref()),
    }
}

/// What counts of a stream's configuration, and is not as it should be.
fn differences(wanted: &Config, is: &Config) -> Vec<String> {
    let mut told = Vec::new();
    let mut compare = |what: &str, wanted: String, is: String| {
        if wanted != is {
            told.push(format!("{what} is {is}, not {wanted}"));
        }
    };
    let seconds = |duration: std::time::Duration| format!("{} s", duration.as_secs());
    compare("subjects", wanted.subjects.join(" "), is.subjects.join(" "));
    compare(
        "retention",
        format!("{:?}", wanted.retention),
        format!("{:?}", is.retention),
    );
    compare(
        "storage",
        format!("{:?}", wanted.storage),
        format!("{:?}", is.storage),
    );
    compare(
        "replicas",
        wanted.num_replicas.to_string(),
        is.num_replicas.to_string(),
    );
    compare("max_age", seconds(wanted.max_age), seconds(is.max_age));
    compare(
        "duplicate_window",
        seconds(wanted.duplicate_window),
        seconds(is.duplicate_window),
    );
    compare(
        "message schedules",
        wanted.allow_message_schedules.to_string(),
        is.allow_message_schedules.to_string(),
    );
    told
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
