//! A request as a person or a program reads it.

use chrono::SecondsFormat;
use http::StatusCode;
use posthorn_domain::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::verify::Verification;
use crate::json_text;

/// Longest data that is printed for people, in characters.
const SHOWN_CHARS_MAX: usize = 2_000;

/// Who reads the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Text,
    Json,
    Quiet,
}

/// One request, and what was made of it.
pub(super) struct Received<'a> {
    pub(super) at: Timestamp,
    pub(super) event_type: Option<&'a str>,
    pub(super) event_id: Option<&'a str>,
    pub(super) delivery_id: Option<&'a str>,
    /// Which request of its delivery it is, from 1.
    pub(super) attempt: u64,
    pub(super) verification: &'a Verification,
    pub(super) status: StatusCode,
    pub(super) body: &'a [u8],
}

#[derive(Serialize)]
struct Line<'a> {
    received_at: String,
    event_type: Option<&'a str>,
    event_id: Option<&'a str>,
    delivery_id: Option<&'a str>,
    attempt: u64,
    verified: Option<bool>,
    problem: Option<&'a str>,
    status: u16,
    body: Body<'a>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Body<'a> {
    Json(&'a RawValue),
    Text(String),
}

/// The field that holds the event's data in the standard and the classic payload.
#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow)]
    data: &'a RawValue,
}

impl Received<'_> {
    /// The text to print, if any.
    pub(super) fn shown(&self, style: Style) -> Option<String> {
        match style {
            Style::Quiet => None,
            Style::Json => self.json().ok(),
            Style::Text => Some(self.text()),
        }
    }

    fn text(&self) -> String {
        let mark = match self.verification {
            Verification::Verified => "✔ verified".to_owned(),
            Verification::Failed(words) => format!("✘ {words}"),
            Verification::NotChecked => "not verified".to_owned(),
        };
        let shown = |text: Option<&str>| text.map_or_else(|| "–".to_owned(), harmless);
        format!(
            "{time}  {event_type}  attempt {attempt}  {mark}  → {status}\n  event {event}  delivery {delivery}\n{data}",
            time = self.at.format("%H:%M:%S%.3f"),
            event_type = shown(self.event_type),
            attempt = self.attempt,
            status = self.status.as_u16(),
            event = shown(self.event_id),
            delivery = shown(self.delivery_id),
            data = shortened_data(self.body),
        )
    }

    fn json(&self) -> serde_json::Result<String> {
        let (verified, problem) = match self.verification {
            Verification::Verified => (Some(true), None),
            Verification::Failed(words) => (Some(false), Some(words.as_str())),
            Verification::NotChecked => (None, None),
        };
        serde_json::to_string(&Line {
            received_at: self.at.to_rfc3339_opts(SecondsFormat::Millis, true),
            event_type: self.event_type,
            event_id: self.event_id,
            delivery_id: self.delivery_id,
            attempt: self.attempt,
            verified,
            problem,
            status: self.status.as_u16(),
            body: match one_line_json(self.body) {
                Some(json) => Body::Json(json),
                None => Body::Text(String::from_utf8_lossy(self.body).into_owned()),
            },
        })
    }
}

/// The body as it came, if it is JSON that keeps to one line.
fn one_line_json(body: &[u8]) -> Option<&RawValue> {
    serde_json::from_slice::<&RawValue>(body)
        .ok()
        .filter(|json| !json.get().contains(['\n', '\r']))
}

/// The event's data, else the whole body, indented by two and cut.
fn shortened_data(body: &[u8]) -> String {
    let text = match serde_json::from_slice::<Envelope<'_>>(body) {
        Ok(envelope) => json_text::indented(envelope.data.get()),
        Err(_) => match serde_json::from_slice::<&RawValue>(body) {
            Ok(json) => json_text::indented(json.get()),
            Err(_) => String::from_utf8_lossy(body).into_owned(),
        },
    };
    let cut = text.char_indices().nth(SHOWN_CHARS_MAX).map(|(at, _)| at);
    let kept = text.get(..cut.unwrap_or(text.len())).unwrap_or_default();
    let mut shown: String = kept
        .lines()
        .map(|line| format!("  {}\n", harmless(line)))
        .collect();
    if let Some(rest) = cut.and_then(|at| text.get(at..)) {
        shown.push_str(&format!("  … {} more characters\n", rest.chars().count()));
    }
    shown
}

/// Without control characters: they would be commands to a terminal.
fn harmless(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { '\u{fffd}' } else { c })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn received<'a>(verification: &'a Verification, body: &'a [u8]) -> Received<'a> {
        Received {
            at: "2025-01-26T12:00:00.25Z".parse().unwrap(),
            event_type: Some("user.created"),
            event_id: Some("e1"),
            delivery_id: None,
            attempt: 2,
            verification,
            status: StatusCode::OK,
            body,
        }
    }

    #[test]
    fn a_person_reads_the_data() {
        let body = br#"{"id":"e1","type":"user.created","timestamp":"2025-01-26T12:00:00Z","data":{"n":0.10}}"#;
        let text = received(&Verification::Verified, body).shown(Style::Text);
        assert_eq!(
            text.unwrap(),
            "12:00:00.250  user.created  attempt 2  ✔ verified  → 200\n  event e1  delivery –\n  {\n    \"n\": 0.10\n  }\n"
        );
    }

    #[test]
    fn other_bodies_are_shown_whole_and_harmless() {
        for (body, shown) in [
            (&b"[1,2]"[..], "  [\n    1,\n    2\n  ]\n"),
            (b"plain", "  plain\n"),
            (b"", ""),
            (b"\x1b[2J\xff", "  \u{fffd}[2J\u{fffd}\n"),
        ] {
            assert_eq!(shortened_data(body), shown, "{body:?}");
        }
        let long = format!("\"{}\"", "é".repeat(SHOWN_CHARS_MAX));
        assert!(shortened_data(long.as_bytes()).ends_with("\n  … 2 more characters\n"));
    }

    #[test]
    fn a_program_reads_one_line() {
        let failed = Verification::Failed("no".to_owned());
        let line = received(&failed, br#"{"n":0.10}"#)
            .shown(Style::Json)
            .unwrap();
        assert_eq!(
            line,
            r#"{"received_at":"2025-01-26T12:00:00.250Z","event_type":"user.created","event_id":"e1","delivery_id":null,"attempt":2,"verified":false,"problem":"no","status":200,"body":{"n":0.10}}"#
        );
        for body in [&b"{\n}"[..], b"plain", b"\xff"] {
            let line = received(&failed, body).shown(Style::Json).unwrap();
            assert!(!line.contains('\n'), "{line}");
        }
    }
}
