use std::fmt;

use crate::{
    ast::{Body, Node},
    budget::Budget,
    context::Context,
    eval::{Machine, Run, Scope},
    mistake::{Failure, Mistake},
    parser::{parse_expression, parse_template},
    resolve::{unknown_in_body, unknown_in_expression},
    value::Value,
};

/// The variables that an evaluation will begin with.
#[derive(Debug, Clone, Copy)]
pub struct Names<'n> {
    /// All of them.
    pub variables: &'n [&'n str],
    /// Those that hold a text for sure: they have the methods of a text and no others.
    pub texts: &'n [&'n str],
}

/// A template.
pub struct Template(Body);

/// An expression that stands alone.
pub struct Expression(Node);

impl Template {
    /// Reads a template, or says where it is broken.
    pub fn parse(source: &str) -> Result<Self, Mistake> {
        let source = source.replace("\r\n", "\n").replace('\r', "\n");
        parse_template(&source).map(Self)
    }

    /// Every name that does not exist, and every argument that nothing takes.
    pub fn unknown(&self, names: Names<'_>) -> Vec<Mistake> {
        unknown_in_body(&self.0, names.variables, names.texts)
    }

    /// What the template makes of these variables. What is undefined prints as nothing, as in Jinja2.
    pub fn render(&self, context: &Context, budget: Budget) -> Result<String, Failure> {
        let run = Run {
            context,
            machine: Machine::new(budget, false),
        };
        let mut out = String::new();
        let scope = Scope::new(None);
        run.body(&self.0, &scope, &mut out)
            .map_err(|failure| *failure)?;
        Ok(out)
    }
}

impl Expression {
    /// Reads an expression, or says where it is broken.
    pub fn parse(source: &str) -> Result<Self, Mistake> {
        parse_expression(source).map(Self)
    }

    /// Every name that does not exist, and every argument that nothing takes.
    pub fn unknown(&self, names: Names<'_>) -> Vec<Mistake> {
        unknown_in_expression(&self.0, names.variables, names.texts)
    }

    /// Whether the expression holds, and how many steps it took. What is undefined is a failure wherever it is used.
    pub fn holds(&self, context: &Context, budget: Budget) -> (Result<bool, Failure>, u64) {
        let run = Run {
            context,
            machine: Machine::new(budget, true),
        };
        let scope = Scope::new(None);
        let holds = run.eval(&self.0, &scope).and_then(|value| match &value {
            Value::Undefined(absent) => Err(Failure::new(absent.words())),
            value => Ok(value.is_true()),
        });
        let taken = budget.steps - run.machine.steps_left();
        drop(scope);
        (holds.map_err(|failure| *failure), taken)
    }
}

impl fmt::Debug for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Template({} statements)", self.0.len())
    }
}

impl fmt::Debug for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Expression(height {})", self.0.height)
    }
}
