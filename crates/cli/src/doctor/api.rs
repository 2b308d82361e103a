//! The API: whether it answers, whose key this is, and what it says of deliveries.

use chrono::TimeDelta;
use posthorn_domain::{Clock, SystemClock, Timestamp};
use serde::Deserialize;

use super::finding::Findings;
use crate::{
    exit::Exit,
    moment::rfc3339,
    remote::{Answer, Client},
};

const PART: &str = "api";
/// Signatures are good for five minutes to either side; half of that is too much.
const SKEW_PROBLEM_SECONDS: i64 = 150;
/// The Date header is cut to the second, and the answer was on its way.
const SKEW_WARNING_SECONDS: i64 = 5;
/// A key that ends sooner is told.
const EXPIRY_WARNING_DAYS: i64 = 14;

#[derive(Deserialize)]
struct Session {
    name: String,
    role: String,
    tenant: Option<String>,
    expires_at: Option<Timestamp>,
    version: String,
}

#[derive(Deserialize)]
struct Ready {
    dependencies: std::collections::BTreeMap<String, Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    ok: bool,
    required: bool,
}

#[derive(Deserialize)]
struct Health {
    total_webhooks: u64,
    unhealthy_webhooks: u64,
}

#[derive(Deserialize)]
struct Queue {
    events: u64,
    ready: u64,
    scheduled: u64,
}

/// Looks at the API; its version, if it told.
pub(super) async fn check(client: &Client, findings: &mut Findings) -> Option<String> {
    let ready = match client.plain("/readyz").await {
        Ok(ready) => ready,
        Err(failure) => {
            findings.problem(
                PART,
                failure.to_string(),
                "is posthorn-api running, is the URL right (--api, POSTHORN_API_URL), and does a firewall or proxy let you through?",
            );
            return None;
        }
    };
    readiness(&ready, &client.origin(), findings);
    skew(&ready, findings);
    let session = match client.get("/session").await {
        Ok(answer) => answer.read::<Session>(),
        Err(failure) if failure.exit == Exit::Denied && client.key().is_none() => {
            findings.skipped(
                PART,
                "no key was given: what only a key shows was not looked at",
                "give --key, POSTHORN_KEY or a profile",
            );
            return None;
        }
        Err(failure) => Err(failure),
    };
    let session = match session {
        Ok(session) => session,
        Err(failure) if failure.exit == Exit::Denied => {
            findings.problem(
                PART,
                format!("the key is not accepted: {failure}"),
                "make another with `posthorn keys create`, or set POSTHORN_ADMIN_KEY of the api",
            );
            return None;
        }
        Err(failure) => {
            findings.problem(
                PART,
                failure.to_string(),
                "look at the api's log for the request",
            );
            return None;
        }
    };
    key(&session, findings);
    deliveries(client, &session.role, findings).await;
    Some(session.version)
}

fn readiness(answer: &Answer, origin: &str, findings: &mut Findings) {
    let Ok(ready) = answer.read::<Ready>() else {
        findings.problem(
            PART,
            format!("{origin} answers, but is no Posthorn"),
            "is the URL that of posthorn-api?",
        );
        return;
    };
    let mut good = true;
    for (name, Dependency { ok, required }) in &ready.dependencies {
        if *ok {
            continue;
        }
        good = false;
        let what = format!("the api does not reach {name}");
        let advice = format!("see that {name} runs and that the api's settings name it");
        if *required {
            findings.problem(PART, what, advice);
        } else {
            let what = format!("{what}; publishing works, everything else waits");
            findings.warning(PART, what, advice);
        }
    }
    if good {
        findings.ok(PART, format!("{origin} is ready"));
    }
}

fn skew(answer: &Answer, findings: &mut Findings) {
    let date = answer
        .headers
        .get("date")
        .and_then(|date| date.to_str().ok());
    let Some(theirs) = date.and_then(|date| chrono::DateTime::parse_from_rfc2822(date).ok()) else {
        return;
    };
    let skew = theirs.to_utc().signed_duration_since(SystemClock.now());
    let seconds = skew.num_seconds();
    let what = format!(
        "the api's clock is {} s {} this machine's",
        seconds.abs(),
        if seconds < 0 { "behind" } else { "ahead of" }
    );
    let advice = "set both by NTP: receivers refuse signatures that are five minutes old, and events are filed under their time";
    match seconds.abs() {
        SKEW_PROBLEM_SECONDS.. => findings.problem(PART, what, advice),
        SKEW_WARNING_SECONDS.. => findings.warning(PART, what, advice),
        _ => findings.ok(PART, "its clock agrees with this machine's"),
    }
}

fn key(session: &Session, findings: &mut Findings) {
    let Session { name, role, .. } = session;
    let tenant = match &session.tenant {
        Some(tenant) => format!("tenant {tenant}"),
        None => "every tenant".to_owned(),
    };
    let what = format!("the key is good: {name}, {role} of {tenant}");
    let soon = session.expires_at.filter(|end| {
        *end < SystemClock.now() + TimeDelta::try_days(EXPIRY_WARNING_DAYS).unwrap_or_default()
    });
    match soon {
        None => findings.ok(PART, what),
        Some(end) => findings.warning(
            PART,
            format!("{what}; it ends {}", rfc3339(&end)),
            "make another in time: `posthorn keys create`",
        ),
    }
}

async fn deliveries(client: &Client, role: &str, findings: &mut Findings) {
    if role == "publisher" {
        findings.skipped(
            PART,
            "a publisher's key may not read deliveries",
            "give a viewer's key",
        );
        return;
    }
    match client.get("/webhooks/health").await {
        Err(failure) => findings.problem(
            PART,
            format!("the summary of webhooks cannot be read: {failure}"),
            "look at the database: the api needs it for this",
        ),
        Ok(answer) => match answer.read::<Health>() {
            Ok(Health {
                total_webhooks: total,
                unhealthy_webhooks: 0,
            }) => findings.ok(PART, format!("webhooks: {total}, none unhealthy")),
            Ok(Health {
                total_webhooks: total,
                unhealthy_webhooks: unhealthy,
            }) => findings.warning(
                PART,
                format!("{unhealthy} of {total} webhooks fail more often than they succeed"),
                "`posthorn deliveries list --status failed` says why, `posthorn webhooks list` whose they are",
            ),
            Err(failure) => findings.problem(PART, failure.to_string(), "is it another version?"),
        },
    }
    if role != "admin" {
        return;
    }
    if let Ok(answer) = client.get("/queue").await
        && let Ok(Queue {
            events,
            ready,
            scheduled,
        }) = answer.read()
    {
        findings.ok(
            PART,
            format!("waiting: {events} events, {ready} deliveries that are due, {scheduled} for their time"),
        );
    }
}
