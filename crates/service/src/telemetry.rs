//! Log lines: one event a line on standard error, for people or as JSON.

use std::{fmt, str::FromStr};

use tracing_subscriber::{
    EnvFilter,
    fmt::format::{FmtSpan, Format, Json, format},
    util::SubscriberInitExt,
};

use crate::traces::TopLevelSpan;

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line, for collectors.
    Json,
}

impl FromStr for LogFormat {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            _ => Err("must be `text` or `json`"),
        }
    }
}

/// What is logged: a level, or directives such as `info,posthorn_bus=debug`.
#[derive(Debug, Clone)]
pub struct LogLevel(String);

impl FromStr for LogLevel {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // The bare word of a typo would be taken as the name of a module.
        let levels = ["off", "error", "warn", "info", "debug", "trace"];
        let bare_word = text.split(',').find(|part| {
            !part.contains('=') && !levels.contains(&part.trim().to_ascii_lowercase().as_str())
        });
        if bare_word.is_none() && EnvFilter::try_new(text).is_ok() {
            Ok(Self(text.to_owned()))
        } else {
            Err("must be error, warn, info, debug or trace, or directives such as `info,posthorn_bus=debug`".to_owned())
        }
    }
}

impl fmt::Display for LogLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What is logged and how.
#[derive(Debug, Clone)]
pub struct LogSettings {
    /// What.
    pub level: LogLevel,
    /// How.
    pub format: LogFormat,
}

/// Starts logging for the whole process. Only the first call in a process has an effect.
pub fn init(settings: &LogSettings) {
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter(&settings.level))
        .with_span_events(FmtSpan::NONE)
        .with_writer(std::io::stderr);
    let started = match settings.format {
        LogFormat::Text => builder
            .with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr()))
            .finish()
            .try_init(),
        LogFormat::Json => builder
            .json()
            .event_format(TopLevelSpan(json()))
            .finish()
            .try_init(),
    };
    // A second start happens in tests alone, where several services share one process.
    if started.is_err() {
        tracing::debug!("Logging was started before");
    }
}

fn json() -> Format<Json> {
    format()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_span_list(false)
}

/// The bus says itself when a connection comes or goes; the library's own words are left out unless asked
/// for by name.
fn filter(level: &LogLevel) -> EnvFilter {
    EnvFilter::new(format!("async_nats=warn,{level}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_with_a_typo_is_refused() {
        for good in ["info", "WARN", "info,posthorn_bus=debug", "off"] {
            assert!(good.parse::<LogLevel>().is_ok(), "{good}");
        }
        for bad in ["inof", "", "info,verbose", "posthorn_bus=loud"] {
            assert!(bad.parse::<LogLevel>().is_err(), "{bad}");
        }
    }
}
