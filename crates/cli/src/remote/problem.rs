//! What an answer that is no success means.

use reqwest::StatusCode;
use serde::Deserialize;

use crate::{
    exit::{Exit, Failure},
    show::harmless,
};

/// The parts of a problem document (RFC 9457) that a person wants to read.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Problem {
    title: Option<String>,
    detail: Option<String>,
    code: Option<String>,
    errors: Vec<FieldProblem>,
}

#[derive(Deserialize)]
struct FieldProblem {
    field: String,
    detail: String,
}

pub(super) fn refused(status: StatusCode, request_id: Option<&str>, body: &[u8]) -> Failure {
    let exit = match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Exit::Denied,
        StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS => Exit::Unavailable,
        status if status.is_client_error() => Exit::Data,
        _ => Exit::Unavailable,
    };
    let problem: Problem = serde_json::from_slice(body).unwrap_or_default();
    let mut words = format!("Posthorn answered {}", status.as_u16());
    match (&problem.title, status.canonical_reason()) {
        (Some(title), _) => words.push_str(&format!(" {title}")),
        (None, Some(reason)) => words.push_str(&format!(" {reason}")),
        (None, None) => {}
    }
    if let Some(detail) = &problem.detail {
        words.push_str(&format!(": {detail}"));
    }
    for FieldProblem { field, detail } in &problem.errors {
        match field.as_str() {
            "" => words.push_str(&format!("\n  {detail}")),
            field => words.push_str(&format!("\n  {field}: {detail}")),
        }
    }
    if problem.code.is_some() || request_id.is_some() {
        let code = problem.code.map(|code| format!("code {code}"));
        let request = request_id.map(|id| format!("request {id}"));
        let parts: Vec<String> = [code, request].into_iter().flatten().collect();
        words.push_str(&format!("\n  ({})", parts.join(", ")));
    }
    let words: Vec<String> = words.lines().map(harmless).collect();
    Failure::new(exit, words.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_helps_is_told() {
        let body = br#"{"title":"Not valid","detail":"the webhook is not valid","code":"validation_failed",
            "errors":[{"field":"url","detail":"must be https"},{"field":"","detail":"all\u001b[2J"}]}"#;
        let failure = refused(StatusCode::UNPROCESSABLE_ENTITY, Some("r-1"), body);
        assert_eq!(failure.exit, Exit::Data);
        assert_eq!(
            failure.to_string(),
            "Posthorn answered 422 Not valid: the webhook is not valid\n  url: must be https\n  all\u{fffd}[2J\n  \
             (code validation_failed, request r-1)"
        );
        let failure = refused(StatusCode::BAD_GATEWAY, None, b"<html>");
        assert_eq!(failure.exit, Exit::Unavailable);
        assert_eq!(failure.to_string(), "Posthorn answered 502 Bad Gateway");
    }
}
