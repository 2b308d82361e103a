//! Mutual TLS, and authorities of the owner's own.
//!
//! Read here as far as text can be: whether a key belongs to its certificate, the TLS library says when it is given
//! both.

mod pem;

use std::fmt;

use secrecy::{ExposeSecret, SecretSlice, SecretString};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

pub use self::pem::KeyForm;
use crate::field_error::FieldError;

/// TLS settings as a webhook's owner writes them. Holds a private key in the clear: it is read from a request or
/// unsealed from storage, and never logged or answered.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TlsInput {
    /// The certificate that Posthorn shows to the receiver, in PEM, with the chain above it, in any order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_certificate: Option<String>,
    /// Its private key, in PEM, without a passphrase. Never answered. When a webhook is changed it may be left out,
    /// unless scheme, host or port of its URL changes: the stored one stays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_key: Option<String>,
    /// The authorities that the receiver's certificate must come from, in PEM, instead of the public ones. The
    /// receiver's own certificate may be among them: that very one is trusted then, whoever signed it.
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

impl ClientIdentity {
    /// The certificates in DER, in the order in which they were given.
    pub fn chain(&self) -> Vec<Vec<u8>> {
        pem::certificates(&self.certificate).unwrap_or_default()
    }

    /// The private key in DER.
    pub fn private_key(&self) -> Option<(KeyForm, SecretSlice<u8>)> {
        pem::private_key(self.key.expose_secret()).ok()
    }
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
            let checked = text.as_deref().map(pem::certificates);
            if let Some(Err(detail)) = checked {
                errors.push(FieldError::new(format!("tls.{field}"), detail));
            }
        };
        certificates("client_certificate", &input.client_certificate);
        certificates("ca_certificate", &input.ca_certificate);
        if let Some(Err(detail)) = input.client_key.as_deref().map(pem::private_key) {
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

    /// The authorities in DER; none where the public ones are trusted.
    pub fn authorities(&self) -> Option<Vec<Vec<u8>>> {
        let pem = self.ca_certificate.as_deref()?;
        Some(pem::certificates(pem).unwrap_or_default())
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
