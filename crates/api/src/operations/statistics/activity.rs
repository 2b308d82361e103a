use axum::{Json, extract::State};
use chrono::{DateTime, Utc};
use posthorn_domain::WebhookId;
use posthorn_store::{
    Activity, ActivityFilter, BucketWidth, Outcomes, WebhookActivity, WebhookCondition,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::view::{BucketView, average_response_time_ms, buckets_without_gaps, ratio};
use crate::{
    access::{May, Read},
    app::App,
    extract::Params,
    page::limit_and_offset,
    problem::{Code, Problem},
};

/// Webhooks that one request may name.
const IDS_MAX: usize = 100;

/// Which webhooks are wanted.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ActivityParams {
    /// These, separated by commas; at most 100. All of the tenant if absent.
    #[param(example = "01983f9c-2b6d-7c3e-9f10-4a5b6c7d8e9f")]
    ids: Option<String>,
    /// True: only those with which something is wrong.
    troubled: Option<bool>,
    /// Most to return, 1 to 500 (50).
    limit: Option<i64>,
    /// How many to skip (0).
    offset: Option<i64>,
}

/// Webhooks at a glance, those in trouble first.
#[derive(Serialize, ToSchema)]
#[schema(as = WebhookActivityList)]
pub(crate) struct ActivityView {
    /// Start of the first hour.
    since: DateTime<Utc>,
    /// End of the last hour, which is not over.
    until: DateTime<Utc>,
    webhooks: Vec<WebhookActivityView>,
    /// How many there are on all pages.
    total: u64,
}

/// How a webhook fares.
#[derive(Serialize, ToSchema)]
#[schema(as = WebhookActivity)]
pub(crate) struct WebhookActivityView {
    webhook_id: WebhookId,
    #[schema(example = "Slack alerts")]
    name: String,
    condition: ConditionView,
    /// Since when something is wrong; for a disabled one, when it was changed last. Null where nothing is.
    condition_since: Option<DateTime<Utc>>,
    /// Deliveries that were created in these hours.
    #[schema(example = 1200)]
    deliveries: u64,
    /// Those of them that stand as a success now.
    #[schema(example = 1187)]
    successes: u64,
    /// Those of them that stand as failed now.
    #[schema(example = 4)]
    failures: u64,
    /// Successes among the settled ones, from 0 to 1; null if none is settled.
    #[schema(example = 0.9966)]
    success_rate: Option<f64>,
    /// Mean time of the attempts that brought an HTTP answer, in milliseconds; null if none did.
    #[schema(example = 48.5)]
    average_response_time_ms: Option<f64>,
    /// One for each of 24 hours.
    hours: Vec<BucketView>,
}

/// What is wrong: the first of these that holds.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = WebhookCondition)]
pub(crate) enum ConditionView {
    /// Nothing is sent to it.
    Disabled,
    /// The receiver is down: the breaker is not closed.
    Down,
    /// The receiver asked to be left alone for a while.
    Throttled,
    /// Every attempt has failed lately.
    Failing,
    /// Nothing.
    Ok,
}

impl From<WebhookCondition> for ConditionView {
    fn from(condition: WebhookCondition) -> Self {
        match condition {
            WebhookCondition::Disabled => Self::Disabled,
            WebhookCondition::Down => Self::Down,
            WebhookCondition::Throttled => Self::Throttled,
            WebhookCondition::Failing => Self::Failing,
            WebhookCondition::Ok => Self::Ok,
        }
    }
}

/// Read how webhooks fare, at a glance.
///
/// Of each: what is wrong with it now, and what became of the deliveries of the last 24 hours, by the hour.
#[utoipa::path(
    get, path = "/webhooks/activity", tag = "statistics", operation_id = "get_webhook_activity",
    params(ActivityParams),
    responses((status = 200, body = ActivityView)),
)]
pub(crate) async fn activity(
    State(app): State<App>,
    caller: May<Read>,
    Params(params): Params<ActivityParams>,
) -> Result<Json<ActivityView>, Problem> {
    let (limit, offset) = limit_and_offset(params.limit, params.offset)?;
    let filter = ActivityFilter {
        ids: params.ids.as_deref().map(webhook_ids).transpose()?,
        troubled: params.troubled.unwrap_or(false),
        limit,
        offset,
    };
    let activity = app
        .database
        .call(|store| store.webhook_activity(&caller.tenant, &filter))
        .await
        .map_err(|error| Problem::of_store(error, Code::WebhookNotFound))?;
    Ok(Json(view(activity)))
}

fn webhook_ids(text: &str) -> Result<Vec<WebhookId>, Problem> {
    let ids: Result<Vec<WebhookId>, _> = text.split(',').map(|id| id.trim().parse()).collect();
    let ids = ids.map_err(|_| Problem::field("ids", "must be ids separated by commas"))?;
    if ids.len() > IDS_MAX {
        return Err(Problem::field("ids", format!("at most {IDS_MAX} of them")));
    }
    Ok(ids)
}

fn view(activity: Activity) -> ActivityView {
    let Activity {
        since,
        until,
        webhooks,
        total,
    } = activity;
    let view_one = |webhook: WebhookActivity| {
        let all = webhook.hours.iter().map(|(_, outcomes)| outcomes);
        let all = all.fold(Outcomes::default(), |sum, hour| sum + *hour);
        WebhookActivityView {
            webhook_id: webhook.webhook,
            name: webhook.name,
            condition: webhook.condition.into(),
            condition_since: webhook.since,
            deliveries: all.deliveries,
            successes: all.successes,
            failures: all.failures,
            success_rate: ratio(all.successes, all.successes + all.failures, 10_000.0),
            average_response_time_ms: average_response_time_ms(&all),
            hours: buckets_without_gaps(since, until, BucketWidth::Hour, &webhook.hours),
        }
    };
    ActivityView {
        since,
        until,
        webhooks: webhooks.into_iter().map(view_one).collect(),
        total,
    }
}
