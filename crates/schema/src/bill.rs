//! What checking costs: of a schema by depth, of data with it in steps.

use crate::measure::{Level, Measure};

/// A step that a byte of a string costs, in parts of a step: bytes are compared many at a time.
const BYTES_PER_STEP: u64 = 16;

/// What all subschemas for one depth of the data cost together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Cost {
    /// Steps for each value.
    pub(crate) steps: u64,
    /// Sixteenths of a step for each byte of a string or a name.
    pub(crate) bytes: u64,
    /// Steps for each value below a value, where one is hashed or compared as a whole.
    pub(crate) deep: u64,
    /// Mistakes for each value.
    pub(crate) mistakes: u64,
}

impl Cost {
    pub(crate) fn and(self, other: Self) -> Self {
        Self {
            steps: self.steps.saturating_add(other.steps),
            bytes: self.bytes.saturating_add(other.bytes),
            deep: self.deep.saturating_add(other.deep),
            mistakes: self.mistakes.saturating_add(other.mistakes),
        }
    }

    pub(crate) fn times(self, count: u64) -> Self {
        Self {
            steps: self.steps.saturating_mul(count),
            bytes: self.bytes.saturating_mul(count),
            deep: self.deep.saturating_mul(count),
            mistakes: self.mistakes.saturating_mul(count),
        }
    }

    fn for_level(self, level: Level, below: Level) -> Spent {
        let steps = self
            .steps
            .saturating_mul(level.values)
            .saturating_add(self.bytes.saturating_mul(level.bytes) / BYTES_PER_STEP)
            .saturating_add(
                self.deep
                    .saturating_mul(below.values.saturating_add(below.bytes / BYTES_PER_STEP)),
            );
        Spent {
            steps,
            mistakes: self.mistakes.saturating_mul(level.values),
        }
    }
}

/// What data costs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Spent {
    pub(crate) steps: u64,
    pub(crate) mistakes: u64,
}

impl Spent {
    fn and(self, other: Self) -> Self {
        Self {
            steps: self.steps.saturating_add(other.steps),
            mistakes: self.mistakes.saturating_add(other.mistakes),
        }
    }

    fn times(self, factor: u64) -> Self {
        Self {
            steps: self.steps.saturating_mul(factor),
            mistakes: self.mistakes.saturating_mul(factor),
        }
    }
}

/// What the subschemas cost, by the depth of the data that they are for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Bill {
    /// For one depth alone.
    at: Vec<Cost>,
    /// For each depth from one on: recursion comes there again and again.
    from: Vec<Cost>,
}

impl Bill {
    pub(crate) fn add(&mut self, depth: usize, cost: Cost) {
        add(&mut self.at, depth, cost);
    }

    /// Takes in what is part of this one. What recursion leads back to is for all that is deeper too.
    pub(crate) fn merge(&mut self, part: &Self, recurs: bool) {
        let at = if recurs { &mut self.from } else { &mut self.at };
        for (depth, cost) in part.at.iter().enumerate() {
            add(at, depth, *cost);
        }
        for (depth, cost) in part.from.iter().enumerate() {
            add(&mut self.from, depth, *cost);
        }
    }

    /// Steps for data that has one value at each depth.
    #[cfg(test)]
    pub(crate) fn steps_per_value(&self) -> u64 {
        self.at
            .iter()
            .chain(&self.from)
            .fold(0, |sum: u64, cost| sum.saturating_add(cost.steps))
    }

    /// What data costs, where each depth multiplies what recursion costs by `growth`, and adds it once more if
    /// `accumulates`.
    pub(crate) fn spent(&self, data: &Measure, growth: u64, accumulates: bool) -> Spent {
        let mut below = vec![Level::default(); data.levels.len()];
        let mut sum = Level::default();
        for (depth, level) in data.levels.iter().enumerate().rev() {
            below[depth] = sum;
            sum.values += level.values;
            sum.bytes += level.bytes;
        }
        let mut spent = Spent::default();
        for (depth, level) in data.levels.iter().enumerate() {
            if let Some(cost) = self.at.get(depth) {
                spent = spent.and(cost.for_level(*level, below[depth]));
            }
        }
        for (first, cost) in self.from.iter().enumerate() {
            if *cost == Cost::default() {
                continue;
            }
            let mut factor: u64 = 1;
            for (depth, level) in data.levels.iter().enumerate().skip(first) {
                let rounds = u64::try_from(depth - first + 1).unwrap_or(u64::MAX);
                let factor_here = factor.saturating_mul(if accumulates { rounds } else { 1 });
                spent = spent.and(cost.for_level(*level, below[depth]).times(factor_here));
                factor = factor.saturating_mul(growth);
            }
        }
        spent
    }
}

fn add(costs: &mut Vec<Cost>, depth: usize, cost: Cost) {
    if costs.len() <= depth {
        costs.resize(depth + 1, Cost::default());
    }
    costs[depth] = costs[depth].and(cost);
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_depth_is_charged_for_its_own() {
        let cost = |steps| Cost {
            steps,
            ..Cost::default()
        };
        let mut part = Bill::default();
        part.add(1, cost(10));
        let mut bill = Bill::default();
        bill.add(0, cost(1));
        let data = Measure::of(&json!([[1, 2], 3]));
        let mut alone = bill.clone();
        alone.merge(&part, false);
        assert_eq!(alone.spent(&data, 1, false).steps, 1 + 2 * 10);
        bill.merge(&part, true);
        assert_eq!(bill.spent(&data, 1, false).steps, 1 + 4 * 10);
        assert_eq!(bill.spent(&data, 3, false).steps, 1 + 2 * 10 + 2 * 30);
        assert_eq!(bill.spent(&data, 1, true).steps, 1 + 2 * 10 + 2 * 20);
        assert_eq!(bill.steps_per_value(), 11);
    }
}
