use std::fmt;

use posthorn_jinja::{Context, Expression, Json};

use crate::{
    cloud_event::{self, CloudEventAttributes},
    event::Event,
    limits::{FILTER_BYTES_MAX, FILTER_FUEL_MIN},
    names::{FILTER_NAMES, all},
    payload::rfc3339,
    work::budget,
};

/// Bytes of an event's data that are read for filters at the price of one step.
const BYTES_READ_PER_FUEL: usize = 64;

/// An expression over `type`, `data`, `id`, `timestamp`, `tenant` and `ce` that decides whether a webhook wants
/// an event.
///
/// Jinja2 expression syntax. A name or key that is absent is an error, not a silent `false` on one side
/// of a comparison, so half a filter never passes; `is defined` asks for it. Values of unlike kinds have no order: to
/// compare them is an error too, and never a match. Work is bounded by fuel.
pub struct Filter {
    source: String,
    expression: Expression,
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

/// The event's data is not JSON, so nothing can look into it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the event's data cannot be read: it is not JSON")]
pub struct UnreadableData;

impl From<UnreadableData> for FilterFailed {
    fn from(unreadable: UnreadableData) -> Self {
        Self(unreadable.to_string())
    }
}

impl Filter {
    /// Compiles an expression, or says where it is broken and which of its names do not exist.
    pub fn compile(source: &str) -> Result<Self, String> {
        if source.len() > FILTER_BYTES_MAX {
            return Err(format!("must be at most {FILTER_BYTES_MAX} bytes long"));
        }
        let filter = Self::stored(source)?;
        let unknown = filter.expression.unknown(FILTER_NAMES);
        if unknown.is_empty() {
            Ok(filter)
        } else {
            Err(all(&unknown))
        }
    }

    /// The same of one that was saved when its names were not looked up: it fails on the events that it is asked about.
    pub fn stored(source: &str) -> Result<Self, String> {
        let expression = Expression::parse(source).map_err(|mistake| mistake.to_string())?;
        Ok(Self {
            source: source.to_owned(),
            expression,
        })
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
        let mut given = budget(context.data_bytes);
        let is_whole = given.steps <= *fuel;
        given.steps = given.steps.min(*fuel);
        if given.steps < FILTER_FUEL_MIN {
            return None;
        }
        let (decided, taken) = self.expression.holds(&context.variables, given);
        *fuel -= taken.max(FILTER_FUEL_MIN);
        if taken == given.steps && !is_whole {
            return None;
        }
        Some(decided.map_err(|failure| FilterFailed(failure.to_string())))
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
                    Err(error) => return Some(Err(error.into())),
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
pub struct EventContext {
    pub(crate) variables: Context,
    pub(crate) data_bytes: usize,
}

impl EventContext {
    /// Parses the event's data once for all filters and templates.
    pub fn new(event: &Event) -> Result<Self, UnreadableData> {
        let is_bytes = event.cloud_event.as_ref();
        let is_bytes = is_bytes.is_some_and(CloudEventAttributes::data_is_bytes);
        let data = if is_bytes {
            // They are in `ce.data_base64`.
            Json::Null
        } else {
            Json::read(event.data.as_str()).map_err(|_| UnreadableData)?
        };
        Ok(Self {
            variables: Context::new(vec![
                ("data", data),
                ("type", event.event_type.as_str().into()),
                ("tenant", event.tenant.as_str().into()),
                ("ce", cloud_event::context(event)),
                ("id", (&*event.id.to_string()).into()),
                ("timestamp", (&*rfc3339(event.timestamp)).into()),
            ]),
            data_bytes: event.data.as_bytes().len(),
        })
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

    /// Much more work than a cheap filter is, and less than any may be.
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
        assert!((20..200).contains(&decided(DEAR)), "{}", decided(DEAR));
        // What a budget cannot pay for is not decided, and is once it can.
        let dear = Filter::compile(DEAR).unwrap();
        assert!(dear.matches_within(&context, &mut 10_000).is_none());
        assert!(dear.matches(&context).unwrap());
    }

    #[test]
    fn unlike_kinds_are_never_equal_and_have_no_order() {
        let data = r#"{"text":"9.00","n":null,"t":true,"list":[1],"object":{},"amount":150}"#;
        for filter in [
            "data.text > 5",
            "5 < data.text",
            "data.text <= 9",
            "data.n < 3",
            "data.n >= 0",
            "none < 3",
            "data.list > 0",
            "data.object < 1",
            "data.list > 'a'",
            "data.missing < 3",
            "3 > data.missing",
            "1 < data.text < 10",
            "data.text is gt 5",
            "[data.text] | select('gt', 5) | list | length > 0",
            "[data.text, 5] | max > 1",
            "[data.text, 5] | sort | length > 1",
        ] {
            assert!(matches(filter, data).is_err(), "{filter}");
        }
        for (filter, wanted) in [
            ("data.text == 9", false),
            ("data.text != 9", true),
            ("data.n == 0", false),
            ("data.n == false", false),
            ("data.list == 1", false),
            ("data.amount in [150.0]", true),
            ("data.amount in ['150']", false),
            ("data.t > 0", true),
        ] {
            assert_eq!(matches(filter, data).unwrap(), wanted, "{filter}");
        }
    }

    #[test]
    fn names_that_do_not_exist_are_told_with_their_place() {
        for (broken, says) in [
            (
                "dta.amount > 100",
                "line 1: unknown variable `dta`; did you mean `data`?",
            ),
            (
                "data.a | lenght > 3",
                "line 1: unknown filter `lenght`; did you mean `length`?",
            ),
            (
                "type.startsWith('order.')",
                "line 1: unknown method `startsWith` of a text; did you mean `startswith`?",
            ),
            (
                "now() > timestamp",
                "line 1: the function `now` would give every retry",
            ),
            (
                "data.a is definde",
                "line 1: unknown test `definde`; did you mean `defined`?",
            ),
            (
                "data.a\n and data.b.frobnicate()",
                "line 2: unknown method `frobnicate`",
            ),
            (
                "data.a | map('uper') | list",
                "unknown filter `uper`; did you mean `upper`?",
            ),
            (
                "data.a | selectattr('b', 'equalt', 1) | list",
                "unknown test `equalt`; did you mean `equalto`?",
            ),
            ("'x'.foo()", "unknown method `foo` of a text"),
            (
                "data.a | replace('x') == 'y'",
                "the filter `replace` needs the argument `new`",
            ),
            (
                "data.a | upper(1) == 'y'",
                "the filter `upper` takes no arguments, 1 are given",
            ),
            (
                "data.a | sort(revers=true) | first",
                "no argument `revers`; did you mean `reverse`?",
            ),
            ("[x for x in data]", "line 1: expected"),
            ("data.items.append(1)", "would change the event's data"),
        ] {
            let error = Filter::compile(broken).unwrap_err();
            assert!(error.contains(says), "{broken}: {error}");
        }
        for fine in [
            "type.startswith('order.')",
            "data.anything.at.all == 1",
            "ce.source == 'x' and ce.subject is defined",
            "data.name.upper() == 'A' and data.tags | map(attribute='x.y') | list",
            "(data.tags | join(',')).split(',') | length > 1",
            "data.get('x', {}).get('y') == 1",
        ] {
            assert!(
                Filter::compile(fine).is_ok(),
                "{fine}: {:?}",
                Filter::compile(fine)
            );
        }
    }

    /// One that an older release took: it is read, and fails when it is asked.
    #[test]
    fn a_stored_filter_with_unknown_names_is_readable() {
        let context = EventContext::new(&event("order.paid", r#"{"a":1}"#)).unwrap();
        for (source, says) in [
            ("dta.amount > 100", "'dta' is undefined"),
            ("data.a | lenght > 3", "unknown filter `lenght`"),
            ("now() > 3", "'now' is undefined"),
        ] {
            let failed = Filter::stored(source)
                .unwrap()
                .matches(&context)
                .unwrap_err();
            assert!(failed.to_string().contains(says), "{failed}");
        }
    }

    #[test]
    fn data_that_a_filter_does_not_look_at_never_matters() {
        let deep = format!("{}1{}", "[".repeat(400), "]".repeat(400));
        for odd in [
            r#""abc\ud83d""#,
            r#""\ude00x""#,
            "1e999",
            "-1e999",
            &"9".repeat(9_000),
            &deep,
        ] {
            let data = format!(r#"{{"amount":150,"odd":{odd}}}"#);
            assert!(matches("data.amount > 100", &data).unwrap(), "{odd}");
        }
        let cut = r#"{"cut":"abc\ud83d","pair":"\ud83d\ude00","huge":1e999}"#;
        assert!(
            matches(
                "data.cut == 'abc\u{fffd}' and data.pair == '\u{1f600}'",
                cut
            )
            .unwrap()
        );
        assert!(matches("data.huge > 10 ** 300", cut).unwrap());
    }

    #[test]
    fn a_filter_may_look_at_all_that_fits_into_an_event() {
        let items = vec![r#"{"n":1}"#; 32_000].join(",");
        let data = format!(r#"{{"items":[{items}]}}"#);
        assert!(data.len() < crate::limits::EVENT_DATA_BYTES_MAX);
        assert!(matches("data.items | sum(attribute='n') == 32000", &data).unwrap());
        assert!(
            matches(
                "data.items | selectattr('n', 'gt', 0) | list | length == 32000",
                &data
            )
            .unwrap()
        );
    }

    #[test]
    fn cloud_events_attributes_are_seen() {
        let mut event = event("order.paid", "1");
        let filter = Filter::compile("ce.source == '/shop'").unwrap();
        assert!(filter.matches(&EventContext::new(&event).unwrap()).is_err());
        event.cloud_event = Some(crate::CloudEventAttributes {
            id: "1".into(),
            source: "/shop".into(),
            ..crate::CloudEventAttributes::default()
        });
        assert!(filter.matches(&EventContext::new(&event).unwrap()).unwrap());
    }
}
