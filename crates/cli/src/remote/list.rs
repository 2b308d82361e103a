//! Lists of the API, one page or all of them.

use clap::Args;
use serde_json::value::RawValue;

use super::{Client, Query};
use crate::{
    exit::{Exit, Failure},
    show::{Fields, Format, Table, columns::Column, notice},
};

/// Most items that one request brings.
pub(crate) const PAGE_MAX: u32 = 500;

/// How much of a list is wanted.
#[derive(Args, Debug)]
pub(crate) struct PageOptions {
    /// Most to list
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=500), conflicts_with = "all")]
    limit: u32,
    /// List everything, page by page
    #[arg(long)]
    all: bool,
}

/// A list of the API, and how it is shown.
pub(crate) struct List {
    /// Where it is, with its filters.
    pub(crate) query: Query,
    /// Which member of the answer holds the items.
    pub(crate) items: &'static str,
    pub(crate) columns: &'static [Column],
}

/// One page of a list.
pub(crate) struct ListPage {
    pub(crate) items: Vec<Box<RawValue>>,
    pub(crate) next: Option<Query>,
    total: Option<u64>,
}

impl List {
    /// Prints what is wanted of it.
    pub(crate) async fn print(
        self,
        client: &Client,
        options: &PageOptions,
        format: Format,
    ) -> Result<(), Failure> {
        let limit = if options.all { PAGE_MAX } else { options.limit };
        let mut table = Table::new(self.columns, format);
        let mut query = self.query.with("limit", Some(limit));
        loop {
            let page = fetch(client, query, self.items).await?;
            table.page(&page.items)?;
            match page.next {
                Some(next) if options.all => query = next,
                more => {
                    table.end()?;
                    if let (Some(_), Some(total), Format::Table) = (more, page.total, format) {
                        let shown = page.items.len();
                        notice(&format!("{shown} of {total}; --all lists all of them"));
                    }
                    return Ok(());
                }
            }
        }
    }
}

/// Fetches one page.
pub(crate) async fn fetch(
    client: &Client,
    query: Query,
    items: &'static str,
) -> Result<ListPage, Failure> {
    let answer = client.get(query.clone()).await?;
    let fields: Fields = answer.read()?;
    let not_a_list = || {
        let words = "the answer is not Posthorn's: is the API's URL right?";
        Failure::new(Exit::Unavailable, words)
    };
    let found = fields.get(items).ok_or_else(not_a_list)?;
    let found: Vec<Box<RawValue>> = serde_json::from_str(found.get()).map_err(|_| not_a_list())?;
    let number = |name| -> Option<u64> { serde_json::from_str(fields.get(name)?.get()).ok() };
    let total = number("total");
    let cursor: Option<String> = fields
        .get("next_cursor")
        .and_then(|cursor| serde_json::from_str(cursor.get()).ok())
        .flatten();
    let next = match (cursor, fields.get("has_more")) {
        (Some(cursor), _) => Some(query.with("cursor", Some(cursor))),
        (None, Some(_)) => None,
        // A list that is counted through.
        (None, None) => {
            let seen = query.offset() + found.len() as u64;
            let more = !found.is_empty() && total.is_some_and(|total| seen < total);
            more.then(|| query.with("offset", Some(seen)))
        }
    };
    Ok(ListPage {
        items: found,
        next,
        total,
    })
}
