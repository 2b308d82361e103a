use std::time::Duration;

use clap::Args;
use posthorn_domain::{ErasureId, EventId, EventType, Timestamp};
use serde::Deserialize;

use crate::{
    exit::{Exit, Failure},
    moment,
    remote::{Common, Query, Session},
    show::{Confirm, Progress, notice},
};

/// How often an erasure is looked at.
const LOOK: Duration = Duration::from_millis(500);

/// Erase events by id, or all that pass a filter: their payloads are gone for good, their records stay
#[derive(Args)]
pub(super) struct Arguments {
    /// These events
    #[arg(conflicts_with_all = ["event_type", "since", "until"], required_unless_present_any = ["event_type", "since", "until"])]
    ids: Vec<EventId>,
    /// All events of this type
    #[arg(long = "type", value_name = "TYPE")]
    event_type: Option<EventType>,
    /// Accepted from this moment on, such as 2h ago or 2026-01-26T12:00:00Z
    #[arg(long, value_name = "TIME", value_parser = moment::parse)]
    since: Option<Timestamp>,
    /// Accepted before this moment [default: now]
    #[arg(long, value_name = "TIME", value_parser = moment::parse)]
    until: Option<Timestamp>,
    #[command(flatten)]
    confirm: Confirm,
    /// Do not wait for the end of an erasure by filter
    #[arg(long)]
    detach: bool,
    #[command(flatten)]
    common: Common,
}

#[derive(Deserialize)]
struct Accepted {
    erasure_id: ErasureId,
}

#[derive(Deserialize)]
struct State {
    status: String,
    events: u64,
    erased_from_streams: u64,
}

pub(super) async fn run(arguments: Arguments) -> Result<(), Failure> {
    let session = arguments.common.session()?;
    if !arguments.ids.is_empty() {
        return by_ids(&session, &arguments).await;
    }
    arguments
        .confirm
        .ask("Erase the payloads of all events that pass, for good?")?;
    let query = Query::new("/events")
        .with("type", arguments.event_type)
        .with("since", arguments.since.as_ref().map(moment::rfc3339))
        .with("until", arguments.until.as_ref().map(moment::rfc3339));
    let accepted: Accepted = session.client.delete(query).await?.read()?;
    watch(&session, accepted.erasure_id, arguments.detach).await
}

async fn by_ids(session: &Session, arguments: &Arguments) -> Result<(), Failure> {
    let count = arguments.ids.len();
    arguments
        .confirm
        .ask(&format!("Erase the payloads of {count} events for good?"))?;
    for id in &arguments.ids {
        session.client.delete(format!("/events/{id}")).await?;
        notice(&format!("Erased event {id}"));
    }
    Ok(())
}

/// Shows an erasure, and waits for its end unless that is not wanted. One that failed is no success.
pub(super) async fn watch(session: &Session, id: ErasureId, detach: bool) -> Result<(), Failure> {
    let path = format!("/erasures/{id}");
    let progress = (!detach).then(|| {
        notice(&format!(
            "Erasure {id}; Ctrl-C stops watching, not the erasure"
        ));
        Progress::new(None, "Erasing")
    });
    let (answer, state) = loop {
        let answer = session.client.get(path.as_str()).await?;
        let state: State = answer.read()?;
        let goes_on = matches!(state.status.as_str(), "queued" | "running");
        let Some(progress) = progress.as_ref().filter(|_| goes_on) else {
            break (answer, state);
        };
        progress.at(state.erased_from_streams, Some(state.events));
        tokio::time::sleep(LOOK).await;
    };
    drop(progress);
    session.show(&answer)?;
    match state.status.as_str() {
        "failed" => Err(Failure::silent(Exit::Not)),
        _ => Ok(()),
    }
}
