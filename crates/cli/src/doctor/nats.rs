//! NATS: whether it can be used, and whether streams and consumers are as they should be.

use std::time::Duration;

use posthorn_bus::{
    Bus, BusConfig, BusError, ConsumerExamined, Copies, Examination, StreamExamined, StreamFound,
};
use posthorn_domain::SystemClock;

use super::{PATIENCE, finding::Findings, settings::Settings};

const PART: &str = "nats";
/// A stream that is so full, in per cent, is told.
const FULL_WARNING_PERCENT: u64 = 80;
/// Clocks that are further apart than this are told, in seconds.
const SKEW_WARNING_SECONDS: i64 = 5;
/// Messages that wait for a deliverer: more is told.
const LAG_WARNING: u64 = 10_000;

pub(super) async fn check(settings: &Settings, findings: &mut Findings) {
    let config = BusConfig {
        servers: settings.nats_servers.clone(),
        creds_file: settings.nats_creds_file.clone(),
        stream_replicas: settings.stream_replicas,
        duplicate_window: settings.duplicate_window,
        event_max_age: Duration::from_secs(u64::from(settings.retention_days) * 86_400),
        client_name: "posthorn doctor".to_owned(),
        ..BusConfig::default()
    };
    let bus = match tokio::time::timeout(PATIENCE, Bus::connect(config)).await {
        Ok(Ok(bus)) => bus,
        Ok(Err(error)) => {
            findings.problem(
                PART,
                error.to_string(),
                "mend the server or POSTHORN_NATS_URL and POSTHORN_NATS_CREDS_FILE; nothing is accepted or delivered without NATS",
            );
            return;
        }
        Err(_) => {
            findings.problem(
                PART,
                format!("no NATS server answered within {} s", PATIENCE.as_secs()),
                "is nats-server running, and is POSTHORN_NATS_URL right? Nothing is accepted or delivered without NATS",
            );
            return;
        }
    };
    match bus.examine(&SystemClock).await {
        Ok(examined) => report(&examined, settings.stream_replicas, findings),
        Err(error @ BusError::Refused { .. }) => findings.problem(
            PART,
            error.to_string(),
            "see what the server's account and this user's permissions allow",
        ),
        Err(error) => findings.problem(
            PART,
            format!("JetStream does not answer: {error}"),
            "in a cluster, see that most servers run: without a majority there is no leader",
        ),
    }
}

fn report(examined: &Examination, replicas: usize, findings: &mut Findings) {
    let Examination {
        version, server, ..
    } = examined;
    findings.ok(
        PART,
        format!("server {server} is version {version} and has JetStream"),
    );
    if let Some(ahead) = examined.clock_ahead
        && ahead.num_seconds().abs() >= SKEW_WARNING_SECONDS
    {
        findings.warning(
            PART,
            format!("its clock is {} s ahead of this machine's", ahead.num_seconds()),
            "set the clocks of NATS, PostgreSQL and this machine by NTP. Retries follow PostgreSQL's clock all the same; ids of events published over NATS and their retention follow NATS's",
        );
    }
    for stream in &examined.streams {
        report_stream(stream, replicas, findings);
    }
    for taker in &examined.takers {
        findings.problem(
            PART,
            format!("stream {taker} copies POSTHORN_DELIVERIES, and takes what waits there wherever the consumer `keeps-waiting` is missing"),
            "take the mirror or the source away: a queue cannot be mirrored. Copy POSTHORN_EVENTS instead, or run NATS as a cluster",
        );
    }
    for consumer in &examined.consumers {
        report_consumer(consumer, findings);
    }
}

fn report_stream(
    StreamExamined {
        name,
        found,
        hindrance,
    }: &StreamExamined,
    replicas: usize,
    findings: &mut Findings,
) {
    let Some(found) = found else {
        if let Some(hindrance) = hindrance {
            findings.problem(
                PART,
                format!("stream {name} is not there: {hindrance}"),
                "change that; services make the stream within seconds",
            );
            return;
        }
        findings.problem(
            PART,
            format!("stream {name} is not there"),
            "start posthorn-api or posthorn-deliverer: they make it. If it was there before, its messages are gone",
        );
        return;
    };
    let StreamFound {
        messages, bytes, ..
    } = found;
    let mut good = report_copies(&format!("stream {name}"), &found.copies, findings);
    if found.replicas < replicas {
        // Told among the differences too; this one can lose messages.
        good = false;
        findings.problem(
            PART,
            format!("stream {name} has {} copies, not {replicas}", found.replicas),
            "restart a service with these settings: it changes the stream; a cluster of that many servers must be up",
        );
    } else if !found.differences.is_empty() {
        good = false;
        findings.warning(
            PART,
            format!("stream {name} differs from these settings: {}", found.differences.join("; ")),
            "either the services run with other settings than these, or their next start changes the stream",
        );
    }
    for limit in &found.limits {
        good = false;
        findings.warning(
            PART,
            format!("stream {name} has a limit that is not Posthorn's: {limit}"),
            "the services leave it. If nobody wants it, take it away with `nats stream edit`; else watch posthorn_stream_messages and posthorn_stream_bytes",
        );
    }
    if let Some(max) = found.bytes_max
        && bytes.saturating_mul(100) >= max.saturating_mul(FULL_WARNING_PERCENT)
    {
        good = false;
        findings.warning(
            PART,
            format!("stream {name} takes {bytes} of {max} bytes"),
            "give it more room, or shorten POSTHORN_RETENTION_DAYS: a full stream takes nothing more, or drops its oldest messages",
        );
    }
    if good {
        let copies = found.replicas;
        findings.ok(
            PART,
            format!("stream {name}: {messages} messages, {bytes} bytes, copies: {copies}"),
        );
    }
}

fn report_consumer(
    ConsumerExamined {
        stream,
        name,
        is_pulled,
        found,
    }: &ConsumerExamined,
    findings: &mut Findings,
) {
    let what = format!("consumer {name} of {stream}");
    let Some(found) = found else {
        findings.problem(
            PART,
            format!("{what} is not there"),
            "start posthorn-deliverer: it makes it",
        );
        return;
    };
    if !report_copies(&what, &found.copies, findings) {
        return;
    }
    if found.paused {
        findings.problem(
            PART,
            format!("{what} is paused: nothing is taken from it"),
            format!("resume it: nats consumer resume {stream} {name}"),
        );
        return;
    }
    if !is_pulled {
        let waiting = found.pending;
        findings.ok(
            PART,
            format!("{what} keeps {waiting} waiting deliveries in their queue"),
        );
        return;
    }
    let lag = found.pending;
    let busy = found.unacknowledged;
    if lag > LAG_WARNING {
        findings.warning(
            PART,
            format!("{what}: {lag} messages wait, {busy} are worked on"),
            "deliverers do not keep up, or none runs: add some, and see whether receivers are slow (`posthorn health`)",
        );
    } else if lag > 0 && busy == 0 && found.waiting == 0 {
        findings.problem(
            PART,
            format!("{what}: {lag} messages wait, and nobody takes them"),
            "start posthorn-deliverer, or look at its log",
        );
    } else {
        findings.ok(
            PART,
            format!("{what}: {lag} messages wait, {busy} are worked on"),
        );
    }
}

/// Whether all copies are well.
fn report_copies(what: &str, copies: &Copies, findings: &mut Findings) -> bool {
    if !copies.led {
        findings.problem(
            PART,
            format!("{what} has no leader: nothing can be written to it"),
            "bring the missing NATS servers back: most of them must be there",
        );
        return false;
    }
    if !copies.majority {
        findings.problem(
            PART,
            format!(
                "{what} has lost most of its copies: nothing can be written to it ({})",
                copies.troubled.join(", ")
            ),
            "bring the missing NATS servers back: most of them must be there",
        );
        return false;
    }
    if !copies.troubled.is_empty() {
        findings.warning(
            PART,
            format!("{what}: {}", copies.troubled.join(", ")),
            "bring that NATS server back before another one goes",
        );
        return false;
    }
    true
}
