use super::Parser;
use crate::{
    ast::{Arguments, Binary, Comparison, Conditional, Expr, FilterCall, Node, TestCall},
    filters::filter_entry,
    lexer::Kind,
    limits::HEIGHT_MAX,
    mistake::Mistake,
    tests::test_entry,
};

fn node(line: u32, expr: Expr) -> Node {
    Node::new(line, expr)
}

impl Parser<'_> {
    pub(super) fn expression(&mut self, with_condition: bool) -> Result<Node, Mistake> {
        self.deeper(|parser| {
            if with_condition {
                parser.conditional()
            } else {
                parser.or()
            }
        })
    }

    /// An expression, or several with commas between them, which are a tuple.
    pub(super) fn tuple_or_expression(&mut self, with_condition: bool) -> Result<Node, Mistake> {
        let line = self.line();
        let first = self.expression(with_condition)?;
        if !self.is_operator(",") {
            return Ok(first);
        }
        let mut items = vec![first];
        while self.skip_operator(",") {
            let ends = match self.kind() {
                Kind::CloseBlock | Kind::CloseOutput | Kind::End => true,
                Kind::Operator(operator) => *operator == ")",
                Kind::Name(name) => *name == "recursive" || (*name == "if" && !with_condition),
                _ => false,
            };
            if ends {
                break;
            }
            items.push(self.expression(with_condition)?);
        }
        Ok(node(line, Expr::Tuple(items)))
    }

    fn conditional(&mut self) -> Result<Node, Mistake> {
        let line = self.line();
        let mut then = self.or()?;
        while self.skip_name("if") {
            self.link(&then)?;
            let condition = self.or()?;
            let otherwise = if self.skip_name("else") {
                Some(self.deeper(Self::conditional)?)
            } else {
                None
            };
            then = node(
                line,
                Expr::If(Box::new(Conditional {
                    condition,
                    then,
                    otherwise,
                })),
            );
        }
        Ok(then)
    }

    /// Refuses a chain such as `a + b + c` that is too long.
    fn link(&self, left: &Node) -> Result<(), Mistake> {
        if left.height > HEIGHT_MAX {
            return Err(self.mistake(format!(
                "has more than {HEIGHT_MAX} operators or filters in a row"
            )));
        }
        Ok(())
    }

    fn or(&mut self) -> Result<Node, Mistake> {
        let line = self.line();
        let first = self.and()?;
        if !self.is_name("or") {
            return Ok(first);
        }
        let mut parts = vec![first];
        while self.skip_name("or") {
            parts.push(self.and()?);
        }
        Ok(node(line, Expr::Or(parts)))
    }

    fn and(&mut self) -> Result<Node, Mistake> {
        let line = self.line();
        let first = self.not()?;
        if !self.is_name("and") {
            return Ok(first);
        }
        let mut parts = vec![first];
        while self.skip_name("and") {
            parts.push(self.not()?);
        }
        Ok(node(line, Expr::And(parts)))
    }

    fn not(&mut self) -> Result<Node, Mistake> {
        let line = self.line();
        if self.skip_name("not") {
            let value = self.deeper(Self::not)?;
            return Ok(node(line, Expr::Not(Box::new(value))));
        }
        self.comparison()
    }

    fn comparison(&mut self) -> Result<Node, Mistake> {
        let line = self.line();
        let first = self.sum()?;
        let mut more = Vec::new();
        loop {
            let operator = match self.kind() {
                Kind::Operator("==") => Comparison::Eq,
                Kind::Operator("!=") => Comparison::Ne,
                Kind::Operator("<") => Comparison::Lt,
                Kind::Operator("<=") => Comparison::Le,
                Kind::Operator(">") => Comparison::Gt,
                Kind::Operator(">=") => Comparison::Ge,
                Kind::Name("in") => Comparison::In,
                Kind::Name("not") if *self.next_kind() == Kind::Name("in") => {
                    self.advance();
                    Comparison::NotIn
                }
                _ => break,
            };
            self.advance();
            more.push((operator, self.sum()?));
        }
        if more.is_empty() {
            return Ok(first);
        }
        Ok(node(line, Expr::Compare(Box::new(first), more)))
    }

    fn sum(&mut self) -> Result<Node, Mistake> {
        let line = self.line();
        let mut left = self.concat()?;
        loop {
            let operator = match self.kind() {
                Kind::Operator("+") => Binary::Add,
                Kind::Operator("-") => Binary::Sub,
                _ => return Ok(left),
            };
            self.link(&left)?;
            self.advance();
            let right = self.concat()?;
            left = node(line, Expr::Binary(operator, Box::new((left, right))));
        }
    }

    fn concat(&mut self) -> Result<Node, Mistake> {
        let line = self.line();
        let first = self.product()?;
        if !self.is_operator("~") {
            return Ok(first);
        }
        let mut parts = vec![first];
        while self.skip_operator("~") {
            parts.push(self.product()?);
        }
        Ok(node(line, Expr::Concat(parts)))
    }

    fn product(&mut self) -> Result<Node, Mistake> {
        let line = self.line();
        let mut left = self.power()?;
        loop {
            let operator = match self.kind() {
                Kind::Operator("*") => Binary::Mul,
                Kind::Operator("/") => Binary::Div,
                Kind::Operator("//") => Binary::FloorDiv,
                Kind::Operator("%") => Binary::Mod,
                _ => return Ok(left),
            };
            self.link(&left)?;
            self.advance();
            let right = self.power()?;
            left = node(line, Expr::Binary(operator, Box::new((left, right))));
        }
    }

    /// From the left, unlike Python's.
    fn power(&mut self) -> Result<Node, Mistake> {
        let line = self.line();
        let mut left = self.unary(true)?;
        while self.skip_operator("**") {
            self.link(&left)?;
            let right = self.unary(true)?;
            left = node(line, Expr::Binary(Binary::Pow, Box::new((left, right))));
        }
        Ok(left)
    }

    pub(super) fn unary(&mut self, with_filters: bool) -> Result<Node, Mistake> {
        let line = self.line();
        let value = if self.skip_operator("-") {
            let value = self.deeper(|parser| parser.unary(false))?;
            node(line, Expr::Negative(Box::new(value)))
        } else if self.skip_operator("+") {
            let value = self.deeper(|parser| parser.unary(false))?;
            node(line, Expr::Positive(Box::new(value)))
        } else {
            self.primary()?
        };
        let value = self.postfix(value)?;
        if with_filters {
            return self.filters(value);
        }
        Ok(value)
    }

    fn primary(&mut self) -> Result<Node, Mistake> {
        let line = self.line();
        let expr = match self.kind().clone() {
            Kind::Name(name) => match name {
                "true" | "True" => Expr::Bool(true),
                "false" | "False" => Expr::Bool(false),
                "none" | "None" => Expr::None,
                name => Expr::Name(name.into()),
            },
            Kind::String(mut text) => {
                while let Kind::String(more) = self.next_kind() {
                    text.push_str(more);
                    self.advance();
                }
                Expr::Text(text.into())
            }
            Kind::Integer(digits) => match (digits.parse(), digits.parse()) {
                (Ok(small), _) => Expr::Int(small),
                (_, Ok(big)) => Expr::Big(big),
                _ => return Err(self.mistake(format!("`{digits}` is not a number"))),
            },
            Kind::Float(value) => Expr::Float(value),
            Kind::Operator("(") => {
                self.advance();
                if self.skip_operator(")") {
                    return Ok(node(line, Expr::Tuple(Vec::new())));
                }
                let value = self.tuple_or_expression(true)?;
                self.expect_operator(")")?;
                return Ok(value);
            }
            Kind::Operator("[") => return self.list(),
            Kind::Operator("{") => return self.dict(),
            other => {
                return Err(self.mistake(format!("expected an expression, found {}", other.name())));
            }
        };
        self.advance();
        Ok(node(line, expr))
    }

    fn list(&mut self) -> Result<Node, Mistake> {
        let line = self.line();
        self.advance();
        let mut items = Vec::new();
        while !self.is_operator("]") {
            if !items.is_empty() {
                self.expect_operator(",")?;
            }
            if self.is_operator("]") {
                break;
            }
            items.push(self.expression(true)?);
        }
        self.advance();
        Ok(node(line, Expr::List(items)))
    }

    fn dict(&mut self) -> Result<Node, Mistake> {
        let line = self.line();
        self.advance();
        let mut items = Vec::new();
        while !self.is_operator("}") {
            if !items.is_empty() {
                self.expect_operator(",")?;
            }
            if self.is_operator("}") {
                break;
            }
            let key = self.expression(true)?;
            self.expect_operator(":")?;
            items.push((key, self.expression(true)?));
        }
        self.advance();
        Ok(node(line, Expr::Dict(items)))
    }

    fn postfix(&mut self, mut value: Node) -> Result<Node, Mistake> {
        loop {
            let line = self.line();
            match self.kind() {
                Kind::Operator(".") => {
                    self.advance();
                    let expr = match self.kind().clone() {
                        Kind::Name(name) => Expr::Member(Box::new(value), name.into()),
                        Kind::Integer(digits) => {
                            let index = digits
                                .parse()
                                .map_err(|_| self.mistake("the index is too large"))?;
                            Expr::Item(Box::new((value, node(line, Expr::Int(index)))))
                        }
                        other => {
                            return Err(self.mistake(format!(
                                "expected a name or a number, found {}",
                                other.name()
                            )));
                        }
                    };
                    self.advance();
                    value = node(line, expr);
                }
                Kind::Operator("[") => value = self.subscript(value)?,
                Kind::Operator("(") => value = self.call(value)?,
                _ => return Ok(value),
            }
            self.link(&value)?;
        }
    }

    fn subscript(&mut self, value: Node) -> Result<Node, Mistake> {
        let line = self.line();
        self.advance();
        let mut parts: [Option<Node>; 3] = [None, None, None];
        let mut part = 0;
        loop {
            if self.is_operator(":") {
                part += 1;
                if part == 3 {
                    return Err(self.mistake("a slice has at most three parts"));
                }
                self.advance();
            } else if self.is_operator("]") || parts[part].is_some() {
                break;
            } else {
                parts[part] = Some(self.expression(true)?);
            }
        }
        self.expect_operator("]")?;
        let expr = match (part, parts) {
            (0, [Some(index), ..]) => Expr::Item(Box::new((value, index))),
            (0, _) => return Err(self.mistake("expected an index")),
            (_, parts) => Expr::Slice(Box::new(value), Box::new(parts)),
        };
        Ok(node(line, expr))
    }

    pub(super) fn call(&mut self, callee: Node) -> Result<Node, Mistake> {
        let line = callee.line;
        let arguments = self.arguments()?;
        Ok(node(
            line,
            Expr::Call(Box::new(callee), Box::new(arguments)),
        ))
    }

    fn arguments(&mut self) -> Result<Arguments, Mistake> {
        self.expect_operator("(")?;
        let mut arguments = Arguments::default();
        let mut first = true;
        while !self.is_operator(")") {
            if !first {
                self.expect_operator(",")?;
                if self.is_operator(")") {
                    break;
                }
            }
            first = false;
            if self.skip_operator("**") {
                arguments.dict = Some(self.expression(true)?);
            } else if self.skip_operator("*") {
                arguments.list = Some(self.expression(true)?);
            } else if let (Kind::Name(name), Kind::Operator("=")) =
                (self.kind().clone(), self.next_kind())
            {
                self.advance();
                self.advance();
                let value = self.expression(true)?;
                arguments.named.push((name.into(), value));
            } else if arguments.named.is_empty()
                && arguments.list.is_none()
                && arguments.dict.is_none()
            {
                arguments.positional.push(self.expression(true)?);
            } else {
                return Err(self.mistake("an argument without a name comes after one with a name"));
            }
        }
        self.advance();
        Ok(arguments)
    }

    /// Filters, tests and calls behind a value.
    pub(super) fn filters(&mut self, mut value: Node) -> Result<Node, Mistake> {
        loop {
            value = match self.kind() {
                Kind::Operator("|") => {
                    self.advance();
                    self.filter(value)?
                }
                Kind::Name("is") => self.test(value)?,
                Kind::Operator("(") => self.call(value)?,
                _ => return Ok(value),
            };
            self.link(&value)?;
        }
    }

    /// One filter, after its `|`.
    pub(super) fn filter(&mut self, value: Node) -> Result<Node, Mistake> {
        let line = self.line();
        let name = self.dotted_name()?;
        let arguments = if self.is_operator("(") {
            self.arguments()?
        } else {
            Arguments::default()
        };
        let entry = filter_entry(&name);
        let name = name.into();
        Ok(node(
            line,
            Expr::Filter(Box::new(FilterCall {
                value,
                name,
                entry,
                arguments,
            })),
        ))
    }

    fn dotted_name(&mut self) -> Result<String, Mistake> {
        let mut name = self.expect_name()?.to_owned();
        while self.skip_operator(".") {
            name.push('.');
            name.push_str(self.expect_name()?);
        }
        Ok(name)
    }

    fn test(&mut self, value: Node) -> Result<Node, Mistake> {
        let line = self.line();
        self.advance();
        let negated = self.skip_name("not");
        let name = self.dotted_name()?;
        let mut arguments = Arguments::default();
        let takes = match self.kind() {
            Kind::Operator("(") => {
                arguments = self.arguments()?;
                false
            }
            Kind::Name("is") => return Err(self.mistake("tests cannot be chained with `is`")),
            Kind::Name(name) => !matches!(
                *name,
                "else" | "or" | "and" | "in" | "not" | "if" | "recursive"
            ),
            Kind::String(_) | Kind::Integer(_) | Kind::Float(_) => true,
            Kind::Operator(operator) => matches!(*operator, "[" | "{"),
            _ => false,
        };
        if takes {
            let argument = self.deeper(Self::primary)?;
            arguments.positional.push(self.postfix(argument)?);
        }
        let entry = test_entry(&name);
        let name = name.into();
        Ok(node(
            line,
            Expr::Test(Box::new(TestCall {
                value,
                negated,
                name,
                entry,
                arguments,
            })),
        ))
    }
}
