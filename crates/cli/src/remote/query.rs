//! The path of a request with its query.

use url::form_urlencoded::Serializer;

/// A path below `/api/v1`, and what is asked of it. What is `None` is not asked.
#[derive(Debug, Clone)]
pub(crate) struct Query {
    path: String,
    pairs: Vec<(&'static str, String)>,
}

impl Query {
    pub(crate) fn new(path: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            pairs: Vec::new(),
        }
    }

    #[must_use]
    pub(crate) fn with(mut self, name: &'static str, value: Option<impl ToString>) -> Self {
        self.pairs.retain(|(present, _)| *present != name);
        if let Some(value) = value {
            self.pairs.push((name, value.to_string()));
        }
        self
    }

    /// How many items of a list are skipped.
    pub(crate) fn offset(&self) -> u64 {
        let offset = self.pairs.iter().find(|(name, _)| *name == "offset");
        offset
            .and_then(|(_, offset)| offset.parse().ok())
            .unwrap_or(0)
    }

    /// As it stands after `/api/v1`.
    pub(crate) fn text(&self) -> String {
        if self.pairs.is_empty() {
            return self.path.clone();
        }
        let query = Serializer::new(String::new())
            .extend_pairs(&self.pairs)
            .finish();
        format!("{}?{query}", self.path)
    }
}

impl From<&str> for Query {
    fn from(path: &str) -> Self {
        Self::new(path)
    }
}

impl From<String> for Query {
    fn from(path: String) -> Self {
        Self::new(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_escaped_and_the_last_counts() {
        let query = Query::new("/deliveries")
            .with("status", Some("failed"))
            .with("since", Some("2026-01-01T00:00:00+01:00"))
            .with("until", None::<String>)
            .with("status", Some("a&b"));
        assert_eq!(
            query.text(),
            "/deliveries?since=2026-01-01T00%3A00%3A00%2B01%3A00&status=a%26b"
        );
        assert_eq!(Query::from("/session").text(), "/session");
    }
}
