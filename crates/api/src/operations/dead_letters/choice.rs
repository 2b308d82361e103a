//! Choosing dead letters, in the body of a request or in its query.

use posthorn_domain::{DeadLetterId, EventId, EventType, WebhookId, limits::IDS_PER_REQUEST_MAX};
use posthorn_store::DeadLetterFilter;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::view::KindView;
use crate::{
    extract::{Moment, Shape, time},
    problem::Problem,
};

/// Which dead letters are meant: those that fit everything that is said. Something must be said; `all` says that
/// every one is meant.
#[derive(Deserialize, Default, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DeadLetterChoice, example = json!({"webhook_id": "01949e5c-0000-7000-8000-000000000001"}))]
pub(crate) struct Choice {
    /// These, at most 1,000.
    #[schema(min_items = 1, max_items = 1000)]
    ids: Option<Vec<DeadLetterId>>,
    /// Of this kind.
    kind: Option<KindView>,
    /// For this webhook.
    webhook_id: Option<WebhookId>,
    /// Of this event.
    event_id: Option<EventId>,
    /// Of events of this type.
    #[schema(value_type = Option<String>)]
    event_type: Option<EventType>,
    /// Given up from this moment on.
    #[schema(value_type = Option<DateTime<Utc>>)]
    since: Option<Moment>,
    /// Given up before this moment.
    #[schema(value_type = Option<DateTime<Utc>>)]
    until: Option<Moment>,
    /// Every one.
    all: Option<bool>,
}

impl Shape for Choice {
    const REQUIRED: &'static [&'static str] = &[];
}

/// The same in the query.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ChoiceParams {
    /// These, at most 1,000, with commas between them.
    ids: Option<String>,
    /// Of this kind.
    #[param(inline)]
    kind: Option<KindView>,
    /// For this webhook.
    #[param(value_type = Option<String>)]
    webhook_id: Option<WebhookId>,
    /// Of this event.
    #[param(value_type = Option<String>)]
    event_id: Option<EventId>,
    /// Of events of this type.
    #[param(value_type = Option<String>)]
    event_type: Option<EventType>,
    /// Given up from this moment on.
    #[param(value_type = Option<DateTime<Utc>>)]
    since: Option<Moment>,
    /// Given up before this moment.
    #[param(value_type = Option<DateTime<Utc>>)]
    until: Option<Moment>,
    /// Every one.
    all: Option<bool>,
}

impl ChoiceParams {
    fn read(self) -> Result<Choice, Problem> {
        let id = |text: &str| {
            text.trim()
                .parse()
                .map_err(|_| Problem::field("ids", format!("`{text}` is not an id")))
        };
        let ids = self
            .ids
            .map(|ids| ids.split(',').map(id).collect::<Result<_, _>>())
            .transpose()?;
        Ok(Choice {
            ids,
            kind: self.kind,
            webhook_id: self.webhook_id,
            event_id: self.event_id,
            event_type: self.event_type,
            since: self.since,
            until: self.until,
            all: self.all,
        })
    }
}

impl Choice {
    fn filter(self) -> (DeadLetterFilter, bool) {
        let filter = DeadLetterFilter {
            ids: self.ids,
            kind: self.kind.map(Into::into),
            webhook: self.webhook_id,
            event: self.event_id,
            event_type: self.event_type,
            since: time(self.since),
            until: time(self.until),
        };
        (filter, self.all == Some(true))
    }
}

/// What is chosen, wherever it is said.
pub(crate) fn choose(body: Choice, query: ChoiceParams) -> Result<DeadLetterFilter, Problem> {
    let nothing = DeadLetterFilter::default();
    let (body, all_by_body) = body.filter();
    let (query, all_by_query) = query.read()?.filter();
    let in_body = body != nothing || all_by_body;
    let in_query = query != nothing || all_by_query;
    let filter = match (in_body, in_query) {
        (true, true) => {
            return Err(Problem::field(
                "",
                "say which dead letters are meant in the body or in the query, not in both",
            ));
        }
        (true, false) => body,
        (false, true) => query,
        (false, false) => {
            return Err(Problem::field(
                "",
                "say which dead letters are meant: `ids`, a filter, or `all`",
            ));
        }
    };
    let count = filter.ids.as_ref().map_or(1, Vec::len);
    if !(1..=IDS_PER_REQUEST_MAX).contains(&count) {
        let detail = format!("must name 1 to {IDS_PER_REQUEST_MAX} dead letters");
        return Err(Problem::field("ids", detail));
    }
    Ok(filter)
}
