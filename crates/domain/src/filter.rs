use std::{
    fmt,
    sync::{LazyLock, OnceLock},
};

use minijinja::{Environment, ErrorKind, Expression, UndefinedBehavior, Value};

use crate::{
    cloud_event::{self, CloudEventAttributes},
    event::Event,
    limits::{EXPRESSION_FUEL_MAX, FILTER_BYTES_MAX, FILTER_FUEL_TRIALS},
    payload::rfc3339,
};

/// Bytes of an event's data that are read for filters at the price of one step, as in the engine.
const BYTES_READ_PER_FUEL: usize = 64;

/// An expression over `type`, `data`, `id`, `timestamp`, `tenant` and `ce` that decides whether a webhook wants
/// an event.
///
/// Jinja expression syntax. A name or key that is absent is an error, not a silent `false` on one side
/// of a comparison, so half a filter never passes; `is defined` asks for it. Work is bounded by fuel.
///
/// The engine does not tell how much of it an evaluation took. So each filter is tried with little first, which is
/// enough for nearly all, and with more where it was not: what it was given is an upper bound of what it cost.
pub struct Filter {
    source: String,
    /// For each of [`FILTER_FUEL_TRIALS`]; compiled when it is needed first.
    expressions: [OnceLock<Expression<'static, 'static>>; FILTER_FUEL_TRIALS.len()],
}

/// A filter that could not be evaluated on an event. It counts as no match.
#[derive(Debug, thiserror::Error)]
#[error("the filter failed on this event: {0}")]
pub struct FilterFailed(String);

impl FilterFailed {
    /// Why, in one line.
    pub fn reason(&self) -> &str {
        &self.0
    }
}

static ENVIRONMENTS: LazyLock<[Environment<'static>; FILTER_FUEL_TRIALS.len()]> =
    LazyLock::new(|| FILTER_FUEL_TRIALS.map(environment));

fn environment(fuel: u64) -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_fuel(Some(fuel));
    environment
}

impl Filter {
    /// Compiles an expression, or says where it is broken.
    pub fn compile(source: &str) -> Result<Self, String> {
        if source.len() > FILTER_BYTES_MAX {
            return Err(format!("must be at most {FILTER_BYTES_MAX} bytes long"));
        }
        let filter = Self {
            source: source.to_owned(),
            expressions: [const { OnceLock::new() }; FILTER_FUEL_TRIALS.len()],
        };
        filter.expression(0).map_err(|e| describe(&e))?;
        Ok(filter)
    }

    /// Whether the webhook wants the event.
    pub fn matches(&self, context: &EventContext) -> Result<bool, FilterFailed> {
        let mut enough = u64::MAX;
        let decided = self.matches_within(context, &mut enough);
        decided.unwrap_or_else(|| Err(FilterFailed("no fuel".to_owned())))
    }

    /// The same, if what is left of `fuel` is enough to find out. What it took is taken from that.
    pub fn matches_within(
        &self,
        context: &EventContext,
        fuel: &mut u64,
    ) -> Option<Result<bool, FilterFailed>> {
        for (trial, cost) in FILTER_FUEL_TRIALS.into_iter().enumerate() {
            *fuel = fuel.checked_sub(cost)?;
            let expression = self.expression(trial);
            match expression.and_then(|expression| expression.eval(&context.0)) {
                Err(error)
                    if error.kind() == ErrorKind::OutOfFuel && cost < EXPRESSION_FUEL_MAX => {}
                Err(error) => return Some(Err(FilterFailed(describe(&error)))),
                Ok(value) if value.is_undefined() => {
                    return Some(Err(FilterFailed("the result is undefined".to_owned())));
                }
                Ok(value) => return Some(Ok(value.is_true())),
            }
        }
        None
    }

    fn expression(&self, trial: usize) -> Result<&Expression<'static, 'static>, minijinja::Error> {
        let kept = &self.expressions[trial];
        if let Some(expression) = kept.get() {
            return Ok(expression);
        }
        let environment = &ENVIRONMENTS[trial];
        let compiled = environment.compile_expression_owned(self.source.clone())?;
        Ok(kept.get_or_init(|| compiled))
    }

    /// The same of an event. `context` is made when the first filter needs it, at a price.
    pub(crate) fn passes_within(
        &self,
        event: &Event,
        context: &mut Option<EventContext>,
        fuel: &mut u64,
    ) -> Option<Result<bool, FilterFailed>> {
        let context = match context {
            Some(context) => context,
            None => {
                let read = event.data.as_bytes().len() / BYTES_READ_PER_FUEL;
                *fuel = fuel.saturating_sub(u64::try_from(read).unwrap_or(u64::MAX));
                match EventContext::new(event) {
                    Ok(made) => context.insert(made),
                    Err(error) => return Some(Err(error)),
                }
            }
        };
        self.matches_within(context, fuel)
    }

    /// The expression as it was written.
    pub fn source(&self) -> &str {
        &self.source
    }
}

impl fmt::Debug for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Filter").field(&self.source).finish()
    }
}

/// What filters and templates see of an event.
#[derive(Debug)]
pub struct EventContext(pub(crate) Value);

impl EventContext {
    /// Parses the event's data once for all filters and templates.
    pub fn new(event: &Event) -> Result<Self, FilterFailed> {
        let is_bytes = event.cloud_event.as_ref();
        let is_bytes = is_bytes.is_some_and(CloudEventAttributes::data_is_bytes);
        let data: Value = if is_bytes {
            // They are in `ce.data_base64`.
            Value::from(())
        } else {
            serde_json::from_slice(event.data.as_bytes())
                .map_err(|e| FilterFailed(e.to_string()))?
        };
        Ok(Self(minijinja::context! {
            ce => cloud_event::context(event),
            data,
            id => event.id.to_string(),
            tenant => event.tenant.as_str(),
            timestamp => rfc3339(event.timestamp),
            type => event.event_type.as_str(),
        }))
    }
}

/// An error of the template engine in one line, with the line it points at.
pub(crate) fn describe(error: &minijinja::Error) -> String {
    let what = error.detail().map_or_else(
        || error.kind().to_string(),
        |detail| format!("{}: {detail}", error.kind()),
    );
    match error.line() {
        Some(line) => format!("line {line}: {what}"),
        None => what,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{event::tests_support::event, limits::FILTER_FUEL_PER_EVENT_MAX};

    fn matches(filter: &str, data: &str) -> Result<bool, FilterFailed> {
        Filter::compile(filter)
            .unwrap()
            .matches(&EventContext::new(&event("order.paid", data)).unwrap())
    }

    #[test]
    fn decides_over_the_events_fields() {
        let data = r#"{"amount":150,"user":{"plan":"pro"},"tags":["a","b"]}"#;
        for (filter, wanted) in [
            ("data.amount > 100", true),
            ("data.amount > 150", false),
            ("data.user.plan == 'pro' and 'a' in data.tags", true),
            ("type == 'order.paid' and tenant == 'default'", true),
            ("data.missing is defined", false),
            ("data.missing is defined and data.missing > 3", false),
        ] {
            assert_eq!(matches(filter, data).unwrap(), wanted, "{filter}");
        }
    }

    #[test]
    fn an_absent_key_is_an_error_and_not_half_a_match() {
        for filter in [
            "data.missing == 1",
            "data.missing > 1 or true",
            "missing",
            "data.a.b.c == 1",
            "data.missing",
        ] {
            assert!(matches(filter, r#"{"amount":1}"#).is_err(), "{filter}");
        }
    }

    #[test]
    fn a_broken_one_says_where() {
        for broken in [
            "",
            "data.amount >",
            "{{ data }}",
            "1 +",
            "(",
            &"1+".repeat(4000),
        ] {
            assert!(Filter::compile(broken).is_err(), "{broken}");
        }
    }

    #[test]
    fn endless_work_runs_out_of_fuel() {
        assert!(matches("range(100000) | map('string') | join | length > 1", "{}").is_err());
    }

    /// More steps than a cheap filter may take, and fewer than any may.
    const DEAR: &str = "range(5000) | map('string') | join | length > 1";

    #[test]
    fn a_budget_pays_for_many_cheap_filters_and_few_dear_ones() {
        let context = EventContext::new(&event("order.paid", r#"{"amount":150}"#)).unwrap();
        let decided = |filter: &str| {
            let filter = Filter::compile(filter).unwrap();
            let mut fuel = FILTER_FUEL_PER_EVENT_MAX;
            let mut decided = 0;
            while filter.matches_within(&context, &mut fuel).is_some() {
                decided += 1;
            }
            decided
        };
        assert_eq!(decided("data.amount > 100"), 20_000);
        assert_eq!(decided("data.missing > 100"), 20_000, "a failing one too");
        assert_eq!(decided(DEAR), 19);
        // What a budget cannot pay for is not decided, and is once it can.
        let dear = Filter::compile(DEAR).unwrap();
        assert!(dear.matches_within(&context, &mut 10_000).is_none());
        assert!(dear.matches(&context).unwrap());
    }
}
