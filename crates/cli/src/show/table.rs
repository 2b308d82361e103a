//! Lists: a table for people, lines of JSON for programs.

use std::io;

use serde_json::value::RawValue;
use unicode_width::UnicodeWidthStr;

use super::{
    Colour, Fields, Format, Palette,
    columns::{Column, Kind},
    result,
};

/// Prints items page by page. The first page decides how wide the columns are.
pub(crate) struct Table {
    columns: &'static [Column],
    format: Format,
    palette: Palette,
    widths: Option<Vec<usize>>,
}

impl Table {
    pub(crate) fn new(columns: &'static [Column], format: Format) -> Self {
        Self {
            columns,
            format,
            palette: Palette::of_output(),
            widths: None,
        }
    }

    pub(crate) fn page(&mut self, items: &[Box<RawValue>]) -> io::Result<()> {
        match self.format {
            Format::Json => items.iter().try_for_each(|item| result(&one_line(item))),
            Format::Table => self.rows(items),
        }
    }

    /// Says so where there was nothing.
    pub(crate) fn end(&mut self) -> io::Result<()> {
        if self.format == Format::Table && self.widths.is_none() {
            super::notice("nothing found");
        }
        Ok(())
    }

    fn rows(&mut self, items: &[Box<RawValue>]) -> io::Result<()> {
        let rows: Vec<Vec<String>> = items
            .iter()
            .map(|item| {
                let item: Fields = serde_json::from_str(item.get()).unwrap_or_default();
                self.columns.iter().map(|c| c.cell(&item)).collect()
            })
            .collect();
        if rows.is_empty() {
            return Ok(());
        }
        let titles: Vec<String> = self.columns.iter().map(|c| c.title.to_owned()).collect();
        if self.widths.is_none() {
            let widths = (0..titles.len()).map(|n| {
                let cells = rows.iter().chain([&titles]).filter_map(|row| row.get(n));
                cells.map(|cell| cell.width()).max().unwrap_or(0)
            });
            self.widths = Some(widths.collect());
            result(&self.line(&titles, |_, _| Colour::Bold))?;
        }
        for row in &rows {
            result(&self.line(row, Column::colour))?;
        }
        Ok(())
    }

    fn line(&self, cells: &[String], colour: impl Fn(&Column, &str) -> Colour) -> String {
        let widths = self.widths.as_deref().unwrap_or_default();
        let mut line = String::new();
        for ((column, cell), width) in self.columns.iter().zip(cells).zip(widths) {
            let padding = " ".repeat(width.saturating_sub(cell.width()));
            let cell = self.palette.paint(colour(column, cell), cell);
            if !line.is_empty() {
                line.push_str("  ");
            }
            match column.kind {
                Kind::Number => line.extend([padding.as_str(), &cell]),
                Kind::Text | Kind::Status | Kind::Time => line.extend([cell.as_str(), &padding]),
            }
        }
        line.trim_end().to_owned()
    }
}

/// Line ends stand only between the tokens of JSON, never within a text.
fn one_line(item: &RawValue) -> String {
    item.get().replace(['\n', '\r'], " ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::show::columns::{number, text};

    const COLUMNS: &[Column] = &[text("NAME", "name"), number("N", "n")];

    #[test]
    fn columns_stand_below_each_other_whatever_the_script() {
        let mut table = Table::new(COLUMNS, Format::Table);
        table.palette = Palette::of_output();
        table.widths = Some(vec![6, 3]);
        let line = |cells: [&str; 2]| table.line(&cells.map(str::to_owned), |_, _| Colour::Plain);
        assert_eq!(line(["NAME", "N"]), "NAME      N");
        assert_eq!(line(["東京", "10"]), "東京     10");
        assert_eq!(line(["longer than that", "1"]), "longer than that    1");
    }
}
