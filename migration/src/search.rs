//! Indexes for searches in names, inside a district: for each row the beginnings of its keys are looked up together with
//! the first six digits of its place.
//!
//! PostgreSQL keeps them in a GIN index over an expression of the row, which no writer can forget. SQLite has no such
//! index; there a table of keys is kept right by triggers.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DatabaseBackend};

/// What turns a place of 15 digits into its district of 6.
const DISTRICT: &str = "1000000000";

/// Makes the index of a table's column of keys, whose rows have their place in `region_code`. On SQLite only what is written
/// afterwards is found.
pub(crate) async fn index(manager: &SchemaManager<'_>, table: &str, keys: &str) -> Result<(), DbErr> {
    let statements = match manager.get_database_backend() {
        DatabaseBackend::Sqlite => sqlite(table, keys),
        _ => vec![format!("CREATE INDEX {table}_{keys} ON {table} USING gin ({})", lexemes(keys))],
    };
    run(manager, statements).await
}

/// Removes it.
pub(crate) async fn drop_index(manager: &SchemaManager<'_>, table: &str, keys: &str) -> Result<(), DbErr> {
    let statements = match manager.get_database_backend() {
        DatabaseBackend::Sqlite => {
            let triggers = ["insert", "update", "delete"].map(|event| format!("DROP TRIGGER {table}_{keys}_{event}"));
            triggers.into_iter().chain([format!("DROP TABLE {table}_{keys}")]).collect()
        }
        _ => vec![format!("DROP INDEX {table}_{keys}")],
    };
    run(manager, statements).await
}

async fn run(manager: &SchemaManager<'_>, statements: Vec<String>) -> Result<(), DbErr> {
    for statement in statements {
        manager.get_connection().execute_unprepared(&statement).await?;
    }
    Ok(())
}

/// Each key with the district before it: `500112:wangwei`. The store asks with the same words.
fn lexemes(keys: &str) -> String {
    let district = format!("(region_code / {DISTRICT})::text");
    format!("array_to_tsvector(string_to_array({district} || ':' || replace({keys}, ' ', ' ' || {district} || ':'), ' '))")
}

fn sqlite(table: &str, keys: &str) -> Vec<String> {
    let name = format!("{table}_{keys}");
    // Quoted as JSON and then divided at its spaces, the column is a list of texts, whatever is in it.
    let listed =
        |row: &str| format!("SELECT value FROM json_each('[' || replace(json_quote({row}.{keys}), ' ', '\",\"') || ']') WHERE value <> ''");
    let add = format!(
        "INSERT OR IGNORE INTO {name} SELECT NEW.region_code / {DISTRICT}, value, NEW.id FROM ({}) WHERE NEW.region_code IS NOT NULL",
        listed("NEW")
    );
    let remove = format!("DELETE FROM {name} WHERE district = OLD.region_code / {DISTRICT} AND id = OLD.id AND key IN ({})", listed("OLD"));
    let table_of_keys = format!(
        "CREATE TABLE {name} (district INTEGER NOT NULL, key TEXT NOT NULL, id BLOB NOT NULL, PRIMARY KEY (district, key, id)) WITHOUT ROWID"
    );
    vec![
        table_of_keys,
        format!("CREATE TRIGGER {name}_insert AFTER INSERT ON {table} BEGIN {add}; END"),
        format!("CREATE TRIGGER {name}_update AFTER UPDATE OF id, region_code, {keys} ON {table} BEGIN {remove}; {add}; END"),
        format!("CREATE TRIGGER {name}_delete AFTER DELETE ON {table} BEGIN {remove}; END"),
    ]
}
