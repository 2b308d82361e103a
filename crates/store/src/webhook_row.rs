//! A webhook between its row and its domain type.

use posthorn_domain::{
    Auth, AuthInput, SigningSecret, SigningSecrets, StreamPosition, Timestamp, Tls, TlsInput,
    UrlPolicy, Webhook, WebhookId, WebhookInput, WebhookSettings, from_stored,
};
use rand::Rng;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::{
    error::StoreError,
    seal::{MasterKeys, Place},
};

/// The columns of [`WebhookRow`], for `concat!`.
macro_rules! webhook_columns {
    () => {
        "id, tenant, version, settings, sealed_auth, sealed_tls, sealed_secret, sealed_previous_secret, \
         previous_secret_expires_at, sealed_older_secrets, enabled, disabled_reason, created_by, updated_by, created_at, updated_at, \
         made_after_sequence, made_after_time"
    };
}
pub(crate) use webhook_columns;

#[derive(sqlx::FromRow)]
pub(crate) struct WebhookRow {
    pub(crate) id: Uuid,
    pub(crate) tenant: String,
    version: i64,
    settings: String,
    sealed_auth: Option<Vec<u8>>,
    sealed_tls: Option<Vec<u8>>,
    sealed_secret: Option<Vec<u8>>,
    sealed_previous_secret: Option<Vec<u8>>,
    previous_secret_expires_at: Option<Timestamp>,
    sealed_older_secrets: Option<Vec<u8>>,
    pub(crate) enabled: bool,
    pub(crate) disabled_reason: Option<String>,
    pub(crate) created_by: String,
    pub(crate) updated_by: String,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
    made_after_sequence: Option<i64>,
    made_after_time: Option<Timestamp>,
}

pub(crate) fn place(column: &'static str, id: WebhookId) -> Place {
    Place {
        table: "webhooks",
        column,
        row: id.as_uuid(),
    }
}

pub(crate) const AUTH: &str = "sealed_auth";
pub(crate) const TLS: &str = "sealed_tls";
pub(crate) const SECRET: &str = "sealed_secret";
pub(crate) const PREVIOUS_SECRET: &str = "sealed_previous_secret";
pub(crate) const OLDER_SECRETS: &str = "sealed_older_secrets";

/// A secret that was replaced before the last one, as it is sealed.
#[derive(Serialize, Deserialize)]
struct OlderSecret {
    secret: Zeroizing<String>,
    until: Timestamp,
}

impl WebhookRow {
    /// Opens what is sealed, and checks and compiles the settings again.
    pub(crate) fn into_webhook(
        self,
        keys: &MasterKeys,
        urls: UrlPolicy,
    ) -> Result<Webhook, StoreError> {
        let id = WebhookId::from_uuid(self.id);
        let corrupt = |what: String| StoreError::Corrupt(format!("webhook {id}: {what}"));

        let mut input: WebhookInput =
            from_stored(&self.settings).map_err(|error| corrupt(error.to_string()))?;
        input.auth = self
            .sealed_auth
            .map(|sealed| {
                let text = keys.open(place(AUTH, id), &sealed)?;
                // serde's words would quote the text.
                from_stored::<AuthInput>(&text)
                    .map_err(|_| corrupt("its authentication is not readable".to_owned()))
            })
            .transpose()?;
        input.tls = self
            .sealed_tls
            .map(|sealed| {
                let text = keys.open(place(TLS, id), &sealed)?;
                from_stored::<TlsInput>(&text)
                    .map_err(|_| corrupt("its TLS settings are not readable".to_owned()))
            })
            .transpose()?;
        let settings = input.validate_stored(urls).map_err(|mistakes| {
            let mistakes: Vec<String> = mistakes
                .into_iter()
                .map(|mistake| format!("{} {}", mistake.field, mistake.detail))
                .collect();
            corrupt(mistakes.join("; "))
        })?;
        input.auth = Some(settings.auth.redacted());
        input.tls = settings.tls.as_deref().map(Tls::redacted);
        input.enabled = Some(self.enabled);

        let secret = |column, sealed: &[u8]| {
            let text = keys.open(place(column, id), sealed)?;
            SigningSecret::parse(&text).map_err(|error| corrupt(error.to_string()))
        };
        let current = self
            .sealed_secret
            .as_deref()
            .ok_or_else(|| corrupt("it has no secret".to_owned()))?;
        let mut previous = match (
            &self.sealed_previous_secret,
            self.previous_secret_expires_at,
        ) {
            (Some(sealed), Some(until)) => vec![(secret(PREVIOUS_SECRET, sealed)?, until)],
            _ => Vec::new(),
        };
        if let Some(sealed) = &self.sealed_older_secrets {
            let text = keys.open(place(OLDER_SECRETS, id), sealed)?;
            // serde's words would quote the text.
            let older: Vec<OlderSecret> = from_stored(&text)
                .map_err(|_| corrupt("its older secrets are not readable".to_owned()))?;
            for OlderSecret { secret, until } in older {
                let secret =
                    SigningSecret::parse(&secret).map_err(|error| corrupt(error.to_string()))?;
                previous.push((secret, until));
            }
        }
        let secrets = SigningSecrets {
            current: secret(SECRET, current)?,
            previous,
        };
        Ok(Webhook {
            id,
            tenant: self
                .tenant
                .parse()
                .map_err(|_| corrupt("its tenant is no tenant's name".to_owned()))?,
            version: self.version,
            settings,
            input: input.into(),
            enabled: self.enabled,
            // One that a newer release gave is not shown, and hinders nothing.
            disabled_reason: self.disabled_reason.and_then(|reason| reason.parse().ok()),
            secrets,
            created_by: self.created_by,
            updated_by: self.updated_by,
            created_at: self.created_at,
            updated_at: self.updated_at,
            made_after: self
                .made_after_sequence
                .zip(self.made_after_time)
                .map(|(sequence, at)| StreamPosition {
                    sequence: sequence.unsigned_abs(),
                    at,
                }),
        })
    }
}

/// What is written of a webhook's settings.
pub(crate) struct SettingsColumns {
    pub(crate) name: String,
    pub(crate) url: String,
    pub(crate) event_types: Vec<String>,
    /// `input` as JSON text.
    pub(crate) settings: String,
    /// What is kept in the clear.
    pub(crate) input: WebhookInput,
    pub(crate) sealed_auth: Option<Vec<u8>>,
    pub(crate) sealed_tls: Option<Vec<u8>>,
}

impl SettingsColumns {
    pub(crate) fn new(
        id: WebhookId,
        input: WebhookInput,
        settings: &WebhookSettings,
        keys: &MasterKeys,
        rng: &mut impl Rng,
    ) -> Result<Self, StoreError> {
        let sealed_auth = match &settings.auth {
            Auth::None => None,
            auth => Some(seal_json(keys, place(AUTH, id), &auth.to_input(), rng)?),
        };
        let sealed_tls = match settings.tls.as_deref() {
            None => None,
            Some(tls) => Some(seal_json(keys, place(TLS, id), &tls.to_input(), rng)?),
        };
        let input = without_secrets(input);
        Ok(Self {
            name: settings.name.clone(),
            url: settings.url.as_str().to_owned(),
            event_types: settings
                .event_types
                .iter()
                .map(ToString::to_string)
                .collect(),
            settings: serde_json::to_string(&input)
                .map_err(|error| StoreError::Other(Box::new(error)))?,
            input,
            sealed_auth,
            sealed_tls,
        })
    }
}

/// New settings as they are kept, with those members of the stored ones that this release does not know: while two
/// releases work side by side, a change by way of the older one must not undo what the newer one knows of.
pub(crate) fn with_members_of_a_newer_release(settings: String, stored: &str) -> String {
    /// Members that are known and are kept elsewhere.
    const ELSEWHERE: [&str; 4] = ["auth", "tls", "signing_secret", "enabled"];
    let members = |text: &str| serde_json::from_str::<Map<String, Value>>(text).ok();
    let (Some(mut new), Some(stored)) = (members(&settings), members(stored)) else {
        return settings;
    };
    let known = new.len();
    for (name, value) in stored {
        if !ELSEWHERE.contains(&name.as_str()) {
            new.entry(name).or_insert(value);
        }
    }
    if new.len() == known {
        return settings;
    }
    Value::Object(new).to_string()
}

fn seal_json(
    keys: &MasterKeys,
    place: Place,
    secret: &impl Serialize,
    rng: &mut impl Rng,
) -> Result<Vec<u8>, StoreError> {
    let text = serde_json::to_string(secret)
        .map(Zeroizing::new)
        .map_err(|error| StoreError::Other(Box::new(error)))?;
    keys.seal(place, text.as_bytes(), rng)
}

/// The input as it is kept in the clear.
pub(crate) fn without_secrets(input: WebhookInput) -> WebhookInput {
    WebhookInput {
        auth: None,
        tls: None,
        signing_secret: None,
        enabled: None,
        ..input
    }
}

/// Seals secrets that were replaced before the last one; `None` where there are none.
pub(crate) fn seal_older_secrets(
    keys: &MasterKeys,
    id: WebhookId,
    older: &[(SigningSecret, Timestamp)],
    rng: &mut impl Rng,
) -> Result<Option<Vec<u8>>, StoreError> {
    let older: Vec<OlderSecret> = older
        .iter()
        .map(|(secret, until)| OlderSecret {
            secret: Zeroizing::new(secret.expose().to_owned()),
            until: *until,
        })
        .collect();
    if older.is_empty() {
        return Ok(None);
    }
    seal_json(keys, place(OLDER_SECRETS, id), &older, rng).map(Some)
}

pub(crate) fn seal_secret(
    keys: &MasterKeys,
    id: WebhookId,
    column: &'static str,
    secret: &SigningSecret,
    rng: &mut impl Rng,
) -> Result<Vec<u8>, StoreError> {
    keys.seal(place(column, id), secret.expose().as_bytes(), rng)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_keeps_what_only_a_newer_release_knows() {
        let new = r#"{"name":"n","filter":null}"#.to_owned();
        let same = with_members_of_a_newer_release(new.clone(), r#"{"filter":"x","name":"m"}"#);
        assert_eq!(same, new);
        let kept = with_members_of_a_newer_release(
            new.clone(),
            r#"{"name":"m","ordering":"key","auth":1}"#,
        );
        let kept: Value = serde_json::from_str(&kept).unwrap();
        let wanted = serde_json::json!({"name": "n", "filter": null, "ordering": "key"});
        assert_eq!(kept, wanted);
        assert_eq!(with_members_of_a_newer_release(new.clone(), "{"), new);
    }
}
