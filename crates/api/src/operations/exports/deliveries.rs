use axum::{extract::State, response::Response};
use posthorn_domain::{DeliveryStatus, EventId, EventType, WebhookId};
use posthorn_store::DeliveryFilter;
use serde::Deserialize;
use utoipa::IntoParams;

use super::{encode::Format, pages::export};
use crate::{
    access::{May, Read},
    app::App,
    extract::{Moment, Params, time},
    problem::Problem,
};

/// Which deliveries are wanted, and how they are written.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ExportParams {
    /// `csv` (the default) or `ndjson`: a JSON object in each line.
    #[param(inline)]
    #[serde(default)]
    pub(super) format: Format,
    /// In this state.
    #[param(inline)]
    status: Option<DeliveryStatus>,
    /// To this webhook.
    #[param(value_type = Option<String>)]
    pub(super) webhook_id: Option<WebhookId>,
    /// Of events of this type, whoever publishes it.
    #[param(value_type = Option<String>, example = "user.created")]
    event_type: Option<EventType>,
    /// With `true`, also those of events that Posthorn publishes itself: `webhook.failing`, `webhook.recovered`,
    /// `webhook.disabled` and `delivery.exhausted` (false).
    operational: Option<bool>,
    /// Of this event.
    #[param(value_type = Option<String>)]
    event_id: Option<EventId>,
    /// Of events accepted from this moment on.
    #[param(value_type = Option<DateTime<Utc>>)]
    since: Option<Moment>,
    /// Of events accepted before this moment.
    #[param(value_type = Option<DateTime<Utc>>)]
    until: Option<Moment>,
}

impl ExportParams {
    pub(super) fn filter(self) -> DeliveryFilter {
        DeliveryFilter {
            webhook: self.webhook_id,
            status: self.status,
            event_type: self.event_type,
            event: self.event_id,
            since: time(self.since),
            until: time(self.until),
            operational: self.operational.unwrap_or(false),
        }
    }
}

/// Export deliveries.
///
/// Streams every delivery that passes the filter, newest first, as an attachment. The columns of the CSV (RFC 4180,
/// UTF-8, with a header) are the members of a delivery; an absent value is empty. A text that a spreadsheet would
/// take for a formula has an apostrophe before it. If something fails in the middle the connection is cut: a response
/// that ends well is complete. As in the list, those of operational events are left out unless they are asked for.
#[utoipa::path(
    get, path = "/deliveries/export", tag = "deliveries", operation_id = "export_deliveries",
    params(ExportParams),
    responses((status = 200, description = "The deliveries", content(
        (String = "text/csv", example = "id,tenant,webhook_id,event_id,event_type,status,status_code,response_time_ms,error_message,attempt_count,next_retry_at,created_at,delivered_at,failure\r\n01949e5c-0000-8000-8000-000000000001,default,01949e5b-0000-7000-8000-000000000001,01949e5c-0000-7000-8000-000000000001,user.created,success,200,48,,1,,2025-01-25T12:00:01Z,2025-01-25T12:00:01Z,\r\n"),
        (String = "application/x-ndjson"),
    ))),
)]
pub(crate) async fn of_deliveries(
    State(app): State<App>,
    caller: May<Read>,
    Params(params): Params<ExportParams>,
) -> Result<Response, Problem> {
    let format = params.format;
    export(app, caller, params.filter(), format).await
}
