//! Exporters over gRPC and HTTP. Both connect with one connector, so TLS is the same for both: the platform's trusted
//! certificates, or those that `SSL_CERT_FILE` names.

use std::sync::Arc;

use anyhow::Context;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use opentelemetry_http::hyper::HyperClient;
use opentelemetry_otlp::{
    MetricExporter, Protocol as OtlpProtocol, SpanExporter, WithExportConfig, WithHttpConfig,
    WithTonicConfig,
};
use rustls::{ClientConfig, RootCertStore, crypto::aws_lc_rs};
use rustls_platform_verifier::BuilderVerifierExt;
use tonic::transport::{Channel, Endpoint};
use url::Url;

use super::settings::{Export, Protocol};

pub(super) fn of_spans(export: &Export) -> anyhow::Result<SpanExporter> {
    Ok(match export.protocol {
        Protocol::Grpc => SpanExporter::builder()
            .with_tonic()
            .with_channel(channel(export)?)
            .with_timeout(export.timeout)
            .build()?,
        Protocol::HttpProtobuf => SpanExporter::builder()
            .with_http()
            .with_http_client(client(export)?)
            .with_protocol(OtlpProtocol::HttpBinary)
            .with_endpoint(export.endpoint.as_str())
            .with_timeout(export.timeout)
            .build()?,
    })
}

pub(super) fn of_metrics(export: &Export) -> anyhow::Result<MetricExporter> {
    Ok(match export.protocol {
        Protocol::Grpc => MetricExporter::builder()
            .with_tonic()
            .with_channel(channel(export)?)
            .with_timeout(export.timeout)
            .build()?,
        Protocol::HttpProtobuf => MetricExporter::builder()
            .with_http()
            .with_http_client(client(export)?)
            .with_protocol(OtlpProtocol::HttpBinary)
            .with_endpoint(export.endpoint.as_str())
            .with_timeout(export.timeout)
            .build()?,
    })
}

fn channel(export: &Export) -> anyhow::Result<Channel> {
    let endpoint = Endpoint::from_shared(export.endpoint.to_string())
        .context("the collector's address")?
        .timeout(export.timeout)
        .connect_timeout(export.timeout);
    Ok(endpoint.connect_with_connector_lazy(connector(&export.endpoint)?))
}

fn client(export: &Export) -> anyhow::Result<HyperClient<HttpsConnector<HttpConnector>>> {
    let connector = connector(&export.endpoint)?;
    Ok(HyperClient::new(connector, export.timeout, None))
}

fn connector(to: &Url) -> anyhow::Result<HttpsConnector<HttpConnector>> {
    let tls = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()?;
    // Looked for only where needed: a small image may have no certificates.
    let tls = if to.scheme() == "https" {
        tls.with_platform_verifier()?
    } else {
        tls.with_root_certificates(RootCertStore::empty())
    };
    let mut tcp = HttpConnector::new();
    tcp.enforce_http(false);
    tcp.set_nodelay(true);
    Ok(HttpsConnectorBuilder::new()
        .with_tls_config(tls.with_no_client_auth())
        .https_or_http()
        .enable_http1()
        .enable_http2()
        .wrap_connector(tcp))
}
