use std::sync::Arc;

use axum::{Json, extract::State, http::StatusCode};
use posthorn_bus::{Cause, HandOver};
use posthorn_domain::DeliveryId;
use posthorn_store::{NewRun, RunRefused, StoreError};

use super::view::DeliveryView;
use crate::{
    access::{Manage, May},
    app::App,
    extract::PathId,
    problem::{Code, Problem, ProblemDocument},
};

/// Retry a delivery by hand.
///
/// The delivery is attempted at once and gets its full retry policy again; its attempts go on counting. A retry that
/// waits for its time is replaced, so there are never two. A delivery that was retried by hand and not attempted
/// since is left as it is: asking twice is asking once. What succeeded may be delivered again too.
#[utoipa::path(
    post, path = "/deliveries/{id}/retry", tag = "deliveries", operation_id = "retry_delivery",
    params(("id" = DeliveryId, Path)),
    responses(
        (status = 202, description = "The delivery as it stands now: `retrying`", body = DeliveryView),
        (status = 404, description = "`delivery_not_found`", body = ProblemDocument<'static>, content_type = "application/problem+json"),
        (status = 409, description = "`delivery_pending`: its first attempt has not ended yet, or its event is still being recorded. `webhook_disabled`: its webhook takes nothing now. `event_expired`: its payload is no longer kept. `event_erased`: somebody had its payload erased", body = ProblemDocument<'static>, content_type = "application/problem+json"),
        (status = 503, description = "`queue_unavailable`, `database_unavailable`: nothing was changed", body = ProblemDocument<'static>, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn retry(
    State(app): State<App>,
    caller: May<Manage>,
    PathId(id): PathId<DeliveryId>,
) -> Result<(StatusCode, Json<DeliveryView>), Problem> {
    let publish = |run| hand_over(&app, run);
    let delivery = app
        .database
        .call(|store| store.run_again(&caller.tenant, id, &caller.actor, publish))
        .await
        .map_err(|refusal| refusal.0)?;
    Ok((StatusCode::ACCEPTED, Json(delivery.into())))
}

/// Publishes the run's first message. It takes the place of a retry that waits.
async fn hand_over(app: &App, run: NewRun) -> Result<(), Refusal> {
    let hand_over = HandOver {
        event: Arc::new(run.event.event),
        webhook: run.webhook,
        attempt: run.run_start.saturating_add(1),
        hop: 0,
        run_start: Some(run.run_start),
        rate_slot: None,
        not_before: None,
        due: Some(run.due),
        cause: Cause::Request,
        trace: None,
    };
    let bus = app
        .queue
        .connected()
        .ok_or_else(|| Problem::queue_unavailable("not connected"))
        .map_err(Refusal)?;
    match bus.hand_over_at_once(&hand_over).await {
        Ok(_) => Ok(()),
        Err(failure) => {
            app.queue.failed(&failure);
            Err(Refusal(Problem::queue_unavailable(failure)))
        }
    }
}

/// Why the delivery is not retried, ready to be answered.
struct Refusal(Problem);

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Self(Problem::of_store(error, Code::DeliveryNotFound))
    }
}

impl From<RunRefused> for Refusal {
    fn from(refused: RunRefused) -> Self {
        let code = match refused {
            RunRefused::Pending | RunRefused::BeingRecorded => Code::DeliveryPending,
            RunRefused::WebhookDisabled => Code::WebhookDisabled,
            RunRefused::EventExpired => Code::EventExpired,
            RunRefused::EventErased => Code::EventErased,
        };
        Self(Problem::new(code, refused.to_string()))
    }
}
