//! `posthorn bench drill`: a load that does not let go while somebody breaks the cluster, and the accounts in the end.
//!
//! Who takes part: the [`publisher`] sends events at a steady rate over HTTP, each until it is accepted. The bench's
//! receiver keeps a journal of what it accepted, webhook by webhook. The [`conductor`] is whoever starts this: it says
//! on standard input which phase begins, and when to finish; every second it is told how things stand. The
//! [`accounts`] put what was accepted beside what arrived and what Posthorn says it gave up.
//!
//! What it does not do: break anything. `make drill` does that, from outside.

mod accounts;
mod conductor;
mod letters;
mod phases;
mod publisher;
mod subscribers;

use std::{
    net::SocketAddr,
    num::NonZeroU32,
    sync::{Arc, Mutex},
    time::Duration,
};

use clap::Args;
use posthorn_domain::{Clock, SystemClock};
use secrecy::SecretString;
use tokio::{
    signal::unix::{SignalKind, signal},
    time::Instant,
};
use url::Url;

use self::{
    accounts::Accounts, conductor::Word, phases::Phases, publisher::Publisher,
    subscribers::Subscriber,
};
use super::{api::Api, is_private, local_url, receiver::Receiver};
use crate::{
    duration,
    exit::{Exit, Failure},
    show,
};

/// How often it is told how things stand, and looked for what is missing in the end.
const TELL_EVERY: Duration = Duration::from_secs(1);
const LOOK_EVERY: Duration = Duration::from_secs(3);

/// Keep a load on a cluster while it is broken, and account for every event
///
/// Reads `phase NAME` and `finish` from standard input, a line each; tells how things stand every second and the
/// accounts in the end, in lines of JSON.
#[derive(Args)]
pub(super) struct Arguments {
    /// Where the apis are; each event goes to another one when it is refused
    #[arg(long, value_name = "URL", value_delimiter = ',', required = true)]
    api_url: Vec<Url>,
    /// The api that webhooks are made with [default: the first]
    #[arg(long, value_name = "URL")]
    management_url: Option<Url>,
    /// A key with the role admin or manager (better in the environment)
    #[arg(long, value_name = "KEY", env = "POSTHORN_KEY", hide_env_values = true)]
    api_key: SecretString,
    /// Where the receiver listens
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0")]
    receiver_listen: SocketAddr,
    /// How the deliverers reach the receiver [default: where it listens]
    #[arg(long, value_name = "URL")]
    receiver_url: Option<Url>,
    /// Events a second
    #[arg(long, value_name = "N", default_value = "1000")]
    rate: NonZeroU32,
    /// In the end, without anything new for so long, what is missing is taken for lost
    #[arg(long, value_name = "TIME", default_value = "2m", value_parser = duration::parse)]
    patience: Duration,
}

pub(super) async fn run(arguments: Arguments) -> Result<(), Failure> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        ended = drill(arguments) => ended,
        _ = interrupt.recv() => Err(super::interrupted()),
        _ = terminate.recv() => Err(super::interrupted()),
    }
}

async fn drill(arguments: Arguments) -> Result<(), Failure> {
    let first = arguments.api_url.first();
    let management = arguments.management_url.as_ref().or(first);
    let management =
        management.ok_or_else(|| Failure::new(Exit::Usage, "no --api-url is given"))?;
    let api = Api::new(management, arguments.api_key.clone(), None)?;
    let receiver = Receiver::start(arguments.receiver_listen, std::num::NonZeroUsize::MIN)?;
    let url = match arguments.receiver_url {
        Some(url) => url,
        None => local_url(receiver.address())?,
    };
    if !is_private(&url) || !arguments.api_url.iter().all(is_private) {
        return Err(Failure::new(
            Exit::Usage,
            "a drill is for loopback and private addresses only",
        ));
    }
    let run = format!("d{}", SystemClock.now().timestamp_millis());
    let subscribers = subscribers::subscribe(&api, &receiver, &url, &run).await?;
    let phases = Arc::new(Mutex::new(Phases::begin(receiver.now_us())));
    let publisher = Publisher::start(
        &arguments.api_url,
        arguments.api_key,
        &run,
        arguments.rate,
        receiver.clock(),
    )?;
    let mut words = conductor::words();
    let mut tell = tokio::time::interval(TELL_EVERY);
    loop {
        tokio::select! {
            word = words.recv() => match word {
                Some(Word::Phase(name)) => phases::lock(&phases).next(name, receiver.now_us()),
                Some(Word::Finish) | None => break,
            },
            _ = tell.tick() => {
                let standing = conductor::standing(&publisher, &subscribers);
                show::result(&standing.to_string())?;
            }
        }
    }
    let published = publisher.finish().await;
    phases::lock(&phases).next("end".to_owned(), receiver.now_us());
    let mut accounts = Accounts::new(&published);
    settle(&mut accounts, &subscribers, &api, arguments.patience).await?;
    let phases = phases::lock(&phases);
    show::result(
        &accounts
            .report(&published, &subscribers, &phases)
            .to_string(),
    )?;
    Ok(())
}

/// Waits until everything is accounted for, or until nothing comes any more.
async fn settle(
    accounts: &mut Accounts,
    subscribers: &[Subscriber],
    api: &Api,
    patience: Duration,
) -> Result<(), Failure> {
    let (mut before, mut progress_at) = (u64::MAX, Instant::now());
    loop {
        let missing = accounts.look(subscribers, api).await;
        if missing == 0 || progress_at.elapsed() > patience {
            return Ok(());
        }
        if missing < before {
            (before, progress_at) = (missing, Instant::now());
        }
        show::result(&serde_json::json!({"missing": missing}).to_string())?;
        tokio::time::sleep(LOOK_EVERY).await;
    }
}
