//! Certificates and handshakes.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use posthorn_domain::{Failure, FailureKind};
use posthorn_egress::{BodyEnd, Client, EgressConfig, Looking, Lookup};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd,
};
use rustls::{
    ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer},
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_rustls::TlsAcceptor;

use crate::{
    SHORT, answered, failed, failure,
    receiver::{Receiver, read_request},
    request, within,
};

pub(crate) struct Loopback;

impl Lookup for Loopback {
    fn lookup<'a>(&'a self, _: &'a str) -> Looking<'a> {
        Box::pin(std::future::ready(Ok(vec![[127, 0, 0, 1].into()])))
    }
}

/// An authority that the client of the test trusts.
pub(crate) struct Authority(pub(crate) CertifiedIssuer<'static, KeyPair>);

impl Authority {
    pub(crate) fn new(name: &str) -> Self {
        let mut params = CertificateParams::new([]).unwrap();
        params
            .distinguished_name
            .push(DnType::OrganizationName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    pub(crate) fn client(&self) -> Client {
        self.client_with(crate::config())
    }

    pub(crate) fn client_with(&self, mut config: EgressConfig) -> Client {
        config.extra_roots_pem = self.0.pem().into_bytes();
        Client::with_lookup(config, Arc::new(Loopback)).unwrap()
    }

    pub(crate) fn sign(&self, params: &CertificateParams) -> ServerConfig {
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.0).unwrap();
        server(certificate.der().clone(), &key)
    }
}

pub(crate) fn hooks_example() -> CertificateParams {
    CertificateParams::new(["hooks.example".to_owned()]).unwrap()
}

fn server(certificate: CertificateDer<'static>, key: &KeyPair) -> ServerConfig {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![certificate],
            PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
        )
        .unwrap()
}

pub(crate) async fn receiver(config: ServerConfig) -> Receiver {
    let acceptor = TlsAcceptor::from(Arc::new(config));
    Receiver::start(move |stream| {
        let acceptor = acceptor.clone();
        async move {
            let Ok(mut stream) = acceptor.accept(stream).await else {
                return;
            };
            while read_request(&mut stream).await.is_some() {
                stream
                    .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
                    .await
                    .unwrap();
            }
        }
    })
    .await
}

pub(crate) fn url(address: SocketAddr) -> String {
    format!("https://hooks.example:{}/hook?token=s3cret", address.port())
}

#[tokio::test]
async fn a_good_certificate() {
    let authority = Authority::new("Trusted");
    let receiver = receiver(authority.sign(&hooks_example())).await;
    let client = authority.client();
    for _ in 0..2 {
        let answer = answered(client.post(request(&url(receiver.address))).await);
        assert_eq!(answer.status, 200);
    }
    assert_eq!(receiver.connections(), 1);
}

#[tokio::test]
async fn bad_certificates_are_told_apart() {
    let authority = Authority::new("Trusted");
    let key = KeyPair::generate().unwrap();
    let self_signed = hooks_example().self_signed(&key).unwrap();
    let mut expired = hooks_example();
    expired.not_before = date_time_ymd(2020, 1, 1);
    expired.not_after = date_time_ymd(2021, 1, 1);
    let mut early = hooks_example();
    early.not_before = date_time_ymd(4000, 1, 1);
    let elsewhere = CertificateParams::new(["other.example".to_owned()]).unwrap();
    for (config, failure, words) in [
        (
            server(self_signed.der().clone(), &key),
            Failure::TlsUntrusted,
            "self-signed",
        ),
        (
            Authority::new("Unknown").sign(&hooks_example()),
            Failure::TlsUntrusted,
            "not trusted",
        ),
        (authority.sign(&expired), Failure::TlsExpired, "has expired"),
        (
            authority.sign(&early),
            Failure::TlsNotYetValid,
            "is not valid yet",
        ),
        (
            authority.sign(&elsewhere),
            Failure::TlsWrongHost,
            "is for another host name",
        ),
    ] {
        let receiver = receiver(config).await;
        let failed = failed(
            authority
                .client()
                .post(request(&url(receiver.address)))
                .await,
        );
        assert_eq!(failed.failure, failure, "{failed}");
        assert!(failed.message.contains(words), "{failed}");
    }
}

#[tokio::test]
async fn a_port_that_does_not_speak_tls() {
    let authority = Authority::new("Trusted");
    let plain = Receiver::start(|mut stream| async move {
        stream
            .write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            .await
            .unwrap();
        crate::receiver::closed(&mut stream).await;
    })
    .await;
    let failed = failed(authority.client().post(request(&url(plain.address))).await);
    assert_eq!(failed.failure, Failure::TlsNotSpoken);
    assert_eq!(
        failed.message,
        "the receiver does not speak TLS on this port"
    );
}

/// A body without a length ends with the connection, and many servers drop that without a word.
#[tokio::test]
async fn an_end_without_a_farewell_is_an_end() {
    let authority = Authority::new("Trusted");
    let acceptor = TlsAcceptor::from(Arc::new(authority.sign(&hooks_example())));
    let rude = Receiver::start(move |stream| {
        let acceptor = acceptor.clone();
        async move {
            let mut stream = acceptor.accept(stream).await.unwrap();
            read_request(&mut stream).await.unwrap();
            let answer = b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nall of it";
            stream.write_all(answer).await.unwrap();
            stream.flush().await.unwrap();
            // The socket closes, and TLS has not said so.
        }
    })
    .await;
    let answer = answered(authority.client().post(request(&url(rude.address))).await);
    assert_eq!((answer.status, &answer.body[..]), (200, &b"all of it"[..]));
    assert_eq!(answer.body_end, BodyEnd::Complete);
}

#[tokio::test]
async fn a_handshake_that_is_cut() {
    let authority = Authority::new("Trusted");
    let cut = Receiver::start(|mut stream| async move {
        let mut hello = [0; 4096];
        assert!(stream.read(&mut hello).await.unwrap() > 0);
    })
    .await;
    let failed = failed(authority.client().post(request(&url(cut.address))).await);
    assert_eq!(failed.failure.kind(), FailureKind::Tls, "{failed}");
}

#[tokio::test]
async fn a_handshake_that_is_never_answered() {
    let authority = Authority::new("Trusted");
    let silent = Receiver::start(|mut stream| async move {
        crate::receiver::closed(&mut stream).await;
    })
    .await;
    let short = within(request(&url(silent.address)), SHORT);
    assert_eq!(
        failure(authority.client().post(short).await),
        FailureKind::Timeout
    );

    // The bound on connecting is tighter than the webhook's timeout.
    let mut config = crate::config();
    config.connect_timeout = Duration::from_millis(200);
    let client = authority.client_with(config);
    let failed = failed(client.post(request(&url(silent.address))).await);
    assert_eq!(failed.failure.kind(), FailureKind::Tls);
    assert_eq!(failed.message, "no TLS handshake within 0.2 s");
}

/// A receiver that offers HTTP/2 alone.
#[tokio::test]
async fn http_2_is_spoken_where_it_is_offered() {
    use http_body_util::{BodyExt, Empty};
    use hyper_util::rt::{TokioExecutor, TokioIo};

    let authority = Authority::new("Trusted");
    let mut config = authority.sign(&hooks_example());
    config.alpn_protocols = vec![b"h2".to_vec()];
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let receiver = Receiver::start(move |stream| {
        let acceptor = acceptor.clone();
        async move {
            let stream = acceptor.accept(stream).await.unwrap();
            let answer = |request: http::Request<hyper::body::Incoming>| async move {
                let body = request.into_body().collect().await.unwrap().to_bytes();
                assert_eq!(&body[..], b"{\"n\":1}");
                http::Response::builder()
                    .status(204)
                    .body(Empty::<bytes::Bytes>::new())
            };
            let _ = hyper::server::conn::http2::Builder::new(TokioExecutor::new())
                .serve_connection(TokioIo::new(stream), hyper::service::service_fn(answer))
                .await;
        }
    })
    .await;
    let client = authority.client();
    for _ in 0..3 {
        let answer = answered(client.post(request(&url(receiver.address))).await);
        assert_eq!(answer.status, 204);
    }
    assert_eq!(receiver.connections(), 1);
}
