#![doc = include_str!("../README.md")]

mod ast;
mod budget;
mod context;
#[cfg(test)]
mod corpus;
mod eval;
#[expect(
    clippy::needless_pass_by_value,
    reason = "all filters are called in one way, and some keep what they get"
)]
mod filters;
mod format;
mod functions;
#[cfg(test)]
mod hostile;
mod json;
mod lexer;
mod limits;
#[expect(
    clippy::needless_pass_by_value,
    reason = "all methods are called in one way, and some keep what they get"
)]
mod methods;
mod mistake;
mod parser;
mod resolve;
mod suggest;
mod template;
mod tests;
mod value;
mod walk;

pub use self::{
    budget::Budget,
    context::Context,
    json::{Json, NotJson, Object, Published},
    mistake::{Failure, Mistake},
    template::{Expression, Names, Template},
};
