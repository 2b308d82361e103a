//! Every name that a piece of a template reads.

use crate::ast::{Body, Expr, Macro, Node, StatementKind};

pub(crate) trait Visit {
    /// A variable is read.
    fn name(&mut self, name: &str);
}

pub(crate) fn walk_body(body: &Body, visit: &mut impl Visit) {
    for statement in body {
        match &statement.kind {
            StatementKind::Text(_) => {}
            StatementKind::Output(node) | StatementKind::Do(node) | StatementKind::Set(_, node) => {
                walk(node, visit);
            }
            StatementKind::For(all) => {
                walk(&all.items, visit);
                all.condition.iter().for_each(|node| walk(node, visit));
                walk_body(&all.body, visit);
                walk_body(&all.otherwise, visit);
            }
            StatementKind::If(branches, otherwise) => {
                for (condition, body) in branches {
                    walk(condition, visit);
                    walk_body(body, visit);
                }
                walk_body(otherwise, visit);
            }
            StatementKind::SetBlock(_, node, body) | StatementKind::Filter(node, body) => {
                walk(node, visit);
                walk_body(body, visit);
            }
            StatementKind::With(assignments, body) => {
                assignments.iter().for_each(|(_, node)| walk(node, visit));
                walk_body(body, visit);
            }
            StatementKind::Macro(definition) => walk_macro(definition, visit),
            StatementKind::Call(block) => {
                walk(&block.call, visit);
                walk_macro(&block.caller, visit);
            }
            StatementKind::Block(body) => walk_body(body, visit),
        }
    }
}

fn walk_macro(definition: &Macro, visit: &mut impl Visit) {
    definition
        .defaults
        .iter()
        .for_each(|node| walk(node, visit));
    walk_body(&definition.body, visit);
}

fn walk(node: &Node, visit: &mut impl Visit) {
    if let Expr::Name(name) = &node.expr {
        visit.name(name);
    }
    children(node, &mut |child| walk(child, visit));
}

/// The expressions directly within an expression.
pub(crate) fn children<'n>(node: &'n Node, see: &mut dyn FnMut(&'n Node)) {
    match &node.expr {
        Expr::None
        | Expr::Bool(_)
        | Expr::Int(_)
        | Expr::Big(_)
        | Expr::Float(_)
        | Expr::Text(_)
        | Expr::Name(_)
        | Expr::Captured => {}
        Expr::List(items)
        | Expr::Tuple(items)
        | Expr::Concat(items)
        | Expr::And(items)
        | Expr::Or(items) => items.iter().for_each(see),
        Expr::Dict(items) => {
            for (key, value) in items {
                see(key);
                see(value);
            }
        }
        Expr::Not(value)
        | Expr::Negative(value)
        | Expr::Positive(value)
        | Expr::Member(value, _) => see(value),
        Expr::Binary(_, both) | Expr::Item(both) => {
            see(&both.0);
            see(&both.1);
        }
        Expr::Compare(first, more) => {
            see(first);
            more.iter().for_each(|(_, node)| see(node));
        }
        Expr::If(all) => {
            see(&all.condition);
            see(&all.then);
            all.otherwise.iter().for_each(see);
        }
        Expr::Filter(call) => {
            see(&call.value);
            call.arguments.nodes().for_each(see);
        }
        Expr::Test(call) => {
            see(&call.value);
            call.arguments.nodes().for_each(see);
        }
        Expr::Slice(value, parts) => {
            see(value);
            parts.iter().flatten().for_each(see);
        }
        Expr::Call(callee, arguments) => {
            see(callee);
            arguments.nodes().for_each(see);
        }
    }
}
