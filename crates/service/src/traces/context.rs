//! W3C Trace Context, as OpenTelemetry's API has it.

use std::str::FromStr;

use opentelemetry::trace::{SpanContext, SpanId, TraceFlags, TraceId, TraceState};
use posthorn_domain::TraceContext;

/// Reads what another process sent; what is broken is as good as nothing. A later version may append.
pub(super) fn read(context: &TraceContext) -> Option<SpanContext> {
    let mut parts = context.traceparent.split('-');
    let version = parts.next()?;
    let trace = TraceId::from_hex(parts.next().filter(|part| part.len() == 32)?).ok()?;
    let span = SpanId::from_hex(parts.next().filter(|part| part.len() == 16)?).ok()?;
    let flags = u8::from_str_radix(parts.next().filter(|part| part.len() == 2)?, 16).ok()?;
    let is_known = match version {
        "00" => parts.next().is_none(),
        other => other.len() == 2 && other != "ff",
    };
    let state = context.tracestate.as_deref();
    let state = state.and_then(|state| TraceState::from_str(state).ok());
    let read = SpanContext::new(
        trace,
        span,
        TraceFlags::new(flags) & TraceFlags::SAMPLED,
        true,
        state.unwrap_or_default(),
    );
    (is_known && read.is_valid()).then_some(read)
}

/// Writes what another process is to be told.
pub(super) fn write(context: &SpanContext) -> TraceContext {
    let state = context.trace_state().header();
    TraceContext {
        traceparent: format!(
            "00-{}-{}-{:02x}",
            context.trace_id(),
            context.span_id(),
            context.trace_flags()
        ),
        tracestate: (!state.is_empty()).then_some(state),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(traceparent: &str, tracestate: Option<&str>) -> TraceContext {
        TraceContext {
            traceparent: traceparent.to_owned(),
            tracestate: tracestate.map(str::to_owned),
        }
    }

    #[test]
    fn a_context_is_written_as_it_was_read() {
        let sent = of(
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            Some("vendor=1,other=2"),
        );
        assert_eq!(write(&read(&sent).unwrap()), sent);
        // A later version is answered in ours.
        let later = of(
            "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-x",
            None,
        );
        let ours = of(
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            None,
        );
        assert_eq!(write(&read(&later).unwrap()), ours);
    }

    #[test]
    fn a_broken_context_is_none() {
        for broken in [
            "",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
            "00-00000000000000000000000000000000-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-x",
            "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0g",
        ] {
            assert!(read(&of(broken, None)).is_none(), "{broken}");
        }
    }
}
