use posthorn_domain::Event;

use crate::{
    bus::Bus,
    error::PublishError,
    event_message::{Accepted, OutgoingEvent},
    header,
};

impl Bus {
    /// Publishes what Posthorn says of itself. `occurrence` names what happened: saying it again has no effect within
    /// the duplicate window, whoever says it.
    pub async fn publish_operational(
        &self,
        event: &Event,
        occurrence: &str,
    ) -> Result<Accepted, PublishError> {
        let body = event.data.as_bytes().clone();
        let outgoing = OutgoingEvent {
            event: event.clone(),
            idempotency_key: None,
            request_id: None,
        };
        let mut headers = outgoing.headers();
        // A prefix of its own, so that no publisher's key meets it.
        headers.insert(header::MSG_ID, format!("posthorn:{occurrence}"));
        let ack = self.publish(outgoing.subject(), headers, body).await?;
        Ok(Accepted {
            sequence: ack.sequence,
            duplicate: ack.duplicate,
        })
    }
}
