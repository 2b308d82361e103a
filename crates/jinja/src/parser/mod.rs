//! Reads templates and expressions: the grammar of Jinja2, rule by rule as its own parser has them.

mod expressions;
mod macros;
mod statements;

use crate::{
    ast::{Body, Node},
    lexer::{Kind, Token, expression_tokens, template_tokens},
    limits::NESTING_MAX,
    mistake::Mistake,
};

pub(crate) struct Parser<'s> {
    tokens: Vec<Token<'s>>,
    at: usize,
    depth: usize,
    /// What would close the blocks that are open, for words about one that is not.
    open: Vec<(&'static str, u32)>,
}

/// Reads a template. Line breaks must be `\n` alone.
pub(crate) fn parse_template(source: &str) -> Result<Body, Mistake> {
    let mut parser = Parser::new(template_tokens(source)?);
    let body = parser.body(&[])?;
    Ok(body)
}

/// Reads an expression that stands alone.
pub(crate) fn parse_expression(source: &str) -> Result<Node, Mistake> {
    let mut parser = Parser::new(expression_tokens(source)?);
    let node = parser.tuple_or_expression(true)?;
    match parser.kind() {
        Kind::End => Ok(node),
        other => Err(parser.mistake(format!(
            "expected the end of the expression, found {}",
            other.name()
        ))),
    }
}

impl<'s> Parser<'s> {
    fn new(tokens: Vec<Token<'s>>) -> Self {
        Self {
            tokens,
            at: 0,
            depth: 0,
            open: Vec::new(),
        }
    }

    fn kind(&self) -> &Kind<'s> {
        self.tokens
            .get(self.at)
            .map_or(&Kind::End, |token| &token.kind)
    }

    fn next_kind(&self) -> &Kind<'s> {
        self.tokens
            .get(self.at + 1)
            .map_or(&Kind::End, |token| &token.kind)
    }

    fn line(&self) -> u32 {
        let token = self.tokens.get(self.at).or(self.tokens.last());
        token.map_or(1, |token| token.line)
    }

    fn mistake(&self, words: impl Into<String>) -> Mistake {
        Mistake::new(self.line(), words)
    }

    fn advance(&mut self) {
        self.at += 1;
    }

    fn is_operator(&self, operator: &str) -> bool {
        matches!(self.kind(), Kind::Operator(found) if *found == operator)
    }

    fn is_name(&self, name: &str) -> bool {
        matches!(self.kind(), Kind::Name(found) if *found == name)
    }

    fn skip_operator(&mut self, operator: &str) -> bool {
        let skips = self.is_operator(operator);
        if skips {
            self.advance();
        }
        skips
    }

    fn skip_name(&mut self, name: &str) -> bool {
        let skips = self.is_name(name);
        if skips {
            self.advance();
        }
        skips
    }

    fn expect_operator(&mut self, operator: &str) -> Result<(), Mistake> {
        if self.skip_operator(operator) {
            return Ok(());
        }
        Err(self.mistake(format!(
            "expected `{operator}`, found {}",
            self.kind().name()
        )))
    }

    fn expect_name(&mut self) -> Result<&'s str, Mistake> {
        if let Kind::Name(name) = *self.kind() {
            self.advance();
            return Ok(name);
        }
        Err(self.mistake(format!("expected a name, found {}", self.kind().name())))
    }

    fn expect(&mut self, kind: &Kind<'static>) -> Result<(), Mistake> {
        if self.kind() == kind {
            self.advance();
            return Ok(());
        }
        Err(self.mistake(format!(
            "expected {}, found {}",
            kind.name(),
            self.kind().name()
        )))
    }

    /// Goes one level deeper: nesting costs stack, here and wherever the tree is walked.
    fn deeper<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, Mistake>,
    ) -> Result<T, Mistake> {
        self.depth += 1;
        if self.depth > NESTING_MAX {
            return Err(self.mistake(format!("is nested deeper than {NESTING_MAX} levels")));
        }
        let value = read(self);
        self.depth -= 1;
        value
    }
}
