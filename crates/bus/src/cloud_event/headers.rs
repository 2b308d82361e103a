//! A CloudEvent's attributes as the headers of a message ("binary mode" of CloudEvents' NATS binding).
//!
//! In Posthorn's own streams one header more keeps what binary mode loses, the types of extensions, in the form that the
//! database keeps too ([`header::ATTRIBUTES`]). On POSTHORN_EVENTS anybody could write it, so it is believed there only in
//! what an api signed; and it is there only where types would be lost.

use async_nats::HeaderMap;
use posthorn_domain::{
    CloudEventAttributes,
    cloud_event::{
        AttributeName, AttributeValue, InvalidAttribute, MoreAttributes, MoreAttributesBuilder,
    },
};

use crate::{cloud_event, header};

/// Of the room for the headers of a hand-over, what its attributes may take, in bytes.
const ROOM_BYTES: usize = 24 * 1_024;

/// Writes them as any publisher would. `type` and `time` are the caller's.
pub(crate) fn insert(headers: &mut HeaderMap, attributes: &CloudEventAttributes) {
    headers.insert(header::CE_ID, header::encode(&attributes.id));
    headers.insert(header::CE_SOURCE, header::encode(&attributes.source));
    if let Some(subject) = &attributes.subject {
        headers.insert(header::CE_SUBJECT, header::encode(subject));
    }
}

/// Writes the others as any publisher would.
pub(crate) fn insert_more(headers: &mut HeaderMap, attributes: &CloudEventAttributes) {
    for (name, value) in [
        (header::CE_DATACONTENTTYPE, attributes.data_content_type()),
        (header::CE_DATASCHEMA, attributes.data_schema()),
    ] {
        if let Some(value) = value {
            headers.insert(name, header::encode(value));
        }
    }
    for (name, value) in attributes.extensions() {
        let name = format!("{}{}", header::CE, name.as_str());
        headers.insert(name.as_str(), header::encode(&value.to_string()));
    }
}

/// Writes the others with their types, for Posthorn alone.
pub(crate) fn insert_typed(headers: &mut HeaderMap, attributes: &CloudEventAttributes) {
    if let Some(more) = &attributes.more {
        headers.insert(header::ATTRIBUTES, header::encode(&more.to_stored()));
    }
}

/// By how much the headers of attributes are larger than what there is room for beside data, in bytes.
pub(crate) fn beyond_room(attributes: &CloudEventAttributes) -> usize {
    let bytes = |text: &str| header::encode(text).len();
    let typed = attributes.more.as_ref();
    let typed = typed.map_or(0, |more| bytes(&more.to_stored()));
    let subject = attributes.subject.as_deref().map_or(0, bytes);
    (bytes(&attributes.id) + bytes(&attributes.source) + subject + typed).saturating_sub(ROOM_BYTES)
}

/// Whether [`insert_more`] loses something.
pub(crate) fn has_types(attributes: &CloudEventAttributes) -> bool {
    attributes
        .extensions()
        .iter()
        .any(|(_, value)| !matches!(value, AttributeValue::String(_)))
}

/// Reads what [`insert`] and [`insert_typed`] wrote into a stream of Posthorn's own.
pub(crate) fn own(headers: Option<&HeaderMap>) -> Option<CloudEventAttributes> {
    Some(CloudEventAttributes {
        id: header::decode(header::get(headers, header::CE_ID)?),
        source: header::decode(header::get(headers, header::CE_SOURCE)?),
        subject: header::get(headers, header::CE_SUBJECT).map(header::decode),
        more: typed(headers).map(Box::new),
    })
}

fn typed(headers: Option<&HeaderMap>) -> Option<MoreAttributes> {
    let text = headers?.get(header::ATTRIBUTES)?.as_str();
    MoreAttributes::from_stored(&header::decode(text))
}

/// Reads what anybody wrote; `None` where it is no CloudEvent. Whether the data is bytes is for the caller to find out:
/// it returns the rest of the attributes beside, to be completed.
pub(crate) fn read(
    headers: Option<&HeaderMap>,
    is_own: bool,
) -> Result<Option<CloudEventAttributes>, String> {
    let get = |name| header::get(headers, name).map(header::decode);
    let (version, id, source) = (
        get(header::CE_SPECVERSION),
        get(header::CE_ID),
        get(header::CE_SOURCE),
    );
    if version
        .as_ref()
        .or(id.as_ref())
        .or(source.as_ref())
        .is_none()
    {
        return Ok(None);
    }
    if version.is_some_and(|version| version != "1.0") {
        return Err("ce-specversion must be 1.0".to_owned());
    }
    let given = |text: Option<String>| text.filter(|text| !text.is_empty());
    let (Some(id), Some(source)) = (given(id), given(source)) else {
        return Err("ce-id and ce-source are required together".to_owned());
    };
    let more = match typed(headers).filter(|_| is_own) {
        Some(more) => Box::new(more),
        None => more_of_anybody(headers)?,
    };
    let attributes = CloudEventAttributes {
        id,
        source,
        subject: get(header::CE_SUBJECT),
        more: Some(more),
    };
    cloud_event::check_lengths(&attributes).map_err(|error| error.to_string())?;
    Ok(Some(attributes))
}

fn more_of_anybody(headers: Option<&HeaderMap>) -> Result<Box<MoreAttributes>, String> {
    let mut more = MoreAttributesBuilder::default();
    let named = |name: &str| {
        let name = name.to_owned();
        move |invalid: InvalidAttribute| format!("{name}: {invalid}")
    };
    // The binding says `ce-datacontenttype`; many publishers know the header of HTTP.
    let media_type = header::get(headers, header::CONTENT_TYPE)
        .map(str::to_owned)
        .filter(|media_type| !media_type.is_empty())
        .or_else(|| header::get(headers, header::CE_DATACONTENTTYPE).map(header::decode));
    more.data_content_type(media_type)
        .map_err(named(header::CE_DATACONTENTTYPE))?;
    let schema = header::get(headers, header::CE_DATASCHEMA).map(header::decode);
    more.data_schema(schema)
        .map_err(named(header::CE_DATASCHEMA))?;
    // By name, and of two spellings always the same: the map's order is another in each process.
    let mut extensions: Vec<(String, &str, &str)> = headers
        .into_iter()
        .flat_map(HeaderMap::iter)
        .filter_map(|(name, values)| {
            let name: &str = name.as_ref();
            let value = values.first()?.as_str();
            header::has_prefix(name, header::CE)
                .then(|| (name[header::CE.len()..].to_ascii_lowercase(), name, value))
        })
        .collect();
    extensions.sort_unstable();
    extensions.dedup_by(|second, first| second.0 == first.0);
    for (name, spelling, value) in extensions {
        match AttributeName::parse(&name) {
            Ok(parsed) => more
                .extension(parsed, AttributeValue::String(header::decode(value)))
                .map_err(named(spelling))?,
            // Those have been read, and `ce-data` means nothing.
            Err(InvalidAttribute::Reserved) => {}
            Err(invalid) => return Err(named(spelling)(invalid)),
        }
    }
    Ok(more.build(false))
}
