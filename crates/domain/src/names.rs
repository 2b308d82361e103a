//! The variables of filters and templates.

use posthorn_jinja::{Mistake, Names};

/// Those of a filter.
pub(crate) const FILTER_NAMES: Names<'static> = Names {
    variables: &["data", "type", "tenant", "ce", "id", "timestamp"],
    texts: &["type", "tenant", "id", "timestamp"],
};

/// Those of a template.
pub(crate) const TEMPLATE_NAMES: Names<'static> = Names {
    variables: &[
        "data",
        "type",
        "tenant",
        "ce",
        "id",
        "timestamp",
        "webhook_id",
        "event",
    ],
    texts: &["type", "tenant", "id", "timestamp", "webhook_id", "event"],
};

/// Several mistakes in one line.
pub(crate) fn all(mistakes: &[Mistake]) -> String {
    let told: Vec<String> = mistakes.iter().map(Mistake::to_string).collect();
    told.join("; ")
}
