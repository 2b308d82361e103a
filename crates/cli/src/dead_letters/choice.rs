use clap::Args;
use posthorn_domain::{DeadLetterId, EventId, EventType, Timestamp, WebhookId};

use crate::{
    exit::{Exit, Failure},
    moment,
    remote::Query,
};

/// Which dead letters are wanted.
#[derive(Args, Debug)]
pub(super) struct LetterFilter {
    /// delivery (attempts used up) or malformed (an event that nobody can read)
    #[arg(long, value_parser = ["delivery", "malformed"])]
    kind: Option<String>,
    /// For this webhook
    #[arg(long, value_name = "ID")]
    webhook: Option<WebhookId>,
    /// Of this event
    #[arg(long, value_name = "ID")]
    event: Option<EventId>,
    /// Of events of this type
    #[arg(long, value_name = "TYPE")]
    event_type: Option<EventType>,
    /// Given up from this moment on, such as 2h ago or 2026-01-26T12:00:00Z
    #[arg(long, value_name = "TIME", value_parser = moment::parse)]
    since: Option<Timestamp>,
    /// Given up before this moment
    #[arg(long, value_name = "TIME", value_parser = moment::parse)]
    until: Option<Timestamp>,
}

impl LetterFilter {
    pub(super) fn over(&self, query: Query) -> Query {
        query
            .with("kind", self.kind.as_ref())
            .with("webhook_id", self.webhook)
            .with("event_id", self.event)
            .with("event_type", self.event_type.as_ref())
            .with("since", self.since.as_ref().map(moment::rfc3339))
            .with("until", self.until.as_ref().map(moment::rfc3339))
    }

    fn is_empty(&self) -> bool {
        self.over(Query::new("")).text().is_empty()
    }
}

/// Which dead letters are meant; something must be said.
#[derive(Args, Debug)]
pub(super) struct Choice {
    /// These
    ids: Vec<DeadLetterId>,
    #[command(flatten)]
    filter: LetterFilter,
    /// Every one
    #[arg(long, conflicts_with = "ids")]
    all: bool,
}

impl Choice {
    pub(super) fn over(&self, query: Query) -> Result<Query, Failure> {
        if self.ids.is_empty() && self.filter.is_empty() && !self.all {
            let words = "say which dead letters: their ids, a filter, or --all";
            return Err(Failure::new(Exit::Usage, words));
        }
        let ids: Vec<String> = self.ids.iter().map(ToString::to_string).collect();
        let ids = Some(ids.join(",")).filter(|ids| !ids.is_empty());
        let query = self.filter.over(query).with("ids", ids);
        Ok(query.with("all", self.all.then_some(true)))
    }

    /// For the question before they go.
    pub(super) fn words(&self) -> String {
        match (self.ids.len(), self.filter.is_empty()) {
            (0, true) => "every dead letter".to_owned(),
            (0, false) => "every dead letter that fits".to_owned(),
            (1, _) => "1 dead letter".to_owned(),
            (count, _) => format!("{count} dead letters"),
        }
    }
}
