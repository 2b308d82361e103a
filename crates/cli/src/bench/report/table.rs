//! The table that people read. It is Markdown, so that it can be put into a page as it is.

use super::{
    Report,
    figure::{Bound, Figure},
};

/// What a client and the receiver reach with nothing between them.
pub(in crate::bench) const CEILING_ID: &str = "ceiling";
/// The unit of figures that the ceiling is a measure for.
pub(in crate::bench) const PER_SECOND: &str = "/s";

const HEAD: [&str; 5] = ["figure", "bound", "measured", "held", "of the ceiling"];

impl Report {
    /// All figures, one a line.
    pub(in crate::bench) fn table(&self) -> String {
        let ceiling = self.figures.iter().find(|figure| figure.id == CEILING_ID);
        let mut rows: Vec<[String; 5]> = vec![HEAD.map(str::to_owned)];
        rows.extend(self.figures.iter().map(|figure| row(figure, ceiling)));
        let width = |column: usize| {
            let cells = rows.iter().filter_map(|row| row.get(column));
            cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
        };
        let widths: [usize; 5] = std::array::from_fn(width);
        let mut lines: Vec<String> = rows.iter().map(|row| line(row, widths)).collect();
        lines.insert(1, line(&widths.map(|width| "-".repeat(width)), widths));
        lines.join("\n")
    }
}

fn line(cells: &[String; 5], widths: [usize; 5]) -> String {
    let padded: Vec<String> = cells
        .iter()
        .zip(widths)
        .map(|(cell, width)| format!("{cell:<width$}"))
        .collect();
    format!("| {} |", padded.join(" | "))
}

fn row(figure: &Figure, ceiling: Option<&Figure>) -> [String; 5] {
    let unit = &figure.unit;
    let bound = match figure.bound {
        Some(Bound::AtLeast(least)) => format!("≥ {} {unit}", number(least)),
        Some(Bound::AtMost(most)) => format!("≤ {} {unit}", number(most)),
        None => String::new(),
    };
    let held = match figure.bound {
        Some(bound) if bound.holds(figure.value) => "yes",
        Some(_) => "no",
        None => "",
    };
    let share = ceiling
        .filter(|ceiling| unit == PER_SECOND && figure.id != CEILING_ID && ceiling.value > 0.0)
        .map(|ceiling| format!("{:.2}", figure.value / ceiling.value))
        .unwrap_or_default();
    [
        figure.what.clone(),
        bound,
        format!("{} {unit}", number(figure.value)),
        held.to_owned(),
        share,
    ]
}

/// As many digits as mean something.
fn number(value: f64) -> String {
    if value != 0.0 && value.abs() < 10.0 && value.fract() != 0.0 {
        return format!("{value:.2}");
    }
    if value.abs() < 1_000.0 && value.fract() != 0.0 {
        return format!("{value:.1}");
    }
    grouped(&format!("{value:.0}"))
}

/// With a comma before each group of three digits.
fn grouped(digits: &str) -> String {
    let (sign, digits) = digits.strip_prefix('-').map_or(("", digits), |d| ("-", d));
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    format!("{sign}{text}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_as_exact_as_they_are_measured() {
        for (value, text) in [
            (0.0, "0"),
            (0.254, "0.25"),
            (3.0, "3"),
            (96.44, "96.4"),
            (999.0, "999"),
            (1_000.4, "1,000"),
            (18_432.7, "18,433"),
            (1_234_567.0, "1,234,567"),
            (-1_234.0, "-1,234"),
        ] {
            assert_eq!(number(value), text);
        }
    }

    #[test]
    fn a_row_tells_whether_its_bound_holds_and_its_share_of_the_ceiling() {
        let report = Report::of_figures(vec![
            Figure::new(CEILING_ID, "bare", PER_SECOND, 50_000.0),
            Figure::new("a", "over NATS", PER_SECOND, 20_000.0).at_least(18_000.0),
            Figure::new("b", "p99", "ms", 3.5).at_most(3.0),
        ]);
        let table = report.table();
        let lines: Vec<Vec<&str>> = table
            .lines()
            .map(|line| line.split('|').map(str::trim).collect())
            .collect();
        assert_eq!(lines[0][1..6], HEAD);
        assert_eq!(lines[2][1..6], ["bare", "", "50,000 /s", "", ""]);
        assert_eq!(
            lines[3][1..6],
            ["over NATS", "≥ 18,000 /s", "20,000 /s", "yes", "0.40"]
        );
        assert_eq!(lines[4][1..6], ["p99", "≤ 3 ms", "3.50 ms", "no", ""]);
    }
}
