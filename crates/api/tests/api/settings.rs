//! The process before it serves, and when it ends.

use posthorn_testkit::{Service, TestDatabase, eventually};
use tokio::{io::AsyncWriteExt, net::TcpStream};

use crate::fixture::{Api, MASTER_KEY, SOON};

#[tokio::test]
async fn every_mistake_is_reported_before_a_port_opens() {
    let (status, output) = Service::api()
        .env("POSTHORN_ADMIN_KEY", "hunter2")
        .env("POSTHORN_API_RATE_LIMIT_PER_SECOND", "0")
        .env("POSTHORN_CORS_ORIGINS", "example.com")
        .env("POSTHORN_MASTER_KEY", "hunter2")
        .run()
        .await;
    assert_eq!(status.code(), Some(64), "{output}");
    for name in [
        "POSTHORN_ADMIN_KEY: ",
        "POSTHORN_API_RATE_LIMIT_PER_SECOND: ",
        "POSTHORN_CORS_ORIGINS: ",
        "POSTHORN_MASTER_KEY: ",
        "POSTHORN_DATABASE_URL: ",
    ] {
        assert!(output.contains(name), "{name} is not in\n{output}");
    }
    assert!(
        !output.contains("hunter2") && !output.contains("Listening"),
        "{output}"
    );
}

#[tokio::test]
async fn an_address_in_use_is_named() {
    let api = Api::start().await;
    let (status, output) = Service::api()
        .env("POSTHORN_MASTER_KEY", MASTER_KEY)
        .env(
            "POSTHORN_DATABASE_URL",
            "postgres://nobody@127.0.0.1:1/none",
        )
        .env("POSTHORN_LISTEN", api.service.address())
        .run()
        .await;
    assert_eq!(status.code(), Some(1), "{output}");
    assert!(
        output.contains(&format!("cannot listen on {}", api.service.address())),
        "{output}"
    );
}

#[tokio::test]
async fn a_job_migrates_and_ends_without_opening_a_port() {
    let database = TestDatabase::create().await;
    let job = |url: String| {
        Service::api()
            .env("POSTHORN_MASTER_KEY", MASTER_KEY)
            .env("POSTHORN_MIGRATE_ONLY", "true")
            .env("POSTHORN_DATABASE_URL", url)
            .run()
    };
    // The second time there is nothing to do.
    for _ in 0..2 {
        let (status, output) = job(database.url()).await;
        assert_eq!(status.code(), Some(0), "{output}");
        assert!(
            output.contains("up to date") && !output.contains("Listening"),
            "{output}"
        );
    }
    assert!(
        database
            .number("SELECT count(*) FROM _sqlx_migrations")
            .await
            > 10
    );
    assert_eq!(database.number("SELECT count(*) FROM webhooks").await, 0);

    let (status, output) = job("postgres://nobody@127.0.0.1:1/none".to_owned()).await;
    assert_eq!(status.code(), Some(1), "{output}");
    assert!(
        output.contains("Cannot bring the database's schema up to date"),
        "{output}"
    );
}

#[tokio::test]
async fn a_stop_lets_the_request_under_way_finish() {
    let mut api = Api::start().await;
    let mut stream = TcpStream::connect(api.service.address()).await.unwrap();
    let body = r#"{"type":"a","data":1}"#;
    let head = format!(
        "POST /api/v1/events HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
        crate::fixture::ADMIN,
        body.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(&body.as_bytes()[..5]).await.unwrap();
    // Connections are accepted in their order: when this one is answered, the other has been read.
    api.get("/webhooks").await;
    api.service.terminate();
    eventually(SOON, async || {
        let log = api.service.log();
        if log.contains("SIGTERM") {
            Ok(())
        } else {
            Err(log)
        }
    })
    .await;
    stream.write_all(&body.as_bytes()[5..]).await.unwrap();
    let mut answer = String::new();
    tokio::io::AsyncReadExt::read_to_string(&mut stream, &mut answer)
        .await
        .unwrap();
    assert!(answer.starts_with("HTTP/1.1 202"), "{answer}");
    assert!(api.service.exit().await.success());
}
