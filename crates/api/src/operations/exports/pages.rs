use anyhow::Context;
use axum::{
    body::Body,
    http::header::{CONTENT_DISPOSITION, CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use bytes::{Bytes, BytesMut};
use futures::stream;
use posthorn_domain::{DeliveryId, TenantId};
use posthorn_store::{Delivery, DeliveryFilter, StoreError};
use tracing::warn;

use super::encode::Format;
use crate::{
    access::{KeyHolder, May, Read},
    app::App,
    database::on_behalf_of,
    problem::{Code, Problem},
    shares::{Share, Spent},
};

/// Deliveries that are in memory at a time.
const PAGE_ROWS: u32 = 1_000;

/// Where an export stands.
struct Export {
    app: App,
    tenant: TenantId,
    filter: DeliveryFilter,
    format: Format,
    /// The last delivery that was read; `None` when there is nothing more to read.
    after: Option<DeliveryId>,
    /// What goes back when the client has taken everything, or has gone.
    _share: Share<KeyHolder>,
}

impl Export {
    async fn page(&self) -> Result<Vec<Delivery>, StoreError> {
        // Most pages are read when the request has been answered as far as the edge can see.
        let page = self
            .app
            .database
            .call(|store| store.next_deliveries(&self.tenant, &self.filter, self.after, PAGE_ROWS));
        on_behalf_of(Some(self.tenant.clone()), page).await
    }

    /// Writes a page, and remembers where the next one begins.
    fn encode(&mut self, page: Vec<Delivery>) -> anyhow::Result<Bytes> {
        let full = u32::try_from(page.len()).is_ok_and(|len| len >= PAGE_ROWS);
        self.after = page.last().map(|last| last.id).filter(|_| full);
        self.format.rows(page)
    }

    async fn next(mut self) -> anyhow::Result<Option<(Bytes, Self)>> {
        if self.after.is_none() {
            return Ok(None);
        }
        let page = self.page().await.context("the database")?;
        let bytes = self.encode(page)?;
        Ok(Some((bytes, self)))
    }
}

/// After how many seconds a client may try again for whom there was no share.
const RETRY_AFTER_SECONDS: u64 = 5;

/// A share of the exports that are under way. How long one takes is the client's choice, so nobody waits for it.
fn share(app: &App, holder: KeyHolder) -> Result<Share<KeyHolder>, Problem> {
    app.exports.take(holder, 1).map_err(|spent| {
        let words = match spent {
            Spent::Part => "exports with this key are under way",
            Spent::All => "exports are under way",
        };
        Problem::new(
            Code::RateLimited,
            format!("too many {words}: try again when one has ended"),
        )
        .retry_after(RETRY_AFTER_SECONDS)
    })
}

/// Answers with all deliveries of the tenant that pass the filter. The first page is read before the answer
/// begins, so a database that is away is a problem like any other.
pub(super) async fn export(
    app: App,
    caller: May<Read>,
    filter: DeliveryFilter,
    format: Format,
) -> Result<Response, Problem> {
    let share = share(&app, caller.holder.id)?;
    let mut export = Export {
        app,
        tenant: caller.tenant,
        filter,
        format,
        after: None,
        _share: share,
    };
    let page = export
        .page()
        .await
        .map_err(|error| Problem::of_store(error, Code::DeliveryNotFound))?;
    let mut first = BytesMut::from(format.head().map_err(Problem::internal)?);
    first.extend_from_slice(&export.encode(page).map_err(Problem::internal)?);

    let rest = stream::try_unfold(export, async |export| {
        let next = export.next().await;
        if let Err(error) = &next {
            warn!("Cut an export short: {error:#}");
        }
        next
    });
    let body = stream::StreamExt::chain(stream::iter([Ok(first.freeze())]), rest);
    let headers = [
        (CONTENT_TYPE, format.content_type().to_owned()),
        (
            CONTENT_DISPOSITION,
            format!("attachment; filename=\"{}\"", format.file_name()),
        ),
    ];
    Ok((headers, Body::from_stream(body)).into_response())
}
