use std::{net::SocketAddr, num::NonZeroU32, ops::RangeInclusive, time::Duration};

use axum::http::HeaderValue;
use posthorn_domain::UrlPolicy;
use posthorn_egress::{EgressProxy, IpNet};
use posthorn_service::settings::{
    Common, Reader, duration_seconds, list, socket_address, table, whole_number,
};
use posthorn_store::MasterKeys;
use secrecy::SecretString;

/// Shortest bootstrap key, in characters.
const ADMIN_KEY_CHARS_MIN: usize = 32;
/// For how long keys may be believed, in seconds: longer than the pauses between two loads of them, up to 30 days.
const API_KEYS_BELIEVED_SECONDS: RangeInclusive<u64> = 5..=30 * 86_400;

/// What the api is configured with.
#[derive(Debug)]
pub struct Config {
    /// What both services have.
    pub common: Common,
    /// What seals secrets at rest.
    pub master_keys: MasterKeys,
    /// Which URLs webhooks may be given.
    pub url_policy: UrlPolicy,
    /// Private networks that webhooks may reach.
    pub egress_allow: Vec<IpNet>,
    /// The proxy that requests to receivers go through.
    pub egress_proxy: Option<EgressProxy>,
    /// Where the REST API is served.
    pub listen: SocketAddr,
    /// A key with the role admin that needs no database.
    pub admin_key: Option<SecretString>,
    /// Most requests a second with one key.
    pub rate_limit_per_second: NonZeroU32,
    /// How long keys are accepted while the database cannot be asked whether they still hold.
    pub api_keys_believed_for: Duration,
    /// How much memory the bodies of requests may take.
    pub bodies: BodyLimits,
    /// Most webhooks of one tenant.
    pub webhooks_per_tenant_max: u32,
    /// Whether an event whose type is not in the catalogue is refused.
    pub strict_event_types: bool,
    /// Whether the process only brings the schema up to date.
    pub migrate_only: bool,
    /// Who may call from a browser.
    pub cors: CorsOrigins,
    /// Who is told that it may send CloudEvents, if anybody is.
    pub event_origins: Option<EventOrigins>,
}

/// How much memory the bodies of requests may take.
#[derive(Debug, Clone, Copy)]
pub struct BodyLimits {
    /// Largest body of a request, in bytes.
    pub request_bytes_max: usize,
    /// Most that is held of all bodies at the same time, in bytes; no less than the largest one.
    pub all_bytes_max: usize,
}

impl BodyLimits {
    /// Most that is held at the same time of the bodies that come with one key, in bytes: half of all, and the largest
    /// one in any case.
    pub fn key_bytes_max(&self) -> usize {
        self.request_bytes_max.max(self.all_bytes_max / 2)
    }
}

/// Origins that browsers may call the API from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CorsOrigins {
    /// No other than the API's own.
    None,
    /// Every origin.
    Any,
    /// These.
    Some(Vec<HeaderValue>),
}

/// Who may send CloudEvents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EventOrigins {
    /// Whoever asks.
    Any,
    /// These, by the names that they give themselves.
    Some(Vec<String>),
}

impl Config {
    /// Takes it out of the reader, or `None` after it has noted every mistake.
    pub fn read(reader: &mut Reader) -> Option<Self> {
        let common = Common::read(reader);
        let master_keys = reader.required(&table::MASTER_KEY, str::parse);
        let allow_http = reader.switch(&table::ALLOW_HTTP);
        let egress_allow = reader.optional(&table::EGRESS_ALLOW, list);
        let egress_proxy = reader.optional(&table::EGRESS_PROXY, str::parse);
        let listen = reader.required(&table::LISTEN, socket_address);
        let admin_key = reader.optional(&table::ADMIN_KEY, admin_key);
        let rate_limit_per_second = reader.required(
            &table::API_RATE_LIMIT_PER_SECOND,
            whole_number::<u32>(1..=1_000_000),
        );
        let api_keys_believed_for = reader.required(
            &table::API_KEYS_BELIEVED_SECONDS,
            duration_seconds(API_KEYS_BELIEVED_SECONDS),
        );
        let bodies = body_limits(reader);
        let webhooks_per_tenant_max = reader.required(
            &table::WEBHOOKS_PER_TENANT,
            whole_number::<u32>(1..=1_000_000),
        );
        let strict_event_types = reader.switch(&table::STRICT_EVENT_TYPES);
        let migrate_only = reader.switch(&table::MIGRATE_ONLY);
        let cors = reader.optional(&table::CORS_ORIGINS, cors_origins);
        let event_origins = reader.optional(&table::CLOUDEVENTS_ORIGINS, |text| {
            EventOrigins::of(list(text)?)
        });
        Some(Self {
            common: common?,
            master_keys: master_keys?,
            url_policy: if allow_http? {
                UrlPolicy::HttpAllowed
            } else {
                UrlPolicy::HttpsOnly
            },
            egress_allow: egress_allow?.unwrap_or_default(),
            egress_proxy: egress_proxy?,
            listen: listen?,
            admin_key: admin_key?,
            rate_limit_per_second: NonZeroU32::new(rate_limit_per_second?)?,
            api_keys_believed_for: api_keys_believed_for?,
            bodies: bodies?,
            webhooks_per_tenant_max: webhooks_per_tenant_max?,
            strict_event_types: strict_event_types?,
            migrate_only: migrate_only?,
            cors: cors?.unwrap_or(CorsOrigins::None),
            event_origins: event_origins?,
        })
    }
}

fn body_limits(reader: &mut Reader) -> Option<BodyLimits> {
    let request_bytes_max = reader.required(
        &table::REQUEST_BYTES_MAX,
        whole_number(1_024..=1024 * 1024 * 1024),
    );
    let all_bytes_max = reader.required(
        &table::REQUEST_BODIES_BYTES_MAX,
        whole_number::<usize>(1_024..=64 * 1024 * 1024 * 1024),
    );
    let request_bytes_max = request_bytes_max?;
    Some(BodyLimits {
        request_bytes_max,
        // Whoever allows larger requests means that they be read.
        all_bytes_max: all_bytes_max?.max(request_bytes_max),
    })
}

fn admin_key(text: &str) -> Result<SecretString, String> {
    if text.chars().count() < ADMIN_KEY_CHARS_MIN || !text.bytes().all(|b| b.is_ascii_graphic()) {
        return Err(format!(
            "must be at least {ADMIN_KEY_CHARS_MIN} visible ASCII characters, such as `openssl rand -hex 32` prints"
        ));
    }
    Ok(text.to_owned().into())
}

fn cors_origins(text: &str) -> Result<CorsOrigins, String> {
    let origins: Vec<String> = list(text)?;
    if origins.iter().any(|origin| origin == "*") {
        return Ok(CorsOrigins::Any);
    }
    let values = origins.iter().map(|origin| {
        let authority = origin
            .strip_prefix("https://")
            .or_else(|| origin.strip_prefix("http://"))
            .filter(|authority| !authority.is_empty() && !authority.contains('/'));
        authority
            .and_then(|_| HeaderValue::from_str(origin).ok())
            .ok_or_else(|| {
                format!("`{origin}` is not an origin such as https://console.example.com")
            })
    });
    values.collect::<Result<_, _>>().map(CorsOrigins::Some)
}

impl EventOrigins {
    /// Names separated by commas, or `*`.
    fn of(names: Vec<String>) -> Result<Self, String> {
        if names.iter().any(|name| name == "*") {
            return Ok(Self::Any);
        }
        let is_name = |name: &str| {
            let fits = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b':');
            !name.is_empty() && name.bytes().all(fits)
        };
        match names.iter().find(|name| !is_name(name)) {
            Some(name) => Err(format!(
                "`{name}` is not the name of a sender such as eventgrid.azure.net"
            )),
            None => Ok(Self::Some(names)),
        }
    }

    pub(crate) fn consents_to(&self, origin: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Some(names) => names.iter().any(|name| name.eq_ignore_ascii_case(origin)),
        }
    }
}
