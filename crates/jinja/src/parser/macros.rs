use super::Parser;
use crate::{
    ast::{Body, Macro, Node},
    mistake::Mistake,
    walk::{Visit, walk_body},
};

impl Parser<'_> {
    /// `(a, b=1)`.
    pub(super) fn signature(&mut self) -> Result<(Vec<Box<str>>, Vec<Node>), Mistake> {
        let (mut parameters, mut defaults) = (Vec::new(), Vec::new());
        self.expect_operator("(")?;
        while !self.is_operator(")") {
            if !parameters.is_empty() {
                self.expect_operator(",")?;
            }
            let name: Box<str> = self.assignable()?.into();
            if parameters.contains(&name) {
                return Err(self.mistake(format!("two parameters are called `{name}`")));
            }
            parameters.push(name);
            if self.skip_operator("=") {
                defaults.push(self.expression(true)?);
            } else if !defaults.is_empty() {
                return Err(
                    self.mistake("a parameter without a default comes after one with a default")
                );
            }
        }
        self.advance();
        Ok((parameters, defaults))
    }

    pub(super) fn macro_of(
        name: &str,
        parameters: Vec<Box<str>>,
        defaults: Vec<Node>,
        body: Body,
    ) -> Macro {
        let mut names = SpecialNames::default();
        walk_body(&body, &mut names);
        let is_parameter = |name: &str| parameters.iter().any(|parameter| **parameter == *name);
        Macro {
            name: name.into(),
            takes_more: names.varargs && !is_parameter("varargs"),
            takes_more_named: names.kwargs && !is_parameter("kwargs"),
            names_caller: names.caller,
            parameters,
            defaults,
            body,
        }
    }
}

/// Which names with a meaning of their own a macro's body holds.
#[derive(Default)]
struct SpecialNames {
    varargs: bool,
    kwargs: bool,
    caller: bool,
}

impl Visit for SpecialNames {
    fn name(&mut self, name: &str) {
        match name {
            "varargs" => self.varargs = true,
            "kwargs" => self.kwargs = true,
            "caller" => self.caller = true,
            _ => {}
        }
    }
}
