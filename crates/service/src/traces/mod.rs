//! Spans of OpenTelemetry, where a collector is named and the sampler wants the trace.
//!
//! Everywhere else [`Traces::start`] gives `None` after one branch, and whoever would have told something about a span
//! has nobody to tell it to: no allocation, no clock, no lock. A span that is there ends when it is dropped; then it waits in a
//! bounded queue for the collector.

mod context;
mod log;

use std::{borrow::Cow, fmt};

use opentelemetry::{
    Context, KeyValue,
    trace::{Span as _, SpanBuilder, SpanContext, SpanKind, Status, TraceContextExt, Tracer},
};
use opentelemetry_sdk::trace::{SdkTracer, Span as SdkSpan};
use posthorn_domain::TraceContext;

pub(crate) use self::log::TopLevelSpan;
pub use self::log::{log_span, log_span_of_request};

/// Starts spans, or does not. Clones share the queue.
#[derive(Debug, Clone, Default)]
pub struct Traces(Option<SdkTracer>);

/// What a span is part of.
#[derive(Debug, Clone, Copy)]
pub enum Parent<'a> {
    /// What another process sent with a request or a message, if it did.
    Remote(Option<&'a TraceContext>),
    /// A span of this process.
    Local(&'a Here),
}

/// Where a span of this process is, for spans within it.
#[derive(Debug, Clone)]
pub struct Here(SpanContext);

/// A span that is recorded. It ends when it is dropped.
pub struct Span(Box<SdkSpan>);

impl Traces {
    /// Never starts any.
    pub fn off() -> Self {
        Self(None)
    }

    pub(crate) fn on(tracer: SdkTracer) -> Self {
        Self(Some(tracer))
    }

    /// Whether any may be started.
    #[inline]
    pub fn is_on(&self) -> bool {
        self.0.is_some()
    }

    /// A new span, if there is a collector and the sampler wants it.
    #[inline]
    pub fn start(
        &self,
        name: impl Into<Cow<'static, str>>,
        kind: SpanKind,
        parent: Parent<'_>,
    ) -> Option<Span> {
        match &self.0 {
            None => None,
            Some(tracer) => start(tracer, name.into(), kind, parent),
        }
    }
}

#[cold]
fn start(
    tracer: &SdkTracer,
    name: Cow<'static, str>,
    kind: SpanKind,
    parent: Parent<'_>,
) -> Option<Span> {
    let context = match parent {
        Parent::Remote(remote) => match remote.and_then(context::read) {
            Some(remote) => Context::new().with_remote_span_context(remote),
            None => Context::new(),
        },
        Parent::Local(here) => Context::new().with_remote_span_context(here.0.clone()),
    };
    let builder = SpanBuilder::from_name(name).with_kind(kind);
    let span = tracer.build_with_context(builder, &context);
    span.span_context()
        .is_sampled()
        .then(|| Span(Box::new(span)))
}

impl Span {
    /// What the next process is told.
    pub fn context(&self) -> TraceContext {
        context::write(self.0.span_context())
    }

    /// Where it is, for spans within it.
    pub fn here(&self) -> Here {
        Here(self.0.span_context().clone())
    }

    /// Tells something about it.
    pub fn set(&mut self, attributes: impl IntoIterator<Item = KeyValue>) {
        self.0.set_attributes(attributes);
    }

    /// Points to a span that it follows from, without being a part of it.
    pub fn link(&mut self, to: &TraceContext, attributes: Vec<KeyValue>) {
        if let Some(to) = context::read(to) {
            self.0.add_link(to, attributes);
        }
    }

    /// It failed. `kind` comes from a closed set, `words` are for people.
    pub fn fail(&mut self, kind: impl Into<Cow<'static, str>>, words: String) {
        self.0
            .set_attribute(KeyValue::new("error.type", kind.into()));
        self.0.set_status(Status::error(words));
    }
}

impl fmt::Debug for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Span").field(self.0.span_context()).finish()
    }
}
