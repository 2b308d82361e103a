use std::{
    fs,
    io::{self, Write},
    path::PathBuf,
};

use clap::Args;

use super::DeliveryFilter;
use crate::{
    exit::{Exit, Failure},
    remote::Session,
    show::{Progress, notice},
};

/// Write deliveries as CSV or as lines of JSON, however many there are
#[derive(Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    filter: DeliveryFilter,
    /// csv or ndjson
    #[arg(long, default_value = "ndjson", value_parser = ["csv", "ndjson"])]
    format: String,
    /// Write them here [default: standard output]
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
}

pub(super) async fn run(session: &Session, arguments: Arguments) -> Result<(), Failure> {
    let query = arguments
        .filter
        .query("/export")
        .with("format", Some(arguments.format));
    // Asked for before the file is touched: a refusal leaves an older export alone.
    let mut pieces = session.client.stream(query).await?;
    let mut out: Box<dyn Write> = match &arguments.file {
        None => Box::new(io::stdout().lock()),
        Some(path) => Box::new(fs::File::create(path).map_err(|error| {
            let words = format!("cannot write {}: {error}", path.display());
            Failure::new(Exit::Output, words)
        })?),
    };
    let progress = Progress::new(None, "Exporting, bytes:");
    let mut bytes = 0_u64;
    while let Some(piece) = pieces.next().await? {
        out.write_all(&piece)?;
        bytes += piece.len() as u64;
        progress.at(bytes, None);
    }
    out.flush()?;
    progress.done();
    if let Some(path) = arguments.file {
        notice(&format!("Wrote {bytes} bytes to {}", path.display()));
    }
    Ok(())
}
