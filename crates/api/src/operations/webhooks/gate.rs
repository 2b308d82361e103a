use axum::{Json, extract::State};
use chrono::{DateTime, Utc};
use posthorn_domain::{BreakerReason, EventId, WebhookId};
use posthorn_store::{GATE_WAITING_COUNTED_MAX, GateStatus};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    access::{May, Read},
    app::App,
    extract::PathId,
    problem::{Code, Problem},
};

/// What keeps deliveries of a webhook waiting, and events from becoming deliveries.
#[derive(Serialize, ToSchema)]
#[schema(as = WebhookGate)]
pub(crate) struct GateView {
    breaker: BreakerView,
    /// The receiver asked by `Retry-After` to be left alone until then; null if it did not, or if that is over.
    throttled_until: Option<DateTime<Utc>>,
    /// Null without a rate limit.
    rate_limit: Option<RateLimitView>,
    /// Deliveries that wait for an attempt, retries included; counted up to 10,000.
    #[schema(example = 0)]
    waiting: u64,
    /// False if there are more than were counted.
    waiting_exact: bool,
    /// How often the webhook's filter failed on an event within the last 24 hours, counted by the hour. Such an event is
    /// not delivered.
    #[schema(example = 0)]
    filter_failures_24h: u64,
    /// The last of these failures; null if there was none.
    last_filter_failure: Option<FilterFailureView>,
}

/// A filter that failed on an event.
#[derive(Serialize, ToSchema)]
#[schema(as = FilterFailure)]
pub(crate) struct FilterFailureView {
    /// The event.
    event_id: EventId,
    /// When it failed.
    at: DateTime<Utc>,
    /// Why.
    #[schema(example = "line 1: undefined value")]
    reason: String,
}

/// The circuit breaker: while it is open, nothing is sent, and deliveries wait without an attempt being counted.
#[derive(Serialize, ToSchema)]
#[schema(as = Breaker)]
pub(crate) struct BreakerView {
    state: BreakerState,
    /// When it opened; null if it is closed.
    opened_at: Option<DateTime<Utc>>,
    /// From then on single attempts find out how the receiver is; null if it is closed.
    open_until: Option<DateTime<Utc>>,
    /// Why it opened: too many failures in a row, or hardly any success in a minute; null if it is closed.
    #[schema(value_type = Option<String>, example = "consecutive_failures")]
    reason: Option<&'static str>,
    /// How often it has opened since the receiver answered last.
    #[schema(example = 0)]
    consecutive_openings: u32,
}

/// Closed: the receiver answers. Open: it is left alone. Half open: one attempt finds out how it is.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = BreakerState)]
pub(crate) enum BreakerState {
    Closed,
    Open,
    HalfOpen,
}

/// The limit on requests, over all replicas.
#[derive(Serialize, ToSchema)]
#[schema(as = RateLimit)]
pub(crate) struct RateLimitView {
    /// Most requests a second.
    #[schema(example = 50)]
    per_second: u32,
    /// The first moment that is not reserved by a delivery; null if that is now.
    next_slot_at: Option<DateTime<Utc>>,
}

impl GateView {
    fn new(status: GateStatus, per_second: Option<u32>) -> Self {
        let state = match (status.is_open, status.is_half_open) {
            (false, _) => BreakerState::Closed,
            (true, false) => BreakerState::Open,
            (true, true) => BreakerState::HalfOpen,
        };
        Self {
            breaker: BreakerView {
                state,
                opened_at: status.opened_at,
                open_until: status.open_until,
                reason: status.reason.map(BreakerReason::as_str),
                consecutive_openings: status.openings,
            },
            throttled_until: status.silent_until,
            rate_limit: per_second.map(|per_second| RateLimitView {
                per_second,
                next_slot_at: status.next_slot,
            }),
            waiting: status.waiting.min(GATE_WAITING_COUNTED_MAX - 1),
            waiting_exact: status.waiting < GATE_WAITING_COUNTED_MAX,
            filter_failures_24h: status.filter_failures.count,
            last_filter_failure: status.filter_failures.last.map(|last| FilterFailureView {
                event_id: last.event,
                at: last.at,
                reason: last.reason,
            }),
        }
    }
}

/// Read what keeps deliveries of a webhook waiting.
///
/// Its circuit breaker, the silence that its receiver asked for, its rate limit, and how many deliveries wait. And how often
/// its filter failed lately, which keeps events from becoming deliveries, with the last reason.
#[utoipa::path(
    get, path = "/webhooks/{id}/gate", tag = "webhooks", operation_id = "get_webhook_gate",
    params(("id" = WebhookId, Path)),
    responses((status = 200, body = GateView)),
)]
pub(crate) async fn gate(
    State(app): State<App>,
    caller: May<Read>,
    PathId(id): PathId<WebhookId>,
) -> Result<Json<GateView>, Problem> {
    let (webhook, status) = app
        .database
        .call(async |store| {
            let webhook = store.get_webhook(&caller.tenant, id).await?;
            Ok((webhook, store.gate_status(&caller.tenant, id).await?))
        })
        .await
        .map_err(|error| Problem::of_store(error, Code::WebhookNotFound))?;
    let per_second = webhook.settings.rate_limit_per_second.map(Into::into);
    Ok(Json(GateView::new(status, per_second)))
}
