//! Mutual TLS, and authorities of the owner's own.
//!
//! Read here as far as text can be: whether a key belongs to its certificate, the TLS library says when it is given
//! both.

use std::fmt;

use base64::{Engine, engine::general_purpose::STANDARD};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{
    field_error::FieldError,
    limits::{TLS_CERTIFICATES_MAX, TLS_PEM_BYTES_MAX},
};

/// TLS settings as a webhook's owner writes them. Holds a private key in the clear: it is read from a request or
/// unsealed from storage, and never logged or answered.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TlsInput {
    /// The certificate that Posthorn shows to the receiver, in PEM, with the chain above it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_certificate: Option<String>,
    /// Its private key, in PEM, without a passphrase. Never answered. When a webhook is changed it may be left out,
    /// unless scheme, host or port of its URL changes: the stored one stays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_key: Option<String>,
    /// The authorities that the receiver's certificate must come from, in PEM, instead of the public ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ca_certificate: Option<String>,
}

impl fmt::Debug for TlsInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TlsInput")
    }
}

/// A certificate and its key.
#[derive(Debug, Clone)]
pub struct ClientIdentity {
    /// The certificate and the chain above it, in PEM.
    pub certificate: String,
    /// The private key, in PEM.
    pub key: SecretString,
}

/// Checked TLS settings. `Debug` shows no secret.
#[derive(Debug, Clone)]
pub struct Tls {
    /// What Posthorn shows to the receiver.
    pub identity: Option<ClientIdentity>,
    /// The authorities that are trusted instead of the public ones, in PEM.
    pub ca_certificate: Option<String>,
    fingerprint: [u8; 32],
}

impl Tls {
    /// Checks the settings; `None` where there are none. Every mistake is reported as `tls.<member>`.
    pub fn validate(input: TlsInput) -> Result<Option<Self>, Vec<FieldError>> {
        let mut errors = Vec::new();
        let mut certificates = |field: &str, text: &Option<String>| {
            let checked = text.as_deref().map(check_certificates);
            if let Some(Err(detail)) = checked {
                errors.push(FieldError::new(format!("tls.{field}"), detail));
            }
        };
        certificates("client_certificate", &input.client_certificate);
        certificates("ca_certificate", &input.ca_certificate);
        if let Some(Err(detail)) = input.client_key.as_deref().map(check_key) {
            errors.push(FieldError::new("tls.client_key", detail));
        }
        let fingerprint = fingerprint(&input);
        let identity = match (input.client_certificate, input.client_key) {
            (Some(certificate), Some(key)) => Some(ClientIdentity {
                certificate,
                key: key.into(),
            }),
            (None, None) => None,
            (Some(_), None) => {
                let detail = "is required with a client certificate";
                errors.push(FieldError::new("tls.client_key", detail));
                None
            }
            (None, Some(_)) => {
                let detail = "is required with a client key";
                errors.push(FieldError::new("tls.client_certificate", detail));
                None
            }
        };
        if !errors.is_empty() {
            return Err(errors);
        }
        let something = identity.is_some() || input.ca_certificate.is_some();
        Ok(something.then_some(Self {
            identity,
            ca_certificate: input.ca_certificate,
            fingerprint,
        }))
    }

    /// The same as input, secrets included: for sealing.
    pub fn to_input(&self) -> TlsInput {
        let identity = self.identity.as_ref();
        TlsInput {
            client_key: identity.map(|identity| identity.key.expose_secret().to_owned()),
            ..self.redacted()
        }
    }

    /// The same without the key: for answers.
    pub fn redacted(&self) -> TlsInput {
        let identity = self.identity.as_ref();
        TlsInput {
            client_certificate: identity.map(|identity| identity.certificate.clone()),
            client_key: None,
            ca_certificate: self.ca_certificate.clone(),
        }
    }

    /// Tells settings apart without showing them.
    pub fn fingerprint(&self) -> [u8; 32] {
        self.fingerprint
    }
}

fn fingerprint(input: &TlsInput) -> [u8; 32] {
    let mut hash = Sha256::new();
    for text in [
        &input.client_certificate,
        &input.client_key,
        &input.ca_certificate,
    ] {
        let text = text.as_deref().unwrap_or_default();
        // With their lengths, so that no two triples read the same.
        hash.update(text.len().to_be_bytes());
        hash.update(text);
    }
    hash.finalize().into()
}

fn check_certificates(pem: &str) -> Result<(), String> {
    let labels = labels(pem)?;
    if labels.iter().any(|label| *label != "CERTIFICATE") {
        return Err("must hold certificates alone".to_owned());
    }
    if labels.len() > TLS_CERTIFICATES_MAX {
        return Err(format!(
            "must hold at most {TLS_CERTIFICATES_MAX} certificates"
        ));
    }
    Ok(())
}

fn check_key(pem: &str) -> Result<(), String> {
    match labels(pem)?.as_slice() {
        ["PRIVATE KEY" | "RSA PRIVATE KEY" | "EC PRIVATE KEY"] => Ok(()),
        ["ENCRYPTED PRIVATE KEY"] => Err("must not be encrypted".to_owned()),
        _ => Err("must hold one private key and nothing else".to_owned()),
    }
}

/// The labels of the blocks of a PEM text (RFC 7468), at least one. Words between blocks are allowed, as OpenSSL
/// writes them.
fn labels(pem: &str) -> Result<Vec<&str>, String> {
    if pem.len() > TLS_PEM_BYTES_MAX {
        return Err(format!("must be at most {TLS_PEM_BYTES_MAX} bytes long"));
    }
    if pem.contains('\0') {
        return Err("must not contain the character U+0000".to_owned());
    }
    let mut labels = Vec::new();
    let mut rest = pem;
    while let Some((_, after)) = rest.split_once("-----BEGIN ") {
        let block = after.split_once("-----").and_then(|(label, after)| {
            let end = format!("-----END {label}-----");
            let (body, after) = after.split_once(&end)?;
            let body: String = body.split_ascii_whitespace().collect();
            let der = STANDARD.decode(body).ok()?;
            (!der.is_empty()).then_some((label, after))
        });
        let Some((label, after)) = block else {
            return Err(format!("block {} is not PEM", labels.len() + 1));
        };
        labels.push(label);
        rest = after;
    }
    if labels.is_empty() {
        return Err("must be PEM: `-----BEGIN …-----` and base64".to_owned());
    }
    Ok(labels)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pem(label: &str) -> String {
        format!("Words\n-----BEGIN {label}-----\nAAEC\nAwQ=\n-----END {label}-----\n")
    }

    fn input(certificate: &str, key: &str, ca: &str) -> TlsInput {
        let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        TlsInput {
            client_certificate: text(certificate),
            client_key: text(key),
            ca_certificate: text(ca),
        }
    }

    fn fields(input: TlsInput) -> Vec<String> {
        let errors = Tls::validate(input).err().into_iter().flatten();
        errors.map(|error| error.field).collect()
    }

    #[test]
    fn any_subset_that_makes_sense() {
        let (certificate, key) = (pem("CERTIFICATE"), pem("EC PRIVATE KEY"));
        assert!(Tls::validate(TlsInput::default()).unwrap().is_none());
        assert!(fields(input("", "", &certificate)).is_empty());
        assert!(fields(input(&certificate, &key, "")).is_empty());
        assert_eq!(fields(input(&certificate, "", "")), ["tls.client_key"]);
        assert_eq!(fields(input("", &key, "")), ["tls.client_certificate"]);
        let (swapped, encrypted) = (pem("PRIVATE KEY"), pem("ENCRYPTED PRIVATE KEY"));
        assert_eq!(
            fields(input(&swapped, &certificate, "x")),
            [
                "tls.client_certificate",
                "tls.ca_certificate",
                "tls.client_key"
            ]
        );
        assert_eq!(
            fields(input(&certificate, &encrypted, "")),
            ["tls.client_key"]
        );
        let broken = certificate.replace("AAEC", "A*EC");
        assert_eq!(fields(input("", "", &broken)), ["tls.ca_certificate"]);
    }

    #[test]
    fn shows_no_key() {
        let (certificate, key) = (pem("CERTIFICATE"), pem("PRIVATE KEY"));
        let stored = Tls::validate(input(&certificate, &key, ""))
            .unwrap()
            .unwrap();
        assert!(stored.redacted().client_key.is_none());
        assert!(!format!("{stored:?}").contains("PRIVATE"));
    }
}
