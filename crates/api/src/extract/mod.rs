//! What operations take out of a request, and the problems of what does not fit.

mod body;
mod document;
mod if_match;
mod params;
mod path_id;

pub(crate) use body::{MediaType, read_body};
pub(crate) use document::{Document, OptionalDocument, Shape, parse_document};
pub(crate) use if_match::{IfMatch, IfMatchParam, etag};
pub(crate) use params::{NoParams, Params};
pub(crate) use path_id::PathId;
