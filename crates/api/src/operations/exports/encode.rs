use std::borrow::Cow;

use bytes::Bytes;
use chrono::SecondsFormat;
use posthorn_domain::{FailureCode, Timestamp};
use posthorn_store::Delivery;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::operations::deliveries::DeliveryView;

/// How a file is written.
#[derive(Deserialize, Clone, Copy, Default, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Format {
    #[default]
    Csv,
    Ndjson,
}

impl Format {
    pub(super) const fn content_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8; header=present",
            Self::Ndjson => "application/x-ndjson",
        }
    }

    pub(super) const fn file_name(self) -> &'static str {
        match self {
            Self::Csv => "deliveries.csv",
            Self::Ndjson => "deliveries.ndjson",
        }
    }

    /// What stands before the first delivery.
    pub(super) fn head(self) -> anyhow::Result<Bytes> {
        match self {
            Self::Csv => csv(std::iter::once(COLUMNS.map(Cow::Borrowed))),
            Self::Ndjson => Ok(Bytes::new()),
        }
    }

    /// Some deliveries.
    pub(super) fn rows(self, deliveries: Vec<Delivery>) -> anyhow::Result<Bytes> {
        match self {
            Self::Csv => csv(deliveries.iter().map(cells)),
            Self::Ndjson => {
                let mut lines = Vec::new();
                for delivery in deliveries {
                    serde_json::to_writer(&mut lines, &DeliveryView::from(delivery))?;
                    lines.push(b'\n');
                }
                Ok(lines.into())
            }
        }
    }
}

const COLUMNS: [&str; 14] = [
    "id",
    "tenant",
    "webhook_id",
    "event_id",
    "event_type",
    "status",
    "status_code",
    "response_time_ms",
    "error_message",
    "attempt_count",
    "next_retry_at",
    "created_at",
    "delivered_at",
    "failure",
];

fn csv<'a>(rows: impl Iterator<Item = [Cow<'a, str>; COLUMNS.len()]>) -> anyhow::Result<Bytes> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    for row in rows {
        writer.write_record(row.iter().map(|cell| cell.as_bytes()))?;
    }
    Ok(writer
        .into_inner()
        .map_err(|error| error.into_error())?
        .into())
}

fn cells(delivery: &Delivery) -> [Cow<'_, str>; COLUMNS.len()] {
    let moment = |at: Timestamp| at.to_rfc3339_opts(SecondsFormat::AutoSi, true).into();
    let number = |number: Option<u32>| number.map(|n| n.to_string()).unwrap_or_default().into();
    [
        delivery.id.to_string().into(),
        text(delivery.tenant.as_str()),
        delivery.webhook.to_string().into(),
        delivery.event.to_string().into(),
        text(delivery.event_type.as_str()),
        delivery.status.as_str().into(),
        number(delivery.status_code.map(u32::from)),
        number(delivery.response_time_ms),
        text(delivery.error_message.as_deref().unwrap_or_default()),
        number(Some(delivery.attempt_count)),
        delivery.next_retry_at.map(moment).unwrap_or_default(),
        moment(delivery.created_at),
        delivery.delivered_at.map(moment).unwrap_or_default(),
        text(delivery.failure.as_ref().map_or("", FailureCode::as_str)),
    ]
}

/// A text from outside. Spreadsheets run a cell that begins like a formula; an apostrophe makes it a text
/// (OWASP, "CSV Injection").
fn text(text: &str) -> Cow<'_, str> {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}").into()
    } else {
        text.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_never_a_formula() {
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"] {
            assert_eq!(text(formula), format!("'{formula}"));
        }
        for plain in ["", "a=b", "'=1", "503 Service Unavailable", "1-1"] {
            assert_eq!(text(plain), plain);
        }
    }

    #[test]
    fn commas_quotes_and_lines_stay_in_their_cell() {
        let mut row: [Cow<'_, str>; COLUMNS.len()] = Default::default();
        row[8] = "a,\"b\"\r\nc".into();
        let written = csv(std::iter::once(row)).unwrap();
        assert_eq!(&written[..], b",,,,,,,,\"a,\"\"b\"\"\r\nc\",,,,,\r\n");
    }
}
