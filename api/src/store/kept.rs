//! Results of slow statistics, kept while nothing they were read from has changed.
//!
//! A result is known by its statement's text and values, and these hold the whole of the caller's access: whoever asks the
//! same statement may know the same rows. PostgreSQL counts the changes of each register's table
//! (`migration/src/changes.rs`); a kept result is used only where the counts in the request's own snapshot are those of the
//! snapshot it was read in, so an answer is never older than its snapshot. `docs/adr/0024` says why.

use std::sync::Arc;
use std::time::{Duration, Instant};

use entities::registers::REGISTERS;
use quick_cache::Weighter;
use quick_cache::sync::Cache;

use super::error::Error;
use super::expression::Type;
use super::postgres::{PostgresRows, Statement};
use super::rows::{Cell, Rows};

/// How many changes each table has seen: tables that have not changed since the counting began are missing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Changes(Vec<(String, i64)>);

/// What is known of a statement of statistics.
#[derive(Clone)]
pub(super) enum Known {
    /// It was slow: its result is worth keeping.
    Slow,
    /// Its rows, the counts of its tables' changes when they were read, and since when they are kept.
    Rows(Arc<PostgresRows>, Changes, Instant),
}

/// The kept results of one database.
pub(super) struct Kept {
    known: Cache<String, Known, Bytes>,
    after: Duration,
}

/// The longest that a result is kept: a bound for whatever changes a database without a trace, such as a restored backup.
const LONGEST: Duration = Duration::from_secs(600);

/// About how large an entry is; only decides how the cache is laid out.
const USUAL_BYTES: u64 = 4_096;

/// What reads the counts of changes.
pub(super) const CHANGES: &str = "SELECT table_name, sum(changes)::bigint FROM register_changes GROUP BY table_name ORDER BY table_name";

impl Kept {
    /// Keeps results of statements that took at least `after`, up to so many bytes; nothing if there are none.
    pub(super) fn new(after: Duration, bytes: u64) -> Option<Self> {
        let entries = usize::try_from(bytes / USUAL_BYTES).unwrap_or(usize::MAX);
        (bytes > 0).then(|| Self { known: Cache::with_weighter(entries.max(16), bytes, Bytes), after })
    }

    /// What is known of a statement; None of one that was never slow, or whose result is no statistics.
    pub(super) fn known(&self, statement: &Statement) -> Option<Known> {
        statement.keep.then(|| self.known.get(&key(statement)))?
    }

    /// Notes how a statement went that was run without a look at the changes.
    pub(super) fn ran(&self, statement: &Statement, took: Duration) {
        if statement.keep && took >= self.after {
            self.known.insert(key(statement), Known::Slow);
        }
    }

    /// Keeps the rows of a statement that were read in a snapshot with these changes.
    pub(super) fn keep(&self, statement: &Statement, rows: &PostgresRows, changes: &Changes) {
        let known = Known::Rows(Arc::new(rows.apart()), changes.of(&statement.text), Instant::now());
        self.known.insert(key(statement), known);
    }
}

impl Known {
    /// The rows, if they are right in a snapshot with these changes.
    pub(super) fn rows(&self, statement: &Statement, changes: &Changes) -> Option<Rows> {
        match self {
            Self::Rows(rows, then, since) if since.elapsed() < LONGEST && *then == changes.of(&statement.text) => {
                Some(Rows::Kept(rows.clone()))
            }
            _ => None,
        }
    }
}

impl Changes {
    /// Reads the rows of [`CHANGES`].
    pub(super) fn read(rows: &Rows) -> Result<Self, Error> {
        let count = |row| match (rows.cell(row, 0, Type::Text)?, rows.cell(row, 1, Type::Long)?) {
            (Cell::Text(table), Cell::Integer(changes)) => Ok((table.to_owned(), changes)),
            _ => Err(Error::Undecodable { column: 0 }),
        };
        Ok(Self((0..rows.len()).map(count).collect::<Result<_, Error>>()?))
    }

    /// Those of the registers' tables that a statement names. A statement reads no table that it does not name; a name that
    /// stands there for something else costs only that the result is read again more often.
    fn of(&self, text: &str) -> Self {
        let words: Vec<&str> = text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_').collect();
        let named = |table: &str| REGISTERS.iter().any(|register| register.table == table) && words.contains(&table);
        Self(self.0.iter().filter(|(table, _)| named(table)).cloned().collect())
    }
}

/// Weighs entries by the memory they hold.
#[derive(Clone)]
struct Bytes;

impl Weighter<String, Known> for Bytes {
    fn weight(&self, key: &String, known: &Known) -> u64 {
        let rows = if let Known::Rows(rows, ..) = known { rows.bytes() } else { 0 };
        (key.len() + rows) as u64
    }
}

fn key(statement: &Statement) -> String {
    format!("{} {:?}", statement.text, statement.values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_changes_of_the_tables_that_a_statement_names_count() {
        let changes = Changes(vec![("cases".to_owned(), 3), ("case_events".to_owned(), 9), ("persons".to_owned(), 4)]);
        let text = "SELECT count(*) FROM cases t WHERE EXISTS (SELECT 1 FROM persons n1 WHERE n1.id = t.reporter_id)";
        assert_eq!(changes.of(text), Changes(vec![("cases".to_owned(), 3), ("persons".to_owned(), 4)]));
    }
}
