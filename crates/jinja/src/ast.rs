//! What a template or an expression says, once it is read.

use num_bigint::BigInt;

use crate::{filters::FilterEntry, tests::TestEntry, walk::children};

/// An expression, and the line on which it begins.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) line: u32,
    /// How many expressions are within each other here: what walks the tree needs stack for each.
    pub(crate) height: u16,
    pub(crate) expr: Expr,
}

impl Node {
    pub(crate) fn new(line: u32, expr: Expr) -> Self {
        let mut node = Self {
            line,
            height: 1,
            expr,
        };
        let mut height = 0;
        children(&node, &mut |child| height = height.max(child.height));
        node.height = height.saturating_add(1);
        node
    }
}

#[derive(Debug)]
pub(crate) enum Expr {
    None,
    Bool(bool),
    Int(i64),
    Big(BigInt),
    Float(f64),
    Text(Box<str>),
    Name(Box<str>),
    List(Vec<Node>),
    Tuple(Vec<Node>),
    Dict(Vec<(Node, Node)>),
    Not(Box<Node>),
    Negative(Box<Node>),
    Positive(Box<Node>),
    And(Vec<Node>),
    Or(Vec<Node>),
    Binary(Binary, Box<(Node, Node)>),
    Concat(Vec<Node>),
    Compare(Box<Node>, Vec<(Comparison, Node)>),
    If(Box<Conditional>),
    Filter(Box<FilterCall>),
    Test(Box<TestCall>),
    Member(Box<Node>, Box<str>),
    Item(Box<(Node, Node)>),
    Slice(Box<Node>, Box<[Option<Node>; 3]>),
    Call(Box<Node>, Box<Arguments>),
    /// The text of the block that a filter is applied to.
    Captured,
}

/// An operator between two numbers, texts or lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Binary {
    Add,
    Sub,
    Mul,
    Div,
    FloorDiv,
    Mod,
    Pow,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Comparison {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
    In,
    NotIn,
}

#[derive(Debug)]
pub(crate) struct Conditional {
    pub(crate) condition: Node,
    pub(crate) then: Node,
    pub(crate) otherwise: Option<Node>,
}

#[derive(Debug)]
pub(crate) struct FilterCall {
    pub(crate) value: Node,
    pub(crate) name: Box<str>,
    /// `None` where there is no filter of that name.
    pub(crate) entry: Option<&'static FilterEntry>,
    pub(crate) arguments: Arguments,
}

#[derive(Debug)]
pub(crate) struct TestCall {
    pub(crate) value: Node,
    pub(crate) negated: bool,
    pub(crate) name: Box<str>,
    /// `None` where there is no test of that name.
    pub(crate) entry: Option<&'static TestEntry>,
    pub(crate) arguments: Arguments,
}

/// `(a, b, name=c, *d, **e)`.
#[derive(Debug, Default)]
pub(crate) struct Arguments {
    pub(crate) positional: Vec<Node>,
    pub(crate) named: Vec<(Box<str>, Node)>,
    pub(crate) list: Option<Node>,
    pub(crate) dict: Option<Node>,
}

impl Arguments {
    /// Every expression among them.
    pub(crate) fn nodes(&self) -> impl Iterator<Item = &Node> {
        let named = self.named.iter().map(|(_, node)| node);
        let rest = self.list.iter().chain(&self.dict);
        self.positional.iter().chain(named).chain(rest)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.nodes().next().is_none()
    }
}

/// What is assigned to.
#[derive(Debug)]
pub(crate) enum Target {
    Name(Box<str>),
    Tuple(Vec<Target>),
    /// A member of a namespace.
    Member(Box<str>, Box<str>),
}

pub(crate) type Body = Vec<Statement>;

#[derive(Debug)]
pub(crate) struct Statement {
    pub(crate) line: u32,
    pub(crate) kind: StatementKind,
}

#[derive(Debug)]
pub(crate) enum StatementKind {
    Text(Box<str>),
    Output(Node),
    For(Box<For>),
    If(Vec<(Node, Body)>, Body),
    Set(Target, Node),
    /// The target, and the filters that the captured text goes through.
    SetBlock(Target, Node, Body),
    With(Vec<(Target, Node)>, Body),
    Filter(Node, Body),
    Macro(Macro),
    Call(Box<CallBlock>),
    Do(Node),
    /// A block stands where it is written: nothing can extend the template.
    Block(Body),
}

#[derive(Debug)]
pub(crate) struct For {
    pub(crate) target: Target,
    pub(crate) items: Node,
    pub(crate) condition: Option<Node>,
    pub(crate) recursive: bool,
    pub(crate) body: Body,
    pub(crate) otherwise: Body,
}

#[derive(Debug)]
pub(crate) struct Macro {
    pub(crate) name: Box<str>,
    /// The defaults are those of the last ones.
    pub(crate) parameters: Vec<Box<str>>,
    pub(crate) defaults: Vec<Node>,
    pub(crate) body: Body,
    /// Whether it names `varargs` or `kwargs`, and so takes more than its parameters.
    pub(crate) takes_more: bool,
    pub(crate) takes_more_named: bool,
    pub(crate) names_caller: bool,
}

#[derive(Debug)]
pub(crate) struct CallBlock {
    pub(crate) call: Node,
    pub(crate) caller: Macro,
}
