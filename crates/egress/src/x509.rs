//! The little that is read from certificates beside what verifies them.
//!
//! Nothing here decides whom to trust. It finds the words for a refusal, and the order of a chain that we show ourselves; a
//! certificate that cannot be read has none of what is asked for.

use rustls::pki_types::CertificateDer;
use x509_cert::{
    certificate::{CertificateInner, Raw},
    der::{Decode, Encode, Reader, SliceReader, asn1::UintRef, oid::ObjectIdentifier},
};

/// Shortest RSA key that signs for anybody (NIST SP 800-131A; the TLS library refuses shorter ones).
pub(crate) const RSA_BITS_MIN: usize = 2048;

const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");

/// A certificate of any version, read leniently.
pub(crate) struct Certificate(CertificateInner<Raw>);

impl Certificate {
    pub(crate) fn read(der: &CertificateDer<'_>) -> Option<Self> {
        CertificateInner::from_der(der).ok().map(Self)
    }

    /// The public key with its algorithm, as DER.
    pub(crate) fn public_key(&self) -> Option<Vec<u8>> {
        let tbs = self.0.tbs_certificate();
        tbs.subject_public_key_info().to_der().ok()
    }

    /// Whether it says of itself that nobody else signed it.
    pub(crate) fn is_self_issued(&self) -> bool {
        let tbs = self.0.tbs_certificate();
        tbs.issuer() == tbs.subject()
    }

    /// Whether it says that `other` signed it.
    pub(crate) fn is_issued_by(&self, other: &Self) -> bool {
        self.0.tbs_certificate().issuer() == other.0.tbs_certificate().subject()
    }

    /// The length of its RSA key, if that is too short to be used.
    pub(crate) fn short_rsa_bits(&self) -> Option<usize> {
        let key = self.0.tbs_certificate().subject_public_key_info();
        if key.algorithm.oid != RSA {
            return None;
        }
        let mut reader = SliceReader::new(key.subject_public_key.raw_bytes()).ok()?;
        // RFC 8017, appendix A.1.1.
        let modulus = reader
            .sequence(|key| {
                let modulus = UintRef::decode(key)?;
                UintRef::decode(key)?;
                Ok::<_, x509_cert::der::Error>(modulus.as_bytes().to_vec())
            })
            .ok()?;
        let leading_zeros = modulus.first()?.leading_zeros();
        let bits = (modulus.len() * 8).checked_sub(usize::try_from(leading_zeros).ok()?)?;
        (bits < RSA_BITS_MIN).then_some(bits)
    }
}

#[cfg(test)]
mod tests {
    use rustls::pki_types::pem::PemObject;

    use super::*;

    fn read(pem: &str) -> Certificate {
        Certificate::read(&CertificateDer::from_pem_slice(pem.as_bytes()).unwrap()).unwrap()
    }

    #[test]
    fn short_keys_are_told_from_the_rest() {
        let short = include_str!("../tests/exchange/certificates/client-rsa1024.pem");
        assert_eq!(read(short).short_rsa_bits(), Some(1024));
        for fine in [
            include_str!("../tests/exchange/certificates/client-rsa.pem"),
            include_str!("../tests/exchange/certificates/client-ed25519.pem"),
            include_str!("../tests/exchange/certificates/client-version-1.pem"),
        ] {
            assert_eq!(read(fine).short_rsa_bits(), None);
        }
    }

    #[test]
    fn reads_who_signed_it() {
        let own = read(include_str!(
            "../tests/exchange/certificates/self-signed.pem"
        ));
        let authority = read(include_str!("../tests/exchange/certificates/ca.pem"));
        let below = read(include_str!("../tests/exchange/certificates/version-1.pem"));
        assert!(own.is_self_issued() && authority.is_self_issued() && !below.is_self_issued());
        assert!(below.is_issued_by(&authority) && !below.is_issued_by(&own));
        assert!(Certificate::read(&CertificateDer::from(vec![0, 1, 2])).is_none());
    }
}
