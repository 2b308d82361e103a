use std::{borrow::Cow, marker::PhantomData, sync::Arc};

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, Uri, request::Parts},
};
use posthorn_domain::TenantId;
use posthorn_store::Role;
use url::form_urlencoded;

use super::holder::{Holder, Identity, Nobody};
use crate::problem::{Code, Problem};

/// Names the tenant that an admin means.
const TENANT_HEADER: &str = "posthorn-tenant";

/// What an operation asks of its caller.
pub(crate) trait Needs: Send + Sync + 'static {
    fn allows(role: Role) -> bool;
}

/// Having a key, whatever it is good for.
pub(crate) enum Enter {}
/// Reading what the tenant has.
pub(crate) enum Read {}
/// Changing what the tenant has, and reading its secrets.
pub(crate) enum Manage {}
/// Publishing events of the tenant.
pub(crate) enum Publish {}
/// Changing who may do what.
pub(crate) enum Administer {}

impl Needs for Enter {
    fn allows(_: Role) -> bool {
        true
    }
}
impl Needs for Read {
    fn allows(role: Role) -> bool {
        matches!(role, Role::Admin | Role::Manager | Role::Viewer)
    }
}
impl Needs for Manage {
    fn allows(role: Role) -> bool {
        matches!(role, Role::Admin | Role::Manager)
    }
}
impl Needs for Publish {
    fn allows(role: Role) -> bool {
        matches!(role, Role::Admin | Role::Manager | Role::Publisher)
    }
}
impl Needs for Administer {
    fn allows(role: Role) -> bool {
        matches!(role, Role::Admin)
    }
}

/// A caller who may do what `N` names, and the tenant for which.
pub(crate) struct May<N> {
    /// Who has the key.
    pub(crate) holder: Arc<Holder>,
    /// Who, for the audit log.
    pub(crate) actor: Arc<str>,
    /// For which tenant.
    pub(crate) tenant: TenantId,
    /// The same, unless the caller may act for every tenant and has named none.
    pub(crate) only_tenant: Option<TenantId>,
    needs: PhantomData<N>,
}

impl<N: Needs, S: Sync> FromRequestParts<S> for May<N> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let holder = match parts.extensions.get::<Identity>() {
            Some(Identity::Holder(holder)) => holder,
            Some(Identity::Nobody(Nobody::Undecided)) => {
                return Err(Problem::database_unavailable(
                    "an API key cannot be checked",
                ));
            }
            Some(Identity::Nobody(Nobody::NotAsked)) => {
                return Err(Problem::database_unavailable(
                    "many keys that are not known here are being looked up",
                ));
            }
            Some(Identity::Nobody(Nobody::UnknownKey)) => {
                return Err(Problem::unknown_key());
            }
            Some(Identity::Nobody(Nobody::NoKey)) | None => {
                return Err(Problem::new(
                    Code::Unauthorized,
                    "send an API key: `Authorization: Bearer <key>`",
                ));
            }
        };
        if !N::allows(holder.role) {
            return Err(Problem::new(
                Code::Forbidden,
                format!(
                    "a key with the role {} may not do this",
                    holder.role.as_str()
                ),
            ));
        }
        let only_tenant = tenant(parts, holder)?;
        Ok(Self {
            holder: holder.clone(),
            actor: holder.actor.clone(),
            tenant: only_tenant.clone().unwrap_or_else(TenantId::default_tenant),
            only_tenant,
            needs: PhantomData,
        })
    }
}

/// The tenant that a request is about; `None` where an admin names none, or nothing that can be a tenant. Whether its
/// sender may is [`May`]'s business.
pub(crate) fn tenant_of(holder: &Holder, uri: &Uri, headers: &HeaderMap) -> Option<TenantId> {
    let own = holder.tenant.clone();
    own.or_else(|| named_tenant(uri, headers).ok().flatten())
}

impl Holder {
    /// Whether the holder may change what the tenant has.
    pub(crate) fn may_manage(&self) -> bool {
        Manage::allows(self.role)
    }
}

fn tenant(parts: &Parts, holder: &Holder) -> Result<Option<TenantId>, Problem> {
    let named = named_tenant(&parts.uri, &parts.headers)?;
    match (&holder.tenant, named) {
        (None, named) => Ok(named),
        (Some(own), Some(named)) if named != *own => Err(Problem::new(
            Code::Forbidden,
            format!("this key belongs to the tenant {own}"),
        )),
        (Some(own), _) => Ok(Some(own.clone())),
    }
}

/// The tenant in the query or in the header; both must agree.
fn named_tenant(uri: &Uri, headers: &HeaderMap) -> Result<Option<TenantId>, Problem> {
    let read = |text: &str| {
        text.parse::<TenantId>()
            .map_err(|error| Problem::field("tenant", error.to_string()))
    };
    let in_query = uri.query().and_then(tenant_parameter);
    let in_query = in_query.as_deref().map(read).transpose()?;
    let in_header = headers.get(TENANT_HEADER);
    let in_header = in_header
        .map(|value| read(value.to_str().unwrap_or_default()))
        .transpose()?;
    match (in_query, in_header) {
        (Some(query), Some(header)) if query != header => Err(Problem::field(
            "tenant",
            "differs from the one in the Posthorn-Tenant header",
        )),
        (query, header) => Ok(query.or(header)),
    }
}

fn tenant_parameter(query: &str) -> Option<Cow<'_, str>> {
    // Nearly no query names a tenant: do not take it apart for nothing.
    if !query.contains("tenant") {
        return None;
    }
    form_urlencoded::parse(query.as_bytes())
        .find_map(|(name, value)| (name == "tenant").then_some(value))
}
