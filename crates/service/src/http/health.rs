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

type Check = Box<dyn Fn() -> BoxFuture<'static, bool> + Send + Sync>;

/// How one dependency is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Dependency {
    /// Whether it answers.
    pub ok: bool,
    /// Whether the service is ready only if it does.
    pub required: bool,
}

/// The checks behind `/readyz`.
#[derive(Default)]
pub struct Readiness {
    checks: Vec<(&'static str, bool, Check)>,
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
        self.with(name, true, check)
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
        self.with(name, false, check)
    }

    fn with<F>(
        mut self,
        name: &'static str,
        required: bool,
        check: impl Fn() -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = bool> + Send + 'static,
    {
        self.checks
            .push((name, required, Box::new(move || check().boxed())));
        self
    }

    /// The dependencies' names.
    pub(super) fn names(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.checks.iter().map(|(name, _, _)| *name)
    }

    pub(super) async fn probe(&self) -> BTreeMap<&'static str, Dependency> {
        let checks = self.checks.iter().map(|(name, required, check)| async {
            let ok = tokio::time::timeout(CHECK_TIMEOUT, check())
                .await
                .unwrap_or(false);
            (
                *name,
                Dependency {
                    ok,
                    required: *required,
                },
            )
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
