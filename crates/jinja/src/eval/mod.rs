//! Evaluates expressions and runs templates.

mod arguments;
mod call;
mod expression;
mod machine;
mod members;
mod operators;
mod run;
mod scope;

pub(crate) use self::{
    arguments::{Bound, Given, Signature, integer_of, parameters},
    machine::Machine,
    run::Run,
    scope::Scope,
};
