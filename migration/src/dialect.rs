//! One spelling of the SQL for both databases: the statements are written for PostgreSQL, and the few words that
//! SQLite says otherwise are replaced. Text is compared as bytes on both.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DatabaseBackend};

/// PostgreSQL's word, SQLite's word. Longer words first.
const WORDS: &[(&str, &str)] = &[
    ("DOUBLE PRECISION", "REAL"),
    ("TEXT COLLATE \"C\"", "TEXT"),
    ("TIMESTAMPTZ", "TEXT"),
    ("BOOLEAN", "INTEGER"),
    ("BIGINT", "INTEGER"),
    ("UUID", "BLOB"),
    ("BYTEA", "BLOB"),
    (" DATE ", " TEXT "),
    (" DATE,", " TEXT,"),
];

/// Runs the statements, separated by a line that holds only `;`.
pub(crate) async fn run(manager: &SchemaManager<'_>, statements: &str) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    for statement in statements.split("\n;\n").map(str::trim).filter(|statement| !statement.is_empty()) {
        let statement = match connection.get_database_backend() {
            DatabaseBackend::Sqlite => for_sqlite(statement),
            _ => Some(statement.to_owned()),
        };
        if let Some(statement) = statement {
            connection.execute_unprepared(&statement).await?;
        }
    }
    Ok(())
}

/// The statement as SQLite says it; None where SQLite has no such thing (a constraint added later, columns kept in an index).
fn for_sqlite(statement: &str) -> Option<String> {
    if statement.starts_with("ALTER TABLE") && statement.contains(" CONSTRAINT ") {
        return None;
    }
    let mut statement = statement.to_owned();
    for (postgres, sqlite) in WORDS {
        statement = statement.replace(postgres, sqlite);
    }
    if let Some((kept, included)) = statement.clone().split_once(") INCLUDE (") {
        statement = format!("{kept}, {included}");
    }
    Some(statement)
}
