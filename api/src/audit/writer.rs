//! The connection that batches are committed on, and the insert of a change's own record.

use std::time::Duration;

use sea_orm::{ConnectionTrait, DbErr, Value};
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};

use super::batch::Batch;
use super::record::Entry;
use super::tables;

/// A batch that is there already was committed by an attempt whose answer got lost.
const INSERT: &str =
    "INSERT INTO audit_batches (id, at, records, body, subjects, digest) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO NOTHING";

/// The longest that SQLite's only writer waits for others.
const BUSY: Duration = Duration::from_secs(4);

/// A connection that commits one batch at a time, each durably.
pub(super) enum Writer {
    Postgres(PgConnection),
    Sqlite(SqliteConnection),
}

impl Writer {
    /// Connects. What is committed is on disk: PostgreSQL is asked for it whatever its own setting, and SQLite keeps a log of
    /// writes, so that readers never wait.
    pub(super) async fn connect(url: &str) -> Result<Self, sqlx::Error> {
        if url.starts_with("sqlite:") {
            let options: SqliteConnectOptions = url.parse()?;
            let options =
                options.pragma("journal_mode", "WAL").pragma("synchronous", "FULL").busy_timeout(BUSY).disable_statement_logging();
            Ok(Self::Sqlite(SqliteConnection::connect_with(&options).await?))
        } else {
            let options: PgConnectOptions = url.parse()?;
            let settings = [("synchronous_commit", "on"), ("statement_timeout", "4000"), ("lock_timeout", "4000"), ("jit", "off")];
            let options = options.application_name("civigrid").options(settings).disable_statement_logging();
            Ok(Self::Postgres(PgConnection::connect_with(&options).await?))
        }
    }

    /// Commits a batch. It is there once, however often this is called for it.
    pub(super) async fn insert(&mut self, batch: &Batch, digest: &[u8]) -> Result<(), sqlx::Error> {
        match self {
            Self::Postgres(connection) => {
                let insert = sqlx::query(INSERT).bind(batch.id).bind(batch.at).bind(batch.records).bind(batch.body.as_slice());
                insert.bind(batch.mentions.as_slice()).bind(digest).execute(connection).await?;
            }
            Self::Sqlite(connection) => {
                let insert = sqlx::query(INSERT).bind(batch.id).bind(batch.at).bind(batch.records).bind(batch.body.as_slice());
                insert.bind(batch.mentions.as_slice()).bind(digest).execute(connection).await?;
            }
        }
        Ok(())
    }
}

/// Puts the record of a change into the change's own transaction: both are committed, or neither. Its number comes from the
/// linker, after the commit, and orders it among all other changes. To be called once everything was changed, so that of two
/// changes that wait for each other the later one has the later number.
///
/// # Errors
/// If the log cannot be written; the change must then not be committed.
pub async fn append(transaction: &impl ConnectionTrait, entry: &Entry) -> Result<(), DbErr> {
    let batch = Batch::seal(std::slice::from_ref(entry));
    let digest = batch.digest().to_vec();
    let Batch { id, at, records, body, mentions } = batch;
    let values: [Value; 6] = [id.into(), at.into(), records.into(), body.into(), mentions.into(), digest.into()];
    tables::execute(transaction, INSERT, values).await.map(drop)
}
