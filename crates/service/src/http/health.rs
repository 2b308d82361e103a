//! `/healthz` (the process runs), `/readyz` (it can do its work) and `/metrics`.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Json, Router,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use serde::Serialize;
use tracing::error;

use crate::metrics::Metrics;

/// Where health and metrics are. A server that is full still answers these.
pub(super) const PATHS: [&str; 3] = ["/healthz", "/readyz", "/metrics"];

/// Whether it is well; if not, perhaps in words.
type Answer = Result<(), Option<String>>;
type Check = Box<dyn Fn() -> Answer + Send + Sync>;

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
///
/// A check says what is known and asks nobody: the path needs no key, so whoever calls it a thousand times a second must
/// cost no more than the answer. What only a server can tell is asked for in the background
/// ([`dependencies::ask`](super::dependencies::ask)).
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

    /// Adds a server without which the service is not ready.
    pub fn require(
        self,
        name: &'static str,
        check: impl Fn() -> bool + Send + Sync + 'static,
    ) -> Self {
        self.with_server(name, true, check)
    }

    /// Adds a state of the process itself without which it is not ready; an error says what is wrong. It is no server
    /// that may be down, so no metric of dependencies shows it.
    pub fn require_state(
        self,
        name: &'static str,
        check: impl Fn() -> Result<(), String> + Send + Sync + 'static,
    ) -> Self {
        self.with(Named {
            name,
            required: true,
            is_server: false,
            check: Box::new(move || check().map_err(Some)),
        })
    }

    /// Adds a server that is reported, but without which the service can still work.
    pub fn report(
        self,
        name: &'static str,
        check: impl Fn() -> bool + Send + Sync + 'static,
    ) -> Self {
        self.with_server(name, false, check)
    }

    fn with_server(
        self,
        name: &'static str,
        required: bool,
        check: impl Fn() -> bool + Send + Sync + 'static,
    ) -> Self {
        self.with(Named {
            name,
            required,
            is_server: true,
            check: Box::new(move || check().then_some(()).ok_or(None)),
        })
    }

    fn with(mut self, named: Named) -> Self {
        self.checks.push(named);
        self
    }

    /// Which servers answer.
    pub(super) fn servers(&self) -> impl Iterator<Item = (&'static str, bool)> + '_ {
        let servers = self.checks.iter().filter(|named| named.is_server);
        servers.map(|named| (named.name, (named.check)().is_ok()))
    }

    fn known(&self) -> BTreeMap<&'static str, Dependency> {
        let known = self.checks.iter().map(|named| {
            let answer = (named.check)();
            let dependency = Dependency {
                ok: answer.is_ok(),
                required: named.required,
                detail: answer.err().flatten(),
            };
            (named.name, dependency)
        });
        known.collect()
    }
}

struct Shared {
    readiness: Arc<Readiness>,
    metrics: Metrics,
}

/// Routes `/healthz`, `/readyz` and `/metrics`. None needs a key.
pub fn router(readiness: Arc<Readiness>, metrics: Metrics) -> Router {
    Router::new()
        .route(PATHS[0], get(healthz))
        .route(PATHS[1], get(readyz))
        .route(PATHS[2], get(render_metrics))
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
    let dependencies = shared.readiness.known();
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
