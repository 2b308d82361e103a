//! Counters, gauges and histograms of a process, rendered as Prometheus text.
//!
//! Instruments are made once at the start and kept; recording on one is a few atomic operations. An
//! attribute costs a look-up, so what is recorded on the hot path carries few or none, and never an id.

use opentelemetry::{
    KeyValue,
    metrics::{Meter, MeterProvider},
};
use opentelemetry_sdk::{
    Resource,
    metrics::{MeterProviderBuilder, SdkMeterProvider},
};
use prometheus::{Registry, TextEncoder};

/// The instruments of this process.
#[derive(Debug, Clone)]
pub struct Metrics {
    registry: Registry,
    provider: SdkMeterProvider,
}

impl Metrics {
    /// An empty collection of a process that is called `service`, such as `posthorn-api`.
    pub fn new(service: &'static str, version: &'static str) -> anyhow::Result<Self> {
        let names = [
            KeyValue::new("service.name", service),
            KeyValue::new("service.version", version),
        ];
        let resource = Resource::builder_empty().with_attributes(names).build();
        Self::of(version, resource, |provider| provider)
    }

    /// The same of a process that `resource` describes; `more` may let the provider take them elsewhere too.
    pub(crate) fn of(
        version: &'static str,
        resource: Resource,
        more: impl FnOnce(MeterProviderBuilder) -> MeterProviderBuilder,
    ) -> anyhow::Result<Self> {
        let registry = Registry::new();
        let exporter = opentelemetry_prometheus::exporter()
            .with_registry(registry.clone())
            .scope_info_enabled(false)
            .build()?;
        let builder = SdkMeterProvider::builder()
            .with_resource(resource)
            .with_reader(exporter);
        let provider = more(builder).build();
        let metrics = Self { registry, provider };
        metrics
            .meter()
            .u64_gauge("posthorn.build.info")
            .with_description("Always 1; its label says which version runs")
            .build()
            .record(1, &[KeyValue::new("version", version)]);
        Ok(metrics)
    }

    /// Sends what is left, if they are sent anywhere.
    pub(crate) fn shut_down(&self) {
        // A collector that is away was spoken of before.
        let _ = self.provider.shutdown();
    }

    /// Makes instruments. Names are written with dots and without units
    /// (`posthorn.deliveries` counts, `posthorn.attempt.duration` with unit `s`), the text has them as
    /// `posthorn_deliveries_total` and `posthorn_attempt_duration_seconds`.
    pub fn meter(&self) -> Meter {
        self.provider.meter("posthorn")
    }

    /// The present values in the Prometheus text format.
    pub fn render(&self) -> anyhow::Result<String> {
        Ok(TextEncoder::new().encode_to_string(&self.registry.gather())?)
    }
}

/// Bucket bounds for durations in seconds, from a tenth of a millisecond to a long timeout.
pub const DURATION_BUCKETS_SECONDS: [f64; 16] = [
    0.0001, 0.000_25, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5,
    10.0, 30.0,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_has_prometheus_names() {
        let metrics = Metrics::new("posthorn-test", "1.2.3").unwrap();
        metrics
            .meter()
            .u64_counter("posthorn.things")
            .build()
            .add(3, &[]);
        let durations = metrics
            .meter()
            .f64_histogram("posthorn.thing.duration")
            .with_unit("s")
            .with_boundaries(DURATION_BUCKETS_SECONDS.to_vec())
            .build();
        durations.record(0.002, &[]);
        let text = metrics.render().unwrap();
        for line in [
            "posthorn_things_total 3",
            "posthorn_thing_duration_seconds_bucket{le=\"0.0025\"} 1",
            "posthorn_thing_duration_seconds_count 1",
        ] {
            assert!(text.lines().any(|l| l == line), "{line} is not in\n{text}");
        }
        assert!(text.contains("service_name=\"posthorn-test\""), "{text}");
    }
}
