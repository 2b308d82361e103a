//! Names of streams and subjects.

use posthorn_domain::{DeliveryId, EventType, TenantId, WebhookId};

/// The replayable log of events.
pub const EVENTS_STREAM: &str = "POSTHORN_EVENTS";
/// The work queue of deliveries that wait or are due.
pub const DELIVERIES_STREAM: &str = "POSTHORN_DELIVERIES";
/// What could not be delivered or read.
pub const DEAD_LETTERS_STREAM: &str = "POSTHORN_DEAD_LETTERS";
/// The durable consumer that all deliverers share, on either of the first two streams.
pub const DELIVERER_CONSUMER: &str = "deliverer";

/// The durable consumer that keeps the index of dead letters.
pub const INDEX_CONSUMER: &str = "index";

/// The durable consumer that keeps waiting deliveries in their queue. Nobody pulls from it.
pub const KEEPING_CONSUMER: &str = "keeps-waiting";

/// How the subjects begin by which messages are acknowledged.
pub(crate) const ACKNOWLEDGEMENTS: &str = "$JS.ACK.";
pub(crate) const EVENTS_PREFIX: &str = "posthorn.events.";
pub(crate) const EVENTS: &str = "posthorn.events.>";
const LATER: &str = "posthorn.deliveries.later.";
/// All that wait for their time.
pub(crate) const WAITING: &str = "posthorn.deliveries.later.>";
pub(crate) const READY: &str = "posthorn.deliveries.ready.>";

/// Where an event is published.
pub fn event(tenant: &TenantId, event_type: &EventType) -> String {
    format!("{EVENTS_PREFIX}{tenant}.{event_type}")
}

/// All events of a tenant.
pub(crate) fn of_tenant(tenant: &TenantId) -> String {
    format!("{EVENTS_PREFIX}{tenant}.>")
}

/// All dead letters of a tenant.
pub(crate) fn dead_letters_of(tenant: &TenantId) -> String {
    format!("posthorn.dead-letters.{tenant}.>")
}

/// Where a delivery waits for its time. One subject for each delivery: publishing again replaces.
pub fn later(delivery: DeliveryId) -> String {
    format!("{LATER}{delivery}")
}

/// Where a delivery that is due is claimed from.
pub fn ready(webhook: WebhookId) -> String {
    format!("posthorn.deliveries.ready.{webhook}")
}

/// Where a delivery is buried.
pub fn dead_letter(tenant: &TenantId, webhook: WebhookId) -> String {
    format!("posthorn.dead-letters.{tenant}.{webhook}")
}

/// Where a message is buried that could not be read.
pub fn malformed(tenant: &TenantId) -> String {
    format!("posthorn.dead-letters.{tenant}.malformed")
}

/// Whose dead letter lies there.
pub(crate) fn parse_dead_letter(subject: &str) -> Option<TenantId> {
    let (tenant, _) = subject
        .strip_prefix("posthorn.dead-letters.")?
        .split_once('.')?;
    tenant.parse().ok()
}

/// Whether a consumer gives out what is stored there: all but what waits for its time.
pub(crate) fn is_claimed(subject: &str) -> bool {
    !subject.starts_with(LATER)
}

/// Reads tenant and event type back; the error is for the dead letter.
pub(crate) fn parse_event(
    subject: &str,
) -> Result<(TenantId, EventType), (Option<TenantId>, String)> {
    let rest = subject.strip_prefix(EVENTS_PREFIX).ok_or_else(|| {
        (
            None,
            "the subject does not begin with posthorn.events.".to_owned(),
        )
    })?;
    let (tenant, event_type) = rest.split_once('.').ok_or_else(|| {
        (
            rest.parse().ok(),
            "the subject names no event type".to_owned(),
        )
    })?;
    let tenant: TenantId = tenant
        .parse()
        .map_err(|error| (None, format!("the subject's tenant is not valid: {error}")))?;
    match event_type.parse() {
        Ok(event_type) => Ok((tenant, event_type)),
        Err(error) => Err((
            Some(tenant),
            format!("the subject's event type is not valid: {error}"),
        )),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn an_event_is_found_where_it_was_published(
            tenant in "[a-z0-9_-]{1,64}",
            event_type in "[A-Za-z0-9_-]{1,8}(\\.[A-Za-z0-9_-]{1,8}){0,4}",
        ) {
            let (tenant, event_type) = (tenant.parse().unwrap(), event_type.parse().unwrap());
            let subject = event(&tenant, &event_type);
            prop_assert_eq!(parse_event(&subject).unwrap(), (tenant, event_type));
        }
    }

    #[test]
    fn as_much_as_can_be_read_is_kept() {
        for (subject, tenant) in [
            ("posthorn.events.acme.user.a%b", Some("acme")),
            ("posthorn.events.acme", Some("acme")),
            ("posthorn.events.ACME.user", None),
            ("posthorn.events.ACME", None),
            ("other.acme.user", None),
        ] {
            let (read, _) = parse_event(subject).unwrap_err();
            assert_eq!(read.as_ref().map(TenantId::as_str), tenant, "{subject}");
        }
    }
}
