use std::fmt;

use minijinja::{AutoEscape, Environment, Value};

use crate::{
    filter::describe,
    limits::{EXPRESSION_FUEL_MAX, RENDERED_BODY_BYTES_MAX, TEMPLATE_BYTES_MAX},
};

/// A payload template in Jinja2 syntax. It sees what filters see, and `webhook_id`.
///
/// No loader is set, so it can include nothing; its work is bounded by fuel and its result by size.
pub struct Template {
    source: String,
    /// In a box: it is large, and few webhooks have a template.
    environment: Box<Environment<'static>>,
}

/// A template that could not be rendered for an event.
#[derive(Debug, thiserror::Error)]
#[error("the template failed on this event: {0}")]
pub struct TemplateFailed(String);

const NAME: &str = "payload_template";

impl Template {
    /// Compiles a template, or says on which line it is broken.
    pub fn compile(source: &str) -> Result<Self, String> {
        if source.len() > TEMPLATE_BYTES_MAX {
            return Err(format!("must be at most {TEMPLATE_BYTES_MAX} bytes long"));
        }
        let mut environment = Environment::new();
        environment.set_fuel(Some(EXPRESSION_FUEL_MAX));
        environment.set_auto_escape_callback(|_| AutoEscape::None);
        environment
            .add_template_owned(NAME, source.to_owned())
            .map_err(|e| describe(&e))?;
        Ok(Self {
            source: source.to_owned(),
            environment: Box::new(environment),
        })
    }

    pub(crate) fn render(&self, context: Value) -> Result<String, TemplateFailed> {
        let rendered = self
            .environment
            .get_template(NAME)
            .and_then(|template| template.render(context))
            .map_err(|e| TemplateFailed(describe(&e)))?;
        if rendered.len() > RENDERED_BODY_BYTES_MAX {
            return Err(TemplateFailed(format!(
                "the result has {} bytes, at most {RENDERED_BODY_BYTES_MAX} are allowed",
                rendered.len()
            )));
        }
        Ok(rendered)
    }

    /// The template as it was written.
    pub fn source(&self) -> &str {
        &self.source
    }
}

impl fmt::Debug for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Template({} bytes)", self.source.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_one_says_on_which_line() {
        let error = Template::compile("{\n\"a\": {{ data. }}\n}").unwrap_err();
        assert!(error.contains("line 2"), "{error}");
    }

    #[test]
    fn cannot_reach_outside_or_run_for_ever() {
        let render = |source: &str| {
            Template::compile(source)
                .and_then(|t| t.render(Value::UNDEFINED).map_err(|e| e.to_string()))
        };
        assert!(render("{% include '/etc/passwd' %}").is_err());
        assert!(render("{% for i in range(1000000) %}x{% endfor %}").is_err());
        assert!(
            render("{% for i in range(9999) %}{% for j in range(9999) %}x{% endfor %}{% endfor %}")
                .is_err()
        );
    }

    /// Steps are few where each doubles what there is: fuel has to pay for bytes as well.
    #[test]
    fn text_cannot_grow_without_end() {
        let doubled = "{% set x = x ~ x %}".repeat(40);
        for source in [
            format!("{{% set x = 'x' %}}{doubled}"),
            "{{ 'x' * 90000000 }}".to_owned(),
            "{{ ('x' * 1000000) | replace('x', 'x' * 1000000) }}".to_owned(),
            "{{ 'x' | indent(4000000000) }}".to_owned(),
            "{{ '%999999999d' | format(1) }}".to_owned(),
        ] {
            let failed = Template::compile(&source)
                .unwrap()
                .render(Value::UNDEFINED)
                .unwrap_err();
            assert!(failed.to_string().len() < 500, "{source}");
        }
    }
}
