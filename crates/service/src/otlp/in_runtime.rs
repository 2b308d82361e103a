use std::{
    fmt,
    pin::Pin,
    sync::atomic::{AtomicBool, Ordering},
    task::{Context, Poll},
    time::Duration,
};

use opentelemetry_sdk::{
    Resource,
    error::OTelSdkResult,
    metrics::{Temporality, data::ResourceMetrics, exporter::PushMetricExporter},
    trace::{SpanData, SpanExporter},
};
use tokio::runtime::Handle;
use tracing::{info, warn};

/// An exporter whose connection lives in our runtime. The SDK calls exporters on threads of its own, so that nothing
/// waits for them; these have no runtime. It also says, once, when what it exports is lost, and when it is not any more.
pub(super) struct InRuntime<E> {
    exporter: E,
    runtime: Handle,
    what: &'static str,
    failing: AtomicBool,
}

impl<E> InRuntime<E> {
    /// `what` is exported; call it within the runtime.
    pub(super) fn new(exporter: E, what: &'static str) -> Self {
        Self {
            exporter,
            runtime: Handle::current(),
            what,
            failing: AtomicBool::new(false),
        }
    }

    async fn tell(&self, export: impl Future<Output = OTelSdkResult> + Send) -> OTelSdkResult {
        let what = self.what;
        let exported = Entered {
            future: Box::pin(export),
            runtime: &self.runtime,
        }
        .await;
        match &exported {
            Ok(()) => {
                if self.failing.swap(false, Ordering::Relaxed) {
                    info!("The collector takes {what} again");
                }
            }
            Err(error) => {
                if !self.failing.swap(true, Ordering::Relaxed) {
                    warn!("Dropping {what} until the collector takes them: {error}");
                }
            }
        }
        exported
    }
}

impl<E> fmt::Debug for InRuntime<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InRuntime")
            .field("what", &self.what)
            .finish_non_exhaustive()
    }
}

impl<E: SpanExporter> SpanExporter for InRuntime<E> {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        self.tell(self.exporter.export(batch)).await
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.exporter.shutdown_with_timeout(timeout)
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.exporter.force_flush()
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.exporter.set_resource(resource);
    }
}

impl<E: PushMetricExporter> PushMetricExporter for InRuntime<E> {
    async fn export(&self, metrics: &ResourceMetrics) -> OTelSdkResult {
        self.tell(self.exporter.export(metrics)).await
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.exporter.force_flush()
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.exporter.shutdown_with_timeout(timeout)
    }

    fn temporality(&self) -> Temporality {
        self.exporter.temporality()
    }
}

/// A future that finds the runtime's timers and sockets wherever it is polled.
struct Entered<'a, F> {
    future: Pin<Box<F>>,
    runtime: &'a Handle,
}

impl<F: Future> Future for Entered<'_, F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let _entered = self.runtime.enter();
        self.future.as_mut().poll(context)
    }
}
