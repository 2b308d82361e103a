//! Verifies a request as its receiver should: `webhook-signature` with the official library, and the signature of
//! the body alone where it is sent.

use http::{HeaderMap, HeaderName};
use posthorn_domain::{SignatureFormat, SigningSecret, body_signature};
use secrecy::{ExposeSecret, SecretString};
use standardwebhooks::{Webhook, WebhookError};
use subtle::ConstantTimeEq;

use crate::exit::{Exit, Failure};

pub(super) struct Verifier {
    keys: Vec<(Webhook, SigningSecret)>,
    body_header: HeaderName,
}

/// What the signatures of a request are worth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verification {
    /// Every signature is good.
    Verified,
    /// One is missing or wrong, in words.
    Failed(String),
    /// There is no secret to check with.
    NotChecked,
}

impl Verifier {
    /// The secrets come as text, because a parser of command lines would repeat a wrong one. An empty text is
    /// a variable of the environment that was left empty.
    pub(super) fn new(secrets: &[SecretString], body_header: HeaderName) -> Result<Self, Failure> {
        let keys = secrets
            .iter()
            .map(SecretString::expose_secret)
            .filter(|text| !text.is_empty())
            .map(|text| {
                let secret = SigningSecret::parse(text).map_err(|error| error.to_string())?;
                let webhook = Webhook::new(text).map_err(|error| standard_words(&error))?;
                Ok((webhook, secret))
            })
            .collect::<Result<_, String>>()
            .map_err(|words| Failure::new(Exit::Usage, format!("--secret: {words}")))?;
        Ok(Self { keys, body_header })
    }

    pub(super) fn has_secrets(&self) -> bool {
        !self.keys.is_empty()
    }

    pub(super) fn verify(&self, headers: &HeaderMap, body: &[u8]) -> Verification {
        if self.keys.is_empty() {
            return Verification::NotChecked;
        }
        match self.standard(headers, body).and(self.body(headers, body)) {
            Ok(()) => Verification::Verified,
            Err(words) => Verification::Failed(words),
        }
    }

    fn standard(&self, headers: &HeaderMap, body: &[u8]) -> Result<(), String> {
        let mut words = String::new();
        for (webhook, _) in &self.keys {
            match webhook.verify(body, headers) {
                Ok(()) => return Ok(()),
                Err(error) => words = standard_words(&error),
            }
        }
        Err(words)
    }

    /// The format is the webhook's to choose, so each is tried.
    fn body(&self, headers: &HeaderMap, body: &[u8]) -> Result<(), String> {
        let Some(sent) = headers.get(&self.body_header) else {
            return Ok(());
        };
        let formats = [
            SignatureFormat::PrefixedHex,
            SignatureFormat::Hex,
            SignatureFormat::Base64,
        ];
        let matches = self.keys.iter().any(|(_, secret)| {
            formats.into_iter().any(|format| {
                let expected = body_signature(secret, format, body);
                expected.as_bytes().ct_eq(sent.as_bytes()).into()
            })
        });
        if matches {
            Ok(())
        } else {
            Err(format!("{} does not match", self.body_header))
        }
    }
}

fn standard_words(error: &WebhookError) -> String {
    match error {
        WebhookError::MissingHeader(name) => format!("webhook-{name} is missing"),
        WebhookError::InvalidHeader(name) => format!("webhook-{name} is not readable"),
        WebhookError::InvalidTimestamp => "webhook-timestamp is no number".to_owned(),
        WebhookError::TimestampTooOldError => {
            "webhook-timestamp is more than 5 minutes old".to_owned()
        }
        WebhookError::FutureTimestampError => {
            "webhook-timestamp is more than 5 minutes ahead".to_owned()
        }
        WebhookError::InvalidSignature => "webhook-signature does not match".to_owned(),
        WebhookError::InvalidPayload => "the body is not UTF-8".to_owned(),
        WebhookError::InvalidSecret(_) => "the secret is not valid".to_owned(),
    }
}
