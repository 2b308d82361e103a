//! A trace as a picture: one bar for each span, under the span that it is part of.
//!
//! A retry comes seconds after an attempt of milliseconds. So time in which nothing happens is cut out where it is
//! long, and the cut says how long it was.

use std::fmt::Write;

use super::{CollectedSpan, SpanKind};

const WIDTH: f64 = 1_100.0;
const NAMES_WIDTH: f64 = 430.0;
const ROW: f64 = 26.0;
const TOP: f64 = 64.0;
/// What a cut takes, and the idle time from which on there is one.
const CUT_WIDTH: f64 = 56.0;
const CUT_FROM_NS: u64 = 50_000_000;
/// Services get these colours in the order in which they appear.
const COLOURS: [&str; 5] = ["#7a5195", "#2f6db3", "#2e8b57", "#c77c02", "#555555"];

/// A stretch of time in which something happens, and where it lies in the picture.
struct Stretch {
    from_ns: u64,
    to_ns: u64,
    x: f64,
    width: f64,
}

/// Draws the spans of one trace as SVG.
pub fn waterfall(spans: &[CollectedSpan]) -> String {
    let rows = in_order(spans);
    let stretches = stretches(spans);
    let height = TOP + ROW * row_count(&rows) + 14.0;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" \
         font-family=\"system-ui, sans-serif\" font-size=\"12\">\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n"
    );
    let mut services: Vec<&str> = Vec::new();
    for (_, span) in &rows {
        if !services.contains(&span.service.as_str()) {
            services.push(&span.service);
        }
    }
    let colour = |service: &str| {
        let at = services.iter().position(|known| *known == service);
        COLOURS[at.unwrap_or(0) % COLOURS.len()]
    };
    legend(&mut svg, spans, &services, colour);
    cuts(&mut svg, &stretches, height);
    for (n, (depth, span)) in rows.iter().enumerate() {
        let y = TOP + ROW * row_count(&rows[..n]);
        row(&mut svg, y, *depth, span, &stretches, colour(&span.service));
    }
    links(&mut svg, &rows, &stretches);
    svg.push_str("</svg>\n");
    svg
}

fn row_count<T>(rows: &[T]) -> f64 {
    f64::from(u32::try_from(rows.len()).unwrap())
}

/// Each span after the one that it is part of, and how deep it lies.
fn in_order(spans: &[CollectedSpan]) -> Vec<(usize, &CollectedSpan)> {
    let mut sorted: Vec<&CollectedSpan> = spans.iter().collect();
    sorted.sort_by_key(|span| span.start_ns);
    let is_known = |id: &str| sorted.iter().any(|span| span.span_id == id);
    let roots = sorted.iter().filter(|span| !is_known(&span.parent_id));
    let mut rows = Vec::new();
    for root in roots {
        below(root, 0, &sorted, &mut rows);
    }
    rows
}

fn below<'a>(
    span: &'a CollectedSpan,
    depth: usize,
    sorted: &[&'a CollectedSpan],
    rows: &mut Vec<(usize, &'a CollectedSpan)>,
) {
    rows.push((depth, span));
    for child in sorted
        .iter()
        .filter(|child| child.parent_id == span.span_id)
    {
        below(child, depth + 1, sorted, rows);
    }
}

fn stretches(spans: &[CollectedSpan]) -> Vec<Stretch> {
    let mut times: Vec<(u64, u64)> = spans.iter().map(|s| (s.start_ns, s.end_ns)).collect();
    times.sort_unstable();
    let mut busy: Vec<(u64, u64)> = Vec::new();
    for (from, to) in times {
        match busy.last_mut() {
            Some(last) if from <= last.1 + CUT_FROM_NS => last.1 = last.1.max(to),
            _ => busy.push((from, to)),
        }
    }
    let total: u64 = busy.iter().map(|(from, to)| to - from).sum();
    let cuts = row_count(&busy) - 1.0;
    let room = WIDTH - NAMES_WIDTH - 90.0 - CUT_WIDTH * cuts;
    let mut x = NAMES_WIDTH;
    let place = |(from_ns, to_ns): (u64, u64)| {
        let width = room * ratio(to_ns - from_ns, total);
        let stretch = Stretch {
            from_ns,
            to_ns,
            x,
            width,
        };
        x += width + CUT_WIDTH;
        stretch
    };
    busy.into_iter().map(place).collect()
}

fn ratio(part: u64, whole: u64) -> f64 {
    micros(part) / micros(whole.max(1))
}

fn micros(ns: u64) -> f64 {
    f64::from(u32::try_from(ns / 100).unwrap_or(u32::MAX)) / 10.0
}

fn x_of(stretches: &[Stretch], ns: u64) -> f64 {
    let stretch = stretches.iter().find(|s| ns <= s.to_ns).unwrap();
    let into = ns.saturating_sub(stretch.from_ns);
    stretch.x + stretch.width * ratio(into, stretch.to_ns - stretch.from_ns)
}

fn legend<'a>(
    svg: &mut String,
    spans: &[CollectedSpan],
    services: &[&'a str],
    colour: impl Fn(&'a str) -> &'static str,
) {
    let trace = spans.first().map_or("", |span| span.trace_id.as_str());
    let _ = writeln!(
        svg,
        "<text x=\"12\" y=\"24\" font-size=\"14\" fill=\"#222222\">Trace {trace}</text>"
    );
    let mut x = 12.0;
    for service in services {
        let _ = writeln!(
            svg,
            "<rect x=\"{x}\" y=\"36\" width=\"10\" height=\"10\" fill=\"{}\"/>\
             <text x=\"{}\" y=\"45\" fill=\"#444444\">{}</text>",
            colour(service),
            x + 15.0,
            escape(service)
        );
        x += 40.0 + 7.0 * row_count(service.as_bytes());
    }
}

fn cuts(svg: &mut String, stretches: &[Stretch], height: f64) {
    for pair in stretches.windows(2) {
        let (before, after) = (&pair[0], &pair[1]);
        let x = before.x + before.width + CUT_WIDTH / 2.0;
        let idle = duration(after.from_ns - before.to_ns);
        let _ = writeln!(
            svg,
            "<line x1=\"{x:.1}\" y1=\"{TOP}\" x2=\"{x:.1}\" y2=\"{:.1}\" stroke=\"#bbbbbb\" stroke-dasharray=\"3 4\"/>\
             <text x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"middle\" fill=\"#777777\">{idle}</text>",
            height - 12.0,
            TOP - 6.0
        );
    }
}

fn row(
    svg: &mut String,
    y: f64,
    depth: usize,
    span: &CollectedSpan,
    stretches: &[Stretch],
    colour: &str,
) {
    let indent = 12.0 + 16.0 * f64::from(u32::try_from(depth).unwrap());
    let (from, to) = (x_of(stretches, span.start_ns), x_of(stretches, span.end_ns));
    let width = (to - from).max(3.0);
    let is_bad = span.error.is_some();
    let _ = writeln!(
        svg,
        "<text x=\"{indent:.1}\" y=\"{:.1}\" fill=\"#222222\">{}</text>\
         <rect x=\"{from:.1}\" y=\"{:.1}\" width=\"{width:.1}\" height=\"12\" rx=\"2\" fill=\"{colour}\"{}>\
         <title>{}</title></rect>\
         <text x=\"{:.1}\" y=\"{:.1}\" fill=\"{}\">{}{}</text>",
        y + 14.0,
        escape(&label(span)),
        y + 4.0,
        if is_bad {
            " stroke=\"#c0392b\" stroke-width=\"2\""
        } else {
            ""
        },
        escape(&details(span)),
        from + width + 6.0,
        y + 14.0,
        if is_bad { "#c0392b" } else { "#555555" },
        duration(span.end_ns - span.start_ns),
        if is_bad { " ✗" } else { "" },
    );
}

/// Arrows from an attempt to the one that it follows from.
fn links(svg: &mut String, rows: &[(usize, &CollectedSpan)], stretches: &[Stretch]) {
    for (n, (_, span)) in rows.iter().enumerate() {
        if span.kind != SpanKind::Client {
            continue;
        }
        for linked in &span.links {
            let Some(to) = rows.iter().position(|(_, other)| other.span_id == *linked) else {
                continue;
            };
            let middle = |n: usize| TOP + ROW * row_count(&rows[..n]) + 10.0;
            let from_x = x_of(stretches, span.start_ns);
            let to_x = x_of(stretches, rows[to].1.end_ns);
            let _ = writeln!(
                svg,
                "<path d=\"M {from_x:.1} {:.1} C {:.1} {:.1}, {:.1} {:.1}, {to_x:.1} {:.1}\" fill=\"none\" \
                 stroke=\"#c0392b\" stroke-dasharray=\"2 3\"><title>follows from this attempt</title></path>",
                middle(n),
                from_x - 30.0,
                middle(n),
                to_x + 60.0,
                middle(to),
                middle(to)
            );
        }
    }
}

fn label(span: &CollectedSpan) -> String {
    let mut label = format!("{} · {}", span.service, span.name);
    let status = span.attribute("http.response.status_code");
    if !status.is_empty() {
        let _ = write!(label, " → {status}");
    }
    if span.kind == SpanKind::Client && !span.attribute("posthorn.attempt").is_empty() {
        let _ = write!(label, " (attempt {})", span.attribute("posthorn.attempt"));
    }
    label
}

fn details(span: &CollectedSpan) -> String {
    let mut lines: Vec<String> = span
        .attributes
        .iter()
        .map(|(name, value)| format!("{name}: {value}"))
        .collect();
    lines.extend(span.error.as_ref().map(|error| format!("error: {error}")));
    lines.join("\n")
}

fn duration(ns: u64) -> String {
    let us = micros(ns);
    if us < 1_000.0 {
        format!("{us:.0} µs")
    } else if us < 1_000_000.0 {
        format!("{:.1} ms", us / 1_000.0)
    } else {
        format!("{:.2} s", us / 1_000_000.0)
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
