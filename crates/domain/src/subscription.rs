//! Which events a webhook wants, apart from everything else that its owner decided.
//!
//! This much is kept of what a webhook wanted before it was changed, and known of a webhook whose settings cannot be
//! read as a whole.

use crate::{
    event::Event,
    event_type::EventTypePattern,
    filter::{EventContext, Filter, FilterFailed},
    ids::WebhookId,
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
    Known(Filter),
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
    /// Whether the event is wanted by `webhook`, whose subscription this is. `context` is made when the first filter
    /// needs it.
    ///
    /// # Errors
    /// The filter failed on this event. That counts as no match.
    pub fn wants(
        &self,
        event: &Event,
        webhook: WebhookId,
        context: &mut Option<EventContext>,
    ) -> Result<Wanted, FilterFailed> {
        // A webhook that wants everything is not told about itself: see the operational events.
        let about_itself = event.is_about(webhook);
        let wants_type = self.event_types.iter().any(|pattern| {
            pattern.matches(&event.event_type)
                && !(about_itself && matches!(pattern, EventTypePattern::All))
        });
        if !wants_type {
            return Ok(Wanted::No);
        }
        let filter = match &self.filter {
            SubscriptionFilter::None => return Ok(Wanted::Yes),
            SubscriptionFilter::Unreadable => return Ok(Wanted::Undecided),
            SubscriptionFilter::Known(filter) => filter,
        };
        let context = match context {
            Some(context) => context,
            None => context.insert(EventContext::new(event)?),
        };
        Ok(if filter.matches(context)? {
            Wanted::Yes
        } else {
            Wanted::No
        })
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
        let webhook = "01941f29-7c00-7000-8000-000000000001".parse().unwrap();
        let known = || SubscriptionFilter::Known(Filter::compile("data.n > 0").unwrap());
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
            let answer = subscription.wants(&event("a.b", data), webhook, &mut None);
            assert_eq!(answer.unwrap(), wanted, "{pattern} {data}");
        }
    }
}
