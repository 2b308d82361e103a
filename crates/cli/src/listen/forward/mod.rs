//! `posthorn listen --forward-to`: events of a Posthorn elsewhere, as signed requests to a URL on this machine.
//!
//! A Posthorn elsewhere cannot reach a laptop, so this program reads the log of events through the API and makes the
//! requests itself: rendered and signed by the very code that the deliverer uses, for a webhook of the tenant
//! (`--webhook`) or for one that exists here alone.
//!
//! What it is worth: every event that is seen is forwarded once. It is a second or two late; nothing is retried,
//! recorded or changed at Posthorn; what was published while it did not run is forwarded only with `--since`. A
//! webhook's credentials never leave Posthorn, so `auth` and client certificates are not sent.

mod event;
mod local;
mod webhook;

use std::time::Duration;

use clap::Args;
use posthorn_domain::{Clock, DeliveryId, EventTypePattern, SystemClock, Timestamp, WebhookId};
use posthorn_egress::prepare;
use secrecy::SecretString;
use url::Url;

use self::{
    event::Seen,
    local::{Local, Outcome},
    webhook::Pretended,
};
use super::print::Style;
use crate::{
    duration,
    exit::Failure,
    moment,
    remote::{Client, Follower, News, Query, Remote},
    show::notice,
    tail::Away,
};

/// How events are forwarded.
#[derive(Args, Debug)]
// Named: the group of those around it is called after the type too.
#[group(id = "forwarding")]
#[command(next_help_heading = "Forwarding")]
pub(super) struct Arguments {
    /// Forward the events of a Posthorn elsewhere to this URL, instead of waiting for requests
    #[arg(long, value_name = "URL", conflicts_with_all = ["port", "host", "fail", "status", "delay"])]
    pub(super) forward_to: Option<Url>,
    /// As this webhook gets them: its event types, filter, format, headers and secret (needs a manager's key)
    #[arg(long, value_name = "ID", requires = "forward_to")]
    webhook: Option<WebhookId>,
    /// Events of these types alone, such as order.*; repeat it
    #[arg(
        long = "event-type",
        value_name = "PATTERN",
        value_delimiter = ',',
        requires = "forward_to"
    )]
    event_types: Vec<EventTypePattern>,
    /// Begin with events accepted from this moment on [default: now]
    #[arg(long, value_name = "TIME", value_parser = moment::parse, requires = "forward_to")]
    since: Option<Timestamp>,
    /// How often the API is asked
    #[arg(long, value_name = "TIME", default_value = "1s", value_parser = duration::parse)]
    interval: Duration,
    #[command(flatten)]
    remote: Remote,
}

pub(super) async fn run(
    arguments: Arguments,
    to: Url,
    secrets: &[SecretString],
    style: Style,
) -> Result<(), Failure> {
    let client = arguments.remote.client()?;
    let pretended =
        Pretended::new(&client, arguments.webhook, &arguments.event_types, secrets).await?;
    let local = Local::new(to, pretended.webhook.settings.timeout)?;
    let follower = Follower::new(
        &client,
        // Which of them the webhook wants is decided here, as a deliverer does.
        Query::new("/events").with("operational", Some(true)),
        "events",
        |_| String::new(),
        arguments.since,
    )
    .await?;
    notice(&format!(
        "Forwarding events of {} to {}",
        client.origin(),
        local.url()
    ));
    if let Some(secret) = &pretended.made_up {
        notice(&format!("They are signed with {}", secret.expose()));
    }
    let mut forwarder = Forwarder {
        client,
        follower,
        pretended,
        local,
        event_types: arguments.event_types,
        style,
        away: Away::default(),
        forwarded: 0,
        succeeded: 0,
    };
    let ended = tokio::select! {
        ended = forwarder.run(arguments.interval) => ended,
        _ = tokio::signal::ctrl_c() => Ok(()),
    };
    let Forwarder {
        forwarded,
        succeeded,
        ..
    } = forwarder;
    notice(&format!("forwarded {forwarded}, succeeded {succeeded}"));
    ended
}

struct Forwarder {
    client: Client,
    follower: Follower,
    pretended: Pretended,
    local: Local,
    event_types: Vec<EventTypePattern>,
    style: Style,
    away: Away,
    forwarded: u64,
    succeeded: u64,
}

impl Forwarder {
    async fn run(&mut self, interval: Duration) -> Result<(), Failure> {
        loop {
            let news = self.follower.look(&self.client).await;
            for News { fields, .. } in self.away.bear(news)? {
                self.one(&fields.text("id")).await?;
            }
            tokio::time::sleep(interval).await;
        }
    }

    /// Forwards one event, if it is wanted.
    async fn one(&mut self, id: &str) -> Result<(), Failure> {
        let answer = self.client.get(format!("/events/{id}")).await;
        let Some(answer) = self.away.bear(answer.map(Some))? else {
            notice(&format!("event {id} was not forwarded"));
            return Ok(());
        };
        let event = answer.read::<Seen>()?.event();
        let wanted = self.event_types.is_empty()
            || self
                .event_types
                .iter()
                .any(|p| p.matches(&event.event_type));
        let webhook = &self.pretended.webhook;
        if !wanted
            || !webhook.settings.wants_type(&event.event_type)
            || !matches!(webhook.settings.filter_passes(&event, &mut None), Ok(true))
        {
            return Ok(());
        }
        self.forwarded += 1;
        let delivery = DeliveryId::derive(event.id, webhook.id);
        let outcome = match prepare(delivery, &event, webhook, SystemClock.now()) {
            Ok(prepared) => self.local.send(prepared).await,
            Err(failed) => Outcome::failed(failed.to_string()),
        };
        self.succeeded += u64::from(outcome.succeeded());
        if let Some(line) = outcome.shown(&event, self.style) {
            crate::show::result(&line)?;
        }
        Ok(())
    }
}
