use posthorn_domain::DeliveryId;
use serde_json::value::RawValue;

use crate::{
    exit::Failure,
    json_text,
    remote::Session,
    show::{
        Colour, Fields, Format, Palette, Table,
        columns::{Column, number, text, time},
        fields_of, harmless, plain, result,
    },
};

const ATTEMPTS: &[Column] = &[
    number("#", "number"),
    time("STARTED", "started_at"),
    number("CODE", "status_code"),
    number("MS", "response_time_ms"),
    text("MANUAL", "manual"),
    text("ERROR", "error_message"),
];

/// What stands below the short members, each in a part of its own.
const PARTS: [(&str, &str); 4] = [
    ("request_headers", "Request headers"),
    ("request_payload", "Request payload"),
    ("response_headers", "Response headers"),
    ("response_body", "Response body"),
];

pub(super) async fn run(session: &Session, id: DeliveryId) -> Result<(), Failure> {
    let answer = session.client.get(format!("/deliveries/{id}")).await?;
    if session.format == Format::Json {
        return session.show(&answer);
    }
    let whole: Fields = answer.read()?;
    let is_part = |name: &str| name == "attempts" || PARTS.iter().any(|(part, _)| *part == name);
    let (parts, short): (Vec<_>, Vec<_>) = whole.0.into_iter().partition(|(name, _)| is_part(name));
    fields_of(&Fields(short))?;
    let parts = Fields(parts);
    if let Some(attempts) = parts.get("attempts") {
        let attempts: Vec<Box<RawValue>> = serde_json::from_str(attempts.get()).unwrap_or_default();
        title("Attempts")?;
        Table::new(ATTEMPTS, Format::Table).page(&attempts)?;
    }
    for (name, words) in PARTS {
        let Some(value) = parts.get(name).filter(|value| value.get() != "null") else {
            continue;
        };
        title(words)?;
        match value.get().chars().next() {
            Some('"') => {
                let body: String = serde_json::from_str(value.get()).unwrap_or_default();
                body.lines().try_for_each(|line| result(&harmless(line)))?;
            }
            Some('{' | '[') => result(&json_text::indented(value.get()))?,
            _ => result(&plain(value))?,
        }
    }
    Ok(())
}

fn title(words: &str) -> std::io::Result<()> {
    result(&format!(
        "\n{}",
        Palette::of_output().paint(Colour::Bold, words)
    ))
}
