//! One measured number, and what it should be.

use serde::{Deserialize, Serialize};

/// What a figure is held against.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::bench) enum Bound {
    /// This or more is wanted.
    AtLeast(f64),
    /// This or less is wanted.
    AtMost(f64),
}

impl Bound {
    /// Whether a value is as wanted.
    pub(in crate::bench) fn holds(self, value: f64) -> bool {
        match self {
            Self::AtLeast(least) => value >= least,
            Self::AtMost(most) => value <= most,
        }
    }
}

/// One measured number.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(in crate::bench) struct Figure {
    /// The same in every run, such as `fan_out_1_nats`.
    pub(in crate::bench) id: String,
    /// For people, such as `deliveries/s, fan-out 1, over NATS`.
    pub(in crate::bench) what: String,
    /// What `value` counts, such as `ms`.
    pub(in crate::bench) unit: String,
    /// Measured; of several runs the median.
    pub(in crate::bench) value: f64,
    /// Each run's value, in the order of the runs.
    pub(in crate::bench) runs: Vec<f64>,
    /// What is wanted, if anything is.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(in crate::bench) bound: Option<Bound>,
}

impl Figure {
    pub(in crate::bench) fn new(
        id: impl Into<String>,
        what: impl Into<String>,
        unit: &str,
        value: f64,
    ) -> Self {
        Self {
            id: id.into(),
            what: what.into(),
            unit: unit.to_owned(),
            value,
            runs: vec![value],
            bound: None,
        }
    }

    pub(in crate::bench) fn at_least(mut self, least: f64) -> Self {
        self.bound = Some(Bound::AtLeast(least));
        self
    }

    pub(in crate::bench) fn at_most(mut self, most: f64) -> Self {
        self.bound = Some(Bound::AtMost(most));
        self
    }
}

/// The middle one; of an even number the mean of the two in the middle. Zero for none.
pub(super) fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    match (sorted.len() % 2, sorted.get(middle), middle.checked_sub(1)) {
        (1, Some(value), _) => *value,
        (0, Some(upper), Some(below)) => {
            let lower = sorted.get(below).copied().unwrap_or(*upper);
            f64::midpoint(lower, *upper)
        }
        _ => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_in_the_middle() {
        for (values, wanted) in [
            (&[][..], 0.0),
            (&[4.0], 4.0),
            (&[4.0, 1.0], 2.5),
            (&[9.0, 1.0, 2.0], 2.0),
            (&[9.0, 1.0, 2.0, 4.0], 3.0),
        ] {
            assert!((median(values) - wanted).abs() < f64::EPSILON, "{values:?}");
        }
    }

    #[test]
    fn bounds_include_their_end() {
        assert!(Bound::AtLeast(2.0).holds(2.0) && !Bound::AtLeast(2.0).holds(1.9));
        assert!(Bound::AtMost(2.0).holds(2.0) && !Bound::AtMost(2.0).holds(2.1));
    }
}
