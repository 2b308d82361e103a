use std::time::Duration;

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use posthorn_domain::{
    SigningSecret, WebhookId,
    limits::{ROTATION_OVERLAP_SECONDS_DEFAULT, ROTATION_OVERLAP_SECONDS_MAX},
};
use posthorn_store::NewSecret;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    access::{Manage, May},
    app::App,
    extract::{IfMatch, IfMatchParam, OptionalDocument, PathId, Shape, Tag},
    problem::{Code, Problem},
};

/// How a secret is replaced.
#[derive(Deserialize, Default, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rotation {
    /// A secret of the caller's; one is made if absent.
    signing_secret: Option<String>,
    /// How long the secret that is replaced goes on signing too, 0 to 2,592,000 (86,400). One that was replaced before signs to
    /// its own end.
    overlap_seconds: Option<i64>,
}

impl Shape for Rotation {
    const REQUIRED: &'static [&'static str] = &[];
}

/// The secret that signs from now on.
#[derive(Serialize, ToSchema)]
pub(crate) struct RotatedSecret {
    signing_secret: String,
    /// How long the old secret goes on signing beside it.
    overlap_seconds: u32,
}

/// Rotate a webhook's signing secret. Both sign until the overlap ends. At most five secrets sign at a time.
#[utoipa::path(
    post, path = "/webhooks/{id}/secret/rotate", tag = "webhooks", operation_id = "rotate_webhook_secret",
    params(("id" = WebhookId, Path), IfMatchParam),
    request_body = Option<Rotation>,
    responses(
        (status = 200, body = RotatedSecret),
        (status = 409, description = "`too_many_signing_secrets`: five secrets sign already; `detail` says when the first of them ends"),
    ),
)]
pub(crate) async fn rotate_secret(
    State(app): State<App>,
    caller: May<Manage>,
    PathId(id): PathId<WebhookId>,
    IfMatch(expected): IfMatch,
    OptionalDocument(rotation): OptionalDocument<Rotation>,
) -> Result<Response, Problem> {
    let overlap_seconds = overlap(rotation.overlap_seconds)?;
    let mut rng = app.rng.fork();
    let secret = match &rotation.signing_secret {
        None => SigningSecret::generate(&mut rng),
        Some(text) => SigningSecret::parse(text)
            .map_err(|error| Problem::field("signing_secret", error.to_string()))?,
    };
    let overlap = Duration::from_secs(overlap_seconds.into());
    let version = app
        .database
        .call(|store| {
            store.rotate_webhook_secret(
                &caller.tenant,
                id,
                NewSecret {
                    secret: &secret,
                    overlap,
                },
                &expected,
                &caller.actor,
                &mut rng,
            )
        })
        .await
        .map_err(|error| Problem::of_store(error, Code::WebhookNotFound))?;
    let rotated = RotatedSecret {
        signing_secret: secret.expose().to_owned(),
        overlap_seconds,
    };
    let tag = Tag::of_webhook(version, &[]);
    Ok((tag.header(), Json(rotated)).into_response())
}

fn overlap(given: Option<i64>) -> Result<u32, Problem> {
    let Some(given) = given else {
        return Ok(ROTATION_OVERLAP_SECONDS_DEFAULT);
    };
    u32::try_from(given)
        .ok()
        .filter(|seconds| *seconds <= ROTATION_OVERLAP_SECONDS_MAX)
        .ok_or_else(|| {
            Problem::field(
                "overlap_seconds",
                format!("must be between 0 and {ROTATION_OVERLAP_SECONDS_MAX}"),
            )
        })
}
