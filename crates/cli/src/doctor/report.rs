//! The report, for people and for programs.

use serde::Serialize;

use super::finding::{Finding, Findings, Level};
use crate::{
    exit::{Exit, Failure},
    show::{Colour, Format, Palette, harmless, result},
};

#[derive(Serialize)]
struct Document<'a> {
    ok: bool,
    problems: usize,
    warnings: usize,
    checks: &'a [Finding],
}

pub(super) fn print(findings: &Findings, format: Format) -> Result<(), Failure> {
    let (problems, warnings) = (
        findings.count(Level::Problem),
        findings.count(Level::Warning),
    );
    if format == Format::Json {
        let document = Document {
            ok: problems == 0,
            problems,
            warnings,
            checks: findings.all(),
        };
        let text = serde_json::to_string_pretty(&document)
            .map_err(|error| Failure::new(Exit::Output, error.to_string()))?;
        return Ok(result(&text)?);
    }
    let palette = Palette::of_output();
    for found in findings.all() {
        let (word, colour) = match found.level {
            Level::Ok => ("ok", Colour::Good),
            Level::Skipped => ("not seen", Colour::Faint),
            Level::Warning => ("warning", Colour::Careful),
            Level::Problem => ("PROBLEM", Colour::Bad),
        };
        let word = palette.paint(colour, &format!("{word:<8}"));
        let lines: Vec<String> = found.what.lines().map(harmless).collect();
        result(&format!("{word}  {:<12}  {}", found.part, lines.join(" ")))?;
        for line in found.advice.iter().flat_map(|advice| advice.lines()) {
            result(&format!("{:24}→ {}", "", harmless(line)))?;
        }
    }
    let summary = match (problems, warnings) {
        (0, 0) => "Nothing is wrong".to_owned(),
        (0, warnings) => format!("Nothing is broken; warnings: {warnings}"),
        (problems, warnings) => format!("Problems: {problems}, warnings: {warnings}"),
    };
    let skipped = match findings.count(Level::Skipped) {
        0 => String::new(),
        skipped => format!("; not looked at: {skipped}"),
    };
    let line = format!("\n{summary}{skipped}");
    Ok(result(&palette.paint(Colour::Bold, &line))?)
}
