//! Signing secrets and signatures: what is signed verifies with the official library, and nothing else does.

use arbitrary::Arbitrary;
use http::{HeaderMap, HeaderValue};
use posthorn_domain::{
    Clock, EventId, SignatureFormat, SigningSecret, SigningSecrets, SystemClock, body_signature,
    standard_signature,
};
use standardwebhooks::Webhook;

use crate::read;

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    key: [u8; 32],
    secret: &'a str,
    id: u128,
    body: &'a str,
    other_body: &'a str,
    presented: &'a [u8],
}

/// Panics where something that must hold does not.
pub fn check(bytes: &[u8]) {
    if let Some(input) = read(bytes) {
        judge(&input);
    }
}

fn judge(input: &Input<'_>) {
    // A secret that somebody brings.
    if let Ok(secret) = SigningSecret::parse(input.secret) {
        assert_eq!(secret.expose(), input.secret);
        assert!(!format!("{secret:?}").contains(input.secret));
        verifies(&secret, input);
    }
    let text = format!("whsec_{}", encode(&input.key));
    verifies(
        &SigningSecret::parse(&text).expect("32 bytes are a key"),
        input,
    );
}

fn verifies(secret: &SigningSecret, input: &Input<'_>) {
    let Ok(webhook) = Webhook::new(secret.expose()) else {
        return;
    };
    let now = SystemClock.now();
    let id = EventId::from_uuid(uuid::Uuid::from_u128(input.id));
    let secrets = SigningSecrets::single(secret.clone());
    let signature = standard_signature(&secrets, id, now, input.body.as_bytes());

    let mut headers = HeaderMap::new();
    let set = |headers: &mut HeaderMap, name: &'static str, value: &str| {
        headers.insert(name, HeaderValue::from_str(value).expect("plain ASCII"));
    };
    set(&mut headers, "webhook-id", &id.to_string());
    set(
        &mut headers,
        "webhook-timestamp",
        &now.timestamp().to_string(),
    );
    set(&mut headers, "webhook-signature", &signature);
    webhook
        .verify(input.body.as_bytes(), &headers)
        .expect("what was signed verifies");
    if input.other_body != input.body {
        assert!(
            webhook
                .verify(input.other_body.as_bytes(), &headers)
                .is_err()
        );
    }
    // What a stranger presents, whatever it is, is worth nothing unless it holds that very signature.
    if let Ok(presented) = HeaderValue::from_bytes(input.presented) {
        let holds = presented
            .to_str()
            .is_ok_and(|text| text.contains(&signature));
        headers.insert("webhook-signature", presented);
        assert!(holds || webhook.verify(input.body.as_bytes(), &headers).is_err());
    }

    let body = input.body.as_bytes();
    let hex = body_signature(secret, SignatureFormat::Hex, body);
    assert_eq!(hex.len(), 64);
    assert_eq!(
        body_signature(secret, SignatureFormat::PrefixedHex, body),
        format!("sha256={hex}")
    );
    assert_eq!(
        body_signature(secret, SignatureFormat::Base64, body).len(),
        44
    );
}

/// Base64 as text, written out here so that it is not the code under test that makes it.
fn encode(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    bytes
        .chunks(3)
        .flat_map(|chunk| {
            let bits = (0..3).fold(0_u32, |bits, at| {
                (bits << 8) | u32::from(chunk.get(at).copied().unwrap_or(0))
            });
            (0..4).map(move |at| {
                if at > chunk.len() {
                    return '=';
                }
                char::from(ALPHABET[((bits >> (18 - 6 * at)) & 63) as usize])
            })
        })
        .collect()
}
