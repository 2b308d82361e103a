use posthorn_domain::{FieldError, TenantId};

use super::draft::Draft;
use crate::{
    catalogue::{Catalogue, Knowledge},
    problem::Problem,
};

/// Mistakes reported for one request; further ones add nothing but length.
const MISTAKES_MAX: usize = 100;

/// Refuses events that are not what the tenant's catalogue says: nothing of a request is accepted then.
pub(super) async fn refuse_misfits(
    catalogue: &Catalogue,
    tenant: &TenantId,
    drafts: &[Draft],
    is_array: bool,
) -> Result<(), Problem> {
    let mut errors = Vec::new();
    for (index, draft) in drafts.iter().enumerate() {
        let place = if is_array {
            format!("[{index}].")
        } else {
            String::new()
        };
        match catalogue.look_up(tenant, &draft.event_type) {
            Knowledge::Free => {}
            Knowledge::Refused => errors.push(FieldError::new(
                format!("{place}type"),
                format!(
                    "{} is not in the catalogue of event types",
                    draft.event_type
                ),
            )),
            Knowledge::Undecided => {
                return Err(Problem::database_unavailable(
                    "the catalogue of event types was not read yet",
                ));
            }
            Knowledge::Schema(_) if draft.data_is_bytes() => errors.push(FieldError::new(
                format!("{place}data"),
                "is not JSON, and the event type has a JSON Schema that it must satisfy",
            )),
            Knowledge::Schema(schema) => {
                let checked = catalogue.check(tenant, &draft.event_type, &schema, &draft.data);
                let misfits = checked.await?.err().unwrap_or_default();
                errors.extend(misfits.into_iter().map(|misfit| {
                    FieldError::new(format!("{place}data{}", misfit.pointer), misfit.detail)
                }));
                // A thousand large events are long work: others may have their turn in between.
                tokio::task::yield_now().await;
            }
        }
        if errors.len() >= MISTAKES_MAX {
            break;
        }
    }
    errors.truncate(MISTAKES_MAX);
    if errors.is_empty() {
        Ok(())
    } else {
        Err(Problem::validation(errors))
    }
}
