use axum::{Json, extract::State, http::StatusCode};
use chrono::{DateTime, Utc};
use posthorn_domain::{
    EventTypePattern, FieldError, ReplayId, WebhookId, limits::EVENT_TYPE_PATTERNS_MAX,
};
use posthorn_store::{NewReplay, ReplayOnly, ReplayRange, ReplayScope};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    access::{Manage, May},
    app::App,
    extract::{Document, Moment, PathId, Shape, time},
    operations::replays::ReplayAccepted,
    problem::{Code, Problem, ProblemDocument},
};

/// Which events a webhook gets again.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"since": "2025-01-26T00:00:00Z", "event_types": ["user.*"], "only": "undelivered"}))]
pub(crate) struct WebhookReplay {
    /// Accepted from this moment on.
    #[schema(value_type = DateTime<Utc>)]
    since: Moment,
    /// Accepted before this moment; now if absent.
    #[schema(value_type = Option<DateTime<Utc>>)]
    until: Option<Moment>,
    /// Of a type that one of these patterns matches; of every type that the webhook wants if absent. `*` does not
    /// include operational events.
    #[schema(value_type = Option<Vec<String>>, min_items = 1, max_items = 100)]
    event_types: Option<Vec<EventTypePattern>>,
    only: Option<OnlyView>,
}

/// How a delivery must stand to be made again: however it does (`all`, the default), not a success or not there
/// (`undelivered`), failed for good (`failed`).
#[derive(Deserialize, ToSchema)]
#[schema(as = ReplayOnly)]
#[serde(rename_all = "snake_case")]
pub(crate) enum OnlyView {
    All,
    Undelivered,
    Failed,
}

impl Shape for WebhookReplay {
    const REQUIRED: &'static [&'static str] = &["since"];
}

/// Deliver events to a webhook again.
///
/// Those of the time range that its patterns and its filter want now, oldest first, whether it existed then or not.
/// Each delivery begins a new run with its full retry policy; those whose attempt is due anyway are skipped. At most
/// 500 a second are handed over, and no more than 1,000 wait for their attempt.
#[utoipa::path(
    post, path = "/webhooks/{id}/replay", tag = "webhooks", operation_id = "replay_webhook",
    params(("id" = WebhookId, Path)),
    request_body = WebhookReplay,
    responses(
        (status = 202, description = "Accepted: a deliverer begins with it within a second", body = ReplayAccepted),
        (status = 404, description = "`webhook_not_found`", body = ProblemDocument<'static>, content_type = "application/problem+json"),
        (status = 409, description = "`webhook_disabled`: it takes nothing now", body = ProblemDocument<'static>, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn replay(
    State(app): State<App>,
    caller: May<Manage>,
    PathId(id): PathId<WebhookId>,
    Document(asked): Document<WebhookReplay>,
) -> Result<(StatusCode, Json<ReplayAccepted>), Problem> {
    let range = range(asked, app.clock.now())?;
    let missing = |error| Problem::of_store(error, Code::WebhookNotFound);
    let webhook = app
        .database
        .call(|store| store.get_webhook(&caller.tenant, id))
        .await
        .map_err(missing)?;
    if !webhook.enabled {
        return Err(Problem::new(
            Code::WebhookDisabled,
            "the webhook is disabled: enable it first",
        ));
    }
    let replay = NewReplay {
        id: ReplayId::generate(&*app.clock, &mut app.rng.fork()),
        tenant: caller.tenant.clone(),
        scope: ReplayScope::Webhook { webhook: id, range },
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

fn range(asked: WebhookReplay, now: DateTime<Utc>) -> Result<ReplayRange, Problem> {
    let (since, until): (DateTime<Utc>, _) = (asked.since.into(), time(asked.until));
    let mut errors = Vec::new();
    if until.is_some_and(|until| until < since) {
        errors.push(FieldError::new("until", "must not lie before `since`"));
    }
    let patterns = asked.event_types.as_ref().map_or(1, Vec::len);
    if !(1..=EVENT_TYPE_PATTERNS_MAX).contains(&patterns) {
        let detail = format!("must hold 1 to {EVENT_TYPE_PATTERNS_MAX} patterns");
        errors.push(FieldError::new("event_types", detail));
    }
    if !errors.is_empty() {
        return Err(Problem::validation(errors));
    }
    Ok(ReplayRange {
        since,
        // What is accepted from now on is delivered anyway.
        until: until.unwrap_or(now).min(now),
        event_types: asked.event_types,
        only: match asked.only {
            None | Some(OnlyView::All) => ReplayOnly::All,
            Some(OnlyView::Undelivered) => ReplayOnly::Undelivered,
            Some(OnlyView::Failed) => ReplayOnly::Failed,
        },
    })
}
