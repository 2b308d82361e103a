//! Certificates and keys as people paste them.
//!
//! The usual tools write more than one block into a file: words before a certificate, `EC PARAMETERS` before a key, the
//! certificate beside its key. What is beside the point is passed over, what cannot be used is refused with the way out.
//! Line ends, indentation, one line for all and a literal `\n` between lines change nothing.

use std::borrow::Cow;

use base64::{
    Engine,
    alphabet::STANDARD,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use secrecy::SecretSlice;

use crate::limits::{TLS_CERTIFICATES_MAX, TLS_PEM_BYTES_MAX};

/// Base64 of any tool: with or without padding.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);
/// Longest label that is repeated in an error.
const LABEL_SHOWN_MAX: usize = 40;

/// How a private key is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyForm {
    /// `PRIVATE KEY`.
    Pkcs8,
    /// `RSA PRIVATE KEY`.
    Pkcs1,
    /// `EC PRIVATE KEY`.
    Sec1,
}

struct Block {
    label: String,
    der: Vec<u8>,
    is_encrypted: bool,
}

/// The certificates of a text, in DER; at least one.
pub(super) fn certificates(text: &str) -> Result<Vec<Vec<u8>>, String> {
    let blocks = blocks(text)?;
    if blocks.len() > TLS_CERTIFICATES_MAX {
        return Err(format!(
            "must hold at most {TLS_CERTIFICATES_MAX} certificates"
        ));
    }
    let certificates = blocks.into_iter().map(|block| match block.label.as_str() {
        // The second is what OpenSSL called the same long ago.
        "CERTIFICATE" | "X509 CERTIFICATE" => Ok(block.der),
        label => Err(no_certificate(label)),
    });
    certificates.collect()
}

fn no_certificate(label: &str) -> String {
    let why = match label {
        "TRUSTED CERTIFICATE" => {
            "holds a certificate in a form of OpenSSL's own; `openssl x509 -in FILE` writes it as others read it"
        }
        "PKCS7" | "CMS" => {
            "holds PKCS#7; `openssl pkcs7 -in FILE -print_certs` writes its certificates"
        }
        "CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST" => {
            "holds a request for a certificate, not the certificate that an authority made of it"
        }
        "PUBLIC KEY" => "holds a public key, not a certificate",
        label if label.ends_with("PRIVATE KEY") => {
            "holds a private key, which would be shown to whoever reads the webhook; it belongs into client_key"
        }
        label if label.len() <= LABEL_SHOWN_MAX => {
            return format!("must hold certificates alone, not `{label}`");
        }
        _ => "must hold certificates alone",
    };
    why.to_owned()
}

/// The one private key of a text. Certificates, parameters and public keys beside it are passed over.
pub(super) fn private_key(text: &str) -> Result<(KeyForm, SecretSlice<u8>), String> {
    let mut found = None;
    let mut has_public = false;
    for block in blocks(text)? {
        let form = match block.label.as_str() {
            "EC PARAMETERS" | "DH PARAMETERS" | "CERTIFICATE" | "X509 CERTIFICATE" => continue,
            "PUBLIC KEY" | "RSA PUBLIC KEY" => {
                has_public = true;
                continue;
            }
            _ if block.is_encrypted => return Err(ENCRYPTED.to_owned()),
            "ENCRYPTED PRIVATE KEY" => return Err(ENCRYPTED.to_owned()),
            "PRIVATE KEY" => KeyForm::Pkcs8,
            "RSA PRIVATE KEY" => KeyForm::Pkcs1,
            "EC PRIVATE KEY" => KeyForm::Sec1,
            "OPENSSH PRIVATE KEY" => {
                return Err(
                    "holds a key in the form of OpenSSH; `ssh-keygen -p -m PKCS8 -N '' -f FILE` rewrites it"
                        .to_owned(),
                );
            }
            "DSA PRIVATE KEY" => {
                return Err("holds a DSA key, which TLS no longer knows".to_owned());
            }
            label if label.len() <= LABEL_SHOWN_MAX => {
                return Err(format!("must hold one private key, not `{label}`"));
            }
            _ => return Err("must hold one private key and nothing else".to_owned()),
        };
        if found
            .replace((form, SecretSlice::from(block.der)))
            .is_some()
        {
            return Err("must hold one private key, not several".to_owned());
        }
    }
    found.ok_or_else(|| {
        let why = if has_public {
            "holds a public key, not the private one"
        } else {
            "holds no private key"
        };
        why.to_owned()
    })
}

const ENCRYPTED: &str = "must not be encrypted: `openssl pkey -in FILE` asks for the passphrase and writes the key without it";

/// The blocks of a PEM text (RFC 7468, RFC 1421), at least one. Words between blocks are allowed, as OpenSSL writes them.
fn blocks(text: &str) -> Result<Vec<Block>, String> {
    if text.len() > TLS_PEM_BYTES_MAX {
        return Err(format!("must be at most {TLS_PEM_BYTES_MAX} bytes long"));
    }
    if text.contains('\0') {
        return Err("must not contain the character U+0000".to_owned());
    }
    // Whoever puts a file into a variable by hand often leaves its line ends as two characters.
    let text = match text.contains('\\') {
        true => Cow::Owned(text.replace("\\r", "\n").replace("\\n", "\n")),
        false => Cow::Borrowed(text),
    };
    let mut blocks = Vec::new();
    let mut rest = &*text;
    while let Some((_, after)) = rest.split_once("-----BEGIN ") {
        let number = blocks.len() + 1;
        let (block, after) = block(after).ok_or_else(|| format!("block {number} is not PEM"))?;
        blocks.push(block);
        rest = after;
    }
    if blocks.is_empty() {
        return Err(no_pem(&text).to_owned());
    }
    Ok(blocks)
}

/// What follows a `-----BEGIN `, and the rest after its end.
fn block(text: &str) -> Option<(Block, &str)> {
    let (label, text) = text.split_once("-----")?;
    let (inside, rest) = text.split_once(&format!("-----END {label}-----"))?;
    // `Proc-Type: 4,ENCRYPTED`, as OpenSSL encrypts keys in their traditional form.
    let is_encrypted = inside.contains("Proc-Type:") && inside.contains("ENCRYPTED");
    let der = if is_encrypted {
        Vec::new()
    } else {
        let lines = inside.lines().filter(|line| !line.contains(':'));
        let base64: String = lines.flat_map(str::split_ascii_whitespace).collect();
        BASE64.decode(base64).ok().filter(|der| !der.is_empty())?
    };
    let block = Block {
        label: label.to_owned(),
        der,
        is_encrypted,
    };
    Some((block, rest))
}

/// What a text without any block may be instead.
fn no_pem(text: &str) -> &'static str {
    let bare: String = text.split_ascii_whitespace().collect();
    let is_der =
        |bytes: &[u8]| bytes.starts_with(&[0x30, 0x82]) || bytes.starts_with(&[0x30, 0x81]);
    if BASE64.decode(&bare).is_ok_and(|bytes| is_der(&bytes)) {
        "is the inside of a PEM block: it needs its first and last line, `-----BEGIN …-----` and `-----END …-----`"
    } else if text.starts_with('0') && text.chars().any(|c| c.is_control() || c == '\u{fffd}') {
        "looks like DER, which is no text: `openssl x509 -inform der -in FILE` (of a key `openssl pkey`) writes it as PEM"
    } else {
        "must be PEM: `-----BEGIN …-----` and base64"
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    const DER: [u8; 5] = [0, 1, 2, 3, 4];

    fn pem(label: &str) -> String {
        format!("-----BEGIN {label}-----\nAAEC\nAwQ=\n-----END {label}-----\n")
    }

    #[test]
    fn certificates_as_people_paste_them() {
        let plain = pem("CERTIFICATE");
        for text in [
            plain.clone(),
            format!("subject=CN = a\nissuer=CN = b\n{plain}trailing words"),
            plain.replace('\n', "\r\n"),
            plain.replace('\n', "\\n"),
            plain.replace('\n', " "),
            plain.replace('\n', "\n    "),
            plain.replace("AwQ=", "AwQ"),
            pem("X509 CERTIFICATE"),
            format!("\u{feff}{plain}"),
        ] {
            assert_eq!(certificates(&text).unwrap(), [DER], "{text:?}");
        }
        assert_eq!(certificates(&plain.repeat(3)).unwrap().len(), 3);
    }

    #[test]
    fn what_is_no_certificate_is_told_apart() {
        for (text, words) in [
            (pem("TRUSTED CERTIFICATE"), "openssl x509"),
            (pem("PKCS7"), "-print_certs"),
            (pem("CERTIFICATE REQUEST"), "request"),
            (pem("RSA PRIVATE KEY"), "client_key"),
            (pem("PUBLIC KEY"), "public key"),
            (pem("ODD"), "`ODD`"),
            (
                "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A".to_owned(),
                "first and last line",
            ),
            ("0\u{fffd}\u{1}\u{2}".to_owned(), "DER"),
            ("hello".to_owned(), "must be PEM"),
            (pem("CERTIFICATE").replace("AAEC", "A*EC"), "block 1"),
            (pem("CERTIFICATE").replace("-----END", "----END"), "block 1"),
        ] {
            let said = certificates(&text).unwrap_err();
            assert!(said.contains(words), "{text:?}: {said}");
        }
    }

    #[test]
    fn keys_as_the_usual_tools_write_them() {
        for (text, form) in [
            (pem("PRIVATE KEY"), KeyForm::Pkcs8),
            (pem("RSA PRIVATE KEY"), KeyForm::Pkcs1),
            (
                format!("{}{}", pem("EC PARAMETERS"), pem("EC PRIVATE KEY")),
                KeyForm::Sec1,
            ),
            (
                format!("{}{}", pem("CERTIFICATE"), pem("PRIVATE KEY")),
                KeyForm::Pkcs8,
            ),
            (
                format!("{}{}", pem("PRIVATE KEY"), pem("CERTIFICATE").repeat(2)),
                KeyForm::Pkcs8,
            ),
            (
                format!("Bag Attributes\n  x: y\n{}", pem("PRIVATE KEY")),
                KeyForm::Pkcs8,
            ),
        ] {
            let (found, der) = private_key(&text).unwrap();
            assert_eq!((found, der.expose_secret()), (form, &DER[..]), "{text:?}");
        }
    }

    #[test]
    fn keys_that_cannot_be_used_are_told_apart() {
        let traditional = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00FF\n\nAAECAwQ=\n-----END RSA PRIVATE KEY-----\n";
        for (text, words) in [
            (traditional.to_owned(), "encrypted"),
            (pem("ENCRYPTED PRIVATE KEY"), "encrypted"),
            (pem("OPENSSH PRIVATE KEY"), "ssh-keygen"),
            (pem("DSA PRIVATE KEY"), "DSA"),
            (pem("PUBLIC KEY"), "public key"),
            (pem("CERTIFICATE"), "no private key"),
            (pem("PRIVATE KEY").repeat(2), "several"),
            (pem("ODD"), "`ODD`"),
        ] {
            let said = private_key(&text).unwrap_err();
            assert!(said.contains(words), "{text:?}: {said}");
        }
    }
}
