//! The services' settings: whether they can be read, and what the other checks need of them.

use std::{path::PathBuf, time::Duration};

use posthorn_domain::UrlPolicy;
use posthorn_egress::{EgressProxy, IpNet};
use posthorn_service::settings::{Common, list, table};
use posthorn_store::MasterKeys;
use secrecy::{ExposeSecret, SecretString};

use super::finding::Findings;
use crate::installation::Installation;

const PART: &str = "settings";
/// Any of these says that somebody means an installation.
const SAYS_SO: [&str; 6] = [
    "POSTHORN_CONFIG",
    "POSTHORN_DATABASE_URL",
    "POSTHORN_DATABASE_URL_FILE",
    "POSTHORN_NATS_URL",
    "POSTHORN_NATS_URL_FILE",
    "POSTHORN_MASTER_KEY",
];

/// What of the settings could be read.
pub(super) struct Settings {
    pub(super) nats_servers: Vec<String>,
    pub(super) nats_creds_file: Option<PathBuf>,
    pub(super) stream_replicas: usize,
    pub(super) duplicate_window: Duration,
    pub(super) database_url: Option<SecretString>,
    pub(super) master_keys: Option<MasterKeys>,
    pub(super) retention_days: u32,
    pub(super) url_policy: UrlPolicy,
    pub(super) egress_allow: Vec<IpNet>,
    pub(super) has_egress_proxy: bool,
}

impl Settings {
    /// `None` where nobody named an installation.
    pub(super) fn read(installation: &Installation, findings: &mut Findings) -> Option<Self> {
        let named = SAYS_SO
            .iter()
            .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()));
        if !named && !installation.is_named() {
            return None;
        }
        Self::whole(installation, findings);
        // Once more, without what is required: one mistake is no reason to look at nothing.
        let settings = installation.read(|reader| {
            let servers = reader.required(&table::NATS_URL, list::<String>);
            let creds_file = reader.optional(&table::NATS_CREDS_FILE, str::parse);
            let replicas = reader.required(&table::STREAM_REPLICAS, str::parse);
            let window = reader.required(&table::DUPLICATE_WINDOW_SECONDS, str::parse);
            let database_url = reader.optional(&table::DATABASE_URL, |url| {
                Ok::<_, String>(SecretString::from(url))
            });
            let master_keys = reader.optional(&table::MASTER_KEY, |keys| {
                Ok::<_, String>(keys.parse::<MasterKeys>().ok())
            });
            let retention_days = reader.required(&table::RETENTION_DAYS, str::parse);
            let allow_http = reader.switch(&table::ALLOW_HTTP);
            let egress_allow = reader.optional(&table::EGRESS_ALLOW, list);
            let proxy = reader.optional(&table::EGRESS_PROXY, str::parse::<EgressProxy>);
            Some(Self {
                nats_servers: servers?,
                nats_creds_file: creds_file?,
                stream_replicas: replicas?,
                duplicate_window: Duration::from_secs(window?),
                database_url: database_url?,
                master_keys: master_keys?.flatten(),
                retention_days: retention_days?,
                url_policy: if allow_http.unwrap_or(false) {
                    UrlPolicy::HttpAllowed
                } else {
                    UrlPolicy::HttpsOnly
                },
                egress_allow: egress_allow?.unwrap_or_default(),
                has_egress_proxy: proxy?.is_some(),
            })
        });
        settings.ok()
    }

    /// Reads them as the services do, and tells every mistake.
    fn whole(installation: &Installation, findings: &mut Findings) {
        let read = installation.read(|reader| {
            let common = Common::read(reader);
            let keys = reader.required(&table::MASTER_KEY, str::parse::<MasterKeys>);
            let _ = reader.optional(&table::EGRESS_ALLOW, list::<IpNet>);
            let _ = reader.optional(&table::EGRESS_PROXY, str::parse::<EgressProxy>);
            let _ = reader.switch(&table::ALLOW_HTTP);
            Some((common?, keys?))
        });
        match read {
            Ok((common, keys)) => {
                findings.ok(PART, "every setting can be read");
                let replicas = common.nats.stream_replicas;
                if common.nats.servers.len() > 1 && replicas == 1 {
                    findings.warning(
                        PART,
                        "several NATS servers, and one copy of each stream: the loss of one server can lose events",
                        "set POSTHORN_STREAM_REPLICAS to 3",
                    );
                }
                if keys.ids().count() > 1 {
                    findings.warning(
                        PART,
                        "several master keys: a rotation is under way",
                        "when `posthorn admin reseal --dry-run` shows the first key alone, take the others out",
                    );
                }
                if common
                    .database_url
                    .expose_secret()
                    .contains("sslmode=disable")
                {
                    findings.warning(
                        PART,
                        "the database is reached without TLS",
                        "take sslmode=disable out of POSTHORN_DATABASE_URL unless the line is private",
                    );
                }
            }
            Err(mistakes) => {
                for mistake in mistakes {
                    findings.problem(
                        PART,
                        mistake,
                        "the services do not start until this is mended; `posthorn-api --help` lists all settings",
                    );
                }
            }
        }
    }
}
