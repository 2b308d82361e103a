//! The names in a merge patch.
//!
//! A patch is merged before it is read, and null takes a member out: of `{"descripton": null}` nothing would be left to
//! find fault with. So the names are looked at before, against the schema that the document shows for the patched type.

use std::collections::BTreeSet;

use posthorn_domain::FieldError;
use serde_json::{Map, Value};
use utoipa::{
    ToSchema,
    openapi::{
        RefOr,
        schema::{Object, Schema},
    },
};

use crate::problem::Problem;

/// Where a document keeps its schemas.
const COMPONENTS: &str = "#/components/schemas/";

/// What the members of a type, and of what is in it, may be called.
pub(crate) struct PatchNames {
    root: RefOr<Schema>,
    components: Vec<(String, RefOr<Schema>)>,
}

impl PatchNames {
    /// The names of the members of `T`, by its schema.
    pub(crate) fn of<T: ToSchema>() -> Self {
        let mut components = Vec::new();
        T::schemas(&mut components);
        Self {
            root: T::schema(),
            components,
        }
    }

    /// Refuses a patch with a member that there is not, whatever its value is.
    pub(crate) fn check(&self, patch: &Map<String, Value>) -> Result<(), Problem> {
        let mut errors = Vec::new();
        self.note_unknown(&self.objects(&self.root), patch, "", &mut errors);
        if errors.is_empty() {
            Ok(())
        } else {
            Err(Problem::validation(errors))
        }
    }

    /// The members of the document itself.
    pub(super) fn names(&self) -> BTreeSet<String> {
        let objects = self.objects(&self.root);
        let names = objects.iter().flat_map(|object| object.properties.keys());
        names.cloned().collect()
    }

    fn note_unknown(
        &self,
        objects: &[&Object],
        members: &Map<String, Value>,
        place: &str,
        errors: &mut Vec<FieldError>,
    ) {
        // One whose members have no names of their own, such as custom headers, takes any.
        if objects.iter().all(|object| object.properties.is_empty()) {
            return;
        }
        for (name, value) in members {
            let place = match place {
                "" => name.clone(),
                place => format!("{place}.{name}"),
            };
            let schemas: Vec<_> = objects
                .iter()
                .filter_map(|object| object.properties.get(name))
                .collect();
            if schemas.is_empty() {
                errors.push(FieldError::new(place, format!("unknown field `{name}`")));
            } else if let Value::Object(members) = value {
                let within: Vec<&Object> = schemas
                    .into_iter()
                    .flat_map(|schema| self.objects(schema))
                    .collect();
                self.note_unknown(&within, members, &place, errors);
            }
        }
    }

    /// The objects that a schema allows: several where it names alternatives.
    fn objects<'a>(&'a self, schema: &'a RefOr<Schema>) -> Vec<&'a Object> {
        let all = |schemas: &'a [RefOr<Schema>]| {
            schemas
                .iter()
                .flat_map(|schema| self.objects(schema))
                .collect()
        };
        match schema {
            RefOr::Ref(reference) => {
                let name = reference.ref_location.strip_prefix(COMPONENTS);
                let found = self
                    .components
                    .iter()
                    .find(|(known, _)| name == Some(known.as_str()));
                found.map_or_else(Vec::new, |(_, schema)| self.objects(schema))
            }
            RefOr::T(Schema::Object(object)) => vec![object],
            RefOr::T(Schema::OneOf(one_of)) => all(&one_of.items),
            RefOr::T(Schema::AllOf(all_of)) => all(&all_of.items),
            RefOr::T(Schema::AnyOf(any_of)) => all(&any_of.items),
            RefOr::T(_) => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use posthorn_domain::WebhookInput;
    use serde_json::json;

    use super::*;

    fn refused(patch: Value) -> Vec<String> {
        let names = PatchNames::of::<WebhookInput>();
        let Value::Object(patch) = patch else {
            panic!("no patch")
        };
        let mut errors = Vec::new();
        names.note_unknown(&names.objects(&names.root), &patch, "", &mut errors);
        errors.into_iter().map(|error| error.field).collect()
    }

    #[test]
    fn what_there_is_passes_and_what_there_is_not_is_named() {
        for fine in [
            json!({"name": "n", "description": null, "auth": null, "custom_headers": {"X-A": null}}),
            json!({"auth": {"type": "basic", "password": null, "token": null}}),
            json!({"integration": {"anything": null}, "tls": {"client_key": null}}),
            json!({"auth": 7, "tls": []}),
        ] {
            assert_eq!(refused(fine.clone()), [""; 0], "{fine}");
        }
        assert_eq!(
            refused(
                json!({"descripton": null, "auth": {"tokn": null}, "signature_header": {"nme": 1}})
            ),
            ["auth.tokn", "descripton", "signature_header.nme"]
        );
        assert_eq!(refused(json!({"tls": {"key": null}})), ["tls.key"]);
    }

    /// Every member that a webhook's document has can be patched.
    #[test]
    fn no_member_is_forgotten() {
        let document = serde_json::to_value(WebhookInput::default()).unwrap();
        assert_eq!(refused(document), [""; 0]);
    }
}
