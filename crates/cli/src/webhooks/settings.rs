//! A webhook's settings as options.

use clap::Args;
use serde_json::{Map, Value, json};

use crate::{
    exit::{Exit, Failure},
    input,
};

/// The settings that people give most; every other one goes into --data.
#[derive(Args)]
#[command(next_help_heading = "Settings")]
pub(super) struct Settings {
    /// Settings as JSON, @FILE, or - for standard input; options count more
    #[arg(long, value_name = "JSON")]
    data: Option<String>,
    /// What people call it
    #[arg(long)]
    name: Option<String>,
    /// Where deliveries go
    #[arg(long)]
    url: Option<String>,
    /// Event types that it wants, such as order.paid, order.* or *; repeat it
    #[arg(long = "event-type", value_name = "PATTERN", value_delimiter = ',')]
    event_types: Vec<String>,
    /// What it is for
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    /// Which of those events it wants, such as 'data.amount > 100'
    #[arg(long, value_name = "EXPRESSION")]
    filter: Option<String>,
    /// Whose message format the receiver takes: generic, slack, discord, telegram or teams
    #[arg(long, value_name = "TYPE")]
    integration_type: Option<String>,
    /// The shape of the body: standard, classic, cloudevents, cloudevents_binary, raw or template
    #[arg(long, value_name = "FORMAT")]
    payload_format: Option<String>,
    /// The template of the body: its text, @FILE, or - for standard input
    #[arg(long, value_name = "TEMPLATE")]
    payload_template: Option<String>,
    /// A header of every request, as `Name: value`; repeat it
    #[arg(long = "header", short = 'H', value_name = "HEADER")]
    headers: Vec<String>,
    /// How often a failed delivery is tried again
    #[arg(long, value_name = "N")]
    max_retries: Option<u32>,
    /// The wait before the first retry; it doubles with each
    #[arg(long, value_name = "SECONDS")]
    retry_delay_seconds: Option<u32>,
    /// The waits before each retry, instead of doubling ones
    #[arg(long, value_name = "SECONDS,…", value_delimiter = ',')]
    retry_schedule_seconds: Vec<u32>,
    /// Longest wait for the receiver's answer
    #[arg(long, value_name = "SECONDS")]
    timeout_seconds: Option<u32>,
    /// Most requests a second
    #[arg(long, value_name = "N")]
    rate_limit_per_second: Option<u32>,
    /// Most requests at the same time
    #[arg(long, value_name = "N")]
    max_in_flight: Option<u32>,
    /// See first whether the URL can be reached
    #[arg(long)]
    pub(super) probe: bool,
}

impl Settings {
    /// As the API takes them.
    pub(super) fn document(self) -> Result<Map<String, Value>, Failure> {
        let mut document = match self.data {
            None => Map::new(),
            Some(data) => {
                let data = input::json(Some(&data))?;
                serde_json::from_str(data.as_str())
                    .map_err(|_| Failure::new(Exit::Data, "--data is not a JSON object"))?
            }
        };
        let template = self
            .payload_template
            .map(|template| input::text(&template))
            .transpose()?;
        let some = |list: Vec<_>| (!list.is_empty()).then_some(list);
        let schedule = Some(self.retry_schedule_seconds).filter(|list| !list.is_empty());
        for (name, value) in [
            ("name", json!(self.name)),
            ("url", json!(self.url)),
            ("event_types", json!(some(self.event_types))),
            ("description", json!(self.description)),
            ("filter", json!(self.filter)),
            ("integration_type", json!(self.integration_type)),
            ("payload_format", json!(self.payload_format)),
            ("payload_template", json!(template)),
            ("custom_headers", headers(&self.headers)?),
            ("max_retries", json!(self.max_retries)),
            ("retry_delay_seconds", json!(self.retry_delay_seconds)),
            ("retry_schedule_seconds", json!(schedule)),
            ("timeout_seconds", json!(self.timeout_seconds)),
            ("rate_limit_per_second", json!(self.rate_limit_per_second)),
            ("max_in_flight", json!(self.max_in_flight)),
        ] {
            if !value.is_null() {
                document.insert(name.to_owned(), value);
            }
        }
        Ok(document)
    }
}

fn headers(given: &[String]) -> Result<Value, Failure> {
    if given.is_empty() {
        return Ok(Value::Null);
    }
    let headers = given.iter().map(|header| {
        let (name, value) = header.split_once(':').ok_or_else(|| {
            // Its text may be a credential.
            Failure::new(Exit::Usage, "--header: write it like `Name: value`")
        })?;
        Ok((name.trim().to_owned(), Value::from(value.trim())))
    });
    headers
        .collect::<Result<Map<_, _>, Failure>>()
        .map(Value::Object)
}
