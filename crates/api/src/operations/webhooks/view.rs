use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use posthorn_domain::{
    AuthInput, DeliveryStatus, DisabledReason, IntegrationType, PayloadFormat, SignatureFormat,
    SignatureHeader, TenantId, TlsInput, Webhook, WebhookId,
    limits::{RETRIES_DEFAULT, RETRY_DELAY_SECONDS_DEFAULT},
};
use posthorn_store::{ListedWebhook, SealedWebhook, StoreError, WebhookTotals};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    access::Holder,
    app::App,
    extract::Tag,
    problem::{Code, Problem},
};

/// What stands where a credential would.
pub(super) const REDACTED: &str = "[redacted]";

/// A webhook as it is answered: everything but its secrets.
#[derive(Serialize, ToSchema)]
#[schema(as = Webhook)]
pub(crate) struct WebhookView {
    #[serde(skip)]
    version: i64,
    id: WebhookId,
    #[schema(value_type = String)]
    tenant: TenantId,
    name: String,
    description: Option<String>,
    url: String,
    event_types: Vec<String>,
    filter: Option<String>,
    integration_type: IntegrationType,
    #[schema(value_type = Object)]
    integration: serde_json::Map<String, serde_json::Value>,
    enabled: bool,
    /// Its type, user and header name; never a secret.
    auth: AuthInput,
    /// The certificates of mutual TLS, where there are any; never the key.
    #[serde(skip_serializing_if = "Option::is_none")]
    tls: Option<TlsInput>,
    /// Their values read `[redacted]` for those who may not change the webhook.
    custom_headers: BTreeMap<String, String>,
    payload_format: PayloadFormat,
    payload_template: Option<String>,
    signature_header: SignatureHeaderView,
    max_retries: i64,
    retry_delay_seconds: i64,
    retry_schedule_seconds: Option<Vec<i64>>,
    retry_client_errors: bool,
    timeout_seconds: u64,
    rate_limit_per_second: Option<i64>,
    max_in_flight: Option<i64>,
    history_limit: Option<i64>,
    /// Always true: every webhook has a signing secret.
    has_secret: bool,
    /// Why Posthorn disabled it, if it did.
    disabled_reason: Option<DisabledReason>,
    created_by: String,
    updated_by: String,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    total_deliveries: u64,
    successful_deliveries: u64,
    last_delivery_at: Option<DateTime<Utc>>,
    last_delivery_status: Option<DeliveryStatus>,
    /// How often its filter failed on an event within the last 24 hours, counted by the hour. Such an event is not
    /// delivered. `GET /webhooks/{id}/gate` has the reason.
    #[schema(example = 0)]
    filter_failures_24h: u64,
}

/// A webhook of a list.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
#[schema(as = ListedWebhook)]
pub(crate) enum WebhookItem {
    Readable(Box<WebhookView>),
    Unreadable(Box<UnreadableView>),
}

impl WebhookItem {
    /// As somebody may see it who reads webhooks.
    pub(super) fn for_reader(self, reader: &Holder) -> Self {
        match self {
            Self::Readable(view) => Self::Readable(Box::new(view.for_reader(reader))),
            unreadable @ Self::Unreadable(_) => unreadable,
        }
    }
}

/// A webhook that this process cannot read: what can be shown of it.
#[derive(Serialize, ToSchema)]
#[schema(as = UnreadableWebhook)]
pub(crate) struct UnreadableView {
    id: WebhookId,
    #[schema(value_type = String)]
    tenant: TenantId,
    name: String,
    url: String,
    event_types: Vec<String>,
    enabled: bool,
    /// Why Posthorn disabled it, if it did.
    disabled_reason: Option<DisabledReason>,
    created_by: String,
    updated_by: String,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    total_deliveries: u64,
    successful_deliveries: u64,
    last_delivery_at: Option<DateTime<Utc>>,
    last_delivery_status: Option<DeliveryStatus>,
    /// How often its filter failed on an event within the last 24 hours.
    #[schema(example = 0)]
    filter_failures_24h: u64,
    /// Always true.
    unreadable: bool,
}

impl UnreadableView {
    fn new(webhook: SealedWebhook, totals: WebhookTotals) -> Self {
        Self {
            id: webhook.id,
            tenant: webhook.tenant,
            name: webhook.name,
            url: webhook.url,
            event_types: webhook.event_types,
            enabled: webhook.enabled,
            disabled_reason: webhook.disabled_reason,
            created_by: webhook.created_by,
            updated_by: webhook.updated_by,
            created_at: webhook.created_at,
            updated_at: webhook.updated_at,
            total_deliveries: totals.total_deliveries,
            successful_deliveries: totals.successful_deliveries,
            last_delivery_at: totals.last_delivery_at,
            last_delivery_status: totals.last_delivery_status,
            filter_failures_24h: totals.filter_failures_24h,
            unreadable: true,
        }
    }
}

/// The header that carries the HMAC of the body.
#[derive(Serialize, ToSchema)]
#[schema(as = SignatureHeader)]
pub(crate) struct SignatureHeaderView {
    name: String,
    format: SignatureFormat,
}

/// A webhook that was just created, with its signing secret.
#[derive(Serialize, ToSchema)]
pub(crate) struct CreatedWebhook {
    #[serde(flatten)]
    pub(super) webhook: WebhookView,
    /// `whsec_` and base64 of the key.
    pub(super) signing_secret: String,
}

impl WebhookView {
    pub(super) fn new(webhook: Webhook, totals: WebhookTotals) -> Self {
        let Webhook {
            settings, input, ..
        } = webhook;
        let input = Arc::unwrap_or_clone(input);
        let given = input.signature_header.as_ref();
        let name_as_given = given.and_then(|header| header.name.clone());
        Self {
            version: webhook.version,
            id: webhook.id,
            tenant: webhook.tenant,
            name: settings.name,
            description: settings.description,
            // As its owner wrote it, not as the parser prints it.
            url: input.url,
            event_types: settings
                .event_types
                .iter()
                .map(ToString::to_string)
                .collect(),
            filter: input.filter,
            integration_type: settings.integration.kind(),
            integration: input.integration.unwrap_or_default(),
            enabled: webhook.enabled,
            auth: settings.auth.redacted(),
            tls: input.tls,
            custom_headers: input.custom_headers.unwrap_or_default(),
            payload_format: settings.payload_format,
            payload_template: input.payload_template,
            signature_header: SignatureHeaderView {
                name: name_as_given.unwrap_or_else(|| SignatureHeader::DEFAULT_NAME.to_owned()),
                format: settings.signature_header.format,
            },
            max_retries: input.max_retries.unwrap_or(RETRIES_DEFAULT.into()),
            retry_delay_seconds: input
                .retry_delay_seconds
                .unwrap_or(RETRY_DELAY_SECONDS_DEFAULT.into()),
            retry_schedule_seconds: input.retry_schedule_seconds,
            retry_client_errors: settings.retry_client_errors,
            timeout_seconds: settings.timeout.as_secs(),
            rate_limit_per_second: input.rate_limit_per_second,
            max_in_flight: input.max_in_flight,
            history_limit: input.history_limit,
            has_secret: true,
            disabled_reason: webhook.disabled_reason,
            created_by: webhook.created_by,
            updated_by: webhook.updated_by,
            created_at: webhook.created_at,
            updated_at: webhook.updated_at,
            total_deliveries: totals.total_deliveries,
            successful_deliveries: totals.successful_deliveries,
            last_delivery_at: totals.last_delivery_at,
            last_delivery_status: totals.last_delivery_status,
            filter_failures_24h: totals.filter_failures_24h,
        }
    }
}

impl WebhookView {
    /// Its tag: the version of its settings, and all that is counted.
    pub(super) fn tag(&self) -> Tag {
        let count = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        let last_at = self.last_delivery_at.map(|at| at.timestamp_micros());
        let counted = [
            count(self.total_deliveries),
            count(self.successful_deliveries),
            last_at.unwrap_or_default(),
            self.last_delivery_status
                .map_or(-1, |status| status.code().into()),
            count(self.filter_failures_24h),
        ];
        Tag::of_webhook(self.version, &counted)
    }

    /// As somebody may see it who reads webhooks: custom headers may hold credentials, which are for those who set them.
    pub(super) fn for_reader(mut self, reader: &Holder) -> Self {
        if !reader.may_manage() {
            for value in self.custom_headers.values_mut() {
                REDACTED.clone_into(value);
            }
        }
        self
    }
}

impl IntoResponse for WebhookView {
    fn into_response(self) -> Response {
        (self.tag().header(), Json(self)).into_response()
    }
}

impl IntoResponse for CreatedWebhook {
    fn into_response(self) -> Response {
        (self.webhook.tag().header(), Json(self)).into_response()
    }
}

/// Shows a webhook with its totals.
pub(super) async fn show(app: &App, webhook: Webhook) -> Result<WebhookView, Problem> {
    let totals = totals(app, &[webhook.id]).await?;
    let totals = totals.get(&webhook.id).copied().unwrap_or_default();
    Ok(WebhookView::new(webhook, totals))
}

async fn totals(
    app: &App,
    ids: &[WebhookId],
) -> Result<HashMap<WebhookId, WebhookTotals>, Problem> {
    app.database
        .call(|store| store.webhook_totals(ids))
        .await
        .map_err(|error: StoreError| Problem::of_store(error, Code::WebhookNotFound))
}

/// Shows webhooks with their totals.
pub(super) async fn show_all(
    app: &App,
    webhooks: Vec<ListedWebhook>,
) -> Result<Vec<WebhookItem>, Problem> {
    let ids: Vec<WebhookId> = webhooks.iter().map(ListedWebhook::id).collect();
    let totals = totals(app, &ids).await?;
    let view = |webhook: ListedWebhook| {
        let totals = totals.get(&webhook.id()).copied().unwrap_or_default();
        match webhook {
            ListedWebhook::Readable(webhook) => {
                WebhookItem::Readable(Box::new(WebhookView::new(*webhook, totals)))
            }
            ListedWebhook::Unreadable(webhook) => {
                WebhookItem::Unreadable(Box::new(UnreadableView::new(*webhook, totals)))
            }
        }
    };
    Ok(webhooks.into_iter().map(view).collect())
}
