//! One trace from the publisher to the receiver and through the retry, as a collector gets it.

use std::path::Path;

use posthorn_domain::{Clock, SystemClock};
use posthorn_testkit::{
    Answer, CollectedSpan, Collector, ReceivedRequest, Receiver, SpanKind, eventually, waterfall,
};
use serde_json::{Value, json};

use crate::{
    http::{Reply, send},
    stack::{ADMIN_KEY, DEADLINE, Stack},
};

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
const PUBLISHER: &str = "b7ad6b7169203331";
const REQUEST_ID: &str = "request-of-the-shop-1";

fn traceparent(flags: &str) -> String {
    format!("00-{TRACE}-{PUBLISHER}-{flags}")
}

/// A stack that sends everything to `collector` without delay, and logs in JSON.
async fn traced(collector: &str, more: &[(&str, &str)]) -> Stack {
    let mut settings = vec![
        ("OTEL_EXPORTER_OTLP_ENDPOINT", collector),
        ("OTEL_BSP_SCHEDULE_DELAY", "100"),
        ("OTEL_METRIC_EXPORT_INTERVAL", "500"),
        ("POSTHORN_LOG_FORMAT", "json"),
        ("POSTHORN_LOG_LEVEL", "info,posthorn_deliverer=debug"),
    ];
    settings.extend_from_slice(more);
    Stack::with(1, &settings).await
}

/// Publishes over HTTP as a part of the publisher's trace.
async fn publish(stack: &Stack, flags: &str) -> Reply {
    let authorization = format!("Bearer {ADMIN_KEY}");
    let traceparent = traceparent(flags);
    let headers = [
        ("authorization", authorization.as_str()),
        ("content-type", "application/json"),
        ("traceparent", traceparent.as_str()),
        ("tracestate", "shop=1"),
        ("x-request-id", REQUEST_ID),
    ];
    let body = r#"{"type":"order.paid","data":{"n":1}}"#;
    let address = stack.api.address();
    let reply = send(address, "POST", "/api/v1/events", &headers, body).await;
    let reply = reply.unwrap();
    assert_eq!(reply.status, 202, "{reply:?}");
    reply
}

/// A webhook whose receiver fails once.
async fn failing_once(stack: &Stack) -> Receiver {
    let receiver = Receiver::start().await;
    receiver.next(Answer::status(500));
    let fields = json!({"max_retries": 1, "retry_delay_seconds": 1});
    stack.webhook(&receiver.url(), fields).await;
    receiver
}

#[tokio::test]
async fn an_event_over_http_is_one_trace_up_to_its_retry() {
    let collector = Collector::start().await;
    let token = ("OTEL_EXPORTER_OTLP_HEADERS", "authorization=Bearer%20t0ken");
    let stack = traced(&collector.url(), &[token]).await;
    let receiver = failing_once(&stack).await;
    let began_ns = now_ns();
    publish(&stack, "01").await;
    let published_ns = now_ns();
    let requests = receiver.wait_for(2).await;
    let spans = collector.trace(TRACE, 6).await;

    let [server, sent, taken, first, due, second] = &spans[..] else {
        panic!("{spans:#?}")
    };
    is(server, SpanKind::Server, "POST /api/v1/events", PUBLISHER);
    said(
        server,
        &[
            ("http.request.method", "POST"),
            ("http.route", "/api/v1/events"),
            ("url.path", "/api/v1/events"),
            ("http.response.status_code", "202"),
        ],
    );
    assert_eq!(server.service, "posthorn-api");
    is(
        sent,
        SpanKind::Producer,
        "send POSTHORN_EVENTS",
        &server.span_id,
    );
    said(
        sent,
        &[
            ("messaging.system", "nats"),
            ("messaging.operation.type", "send"),
            ("messaging.destination.name", "POSTHORN_EVENTS"),
        ],
    );
    is_processed_and_attempted(&sent.span_id, [taken, first, due, second]);
    said(taken, &[("posthorn.request.id", REQUEST_ID)]);
    told(&requests, [first, second]);
    for span in &spans {
        assert_eq!(span.trace_state, "shop=1", "{span:?}");
    }
    for request in &requests {
        assert_eq!(request.header("tracestate"), "shop=1");
    }
    for (path, headers) in collector.requests() {
        assert_eq!(headers["authorization"], "Bearer t0ken", "{path}");
    }
    logs_name_both(&stack, taken);
    draw(&collector, [began_ns, published_ns], &requests).await;
}

#[tokio::test]
async fn an_event_over_nats_is_one_trace_up_to_its_retry() {
    let collector = Collector::start().await;
    let grpc = ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc");
    let stack = traced(&collector.url(), &[grpc]).await;
    let receiver = failing_once(&stack).await;
    let mut wire = stack.nats_wire().await;
    let subject = "posthorn.events.default.order.paid";
    let parent = traceparent("01");
    wire.publish(subject, &[("traceparent", &parent)], b"1")
        .await;
    let requests = receiver.wait_for(2).await;
    let spans = collector.trace(TRACE, 4).await;
    let [taken, first, due, second] = &spans[..] else {
        panic!("{spans:#?}")
    };
    is_processed_and_attempted(PUBLISHER, [taken, first, due, second]);
    told(&requests, [first, second]);
    assert!(
        collector
            .requests()
            .iter()
            .any(|(path, _)| path.ends_with("TraceService/Export"))
    );

    // Of whoever traces nothing, the trace begins here, and goes on through the retry all the same.
    receiver.clear();
    receiver.next(Answer::status(500));
    wire.publish(subject, &[], b"2").await;
    let requests = receiver.wait_for(2).await;
    let trace = requests[0].header("traceparent").split('-').nth(1).unwrap();
    let spans = collector.trace(trace, 4).await;
    let [taken, first, due, second] = &spans[..] else {
        panic!("{spans:#?}")
    };
    assert_eq!(taken.parent_id, "");
    is(first, SpanKind::Client, "POST", &taken.span_id);
    is(
        due,
        SpanKind::Consumer,
        "process POSTHORN_DELIVERIES",
        &taken.span_id,
    );
    is(second, SpanKind::Client, "POST", &due.span_id);
    assert_eq!(second.links, [first.span_id.as_str()]);
    told(&requests, [first, second]);
}

#[tokio::test]
async fn what_nobody_records_goes_on_as_it_came() {
    let collector = Collector::start().await;
    let off = ("OTEL_TRACES_SAMPLER", "always_off");
    for (settings, flags) in [(&[][..], "00"), (&[off][..], "01")] {
        let stack = traced(&collector.url(), settings).await;
        let receiver = failing_once(&stack).await;
        publish(&stack, flags).await;
        for request in receiver.wait_for(2).await {
            assert_eq!(request.header("traceparent"), traceparent(flags));
            assert_eq!(request.header("tracestate"), "shop=1");
        }
    }
    let own: Vec<_> = collector.spans();
    let own: Vec<_> = own.iter().filter(|span| span.trace_id == TRACE).collect();
    assert!(own.is_empty(), "{own:?}");
}

#[tokio::test]
async fn metrics_are_pushed_under_the_names_that_they_are_shown_under() {
    let collector = Collector::start().await;
    let stack = traced(&collector.url(), &[]).await;
    let receiver = failing_once(&stack).await;
    publish(&stack, "01").await;
    receiver.wait_for(2).await;
    let documented = crate::metrics::documented_names();
    let pushed = eventually(DEADLINE, async || {
        let names: std::collections::BTreeSet<String> = collector
            .metrics()
            .iter()
            .map(|name| name.replace('.', "_"))
            .collect();
        let missing: Vec<_> = documented
            .iter()
            .filter(|name| **name != "target_info")
            .filter(|name| {
                let plain = name.trim_end_matches("_total").trim_end_matches("_seconds");
                !names.contains(*name) && !names.contains(plain)
            })
            .collect();
        if missing.is_empty() {
            Ok(names)
        } else {
            Err(format!("not pushed: {missing:?}"))
        }
    })
    .await;
    assert!(
        pushed.contains("posthorn_queue_wait_duration"),
        "{pushed:?}"
    );
}

#[tokio::test]
async fn a_collector_that_hangs_holds_nothing_up() {
    let hanging = Receiver::start().await;
    hanging.answer(Answer::hang());
    let small = ("OTEL_BSP_MAX_QUEUE_SIZE", "16");
    let mut stack = traced(&format!("http://{}", hanging.address()), &[small]).await;
    let receiver = Receiver::start().await;
    stack.webhook(&receiver.url(), json!({})).await;
    let ids = stack.publish_numbered(0, 300).await;
    crate::stack::all_arrived(&receiver, &ids).await;
    assert!(!hanging.requests().is_empty(), "nothing was sent to it");
    for service in [&mut stack.api, &mut stack.deliverers[0]] {
        service.terminate();
        let status = service.exit().await;
        assert!(status.success(), "{status}: {}", service.log());
    }
}

fn is(span: &CollectedSpan, kind: SpanKind, name: &str, parent: &str) {
    assert_eq!(
        (span.kind, &*span.name, &*span.parent_id),
        (kind, name, parent),
        "{span:#?}"
    );
}

fn said(span: &CollectedSpan, wanted: &[(&str, &str)]) {
    for (name, value) in wanted {
        assert_eq!(span.attribute(name), *value, "{name} of {span:#?}");
    }
}

/// The deliverer's part of a trace: an attempt that failed, and the retry, which points to it.
fn is_processed_and_attempted(sent: &str, spans: [&CollectedSpan; 4]) {
    let [taken, first, due, second] = spans;
    is(taken, SpanKind::Consumer, "process POSTHORN_EVENTS", sent);
    is(first, SpanKind::Client, "POST", &taken.span_id);
    is(due, SpanKind::Consumer, "process POSTHORN_DELIVERIES", sent);
    is(second, SpanKind::Client, "POST", &due.span_id);
    for processing in [taken, due] {
        assert_eq!(processing.links, [sent]);
        assert_eq!(processing.service, "posthorn-deliverer");
        let operation = [
            ("messaging.operation.type", "process"),
            ("messaging.system", "nats"),
        ];
        said(processing, &operation);
    }
    said(
        first,
        &[
            ("http.request.method", "POST"),
            ("server.address", "127.0.0.1"),
            ("http.response.status_code", "500"),
            ("error.type", "500"),
            ("http.request.resend_count", ""),
        ],
    );
    assert!(first.error.is_some());
    assert_eq!(first.links, [""; 0]);
    said(
        second,
        &[
            ("http.response.status_code", "200"),
            ("error.type", ""),
            ("http.request.resend_count", "1"),
            (
                "posthorn.delivery.id",
                first.attribute("posthorn.delivery.id"),
            ),
        ],
    );
    assert!(second.error.is_none());
    assert_eq!(second.links, [first.span_id.as_str()]);
}

/// The receiver was told of the spans of these attempts.
fn told(requests: &[ReceivedRequest], attempts: [&CollectedSpan; 2]) {
    let told: Vec<_> = requests
        .iter()
        .map(|request| request.header("traceparent"))
        .collect();
    assert_eq!(told, attempts.map(CollectedSpan::traceparent));
}

/// A log line about the event names the request that brought it, and its trace beside its other fields.
fn logs_name_both(stack: &Stack, taken: &CollectedSpan) {
    let log = stack.deliverers[0].log();
    let lines = log
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let line = lines
        .into_iter()
        .find(|line| {
            line["message"]
                .as_str()
                .is_some_and(|words| words.starts_with("Took event"))
        })
        .unwrap_or_else(|| panic!("{log}"));
    for (field, wanted) in [
        ("request.id", REQUEST_ID),
        ("trace_id", TRACE),
        ("span_id", &taken.span_id),
        ("event.id", taken.attribute("posthorn.event.id")),
    ] {
        assert_eq!(line[field], wanted, "{line}");
    }
}

/// Draws the trace, with the spans of the publisher and the receiver, for which this test stands.
async fn draw(collector: &Collector, published: [u64; 2], requests: &[ReceivedRequest]) {
    let own =
        |service: &str, name: &str, kind, id: &str, parent: &str, at: [u64; 2]| CollectedSpan {
            service: service.to_owned(),
            name: name.to_owned(),
            kind,
            trace_id: TRACE.to_owned(),
            span_id: id.to_owned(),
            parent_id: parent.to_owned(),
            trace_state: String::new(),
            links: Vec::new(),
            attributes: Default::default(),
            error: None,
            start_ns: at[0],
            end_ns: at[1],
        };
    collector.note(own(
        "shop",
        "pay order",
        SpanKind::Client,
        PUBLISHER,
        "",
        published,
    ));
    let spans = collector.trace(TRACE, 7).await;
    for (n, request) in requests.iter().enumerate() {
        let attempt = request.header("traceparent").split('-').nth(2).unwrap();
        let attempt = spans.iter().find(|span| span.span_id == attempt).unwrap();
        // It answers at once: what it takes is the end of the attempt.
        let middle = attempt.start_ns.midpoint(attempt.end_ns);
        let at = [middle, attempt.end_ns];
        let mut span = own(
            "receiver",
            "POST /",
            SpanKind::Server,
            &format!("{n}"),
            &attempt.span_id,
            at,
        );
        span.error.clone_from(&attempt.error);
        collector.note(span);
    }
    let picture = waterfall(&collector.trace(TRACE, 9).await);
    std::fs::write(
        Path::new(env!("CARGO_TARGET_TMPDIR")).join("trace.svg"),
        picture,
    )
    .unwrap();
}

fn now_ns() -> u64 {
    u64::try_from(SystemClock.now().timestamp_nanos_opt().unwrap()).unwrap()
}
