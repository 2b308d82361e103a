//! Parameters of a query that no operation knows, or that stand there twice.
//!
//! One place for every operation, told by the OpenAPI document: what it does not list is refused, so that a mistyped
//! parameter never passes for none. A write to the wrong tenant is what that would cost (`?tennant=acme`).

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use axum::{
    extract::{MatchedPath, Request, State},
    http::Method,
    middleware::Next,
    response::{IntoResponse, Response},
};
use posthorn_domain::FieldError;
use url::form_urlencoded;
use utoipa::openapi::{
    OpenApi, RefOr,
    path::{Operation, ParameterIn},
};

use crate::{access::Identity, problem::Problem};

/// The parameters of a query that each operation has. Clones share them.
#[derive(Clone)]
pub(crate) struct KnownQueries(Arc<HashMap<(Method, String), BTreeSet<String>>>);

impl KnownQueries {
    /// Those that the document lists.
    pub(crate) fn of(document: &OpenApi) -> Self {
        let mut known = HashMap::new();
        for (path, item) in &document.paths.paths {
            let operations = [
                (Method::GET, &item.get),
                (Method::PUT, &item.put),
                (Method::POST, &item.post),
                (Method::PATCH, &item.patch),
                (Method::DELETE, &item.delete),
            ];
            for (method, operation) in operations {
                if let Some(operation) = operation {
                    known.insert((method, path.clone()), names(operation));
                }
            }
        }
        Self(Arc::new(known))
    }

    /// What is wrong with the query of a request; nothing for a path that is no operation.
    fn mistakes(&self, request: &Request) -> Vec<FieldError> {
        let Some(query) = request.uri().query() else {
            return Vec::new();
        };
        let Some(path) = request.extensions().get::<MatchedPath>() else {
            return Vec::new();
        };
        let method = match *request.method() {
            Method::HEAD => Method::GET,
            ref method => method.clone(),
        };
        let known = self.0.get(&(method, path.as_str().to_owned()));
        known.map_or_else(Vec::new, |known| mistakes(query, known))
    }
}

fn names(operation: &Operation) -> BTreeSet<String> {
    let parameters = operation.parameters.iter().flatten();
    let in_query = parameters.filter_map(|parameter| match parameter {
        RefOr::T(parameter) if matches!(parameter.parameter_in, ParameterIn::Query) => {
            Some(parameter.name.clone())
        }
        RefOr::T(_) | RefOr::Ref(_) => None,
    });
    in_query.collect()
}

fn mistakes(query: &str, known: &BTreeSet<String>) -> Vec<FieldError> {
    let mut seen = BTreeSet::new();
    let mut wrong: BTreeSet<(String, bool)> = BTreeSet::new();
    for (name, _) in form_urlencoded::parse(query.as_bytes()) {
        if !known.contains(&*name) {
            wrong.insert((name.into_owned(), false));
        } else if !seen.insert(name.clone()) {
            wrong.insert((name.into_owned(), true));
        }
    }
    let error = |(name, is_known): (String, bool)| {
        let detail = if is_known {
            "is there twice".to_owned()
        } else {
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            format!("unknown parameter, expected one of {}", known.join(", "))
        };
        FieldError::new(name, detail)
    };
    wrong.into_iter().map(error).collect()
}

/// Refuses a query with parameters that its operation does not know, or that are there twice. Who has no key is told
/// of that first.
pub(crate) async fn known_query(
    State(known): State<KnownQueries>,
    request: Request,
    next: Next,
) -> Response {
    let has_key = matches!(
        request.extensions().get::<Identity>(),
        Some(Identity::Holder(_))
    );
    if has_key {
        let mistakes = known.mistakes(&request);
        if !mistakes.is_empty() {
            return Problem::validation(mistakes).into_response();
        }
    }
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_unknown_and_what_is_there_twice_is_named() {
        let known: BTreeSet<String> = ["limit", "tenant"].map(str::to_owned).into();
        let fields = |query: &str| -> Vec<String> {
            let mistakes = mistakes(query, &known);
            mistakes.into_iter().map(|error| error.field).collect()
        };
        assert_eq!(fields("limit=1&tenant=a"), [""; 0]);
        assert_eq!(fields("tennant=acme&limit=1"), ["tennant"]);
        assert_eq!(fields("tenant=a&tenant=a"), ["tenant"]);
        assert_eq!(fields("%74enant=a&tenant=b&x&x=1"), ["tenant", "x"]);
        assert_eq!(fields("&&limit="), [""; 0]);
    }

    #[test]
    fn every_operation_has_its_parameters() {
        let known = KnownQueries::of(&crate::openapi::document()).0;
        let of = |method, path: &str| known[&(method, format!("/api/v1{path}"))].clone();
        assert_eq!(of(Method::POST, "/events"), ["tenant".to_owned()].into());
        assert!(of(Method::GET, "/deliveries").contains("event_type"));
    }
}
