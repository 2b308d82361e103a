use crate::json::Json;

/// The variables that an evaluation begins with.
#[derive(Debug, Default)]
pub struct Context(Vec<(&'static str, Json)>);

impl Context {
    /// Variables of these names.
    pub fn new(variables: Vec<(&'static str, Json)>) -> Self {
        Self(variables)
    }

    /// The same with one more.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: Json) -> Self {
        self.0.push((name, value));
        self
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Json> {
        let mut variables = self.0.iter();
        variables
            .find(|(known, _)| *known == name)
            .map(|(_, value)| value)
    }
}
