use std::{
    hash::{DefaultHasher, Hash, Hasher},
    path::Path,
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use sqlx::{
    AssertSqlSafe, ConnectOptions, Connection, Executor, FromRow, PgConnection,
    migrate::Migrator,
    postgres::{PgConnectOptions, PgRow},
};

use crate::variables;

/// How the databases of tests are called: this, the process, a number.
const NAME: &str = "posthorn_test_";
/// How its role is called where it has one: its own name and this.
const ROLE_SUFFIX: &str = "_role";
/// PostgreSQL's code for a statement that took longer than it may.
const CANCELED: &str = "57014";
static CREATED: AtomicU32 = AtomicU32::new(0);
const DROP_DEADLINE: Duration = Duration::from_secs(30);
/// Databases are dropped one at a time, whichever process does it.
const DROP_LOCK: u32 = 7_065_734;
/// To drop a database PostgreSQL 15 waits for each of its processes, one that authenticates its client too. A connection
/// that the test's own [`Proxy`](crate::Proxy) holds at that moment stays there while the test waits here, so the wait is
/// cut short. What is left behind is dropped once its process has ended.
const DROP_STATEMENT_TIMEOUT: &str = "SET statement_timeout = '2s'";

/// A PostgreSQL database of the test's own, dropped with this value.
#[derive(Debug)]
pub struct TestDatabase {
    name: String,
    maintenance: PgConnectOptions,
}

impl TestDatabase {
    /// Creates an empty database.
    pub async fn create() -> Self {
        Self::copy_of("template0").await
    }

    /// Creates an empty database with further words of `CREATE DATABASE`, such as another encoding.
    pub async fn create_with(options: &str) -> Self {
        Self::copy_with("template0", options).await
    }

    /// Creates a database with the product's schema, for tests of everything but how it gets there.
    ///
    /// The schema is made once, as a template; the tests get copies. It is made again when a migration changes.
    pub async fn migrated() -> Self {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../migrations");
        let migrator = Migrator::new(Path::new(folder)).await.unwrap();
        let checksums = migrator.iter().flat_map(|one| one.checksum.iter());
        let mut hasher = DefaultHasher::new();
        checksums.for_each(|byte| byte.hash(&mut hasher));
        let version = format!("{:016x}", hasher.finish());
        Self::from_template(&version, async |url| {
            let mut connection = PgConnection::connect(&url).await.unwrap();
            migrator
                .run_direct(None, &mut connection, false)
                .await
                .unwrap();
            connection.close().await.unwrap();
        })
        .await
    }

    /// Creates a copy of a database that `fill` has filled, which is given that database's URL.
    ///
    /// It runs once for all tests with the same `version`, which must change with what it does.
    pub async fn from_template(version: &str, fill: impl AsyncFnOnce(String)) -> Self {
        let template = format!("posthorn_template_{version}");
        let maintenance = maintenance();
        let mut connection = PgConnection::connect_with(&maintenance).await.unwrap();
        if !is_template(&mut connection, &template).await {
            // Other test processes may be about to make the same template.
            execute(&mut connection, "SELECT pg_advisory_lock(7065733)").await;
            if !is_template(&mut connection, &template).await {
                execute(
                    &mut connection,
                    &format!("DROP DATABASE IF EXISTS {template} WITH (FORCE)"),
                )
                .await;
                execute(
                    &mut connection,
                    &format!(
                        "CREATE DATABASE {template} TEMPLATE template0 {}",
                        database_options()
                    ),
                )
                .await;
                fill(url_of(&maintenance, &template)).await;
                // The mark that it is complete. Nobody may connect, or copying it would fail.
                execute(
                    &mut connection,
                    &format!(
                        "ALTER DATABASE {template} WITH IS_TEMPLATE true ALLOW_CONNECTIONS false"
                    ),
                )
                .await;
            }
        }
        // Ends the session and with it the lock.
        connection.close().await.unwrap();
        Self::copy_of(&template).await
    }

    async fn copy_of(template: &str) -> Self {
        let options = match template {
            "template0" => database_options(),
            _ => String::new(),
        };
        Self::copy_with(template, &options).await
    }

    async fn copy_with(template: &str, options: &str) -> Self {
        let number = CREATED.fetch_add(1, Ordering::Relaxed);
        let database = Self {
            name: format!("{NAME}{}_{number}", std::process::id()),
            maintenance: maintenance(),
        };
        drop_left_behind(&database.maintenance).await;
        let name = &database.name;
        database
            .maintain(&format!(
                "CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY {options}"
            ))
            .await;
        database
    }

    /// Where to connect.
    pub fn url(&self) -> String {
        url_of(&self.maintenance, &self.name)
    }

    /// Where a role of the test's own connects, which is no superuser and is dropped with the database. `rights` is run as the
    /// superuser in this database, with the role's name in place of `{role}`.
    pub async fn url_as_role(&self, password: &str, rights: &str) -> String {
        let role = format!("{}{ROLE_SUFFIX}", self.name);
        let quoted = password.replace('\'', "''");
        self.execute(&format!("CREATE ROLE {role} LOGIN PASSWORD '{quoted}'"))
            .await;
        for statement in rights.split(';').filter(|one| !one.trim().is_empty()) {
            self.execute(&statement.replace("{role}", &role)).await;
        }
        let options = self.maintenance.clone().username(&role).password(password);
        url_of(&options, &self.name)
    }

    /// The same by way of another `host:port`, such as a [`Proxy`](crate::Proxy)'s.
    pub fn url_via(&self, address: &str) -> String {
        let (host, port) = address.rsplit_once(':').expect("host:port");
        let options = self
            .maintenance
            .clone()
            .host(host)
            .port(port.parse().unwrap());
        url_of(&options, &self.name)
    }

    /// The server's `host:port`.
    pub fn server_address(&self) -> String {
        format!(
            "{}:{}",
            self.maintenance.get_host(),
            self.maintenance.get_port()
        )
    }

    /// Runs SQL in this database.
    pub async fn execute(&self, sql: &str) {
        let options = self.maintenance.clone().database(&self.name);
        let mut connection = PgConnection::connect_with(&options).await.unwrap();
        execute(&mut connection, sql).await;
        connection.close().await.unwrap();
    }

    /// The one number that a query in this database gives, as a `bigint`.
    pub async fn number(&self, sql: &str) -> i64 {
        self.one(sql).await
    }

    /// The one text that a query in this database gives.
    pub async fn text(&self, sql: &str) -> Option<String> {
        self.one(sql).await
    }

    async fn one<T>(&self, sql: &str) -> T
    where
        (T,): for<'r> FromRow<'r, PgRow> + Send + Unpin,
    {
        let options = self.maintenance.clone().database(&self.name);
        let mut connection = PgConnection::connect_with(&options).await.unwrap();
        let (value,) = sqlx::query_as(AssertSqlSafe(sql))
            .fetch_one(&mut connection)
            .await
            .unwrap();
        connection.close().await.unwrap();
        value
    }

    /// Ends every session of this database, as an operator or a failover does.
    pub async fn end_sessions(&self) {
        self.maintain(&format!(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{}'",
            self.name
        ))
        .await;
    }

    async fn maintain(&self, sql: &str) {
        let mut connection = PgConnection::connect_with(&self.maintenance).await.unwrap();
        execute(&mut connection, sql).await;
        connection.close().await.unwrap();
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let (name, maintenance) = (self.name.clone(), self.maintenance.clone());
        // The test's own runtime may be the one that is ending here.
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()?;
            runtime.block_on(async {
                tokio::time::timeout(DROP_DEADLINE, async {
                    let mut connection = maintenance.connect().await?;
                    let lock = format!("SELECT pg_advisory_lock({DROP_LOCK})");
                    connection.execute(AssertSqlSafe(lock)).await?;
                    drop_one(&mut connection, &name).await
                })
                .await
                .map_err(|_| sqlx::Error::PoolTimedOut)?
            })
        })
        .join();
        match dropped {
            Ok(Ok(())) => {}
            failed => eprintln!("the database {} is left behind: {failed:?}", self.name),
        }
    }
}

/// Drops the databases of test processes that have ended without doing so.
async fn drop_left_behind(maintenance: &PgConnectOptions) {
    let processes = Path::new("/proc");
    if !processes.join("self").exists() {
        return;
    }
    let mut connection = PgConnection::connect_with(maintenance).await.unwrap();
    let query = format!("SELECT datname FROM pg_database WHERE datname LIKE '{NAME}%'");
    let names: Vec<(String,)> = sqlx::query_as(AssertSqlSafe(query))
        .fetch_all(&mut connection)
        .await
        .unwrap();
    let ended = |name: &str| {
        let process = name
            .strip_prefix(NAME)
            .and_then(|rest| rest.split('_').next());
        process.is_some_and(|process| !processes.join(process).exists())
    };
    let left: Vec<_> = names.into_iter().filter(|(name,)| ended(name)).collect();
    let lock = format!("SELECT pg_try_advisory_lock({DROP_LOCK})");
    if !left.is_empty() {
        let (is_ours,): (bool,) = sqlx::query_as(AssertSqlSafe(lock))
            .fetch_one(&mut connection)
            .await
            .unwrap();
        // Another process is about it, or about its own.
        if is_ours {
            for (name,) in left {
                drop_one(&mut connection, &name).await.unwrap();
            }
        }
    }
    connection.close().await.unwrap();
}

/// Drops a database, or leaves it behind where that would take long.
async fn drop_one(connection: &mut PgConnection, name: &str) -> Result<(), sqlx::Error> {
    connection.execute(DROP_STATEMENT_TIMEOUT).await?;
    let sql = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
    match connection.execute(AssertSqlSafe(sql)).await {
        Err(sqlx::Error::Database(error)) if error.code().as_deref() == Some(CANCELED) => {
            return Ok(());
        }
        done => done?,
    };
    let sql = format!("DROP ROLE IF EXISTS {name}{ROLE_SUFFIX}");
    connection.execute(AssertSqlSafe(sql)).await?;
    Ok(())
}

fn maintenance() -> PgConnectOptions {
    variables::required("POSTHORN_TEST_DATABASE_URL")
        .parse()
        .expect("POSTHORN_TEST_DATABASE_URL is a PostgreSQL URL")
}

/// Further words of `CREATE DATABASE` for every database of the tests, such as a collation; none unless somebody sets them.
fn database_options() -> String {
    std::env::var("POSTHORN_TEST_DATABASE_OPTIONS").unwrap_or_default()
}

fn url_of(options: &PgConnectOptions, database: &str) -> String {
    options
        .clone()
        .database(database)
        .to_url_lossy()
        .to_string()
}

/// Whether this template is complete.
async fn is_template(connection: &mut PgConnection, name: &str) -> bool {
    let query = "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1 AND datistemplate)";
    let (made,): (bool,) = sqlx::query_as(query)
        .bind(name)
        .fetch_one(connection)
        .await
        .unwrap();
    made
}

async fn execute(connection: &mut PgConnection, sql: &str) {
    connection
        .execute(AssertSqlSafe(sql))
        .await
        .unwrap_or_else(|error| panic!("{error}\nin: {sql}"));
}
