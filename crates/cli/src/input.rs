//! What commands are given: an argument, a file, or standard input.

use std::io::{self, IsTerminal, Read};

use posthorn_domain::{JsonText, without_bom};

use crate::exit::{Exit, Failure};

/// Most bytes read; far above what the API takes.
const BYTES_MAX: u64 = 64 * 1024 * 1024;

/// JSON, from `JSON`, `@FILE`, or `-` for standard input; without an argument from standard input, unless that is a
/// terminal.
pub(crate) fn json(argument: Option<&str>) -> Result<JsonText, Failure> {
    JsonText::parse(bytes(argument)?.into())
        .map_err(|error| Failure::new(Exit::Data, format!("the data is {error}")))
}

/// The same as text: a template, say.
pub(crate) fn text(argument: &str) -> Result<String, Failure> {
    String::from_utf8(bytes(Some(argument))?)
        .map_err(|_| Failure::new(Exit::Data, "the text is not UTF-8"))
}

fn bytes(argument: Option<&str>) -> Result<Vec<u8>, Failure> {
    match argument {
        Some("-") => read_all(io::stdin().lock(), "standard input"),
        None if io::stdin().is_terminal() => Err(Failure::new(
            Exit::Usage,
            "no data: give JSON, @FILE, or - for standard input",
        )),
        None => read_all(io::stdin().lock(), "standard input"),
        Some(text) => match text.strip_prefix('@') {
            Some(path) => {
                let file = std::fs::File::open(path).map_err(|error| cannot_read(path, &error))?;
                read_all(file, path)
            }
            None => Ok(text.as_bytes().to_vec()),
        },
    }
}

fn read_all(source: impl Read, name: &str) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let mut limited = source.take(BYTES_MAX + 1);
    let length = limited
        .read_to_end(&mut bytes)
        .map_err(|error| cannot_read(name, &error))?;
    if u64::try_from(length).is_ok_and(|length| length > BYTES_MAX) {
        let words = format!("{name} has more than {BYTES_MAX} bytes");
        return Err(Failure::new(Exit::Data, words));
    }
    // Windows' editors begin files with it.
    if without_bom(&bytes).len() < bytes.len() {
        bytes = without_bom(&bytes).to_vec();
    }
    Ok(bytes)
}

fn cannot_read(name: &str, error: &io::Error) -> Failure {
    Failure::new(Exit::NoInput, format!("cannot read {name}: {error}"))
}
