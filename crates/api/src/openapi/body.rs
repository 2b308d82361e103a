use utoipa::openapi::{
    RefOr,
    path::Operation,
    schema::{Schema, SchemaType, Type},
};

/// An optional body may be left out; `null` is none. utoipa writes `Option<T>` as "T or null".
pub(super) fn leave_out_null(operation: &mut Operation) {
    let Some(RefOr::T(body)) = &mut operation.request_body else {
        return;
    };
    for content in body.content.values_mut() {
        let RefOr::T(content) = content else {
            continue;
        };
        let Some(RefOr::T(Schema::OneOf(one_of))) = &mut content.schema else {
            continue;
        };
        one_of.items.retain(|schema| !is_null(schema));
        if let [only] = &one_of.items[..] {
            content.schema = Some(only.clone());
        }
    }
}

fn is_null(schema: &RefOr<Schema>) -> bool {
    matches!(schema, RefOr::T(Schema::Object(object)) if object.schema_type == SchemaType::Type(Type::Null))
}
