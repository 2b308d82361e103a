//! Looks up every name that a template or an expression holds, before anything is evaluated: variables, filters, tests,
//! functions, methods, and the arguments of all of them.
//!
//! What the data holds is not known, so a member of it is never a mistake; a method that no value has is one.

use std::collections::HashSet;

use crate::{
    ast::{Arguments, Body, Expr, FilterCall, Macro, Node, StatementKind, Target, TestCall},
    eval::{Signature, parameters},
    filters::{filter_entry, no_filter},
    functions::{FUNCTIONS, NO_FUNCTIONS},
    methods::{Owner, method_entry, no_method},
    mistake::Mistake,
    suggest::nearest,
    tests::{no_test, test_entry},
    walk::children,
};

const LOOP_MEMBERS: &[&str] = &[
    "index",
    "index0",
    "revindex",
    "revindex0",
    "first",
    "last",
    "length",
    "cycle",
    "depth",
    "depth0",
    "previtem",
    "nextitem",
    "changed",
];

/// Most mistakes that are told at once.
const MISTAKES_MAX: usize = 20;

/// The variables that there are at one place.
#[derive(Clone, Default)]
struct Names<'t>(HashSet<&'t str>);

pub(crate) struct Resolver<'t> {
    /// Variables of the context, and those that hold a text for sure.
    globals: &'t [&'t str],
    texts: &'t [&'t str],
    /// Names that are set somewhere in the template. Where they are out of scope they are undefined, as in Jinja2, and no
    /// slips.
    anywhere: HashSet<&'t str>,
    mistakes: Vec<Mistake>,
}

pub(crate) fn unknown_in_body(body: &Body, globals: &[&str], texts: &[&str]) -> Vec<Mistake> {
    let mut resolver = Resolver {
        globals,
        texts,
        anywhere: HashSet::new(),
        mistakes: Vec::new(),
    };
    bound_anywhere(body, &mut resolver.anywhere);
    resolver.body(body, &mut Names::default());
    resolver.done()
}

pub(crate) fn unknown_in_expression(node: &Node, globals: &[&str], texts: &[&str]) -> Vec<Mistake> {
    let mut resolver = Resolver {
        globals,
        texts,
        anywhere: HashSet::new(),
        mistakes: Vec::new(),
    };
    resolver.node(node, &Names::default());
    resolver.done()
}

impl<'t> Resolver<'t> {
    fn done(mut self) -> Vec<Mistake> {
        self.mistakes.sort_by_key(|mistake| mistake.line);
        self.mistakes.dedup();
        self.mistakes.truncate(MISTAKES_MAX);
        self.mistakes
    }

    fn note(&mut self, line: u32, words: impl Into<String>) {
        self.mistakes.push(Mistake::new(line, words));
    }

    /// A name that is set anywhere within a scope is known in all of it: which branch runs is not known here.
    fn body(&mut self, body: &'t Body, names: &mut Names<'t>) {
        declare(body, names);
        for statement in body {
            self.statement(&statement.kind, names);
        }
    }

    fn inner(&mut self, body: &'t Body, names: &Names<'t>) {
        self.body(body, &mut names.clone());
    }

    fn statement(&mut self, kind: &'t StatementKind, names: &mut Names<'t>) {
        match kind {
            StatementKind::Text(_) => {}
            StatementKind::Output(node) | StatementKind::Do(node) => self.node(node, names),
            StatementKind::Set(target, node) => {
                self.node(node, names);
                self.target(target, node.line, names);
            }
            StatementKind::SetBlock(target, node, body) => {
                self.inner(body, names);
                self.node(node, names);
                self.target(target, node.line, names);
            }
            StatementKind::Filter(node, body) => {
                self.inner(body, names);
                self.node(node, names);
            }
            StatementKind::If(branches, otherwise) => {
                for (condition, body) in branches {
                    self.node(condition, names);
                    self.body(body, names);
                }
                self.body(otherwise, names);
            }
            StatementKind::For(of) => {
                self.node(&of.items, names);
                let mut within = names.clone();
                bind(&of.target, &mut within);
                within.0.insert("loop");
                of.condition
                    .iter()
                    .for_each(|node| self.node(node, &within));
                self.body(&of.body, &mut within);
                self.inner(&of.otherwise, names);
            }
            StatementKind::With(assignments, body) => {
                let mut within = names.clone();
                for (target, node) in assignments {
                    self.node(node, names);
                    bind(target, &mut within);
                }
                self.body(body, &mut within);
            }
            StatementKind::Block(body) => self.inner(body, names),
            StatementKind::Macro(definition) => self.definition(definition, names),
            StatementKind::Call(block) => {
                self.node(&block.call, names);
                self.definition(&block.caller, names);
            }
        }
    }

    fn definition(&mut self, definition: &'t Macro, names: &Names<'t>) {
        let mut within = names.clone();
        within
            .0
            .extend(definition.parameters.iter().map(|name| &**name));
        within.0.extend(["varargs", "kwargs", "caller"]);
        definition
            .defaults
            .iter()
            .for_each(|node| self.node(node, &within));
        self.body(&definition.body, &mut within);
    }

    fn target(&mut self, target: &'t Target, line: u32, names: &Names<'t>) {
        match target {
            Target::Name(_) => {}
            Target::Tuple(targets) => targets
                .iter()
                .for_each(|target| self.target(target, line, names)),
            Target::Member(name, _) => self.variable(name, line, names),
        }
    }

    fn variable(&mut self, name: &str, line: u32, names: &Names<'t>) {
        let is_function = FUNCTIONS.iter().any(|function| function.name == name);
        if names.0.contains(name)
            || self.globals.contains(&name)
            || self.anywhere.contains(name)
            || is_function
        {
            return;
        }
        let known = self.globals.iter().copied().chain(names.0.iter().copied());
        self.note(
            line,
            format!("unknown variable `{name}`{}", nearest(name, known)),
        );
    }

    fn node(&mut self, node: &'t Node, names: &Names<'t>) {
        match &node.expr {
            Expr::Name(name) => self.variable(name, node.line, names),
            Expr::Filter(call) => self.filter(call, node.line),
            Expr::Test(call) => return self.test(call, node.line, names),
            Expr::Call(callee, arguments) => return self.call(callee, arguments, names),
            Expr::Member(value, name) => self.member(value, name, node.line),
            _ => {}
        }
        children(node, &mut |child| self.node(child, names));
    }

    fn member(&mut self, value: &Node, name: &str, line: u32) {
        if name.len() > 4 && name.starts_with("__") && name.ends_with("__") {
            self.note(
                line,
                format!("`{name}` belongs to Python itself and is not there"),
            );
        }
        let is_loop = matches!(&value.expr, Expr::Name(of) if **of == *"loop");
        if is_loop && !LOOP_MEMBERS.contains(&name) {
            let suggestion = nearest(name, LOOP_MEMBERS.iter().copied());
            self.note(line, format!("`loop` has no member `{name}`{suggestion}"));
        }
    }

    fn call(&mut self, callee: &'t Node, arguments: &'t Arguments, names: &Names<'t>) {
        match &callee.expr {
            Expr::Name(name) => self.function(name, arguments, callee.line, names),
            Expr::Member(value, name) => {
                self.member(value, name, callee.line);
                self.method(value, name, arguments, callee.line, names);
                self.node(value, names);
            }
            Expr::Text(_) | Expr::Int(_) | Expr::Float(_) | Expr::Bool(_) | Expr::None => {
                self.note(callee.line, "a constant cannot be called");
            }
            _ => self.node(callee, names),
        }
        arguments.nodes().for_each(|node| self.node(node, names));
    }

    fn function(&mut self, name: &str, arguments: &Arguments, line: u32, names: &Names<'t>) {
        if names.0.contains(name) {
            return;
        }
        if let Some(function) = FUNCTIONS.iter().find(|function| function.name == name) {
            return self.arguments(
                &format!("the function `{name}`"),
                function.signature,
                arguments,
                line,
            );
        }
        if self.globals.contains(&name) {
            return self.note(line, format!("`{name}` is no function"));
        }
        let words = match NO_FUNCTIONS.iter().find(|(known, _)| *known == name) {
            Some((_, why)) => format!("the function `{name}` {why}"),
            None => {
                let known = FUNCTIONS
                    .iter()
                    .map(|function| function.name)
                    .chain(names.0.iter().copied());
                format!("unknown function `{name}`{}", nearest(name, known))
            }
        };
        self.note(line, words);
    }

    fn method(
        &mut self,
        value: &Node,
        name: &str,
        arguments: &Arguments,
        line: u32,
        names: &Names<'t>,
    ) {
        let owner = match &value.expr {
            Expr::Text(_) | Expr::Concat(_) => Some(Owner::Text),
            Expr::List(_) => Some(Owner::List),
            Expr::Tuple(_) => Some(Owner::Tuple),
            Expr::Dict(_) => Some(Owner::Dict),
            Expr::Int(_) | Expr::Float(_) | Expr::Big(_) => Some(Owner::Number),
            Expr::Name(of) if !names.0.contains(&**of) => {
                self.texts.contains(&&**of).then_some(Owner::Text)
            }
            // What a template made may be a namespace, a macro or a cycler, whose members are its own.
            Expr::Name(_) => return,
            _ => None,
        };
        let Some(entry) = method_entry(owner, name) else {
            return self.note(line, no_method(owner, name));
        };
        if entry.changes && self.is_data(value, names) {
            let words = format!(
                "`{name}` would change the event's data: take a copy first, `{{% set x = … | list %}}`"
            );
            return self.note(line, words);
        }
        let owners: HashSet<_> = crate::methods::methods()
            .filter(|entry| entry.name == name)
            .map(|e| e.signature)
            .collect();
        if owner.is_some() || owners.len() == 1 {
            self.arguments(
                &format!("the method `{name}`"),
                entry.signature,
                arguments,
                line,
            );
        }
    }

    /// Whether this is a part of what was published.
    fn is_data(&self, node: &Node, names: &Names<'t>) -> bool {
        match &node.expr {
            Expr::Name(name) => !names.0.contains(&**name) && self.globals.contains(&&**name),
            Expr::Member(value, _) => self.is_data(value, names),
            Expr::Item(both) => self.is_data(&both.0, names),
            _ => false,
        }
    }

    fn filter(&mut self, call: &'t FilterCall, line: u32) {
        let Some(entry) = call.entry else {
            return self.note(line, no_filter(&call.name));
        };
        self.arguments(
            &format!("the filter `{}`", call.name),
            entry.signature,
            &call.arguments,
            line,
        );
        let named = match entry.name {
            "map" => call.arguments.positional.first(),
            "select" | "reject" => call.arguments.positional.first(),
            "selectattr" | "rejectattr" => call.arguments.positional.get(1),
            _ => None,
        };
        let Some(Expr::Text(name)) = named.map(|node| &node.expr) else {
            return self.filter_needs(call, line);
        };
        if entry.name == "map" {
            if filter_entry(name).is_none() {
                self.note(line, no_filter(name));
            }
        } else if test_entry(name).is_none() {
            self.note(line, no_test(name));
        }
    }

    fn filter_needs(&mut self, call: &FilterCall, line: u32) {
        let arguments = &call.arguments;
        let spread = arguments.list.is_some() || arguments.dict.is_some();
        let names_attribute = arguments
            .named
            .iter()
            .any(|(name, _)| **name == *"attribute");
        let missing = match &*call.name {
            "map" => arguments.positional.is_empty() && !names_attribute,
            "selectattr" | "rejectattr" => arguments.positional.is_empty(),
            _ => false,
        };
        if missing && !spread {
            self.note(
                line,
                format!("the filter `{}` needs an argument", call.name),
            );
        }
    }

    fn test(&mut self, call: &'t TestCall, line: u32, names: &Names<'t>) {
        match call.entry {
            Some(entry) => self.arguments(
                &format!("the test `{}`", call.name),
                entry.signature,
                &call.arguments,
                line,
            ),
            None => self.note(line, no_test(&call.name)),
        }
        let asks_for_loop = matches!(&*call.name, "defined" | "undefined")
            && matches!(&call.value.expr, Expr::Name(name) if **name == *"loop");
        if !asks_for_loop {
            self.node(&call.value, names);
        }
        call.arguments
            .nodes()
            .for_each(|node| self.node(node, names));
    }

    /// Too many arguments, too few, or one that is not there.
    fn arguments(&mut self, what: &str, signature: Signature, arguments: &Arguments, line: u32) {
        let (parameters, many, any_name) = parameters(signature);
        let given = arguments.positional.len();
        if given > parameters.len() && !many {
            let most = match parameters.len() {
                0 => "no arguments".to_owned(),
                1 => "at most 1 argument".to_owned(),
                most => format!("at most {most} arguments"),
            };
            return self.note(line, format!("{what} takes {most}, {given} are given"));
        }
        for (name, _) in &arguments.named {
            match parameters
                .iter()
                .position(|parameter| *parameter.name == **name)
            {
                Some(at) if at < given => {
                    self.note(line, format!("{what} is given `{name}` twice"));
                }
                None if !any_name => {
                    let known = parameters.iter().map(|parameter| parameter.name);
                    self.note(
                        line,
                        format!("{what} has no argument `{name}`{}", nearest(name, known)),
                    );
                }
                Some(_) | None => {}
            }
        }
        if arguments.list.is_some() || arguments.dict.is_some() {
            return;
        }
        let is_named = |wanted: &str| arguments.named.iter().any(|(name, _)| **name == *wanted);
        let missing = parameters
            .iter()
            .skip(given)
            .find(|p| !p.is_optional && !is_named(p.name));
        if let Some(parameter) = missing {
            self.note(
                line,
                format!("{what} needs the argument `{}`", parameter.name),
            );
        }
    }
}

/// Every name that a body sets, in whatever scope.
fn bound_anywhere<'t>(body: &'t Body, found: &mut HashSet<&'t str>) {
    let mut names = Names::default();
    declare(body, &mut names);
    for statement in body {
        match &statement.kind {
            StatementKind::For(of) => {
                bind(&of.target, &mut names);
                bound_anywhere(&of.body, found);
                bound_anywhere(&of.otherwise, found);
            }
            StatementKind::If(branches, otherwise) => {
                branches
                    .iter()
                    .for_each(|(_, body)| bound_anywhere(body, found));
                bound_anywhere(otherwise, found);
            }
            StatementKind::With(assignments, body) => {
                assignments
                    .iter()
                    .for_each(|(target, _)| bind(target, &mut names));
                bound_anywhere(body, found);
            }
            StatementKind::SetBlock(_, _, body)
            | StatementKind::Filter(_, body)
            | StatementKind::Block(body) => {
                bound_anywhere(body, found);
            }
            StatementKind::Macro(definition) => bound_anywhere(&definition.body, found),
            StatementKind::Call(block) => bound_anywhere(&block.caller.body, found),
            StatementKind::Text(_)
            | StatementKind::Output(_)
            | StatementKind::Set(..)
            | StatementKind::Do(_) => {}
        }
    }
    found.extend(names.0);
}

/// The names that a body sets in the scope that it stands in.
fn declare<'t>(body: &'t Body, names: &mut Names<'t>) {
    for statement in body {
        match &statement.kind {
            StatementKind::Set(target, _) | StatementKind::SetBlock(target, ..) => {
                bind(target, names);
            }
            StatementKind::Macro(definition) => {
                names.0.insert(&definition.name);
            }
            StatementKind::If(branches, otherwise) => {
                branches.iter().for_each(|(_, body)| declare(body, names));
                declare(otherwise, names);
            }
            _ => {}
        }
    }
}

fn bind<'t>(target: &'t Target, names: &mut Names<'t>) {
    match target {
        Target::Name(name) => {
            names.0.insert(name);
        }
        Target::Tuple(targets) => targets.iter().for_each(|target| bind(target, names)),
        Target::Member(..) => {}
    }
}
