//! What the parameters that many lists have may be, so that the document says it as the code checks it.

use posthorn_domain::limits::{EVENT_TYPE_CHARS_MAX, LIST_OFFSET_MAX};
use utoipa::openapi::{
    Object,
    path::{Parameter, ParameterIn},
    schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type},
};

use crate::page::LIMIT_MAX;

/// Gives a parameter of the query its bounds, if it is one of those that mean the same everywhere.
pub(super) fn bound(parameter: &mut Parameter) {
    if !matches!(parameter.parameter_in, ParameterIn::Query) {
        return;
    }
    let schema = match parameter.name.as_str() {
        "limit" => whole_number(1, LIMIT_MAX.into()),
        "offset" => whole_number(0, LIST_OFFSET_MAX),
        "type" | "event_type" => ObjectBuilder::new()
            .schema_type(Type::String)
            .pattern(Some(r"^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$"))
            .max_length(Some(EVENT_TYPE_CHARS_MAX))
            .build(),
        "event_id" => ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Uuid)))
            .build(),
        _ => return,
    };
    parameter.schema = Some(schema.into());
}

fn whole_number(minimum: u64, maximum: u64) -> Object {
    ObjectBuilder::new()
        .schema_type(Type::Integer)
        .minimum(Some(minimum))
        .maximum(Some(maximum))
        .build()
}
