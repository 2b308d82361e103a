use std::collections::BTreeMap;

use axum::{Json, extract::State};
use posthorn_domain::{
    Auth, DeliveryId, Event, EventId, EventType, FieldError, Filter, JsonText, SigningSecret,
    SigningSecrets, Template, TenantId, Webhook, WebhookId, WebhookInput,
    limits::{FILTER_BYTES_MAX, TEMPLATE_BYTES_MAX},
};
use posthorn_egress::prepare;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, value::RawValue};
use utoipa::ToSchema;

use super::{
    audited::previewed,
    patch::WebhookPatch,
    settings::{check, check_with, read},
    view::REDACTED,
};
use crate::{
    access::{Manage, May},
    app::App,
    extract::{Document, Moment, Shape, parse_document, time},
    problem::{Code, Problem},
};

/// What would be sent for which event.
#[derive(Deserialize, ToSchema)]
#[schema(as = WebhookPreview, example = json!({
    "webhook": {"payload_template": "{\"text\": {{ data.name | tojson }}}", "filter": "data.amount > 100"},
    "event": {"type": "order.paid", "data": {"name": "Ada", "amount": 150}},
}))]
#[serde(deny_unknown_fields)]
pub(crate) struct PreviewInput {
    /// Settings as for a new webhook, of which nothing is required. Either this or `webhook_id`.
    #[schema(value_type = Option<WebhookPatch>)]
    webhook: Option<Map<String, Value>>,
    /// A webhook that exists.
    webhook_id: Option<WebhookId>,
    /// An event. Either this or `event_id`.
    #[serde(default, deserialize_with = "posthorn_domain::json_object::optional")]
    event: Option<PreviewEvent>,
    /// An event of the log.
    event_id: Option<EventId>,
}

impl Shape for PreviewInput {
    const REQUIRED: &'static [&'static str] = &[];
}

/// An event that need not have happened.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PreviewEvent {
    /// What happened.
    #[schema(example = "order.paid")]
    r#type: String,
    /// Any JSON value.
    #[schema(value_type = Value)]
    data: Box<RawValue>,
    /// When it happened (now).
    #[schema(value_type = Option<DateTime<Utc>>)]
    timestamp: Option<Moment>,
}

/// What would be sent.
#[derive(Serialize, ToSchema)]
#[schema(as = WebhookPreviewResult)]
pub(crate) struct PreviewResult {
    /// Whether the webhook wants the event: by its type and its filter.
    matches: bool,
    /// Why the filter is no expression, or could not be evaluated on this event; that counts as no match.
    #[serde(skip_serializing_if = "Option::is_none")]
    filter_error: Option<String>,
    /// Why the template is none, or makes no body of this event, with the line.
    #[serde(skip_serializing_if = "Option::is_none")]
    template_error: Option<String>,
    /// The request that a delivery would make; absent where the filter or the template must be mended first.
    #[serde(skip_serializing_if = "Option::is_none")]
    request: Option<PreviewRequest>,
}

/// What is wrong with the two settings that people write bit by bit. A preview asks for them while they are half
/// written, so that is an answer like any other and no refused request.
#[derive(Default)]
struct Unwritten {
    filter: Option<String>,
    template: Option<String>,
}

/// A request that is not sent.
#[derive(Serialize, ToSchema)]
pub(crate) struct PreviewRequest {
    #[schema(example = "POST")]
    method: &'static str,
    #[schema(example = "https://example.com/hook")]
    url: String,
    /// Signed with a secret made for the preview; credentials and custom headers read `[redacted]`.
    headers: BTreeMap<String, String>,
    /// The body as text.
    body: String,
}

/// Preview the request that a webhook would get for an event.
///
/// Nothing is sent, and nothing is stored but a line of the audit log, once a minute for what is previewed again and again.
/// A filter or a template that does not work is told in the answer; any other
/// setting that is wrong is a 422.
#[utoipa::path(
    post, path = "/webhooks/preview", tag = "webhooks", operation_id = "preview_webhook",
    request_body = PreviewInput,
    responses(
        (status = 200, description = "What would be sent", body = PreviewResult),
        (status = 404, description = "`webhook_not_found`, `event_not_found`: there is none with the id that was given"),
    ),
)]
pub(crate) async fn preview(
    State(app): State<App>,
    caller: May<Manage>,
    Document(input): Document<PreviewInput>,
) -> Result<Json<PreviewResult>, Problem> {
    let is_stored = input.webhook_id.is_some();
    let (webhook, unwritten) = match (input.webhook, input.webhook_id) {
        (Some(settings), None) => draft(&app, &caller.tenant, settings)?,
        (None, Some(id)) => (read(&app, &caller.tenant, id).await?, Unwritten::default()),
        (Some(_), Some(_)) | (None, None) => {
            let detail = "give either `webhook` or `webhook_id`";
            return Err(Problem::field("webhook", detail));
        }
    };
    let event = match (input.event, input.event_id) {
        (Some(event), None) => made_up(&app, &caller.tenant, &event)?,
        (None, Some(id)) => logged(&app, &caller.tenant, id).await?,
        (Some(_), Some(_)) | (None, None) => {
            let detail = "give either `event` or `event_id`";
            return Err(Problem::field("event", detail));
        }
    };
    previewed(&app, &caller, is_stored.then_some(&webhook)).await?;
    Ok(Json(show(&app, webhook, unwritten, &event)))
}

/// A webhook that is not there, of settings of which nothing is required.
fn draft(
    app: &App,
    tenant: &TenantId,
    mut settings: Map<String, Value>,
) -> Result<(Webhook, Unwritten), Problem> {
    for (member, default) in [
        ("name", Value::from("preview")),
        ("url", Value::from("https://example.com/")),
        ("event_types", Value::from(vec!["*"])),
    ] {
        settings.entry(member).or_insert(default);
    }
    // Read like a document that was sent, so that a mistake is told in the same words.
    let text = Value::Object(settings).to_string();
    let within = |problem: Problem| problem.within("webhook");
    let mut input: WebhookInput = parse_document(text.as_bytes()).map_err(within)?;
    let unwritten = Unwritten::take(&mut input);
    let checked = match check(&input, app.url_policy) {
        Ok(checked) => checked,
        // The request is refused anyway, so it names all that is wrong.
        Err(refused) => {
            let all = check_with(&input, unwritten.mistakes(), app.url_policy).err();
            return Err(within(all.unwrap_or(refused)));
        }
    };
    let now = app.clock.now();
    let mut rng = app.rng.fork();
    let webhook = Webhook {
        id: WebhookId::generate(&*app.clock, &mut rng),
        tenant: tenant.clone(),
        version: 0,
        settings: checked.settings,
        input: input.into(),
        enabled: true,
        disabled_reason: None,
        secrets: SigningSecrets::single(SigningSecret::generate(&mut rng)),
        created_by: String::new(),
        updated_by: String::new(),
        created_at: now,
        updated_at: now,
        made_after: None,
    };
    Ok((webhook, unwritten))
}

impl Unwritten {
    /// Takes what cannot be compiled out of the settings, so that all else is still checked. What is too long to be tried is
    /// a mistake like any other.
    fn take(input: &mut WebhookInput) -> Self {
        let broken = |source: &String| Filter::compile(source).err();
        let tried = |source: &&String| source.len() <= FILTER_BYTES_MAX;
        let filter = input.filter.as_ref().filter(tried).and_then(broken);
        if filter.is_some() {
            input.filter = None;
        }
        let broken = |source: &String| Template::compile(source).err();
        let tried = |source: &&String| source.len() <= TEMPLATE_BYTES_MAX;
        let template = input.payload_template.as_ref();
        let template = template.filter(tried).and_then(broken);
        if template.is_some() {
            // Something that works stands in for it: what depends on there being a template is checked as if it did.
            input.payload_template = Some(String::new());
        }
        Self { filter, template }
    }

    fn mistakes(&self) -> Vec<FieldError> {
        let mistake = |field: &str, detail: &Option<String>| {
            detail.as_ref().map(|detail| FieldError::new(field, detail))
        };
        let mistakes = [
            mistake("filter", &self.filter),
            mistake("payload_template", &self.template),
        ];
        mistakes.into_iter().flatten().collect()
    }
}

fn made_up(app: &App, tenant: &TenantId, event: &PreviewEvent) -> Result<Event, Problem> {
    let event_type: EventType = event.r#type.parse().map_err(|error| wrong_type(&error))?;
    let data = JsonText::from_raw(&event.data);
    data.check_depth()
        .map_err(|too_deep| Problem::field("event.data", too_deep.to_string()))?;
    Ok(Event {
        id: app.rng.with(|rng| EventId::generate(&*app.clock, rng)),
        tenant: tenant.clone(),
        event_type,
        timestamp: time(event.timestamp).unwrap_or_else(|| app.clock.now()),
        data,
        cloud_event: None,
        trace: None,
    })
}

fn wrong_type(error: &dyn std::fmt::Display) -> Problem {
    Problem::field("event.type", error.to_string())
}

async fn logged(app: &App, tenant: &TenantId, id: EventId) -> Result<Event, Problem> {
    let stored = app
        .database
        .call(|store| store.get_event(tenant, id))
        .await
        .map_err(|error| Problem::of_store(error, Code::EventNotFound))?;
    Ok(stored.event)
}

fn show(app: &App, mut webhook: Webhook, unwritten: Unwritten, event: &Event) -> PreviewResult {
    // The true secret would make of every preview a request that the receiver takes for a delivery.
    let throw_away = app.rng.with(SigningSecret::generate);
    webhook.secrets = SigningSecrets::single(throw_away);
    // Nobody could save such a webhook: there is no request to show.
    let can_be = unwritten.filter.is_none();
    let passes = match unwritten.filter {
        Some(error) => Err(error),
        None => webhook
            .settings
            .filter_passes(event, &mut None)
            .map_err(|failed| failed.to_string()),
    };
    let request = match unwritten.template {
        Some(error) => Err(error),
        None => request(app, &webhook, event),
    };
    PreviewResult {
        matches: webhook.settings.wants_type(&event.event_type) && matches!(passes, Ok(true)),
        filter_error: passes.err(),
        template_error: request.as_ref().err().cloned(),
        request: request.ok().filter(|_| can_be),
    }
}

/// The request for an event, or why the template makes none.
fn request(app: &App, webhook: &Webhook, event: &Event) -> Result<PreviewRequest, String> {
    let delivery = DeliveryId::derive(event.id, webhook.id);
    let prepared =
        prepare(delivery, event, webhook, app.clock.now()).map_err(|failed| failed.to_string())?;
    let mut headers: BTreeMap<String, String> = prepared
        .shown_headers()
        .map(|(name, value)| (name.to_owned(), value.into_owned()))
        .collect();
    if matches!(webhook.settings.auth, Auth::Oauth2(_)) {
        headers.insert("authorization".to_owned(), REDACTED.to_owned());
    }
    Ok(PreviewRequest {
        method: "POST",
        url: webhook.input.url.clone(),
        headers,
        body: String::from_utf8_lossy(&prepared.body).into_owned(),
    })
}
