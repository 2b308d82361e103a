use axum::{extract::FromRequestParts, http::request::Parts};
use serde::de::DeserializeOwned;
use url::form_urlencoded;

use crate::problem::Problem;

/// The parameters in the query of a request. Those that an operation does not know, and those that are there twice,
/// were refused before (`edge::known_query`).
pub(crate) struct Params<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Sync> FromRequestParts<S> for Params<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let query = parts.uri.query().unwrap_or_default();
        // Which tenant is meant, every operation takes, and reads elsewhere.
        let pairs = form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name != "tenant");
        let own: String = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(pairs)
            .finish();
        let reader = serde_urlencoded::Deserializer::new(form_urlencoded::parse(own.as_bytes()));
        serde_path_to_error::deserialize(reader)
            .map(Self)
            .map_err(|error| {
                let field = error.path().to_string();
                Problem::field(field, error.into_inner().to_string())
            })
    }
}
