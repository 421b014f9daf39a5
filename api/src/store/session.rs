//! The reads of one request: one connection, one snapshot.

use sqlx::postgres::PgArguments;
use sqlx::sqlite::SqliteArguments;
use sqlx::{Arguments, AssertSqlSafe};

use super::database::{Connected, Database, Reader, control};
use super::error::Error;
use super::rows::Rows;
use super::sql::{DATE_FORMAT, INSTANT_FORMAT, Value};

/// The reads of one request. One statement runs on its own; more share one read-only transaction, so that all see the
/// same snapshot. Nothing takes a second connection while this one is held.
pub struct Session {
    reader: Reader,
    in_transaction: bool,
    statements: Vec<String>,
    rows: u64,
}

/// What one request read.
#[derive(Debug, Default)]
pub struct Reads {
    /// The statements' texts, without their values, in the order they were run.
    pub statements: Vec<String>,
    /// Rows that came.
    pub rows: u64,
}

impl Session {
    /// Takes a connection, and opens a snapshot if there is more than one statement to come.
    ///
    /// # Errors
    /// If no connection is to be had.
    pub async fn open(database: &Database, statements: usize) -> Result<Self, Error> {
        let mut reader = database.reader().await?;
        let in_transaction = statements > 1;
        reader.start_timer();
        if in_transaction {
            reader.sound = false;
            let begin = match reader.connection() {
                Connected::Postgres(_) => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
                Connected::Sqlite(..) => "BEGIN DEFERRED",
            };
            control(&mut reader, begin).await?;
        }
        Ok(Self { reader, in_transaction, statements: Vec::new(), rows: 0 })
    }

    /// Runs a statement. If the caller goes away in the middle, the connection is not used again.
    ///
    /// # Errors
    /// If the database refuses, breaks or takes too long.
    pub async fn read(&mut self, text: String, values: Vec<Value>) -> Result<Rows, Error> {
        self.reader.sound = false;
        self.reader.start_timer();
        self.statements.push(text.clone());
        let result = match self.reader.connection() {
            Connected::Postgres(connection) => {
                sqlx::query_with(AssertSqlSafe(text), for_postgres(values)?).fetch_all(connection).await.map(Rows::Postgres)
            }
            Connected::Sqlite(connection, _) => {
                sqlx::query_with(AssertSqlSafe(text), for_sqlite(values)?).fetch_all(connection).await.map(Rows::Sqlite)
            }
        };
        // A database that answers, even with a refusal, leaves the connection in order; outside a transaction it can go on.
        self.reader.sound = !self.in_transaction && !matches!(&result, Err(sqlx::Error::Io(_) | sqlx::Error::Protocol(_)));
        let rows = result?;
        self.rows += rows.len() as u64;
        Ok(rows)
    }

    /// Ends the snapshot and gives the connection back; tells what was read.
    ///
    /// # Errors
    /// If the database breaks.
    pub async fn close(mut self) -> Result<Reads, Error> {
        if self.in_transaction {
            control(&mut self.reader, "COMMIT").await?;
        }
        self.reader.sound = true;
        Ok(Reads { statements: self.statements, rows: self.rows })
    }

    /// Gives up after a failure: the connection is used again only if it is in order. Tells what was read until then.
    pub fn abandon(self) -> Reads {
        Reads { statements: self.statements, rows: self.rows }
    }
}

fn unencodable(error: sqlx::error::BoxDynError) -> Error {
    Error::Database(sqlx::Error::Encode(error))
}

fn for_postgres(values: Vec<Value>) -> Result<PgArguments, Error> {
    let mut arguments = PgArguments::default();
    for value in values {
        match value {
            Value::Boolean(value) => arguments.add(value),
            Value::Integer(value) => arguments.add(value),
            Value::Float(value) => arguments.add(value),
            Value::Text(value) => arguments.add(value),
            Value::Uuid(value) => arguments.add(value),
            Value::Date(value) => arguments.add(value),
            Value::Instant(value) => arguments.add(value),
            Value::Integers(values) => arguments.add(values),
            Value::Texts(values) => arguments.add(values),
            Value::Uuids(values) => arguments.add(values),
        }
        .map_err(unencodable)?;
    }
    Ok(arguments)
}

fn for_sqlite(values: Vec<Value>) -> Result<SqliteArguments, Error> {
    let mut arguments = SqliteArguments::default();
    for value in values {
        match value {
            Value::Boolean(value) => arguments.add(i64::from(value)),
            Value::Integer(value) => arguments.add(value),
            Value::Float(value) => arguments.add(value),
            Value::Text(value) => arguments.add(value),
            Value::Uuid(value) => arguments.add(value.as_bytes().to_vec()),
            Value::Date(value) => arguments.add(value.format(DATE_FORMAT).to_string()),
            Value::Instant(value) => arguments.add(value.format(INSTANT_FORMAT).to_string()),
            Value::Integers(values) => arguments.add(serde_json::Value::from(values).to_string()),
            Value::Texts(values) => arguments.add(serde_json::Value::from(values).to_string()),
            Value::Uuids(values) => arguments.add(hexadecimal(&values)),
        }
        .map_err(unencodable)?;
    }
    Ok(arguments)
}

/// A JSON array of keys as 32 hexadecimal digits each.
fn hexadecimal(keys: &[uuid::Uuid]) -> String {
    let mut text = String::with_capacity(keys.len() * 35 + 2);
    text.push('[');
    for (index, key) in keys.iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        text.push('"');
        text.push_str(key.simple().encode_lower(&mut uuid::Uuid::encode_buffer()));
        text.push('"');
    }
    text.push(']');
    text
}
