//! What a CloudEvents publisher says of its event beside the data: the context attributes of CloudEvents 1.0.
//!
//! All of them are kept and passed on. `id`, `source`, `subject` and those that Posthorn has itself (`type`, `time`) have
//! fields of their own; the rest is [`MoreAttributes`]: `datacontenttype`, `dataschema`, and the extensions with their
//! types. A plain event has none of this and pays for none of it.
//!
//! Data that is not JSON travels within Posthorn as what CloudEvents' JSON format makes of it: the JSON text of its base64
//! ([`MoreAttributes::data_is_bytes`]). So data is one JSON value everywhere, and a release that does not know of bytes
//! delivers and shows a string.

mod attribute;
mod context;
mod data;
mod header_value;
mod more;

pub(crate) use self::context::context;
pub use self::{
    attribute::{AttributeName, AttributeValue, InvalidAttribute},
    data::{base64_data, bytes_of, published_bytes, says_json},
    header_value::{decode_header_value, encode_header_value},
    more::{MoreAttributes, MoreAttributesBuilder},
};

/// What a CloudEvents publisher called its event, and all else that it said of it; kept and passed on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CloudEventAttributes {
    /// `id` of the publisher.
    pub id: String,
    /// `source` of the publisher.
    pub source: String,
    /// `subject`, if there was one.
    pub subject: Option<String>,
    /// All else; `None` in what a release kept that knew of no more, which said `application/json` of all data.
    pub more: Option<Box<MoreAttributes>>,
}

impl CloudEventAttributes {
    /// `datacontenttype`, as it was published.
    pub fn data_content_type(&self) -> Option<&str> {
        self.more.as_ref()?.data_content_type.as_deref()
    }

    /// `dataschema`, as it was published.
    pub fn data_schema(&self) -> Option<&str> {
        self.more.as_ref()?.data_schema.as_deref()
    }

    /// The extension attributes, in the order in which they came.
    pub fn extensions(&self) -> &[(AttributeName, AttributeValue)] {
        self.more.as_ref().map_or(&[], |more| &more.extensions)
    }

    /// Whether the data is not JSON: see [`MoreAttributes::data_is_bytes`].
    pub fn data_is_bytes(&self) -> bool {
        self.more.as_ref().is_some_and(|more| more.data_is_bytes)
    }
}
