use axum::{Json, extract::State};
use bytes::Bytes;
use posthorn_domain::{
    DeliveryId, Event, EventId, EventType, EventTypePattern, FailureCode, JsonText,
    OperationalType, TenantId, Webhook, WebhookId, operational_event,
};
use posthorn_egress::Attempted;
use posthorn_store::StoreError;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::{audited::tested, settings::read};
use crate::{
    access::{Manage, May},
    app::App,
    extract::{OptionalDocument, PathId, Shape},
    operations::timings::TimingsView,
    outgoing::milliseconds,
    problem::{Code, Problem},
};

/// The type of a test's event where the webhook names no type exactly.
const TEST_EVENT_TYPE: &str = "webhook.test";
/// The data of a test's event where nobody gives any and the catalogue has no example.
const SAMPLE: &str = r#"{"test":true,"message":"This is a test of your webhook."}"#;

/// What to send.
#[derive(Deserialize, Default, ToSchema)]
#[schema(as = WebhookTest, example = json!({"event_type": "user.created", "data": {"name": "Ada"}}))]
#[serde(deny_unknown_fields)]
pub(crate) struct TestInput {
    /// The type of the event (the first that the webhook names exactly, else `webhook.test`).
    #[schema(example = "user.created")]
    event_type: Option<String>,
    /// The data of the event (a sample); passed on byte for byte.
    #[schema(value_type = Option<Value>)]
    data: Option<Box<RawValue>>,
}

impl Shape for TestInput {
    const REQUIRED: &'static [&'static str] = &[];
}

/// What the receiver made of it.
#[derive(Serialize, ToSchema)]
#[schema(as = WebhookTestResult)]
pub(crate) struct TestResult {
    /// Whether a delivery would have ended here: the answer was 200 to 299.
    success: bool,
    /// The status of the answer, if one came.
    #[schema(example = 200)]
    status_code: Option<u16>,
    /// From the request to the end of its answer, or to its failure.
    #[schema(example = 87)]
    response_time_ms: u32,
    timings: TimingsView,
    /// The first 16 KiB of the answer, if one came.
    #[schema(example = "ok")]
    response_body: Option<String>,
    /// Why no answer came, as a stable code: `timeout`, `connection_refused`, `tls_untrusted` … Null where the
    /// receiver answered.
    #[schema(value_type = Option<String>, example = "connection_refused")]
    failure: Option<FailureCode>,
    /// What was wrong, in words.
    error_message: Option<String>,
}

impl From<Attempted> for TestResult {
    fn from(attempted: Attempted) -> Self {
        let status_code = attempted.outcome.ok().map(|answer| answer.status);
        let failure = attempted.outcome.err().map(Into::into);
        Self {
            success: status_code.is_some_and(|status| (200..300).contains(&status)),
            status_code,
            response_time_ms: milliseconds(attempted.elapsed),
            timings: attempted.phases.into(),
            response_body: status_code
                .map(|_| String::from_utf8_lossy(&attempted.response_body).into_owned()),
            failure,
            error_message: attempted.error_message,
        }
    }
}

/// Test a webhook with one real request.
///
/// It is signed, authenticated and rendered like any other, and sent once, also where the webhook is disabled
/// or its filter would not let the event pass. Nothing is recorded, retried or counted, but the audit log says who sent it.
/// The answer is 200 whatever the receiver did.
#[utoipa::path(
    post, path = "/webhooks/{id}/test", tag = "webhooks", operation_id = "test_webhook",
    params(("id" = WebhookId, Path)),
    request_body = Option<TestInput>,
    responses((status = 200, description = "The request was made, whatever came of it", body = TestResult)),
)]
pub(crate) async fn test(
    State(app): State<App>,
    caller: May<Manage>,
    PathId(id): PathId<WebhookId>,
    OptionalDocument(input): OptionalDocument<TestInput>,
) -> Result<Json<TestResult>, Problem> {
    let event_type = input
        .event_type
        .map(|text| text.parse::<EventType>())
        .transpose()
        .map_err(|error| Problem::field("event_type", error.to_string()))?;
    let data = input.data.map(|data| JsonText::from_raw(&data));
    if let Some(data) = &data {
        check_data(data, app.event_data_bytes_max)?;
    }
    let webhook = read(&app, &caller.tenant, id).await?;
    let event_type = match event_type {
        Some(event_type) => event_type,
        None => default_type(&webhook)?,
    };
    let data = match data {
        Some(data) => data,
        None => sample(&app, &caller.tenant, &event_type).await?,
    };
    let (sender, _share) = app.outgoing.take(&caller.tenant)?;
    tested(&app, &caller, &webhook, &event_type).await?;
    let id = app.rng.with(|rng| EventId::generate(&*app.clock, rng));
    let now = app.clock.now();
    let event = match OperationalType::of(event_type.as_str()) {
        // As a real one would come, about the webhook itself.
        Some(kind) => operational_event(id, caller.tenant, kind, webhook.id, now, data),
        None => Event {
            id,
            tenant: caller.tenant,
            data,
            event_type,
            timestamp: now,
            cloud_event: None,
            trace: None,
        },
    };
    let delivery = DeliveryId::derive(event.id, webhook.id);
    let attempted = sender.attempt(delivery, &event, &webhook, None, None).await;
    Ok(Json(attempted.into()))
}

fn check_data(data: &JsonText, bytes_max: usize) -> Result<(), Problem> {
    if data.as_bytes().len() > bytes_max {
        let detail = format!("must be at most {bytes_max} bytes");
        return Err(Problem::field("data", detail));
    }
    data.check_depth()
        .map_err(|too_deep| Problem::field("data", too_deep.to_string()))
}

fn default_type(webhook: &Webhook) -> Result<EventType, Problem> {
    let exact = webhook
        .settings
        .event_types
        .iter()
        .find_map(|pattern| match pattern {
            EventTypePattern::Exact(event_type) => Some(event_type.clone()),
            EventTypePattern::All | EventTypePattern::Prefix(_) => None,
        });
    match exact {
        Some(event_type) => Ok(event_type),
        None => TEST_EVENT_TYPE.parse().map_err(Problem::internal),
    }
}

/// Data for an event of this type, where nobody gives any: the example of the catalogue if it has one. Of what
/// Posthorn says of itself it is known what it looks like.
async fn sample(app: &App, tenant: &TenantId, event_type: &EventType) -> Result<JsonText, Problem> {
    if let Some(kind) = OperationalType::of(event_type.as_str()) {
        let example = kind.example().to_string();
        return Ok(JsonText::from_trusted(Bytes::from(example)));
    }
    let found = app
        .database
        .call(|store| store.get_event_type(tenant, event_type))
        .await;
    let example = match found {
        Ok(stored) => stored.entry.example,
        Err(StoreError::NotFound) => None,
        Err(error) => return Err(Problem::of_store(error, Code::EventTypeNotFound)),
    };
    Ok(JsonText::from_trusted(example.map_or(
        Bytes::from_static(SAMPLE.as_bytes()),
        Bytes::from,
    )))
}
