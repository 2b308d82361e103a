use std::collections::BTreeMap;

use axum::{Json, extract::State};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use posthorn_bus::ReadablePayload;
use posthorn_domain::{DeliveryId, FailureCode, PlainFormat, TenantId};
use posthorn_store::{AttemptRow, Delivery, Exchange, StoreError};
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
use utoipa::ToSchema;

use super::view::DeliveryView;
use crate::{
    access::{May, Read},
    app::App,
    extract::PathId,
    operations::timings::TimingsView,
    problem::{Code, Problem},
};

/// A delivery, what was sent and what came back.
#[derive(Serialize, ToSchema)]
pub(crate) struct DeliveryDetail {
    #[serde(flatten)]
    delivery: DeliveryView,
    /// The body of the last request as it was sent, whatever the webhook's settings are now: JSON, or a string where it
    /// is no JSON, in base64 where it is no text either. Null before the first attempt, when it is no longer known, and when the event was erased.
    #[schema(value_type = Option<Value>)]
    request_payload: Option<Box<RawValue>>,
    /// Whether `request_payload` is only the beginning of what was sent, as a string: the log keeps the first 64 KiB
    /// of a body that a template or an integration made. `content-length` among the headers tells how long it was.
    request_payload_truncated: bool,
    /// Headers of the last request; credentials and custom headers read `[redacted]`.
    request_headers: Option<BTreeMap<String, String>>,
    /// Headers of the last answer.
    response_headers: Option<BTreeMap<String, String>>,
    /// The first 16 KiB of the last answer.
    response_body: Option<String>,
    attempts: Vec<AttemptView>,
}

/// One HTTP request of a delivery.
#[derive(Serialize, ToSchema)]
#[schema(as = Attempt)]
pub(crate) struct AttemptView {
    /// 1 for the first.
    number: u32,
    started_at: DateTime<Utc>,
    status_code: Option<u16>,
    response_time_ms: Option<u32>,
    timings: TimingsView,
    /// Why no answer came, as a stable code: `timeout`, `connection_refused`, `tls_untrusted` … Null where the
    /// receiver answered.
    #[schema(value_type = Option<String>, example = "connection_refused")]
    failure: Option<FailureCode>,
    error_message: Option<String>,
    /// Whether a person asked for it.
    manual: bool,
}

impl From<AttemptRow> for AttemptView {
    fn from(attempt: AttemptRow) -> Self {
        Self {
            number: attempt.number,
            started_at: attempt.started_at,
            status_code: attempt.status_code,
            response_time_ms: attempt.response_time_ms,
            timings: attempt.phases.into(),
            failure: attempt.failure,
            error_message: attempt.error_message,
            manual: attempt.manual,
        }
    }
}

/// Read a delivery with its attempts.
#[utoipa::path(
    get, path = "/deliveries/{id}", tag = "deliveries", operation_id = "get_delivery",
    params(("id" = DeliveryId, Path)),
    responses((status = 200, body = DeliveryDetail)),
)]
pub(crate) async fn get(
    State(app): State<App>,
    caller: May<Read>,
    PathId(id): PathId<DeliveryId>,
) -> Result<Json<DeliveryDetail>, Problem> {
    let missing = |error| Problem::of_store(error, Code::DeliveryNotFound);
    let details = app
        .database
        .call(|store| store.get_delivery(&caller.tenant, id))
        .await
        .map_err(missing)?;
    let exchange = details.last_exchange;
    let sent = exchange
        .as_ref()
        .and_then(|exchange| exchange.request_body.clone());
    let payload = match sent {
        Some(sent) => Some(sent),
        None => {
            let format = exchange
                .as_ref()
                .and_then(|exchange| exchange.request_format);
            match format {
                Some(format) => made_again(&app, &caller.tenant, &details.delivery, format)
                    .await
                    .map_err(missing)?,
                None => None,
            }
        }
    };
    let (request_headers, response_headers, response_body) = match &exchange {
        None => (None, None, None),
        Some(exchange) => {
            let answered =
                !exchange.response_headers.is_empty() || !exchange.response_body.is_empty();
            (
                Some(headers(&exchange.request_headers)),
                answered.then(|| headers(&exchange.response_headers)),
                answered.then(|| String::from_utf8_lossy(&exchange.response_body).into_owned()),
            )
        }
    };
    let request_payload_truncated = exchange.as_ref().is_some_and(is_truncated);
    Ok(Json(DeliveryDetail {
        delivery: details.delivery.into(),
        request_payload_truncated,
        request_payload: payload.and_then(json_or_text),
        request_headers,
        response_headers,
        response_body,
        attempts: details.attempts.into_iter().map(Into::into).collect(),
    }))
}

/// The body in the shape in which it was sent. The log keeps only bodies that cannot be made again.
async fn made_again(
    app: &App,
    tenant: &TenantId,
    delivery: &Delivery,
    format: PlainFormat,
) -> Result<Option<Bytes>, StoreError> {
    let found = app
        .database
        .call(|store| store.get_event(tenant, delivery.event))
        .await;
    match found {
        Ok(stored) if stored.erased_at.is_some() => Ok(None),
        Ok(stored) => Ok(Some(format.body(&stored.event, delivery.webhook))),
        Err(StoreError::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Whether the log holds less of the body than was sent: then it holds the length.
fn is_truncated(exchange: &Exchange) -> bool {
    let sent = || {
        headers(&exchange.request_headers)
            .remove("content-length")?
            .parse()
            .ok()
    };
    exchange
        .request_body
        .as_ref()
        .is_some_and(|kept| sent().is_some_and(|sent: usize| kept.len() < sent))
}

fn json_or_text(bytes: Bytes) -> Option<Box<RawValue>> {
    match ReadablePayload::from(bytes) {
        ReadablePayload::Json(json) => RawValue::from_string(json.as_str().to_owned()),
        ReadablePayload::Text(text) | ReadablePayload::Base64(text) => to_raw_value(&text),
    }
    .ok()
}

/// `name: value` lines; the values of a repeated name are joined as HTTP joins them.
fn headers(lines: &[u8]) -> BTreeMap<String, String> {
    let mut headers = BTreeMap::<String, String>::new();
    for line in String::from_utf8_lossy(lines).lines() {
        let Some((name, value)) = line.split_once(": ") else {
            continue;
        };
        headers
            .entry(name.to_owned())
            .and_modify(|values| {
                values.push_str(", ");
                values.push_str(value);
            })
            .or_insert_with(|| value.to_owned());
    }
    headers
}
