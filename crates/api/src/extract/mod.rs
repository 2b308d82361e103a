//! What operations take out of a request, and the problems of what does not fit.

mod body;
mod document;
mod etag;
mod moment;
mod params;
mod patch_names;
mod path_id;
mod replacement;

pub(crate) use body::{MediaType, read_body};
pub(crate) use document::{Document, OptionalDocument, Shape, no_json, parse_document};
pub(crate) use etag::{EntryIfMatch, IfMatch, IfMatchParam, IfNoneMatch, IfNoneMatchParam, Tag};
pub(crate) use moment::{Moment, time};
pub(crate) use params::Params;
pub(crate) use patch_names::PatchNames;
pub(crate) use path_id::PathId;
pub(crate) use replacement::{ReadOnly, ReadOnlyFields, Replacement, Replaces, read_only};
