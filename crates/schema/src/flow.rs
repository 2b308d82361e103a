//! How often the validator comes to a subschema.
//!
//! The validator does three things with a subschema and a value. It asks whether the value is valid. Under an
//! `unevaluated…` keyword it marks what the subschema evaluates, and for that asks of every branch again whether it is
//! valid. And where something is wrong it explains what, and before it explains a branch it asks once more whether that
//! is valid. So a branch below an `unevaluated…` is asked twice, one below two of them four times and more: each level
//! multiplies. A [`Flow`] says how often each of the three comes to a subschema while one value is checked, and
//! [`Flow::through`] how often it goes on to a subschema within it.

/// So often one `if` may be asked for one `unevaluated…` beside it: the validator makes up to so many parts of the
/// branches, and asks the conditions of each (`MAX_PARTS` of jsonschema).
const CONDITION_MARKS: u64 = 64;

/// How a subschema lies in another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Edge {
    /// One of `allOf`, `anyOf`, `oneOf`.
    Branch,
    /// The target of `$ref`.
    Reference,
    /// `if`.
    Condition,
    /// `then`, `else`, and what depends on a property.
    Consequence,
    /// `not`.
    Negation,
    /// A schema for members or elements that marking does not look into.
    Part,
    /// One that it does look into, or that is compiled again for it.
    MarkedPart,
}

/// One step from a subschema to one within it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Step {
    pub(crate) edge: Edge,
    /// How many `unevaluated…` keywords are beside the edge.
    pub(crate) unevaluated: u64,
    /// Whether the step leads to members or elements of the value.
    pub(crate) descends: bool,
}

/// How often the validator comes to a subschema, for one value.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Flow {
    /// To ask whether it is valid.
    pub(crate) valid: u64,
    /// To mark what it evaluates.
    pub(crate) mark: u64,
    /// To explain what is wrong.
    pub(crate) explain: u64,
}

impl Flow {
    /// One question whether a value is valid.
    pub(crate) const VALID: Self = Self {
        valid: 1,
        mark: 0,
        explain: 0,
    };
    /// One explanation of what is wrong with a value.
    pub(crate) const EXPLAIN: Self = Self {
        valid: 0,
        mark: 0,
        explain: 1,
    };

    /// How often it goes on to a subschema.
    pub(crate) fn through(self, step: Step) -> Self {
        self.via(step, CONDITION_MARKS)
    }

    /// How often that is compiled, where `valid` and `mark` say so of the subschema around it: marking has trees of
    /// its own, in which an `if` stands once.
    pub(crate) fn compiled_through(self, step: Step) -> Self {
        self.via(step, 1)
    }

    fn via(self, step: Step, condition_marks: u64) -> Self {
        let asked = self.valid.saturating_add(self.explain);
        let mark = self
            .mark
            .saturating_add(asked.saturating_mul(step.unevaluated));
        let explain = self.explain;
        let (valid, mark, explain) = match step.edge {
            Edge::Branch => (asked.saturating_add(mark), mark, explain),
            Edge::Reference | Edge::Consequence => (asked, mark, explain),
            Edge::Condition => {
                let marks = mark.saturating_mul(condition_marks);
                (asked.saturating_add(marks), mark, explain)
            }
            Edge::Negation => (asked, 0, 0),
            Edge::Part => (asked, 0, explain),
            Edge::MarkedPart => (asked.saturating_add(mark), 0, explain),
        };
        Self {
            valid,
            mark,
            explain,
        }
    }

    /// How often it comes, for whatever reason. An explanation asks each keyword first whether it is wrong.
    pub(crate) fn visits(self) -> u64 {
        self.valid
            .saturating_add(self.mark)
            .saturating_add(self.explain.saturating_mul(2))
    }
}
