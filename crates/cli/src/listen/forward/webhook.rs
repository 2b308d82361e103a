//! The webhook whose requests are made here.

use std::sync::Arc;

use posthorn_domain::{
    Clock, EventTypePattern, SigningSecret, SigningSecrets, SystemClock, TenantId, UrlPolicy,
    Webhook, WebhookId, WebhookInput,
};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::{
    exit::{Exit, Failure},
    random,
    remote::Client,
    show::notice,
};

/// What the API shows of a webhook and takes for one too, but for credentials.
const TAKEN: [&str; 9] = [
    "name",
    "event_types",
    "filter",
    "integration_type",
    "custom_headers",
    "payload_format",
    "payload_template",
    "signature_header",
    "timeout_seconds",
];

pub(super) struct Pretended {
    pub(super) webhook: Webhook,
    /// The secret, if it was made here and nobody knows it yet.
    pub(super) made_up: Option<SigningSecret>,
}

#[derive(Deserialize)]
struct Revealed {
    signing_secret: String,
}

impl Pretended {
    pub(super) async fn new(
        client: &Client,
        id: Option<WebhookId>,
        event_types: &[EventTypePattern],
        secrets: &[SecretString],
    ) -> Result<Self, Failure> {
        let given = secrets
            .iter()
            .map(|secret| secret.expose_secret())
            .find(|secret| !secret.is_empty())
            .map(parse)
            .transpose()?;
        let mut rng = random::seeded();
        let (settings, secret, made_up) = match (id, given) {
            (Some(id), given) => {
                let settings = settings(client, id).await?;
                let secret = match given {
                    Some(secret) => secret,
                    None => reveal(client, id).await?,
                };
                (settings, secret, None)
            }
            (None, Some(secret)) => (Map::new(), secret, None),
            (None, None) => {
                let secret = SigningSecret::generate(&mut rng);
                (Map::new(), secret.clone(), Some(secret))
            }
        };
        let id = id.unwrap_or_else(|| WebhookId::generate(&SystemClock, &mut rng));
        Ok(Self {
            webhook: webhook(id, settings, event_types, secret)?,
            made_up,
        })
    }
}

async fn settings(client: &Client, id: WebhookId) -> Result<Map<String, Value>, Failure> {
    let mut shown: Map<String, Value> = client.get(format!("/webhooks/{id}")).await?.read()?;
    let kind = shown.get("auth").and_then(|auth| auth["type"].as_str());
    if kind.is_some_and(|kind| kind != "none") {
        notice("The webhook's credentials stay at Posthorn: requests come without them");
    }
    if shown.get("integration_type") != Some(&json!("generic")) {
        notice("What the integration needs beyond its format stays at Posthorn");
    }
    shown.retain(|name, value| TAKEN.contains(&name.as_str()) && !value.is_null());
    Ok(shown)
}

async fn reveal(client: &Client, id: WebhookId) -> Result<SigningSecret, Failure> {
    let answer = client.get(format!("/webhooks/{id}/secret")).await?;
    parse(&answer.read::<Revealed>()?.signing_secret)
}

fn parse(text: &str) -> Result<SigningSecret, Failure> {
    SigningSecret::parse(text)
        .map_err(|error| Failure::new(Exit::Usage, format!("--secret: {error}")))
}

fn webhook(
    id: WebhookId,
    mut settings: Map<String, Value>,
    event_types: &[EventTypePattern],
    secret: SigningSecret,
) -> Result<Webhook, Failure> {
    // Where the request goes is no setting here.
    settings.insert("url".to_owned(), "https://localhost/".into());
    settings.entry("name").or_insert_with(|| "listen".into());
    // A webhook that nobody made wants what is asked for here. Operational events are named there too.
    let asked = || match event_types {
        [] => json!(["*"]),
        named => json!(named),
    };
    settings.entry("event_types").or_insert_with(asked);
    let unfit = |why: String| {
        let words = format!("this webhook cannot be imitated by this version: {why}");
        Failure::new(Exit::Data, words)
    };
    let input: WebhookInput = serde_json::from_value(Value::Object(settings))
        .map_err(|error| unfit(error.to_string()))?;
    let checked = input.validate(UrlPolicy::HttpAllowed);
    let settings = checked.map_err(|mistakes| {
        let words: Vec<String> = mistakes
            .into_iter()
            .map(|mistake| format!("{} {}", mistake.field, mistake.detail))
            .collect();
        unfit(words.join("; "))
    })?;
    let now = SystemClock.now();
    Ok(Webhook {
        id,
        tenant: TenantId::default_tenant(),
        version: 0,
        settings,
        input: Arc::new(input),
        enabled: true,
        disabled_reason: None,
        secrets: SigningSecrets::single(secret),
        created_by: String::new(),
        updated_by: String::new(),
        created_at: now,
        updated_at: now,
        made_after: None,
    })
}
