//! Operational events as messages: signed when they are published, verified when they are claimed. How, and why, is
//! told in [`OperationalKeys`](posthorn_domain::OperationalKeys)' module.

use async_nats::HeaderMap;
use bytes::Bytes;
use posthorn_domain::{
    Event, EventId, NotGenuine, OPERATIONAL_SOURCE, OperationalType, SignedParts, Timestamp,
    WebhookId, operational_event,
};

use crate::{
    bus::Bus,
    claim::Malformed,
    config::BusConfig,
    error::PublishError,
    event_message::{Accepted, OutgoingEvent, StoredMessage},
    header,
};

impl Bus {
    /// Publishes what Posthorn says of itself, signed at `now`. `occurrence` names what happened: saying it again has
    /// no effect within the duplicate window, whoever says it.
    pub async fn publish_operational(
        &self,
        event: &Event,
        occurrence: &str,
        now: Timestamp,
    ) -> Result<Accepted, PublishError> {
        let body = event.data.as_bytes().clone();
        let outgoing = OutgoingEvent {
            event: event.clone(),
            idempotency_key: None,
            request_id: None,
        };
        let subject = outgoing.subject();
        let mut headers = outgoing.headers();
        // A prefix of its own, so that no publisher's key meets it.
        headers.insert(header::MSG_ID, format!("posthorn:{occurrence}"));
        let signature = signed_parts(&subject, Some(&headers), &body)
            .and_then(|parts| self.config.operational_keys.sign(&parts, now));
        if let Some(signature) = signature {
            headers.insert(header::SIGNATURE, signature);
        }
        let ack = self.publish(subject, headers, body).await?;
        Ok(Accepted {
            sequence: ack.sequence,
            duplicate: ack.duplicate,
        })
    }

    /// This bus, taking unsigned operational events that were stored before `until` for genuine: those that deliverers
    /// of a release which did not sign published until they were replaced.
    #[must_use]
    pub fn with_unsigned_operational_until(mut self, until: Option<Timestamp>) -> Self {
        let config = std::sync::Arc::make_mut(&mut self.config);
        config.unsigned_operational_until = until;
        self
    }

    /// Signs again, at `now`, a message that is published once more, if it was genuine when it came. Others stay as
    /// they are.
    pub(crate) fn sign_again(
        &self,
        subject: &str,
        headers: &mut HeaderMap,
        body: &Bytes,
        now: Timestamp,
    ) {
        let keys = &self.config.operational_keys;
        let signature = header::get(Some(&*headers), header::SIGNATURE);
        let again = signed_parts(subject, Some(&*headers), body).and_then(|parts| {
            keys.verify_any_time(&parts, signature).ok()?;
            keys.sign(&parts, now)
        });
        if let Some(again) = again {
            headers.insert(header::SIGNATURE, again);
        }
    }
}

impl StoredMessage<'_> {
    /// The event that this message was read as, unless it is of an operational type and not Posthorn's own.
    ///
    /// Of an operational event nothing is taken but what was signed.
    pub(crate) fn genuine(&self, event: Event, config: &BusConfig) -> Result<Event, Malformed> {
        let Some(kind) = OperationalType::of(event.event_type.as_str()) else {
            return Ok(event);
        };
        let Event {
            tenant,
            timestamp,
            data,
            ..
        } = event;
        self.verified(config)
            .map(|(id, about)| operational_event(id, tenant.clone(), kind, about, timestamp, data))
            .map_err(|refused| Malformed {
                readable_elsewhere: matches!(refused, NotGenuine::UnknownKey(_)),
                ..self.malformed(Some(tenant), refused.to_string())
            })
    }

    /// The event's id and the webhook that it is about.
    fn verified(&self, config: &BusConfig) -> Result<(EventId, WebhookId), NotGenuine> {
        let parts =
            signed_parts(self.subject, self.headers, self.payload).ok_or(NotGenuine::Unsigned)?;
        let signature = header::get(self.headers, header::SIGNATURE);
        match config
            .operational_keys
            .verify(&parts, signature, self.stored_at)
        {
            Err(NotGenuine::Unsigned) if self.is_of_unsigned_release(config) => {}
            verified => verified?,
        }
        let id = parts.event_id.parse().map_err(|_| NotGenuine::Forged)?;
        let about = parts.about.parse().map_err(|_| NotGenuine::Forged)?;
        Ok((id, about))
    }

    fn is_of_unsigned_release(&self, config: &BusConfig) -> bool {
        let is_before = |until| self.stored_at < until;
        config.unsigned_operational_until.is_some_and(is_before)
            && header::get(self.headers, header::CE_SOURCE) == Some(OPERATIONAL_SOURCE)
    }
}

/// `None` where a part is missing: then it is no message of ours.
fn signed_parts<'a>(
    subject: &'a str,
    headers: Option<&'a HeaderMap>,
    body: &'a Bytes,
) -> Option<SignedParts<'a>> {
    Some(SignedParts {
        subject,
        event_id: header::get(headers, header::EVENT_ID)?,
        timestamp: header::get(headers, header::TIMESTAMP)?,
        about: header::get(headers, header::CE_SUBJECT)?,
        body,
    })
}
