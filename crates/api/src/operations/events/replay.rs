use axum::{Json, extract::State, http::StatusCode};
use posthorn_domain::{EventId, ReplayId, WebhookId, limits::IDS_PER_REQUEST_MAX};
use posthorn_store::{NewReplay, ReplayScope};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    access::{Manage, May},
    app::App,
    extract::{OptionalDocument, PathId, Shape},
    operations::replays::ReplayAccepted,
    problem::{Code, Problem, ProblemDocument},
};

/// To whom an event is delivered again.
#[derive(Deserialize, Default, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"webhook_ids": ["01949e5c-0000-7000-8000-000000000001"]}))]
pub(crate) struct EventReplay {
    /// To exactly these, whatever they subscribe to (at most 1,000); to all that want it now if absent.
    #[schema(min_items = 1, max_items = 1000)]
    webhook_ids: Option<Vec<WebhookId>>,
}

impl Shape for EventReplay {
    const REQUIRED: &'static [&'static str] = &[];
}

/// Deliver an event again.
///
/// To every enabled webhook that wants it now, those included that were created after it, or to the webhooks that
/// are named. Each delivery begins a new run with its full retry policy. Deliveries whose attempt is due anyway, and
/// webhooks that are disabled, are skipped.
#[utoipa::path(
    post, path = "/events/{id}/replay", tag = "events", operation_id = "replay_event",
    params(("id" = EventId, Path)),
    request_body = Option<EventReplay>,
    responses(
        (status = 202, description = "Accepted: a deliverer begins with it within a second", body = ReplayAccepted),
        (status = 404, description = "`event_not_found`, `webhook_not_found`", body = ProblemDocument<'static>, content_type = "application/problem+json"),
        (status = 409, description = "`event_erased`: its payload is gone", body = ProblemDocument<'static>, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn replay(
    State(app): State<App>,
    caller: May<Manage>,
    PathId(event): PathId<EventId>,
    OptionalDocument(asked): OptionalDocument<EventReplay>,
) -> Result<(StatusCode, Json<ReplayAccepted>), Problem> {
    if let Some(ids) = &asked.webhook_ids
        && !(1..=IDS_PER_REQUEST_MAX).contains(&ids.len())
    {
        let detail = format!("must name 1 to {IDS_PER_REQUEST_MAX} webhooks");
        return Err(Problem::field("webhook_ids", detail));
    }
    let stored = app
        .database
        .call(|store| store.get_event(&caller.tenant, event))
        .await
        .map_err(|error| Problem::of_store(error, Code::EventNotFound))?;
    if stored.erased_at.is_some() {
        return Err(Problem::new(
            Code::EventErased,
            "the event was erased: there is nothing to deliver",
        ));
    }
    let missing = |error| Problem::of_store(error, Code::WebhookNotFound);
    if let Some(ids) = &asked.webhook_ids {
        let unknown = app
            .database
            .call(|store| store.missing_webhooks(&caller.tenant, ids))
            .await
            .map_err(missing)?;
        if !unknown.is_empty() {
            return Err(Problem::not_found(Code::WebhookNotFound));
        }
    }
    let replay = NewReplay {
        id: ReplayId::generate(&*app.clock, &mut app.rng.fork()),
        tenant: caller.tenant.clone(),
        scope: ReplayScope::Event {
            event,
            webhooks: asked.webhook_ids,
        },
        actor: caller.actor.to_string(),
    };
    app.database
        .call(|store| store.create_replay(&replay))
        .await
        .map_err(missing)?;
    let accepted = ReplayAccepted {
        replay_id: replay.id,
    };
    Ok((StatusCode::ACCEPTED, Json(accepted)))
}
