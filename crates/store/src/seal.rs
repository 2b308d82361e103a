//! Secrets at rest.
//!
//! Layout of a sealed value: one byte of format (1), four bytes of key id, 24 bytes of nonce, then the
//! ciphertext with its tag (XChaCha20-Poly1305). The key id is the beginning of the key's SHA-256, so a list of
//! keys can be reordered. Table, column and row are authenticated with it: a value that somebody moves to
//! another row or column of the database does not open there.
//!
//! Not guaranteed: an old value of the same place can be put back, and lengths are visible.

use std::{fmt, str::FromStr, sync::Arc};

use base64::{Engine, engine::general_purpose::STANDARD};
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use posthorn_domain::OperationalKeys;
use rand::{Rng, RngExt};
use secrecy::{ExposeSecret, SecretSlice};
use sha2::{Digest, Sha256};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::error::StoreError;

const FORMAT: u8 = 1;
const KEY_BYTES: usize = 32;
const KEY_ID_BYTES: usize = 4;
const NONCE_BYTES: usize = 24;
const HEADER_BYTES: usize = 1 + KEY_ID_BYTES + NONCE_BYTES;

/// The keys that seal secrets at rest: the first seals, all open.
///
/// Parsed from base64 of 32 bytes each, separated by commas or white space. To rotate, put a new key first.
#[derive(Debug, Clone)]
pub struct MasterKeys(Arc<[MasterKey]>);

#[derive(Debug)]
struct MasterKey {
    id: [u8; KEY_ID_BYTES],
    key: SecretSlice<u8>,
}

/// What tells one master key from another: the beginning of its SHA-256. Shows nothing of the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MasterKeyId(pub(crate) [u8; KEY_ID_BYTES]);

impl fmt::Display for MasterKeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08x}", u32::from_be_bytes(self.0))
    }
}

/// A list of master keys that cannot be used. Shows nothing of the keys.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidMasterKeys {
    /// The list is empty.
    #[error("at least one master key is needed: 32 bytes in base64")]
    Empty,
    /// One of the keys is not base64 of 32 bytes.
    #[error("master key {position} is not 32 bytes in base64")]
    Key {
        /// Which one, counted from 1.
        position: usize,
    },
}

impl FromStr for MasterKeys {
    type Err = InvalidMasterKeys;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let keys = text
            .split(|c: char| c == ',' || c.is_whitespace())
            .filter(|key| !key.is_empty())
            .enumerate()
            .map(|(index, encoded)| {
                let position = index + 1;
                let key = STANDARD
                    .decode(encoded)
                    .map(Zeroizing::new)
                    .ok()
                    .filter(|key| key.len() == KEY_BYTES)
                    .ok_or(InvalidMasterKeys::Key { position })?;
                Ok(MasterKey::new(&key))
            })
            .collect::<Result<Arc<[_]>, _>>()?;
        if keys.is_empty() {
            return Err(InvalidMasterKeys::Empty);
        }
        Ok(Self(keys))
    }
}

impl MasterKey {
    fn new(key: &[u8]) -> Self {
        let mut id = [0; KEY_ID_BYTES];
        id.copy_from_slice(&Sha256::digest(key)[..KEY_ID_BYTES]);
        Self {
            id,
            key: SecretSlice::from(key.to_vec()),
        }
    }

    fn cipher(&self) -> Result<XChaCha20Poly1305, StoreError> {
        XChaCha20Poly1305::new_from_slice(self.key.expose_secret())
            .map_err(|_| StoreError::Corrupt("a master key is not 32 bytes".to_owned()))
    }
}

/// Where a sealed value lives. It opens nowhere else.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    pub(crate) table: &'static str,
    pub(crate) column: &'static str,
    pub(crate) row: Uuid,
}

impl Place {
    /// Neither name holds a `/`, and an id's text has one length: no two places read the same.
    fn to_bytes(self) -> Vec<u8> {
        format!("posthorn/{}/{}/{}", self.table, self.column, self.row).into_bytes()
    }
}

impl MasterKeys {
    /// The ids of the keys, in their order. The first seals.
    pub fn ids(&self) -> impl Iterator<Item = MasterKeyId> {
        self.0.iter().map(|key| MasterKeyId(key.id))
    }

    /// The keys that sign operational events, one of each of these.
    pub fn operational_keys(&self) -> OperationalKeys {
        let keys = self.0.iter();
        OperationalKeys::derive(
            keys.map(|key| (u32::from_be_bytes(key.id), key.key.expose_secret())),
        )
    }

    pub(crate) fn seal(
        &self,
        place: Place,
        secret: &[u8],
        rng: &mut impl Rng,
    ) -> Result<Vec<u8>, StoreError> {
        let key = self
            .0
            .first()
            .ok_or_else(|| StoreError::Configuration(InvalidMasterKeys::Empty.to_string()))?;
        let nonce: [u8; NONCE_BYTES] = rng.random();
        let ciphertext = key
            .cipher()?
            .encrypt(
                &XNonce::from(nonce),
                Payload {
                    msg: secret,
                    aad: &place.to_bytes(),
                },
            )
            .map_err(|_| StoreError::Configuration("a secret is too long to seal".to_owned()))?;
        let mut sealed = Vec::with_capacity(HEADER_BYTES + ciphertext.len());
        sealed.push(FORMAT);
        sealed.extend_from_slice(&key.id);
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(&ciphertext);
        Ok(sealed)
    }

    pub(crate) fn open(
        &self,
        place: Place,
        sealed: &[u8],
    ) -> Result<Zeroizing<String>, StoreError> {
        let corrupt = |what: &str| {
            let Place { table, column, row } = place;
            StoreError::Corrupt(format!("{column} of {table} {row} {what}"))
        };
        let (format, rest) = sealed.split_first().ok_or_else(|| corrupt("is empty"))?;
        if *format != FORMAT {
            return Err(corrupt("has a format that this version does not know"));
        }
        let (id, rest) = rest
            .split_first_chunk::<KEY_ID_BYTES>()
            .ok_or_else(|| corrupt("is cut short"))?;
        let (nonce, ciphertext) = rest
            .split_first_chunk::<NONCE_BYTES>()
            .ok_or_else(|| corrupt("is cut short"))?;
        // Key ids are short: two keys may share one, so each that fits is tried.
        let mut keys = self.0.iter().filter(|key| key.id == *id).peekable();
        if keys.peek().is_none() {
            return Err(corrupt(
                "is sealed with a master key that is not in the list",
            ));
        }
        let aad = place.to_bytes();
        for key in keys {
            let payload = Payload {
                msg: ciphertext,
                aad: &aad,
            };
            if let Ok(secret) = key.cipher()?.decrypt(&XNonce::from(*nonce), payload) {
                return String::from_utf8(secret)
                    .map(Zeroizing::new)
                    .map_err(|_| corrupt("is not text"));
            }
        }
        Err(corrupt("was changed, or moved there from another place"))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rand::{SeedableRng, rngs::StdRng};

    use super::*;

    const OLD: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    const NEW: &str = "//79/Pv6+fj39vX08/Lx8O/u7ezr6uno5+bl5OPi4eA=";

    fn keys(text: &str) -> MasterKeys {
        text.parse().unwrap()
    }

    fn place(column: &'static str, row: u128) -> Place {
        Place {
            table: "webhooks",
            column,
            row: Uuid::from_u128(row),
        }
    }

    fn sealed(by: &str, at: Place) -> Vec<u8> {
        keys(by)
            .seal(at, b"whsec_x", &mut StdRng::seed_from_u64(1))
            .unwrap()
    }

    fn words(result: Result<Zeroizing<String>, StoreError>) -> String {
        result.unwrap_err().to_string()
    }

    #[test]
    fn a_list_of_keys_is_read_or_refused_without_showing_them() {
        assert_eq!(keys(&format!(" {NEW},\n{OLD} ")).0.len(), 2);
        assert_eq!(
            " , ".parse::<MasterKeys>().unwrap_err(),
            InvalidMasterKeys::Empty
        );
        let short = STANDARD.encode([7; 31]);
        for bad in ["x", &short] {
            let error = format!("{NEW} {bad}").parse::<MasterKeys>().unwrap_err();
            assert_eq!(error, InvalidMasterKeys::Key { position: 2 });
            assert!(!error.to_string().contains(bad) || bad == "x");
        }
        let shown = format!("{:?}", keys(NEW));
        assert!(!shown.contains(NEW) && !shown.contains("255"), "{shown}");
    }

    #[test]
    fn after_a_rotation_the_old_opens_and_the_new_seals() {
        let here = place("sealed_secret", 1);
        let old = sealed(OLD, here);
        let rotated = keys(&format!("{NEW},{OLD}"));
        assert_eq!(rotated.open(here, &old).unwrap().as_str(), "whsec_x");
        let new = sealed(&format!("{NEW},{OLD}"), here);
        assert_eq!(keys(NEW).open(here, &new).unwrap().as_str(), "whsec_x");
        assert!(words(keys(OLD).open(here, &new)).contains("not in the list"));
    }

    #[test]
    fn a_value_opens_in_its_own_place_alone() {
        let sealed = sealed(OLD, place("sealed_secret", 1));
        for elsewhere in [
            place("sealed_secret", 2),
            place("sealed_auth", 1),
            Place {
                table: "tenants",
                ..place("sealed_secret", 1)
            },
        ] {
            assert!(words(keys(OLD).open(elsewhere, &sealed)).contains("moved"));
        }
    }

    #[test]
    fn what_is_signed_names_its_master_key_as_the_sealed_do() {
        let parts = posthorn_domain::SignedParts {
            subject: "posthorn.events.a.webhook.failing",
            event_id: "e",
            timestamp: "t",
            about: "w",
            body: b"{}",
        };
        let now = posthorn_domain::from_unix_ms(1_772_784_001_000);
        let signature = keys(NEW).operational_keys().sign(&parts, now).unwrap();
        let id = keys(NEW).ids().next().unwrap().to_string();
        assert!(signature.contains(&id), "{signature} of {id}");
        let verify = |list: &str| {
            let keys = keys(list).operational_keys();
            keys.verify(&parts, Some(&signature), now)
        };
        assert_eq!(verify(&format!("{OLD},{NEW}")), Ok(()));
        assert_eq!(
            verify(OLD),
            Err(posthorn_domain::NotGenuine::UnknownKey(id))
        );
    }

    #[test]
    fn each_sealing_has_a_nonce_of_its_own() {
        let mut rng = StdRng::seed_from_u64(1);
        let mut seal = || keys(OLD).seal(place("c", 1), b"s", &mut rng).unwrap();
        assert_ne!(seal(), seal());
    }

    proptest! {
        #[test]
        fn a_changed_byte_is_noticed(secret in ".{0,80}", at: prop::sample::Index, flip in 1_u8..) {
            let here = place("sealed_secret", 1);
            let mut value = keys(OLD).seal(here, secret.as_bytes(), &mut StdRng::seed_from_u64(1)).unwrap();
            let opened = keys(OLD).open(here, &value).unwrap();
            prop_assert_eq!(opened.as_str(), secret.as_str());
            let at = at.index(value.len());
            value[at] ^= flip;
            prop_assert!(keys(OLD).open(here, &value).is_err());
            value.truncate(at);
            prop_assert!(keys(OLD).open(here, &value).is_err());
        }
    }
}
