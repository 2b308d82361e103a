use super::Parser;
use crate::{
    ast::{Body, CallBlock, Expr, For, Node, Statement, StatementKind, Target},
    lexer::Kind,
    mistake::Mistake,
    suggest::nearest,
};

/// Names that stand for values and cannot be assigned to.
const CONSTANTS: &[&str] = &["true", "false", "none", "True", "False", "None"];

const TAGS: &[&str] = &[
    "for", "if", "set", "with", "filter", "macro", "call", "print", "do", "block", "raw",
];

impl<'s> Parser<'s> {
    /// Statements up to a tag of one of these names, which is left where it is, or to the end where there are none.
    pub(super) fn body(&mut self, ends: &[&str]) -> Result<Body, Mistake> {
        self.deeper(|parser| parser.statements(ends))
    }

    fn statements(&mut self, ends: &[&str]) -> Result<Body, Mistake> {
        let mut body = Vec::new();
        loop {
            let line = self.line();
            match self.kind().clone() {
                Kind::Text(text) => {
                    self.advance();
                    body.push(Statement {
                        line,
                        kind: StatementKind::Text(text.into()),
                    });
                }
                Kind::OpenOutput => {
                    self.advance();
                    let value = self.tuple_or_expression(true)?;
                    self.expect(&Kind::CloseOutput)?;
                    body.push(Statement {
                        line,
                        kind: StatementKind::Output(value),
                    });
                }
                Kind::OpenBlock => {
                    self.advance();
                    if matches!(self.kind(), Kind::Name(name) if ends.contains(name)) {
                        return Ok(body);
                    }
                    let kind = self.statement(line, &mut body)?;
                    self.expect(&Kind::CloseBlock)?;
                    body.push(Statement { line, kind });
                }
                Kind::End if ends.is_empty() => return Ok(body),
                other => {
                    let words = match self.open.last() {
                        Some((end, line)) => {
                            format!("expected `{{% {end} %}}` for the block of line {line}")
                        }
                        None => format!("unexpected {}", other.name()),
                    };
                    return Err(self.mistake(words));
                }
            }
        }
    }

    /// The body of a block, with the tag that closes it up to its `%}`.
    fn closed_body(&mut self, end: &'static str, line: u32) -> Result<Body, Mistake> {
        self.expect(&Kind::CloseBlock)?;
        self.open.push((end, line));
        let body = self.body(&[end])?;
        self.open.pop();
        self.advance();
        Ok(body)
    }

    fn statement(&mut self, line: u32, body: &mut Body) -> Result<StatementKind, Mistake> {
        let tag = self.expect_name()?;
        Ok(match tag {
            "for" => self.for_loop(line)?,
            "if" => self.condition(line)?,
            "set" => self.set(line)?,
            "with" => self.with(line)?,
            "filter" => {
                let line_of_filter = self.line();
                let captured = Node::new(line_of_filter, Expr::Captured);
                let filter = self.filter(captured)?;
                let filter = self.filters(filter)?;
                StatementKind::Filter(filter, self.closed_body("endfilter", line)?)
            }
            "macro" => self.macro_definition(line)?,
            "call" => self.call_block(line)?,
            "print" => {
                let mut value = self.expression(true)?;
                while self.skip_operator(",") {
                    body.push(Statement {
                        line,
                        kind: StatementKind::Output(value),
                    });
                    value = self.expression(true)?;
                }
                StatementKind::Output(value)
            }
            "do" => StatementKind::Do(self.tuple_or_expression(true)?),
            "block" => {
                let name = self.expect_name()?;
                self.skip_name("scoped");
                let block = self.closed_body("endblock", line)?;
                self.skip_name(name);
                StatementKind::Block(block)
            }
            "extends" | "include" | "import" | "from" => {
                let words = format!("`{{% {tag} %}}` is not supported: there is no other template");
                return Err(Mistake::new(line, words));
            }
            "autoescape" => {
                let enabled = self.expression(true)?;
                if !matches!(enabled.expr, Expr::Bool(false)) {
                    let words = "`{% autoescape %}` is not supported: escape with the filter `e`";
                    return Err(Mistake::new(line, words));
                }
                StatementKind::Block(self.closed_body("endautoescape", line)?)
            }
            "break" | "continue" | "trans" | "debug" => {
                let words = format!(
                    "`{{% {tag} %}}` belongs to an extension of Jinja2 and is not supported"
                );
                return Err(Mistake::new(line, words));
            }
            tag => {
                let words = match self.open.last() {
                    Some((end, open)) if tag.starts_with("end") || tag.starts_with("el") => {
                        format!(
                            "unexpected `{{% {tag} %}}`, expected `{{% {end} %}}` for the block of line {open}"
                        )
                    }
                    _ => format!("unknown tag `{tag}`{}", nearest(tag, TAGS.iter().copied())),
                };
                return Err(Mistake::new(line, words));
            }
        })
    }

    fn for_loop(&mut self, line: u32) -> Result<StatementKind, Mistake> {
        let target = self.target(false)?;
        if !self.skip_name("in") {
            return Err(self.mistake(format!("expected `in`, found {}", self.kind().name())));
        }
        let items = self.tuple_or_expression(false)?;
        let condition = if self.skip_name("if") {
            Some(self.expression(true)?)
        } else {
            None
        };
        let recursive = self.skip_name("recursive");
        self.expect(&Kind::CloseBlock)?;
        self.open.push(("endfor", line));
        let body = self.body(&["endfor", "else"])?;
        let otherwise = if self.skip_name("else") {
            self.expect(&Kind::CloseBlock)?;
            self.body(&["endfor"])?
        } else {
            Vec::new()
        };
        self.open.pop();
        self.advance();
        // `{% else %}` was passed over above, `{% endfor %}` is the name that `advance` takes.
        let all = For {
            target,
            items,
            condition,
            recursive,
            body,
            otherwise,
        };
        Ok(StatementKind::For(Box::new(all)))
    }

    fn condition(&mut self, line: u32) -> Result<StatementKind, Mistake> {
        let mut branches = Vec::new();
        let mut otherwise = Vec::new();
        self.open.push(("endif", line));
        loop {
            let condition = self.tuple_or_expression(false)?;
            self.expect(&Kind::CloseBlock)?;
            branches.push((condition, self.body(&["elif", "else", "endif"])?));
            if self.skip_name("elif") {
                continue;
            }
            if self.skip_name("else") {
                self.expect(&Kind::CloseBlock)?;
                otherwise = self.body(&["endif"])?;
            }
            self.advance();
            break;
        }
        self.open.pop();
        Ok(StatementKind::If(branches, otherwise))
    }

    fn set(&mut self, line: u32) -> Result<StatementKind, Mistake> {
        let target = self.target(true)?;
        if self.skip_operator("=") {
            return Ok(StatementKind::Set(target, self.tuple_or_expression(true)?));
        }
        let captured = Node::new(line, Expr::Captured);
        let filters = self.filters(captured)?;
        Ok(StatementKind::SetBlock(
            target,
            filters,
            self.closed_body("endset", line)?,
        ))
    }

    fn with(&mut self, line: u32) -> Result<StatementKind, Mistake> {
        let mut assignments = Vec::new();
        while *self.kind() != Kind::CloseBlock {
            if !assignments.is_empty() {
                self.expect_operator(",")?;
            }
            let target = self.single_target(false)?;
            self.expect_operator("=")?;
            assignments.push((target, self.expression(true)?));
        }
        Ok(StatementKind::With(
            assignments,
            self.closed_body("endwith", line)?,
        ))
    }

    fn call_block(&mut self, line: u32) -> Result<StatementKind, Mistake> {
        let (parameters, defaults) = if self.is_operator("(") {
            self.signature()?
        } else {
            Default::default()
        };
        let call = self.unary(true)?;
        if !matches!(call.expr, Expr::Call(..)) {
            return Err(Mistake::new(line, "expected a call after `call`"));
        }
        let body = self.closed_body("endcall", line)?;
        let caller = Self::macro_of("caller", parameters, defaults, body);
        Ok(StatementKind::Call(Box::new(CallBlock { call, caller })))
    }

    fn macro_definition(&mut self, line: u32) -> Result<StatementKind, Mistake> {
        let name = self.assignable()?;
        let (parameters, defaults) = self.signature()?;
        let body = self.closed_body("endmacro", line)?;
        Ok(StatementKind::Macro(Self::macro_of(
            name, parameters, defaults, body,
        )))
    }

    pub(super) fn assignable(&mut self) -> Result<&'s str, Mistake> {
        let line = self.line();
        let name = self.expect_name()?;
        if CONSTANTS.contains(&name) {
            return Err(Mistake::new(
                line,
                format!("`{name}` cannot be assigned to"),
            ));
        }
        Ok(name)
    }

    fn target(&mut self, with_members: bool) -> Result<Target, Mistake> {
        let first = self.single_target(with_members)?;
        if !self.is_operator(",") {
            return Ok(first);
        }
        let mut targets = vec![first];
        while self.skip_operator(",") {
            if self.is_operator("=") || self.is_name("in") {
                break;
            }
            targets.push(self.single_target(with_members)?);
        }
        Ok(Target::Tuple(targets))
    }

    fn single_target(&mut self, with_members: bool) -> Result<Target, Mistake> {
        if self.skip_operator("(") {
            let target = self.deeper(|parser| parser.target(with_members))?;
            self.expect_operator(")")?;
            return Ok(target);
        }
        let name: Box<str> = self.assignable()?.into();
        if with_members && self.skip_operator(".") {
            return Ok(Target::Member(name, self.expect_name()?.into()));
        }
        Ok(Target::Name(name))
    }
}
