use axum::{Json, extract::State};
use posthorn_domain::{EndpointUrl, FailureCode, FieldError, WebhookSettings};
use posthorn_egress::Exchange;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::audited::probed;
use crate::{
    access::{Manage, May},
    app::App,
    extract::{Document, Shape},
    outgoing::milliseconds,
    problem::{Code, Problem},
};

/// Where to look.
#[derive(Deserialize, ToSchema)]
#[schema(as = Probe)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProbeInput {
    /// The URL that a webhook may get.
    #[schema(
        example = "https://example.com/hook",
        format = "uri",
        min_length = 8,
        max_length = 2048
    )]
    url: String,
}

impl Shape for ProbeInput {
    const REQUIRED: &'static [&'static str] = &["url"];
}

/// Who is there.
#[derive(Serialize, ToSchema)]
#[schema(as = ProbeResult)]
pub(crate) struct ProbeResult {
    /// Whether an HTTP answer came, whatever its status.
    reachable: bool,
    /// The status of the answer, if one came.
    #[schema(example = 405)]
    status_code: Option<u16>,
    /// From the request to its answer, or to its failure.
    #[schema(example = 35)]
    response_time_ms: u32,
    /// Why no answer came, as a stable code: `timeout`, `connection_refused`, `tls_untrusted` … Null where the
    /// receiver answered.
    #[schema(value_type = Option<String>, example = "connection_refused")]
    failure: Option<FailureCode>,
    /// Why no answer came, in words.
    error_message: Option<String>,
}

impl From<Exchange> for ProbeResult {
    fn from(exchange: Exchange) -> Self {
        let response_time_ms = milliseconds(exchange.elapsed);
        match exchange.outcome {
            Ok(response) => Self {
                reachable: true,
                status_code: Some(response.status),
                response_time_ms,
                failure: None,
                error_message: None,
            },
            Err(failed) => Self {
                reachable: false,
                status_code: None,
                response_time_ms,
                failure: Some(failed.failure.into()),
                error_message: Some(failed.message),
            },
        }
    }
}

/// Probe a URL: does anybody answer there?
///
/// Sends one HEAD request, which no receiver takes for an event. Any HTTP answer counts as reachable. The same
/// addresses are refused as for deliveries. The audit log says who asked for it.
#[utoipa::path(
    post, path = "/webhooks/probe", tag = "webhooks", operation_id = "probe_url",
    request_body = ProbeInput,
    responses((status = 200, description = "The request was made, whatever came of it", body = ProbeResult)),
)]
pub(crate) async fn probe(
    State(app): State<App>,
    caller: May<Manage>,
    Document(input): Document<ProbeInput>,
) -> Result<Json<ProbeResult>, Problem> {
    let url = EndpointUrl::parse(&input.url, app.url_policy).map_err(|detail| {
        Problem::wrong_fields(
            Code::InvalidWebhookUrl,
            vec![FieldError::new("url", detail)],
        )
    })?;
    probed(&app, &caller, &url).await?;
    let exchange = app.outgoing.probe(&caller.tenant, url, None).await?;
    Ok(Json(exchange.into()))
}

/// Whether a webhook's URL is to be probed before it is taken.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct WithProbe {
    /// Refuse a URL at which nobody answers (false).
    probe: Option<bool>,
}

impl WithProbe {
    pub(super) fn wanted(&self) -> bool {
        self.probe.unwrap_or(false)
    }

    /// Refuses a URL at which nobody answers, if that was asked for. The settings are valid.
    pub(super) async fn check(
        &self,
        app: &App,
        caller: &May<Manage>,
        settings: &WebhookSettings,
    ) -> Result<(), Problem> {
        if !self.wanted() {
            return Ok(());
        }
        probed(app, caller, &settings.url).await?;
        let exchange = app
            .outgoing
            .probe(&caller.tenant, settings.url.clone(), settings.tls.clone())
            .await?;
        match exchange.outcome {
            Ok(_) => Ok(()),
            Err(failed) => Err(Problem::wrong_fields(
                Code::WebhookUrlUnreachable,
                vec![FieldError::new(
                    "url",
                    format!("nobody answers there: {}", failed.message),
                )],
            )),
        }
    }
}
