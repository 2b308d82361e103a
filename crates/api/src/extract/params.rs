use axum::{extract::FromRequestParts, http::request::Parts};
use serde::{Deserialize, de::DeserializeOwned};
use url::form_urlencoded;

use crate::problem::Problem;

/// The parameters in the query of a request. Those that an operation does not know are refused, so that a
/// mistyped filter does not pass for no filter.
pub(crate) struct Params<T>(pub(crate) T);

/// For an operation that has none of its own.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NoParams {}

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
