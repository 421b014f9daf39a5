//! Connections. Reads have a pool of their own, without the ping on release that costs as much as a small query;
//! writes and migrations go through SeaORM.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use deadpool::managed::{Manager, Metrics, Object, Pool, RecycleError, RecycleResult, Timeouts};
use migration::Migrator;
use sea_orm::{ConnectOptions, DatabaseConnection};
use sea_orm_migration::MigratorTrait;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions as _, Connection};
use tokio::sync::OnceCell;

use super::error::Error;
use super::expression::Type;
use super::kept::Kept;
use super::postgres::{self, Client, Statement, Target};
use super::rows::{Cell, Rows};

/// Which of the two databases answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Backend {
    /// PostgreSQL, for production.
    Postgres,
    /// SQLite, embedded, for demonstrations and tests.
    Sqlite,
}

/// How to reach the database and how much to ask of it.
#[derive(Clone, Debug)]
pub struct Settings {
    /// `postgres://…` or `sqlite:…`.
    pub url: String,
    /// Connections for reading.
    pub connections: usize,
    /// A statement is stopped after this time.
    pub statement_timeout: Duration,
    /// A request waits this long for a connection.
    pub wait: Duration,
    /// Statistics that took this long are kept while nothing that they were read from changes; PostgreSQL only.
    pub keep_after: Duration,
    /// The most memory for kept statistics, in bytes; 0 keeps none.
    pub kept_bytes: u64,
}

/// How the pool of reading connections stands.
#[derive(Clone, Copy, Debug)]
pub struct PoolState {
    /// The most connections there may be.
    pub limit: usize,
    /// Connections that are open.
    pub open: usize,
    /// Of these, those that no request holds.
    pub idle: usize,
    /// Requests that wait for one.
    pub waiting: usize,
}

/// The database.
#[derive(Clone)]
pub struct Database {
    backend: Backend,
    settings: Settings,
    readers: Pool<Readers>,
    /// Kept for changes that callers ask for; made when the first one does.
    changing: Arc<OnceCell<DatabaseConnection>>,
    kept: Option<Arc<Kept>>,
}

impl Database {
    /// Prepares the pool; connections are made when first needed.
    ///
    /// # Errors
    /// If the URL names neither database.
    pub fn new(settings: Settings) -> Result<Self, Error> {
        let readers = Readers::new(&settings)?;
        let backend = readers.backend();
        let pool = Pool::builder(readers)
            .max_size(settings.connections)
            .timeouts(Timeouts { wait: Some(settings.wait), create: Some(settings.wait), recycle: None })
            .runtime(deadpool::Runtime::Tokio1)
            .build()
            .map_err(|_| Error::Exhausted)?;
        let kept = Kept::new(settings.keep_after, settings.kept_bytes).filter(|_| backend == Backend::Postgres);
        Ok(Self { backend, settings, readers: pool, changing: Arc::default(), kept: kept.map(Arc::new) })
    }

    /// Which database it is.
    pub fn backend(&self) -> Backend {
        self.backend
    }

    /// How the pool of reading connections stands.
    pub fn pool(&self) -> PoolState {
        let deadpool::Status { max_size, size, available, waiting } = self.readers.status();
        PoolState { limit: max_size, open: size, idle: available, waiting }
    }

    /// The address of the database.
    pub fn url(&self) -> &str {
        &self.settings.url
    }

    /// The statistics that are kept, where any are.
    pub(super) fn kept(&self) -> Option<Arc<Kept>> {
        self.kept.clone()
    }

    /// A connection for reading; at most one per request may be held.
    ///
    /// # Errors
    /// If none becomes free in time, or none can be made.
    pub(super) async fn reader(&self) -> Result<Reader, Error> {
        match self.readers.get().await {
            Ok(object) => {
                let kept = Object::metrics(&object).recycle_count > 0;
                Ok(Reader { object: Some(object), sound: true, kept, limit: self.settings.statement_timeout })
            }
            Err(deadpool::managed::PoolError::Backend(error)) => Err(error),
            Err(_) => Err(Error::Exhausted),
        }
    }

    /// A connection for writing, through SeaORM.
    ///
    /// # Errors
    /// If none can be made.
    pub async fn writer(&self) -> Result<DatabaseConnection, Error> {
        let mut options = ConnectOptions::new(&self.settings.url);
        options.max_connections(2).sqlx_logging(false).map_sqlx_sqlite_opts(|sqlite| sqlite.create_if_missing(true));
        Ok(sea_orm::Database::connect(options).await?)
    }

    /// The connections for changes that callers ask for, kept apart from those for reading.
    ///
    /// # Errors
    /// If none can be made.
    pub(super) async fn changing(&self) -> Result<&DatabaseConnection, Error> {
        self.changing.get_or_try_init(|| self.writer()).await
    }

    /// Brings the database's shape up to date.
    ///
    /// # Errors
    /// If a change cannot be applied; PostgreSQL then keeps the shape it had.
    pub async fn migrate(&self) -> Result<(), Error> {
        Ok(Migrator::up(&self.writer().await?, None).await?)
    }

    /// The name of the newest change of the shape: databases of another one are not this program's.
    pub fn shape() -> String {
        Migrator::migrations().last().map(|newest| newest.name().to_owned()).unwrap_or_default()
    }

    /// Answers if the database does and its shape is up to date.
    ///
    /// # Errors
    /// If it does not, or changes are pending.
    pub async fn ready(&self) -> Result<(), Error> {
        let applied = self.applied().await?;
        // Changes that are not known here are those of a newer program, which leave what this one reads in place.
        let complete = Migrator::migrations().iter().all(|change| applied.contains(change.name()));
        if complete { Ok(()) } else { Err(Error::NotMigrated) }
    }

    /// The names of the changes of the shape that have been applied.
    async fn applied(&self) -> Result<HashSet<String>, Error> {
        loop {
            let mut reader = self.reader().await?;
            match reader.applied().await {
                Err(Error::Postgres(error)) if reader.was_ended_unseen(&error) => {}
                applied => return applied,
            }
        }
    }
}

/// A connection taken from the pool. If its request is dropped in the middle of a statement, the connection is not used again.
pub(super) struct Reader {
    object: Option<Object<Readers>>,
    pub(super) sound: bool,
    kept: bool,
    limit: Duration,
}

impl Reader {
    /// The connection.
    pub(super) fn connection(&mut self) -> &mut Connected {
        #[expect(clippy::expect_used, reason = "the object is taken only when the reader is dropped")]
        self.object.as_mut().expect("held until dropped")
    }

    /// True if the connection was ended while it waited in the pool, by a restart of the server say: that tells nothing of
    /// the next one, on which the same may be asked.
    pub(super) fn was_ended_unseen(&self, error: &postgres::Error) -> bool {
        self.kept && error.is_the_connections()
    }

    async fn applied(&mut self) -> Result<HashSet<String>, Error> {
        self.sound = false;
        let names = match self.connection() {
            Connected::Postgres(client) => {
                let statement = Statement { text: APPLIED.to_owned(), values: Vec::new(), keep: false, anew: false };
                let rows = Rows::Postgres(client.read(&[statement], true, &mut Vec::new()).await?.pop().unwrap_or_default());
                let name = |row| Ok(if let Cell::Text(name) = rows.cell(row, 0, Type::Text)? { name.to_owned() } else { String::new() });
                (0..rows.len()).map(name).collect::<Result<_, Error>>()?
            }
            Connected::Sqlite(connection, _) => sqlx::query_scalar(APPLIED).fetch_all(connection).await?.into_iter().collect(),
        };
        self.sound = true;
        Ok(names)
    }

    /// Starts the time that SQLite's statements may take.
    pub(super) fn start_timer(&mut self) {
        let limit = self.limit;
        if let Connected::Sqlite(_, deadline) = self.connection() {
            deadline.start(limit);
        }
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        if !self.sound
            && let Some(object) = self.object.take()
        {
            drop(Object::take(object));
        }
    }
}

/// A live connection of either kind.
pub(super) enum Connected {
    Postgres(Client),
    Sqlite(SqliteConnection, Deadline),
}

/// When SQLite stops the running statement: milliseconds since the connection was made.
#[derive(Clone)]
pub(super) struct Deadline {
    made: Instant,
    at: Arc<AtomicU64>,
}

impl Deadline {
    fn new() -> Self {
        Self { made: Instant::now(), at: Arc::new(AtomicU64::new(u64::MAX)) }
    }

    fn start(&self, limit: Duration) {
        let at = self.made.elapsed() + limit;
        self.at.store(u64::try_from(at.as_millis()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    fn passed(&self) -> bool {
        self.made.elapsed().as_millis() > u128::from(self.at.load(Ordering::Relaxed))
    }
}

/// Makes connections for reading.
enum Readers {
    Postgres(Box<Target>),
    Sqlite(Box<SqliteConnectOptions>),
}

/// Statements one connection of SQLite keeps prepared. Page sizes stand in the text, so there are more texts than plans.
const PREPARED: usize = 500;

/// Which changes of the database's shape have been applied.
const APPLIED: &str = "SELECT version FROM seaql_migrations";

impl Readers {
    fn new(settings: &Settings) -> Result<Self, Error> {
        let url = settings.url.as_str();
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            let session = vec![
                ("application_name", "civigrid".to_owned()),
                ("statement_timeout", settings.statement_timeout.as_millis().to_string()),
                ("default_transaction_isolation", "repeatable read".to_owned()),
                ("default_transaction_read_only", "on".to_owned()),
                ("jit", "off".to_owned()),
                ("TimeZone", "UTC".to_owned()),
            ];
            Ok(Self::Postgres(Box::new(Target::parse(url, session)?)))
        } else if url.starts_with("sqlite:") {
            let options: SqliteConnectOptions = url.parse()?;
            let options = options
                .read_only(true)
                .statement_cache_capacity(PREPARED)
                .row_buffer_size(2_000)
                .busy_timeout(settings.wait)
                .pragma("cache_size", "-16000")
                .pragma("mmap_size", "268435456")
                .disable_statement_logging();
            Ok(Self::Sqlite(Box::new(options)))
        } else {
            Err(Error::UnknownScheme(url.split(':').next().unwrap_or_default().to_owned()))
        }
    }

    fn backend(&self) -> Backend {
        match self {
            Self::Postgres(_) => Backend::Postgres,
            Self::Sqlite(_) => Backend::Sqlite,
        }
    }
}

/// How many of SQLite's steps pass between two looks at the clock.
const STEPS_BETWEEN_LOOKS: i32 = 5_000;

impl Manager for Readers {
    type Type = Connected;
    type Error = Error;

    async fn create(&self) -> Result<Connected, Error> {
        match self {
            Self::Postgres(target) => Ok(Connected::Postgres(Client::connect(target).await?)),
            Self::Sqlite(options) => {
                let mut connection = SqliteConnection::connect_with(options).await?;
                let deadline = Deadline::new();
                let watched = deadline.clone();
                connection.lock_handle().await?.set_progress_handler(STEPS_BETWEEN_LOOKS, move || !watched.passed());
                Ok(Connected::Sqlite(connection, deadline))
            }
        }
    }

    async fn recycle(&self, _: &mut Connected, metrics: &Metrics) -> RecycleResult<Error> {
        // A connection that was used lately is taken as it is; the database may have closed an idle one.
        if metrics.last_used() > Duration::from_secs(300) {
            return Err(RecycleError::message("idle for long"));
        }
        Ok(())
    }
}
