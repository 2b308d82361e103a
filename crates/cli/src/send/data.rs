//! The data of an event: an argument, a file, or standard input.

use std::io::{self, IsTerminal, Read};

use posthorn_domain::JsonText;

use crate::exit::{Exit, Failure};

/// Most bytes read; far above what an event may hold.
const DATA_BYTES_MAX: u64 = 64 * 1024 * 1024;

pub(super) fn read(argument: Option<&str>) -> Result<JsonText, Failure> {
    let bytes = match argument {
        Some("-") => read_all(io::stdin().lock(), "standard input")?,
        None if io::stdin().is_terminal() => {
            return Err(Failure::new(
                Exit::Usage,
                "no data: give JSON, @FILE, or - for standard input",
            ));
        }
        None => read_all(io::stdin().lock(), "standard input")?,
        Some(text) => match text.strip_prefix('@') {
            Some(path) => {
                let file = std::fs::File::open(path).map_err(|error| cannot_read(path, &error))?;
                read_all(file, path)?
            }
            None => text.as_bytes().to_vec(),
        },
    };
    JsonText::parse(bytes.into())
        .map_err(|error| Failure::new(Exit::Data, format!("the data is {error}")))
}

fn read_all(source: impl Read, name: &str) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let mut limited = source.take(DATA_BYTES_MAX + 1);
    let length = limited
        .read_to_end(&mut bytes)
        .map_err(|error| cannot_read(name, &error))?;
    if u64::try_from(length).is_ok_and(|length| length > DATA_BYTES_MAX) {
        return Err(Failure::new(
            Exit::Data,
            format!("{name} has more than {DATA_BYTES_MAX} bytes"),
        ));
    }
    Ok(bytes)
}

fn cannot_read(name: &str, error: &io::Error) -> Failure {
    Failure::new(Exit::NoInput, format!("cannot read {name}: {error}"))
}
