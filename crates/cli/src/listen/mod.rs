//! `posthorn listen`: a receiver to look at.
//!
//! Each request is counted for its delivery, verified, printed and answered. What it is answered is decided by
//! [`answer::Plan`], what is printed by [`mod@print`], what is remembered by [`tally::Tally`]. With `--forward-to` it
//! waits for no requests and makes them itself: [`forward`].

mod answer;
mod forward;
mod print;
mod server;
mod tally;
mod verify;

use std::{net::IpAddr, sync::Arc, time::Duration};

use clap::Args;
use http::{HeaderName, StatusCode};
use posthorn_domain::SystemClock;
use secrecy::SecretString;
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};

use self::{
    answer::Plan,
    print::Style,
    server::{Desk, serve},
    verify::Verifier,
};
use crate::{
    duration,
    exit::{Exit, Failure},
    show,
};

const EXAMPLES: &str = "\
Examples:
  posthorn listen --secret whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw
  posthorn listen --fail 2                  # the first two attempts of each delivery fail
  posthorn listen --status 410              # a receiver that is gone
  posthorn listen --delay 40s               # one that hangs until the webhook's timeout
  posthorn listen --json | jq .event_type
  posthorn listen --profile staging --forward-to http://localhost:3000/hooks --webhook 0193…

With --forward-to it reads the events of a Posthorn elsewhere and makes the requests itself, a second or two late:
rendered and signed as the webhook's, each once, without retries; nothing is recorded or changed there.

Otherwise create the webhook with the URL that is printed at the start. Plain http and loopback addresses must be
allowed in Posthorn's settings: POSTHORN_ALLOW_HTTP=true and POSTHORN_EGRESS_ALLOW=127.0.0.0/8.";

/// Receive deliveries, verify their signatures, print them, and answer as told; or forward events from elsewhere
///
/// A request whose signature does not verify is answered with 401, as a receiver should. Ends on Ctrl-C with a
/// summary.
#[derive(Args)]
#[command(after_help = EXAMPLES, after_long_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The port to listen on; 0 takes a free one
    #[arg(long, short, default_value_t = 9000)]
    port: u16,
    /// The address to listen on
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    host: IpAddr,
    /// The webhook's signing secret (better in the environment); repeat it for several webhooks or a rotation
    #[arg(
        long = "secret",
        value_name = "WHSEC",
        env = "POSTHORN_SIGNING_SECRET",
        hide_env_values = true,
        value_delimiter = ','
    )]
    secrets: Vec<SecretString>,
    /// The header with the signature of the body alone
    #[arg(long, value_name = "NAME", default_value = "x-webhook-signature")]
    signature_header: HeaderName,
    /// Answer the first N requests of each delivery with 503
    #[arg(long, value_name = "N", default_value_t = 0)]
    fail: u64,
    /// Answer with this status
    #[arg(long, value_name = "CODE", default_value = "200", value_parser = parse_status)]
    status: StatusCode,
    /// Wait before each answer, such as 5s or 250ms
    #[arg(long, value_name = "TIME", default_value = "0s", value_parser = duration::parse)]
    delay: Duration,
    /// Print nothing but the summary
    #[arg(long, short, conflicts_with = "json")]
    quiet: bool,
    /// Print one JSON object for each request
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    forward: forward::Arguments,
}

fn parse_status(text: &str) -> Result<StatusCode, String> {
    text.parse()
        .ok()
        .filter(|status: &StatusCode| (200..=599).contains(&status.as_u16()))
        .ok_or_else(|| "a status is a number from 200 to 599".to_owned())
}

pub(crate) async fn run(mut arguments: Arguments) -> Result<(), Failure> {
    let style = match (arguments.quiet, arguments.json) {
        (true, _) => Style::Quiet,
        (_, true) => Style::Json,
        _ => Style::Text,
    };
    if let Some(to) = arguments.forward.forward_to.take() {
        return forward::run(arguments.forward, to, &arguments.secrets, style).await;
    }
    let verifier = Verifier::new(&arguments.secrets, arguments.signature_header)?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let listener = TcpListener::bind((arguments.host, arguments.port))
        .await
        .map_err(|error| {
            let (host, port) = (arguments.host, arguments.port);
            Failure::new(
                Exit::Unavailable,
                format!("cannot listen on {host} port {port}: {error}"),
            )
        })?;
    let address = listener.local_addr()?;
    show::notice(&format!("Listening on http://{address}"));
    if !verifier.has_secrets() {
        show::notice("Signatures are not verified: no --secret and no POSTHORN_SIGNING_SECRET");
    }
    let plan = Plan {
        fail: arguments.fail,
        status: arguments.status,
        delay: arguments.delay,
    };
    let desk = Arc::new(Desk::new(verifier, plan, style, Arc::new(SystemClock)));
    let ended = tokio::select! {
        ended = serve(listener, Arc::clone(&desk)) => ended,
        _ = interrupt.recv() => Ok(()),
        _ = terminate.recv() => Ok(()),
    };
    show::notice(&desk.summary());
    ended
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_is_one_that_a_receiver_can_answer() {
        assert_eq!(parse_status("410"), Ok(StatusCode::GONE));
        for text in ["100", "199", "600", "ok", "-1", ""] {
            assert!(parse_status(text).is_err(), "{text}");
        }
    }
}
