//! Loading SQLite by inserts of many rows, without indexes while they come in.

use std::str::FromStr;

use sea_orm::ModelTrait;
use sea_orm::sea_query::Value;
use sqlx::query::Query;
use sqlx::sqlite::{SqliteArguments, SqliteConnectOptions, SqliteSynchronous};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor, Row, SqliteConnection};

use super::{Error, Table, text};

/// How many values one statement may carry; SQLite's own limit is 32,766.
const VALUES: usize = 4_000;

/// A load in its one transaction.
pub(super) struct Sqlite {
    connection: SqliteConnection,
    /// Statements that make the indexes again.
    restore: Vec<String>,
}

impl Sqlite {
    pub(super) async fn open(url: &str, tables: &[&str]) -> Result<Self, Error> {
        // Losing power may lose the load, which is then begun again; a crash of the program loses nothing but the load.
        let options = SqliteConnectOptions::from_str(url)?
            .foreign_keys(false)
            .synchronous(SqliteSynchronous::Off)
            .pragma("cache_size", "-200000")
            .pragma("temp_store", "MEMORY");
        let mut load = Self { connection: options.connect().await?, restore: Vec::new() };
        load.say("BEGIN IMMEDIATE").await?;
        for table in tables {
            let held =
                sqlx::query(AssertSqlSafe(format!("SELECT 1 FROM \"{table}\" LIMIT 1"))).fetch_optional(&mut load.connection).await?;
            if held.is_some() {
                return Err(Error::NotEmpty((*table).to_owned()));
            }
            load.strip(table).await?;
        }
        Ok(load)
    }

    pub(super) async fn write<M: ModelTrait>(&mut self, table: &Table<M>, rows: &[M]) -> Result<(), Error> {
        let width = table.columns.len();
        for part in rows.chunks((VALUES / width).max(1)) {
            let places = format!("({})", vec!["?"; width].join(", "));
            let places = vec![places; part.len()].join(", ");
            let statement = format!("INSERT INTO \"{}\" ({}) VALUES {places}", table.name, table.column_list());
            let mut insert = sqlx::query(AssertSqlSafe(statement));
            for row in part {
                for (value, column) in table.values(row) {
                    insert = bind(insert, value).ok_or_else(|| table.no_value(column))?;
                }
            }
            // Only the statement of a full part is worth keeping prepared.
            insert.persistent(part.len() == VALUES / width).execute(&mut self.connection).await?;
        }
        Ok(())
    }

    pub(super) async fn restore(&mut self) -> Result<(), Error> {
        for statement in std::mem::take(&mut self.restore) {
            self.say(&statement).await?;
        }
        let dangling = sqlx::query("PRAGMA foreign_key_check").fetch_all(&mut self.connection).await?;
        match dangling.first() {
            Some(row) => Err(Error::Dangling { table: row.try_get(0)?, rows: dangling.len() }),
            None => Ok(()),
        }
    }

    pub(super) async fn commit(mut self) -> Result<(), Error> {
        self.say("COMMIT").await?;
        self.say("ANALYZE").await?;
        self.connection.close().await?;
        Ok(())
    }

    /// Drops the table's own indexes, and notes how to make them again.
    async fn strip(&mut self, table: &str) -> Result<(), Error> {
        let indexes = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name = ? ORDER BY name";
        let rows = sqlx::query(indexes).bind(table).fetch_all(&mut self.connection).await?;
        for row in rows {
            let name: String = row.try_get(0)?;
            self.restore.push(row.try_get(1)?);
            self.say(&format!("DROP INDEX \"{name}\"")).await?;
        }
        Ok(())
    }

    async fn say(&mut self, statement: &str) -> Result<(), Error> {
        self.connection.execute(sqlx::raw_sql(AssertSqlSafe(statement.to_owned()))).await?;
        Ok(())
    }
}

type Insert<'q> = Query<'q, sqlx::Sqlite, SqliteArguments>;

/// Binds a value as the migrations' columns hold it; None if it is of a kind that no register has.
fn bind(insert: Insert<'_>, value: Value) -> Option<Insert<'_>> {
    Some(match value {
        Value::Bool(value) => insert.bind(value),
        Value::Int(value) => insert.bind(value),
        Value::BigInt(value) => insert.bind(value),
        Value::Double(value) => insert.bind(value),
        Value::String(value) => insert.bind(value),
        Value::Uuid(value) => insert.bind(value.map(|uuid| uuid.as_bytes().to_vec())),
        Value::ChronoDate(value) => insert.bind(value.map(|day| in_text(|text| text::day(day, text)))),
        Value::ChronoDateTimeUtc(value) => insert.bind(value.map(|instant| in_text(|text| text::instant(&instant, text)))),
        _ => return None,
    })
}

fn in_text(write: impl FnOnce(&mut Vec<u8>)) -> String {
    let mut text = Vec::with_capacity(27);
    write(&mut text);
    String::from_utf8_lossy(&text).into_owned()
}
