//! Statements on the log's own tables. Both databases read `$1`; what they spell differently is given in both spellings.

use sea_orm::{ConnectionTrait, DatabaseBackend, DbErr, QueryResult, Statement, Value};

use super::batch::{Batch, Hash};

/// One statement in the spelling of each database.
pub(super) struct Spelled {
    pub(super) postgres: &'static str,
    pub(super) sqlite: &'static str,
}

/// True on PostgreSQL.
pub(super) fn is_postgres(connection: &impl ConnectionTrait) -> bool {
    connection.get_database_backend() == DatabaseBackend::Postgres
}

impl Spelled {
    pub(super) fn of(&self, connection: &impl ConnectionTrait) -> &'static str {
        if is_postgres(connection) { self.postgres } else { self.sqlite }
    }
}

/// Runs a statement; says how many rows it changed.
pub(super) async fn execute(connection: &impl ConnectionTrait, text: &str, values: impl IntoIterator<Item = Value>) -> Result<u64, DbErr> {
    let statement = Statement::from_sql_and_values(connection.get_database_backend(), text, values);
    Ok(connection.execute_raw(statement).await?.rows_affected())
}

/// Reads rows.
pub(super) async fn rows(
    connection: &impl ConnectionTrait,
    text: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<Vec<QueryResult>, DbErr> {
    connection.query_all_raw(Statement::from_sql_and_values(connection.get_database_backend(), text, values)).await
}

/// Reads the only row.
pub(super) async fn row(
    connection: &impl ConnectionTrait,
    text: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<QueryResult, DbErr> {
    let found = connection.query_one_raw(Statement::from_sql_and_values(connection.get_database_backend(), text, values)).await?;
    found.ok_or_else(|| DbErr::RecordNotFound("a row of the audit log".to_owned()))
}

/// Where the chain stands: the last number and its hash, and up to which number the search knows it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Head {
    pub(super) number: i64,
    pub(super) hash: Hash,
    pub(super) indexed: i64,
}

/// Reads where the chain stands.
pub(super) async fn head(connection: &impl ConnectionTrait) -> Result<Head, DbErr> {
    let row = row(connection, "SELECT number, hash, indexed FROM audit_chain", []).await?;
    let hash: Option<Vec<u8>> = row.try_get("", "hash")?;
    let hash = hash.and_then(|bytes| Hash::try_from(bytes).ok()).unwrap_or(super::batch::GENESIS);
    Ok(Head { number: row.try_get("", "number")?, hash, indexed: row.try_get("", "indexed")? })
}

/// A batch as its row holds it.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    pub(super) batch: Batch,
    pub(super) digest: Vec<u8>,
    pub(super) number: Option<i64>,
    pub(super) hash: Option<Vec<u8>>,
}

/// What [`Kept`] is read from.
pub(super) const KEPT: &str = "SELECT id, at, records, body, subjects, digest, number, hash FROM audit_batches";

impl Kept {
    pub(super) fn read(row: &QueryResult) -> Result<Self, DbErr> {
        Ok(Self {
            batch: Batch {
                id: row.try_get("", "id")?,
                at: row.try_get("", "at")?,
                records: row.try_get("", "records")?,
                body: row.try_get("", "body")?,
                mentions: row.try_get("", "subjects")?,
            },
            digest: row.try_get("", "digest")?,
            number: row.try_get("", "number")?,
            hash: row.try_get("", "hash")?,
        })
    }
}

/// Bytes as hexadecimal digits.
pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
