//! One tenant does harm with the keys that it has, while its neighbour's requests are measured.
//!
//! Each attack prints a row of a table: how many requests the neighbour made meanwhile, and how long they took.
//! `scripts/hostile` makes the table of docs/reliability.md of them, with a release build.
#![allow(clippy::print_stdout, reason = "the rows of that table")]

mod catalogue;
mod connections;
mod neighbour;
mod shared;

use std::time::Duration;

use serde_json::{Value, json};

use crate::{
    http::{Reply, send},
    stack::Stack,
};

/// Somebody with a key of a tenant.
#[derive(Debug, Clone)]
struct Key {
    api: String,
    authorization: String,
}

impl Key {
    async fn make(stack: &Stack, role: &str, tenant: &str) -> Self {
        let input = json!({"name": role, "role": role, "tenant": tenant});
        let made = stack.request("POST", "/api-keys", &input).await;
        assert_eq!(made.status, 201, "{made:?}");
        Self {
            api: stack.api.address().to_owned(),
            authorization: format!("Bearer {}", made.body["key"].as_str().unwrap()),
        }
    }

    /// A request whose connection may end, as when the api closes it to make room.
    async fn try_text(&self, method: &str, path: &str, body: &str) -> std::io::Result<Reply> {
        let headers = [
            ("authorization", self.authorization.as_str()),
            ("content-type", "application/json"),
        ];
        send(&self.api, method, &format!("/api/v1{path}"), &headers, body).await
    }

    async fn text(&self, method: &str, path: &str, body: &str) -> Reply {
        self.try_text(method, path, body).await.unwrap()
    }

    async fn json(&self, method: &str, path: &str, body: &Value) -> Reply {
        self.text(method, path, &body.to_string()).await
    }

    async fn get(&self, path: &str) -> Reply {
        self.text("GET", path, "").await
    }
}

/// A manager's key of the tenant that does harm.
async fn attacker(stack: &Stack) -> Key {
    Key::make(stack, "manager", "attacker").await
}

/// Whoever waits longer for something that has nothing to do with the attack was stopped by it. No measure of speed: that
/// is what the table is for.
const STOPPED_AFTER: Duration = Duration::from_secs(5);
