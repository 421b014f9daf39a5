//! The reads of one request: one connection, one snapshot.

use std::time::Instant;

use sqlx::sqlite::SqliteArguments;
use sqlx::{Arguments, AssertSqlSafe, Executor};

use super::database::{Connected, Database, Reader};
use super::error::Error;
use super::kept::{CHANGES, Changes, Known};
use super::postgres::{self, PostgresRows};
use super::rows::Rows;
use super::sql::{DATE_FORMAT, Value};
use crate::clock::INSTANT_FORMAT;

pub use super::postgres::Statement;

/// The reads of one request. One statement runs on its own; more share one read-only transaction, so that all see the
/// same snapshot. Nothing takes a second connection while this one is held.
pub struct Session<'d> {
    database: &'d Database,
    reader: Reader,
    /// True if SQLite was told to begin; PostgreSQL begins with the first statement.
    begun: bool,
    reads: Reads,
}

/// What one request read.
#[derive(Debug, Default)]
pub struct Reads {
    /// The statements' texts, without their values, in the order they were run.
    pub statements: Vec<String>,
    /// How those that were answered went, in the same order.
    pub times: Vec<Time>,
    /// Rows that came.
    pub rows: u64,
    /// Statements that were run: those whose result was kept were not, and a look at what changed is one more.
    pub run: u32,
}

/// How one statement went.
#[derive(Clone, Copy, Debug)]
pub struct Time {
    /// When the database could begin with it: after those sent together with it before it.
    pub begun: Instant,
    /// When its last row was there.
    pub ended: Instant,
    /// Its rows.
    pub rows: u64,
    /// True if it was not run, since its result was kept.
    pub kept: bool,
}

impl<'d> Session<'d> {
    /// Takes a connection, and opens a snapshot if there is more than one statement to come.
    ///
    /// # Errors
    /// If no connection is to be had.
    pub async fn open(database: &'d Database, statements: usize) -> Result<Self, Error> {
        let mut session = Self { database, reader: database.reader().await?, begun: false, reads: Reads::default() };
        if let Connected::Sqlite(connection, _) = session.reader.connection()
            && statements > 1
        {
            connection.execute("BEGIN DEFERRED").await?;
            (session.begun, session.reader.sound) = (true, false);
        }
        Ok(session)
    }

    /// Runs statements that do not wait for each other's rows; PostgreSQL gets them all at once. `last` says that no
    /// more will come. If the caller goes away in the middle, the connection is not used again.
    ///
    /// # Errors
    /// If the database refuses, breaks or takes too long.
    pub async fn read(&mut self, statements: Vec<Statement>, last: bool) -> Result<Vec<Rows>, Error> {
        let results = match self.reader.connection() {
            Connected::Postgres(_) => self.kept_or_read(statements, last).await?,
            Connected::Sqlite(..) => self.one_by_one(statements).await?,
        };
        self.reads.rows += results.iter().map(|rows| rows.len() as u64).sum::<u64>();
        Ok(results)
    }

    /// Runs what has to be run: statistics whose result is kept, and still right in this snapshot, need not be.
    async fn kept_or_read(&mut self, statements: Vec<Statement>, last: bool) -> Result<Vec<Rows>, Error> {
        let kept = self.database.kept();
        let known = |statement: &Statement| kept.as_ref().and_then(|kept| kept.known(statement));
        let known: Vec<Option<Known>> = statements.iter().map(known).collect();
        let mut changes = None;
        if known.iter().any(Option::is_some) {
            let look = Statement { text: CHANGES.to_owned(), values: Vec::new(), keep: false, anew: false };
            let rows = self.together(std::slice::from_ref(&look), false, &mut Vec::new()).await?.pop().unwrap_or_default();
            changes = Some(Changes::read(&Rows::Postgres(rows))?);
        }
        let still = |(statement, known): (&Statement, &Option<Known>)| known.as_ref()?.rows(statement, changes.as_ref()?);
        let mut results: Vec<Option<Rows>> = statements.iter().zip(&known).map(still).collect();
        self.reads.statements.extend(statements.iter().map(|statement| statement.text.clone()));
        let open = statements.into_iter().enumerate().filter(|(index, _)| results[*index].is_none());
        let (wanted, open): (Vec<usize>, Vec<Statement>) =
            open.map(|(index, statement)| (index, Statement { anew: known[index].is_some(), ..statement })).unzip();
        let mut times = Vec::with_capacity(open.len());
        let read = if open.is_empty() { Ok(Vec::new()) } else { self.together(&open, last, &mut times).await };
        self.note(&results, &times);
        for ((index, statement), (rows, time)) in wanted.into_iter().zip(&open).zip(read?.into_iter().zip(&times)) {
            match (&kept, &changes) {
                (Some(kept), Some(changes)) if known[index].is_some() => kept.keep(statement, &rows, changes),
                (Some(kept), _) => kept.ran(statement, time.ended.saturating_duration_since(time.begun)),
                (None, _) => {}
            }
            results[index] = Some(Rows::Postgres(rows));
        }
        Ok(results.into_iter().map(Option::unwrap_or_default).collect())
    }

    /// Notes how the statements went, in their order, up to the first that was not answered.
    fn note(&mut self, kept: &[Option<Rows>], times: &[Time]) {
        let now = Instant::now();
        let mut times = times.iter();
        for rows in kept {
            let time = match rows {
                Some(rows) => Some(Time { begun: now, ended: now, rows: rows.len() as u64, kept: true }),
                None => times.next().copied(),
            };
            let Some(time) = time else { return };
            self.reads.times.push(time);
        }
    }

    async fn together(&mut self, statements: &[Statement], last: bool, times: &mut Vec<Time>) -> Result<Vec<PostgresRows>, Error> {
        let mut begun = Instant::now();
        let mut ended = Vec::with_capacity(statements.len());
        loop {
            self.reader.sound = false;
            let Connected::Postgres(client) = self.reader.connection() else { return Ok(Vec::new()) };
            let result = client.read(statements, last, &mut ended).await;
            // The first statements are then read on another one: nothing was changed and nothing shown yet.
            if self.reads.run == 0 && matches!(&result, Err(error) if self.reader.was_ended_unseen(error)) {
                self.reader = self.database.reader().await?;
                ended.clear();
                continue;
            }
            // A server that answers, even with a refusal, leaves the connection in order, unless more is to come.
            self.reader.sound = matches!(&result, Err(postgres::Error::Refused { .. })) || (last && result.is_ok());
            self.reads.run += u32::try_from(statements.len()).unwrap_or(u32::MAX);
            for (ended, rows) in ended {
                times.push(Time { begun, ended, rows: rows as u64, kept: false });
                begun = ended;
            }
            return Ok(result?);
        }
    }

    async fn one_by_one(&mut self, statements: Vec<Statement>) -> Result<Vec<Rows>, Error> {
        let mut results = Vec::with_capacity(statements.len());
        for Statement { text, values, keep: _, anew: _ } in statements {
            self.reads.statements.push(text.clone());
            self.reads.run += 1;
            self.reader.start_timer();
            let begun = Instant::now();
            let Connected::Sqlite(connection, _) = self.reader.connection() else { return Ok(results) };
            let result = sqlx::query_with(AssertSqlSafe(text), for_sqlite(values)?).fetch_all(connection).await;
            // Outside a transaction a connection can go on after a refusal.
            self.reader.sound = !self.begun && !matches!(&result, Err(sqlx::Error::Io(_) | sqlx::Error::Protocol(_)));
            let rows = result?;
            self.reads.times.push(Time { begun, ended: Instant::now(), rows: rows.len() as u64, kept: false });
            results.push(Rows::Sqlite(rows));
        }
        Ok(results)
    }

    /// Ends the snapshot and gives the connection back; tells what was read.
    ///
    /// # Errors
    /// If the database breaks.
    pub async fn close(mut self) -> Result<Reads, Error> {
        match self.reader.connection() {
            Connected::Postgres(client) => client.finish().await?,
            Connected::Sqlite(connection, _) if self.begun => {
                connection.execute("COMMIT").await?;
            }
            Connected::Sqlite(..) => {}
        }
        self.reader.sound = true;
        Ok(self.reads)
    }

    /// Gives up after a failure: the connection is used again only if it is in order. Tells what was read until then.
    pub fn abandon(self) -> Reads {
        self.reads
    }
}

fn unencodable(error: sqlx::error::BoxDynError) -> Error {
    Error::Database(sqlx::Error::Encode(error))
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
