//! What could not be delivered or read, kept where a person finds it.

use std::sync::Arc;

use async_nats::HeaderMap;
use bytes::Bytes;
use posthorn_domain::{DeliveryId, Event, JsonText, TenantId, WebhookId};

use crate::{claim::Malformed, delivery_message::insert_event, header, subject};

/// Something to bury in POSTHORN_DEAD_LETTERS.
#[derive(Debug, Clone)]
pub enum DeadLetter {
    /// A delivery that used up its attempts, or may not be attempted any more.
    Delivery {
        /// What was not delivered.
        event: Arc<Event>,
        /// To whom.
        webhook: WebhookId,
        /// Attempts made.
        attempts: u32,
        /// The last HTTP status, if any answer came.
        last_status: Option<u16>,
        /// Why, in words for an operator.
        reason: String,
        /// Stream sequence of the claim that ended like this: burying for the same claim again has no
        /// effect within the duplicate window. `None` is never dropped.
        claim: Option<u64>,
    },
    /// A message that could not be read. Without a valid tenant it goes to the default tenant's.
    Malformed(Malformed),
}

impl DeadLetter {
    /// The same letter with nothing of what was published: its event was erased.
    #[must_use]
    pub fn without_payload(self) -> Self {
        match self {
            Self::Delivery {
                event,
                webhook,
                attempts,
                last_status,
                reason,
                claim,
            } => Self::Delivery {
                event: Arc::new(Event {
                    data: JsonText::from_trusted(Bytes::from_static(b"null")),
                    cloud_event: None,
                    ..Event::clone(&event)
                }),
                webhook,
                attempts,
                last_status,
                reason,
                claim,
            },
            Self::Malformed(malformed) => Self::Malformed(malformed),
        }
    }

    pub(crate) fn subject(&self) -> String {
        match self {
            Self::Delivery { event, webhook, .. } => subject::dead_letter(&event.tenant, *webhook),
            Self::Malformed(malformed) => subject::malformed(
                &malformed
                    .tenant
                    .clone()
                    .unwrap_or_else(TenantId::default_tenant),
            ),
        }
    }

    pub(crate) fn headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        match self {
            Self::Delivery {
                event,
                webhook,
                attempts,
                last_status,
                reason,
                claim,
            } => {
                insert_event(&mut headers, event);
                headers.insert(header::WEBHOOK_ID, webhook.to_string());
                headers.insert(header::ATTEMPTS, attempts.to_string());
                if let Some(status) = last_status {
                    headers.insert(header::LAST_STATUS, status.to_string());
                }
                headers.insert(header::REASON, header::one_line(reason));
                if let Some(claim) = claim {
                    let delivery = DeliveryId::derive(event.id, *webhook);
                    headers.insert(header::MSG_ID, format!("{delivery}.{attempts}.{claim}"));
                }
            }
            Self::Malformed(malformed) => {
                header::insert_originals(&mut headers, &malformed.beside.headers);
                headers.insert(header::REASON, header::one_line(&malformed.reason));
                headers.insert(header::SUBJECT, malformed.subject.as_str());
                // A sequence means something in its stream only, which the subject tells.
                let Malformed {
                    subject,
                    stream_sequence,
                    beside,
                    ..
                } = malformed;
                let member = beside
                    .member
                    .map_or_else(String::new, |member| format!(".{member}"));
                headers.insert(
                    header::MSG_ID,
                    format!("malformed.{stream_sequence}{member}.{subject}"),
                );
            }
        }
        headers
    }

    pub(crate) fn body(&self) -> &Bytes {
        match self {
            Self::Delivery { event, .. } => event.data.as_bytes(),
            Self::Malformed(malformed) => &malformed.raw,
        }
    }
}
