use std::fmt;

use posthorn_jinja::Context;

use crate::{
    limits::{RENDERED_BODY_BYTES_MAX, TEMPLATE_BYTES_MAX},
    names::{TEMPLATE_NAMES, all},
    work::budget,
};

/// A payload template in Jinja2 syntax. It sees what filters see, and `webhook_id` and `event`.
///
/// It can reach nothing else; its work is bounded by fuel and its result by size.
pub struct Template {
    source: String,
    /// In a box: few webhooks have a template.
    template: Box<posthorn_jinja::Template>,
}

/// A template that could not be rendered for an event.
#[derive(Debug, thiserror::Error)]
#[error("the template failed on this event: {0}")]
pub struct TemplateFailed(String);

impl Template {
    /// Compiles a template, or says on which line it is broken and which of its names do not exist.
    pub fn compile(source: &str) -> Result<Self, String> {
        if source.len() > TEMPLATE_BYTES_MAX {
            return Err(format!("must be at most {TEMPLATE_BYTES_MAX} bytes long"));
        }
        let template = Self::stored(source)?;
        let unknown = template.template.unknown(TEMPLATE_NAMES);
        if unknown.is_empty() {
            Ok(template)
        } else {
            Err(all(&unknown))
        }
    }

    /// The same of one that was saved when its names were not looked up: it fails where it comes to one.
    pub fn stored(source: &str) -> Result<Self, String> {
        let template =
            posthorn_jinja::Template::parse(source).map_err(|mistake| mistake.to_string())?;
        Ok(Self {
            source: source.to_owned(),
            template: Box::new(template),
        })
    }

    pub(crate) fn render(
        &self,
        context: &Context,
        data_bytes: usize,
    ) -> Result<String, TemplateFailed> {
        let rendered = self.template.render(context, budget(data_bytes));
        let rendered = rendered.map_err(|failure| TemplateFailed(failure.to_string()))?;
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
    use posthorn_jinja::{Json, Object};

    use super::*;

    #[test]
    fn a_broken_one_says_on_which_line() {
        let error = Template::compile("{\n\"a\": {{ data. }}\n}").unwrap_err();
        assert!(error.contains("line 2"), "{error}");
    }

    /// Jinja2 fails here: an event that lacks a field would not be delivered.
    #[test]
    fn what_is_absent_is_null_in_json() {
        let context = Context::new(vec![("data", Json::Object(Object::default()))]);
        for (source, rendered) in [
            ("{{ data.absent | tojson }}", "null"),
            ("{{ [data.absent, 1] | tojson }}", "[null, 1]"),
        ] {
            let template = Template::compile(source).unwrap();
            assert_eq!(template.render(&context, 0).unwrap(), rendered);
        }
    }

    #[test]
    fn cannot_reach_outside_or_run_for_ever() {
        let render = |source: &str| {
            Template::compile(source)
                .and_then(|t| t.render(&Context::default(), 0).map_err(|e| e.to_string()))
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
                .render(&Context::default(), 0)
                .unwrap_err();
            assert!(failed.to_string().len() < 500, "{source}");
        }
    }
}
