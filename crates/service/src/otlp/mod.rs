//! Sending telemetry to a collector, where one is named.
//!
//! Nothing here is in anybody's way: spans wait in a bounded queue and are dropped when it is full, metrics are
//! collected from time to time, and both leave by threads of the SDK's own. A collector that is away or hangs costs
//! what it would have been told.

mod exporters;
mod in_runtime;
mod settings;
#[cfg(test)]
mod tests;

use std::time::Duration;

use opentelemetry::{KeyValue, trace::TracerProvider};
use opentelemetry_sdk::{
    Resource, metrics::PeriodicReader, resource::TelemetryResourceDetector,
    trace::SdkTracerProvider,
};
use rand::RngExt;
use tracing::info;
use url::Url;

pub use settings::OtlpSettings;

use self::in_runtime::InRuntime;
use crate::{
    lifecycle::Lifecycle, metrics::Metrics, randomness::SharedRng, settings::Program,
    traces::Traces,
};

/// How long the last telemetry may take to leave, when everything else has ended.
const LAST_EXPORT: Duration = Duration::from_secs(2);

/// What a process records of itself.
#[derive(Debug, Clone)]
pub struct Telemetry {
    /// Always there, for `/metrics`.
    pub metrics: Metrics,
    /// Off unless there is a collector.
    pub traces: Traces,
}

impl Telemetry {
    /// Begins to record, and to send where the settings say so. What is left is sent when `lifecycle` ends. Call it
    /// within the runtime.
    pub fn start(
        settings: &OtlpSettings,
        program: &Program,
        lifecycle: &Lifecycle,
    ) -> anyhow::Result<Self> {
        let resource = resource(settings, program);
        let metrics = match &settings.metrics {
            None => Metrics::of(program.version, resource.clone(), |provider| provider)?,
            Some(export) => {
                info!("Sending metrics to {}", shown(&export.endpoint));
                let exporter = InRuntime::new(exporters::of_metrics(export)?, "metrics");
                let reader = PeriodicReader::builder(exporter).build();
                let metrics = Metrics::of(program.version, resource.clone(), |provider| {
                    provider.with_reader(reader)
                })?;
                let last = metrics.clone();
                lifecycle.at_the_end(LAST_EXPORT, move || last.shut_down());
                metrics
            }
        };
        let traces = match &settings.traces {
            None => Traces::off(),
            Some(export) => {
                info!("Sending traces to {}", shown(&export.endpoint));
                let exporter = InRuntime::new(exporters::of_spans(export)?, "traces");
                let provider = SdkTracerProvider::builder()
                    .with_sampler(settings.sampling.sampler())
                    .with_resource(resource)
                    .with_batch_exporter(exporter)
                    .build();
                let traces = Traces::on(provider.tracer("posthorn"));
                lifecycle.at_the_end(LAST_EXPORT, move || {
                    // A collector that is away was spoken of before.
                    let _ = provider.shutdown_with_timeout(LAST_EXPORT);
                });
                traces
            }
        };
        Ok(Self { metrics, traces })
    }
}

/// What is said of the process: by the variables, and otherwise by itself.
fn resource(settings: &OtlpSettings, program: &Program) -> Resource {
    let mut builder = Resource::builder_empty().with_attributes([
        KeyValue::new("service.name", program.name),
        KeyValue::new("service.version", program.version),
    ]);
    if settings.traces.is_some() || settings.metrics.is_some() {
        // Replicas that push have no address to tell them apart by.
        builder = builder
            .with_detector(Box::new(TelemetryResourceDetector))
            .with_attribute(KeyValue::new("service.instance.id", instance()));
    }
    let given = settings.resource.iter();
    builder = builder
        .with_attributes(given.map(|(key, value)| KeyValue::new(key.clone(), value.clone())));
    if let Some(name) = &settings.service_name {
        builder = builder.with_attribute(KeyValue::new("service.name", name.clone()));
    }
    builder.build()
}

/// An address without what may be a credential.
fn shown(endpoint: &Url) -> String {
    let host = endpoint.host_str().unwrap_or_default();
    let port = endpoint.port_or_known_default().unwrap_or_default();
    format!("{}://{host}:{port}", endpoint.scheme())
}

/// A name that no other process has.
fn instance() -> String {
    let random = SharedRng::from_system().with(|rng| rng.random::<u128>());
    uuid::Builder::from_random_bytes(random.to_be_bytes())
        .into_uuid()
        .to_string()
}
