//! The columns of a table.

use super::{Colour, Fields, colour::of_status};

/// What a cell holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    /// A word such as `failed`, in its colour.
    Status,
    /// A moment, to the second.
    Time,
    /// Counted: stands to the right.
    Number,
}

/// One column: its title, and the member of an item that it shows.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Column {
    pub(crate) title: &'static str,
    field: &'static str,
    pub(crate) kind: Kind,
}

pub(crate) const fn text(title: &'static str, field: &'static str) -> Column {
    column(title, field, Kind::Text)
}

pub(crate) const fn status(title: &'static str, field: &'static str) -> Column {
    column(title, field, Kind::Status)
}

pub(crate) const fn time(title: &'static str, field: &'static str) -> Column {
    column(title, field, Kind::Time)
}

pub(crate) const fn number(title: &'static str, field: &'static str) -> Column {
    column(title, field, Kind::Number)
}

const fn column(title: &'static str, field: &'static str, kind: Kind) -> Column {
    Column { title, field, kind }
}

impl Column {
    /// Its text of an item; a dash for nothing, so that an empty cell is seen as one.
    pub(crate) fn cell(&self, item: &Fields) -> String {
        let text = item.text(self.field);
        match (self.kind, text.is_empty()) {
            (_, true) => "–".to_owned(),
            (Kind::Time, _) => to_the_second(&text),
            (Kind::Text | Kind::Status | Kind::Number, _) => text,
        }
    }

    pub(crate) fn colour(&self, cell: &str) -> Colour {
        match self.kind {
            Kind::Status => of_status(cell),
            Kind::Text | Kind::Time | Kind::Number => Colour::Plain,
        }
    }
}

/// `2026-01-26T12:00:00.123456Z` as `2026-01-26 12:00:00Z`. What is no time stays as it is.
fn to_the_second(text: &str) -> String {
    match (text.get(..10), text.get(10..11), text.get(11..19)) {
        (Some(day), Some("T"), Some(time)) if text.ends_with('Z') => format!("{day} {time}Z"),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_cut_to_the_second() {
        for (text, shown) in [
            ("2026-01-26T12:00:00.123456Z", "2026-01-26 12:00:00Z"),
            ("2026-01-26T12:00:00Z", "2026-01-26 12:00:00Z"),
            ("2026-01-26T12:00:00+01:00", "2026-01-26T12:00:00+01:00"),
            ("never", "never"),
        ] {
            assert_eq!(to_the_second(text), shown);
        }
    }
}
