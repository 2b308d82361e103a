use std::time::Duration;

use opentelemetry_sdk::trace::Sampler;

use super::settings::{OtlpSettings, Protocol};
use crate::settings::{self, Program, Service, Sources, Stop};

const PROGRAM: Program = Program {
    name: "posthorn-test",
    version: "1",
    about: "",
    service: Service::Api,
};

fn read(variables: &[(&str, &str)]) -> Result<OtlpSettings, Stop> {
    let environment = variables
        .iter()
        .map(|(name, value)| ((*name).into(), (*value).into()));
    let sources = Sources {
        arguments: Vec::new(),
        environment: environment.collect(),
    };
    settings::read(&PROGRAM, sources, OtlpSettings::read)
}

#[test]
fn nothing_is_sent_unless_a_collector_is_named() {
    for variables in [
        &[][..],
        &[("OTEL_EXPORTER_OTLP_ENDPOINT", "")],
        &[
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4318"),
            ("OTEL_SDK_DISABLED", "true"),
        ],
        &[
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4318"),
            ("OTEL_TRACES_EXPORTER", "none"),
            ("OTEL_METRICS_EXPORTER", "prometheus"),
        ],
    ] {
        let settings = read(variables).unwrap();
        assert!(settings.traces.is_none() && settings.metrics.is_none());
    }
}

#[test]
fn a_signal_has_its_own_variables_and_those_of_all() {
    let settings = read(&[
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4318/base/"),
        ("OTEL_EXPORTER_OTLP_TIMEOUT", "2500"),
        (
            "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT",
            "https://metrics:4317",
        ),
        ("OTEL_EXPORTER_OTLP_METRICS_PROTOCOL", "grpc"),
        ("OTEL_RESOURCE_ATTRIBUTES", "team=hooks,where=rack%202"),
    ])
    .unwrap();
    let (traces, metrics) = (settings.traces.unwrap(), settings.metrics.unwrap());
    assert_eq!(
        traces.endpoint.as_str(),
        "http://collector:4318/base/v1/traces"
    );
    assert_eq!(traces.protocol, Protocol::HttpProtobuf);
    assert_eq!(traces.timeout, Duration::from_millis(2_500));
    assert_eq!(metrics.endpoint.as_str(), "https://metrics:4317/");
    assert_eq!(metrics.protocol, Protocol::Grpc);
    let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
    assert_eq!(
        settings.resource,
        [pair("team", "hooks"), pair("where", "rack 2")]
    );
}

#[test]
fn samplers_are_those_of_the_specification() {
    for (name, argument, wanted) in [
        ("always_on", "", "AlwaysOn"),
        ("always_off", "", "AlwaysOff"),
        ("traceidratio", "0.25", "TraceIdRatioBased(0.25)"),
        ("parentbased_always_on", "", "ParentBased(AlwaysOn)"),
        ("parentbased_always_off", "", "ParentBased(AlwaysOff)"),
        (
            "parentbased_traceidratio",
            "0.5",
            "ParentBased(TraceIdRatioBased(0.5))",
        ),
        ("", "", "ParentBased(AlwaysOn)"),
    ] {
        let settings = read(&[
            ("OTEL_TRACES_SAMPLER", name),
            ("OTEL_TRACES_SAMPLER_ARG", argument),
        ]);
        let sampler: Sampler = settings.unwrap().sampling.sampler();
        assert_eq!(format!("{sampler:?}"), wanted);
    }
}

#[test]
fn every_mistake_is_told_and_no_secret() {
    let Err(Stop::Mistakes(mistakes)) = read(&[
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4317"),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/json"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "authorization: s3cret"),
        ("OTEL_EXPORTER_OTLP_TIMEOUT", "10s"),
        ("OTEL_EXPORTER_OTLP_COMPRESSION", "brotli"),
        ("OTEL_TRACES_EXPORTER", "zipkin"),
        ("OTEL_METRICS_EXPORTER", "console"),
        ("OTEL_TRACES_SAMPLER", "parentbased"),
        ("OTEL_TRACES_SAMPLER_ARG", "2"),
        ("OTEL_SDK_DISABLED", "yes"),
        ("OTEL_RESOURCE_ATTRIBUTES", "team"),
        ("OTEL_BSP_MAX_QUEUE_SIZE", "many"),
    ]) else {
        panic!("it was taken");
    };
    assert_eq!(mistakes.len(), 12, "{mistakes:#?}");
    assert!(!mistakes.concat().contains("s3cret"), "{mistakes:#?}");
}
