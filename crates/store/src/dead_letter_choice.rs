//! Choosing dead letters by filter: to throw them away, or to bring them on their way again.

use posthorn_domain::{ReplayId, TenantId, limits::DEAD_LETTERS_PER_REQUEST_MAX};
use serde_json::json;
use sqlx::{PgConnection, Postgres, QueryBuilder};

use crate::{
    audit::{NewAuditEntry, write_audit},
    dead_letters::DeadLetterFilter,
    error::StoreError,
    replay_scope::ReplayScope,
    replays::{NewReplay, insert_replay},
    session::bounded,
    store::Store,
};

impl Store {
    /// Settles the letters that pass, the oldest first and at most [`DEAD_LETTERS_PER_REQUEST_MAX`]; how many.
    pub async fn discard_dead_letters(
        &self,
        tenant: &TenantId,
        filter: &DeadLetterFilter,
        actor: &str,
    ) -> Result<u64, StoreError> {
        bounded(async {
            let mut session = self.session().await?;
            let mut tx = session.transaction().await?;
            let discarded = self.settle(&mut tx, tenant, filter, None).await?;
            let entry = entry(actor, tenant, "dead_letters.discarded", discarded);
            write_audit(&mut tx, self.shared.clock.now(), entry).await?;
            tx.commit().await?;
            session.finish();
            Ok(discarded)
        })
        .await
    }

    /// Makes a replay of the letters that pass, the oldest first and at most [`DEAD_LETTERS_PER_REQUEST_MAX`]; how
    /// many. Letters for a disabled webhook stay where they are.
    pub async fn retry_dead_letters(
        &self,
        tenant: &TenantId,
        filter: &DeadLetterFilter,
        id: ReplayId,
        actor: &str,
    ) -> Result<u64, StoreError> {
        bounded(async {
            let mut session = self.session().await?;
            let mut tx = session.transaction().await?;
            let now = self.shared.clock.now();
            let selected = self.settle(&mut tx, tenant, filter, Some(id)).await?;
            let replay = NewReplay {
                id,
                tenant: tenant.clone(),
                scope: ReplayScope::DeadLetters,
                actor: actor.to_owned(),
            };
            insert_replay(&mut tx, &replay, Some(selected), now).await?;
            let entry = entry(actor, tenant, "dead_letters.retried", selected);
            write_audit(&mut tx, now, entry).await?;
            tx.commit().await?;
            session.finish();
            Ok(selected)
        })
        .await
    }

    async fn settle(
        &self,
        connection: &mut PgConnection,
        tenant: &TenantId,
        filter: &DeadLetterFilter,
        replay: Option<ReplayId>,
    ) -> Result<u64, StoreError> {
        let mut query = QueryBuilder::<Postgres>::new("UPDATE dead_letters SET settled_at = ");
        query
            .push_bind(self.shared.clock.now())
            .push(", replay_id = ")
            .push_bind(replay.map(ReplayId::as_uuid))
            .push(" WHERE id = ANY (ARRAY(SELECT id FROM dead_letters WHERE");
        filter.push(&mut query, tenant);
        if replay.is_some() {
            query.push(
                " AND (webhook_id IS NULL OR EXISTS (SELECT FROM webhooks w WHERE w.id = webhook_id AND w.enabled))",
            );
        }
        query
            .push(" ORDER BY position LIMIT ")
            .push_bind(i64::try_from(DEAD_LETTERS_PER_REQUEST_MAX).unwrap_or(i64::MAX))
            .push(" FOR UPDATE SKIP LOCKED)) AND settled_at IS NULL");
        let done = query.build().persistent(false).execute(connection).await?;
        Ok(done.rows_affected())
    }
}

fn entry<'a>(
    actor: &'a str,
    tenant: &'a TenantId,
    action: &'a str,
    count: u64,
) -> NewAuditEntry<'a> {
    NewAuditEntry {
        actor,
        tenant: Some(tenant),
        action,
        target_kind: "dead_letters",
        target_id: "",
        details: json!({ "count": count }),
    }
}
