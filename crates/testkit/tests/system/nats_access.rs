//! A nats-server that asks who is there, and shows a certificate.

use std::path::{Path, PathBuf};

use base64::Engine;
use nkeys::KeyPair;
use posthorn_testkit::{Receiver, Service, ServiceSetup, TestDatabase, TestNats};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    http::send,
    stack::{ADMIN_KEY, MASTER_KEY, all_arrived},
};

/// Nobody listens there.
const DEAD: &str = "127.0.0.1:1";

/// Both services reach NATS by this URL and deliver an event.
async fn deliver(nats_url: &str, settings: &[(&str, &str)]) {
    // An empty one, as at the first start ever: both services migrate it at the same time.
    let (database, receiver) = (TestDatabase::create().await, Receiver::start().await);
    let configured = |setup: ServiceSetup| {
        let setup = setup
            .env("POSTHORN_NATS_URL", nats_url)
            .env("POSTHORN_DATABASE_URL", database.url())
            .env("POSTHORN_ADMIN_KEY", ADMIN_KEY)
            .env("POSTHORN_MASTER_KEY", MASTER_KEY)
            .env("POSTHORN_ALLOW_HTTP", "true")
            .env("POSTHORN_EGRESS_ALLOW", "127.0.0.0/8");
        settings
            .iter()
            .fold(setup, |setup, (name, value)| setup.env(name, *value))
    };
    let (api, deliverer) = futures::join!(
        configured(Service::api()).start(),
        configured(Service::deliverer()).start(),
    );
    let post = async |path: &str, body: Value| {
        let authorization = format!("Bearer {ADMIN_KEY}");
        let headers = [
            ("authorization", authorization.as_str()),
            ("content-type", "application/json"),
        ];
        send(api.address(), "POST", path, &headers, &body.to_string())
            .await
            .unwrap()
    };
    let webhook = json!({"name": "test", "url": receiver.url(), "event_types": ["*"]});
    let reply = post("/api/v1/webhooks", webhook).await;
    assert_eq!(reply.status, 201, "{reply:?}");
    let reply = post("/api/v1/events", json!({"type": "a.b", "data": 1})).await;
    assert_eq!(reply.status, 202, "{reply:?}");
    let id = reply.body["events"][0]["id"].as_str().unwrap().to_owned();
    all_arrived(&receiver, &[id]).await;
    for log in [api.log(), deliverer.log()] {
        assert!(!log.contains("a-password"), "a password is logged:\n{log}");
    }
}

/// A certificate for loopback, the authority that signed it, and its key, as files.
struct Certificate {
    certificate: PathBuf,
    key: PathBuf,
    authority: PathBuf,
}

fn certificate(folder: &Path) -> Certificate {
    let mut params = CertificateParams::new([]).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority =
        CertifiedIssuer::self_signed(params, rcgen::KeyPair::generate().unwrap()).unwrap();
    let key = rcgen::KeyPair::generate().unwrap();
    let own = CertificateParams::new(["127.0.0.1".to_owned()]).unwrap();
    let own = own.signed_by(&key, &authority).unwrap();
    let write = |name: &str, text: String| {
        let file = folder.join(name);
        std::fs::write(&file, text).unwrap();
        file
    };
    Certificate {
        certificate: write("server.pem", own.pem()),
        key: write("server.key", key.serialize_pem()),
        authority: write("authority.pem", authority.pem()),
    }
}

/// The first of two servers is down; the second wants TLS, and a user with a password.
#[tokio::test]
async fn tls_and_a_password_in_one_of_several_urls() {
    let folder = TempDir::new().unwrap();
    let files = certificate(folder.path());
    let nats = TestNats::start_with(&format!(
        "tls {{ cert_file: {:?}, key_file: {:?} }}\n\
         authorization {{ user: posthorn, password: \"a-password\" }}",
        files.certificate, files.key
    ))
    .await;
    let with_user = |address: &str| format!("tls://posthorn:a-password@{address}");
    let urls = format!("{},{}", with_user(DEAD), with_user(&nats.address()));
    deliver(
        &urls,
        &[("SSL_CERT_FILE", files.authority.to_str().unwrap())],
    )
    .await;
}

/// A server whose certificate nobody vouches for is not spoken to.
#[tokio::test]
async fn an_unknown_certificate_is_refused() {
    let folder = TempDir::new().unwrap();
    let files = certificate(folder.path());
    let nats = TestNats::start_with(&format!(
        "tls {{ cert_file: {:?}, key_file: {:?} }}",
        files.certificate, files.key
    ))
    .await;
    let database = TestDatabase::create().await;
    let api = Service::api()
        .env("POSTHORN_NATS_URL", format!("tls://{}", nats.address()))
        .env("POSTHORN_DATABASE_URL", database.url())
        .env("POSTHORN_ADMIN_KEY", ADMIN_KEY)
        .env("POSTHORN_MASTER_KEY", MASTER_KEY)
        .start_unready()
        .await;
    posthorn_testkit::eventually(crate::stack::DEADLINE, async || {
        let log = api.log();
        if log.contains("NATS does not answer") && log.contains("certificate") {
            Ok(())
        } else {
            Err(log)
        }
    })
    .await;
    let (status, body) = api.get("/readyz").await.unwrap();
    assert_eq!(status, 503, "{body}");
}

/// A token of NATS's own kind: claims, signed by a key pair.
fn token(issuer: &KeyPair, subject: &str, name: &str, claims: &Value) -> String {
    let encode =
        |value: &Value| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(value.to_string());
    let header = encode(&json!({"typ": "JWT", "alg": "ed25519-nkey"}));
    let payload = encode(&json!({
        "jti": name, "iat": 1_700_000_000, "iss": issuer.public_key(), "sub": subject, "name": name, "nats": claims,
    }));
    let signed = format!("{header}.{payload}");
    let signature = issuer.sign(signed.as_bytes()).unwrap();
    let signature = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(signature);
    format!("{signed}.{signature}")
}

/// Operator, account and user, as `nsc` makes them; the user's token and seed are in the file.
#[tokio::test]
async fn a_credentials_file() {
    let folder = TempDir::new().unwrap();
    let (operator, account, user) = (
        KeyPair::new_operator(),
        KeyPair::new_account(),
        KeyPair::new_user(),
    );
    // What the server keeps for itself.
    let system = KeyPair::new_account();
    let system_token = token(
        &operator,
        &system.public_key(),
        "system",
        &json!({"type": "account", "version": 2}),
    );
    let operator_token = token(
        &operator,
        &operator.public_key(),
        "operator",
        &json!({"type": "operator", "version": 2}),
    );
    let limits = json!({
        "subs": -1, "data": -1, "payload": -1, "imports": -1, "exports": -1, "wildcards": true, "conn": -1, "leaf": -1,
        "mem_storage": -1, "disk_storage": -1, "streams": -1, "consumer": -1,
    });
    let account_token = token(
        &operator,
        &account.public_key(),
        "account",
        &json!({"type": "account", "version": 2, "limits": limits}),
    );
    let user_token = token(
        &account,
        &user.public_key(),
        "user",
        &json!({"type": "user", "version": 2, "subs": -1, "data": -1, "payload": -1}),
    );
    let creds = folder.path().join("posthorn.creds");
    let text = format!(
        "-----BEGIN NATS USER JWT-----\n{user_token}\n------END NATS USER JWT------\n\n\
         -----BEGIN USER NKEY SEED-----\n{}\n------END USER NKEY SEED------\n",
        user.seed().unwrap()
    );
    std::fs::write(&creds, text).unwrap();
    let nats = TestNats::start_with(&format!(
        "operator: {operator_token}\nsystem_account: {0}\nresolver: MEMORY\n\
         resolver_preload: {{ {0}: {system_token}, {1}: {account_token} }}",
        system.public_key(),
        account.public_key()
    ))
    .await;
    deliver(
        &nats.url(),
        &[("POSTHORN_NATS_CREDS_FILE", creds.to_str().unwrap())],
    )
    .await;
}

/// What operations.md tells operators to allow.
const PERMISSIONS: &str = include_str!("../../../../deploy/nats/permissions.conf");

async fn with_permissions(permissions: &str) -> TestNats {
    let configuration = format!(
        "authorization {{ users: [ {{ user: posthorn, password: \"a-password\", permissions: {{\n{permissions}\n}} }} ] }}"
    );
    TestNats::start_with(&configuration).await
}

fn as_posthorn(nats: &TestNats) -> String {
    format!("nats://posthorn:a-password@{}", nats.address())
}

#[tokio::test]
async fn the_permissions_that_are_written_down_are_enough() {
    let nats = with_permissions(PERMISSIONS).await;
    deliver(&as_posthorn(&nats), &[]).await;
    let log = nats.log();
    assert!(!log.contains("Permissions Violation"), "{log}");
}

/// Everything seems well with such a user, and every event comes again each 15 seconds.
#[tokio::test]
async fn a_deliverer_that_may_not_acknowledge_is_not_ready_and_says_so() {
    let lines = PERMISSIONS.lines().filter(|line| !line.contains("$JS.ACK"));
    let nats = with_permissions(&lines.collect::<Vec<_>>().join("\n")).await;
    let database = TestDatabase::migrated().await;
    let deliverer = Service::deliverer()
        .env("POSTHORN_NATS_URL", as_posthorn(&nats))
        .env("POSTHORN_DATABASE_URL", database.url())
        .env("POSTHORN_MASTER_KEY", MASTER_KEY)
        .start_unready()
        .await;
    posthorn_testkit::eventually(crate::stack::DEADLINE, async || {
        let (status, body) = deliverer.get("/readyz").await.map_err(|e| e.to_string())?;
        let answer: Value = serde_json::from_str(&body).map_err(|e| e.to_string())?;
        let detail = &answer["dependencies"]["acknowledgements"]["detail"];
        match detail.as_str() {
            Some(words) if status == 503 && words.contains("$JS.ACK.POSTHORN_") => Ok(()),
            _ => Err(body),
        }
    })
    .await;
}
