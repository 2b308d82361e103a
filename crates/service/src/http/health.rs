//! `/healthz` (the process runs), `/readyz` (it can do its work) and `/metrics`.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use axum::{
    Json, Router,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use futures::{FutureExt, future::BoxFuture};
use serde::Serialize;
use tracing::error;

use crate::metrics::Metrics;

/// How long a check may take before it counts as failed.
const CHECK_TIMEOUT: Duration = Duration::from_secs(1);

/// Whether it is well; if not, perhaps in words.
type Answer = Result<(), Option<String>>;
type Check = Box<dyn Fn() -> BoxFuture<'static, Answer> + Send + Sync>;

/// How one dependency is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Dependency {
    /// Whether it answers, or whatever else is asked of it.
    pub ok: bool,
    /// Whether the service is ready only if it does.
    pub required: bool,
    /// What is wrong, where that can be said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

/// The checks behind `/readyz`.
#[derive(Default)]
pub struct Readiness {
    checks: Vec<Named>,
}

struct Named {
    name: &'static str,
    required: bool,
    /// Whether it is another server, rather than something of our own.
    is_server: bool,
    check: Check,
}

impl Readiness {
    /// No checks: always ready.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a dependency without which the service is not ready. A check that takes longer than a second
    /// has failed.
    pub fn require<F>(
        self,
        name: &'static str,
        check: impl Fn() -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = bool> + Send + 'static,
    {
        self.with_server(name, true, check)
    }

    /// Adds a state of the process itself without which it is not ready; an error says what is wrong. It is no server
    /// that may be down, so no metric of dependencies shows it.
    pub fn require_state<F>(
        self,
        name: &'static str,
        check: impl Fn() -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Result<(), String>> + Send + 'static,
    {
        self.with(Named {
            name,
            required: true,
            is_server: false,
            check: Box::new(move || check().map(|answer| answer.map_err(Some)).boxed()),
        })
    }

    /// Adds a dependency that is reported, but without which the service can still work.
    pub fn report<F>(
        self,
        name: &'static str,
        check: impl Fn() -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = bool> + Send + 'static,
    {
        self.with_server(name, false, check)
    }

    fn with_server<F>(
        self,
        name: &'static str,
        required: bool,
        check: impl Fn() -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = bool> + Send + 'static,
    {
        self.with(Named {
            name,
            required,
            is_server: true,
            check: Box::new(move || check().map(|ok| ok.then_some(()).ok_or(None)).boxed()),
        })
    }

    fn with(mut self, named: Named) -> Self {
        self.checks.push(named);
        self
    }

    /// The names of those dependencies that are servers.
    pub(super) fn names(&self) -> impl Iterator<Item = &'static str> + '_ {
        let servers = self.checks.iter().filter(|named| named.is_server);
        servers.map(|named| named.name)
    }

    pub(super) async fn probe(&self) -> BTreeMap<&'static str, Dependency> {
        let checks = self.checks.iter().map(|named| async {
            let answer = tokio::time::timeout(CHECK_TIMEOUT, (named.check)())
                .await
                .unwrap_or(Err(None));
            let dependency = Dependency {
                ok: answer.is_ok(),
                required: named.required,
                detail: answer.err().flatten(),
            };
            (named.name, dependency)
        });
        futures::future::join_all(checks)
            .await
            .into_iter()
            .collect()
    }
}

struct Shared {
    readiness: Arc<Readiness>,
    metrics: Metrics,
}

/// Routes `/healthz`, `/readyz` and `/metrics`. None needs a key.
pub fn router(readiness: Arc<Readiness>, metrics: Metrics) -> Router {
    Router::new()
        .route("/healthz", get(healthz))
        .route("/readyz", get(readyz))
        .route("/metrics", get(render_metrics))
        .with_state(Arc::new(Shared { readiness, metrics }))
}

#[derive(Serialize)]
struct Health {
    status: &'static str,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    dependencies: BTreeMap<&'static str, Dependency>,
}

async fn healthz() -> Json<Health> {
    Json(Health {
        status: "ok",
        dependencies: BTreeMap::new(),
    })
}

async fn readyz(State(shared): State<Arc<Shared>>) -> Response {
    let dependencies = shared.readiness.probe().await;
    let ready = dependencies.values().all(|d| d.ok || !d.required);
    let (code, status) = if ready {
        (StatusCode::OK, "ready")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "not_ready")
    };
    (
        code,
        Json(Health {
            status,
            dependencies,
        }),
    )
        .into_response()
}

async fn render_metrics(State(shared): State<Arc<Shared>>) -> Response {
    match shared.metrics.render() {
        Ok(text) => (
            [(
                header::CONTENT_TYPE,
                "text/plain; version=0.0.4; charset=utf-8",
            )],
            text,
        )
            .into_response(),
        Err(failure) => {
            error!("Cannot render metrics: {failure:#}");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
