//! What a schema costs, and what data costs with it.

use posthorn_domain::limits::{
    SCHEMA_LEVELS_MAX, SCHEMA_MISTAKES_BYTES_MAX, SCHEMA_STEPS_INLINE_MAX, SCHEMA_STEPS_MAX,
};

use crate::{
    bill::Bill,
    flow::{Flow, Step},
    measure::Measure,
};

/// Nested subschemas for which every thread has the stack.
const LEVELS_INLINE_MAX: u64 = 50;

/// Memory of one mistake, without the paths to it in the data and in the schema, in bytes.
const MISTAKE_BYTES: u64 = 300;

/// What recursion does to the work.
#[derive(Debug, Default)]
pub(crate) struct Recursion {
    /// How often one round comes to the next, at most: each level of the data may multiply by so much.
    growth: u64,
    /// Nested subschemas for each level of the data, at most.
    levels: u64,
}

impl Recursion {
    /// Notes a way from where recursion begins to where it leads back, which steps into the data so many times.
    pub(crate) fn note(
        &mut self,
        round: &[Step],
        last: Step,
        descended: usize,
    ) -> Result<(), &'static str> {
        let through = |first: Flow| {
            round
                .iter()
                .chain([&last])
                .fold(first, |flow, step| flow.through(*step))
        };
        let marking = Flow {
            mark: 1,
            ..Flow::default()
        };
        let (asked, marked) = (through(Flow::VALID), through(marking));
        // The first round would not show what the others cost.
        if asked.mark > 0 || marked.mark > 0 {
            return Err("refers to itself beside `unevaluated…`: put that into what it refers to");
        }
        self.growth = self.growth.max(asked.valid).max(marked.valid);
        let levels = (round.len() + 1).div_ceil(descended);
        self.levels = self.levels.max(u64::try_from(levels).unwrap_or(u64::MAX));
        Ok(())
    }
}

/// What a schema costs.
#[derive(Debug)]
pub(crate) struct Weight {
    /// To find out whether data is valid.
    pub(crate) check: Bill,
    /// To find what is wrong with it.
    pub(crate) explain: Bill,
    pub(crate) recursion: Recursion,
    /// Nested subschemas, at most, without recursion.
    pub(crate) levels: u64,
    /// Longest path to a subschema, through all references, in bytes.
    pub(crate) path_bytes: u64,
    /// Memory once it is compiled, in bytes.
    pub(crate) compiled_bytes: u64,
}

/// What data costs with a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Effort {
    pub(crate) check_steps: u64,
    explain_steps: u64,
    mistakes_bytes: u64,
    levels: u64,
}

impl Weight {
    pub(crate) fn effort(&self, data: &Measure) -> Effort {
        let growth = self.recursion.growth.max(1);
        let check = self.check.spent(data, growth, false);
        let explain = self.explain.spent(data, growth, true);
        let depth = u64::try_from(data.levels.len()).unwrap_or(u64::MAX);
        // Recursion makes the path longer with each round.
        let rounds = if self.recursion.levels > 0 { depth } else { 1 };
        let paths = self
            .path_bytes
            .saturating_mul(rounds)
            .saturating_add(data.path_bytes);
        let mistake = paths.saturating_mul(2).saturating_add(MISTAKE_BYTES);
        let recursive = self.recursion.levels.saturating_mul(depth);
        Effort {
            check_steps: check.steps,
            explain_steps: explain.steps,
            mistakes_bytes: explain.mistakes.saturating_mul(mistake),
            levels: self.levels.saturating_add(recursive),
        }
    }
}

impl Effort {
    #[cfg(test)]
    pub(crate) fn explain_steps(self) -> u64 {
        self.explain_steps
    }

    /// Why data is not checked, if it is not.
    pub(crate) fn excess(self) -> Option<&'static str> {
        if self.check_steps > SCHEMA_STEPS_MAX {
            Some("is too large to be checked against the schema of its type")
        } else if self.levels > SCHEMA_LEVELS_MAX {
            Some("is nested too deep to be checked against the schema of its type")
        } else {
            None
        }
    }

    /// Whether what is wrong can be found and told.
    pub(crate) fn is_explainable(self) -> bool {
        self.explain_steps <= SCHEMA_STEPS_MAX && self.mistakes_bytes <= SCHEMA_MISTAKES_BYTES_MAX
    }

    /// Whether a thread that serves requests may do it.
    pub(crate) fn is_small(self) -> bool {
        self.check_steps.saturating_add(self.explain_steps) <= SCHEMA_STEPS_INLINE_MAX
            && self.levels <= LEVELS_INLINE_MAX
    }
}
