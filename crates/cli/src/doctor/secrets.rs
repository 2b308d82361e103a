//! Secrets at rest: whether the master keys open what is there.

use posthorn_store::{SealedUnder, Store, StoreError};

use super::finding::Findings;

const PART: &str = "secrets";
/// Webhooks whose secrets are opened.
const OPENED_MAX: u32 = 100;

pub(super) async fn check(store: &Store, findings: &mut Findings) -> Result<(), StoreError> {
    let under = store.sealed_under().await?;
    let total: u64 = under.iter().map(|under| under.values).sum();
    if total == 0 {
        findings.ok(PART, "nothing is sealed yet");
        return Ok(());
    }
    let mut good = true;
    for SealedUnder {
        key,
        position,
        values,
    } in &under
    {
        match position {
            Some(1) => {}
            Some(_) => {
                good = false;
                findings.warning(
                    PART,
                    format!("{values} of {total} values are sealed under an older key, {key}"),
                    "once every service has the new key first: `posthorn admin reseal`",
                );
            }
            None => {
                good = false;
                findings.problem(
                    PART,
                    format!("{values} of {total} values are sealed under key {key}, which is not in POSTHORN_MASTER_KEY: their webhooks are not delivered to"),
                    "add that key to the end of the list again, on every service, then `posthorn admin reseal`",
                );
            }
        }
    }
    let (tried, unreadable) = store.open_some(OPENED_MAX).await?;
    if let Some(first) = unreadable.first().filter(|_| good) {
        good = false;
        findings.problem(
            PART,
            format!("{} of {tried} webhooks cannot be read, the first: {}", unreadable.len(), first.reason),
            "were rows copied from another database? Give these webhooks new secrets, or delete them",
        );
    }
    if good {
        findings.ok(
            PART,
            format!("all {total} values are under the first master key, and those of {tried} webhooks were opened"),
        );
    }
    Ok(())
}
