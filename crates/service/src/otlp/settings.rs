//! The variables that OpenTelemetry specifies, read as strictly as every other setting: what this process cannot do as
//! asked is a mistake, and no surprise later.

use std::{fmt, str::FromStr, time::Duration};

use axum::http::{HeaderName, HeaderValue};
use opentelemetry_sdk::trace::Sampler;
use percent::decode;
use url::Url;

use crate::settings::Reader;

/// Where telemetry goes, and what of it.
#[derive(Debug, Clone, Default)]
pub struct OtlpSettings {
    /// What the process is called, unless it has its own name.
    pub(super) service_name: Option<String>,
    /// What else is said of the process.
    pub(super) resource: Vec<(String, String)>,
    /// Where spans go, if anywhere.
    pub(super) traces: Option<Export>,
    /// Where metrics go, besides `/metrics`.
    pub(super) metrics: Option<Export>,
    /// Which traces are recorded.
    pub(super) sampling: Sampling,
}

/// How one signal leaves the process.
#[derive(Debug, Clone)]
pub(super) struct Export {
    pub(super) endpoint: Url,
    pub(super) protocol: Protocol,
    pub(super) timeout: Duration,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Protocol {
    Grpc,
    HttpProtobuf,
}

/// Which traces are recorded.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Sampling {
    /// Whether the caller's decision counts, where there is a caller.
    parent_based: bool,
    /// What part of the traces that begin here.
    ratio: f64,
}

/// How long the collector has to answer, unless it is said otherwise.
const TIMEOUT_DEFAULT: Duration = Duration::from_secs(10);
/// Numbers that the SDK reads itself, and takes its own where it cannot read them.
const NUMBERS: [&str; 5] = [
    "OTEL_BSP_MAX_QUEUE_SIZE",
    "OTEL_BSP_MAX_EXPORT_BATCH_SIZE",
    "OTEL_BSP_SCHEDULE_DELAY",
    "OTEL_BSP_EXPORT_TIMEOUT",
    "OTEL_METRIC_EXPORT_INTERVAL",
];

impl Default for Sampling {
    fn default() -> Self {
        Self {
            parent_based: true,
            ratio: 1.0,
        }
    }
}

impl Sampling {
    pub(super) fn sampler(self) -> Sampler {
        let root = if self.ratio >= 1.0 {
            Sampler::AlwaysOn
        } else if self.ratio <= 0.0 {
            Sampler::AlwaysOff
        } else {
            Sampler::TraceIdRatioBased(self.ratio)
        };
        if self.parent_based {
            Sampler::ParentBased(Box::new(root))
        } else {
            root
        }
    }
}

impl OtlpSettings {
    /// Takes them out of the reader, or `None` after it has noted every mistake.
    pub fn read(reader: &mut Reader) -> Option<Self> {
        let disabled = reader.variable("OTEL_SDK_DISABLED", boolean);
        let service_name = reader.variable("OTEL_SERVICE_NAME", str::parse::<String>);
        let resource = reader.variable("OTEL_RESOURCE_ATTRIBUTES", pairs);
        let sampling = sampling(reader);
        let numbers = NUMBERS.map(|name| reader.variable(name, milliseconds));
        let traces = export(reader, &TRACES);
        let metrics = export(reader, &METRICS);
        let settings = Self {
            service_name: service_name?,
            resource: resource?.unwrap_or_default(),
            traces: traces?,
            metrics: metrics?,
            sampling: sampling?,
        };
        if numbers.iter().any(Option::is_none) {
            return None;
        }
        if disabled?.unwrap_or(false) {
            return Some(Self {
                traces: None,
                metrics: None,
                ..settings
            });
        }
        Some(settings)
    }
}

/// What differs between signals.
struct Signal {
    exporter: &'static str,
    /// Exporters that mean that nothing is pushed.
    none: &'static [&'static str],
    endpoint: &'static str,
    protocol: &'static str,
    timeout: &'static str,
    headers: &'static str,
    compression: &'static str,
    path: &'static str,
}

const TRACES: Signal = Signal {
    exporter: "OTEL_TRACES_EXPORTER",
    none: &["none"],
    endpoint: "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
    protocol: "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL",
    timeout: "OTEL_EXPORTER_OTLP_TRACES_TIMEOUT",
    headers: "OTEL_EXPORTER_OTLP_TRACES_HEADERS",
    compression: "OTEL_EXPORTER_OTLP_TRACES_COMPRESSION",
    path: "v1/traces",
};

const METRICS: Signal = Signal {
    exporter: "OTEL_METRICS_EXPORTER",
    // `/metrics` is there in any case.
    none: &["none", "prometheus"],
    endpoint: "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT",
    protocol: "OTEL_EXPORTER_OTLP_METRICS_PROTOCOL",
    timeout: "OTEL_EXPORTER_OTLP_METRICS_TIMEOUT",
    headers: "OTEL_EXPORTER_OTLP_METRICS_HEADERS",
    compression: "OTEL_EXPORTER_OTLP_METRICS_COMPRESSION",
    path: "v1/metrics",
};

/// How a signal is exported, if it is; the outer `None` comes after noting a mistake.
fn export(reader: &mut Reader, signal: &Signal) -> Option<Option<Export>> {
    let wanted = reader.variable(signal.exporter, |text| match text {
        "otlp" => Ok(true),
        text if signal.none.contains(&text) => Ok(false),
        _ => Err(format!("must be otlp or {}", signal.none.join(" or "))),
    });
    let own_endpoint = reader.variable(signal.endpoint, endpoint);
    let common_endpoint = reader.variable("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint);
    let protocol = either(
        reader,
        signal.protocol,
        "OTEL_EXPORTER_OTLP_PROTOCOL",
        str::parse,
    );
    let timeout = either(
        reader,
        signal.timeout,
        "OTEL_EXPORTER_OTLP_TIMEOUT",
        milliseconds,
    );
    // Read by the exporter itself; here only for their mistakes.
    let headers = either(
        reader,
        signal.headers,
        "OTEL_EXPORTER_OTLP_HEADERS",
        headers,
    );
    let compression = either(
        reader,
        signal.compression,
        "OTEL_EXPORTER_OTLP_COMPRESSION",
        |text| match text {
            "gzip" | "none" => Ok(()),
            _ => Err("must be gzip or none"),
        },
    );
    headers?;
    compression?;
    let protocol = protocol?.unwrap_or(Protocol::HttpProtobuf);
    let timeout = timeout?.unwrap_or(TIMEOUT_DEFAULT);
    let endpoint = match (own_endpoint?, common_endpoint?, protocol) {
        (Some(own), _, _) => Some(own),
        (None, Some(common), Protocol::Grpc) => Some(common),
        (None, Some(common), Protocol::HttpProtobuf) => Some(below(common, signal.path)),
        (None, None, _) => None,
    };
    let wanted = wanted?.unwrap_or(true);
    Some(endpoint.filter(|_| wanted).map(|endpoint| Export {
        endpoint,
        protocol,
        timeout,
    }))
}

/// The signal's own variable, or the one for all of them.
fn either<T, E: fmt::Display>(
    reader: &mut Reader,
    own: &'static str,
    common: &'static str,
    parse: impl Fn(&str) -> Result<T, E>,
) -> Option<Option<T>> {
    let own = reader.variable(own, &parse);
    let common = reader.variable(common, &parse);
    Some(own?.or(common?))
}

fn sampling(reader: &mut Reader) -> Option<Sampling> {
    let argument = reader.variable("OTEL_TRACES_SAMPLER_ARG", |text| {
        text.parse::<f64>()
            .ok()
            .filter(|ratio| (0.0..=1.0).contains(ratio))
            .ok_or("must be a number from 0 to 1")
    });
    let sampler = reader.variable("OTEL_TRACES_SAMPLER", |text| {
        let (parent_based, root) = match text.strip_prefix("parentbased_") {
            Some(root) => (true, root),
            None => (false, text),
        };
        let ratio = match root {
            "always_on" => Some(1.0),
            "always_off" => Some(0.0),
            "traceidratio" => None,
            _ => return Err("must be always_on, always_off or traceidratio, or one of these after parentbased_"),
        };
        Ok((parent_based, ratio))
    });
    let argument = argument?;
    Some(match sampler? {
        None => Sampling::default(),
        Some((parent_based, ratio)) => Sampling {
            parent_based,
            ratio: ratio.or(argument).unwrap_or(1.0),
        },
    })
}

impl FromStr for Protocol {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "grpc" => Ok(Self::Grpc),
            "http/protobuf" => Ok(Self::HttpProtobuf),
            _ => Err("must be grpc or http/protobuf"),
        }
    }
}

fn boolean(text: &str) -> Result<bool, &'static str> {
    match text.to_ascii_lowercase().as_str() {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err("must be true or false"),
    }
}

fn milliseconds(text: &str) -> Result<Duration, &'static str> {
    match text.parse::<u32>() {
        Ok(number) if number > 0 => Ok(Duration::from_millis(number.into())),
        _ => Err("must be a whole number above 0"),
    }
}

fn endpoint(text: &str) -> Result<Url, &'static str> {
    Url::parse(text)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
        .ok_or("must be a URL such as http://collector:4318")
}

fn below(mut endpoint: Url, path: &str) -> Url {
    let whole = format!("{}/{path}", endpoint.path().trim_end_matches('/'));
    endpoint.set_path(&whole);
    endpoint
}

/// `key=value,key=value`, percent-encoded.
fn pairs(text: &str) -> Result<Vec<(String, String)>, &'static str> {
    const WRONG: &str = "must be key=value, several separated by commas";
    text.split(',')
        .filter(|part| !part.trim().is_empty())
        .map(|part| {
            let (key, value) = part.split_once('=').ok_or(WRONG)?;
            let key = decode(key.trim())
                .filter(|key| !key.is_empty())
                .ok_or(WRONG)?;
            Ok((key, decode(value.trim()).ok_or(WRONG)?))
        })
        .collect()
}

/// Pairs that are headers. What they hold is in no message.
fn headers(text: &str) -> Result<(), &'static str> {
    const WRONG: &str = "must be headers as name=value, several separated by commas";
    let are_headers = pairs(text).map_err(|_| WRONG)?.iter().all(|(name, value)| {
        HeaderName::from_str(name).is_ok() && HeaderValue::from_str(value).is_ok()
    });
    if are_headers { Ok(()) } else { Err(WRONG) }
}

mod percent {
    /// Undoes percent-encoding; `None` where an escape is broken or the result no UTF-8.
    pub(super) fn decode(text: &str) -> Option<String> {
        let mut decoded = Vec::with_capacity(text.len());
        let mut bytes = text.bytes();
        while let Some(byte) = bytes.next() {
            if byte == b'%' {
                let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
                let (high, low) = (digit(bytes.next())?, digit(bytes.next())?);
                decoded.push(u8::try_from(high * 16 + low).ok()?);
            } else {
                decoded.push(byte);
            }
        }
        String::from_utf8(decoded).ok()
    }
}
