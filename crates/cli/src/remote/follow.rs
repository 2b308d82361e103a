//! Following a list of the API: what is new in it, and what has changed.
//!
//! The lists come newest first, but their items do not appear in that order: a delivery is written down when its
//! attempt has ended, an event when a deliverer has taken it, and both are filed under the moment of their acceptance.
//! So a look goes back over the last minute, and now and then over everything since the start; what was seen before is
//! told by its id and its fingerprint.
//!
//! Not guaranteed: between two looks several changes of one item count as one, and of more than
//! [`PAGES_MAX`] pages since the start the oldest are not looked at.

use std::{collections::HashMap, time::Duration};

use chrono::TimeDelta;
use posthorn_domain::{Clock, SystemClock, Timestamp};
use serde_json::value::RawValue;
use tokio::time::Instant;

use super::{
    Client, Query,
    list::{PAGE_MAX, fetch},
};
use crate::{exit::Failure, moment::rfc3339, show::Fields};

/// Pages of one look.
const PAGES_MAX: usize = 10;
/// How far an ordinary look goes back.
const LATE: Duration = Duration::from_secs(60);
/// Every so many looks one goes back to the start.
const DEEP_EVERY: u64 = 10;

pub(crate) struct Follower {
    query: Query,
    items: &'static str,
    fingerprint: fn(&Fields) -> String,
    start: Timestamp,
    /// The server's time when this began, and ours.
    began: (Timestamp, Instant),
    seen: HashMap<String, String>,
    looks: u64,
}

/// Something new.
pub(crate) struct News {
    pub(crate) raw: Box<RawValue>,
    pub(crate) fields: Fields,
}

impl Follower {
    /// From this moment on; `None` is now, by the server's clock.
    pub(crate) async fn new(
        client: &Client,
        query: Query,
        items: &'static str,
        fingerprint: fn(&Fields) -> String,
        since: Option<Timestamp>,
    ) -> Result<Self, Failure> {
        let now = server_now(client).await?;
        Ok(Self {
            query,
            items,
            fingerprint,
            start: since.unwrap_or(now),
            began: (now, Instant::now()),
            seen: HashMap::new(),
            looks: 0,
        })
    }

    /// What is new since the last look, the oldest first.
    pub(crate) async fn look(&mut self, client: &Client) -> Result<Vec<News>, Failure> {
        let deep = self.looks.is_multiple_of(DEEP_EVERY);
        let mut query = self
            .query
            .clone()
            .with("since", Some(rfc3339(&self.since(deep))))
            .with("limit", Some(PAGE_MAX));
        let (mut news, mut met, mut whole) = (Vec::new(), HashMap::new(), false);
        for _ in 0..PAGES_MAX {
            let page = fetch(client, query, self.items).await?;
            for raw in page.items {
                let fields: Fields = serde_json::from_str(raw.get()).unwrap_or_default();
                let (id, fingerprint) = (fields.text("id"), (self.fingerprint)(&fields));
                let known = self.seen.get(&id) == Some(&fingerprint);
                let twice = met.insert(id, fingerprint).is_some();
                if !known && !twice {
                    news.push(News { raw, fields });
                }
            }
            match page.next {
                Some(next) => query = next,
                None => {
                    whole = true;
                    break;
                }
            }
        }
        // What a look to the start did not meet will not be met again.
        if deep && whole {
            self.seen = met;
        } else {
            self.seen.extend(met);
        }
        self.looks += 1;
        news.reverse();
        Ok(news)
    }

    /// Where a look begins.
    fn since(&self, deep: bool) -> Timestamp {
        let (began, instant) = self.began;
        let elapsed = TimeDelta::from_std(instant.elapsed()).unwrap_or_default();
        let late = TimeDelta::from_std(LATE).unwrap_or_default();
        if deep {
            self.start
        } else {
            self.start.max(began + elapsed - late)
        }
    }
}

/// The server's time, to the second.
async fn server_now(client: &Client) -> Result<Timestamp, Failure> {
    let answer = client.get("/session").await?;
    let date = answer
        .headers
        .get("date")
        .and_then(|date| chrono::DateTime::parse_from_rfc2822(date.to_str().ok()?).ok());
    Ok(date.map_or_else(|| SystemClock.now(), |date| date.to_utc()))
}
