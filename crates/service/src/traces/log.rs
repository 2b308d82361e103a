//! Log lines that name the trace they belong to.

use std::fmt;

use opentelemetry::trace::Span as _;
use tracing::{Event, Subscriber, error_span};
use tracing_subscriber::{
    fmt::{
        FmtContext, FormatEvent, FormatFields, FormattedFields,
        format::{Format, Json, Writer},
    },
    registry::LookupSpan,
};

use super::Span;

/// What log lines say while `span` is under way: nothing where it is not recorded.
///
/// It is at the level of errors, so that it is there for whatever is logged.
pub fn log_span(span: Option<&Span>) -> tracing::Span {
    span.map_or_else(tracing::Span::none, |span| {
        let context = span.0.span_context();
        error_span!("trace", trace_id = %context.trace_id(), span_id = %context.span_id())
    })
}

/// The same, with the id of the request.
pub fn log_span_of_request(span: Option<&Span>, request: &str) -> tracing::Span {
    span.map_or_else(tracing::Span::none, |span| {
        let context = span.0.span_context();
        error_span!(
            "trace",
            trace_id = %context.trace_id(),
            span_id = %context.span_id(),
            request.id = request
        )
    })
}

/// JSON lines with the fields of the innermost span beside their own, where collectors look for them.
pub(crate) struct TopLevelSpan(pub(crate) Format<Json>);

impl<S, N> FormatEvent<S, N> for TopLevelSpan
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let Some(span) = context.lookup_current() else {
            return self.0.format_event(context, writer, event);
        };
        let mut line = String::new();
        self.0
            .format_event(context, Writer::new(&mut line), event)?;
        let extensions = span.extensions();
        let fields = extensions
            .get::<FormattedFields<N>>()
            .and_then(|fields| fields.fields.strip_prefix('{'))
            .filter(|fields| fields.len() > 1);
        match (line.trim_end().strip_suffix('}'), fields) {
            // Both are objects: one goes on where the other ends.
            (Some(line), Some(fields)) => writeln!(writer, "{line},{fields}"),
            _ => writer.write_str(&line),
        }
    }
}
