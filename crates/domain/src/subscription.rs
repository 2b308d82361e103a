//! Which events a webhook wants, apart from everything else that its owner decided.
//!
//! This much is kept of what a webhook wanted before it was changed, and known of a webhook whose settings cannot be
//! read as a whole.

use crate::{
    event::Event,
    event_type::EventTypePattern,
    filter::{EventContext, Filter, FilterFailed},
};

/// Event types, and a filter over what the events hold.
#[derive(Debug)]
pub struct Subscription {
    /// Which event types are wanted.
    pub event_types: Vec<EventTypePattern>,
    /// Which of those events are wanted.
    pub filter: SubscriptionFilter,
}

/// The filter of a [`Subscription`].
#[derive(Debug)]
pub enum SubscriptionFilter {
    /// There is none.
    None,
    /// This one.
    Known(Box<Filter>),
    /// Whether there is one cannot be read.
    Unreadable,
}

/// Whether an event is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// It is.
    Yes,
    /// It is not.
    No,
    /// Its type is; the filter cannot be read.
    Undecided,
}

impl Subscription {
    /// Whether the event is wanted, if what is left of `fuel` is enough to find out. What it took is taken from that.
    /// `context` is made when the first filter needs it. A filter that fails on this event counts as no match.
    pub fn wants_within(
        &self,
        event: &Event,
        context: &mut Option<EventContext>,
        fuel: &mut u64,
    ) -> Option<Result<Wanted, FilterFailed>> {
        let mut patterns = self.event_types.iter();
        if !patterns.any(|pattern| pattern.matches(&event.event_type)) {
            return Some(Ok(Wanted::No));
        }
        let filter = match &self.filter {
            SubscriptionFilter::None => return Some(Ok(Wanted::Yes)),
            SubscriptionFilter::Unreadable => return Some(Ok(Wanted::Undecided)),
            SubscriptionFilter::Known(filter) => filter,
        };
        let passes = filter.passes_within(event, context, fuel)?;
        Some(passes.map(|passes| if passes { Wanted::Yes } else { Wanted::No }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{EventId, JsonText};

    fn event(event_type: &str, data: &'static str) -> Event {
        Event {
            id: EventId::from_stream_position(1_737_892_800_000_000_000, 1),
            tenant: "a".parse().unwrap(),
            event_type: event_type.parse().unwrap(),
            timestamp: "2025-01-26T12:00:00Z".parse().unwrap(),
            data: JsonText::parse(data.into()).unwrap(),
            cloud_event: None,
            trace: None,
        }
    }

    #[test]
    fn type_and_filter_decide_and_what_cannot_be_read_leaves_it_open() {
        let known = || SubscriptionFilter::Known(Box::new(Filter::compile("data.n > 0").unwrap()));
        for (pattern, filter, data, wanted) in [
            ("a.*", SubscriptionFilter::None, "{}", Wanted::Yes),
            ("x.*", SubscriptionFilter::None, "{}", Wanted::No),
            ("a.b", known(), r#"{"n":1}"#, Wanted::Yes),
            ("a.b", known(), r#"{"n":0}"#, Wanted::No),
            ("*", SubscriptionFilter::Unreadable, "{}", Wanted::Undecided),
            ("x.*", SubscriptionFilter::Unreadable, "{}", Wanted::No),
        ] {
            let subscription = Subscription {
                event_types: vec![pattern.parse().unwrap()],
                filter,
            };
            let mut enough = u64::MAX;
            let event = event("a.b", data);
            let answer = subscription.wants_within(&event, &mut None, &mut enough);
            assert_eq!(answer.unwrap().unwrap(), wanted, "{pattern} {data}");
        }
    }
}
