//! Signatures that receivers verify.
//!
//! Two of them travel with each request. `webhook-signature` follows Standard Webhooks 1.0 and signs the
//! message id, the attempt's time and the body, so that neither can be replayed or exchanged;
//! `x-webhook-signature` signs the body alone, for receivers written before that standard. During a
//! rotation the first holds a signature by each secret whose overlap has not ended; the second can hold only one, by the newest.

use std::{fmt, time::Duration};

use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{SecondsFormat, TimeDelta};
use hmac::{Hmac, KeyInit, Mac};
use rand::{Rng, RngExt};
use secrecy::{ExposeSecret, SecretBox, SecretString};
use sha2::Sha256;

use crate::{
    clock::Timestamp,
    header_rules::SignatureFormat,
    ids::EventId,
    limits::{
        SIGNING_KEY_BYTES_DEFAULT, SIGNING_KEY_BYTES_MAX, SIGNING_KEY_BYTES_MIN,
        SIGNING_SECRETS_MAX,
    },
};

const PREFIX: &str = "whsec_";

type HmacSha256 = Hmac<Sha256>;

/// A webhook's signing secret: the text that its owner copies, and the key that the text encodes.
///
/// Wiped from memory when dropped; `Debug` shows nothing of it.
pub struct SigningSecret {
    text: SecretString,
    key: SecretBox<[u8]>,
}

/// A secret that cannot sign.
#[derive(Debug, Clone, thiserror::Error)]
pub enum InvalidSecret {
    /// The text does not decode.
    #[error("a signing secret is `whsec_` followed by base64")]
    NotBase64,
    /// The key is too short or too long.
    #[error(
        "a signing secret encodes {SIGNING_KEY_BYTES_MIN} to {SIGNING_KEY_BYTES_MAX} bytes, this one encodes {bytes}"
    )]
    Length {
        /// Bytes that the text encodes.
        bytes: usize,
    },
}

impl SigningSecret {
    /// A fresh secret of 32 random bytes.
    pub fn generate(rng: &mut impl Rng) -> Self {
        let key: [u8; SIGNING_KEY_BYTES_DEFAULT] = rng.random();
        Self::from_parts(format!("{PREFIX}{}", STANDARD.encode(key)), key.to_vec())
    }

    /// Reads a secret that its owner brings. The prefix may be missing, as official libraries allow.
    pub fn parse(text: &str) -> Result<Self, InvalidSecret> {
        let encoded = text.strip_prefix(PREFIX).unwrap_or(text);
        let key = STANDARD
            .decode(encoded)
            .map_err(|_| InvalidSecret::NotBase64)?;
        if !(SIGNING_KEY_BYTES_MIN..=SIGNING_KEY_BYTES_MAX).contains(&key.len()) {
            return Err(InvalidSecret::Length { bytes: key.len() });
        }
        Ok(Self::from_parts(text.to_owned(), key))
    }

    fn from_parts(text: String, key: Vec<u8>) -> Self {
        Self {
            text: text.into(),
            key: SecretBox::new(key.into_boxed_slice()),
        }
    }

    /// Whether both sign alike.
    fn is_same_as(&self, other: &Self) -> bool {
        self.key.expose_secret() == other.key.expose_secret()
    }

    /// The text, for its owner's eyes and for sealing.
    pub fn expose(&self) -> &str {
        self.text.expose_secret()
    }
}

impl Clone for SigningSecret {
    fn clone(&self) -> Self {
        Self {
            text: self.text.clone(),
            key: SecretBox::new(self.key.expose_secret().into()),
        }
    }
}

impl fmt::Debug for SigningSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningSecret")
    }
}

/// As many secrets sign as may.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error(
    "{SIGNING_SECRETS_MAX} secrets sign already, and each signs until its overlap ends: rotate after {}, or with overlap_seconds 0",
    free_at.to_rfc3339_opts(SecondsFormat::Secs, true)
)]
pub struct TooManySecrets {
    /// When the first of them ends.
    pub free_at: Timestamp,
}

/// The secret in force, and those before it while they sign too.
#[derive(Debug, Clone)]
pub struct SigningSecrets {
    /// Signs everything.
    pub current: SigningSecret,
    /// Each signs too until its own moment; the newest comes first.
    pub previous: Vec<(SigningSecret, Timestamp)>,
}

impl SigningSecrets {
    /// One secret, no rotation under way.
    pub fn single(current: SigningSecret) -> Self {
        Self {
            current,
            previous: Vec::new(),
        }
    }

    /// The secrets that sign at `now`, the current first.
    pub fn active(&self, now: Timestamp) -> impl Iterator<Item = &SigningSecret> {
        let previous = self
            .previous
            .iter()
            .filter(move |(_, until)| now < *until)
            .map(|(secret, _)| secret);
        std::iter::once(&self.current).chain(previous)
    }

    /// What signs once `new` is in force. The secret before it signs for `overlap` longer, and older ones to their own end: a
    /// receiver that was promised time has it, however often the secret is replaced meanwhile.
    ///
    /// # Errors
    /// [`TooManySecrets`] if more than [`SIGNING_SECRETS_MAX`] would sign.
    pub fn rotated(
        &self,
        new: SigningSecret,
        now: Timestamp,
        overlap: Duration,
    ) -> Result<Self, TooManySecrets> {
        let until = TimeDelta::from_std(overlap)
            .ok()
            .and_then(|overlap| now.checked_add_signed(overlap));
        let replaced = until.map(|until| (self.current.clone(), until));
        let mut previous: Vec<(SigningSecret, Timestamp)> = replaced
            .into_iter()
            .chain(self.previous.iter().cloned())
            .filter(|(secret, until)| now < *until && !secret.is_same_as(&new))
            .collect();
        // A secret that came back and was replaced again signs once, as long as was promised last.
        let mut seen: Vec<SigningSecret> = Vec::new();
        previous.retain(|(secret, _)| {
            let first = !seen.iter().any(|other| other.is_same_as(secret));
            seen.push(secret.clone());
            first
        });
        match previous.iter().map(|(_, until)| *until).min() {
            Some(free_at) if previous.len() >= SIGNING_SECRETS_MAX => {
                Err(TooManySecrets { free_at })
            }
            _ => Ok(Self {
                current: new,
                previous,
            }),
        }
    }
}

fn keyed(key: &[u8]) -> HmacSha256 {
    #[expect(
        clippy::expect_used,
        reason = "RFC 2104: HMAC takes a key of any length"
    )]
    HmacSha256::new_from_slice(key).expect("HMAC takes a key of any length")
}

/// The value of `webhook-signature`: `v1,<base64>` for each active secret, separated by spaces.
///
/// Signs `<id>.<unix seconds>.<body>` (Standard Webhooks 1.0, "Signature scheme").
pub fn standard_signature(
    secrets: &SigningSecrets,
    id: EventId,
    sent_at: Timestamp,
    body: &[u8],
) -> String {
    let seconds = sent_at.timestamp().to_string();
    let mut id_text = uuid::Uuid::encode_buffer();
    let id_text = id.as_uuid().as_hyphenated().encode_lower(&mut id_text);
    let mut value = String::with_capacity(2 * 48);
    for secret in secrets.active(sent_at) {
        if !value.is_empty() {
            value.push(' ');
        }
        value.push_str("v1,");
        STANDARD.encode_string(message_mac(secret, id_text, &seconds, body), &mut value);
    }
    value
}

fn message_mac(
    secret: &SigningSecret,
    id: &str,
    unix_seconds: &str,
    body: &[u8],
) -> impl AsRef<[u8]> + use<> {
    let mut mac = keyed(secret.key.expose_secret());
    mac.update(id.as_bytes());
    mac.update(b".");
    mac.update(unix_seconds.as_bytes());
    mac.update(b".");
    mac.update(body);
    <[u8; 32]>::from(mac.finalize().into_bytes())
}

/// The value of `x-webhook-signature`: HMAC-SHA256 of the body alone, keyed by the secret's text.
pub fn body_signature(secret: &SigningSecret, format: SignatureFormat, body: &[u8]) -> String {
    let mut mac = keyed(secret.expose().as_bytes());
    mac.update(body);
    let digest = mac.finalize().into_bytes();
    match format {
        SignatureFormat::PrefixedHex => format!("sha256={}", hex::encode(digest)),
        SignatureFormat::Hex => hex::encode(digest),
        SignatureFormat::Base64 => STANDARD.encode(digest),
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use proptest::prelude::*;
    use rand::{SeedableRng, rngs::StdRng};

    use super::*;

    fn sign(secret: &str, id: &str, seconds: &str, body: &str) -> String {
        let secret = SigningSecret::parse(secret).unwrap();
        format!(
            "v1,{}",
            STANDARD.encode(message_mac(&secret, id, seconds, body.as_bytes()))
        )
    }

    /// Published vectors of the Standard Webhooks libraries.
    #[test]
    fn agrees_with_the_published_vectors() {
        assert_eq!(
            sign(
                "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
                "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk",
                "1649367553",
                r#"{"email":"test@example.com","username":"test_user"}"#
            ),
            "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw="
        );
        assert_eq!(
            sign(
                "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                "msg_p5jXN8AQM9LWM0D4loKWxJek",
                "1614265330",
                r#"{"test": 2432232314}"#
            ),
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
        );
    }

    /// RFC 4231, test case 2, in each spelling.
    #[test]
    fn the_body_signature_is_plain_hmac_sha256() {
        let secret = SigningSecret::from_parts("Jefe".to_owned(), Vec::new());
        let hex = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        let body = b"what do ya want for nothing?";
        assert_eq!(body_signature(&secret, SignatureFormat::Hex, body), hex);
        assert_eq!(
            body_signature(&secret, SignatureFormat::PrefixedHex, body),
            format!("sha256={hex}")
        );
        assert_eq!(
            body_signature(&secret, SignatureFormat::Base64, body),
            STANDARD.encode(hex::decode(hex).unwrap())
        );
    }

    #[test]
    fn takes_keys_of_24_to_64_bytes() {
        for (bytes, fits) in [(23, false), (24, true), (32, true), (64, true), (65, false)] {
            let text = format!("{PREFIX}{}", STANDARD.encode(vec![7; bytes]));
            assert_eq!(SigningSecret::parse(&text).is_ok(), fits, "{bytes} bytes");
        }
        assert!(matches!(
            SigningSecret::parse("whsec_not base64"),
            Err(InvalidSecret::NotBase64)
        ));
    }

    #[test]
    fn debug_shows_nothing_of_a_secret() {
        let secret = SigningSecret::generate(&mut StdRng::seed_from_u64(1));
        let shown = format!("{:?}", SigningSecrets::single(secret.clone()));
        assert!(!shown.contains(&secret.expose()[6..20]), "{shown}");
    }

    #[test]
    fn each_secret_signs_until_its_own_end() {
        let mut rng = StdRng::seed_from_u64(3);
        let mut secret = || SigningSecret::generate(&mut rng);
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let at = |seconds| now + TimeDelta::seconds(seconds);
        let hour = Duration::from_secs(3_600);
        let texts = |secrets: &SigningSecrets, seconds| {
            let active = secrets.active(at(seconds));
            active
                .map(|one| one.expose().to_owned())
                .collect::<Vec<_>>()
        };
        let (a, b, c) = (secret(), secret(), secret());
        let [x, y, z] = [&a, &b, &c].map(|one| one.expose().to_owned());
        let first = SigningSecrets::single(a.clone())
            .rotated(b.clone(), now, 2 * hour)
            .unwrap();
        let second = first.rotated(c, at(60), hour).unwrap();
        assert_eq!(texts(&second, 60), [&*z, &*y, &*x]);
        // The one between was promised less.
        assert_eq!(texts(&second, 3_660), [&*z, &*x]);
        assert_eq!(texts(&second, 7_200), [&*z]);
        // At once means the one that is replaced, and nobody signs twice.
        let back = second.rotated(a, at(120), Duration::ZERO).unwrap();
        assert_eq!(texts(&back, 120), [&*x, &*y]);
        let again = back.rotated(b, at(180), hour).unwrap();
        assert_eq!(texts(&again, 180), [&*y, &*x]);
    }

    #[test]
    fn no_more_secrets_sign_than_fit_a_header() {
        let mut rng = StdRng::seed_from_u64(3);
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let day = Duration::from_secs(86_400);
        let mut secrets = SigningSecrets::single(SigningSecret::generate(&mut rng));
        for hours in 1..SIGNING_SECRETS_MAX {
            let at = now + TimeDelta::hours(i64::try_from(hours).unwrap());
            secrets = secrets
                .rotated(SigningSecret::generate(&mut rng), at, day)
                .unwrap();
        }
        let later = now + TimeDelta::hours(9);
        assert_eq!(secrets.active(later).count(), SIGNING_SECRETS_MAX);
        let signature = standard_signature(
            &secrets,
            EventId::from_uuid(uuid::Uuid::nil()),
            later,
            b"{}",
        );
        assert!(
            signature.len() < SIGNING_SECRETS_MAX * 48,
            "{}",
            signature.len()
        );
        let mut next = |overlap| secrets.rotated(SigningSecret::generate(&mut rng), later, overlap);
        let refused = next(day).unwrap_err();
        assert_eq!(refused.free_at, now + TimeDelta::hours(25));
        assert!(refused.to_string().contains("2027-01-"), "{refused}");
        assert_eq!(
            next(Duration::ZERO).unwrap().active(later).count(),
            SIGNING_SECRETS_MAX
        );
    }

    proptest! {
        /// The official library signs the same, whatever the bytes; both secrets during an overlap, then one.
        #[test]
        fn the_official_library_agrees(seed: u64, body: String, id: u128, seconds in 1_000_000_000_i64..4_000_000_000) {
            let mut rng = StdRng::seed_from_u64(seed);
            let (old, new) = (SigningSecret::generate(&mut rng), SigningSecret::generate(&mut rng));
            let sent_at = DateTime::from_timestamp(seconds, 0).unwrap();
            let until = sent_at + chrono::TimeDelta::seconds(1);
            let id = EventId::from_uuid(uuid::Uuid::from_u128(id));
            let mut secrets = SigningSecrets { current: new, previous: vec![(old, until)] };
            let official = |secret: &SigningSecret| {
                let library = standardwebhooks::Webhook::new(secret.expose()).unwrap();
                library.sign(&id.to_string(), seconds, body.as_bytes()).unwrap()
            };
            let during = standard_signature(&secrets, id, sent_at, body.as_bytes());
            let old = secrets.previous[0].0.clone();
            prop_assert_eq!(during, format!("{} {}", official(&secrets.current), official(&old)));
            secrets.previous = vec![(old, sent_at)];
            prop_assert_eq!(standard_signature(&secrets, id, sent_at, body.as_bytes()), official(&secrets.current));
        }
    }
}
