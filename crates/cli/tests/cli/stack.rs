//! A small Posthorn for the commands to work with: api, deliverer, and what they stand on.

use std::process::Command;

use posthorn_testkit::{Service, ServiceSetup, TestDatabase, TestNats};
use serde_json::Value;

use crate::{ended, posthorn};

pub(crate) const ADMIN_KEY: &str = "an-admin-key-of-more-than-32-characters";
pub(crate) const MASTER_KEY: &str = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

pub(crate) struct Stack {
    pub(crate) nats: TestNats,
    pub(crate) database: TestDatabase,
    pub(crate) api: Service,
    pub(crate) deliverer: Service,
}

/// What a command said.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Said {
    /// Its output as one value.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// Its output as lines of JSON.
    pub(crate) fn lines(&self) -> Vec<Value> {
        let lines = self.out.lines();
        lines.map(|l| serde_json::from_str(l).unwrap()).collect()
    }
}

impl Stack {
    pub(crate) async fn start() -> Self {
        Self::with(MASTER_KEY).await
    }

    pub(crate) async fn with(master_key: &str) -> Self {
        let (nats, database) = (TestNats::start().await, TestDatabase::migrated().await);
        let configured = |setup| configured(setup, &nats, &database, master_key);
        let (api, deliverer) = futures::join!(
            configured(Service::api()).start(),
            configured(Service::deliverer()).start(),
        );
        Self {
            nats,
            database,
            api,
            deliverer,
        }
    }

    /// A command with the admin's key.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = posthorn(arguments);
        command
            .env("POSTHORN_API_URL", self.api.url(""))
            .env("POSTHORN_KEY", ADMIN_KEY);
        command
    }

    /// Runs it to its end, whatever that is.
    pub(crate) async fn try_run(&self, arguments: &[&str]) -> Said {
        let command = self.command(arguments);
        said(command).await
    }

    /// Runs it, and it works.
    pub(crate) async fn run(&self, arguments: &[&str]) -> Said {
        let said = self.try_run(arguments).await;
        assert_eq!(said.code, 0, "{arguments:?}: {said:?}");
        said
    }

    /// Makes a webhook for everything; its id.
    pub(crate) async fn webhook(&self, url: &str) -> String {
        let said = self
            .run(&[
                "webhooks",
                "create",
                "--name",
                "test",
                "--url",
                url,
                "--event-type",
                "*",
                "--max-retries",
                "0",
            ])
            .await;
        said.json()["id"].as_str().unwrap().to_owned()
    }

    /// Publishes an event; its id.
    pub(crate) async fn send(&self, event_type: &str, data: &str) -> String {
        let said = self.run(&["send", event_type, data, "--json"]).await;
        said.json()["id"].as_str().unwrap().to_owned()
    }
}

/// A service with these settings.
pub(crate) fn configured(
    setup: ServiceSetup,
    nats: &TestNats,
    database: &TestDatabase,
    master_key: &str,
) -> ServiceSetup {
    setup
        .env("POSTHORN_NATS_URL", nats.url())
        .env("POSTHORN_DATABASE_URL", database.url())
        .env("POSTHORN_ADMIN_KEY", ADMIN_KEY)
        .env("POSTHORN_MASTER_KEY", master_key)
        .env("POSTHORN_ALLOW_HTTP", "true")
        .env("POSTHORN_EGRESS_ALLOW", "127.0.0.0/8")
}

pub(crate) async fn said(mut command: Command) -> Said {
    let (code, out, err) = tokio::task::spawn_blocking(move || ended(command.output().unwrap()))
        .await
        .unwrap();
    Said { code, out, err }
}
