use axum::{Json, extract::State};
use posthorn_domain::{DeliveryId, DeliveryStatus, EventId, EventType, TenantId, WebhookId};
use posthorn_store::{DeliveryFilter, Page};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::view::DeliveryView;
use crate::{
    access::{May, Read},
    app::App,
    extract::{Moment, Params, time},
    page::{PageView, page},
    problem::{Code, Problem},
};

/// Which deliveries are wanted.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct DeliveryParams {
    /// In this state.
    #[param(value_type = Option<String>)]
    status: Option<DeliveryStatus>,
    /// To this webhook.
    #[param(value_type = Option<String>)]
    webhook_id: Option<WebhookId>,
    /// Of events of this type, whoever publishes it.
    #[param(value_type = Option<String>)]
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
    /// Most to return, 1 to 500 (50).
    limit: Option<i64>,
    /// How many to skip (0), at most 10,000; `cursor` reaches what lies deeper.
    offset: Option<i64>,
    /// `next_cursor` of the page before; stays fast however deep the page.
    #[param(value_type = Option<String>)]
    cursor: Option<DeliveryId>,
}

impl DeliveryParams {
    fn read(self) -> Result<(DeliveryFilter, Page<DeliveryId>), Problem> {
        let filter = DeliveryFilter {
            webhook: self.webhook_id,
            status: self.status,
            event_type: self.event_type,
            event: self.event_id,
            since: time(self.since),
            until: time(self.until),
            operational: self.operational.unwrap_or(false),
        };
        Ok((filter, page(self.limit, self.offset, self.cursor)?))
    }

    pub(crate) fn of_webhook(
        self,
        id: WebhookId,
    ) -> Result<(DeliveryFilter, Page<DeliveryId>), Problem> {
        let (filter, page) = self.read()?;
        let webhook = Some(only_webhook(filter.webhook, id)?);
        Ok((DeliveryFilter { webhook, ..filter }, page))
    }

    pub(crate) fn of_event(
        self,
        id: EventId,
    ) -> Result<(DeliveryFilter, Page<DeliveryId>), Problem> {
        let (filter, page) = self.read()?;
        if filter.event.is_some_and(|event| event != id) {
            return Err(Problem::field(
                "event_id",
                "differs from the event in the path",
            ));
        }
        let event = Some(id);
        Ok((DeliveryFilter { event, ..filter }, page))
    }
}

/// The webhook in the path, unless the query names another.
pub(crate) fn only_webhook(asked: Option<WebhookId>, id: WebhookId) -> Result<WebhookId, Problem> {
    if asked.is_some_and(|asked| asked != id) {
        let detail = "differs from the webhook in the path";
        return Err(Problem::field("webhook_id", detail));
    }
    Ok(id)
}

/// A page of deliveries, newest first.
#[derive(Serialize, ToSchema)]
pub(crate) struct DeliveryList {
    deliveries: Vec<DeliveryView>,
    #[serde(flatten)]
    page: PageView,
}

/// List deliveries.
///
/// Those of events that Posthorn publishes itself (operational events) are left out, unless `operational`, `event_type`
/// or `event_id` asks for them.
#[utoipa::path(
    get, path = "/deliveries", tag = "deliveries", operation_id = "list_deliveries",
    params(DeliveryParams),
    responses((status = 200, body = DeliveryList)),
)]
pub(crate) async fn list(
    State(app): State<App>,
    caller: May<Read>,
    Params(params): Params<DeliveryParams>,
) -> Result<Json<DeliveryList>, Problem> {
    find(&app, &caller.tenant, params.read()?).await.map(Json)
}

/// Finds a page of the tenant's deliveries.
pub(crate) async fn find(
    app: &App,
    tenant: &TenantId,
    (filter, page): (DeliveryFilter, Page<DeliveryId>),
) -> Result<DeliveryList, Problem> {
    let found = app
        .database
        .call(|store| store.list_deliveries(tenant, &filter, page))
        .await
        .map_err(|error| Problem::of_store(error, Code::DeliveryNotFound))?;
    let (deliveries, page) = PageView::split(&page, found);
    Ok(DeliveryList { deliveries, page })
}
