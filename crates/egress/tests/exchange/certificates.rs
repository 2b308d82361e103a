//! Certificates and keys as the usual tools make them: what is taken, and the reason why the rest is not.

use std::sync::Arc;

use posthorn_domain::{Failure, FieldError, Tls, TlsInput};
use posthorn_egress::{Client, FailedExchange, check_tls};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, ExtendedKeyUsagePurpose, GeneralSubtree,
    IsCa, KeyPair, NameConstraints,
};
use rustls::{
    ServerConfig,
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    sign::{CertifiedKey, SingleCertAndKey},
};

use crate::{
    answered, failed, request,
    tls::{Authority, Loopback, hooks_example, receiver, url},
};

macro_rules! pem {
    ($name:literal) => {
        include_str!(concat!("certificates/", $name, ".pem"))
    };
}

/// A receiver's handshake. The library would not show each of these certificates, so it is not asked.
fn showing(chain: Vec<CertificateDer<'static>>, key: PrivateKeyDer<'static>) -> ServerConfig {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let key = provider.key_provider.load_private_key(key).unwrap();
    let shown = SingleCertAndKey::from(CertifiedKey::new(chain, key));
    ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(shown))
}

fn showing_pem(certificate: &str) -> ServerConfig {
    let certificate = CertificateDer::from_pem_slice(certificate.as_bytes()).unwrap();
    let key = PrivateKeyDer::from_pem_slice(pem!("server-key").as_bytes()).unwrap();
    showing(vec![certificate], key)
}

fn showing_made(chain: &[&CertificateDer<'static>], key: &KeyPair) -> ServerConfig {
    let chain = chain.iter().map(|one| (*one).clone()).collect();
    showing(chain, PrivateKeyDer::try_from(key.serialize_der()).unwrap())
}

/// What comes of a request to a receiver when the webhook names this authority.
async fn outcome(shown: ServerConfig, named: &str) -> Result<u16, FailedExchange> {
    let receiver = receiver(shown).await;
    let client = Client::with_lookup(crate::config(), Arc::new(Loopback)).unwrap();
    let mut request = request(&url(receiver.address));
    let tls = tls(None, None, Some(named)).unwrap();
    check_tls(&tls).unwrap();
    request.tls = Some(Arc::new(tls));
    let exchange = client.post(request).await;
    match exchange.outcome {
        Ok(_) => Ok(answered(exchange).status),
        Err(_) => Err(failed(exchange)),
    }
}

fn tls(
    certificate: Option<&str>,
    key: Option<&str>,
    authority: Option<&str>,
) -> Result<Tls, Vec<FieldError>> {
    let input = TlsInput {
        client_certificate: certificate.map(str::to_owned),
        client_key: key.map(str::to_owned),
        ca_certificate: authority.map(str::to_owned),
    };
    Tls::validate(input).map(Option::unwrap)
}

async fn refused(shown: ServerConfig, named: &str, failure: Failure, words: &str) {
    let refused = outcome(shown, named).await.unwrap_err();
    assert_eq!(refused.failure, failure, "{words}: {refused}");
    assert!(refused.message.contains(words), "{words}: {refused}");
}

#[tokio::test]
async fn each_refusal_has_its_reason() {
    let bad = Failure::TlsBadCertificate;
    let authority = pem!("ca");
    refused(showing_pem(pem!("sha1")), authority, bad, "SHA-1").await;
    refused(showing_pem(pem!("version-1")), authority, bad, "version 1").await;
    let short = showing_pem(pem!("under-short-ca"));
    refused(short, pem!("short-ca"), bad, "RSA key of 1024 bits").await;
    let untrusted = Failure::TlsUntrusted;
    refused(
        showing_pem(pem!("self-signed")),
        authority,
        untrusted,
        "self-signed",
    )
    .await;
    refused(
        showing_pem(pem!("under-short-ca")),
        authority,
        untrusted,
        "not trusted",
    )
    .await;
}

#[tokio::test]
async fn each_constraint_has_its_reason() {
    let bad = Failure::TlsBadCertificate;
    let authority = Authority::new("Trusted");
    let named = authority.0.pem();
    let key = KeyPair::generate().unwrap();

    let signed = |params: &CertificateParams| {
        let certificate = params.signed_by(&key, &authority.0).unwrap();
        showing_made(&[certificate.der()], &key)
    };
    let mut for_clients = hooks_example();
    for_clients.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    refused(signed(&for_clients), &named, bad, "serverAuth").await;
    let mut an_authority = hooks_example();
    an_authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    refused(signed(&an_authority), &named, bad, "CA:TRUE").await;
    let mut nameless = CertificateParams::new([]).unwrap();
    nameless
        .distinguished_name
        .push(rcgen::DnType::CommonName, "hooks.example");
    refused(
        signed(&nameless),
        &named,
        Failure::TlsWrongHost,
        "subjectAltName",
    )
    .await;

    // Signed by a certificate that the authority signed.
    let below = |params: CertificateParams, issuer: &CertifiedIssuer<'static, KeyPair>| {
        let issuer = CertifiedIssuer::signed_by(params, KeyPair::generate().unwrap(), issuer);
        let issuer = issuer.unwrap();
        let certificate = hooks_example().signed_by(&key, &issuer).unwrap();
        (
            showing_made(&[certificate.der(), issuer.der()], &key),
            issuer,
        )
    };
    let mut middle = CertificateParams::new([]).unwrap();
    middle
        .distinguished_name
        .push(rcgen::DnType::OrganizationName, "Middle");
    let (by_none, _) = below(middle.clone(), &authority.0);
    refused(by_none, &named, bad, "no authority's").await;
    middle.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    middle.name_constraints = Some(NameConstraints {
        permitted_subtrees: vec![GeneralSubtree::DnsName("other.example".to_owned())],
        excluded_subtrees: Vec::new(),
    });
    let (elsewhere, _) = below(middle.clone(), &authority.0);
    refused(elsewhere, &named, bad, "name constraints").await;

    middle.name_constraints = None;
    middle.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    let (fine, lowest) = below(middle.clone(), &authority.0);
    assert_eq!(outcome(fine, &named).await, Ok(200));
    let mut lower = CertificateParams::new([]).unwrap();
    lower.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    lower
        .distinguished_name
        .push(rcgen::DnType::OrganizationName, "Lower");
    let lower = CertifiedIssuer::signed_by(lower, KeyPair::generate().unwrap(), &lowest).unwrap();
    let certificate = hooks_example().signed_by(&key, &lower).unwrap();
    let chain = [certificate.der(), lower.der(), lowest.der()];
    refused(showing_made(&chain, &key), &named, bad, "path length").await;
}

/// What `openssl req -x509` makes is an authority's certificate, and a server shows it all the same.
#[tokio::test]
async fn the_very_certificate_that_is_named_is_trusted() {
    let own = pem!("self-signed");
    assert_eq!(outcome(showing_pem(own), own).await, Ok(200));
    // Among others, in any order.
    for several in [
        format!("{}{own}", pem!("ca")),
        format!("{own}{}", pem!("ca")),
    ] {
        assert_eq!(outcome(showing_pem(own), &several).await, Ok(200));
    }
    // One that somebody else signed whom nobody named.
    let unknown = Authority::new("Unknown");
    let key = KeyPair::generate().unwrap();
    let certificate = hooks_example().signed_by(&key, &unknown.0).unwrap();
    let shown = || showing_made(&[certificate.der()], &key);
    assert_eq!(outcome(shown(), &certificate.pem()).await, Ok(200));
    // And one whose signature is of a kind that is not supported: it is that very one.
    assert_eq!(
        outcome(showing_pem(pem!("sha1")), pem!("sha1")).await,
        Ok(200)
    );
}

#[tokio::test]
async fn the_certificate_that_is_named_must_be_valid_for_the_host() {
    let nameless = pem!("self-signed-without-host");
    refused(
        showing_pem(nameless),
        nameless,
        Failure::TlsWrongHost,
        "subjectAltName",
    )
    .await;

    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(["other.example".to_owned()]).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let elsewhere = params.self_signed(&key).unwrap();
    let shown = showing_made(&[elsewhere.der()], &key);
    refused(
        shown,
        &elsewhere.pem(),
        Failure::TlsWrongHost,
        "another host",
    )
    .await;

    let mut params = hooks_example();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.not_before = rcgen::date_time_ymd(2020, 1, 1);
    params.not_after = rcgen::date_time_ymd(2021, 1, 1);
    let expired = params.self_signed(&key).unwrap();
    let shown = showing_made(&[expired.der()], &key);
    refused(
        shown,
        &expired.pem(),
        Failure::TlsExpired,
        "expired on 2021-01-01",
    )
    .await;
}

/// What is named is trusted by itself, not whatever says the same of itself.
#[tokio::test]
async fn another_certificate_of_the_same_name_is_not_trusted() {
    let key = KeyPair::generate().unwrap();
    let mut params = hooks_example();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let named = params.self_signed(&key).unwrap();
    let other_key = KeyPair::generate().unwrap();
    let other = params.self_signed(&other_key).unwrap();
    let shown = showing_made(&[other.der()], &other_key);
    assert!(outcome(shown, &named.pem()).await.is_err());
    // The certificate alone is everybody's; without its key it is worth nothing.
    let shown = showing_made(&[named.der()], &other_key);
    assert!(outcome(shown, &named.pem()).await.is_err());
}

/// Keys of each kind and form, as OpenSSL writes them.
#[test]
fn every_usual_key_is_taken() {
    for (certificate, key) in [
        (pem!("client-rsa"), pem!("client-rsa-key")),
        (pem!("client-rsa"), pem!("client-rsa-pkcs8-key")),
        (pem!("client-prime256v1"), pem!("client-prime256v1-key")),
        (pem!("client-secp384r1"), pem!("client-secp384r1-key")),
        (pem!("client-secp521r1"), pem!("client-secp521r1-key")),
        (pem!("client-ed25519"), pem!("client-ed25519-key")),
        (pem!("client-version-1"), pem!("client-prime256v1-key")),
    ] {
        let check = |certificate: &str, key: &str| {
            let tls = tls(Some(certificate), Some(key), None).unwrap();
            assert_eq!(check_tls(&tls), Ok(()), "{key}");
        };
        check(certificate, key);
        check(
            &certificate.replace('\n', "\r\n"),
            &key.replace('\n', "\r\n"),
        );
        check(
            &format!("{}{certificate}", pem!("ca")),
            &format!("{certificate}{key}"),
        );
        check(
            &format!("Words\n{certificate}"),
            &format!("Bag Attributes: x\n{key}"),
        );
    }
}

#[test]
fn every_other_key_has_its_reason() {
    for (certificate, key, field, words) in [
        (
            pem!("client-rsa"),
            pem!("client-rsa-encrypted-key"),
            "tls.client_key",
            "encrypted",
        ),
        (
            pem!("client-rsa"),
            pem!("client-rsa-encrypted-pkcs8-key"),
            "tls.client_key",
            "encrypted",
        ),
        (
            pem!("client-rsa"),
            pem!("client-rsa"),
            "tls.client_key",
            "no private key",
        ),
        (
            pem!("client-rsa-key"),
            pem!("client-rsa-key"),
            "tls.client_certificate",
            "client_key",
        ),
        (
            pem!("client-rsa"),
            pem!("client-ed25519-key"),
            "tls.client_key",
            "does not belong",
        ),
        (
            pem!("client-version-1"),
            pem!("client-ed25519-key"),
            "tls.client_key",
            "does not belong",
        ),
        (
            pem!("client-rsa1024"),
            pem!("client-rsa1024-key"),
            "tls.client_key",
            "1024 bits",
        ),
        (
            pem!("client-secp256k1"),
            pem!("client-secp256k1-key"),
            "tls.client_key",
            "P-256",
        ),
    ] {
        let checked = match tls(Some(certificate), Some(key), None) {
            Ok(tls) => vec![check_tls(&tls).unwrap_err()],
            Err(errors) => errors,
        };
        let error = checked.iter().find(|error| error.field == field);
        let error = error.unwrap_or_else(|| panic!("{words}: {checked:?}"));
        assert!(error.detail.contains(words), "{words}: {}", error.detail);
    }
}
