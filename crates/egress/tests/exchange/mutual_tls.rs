//! Certificates that we show, and authorities of a webhook's own.

use std::sync::Arc;

use posthorn_domain::{Failure, FailureKind, Tls, TlsInput};
use posthorn_egress::{Client, check_tls};
use rcgen::{CertificateParams, KeyPair};
use rustls::{
    RootCertStore, ServerConfig, crypto::aws_lc_rs, pki_types::PrivateKeyDer,
    server::WebPkiClientVerifier,
};

use crate::{
    answered, failed, request,
    tls::{Authority, Loopback, hooks_example, receiver, url},
};

/// A certificate and its key, in PEM.
fn identity(authority: &Authority) -> (String, String) {
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(["posthorn.example".to_owned()]).unwrap();
    let certificate = params.signed_by(&key, &authority.0).unwrap();
    (certificate.pem(), key.serialize_pem())
}

/// Serves those alone who show a certificate of this authority.
fn demanding(authority: &Authority) -> ServerConfig {
    let mut roots = RootCertStore::empty();
    roots.add(authority.0.der().clone()).unwrap();
    let provider = Arc::new(aws_lc_rs::default_provider());
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider.clone())
        .build()
        .unwrap();
    let key = KeyPair::generate().unwrap();
    let certificate = hooks_example().signed_by(&key, &authority.0).unwrap();
    ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_client_cert_verifier(verifier)
        .with_single_cert(
            vec![certificate.der().clone()],
            PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
        )
        .unwrap()
}

fn tls(certificate: Option<String>, key: Option<String>, ca: Option<String>) -> Tls {
    let input = TlsInput {
        client_certificate: certificate,
        client_key: key,
        ca_certificate: ca,
    };
    Tls::validate(input).unwrap().unwrap()
}

#[tokio::test]
async fn a_receiver_that_demands_a_certificate_gets_the_webhooks_own() {
    let authority = Authority::new("Private");
    let receiver = receiver(demanding(&authority)).await;
    // Nothing but the webhook's settings knows this authority.
    let client = Client::with_lookup(crate::config(), Arc::new(Loopback)).unwrap();
    let (certificate, key) = identity(&authority);
    let ca = Some(authority.0.pem());
    let with = |tls: Tls| {
        let mut request = request(&url(receiver.address));
        request.tls = Some(Arc::new(tls));
        client.post(request)
    };

    let whole = tls(Some(certificate), Some(key), ca.clone());
    check_tls(&whole).unwrap();
    for _ in 0..2 {
        let answer = answered(with(whole.clone()).await);
        assert_eq!(answer.status, 200);
    }
    assert_eq!(receiver.connections(), 1, "the connection is kept");

    // Another webhook, that trusts the authority but has nothing to show, does not get its connection.
    let refused = failed(with(tls(None, None, ca)).await);
    assert_eq!(refused.failure.kind(), FailureKind::Tls, "{refused}");
    // And without the authority the receiver is not trusted.
    let untrusted = failed(client.post(request(&url(receiver.address))).await);
    assert_eq!(untrusted.failure.kind(), FailureKind::Tls, "{untrusted}");
    assert!(untrusted.message.contains("not trusted"), "{untrusted}");
}

/// With TLS 1.3 the handshake is over for us before the receiver misses the certificate, so its refusal comes while the
/// request is written, and a reset after it.
#[tokio::test]
async fn an_alert_is_named_however_large_the_request() {
    let authority = Authority::new("Private");
    let receiver = receiver(demanding(&authority)).await;
    let client = Client::with_lookup(crate::config(), Arc::new(Loopback)).unwrap();
    for length in [200, 200 * 1024, 4 * 1024 * 1024] {
        for _ in 0..20 {
            let mut request = request(&url(receiver.address));
            request.tls = Some(Arc::new(tls(None, None, Some(authority.0.pem()))));
            request.body = vec![b'x'; length].into();
            let refused = failed(client.post(request).await);
            assert_eq!(refused.failure, Failure::TlsRefused, "{length}: {refused}");
            assert!(
                refused.message.contains("demands a client certificate"),
                "{refused}"
            );
        }
    }
}

#[test]
fn what_does_not_fit_together_is_refused_beforehand() {
    let authority = Authority::new("Private");
    let (certificate, _) = identity(&authority);
    let (_, other_key) = identity(&authority);
    let mixed = tls(Some(certificate), Some(other_key), None);
    assert_eq!(check_tls(&mixed).unwrap_err().field, "tls.client_key");
    let garbage = "-----BEGIN CERTIFICATE-----\nAAEC\n-----END CERTIFICATE-----\n";
    let unreadable = tls(None, None, Some(garbage.to_owned()));
    let error = check_tls(&unreadable).unwrap_err();
    assert_eq!(error.field, "tls.ca_certificate");
}
