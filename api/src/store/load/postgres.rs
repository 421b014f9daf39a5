//! Loading PostgreSQL by COPY, without indexes and foreign keys while the rows come in.

use sea_orm::ModelTrait;
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor, PgConnection, Row};

use super::{Error, Table, text};

/// A load in its one transaction.
pub(super) struct Postgres {
    connection: PgConnection,
    tables: Vec<String>,
    /// Statements that make again what was dropped, indexes before the keys that need them.
    restore: Vec<String>,
    buffer: Vec<u8>,
}

/// Foreign keys of, or to, the tables: name of the table, of the key, and its definition.
const FOREIGN_KEYS: &str = "SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint \
     WHERE contype = 'f' AND (conrelid = ANY($1::text[]::regclass[]) OR confrelid = ANY($1::text[]::regclass[])) ORDER BY 1, 2";
/// Unique constraints of the tables, but for primary keys.
const UNIQUE: &str = "SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint \
     WHERE contype = 'u' AND conrelid = ANY($1::text[]::regclass[]) ORDER BY 1, 2";
/// Indexes of the tables that no constraint owns.
const INDEXES: &str = "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index \
     WHERE indrelid = ANY($1::text[]::regclass[]) AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid) ORDER BY 1";

impl Postgres {
    pub(super) async fn open(url: &str, tables: &[&str]) -> Result<Self, Error> {
        // Indexes take long; the progress bar says so, and no warning needs to.
        let options: PgConnectOptions = url.parse()?;
        let connection = options.disable_statement_logging().connect().await?;
        let tables = tables.iter().map(|table| (*table).to_owned()).collect();
        let mut load = Self { connection, tables, restore: Vec::new(), buffer: Vec::new() };
        load.say("BEGIN").await?;
        for setting in ["maintenance_work_mem = '512MB'", "statement_timeout = 0", "lock_timeout = '10s'"] {
            load.say(&format!("SET LOCAL {setting}")).await?;
        }
        load.claim().await?;
        load.strip().await?;
        Ok(load)
    }

    pub(super) async fn write<M: ModelTrait>(&mut self, table: &Table<M>, rows: &[M]) -> Result<(), Error> {
        if rows.is_empty() {
            return Ok(());
        }
        let statement = format!("COPY \"{}\" ({}) FROM STDIN WITH (FREEZE)", table.name, table.column_list());
        let mut copy = self.connection.copy_in_raw(&statement).await?;
        for part in rows.chunks(2_000) {
            self.buffer.clear();
            for row in part {
                for (value, column) in table.values(row) {
                    if !text::cell(&value, &mut self.buffer) {
                        return Err(table.no_value(column));
                    }
                    self.buffer.push(b'\t');
                }
                if let Some(end) = self.buffer.last_mut() {
                    *end = b'\n';
                }
            }
            copy.send(self.buffer.as_slice()).await?;
        }
        copy.finish().await?;
        Ok(())
    }

    pub(super) async fn restore(&mut self) -> Result<(), Error> {
        for statement in std::mem::take(&mut self.restore) {
            self.say(&statement).await?;
        }
        Ok(())
    }

    pub(super) async fn commit(mut self) -> Result<(), Error> {
        self.say("COMMIT").await?;
        let tables = self.quoted();
        self.say(&format!("VACUUM ANALYZE {tables}")).await?;
        self.connection.close().await?;
        Ok(())
    }

    /// Takes the tables for itself and makes sure that they are empty.
    async fn claim(&mut self) -> Result<(), Error> {
        let tables = self.quoted();
        self.say(&format!("LOCK TABLE {tables} IN ACCESS EXCLUSIVE MODE")).await?;
        for table in self.tables.clone() {
            let held = sqlx::query(AssertSqlSafe(format!("SELECT FROM \"{table}\" LIMIT 1"))).fetch_optional(&mut self.connection).await?;
            if held.is_some() {
                return Err(Error::NotEmpty(table));
            }
        }
        Ok(())
    }

    /// Drops what slows the load, and notes how to make it again. The tables are cut to nothing in this transaction, so
    /// that the rows can be written as old ones that no later vacuum needs to touch.
    async fn strip(&mut self) -> Result<(), Error> {
        let keys = self.constraints(FOREIGN_KEYS).await?;
        let unique = self.constraints(UNIQUE).await?;
        for (table, name, _) in keys.iter().chain(&unique) {
            self.say(&format!("ALTER TABLE {table} DROP CONSTRAINT {name}")).await?;
        }
        let rows = sqlx::query(INDEXES).bind(&self.tables).fetch_all(&mut self.connection).await?;
        for row in rows {
            let name: String = row.try_get(0)?;
            self.say(&format!("DROP INDEX {name}")).await?;
            self.restore.push(row.try_get(1)?);
        }
        for (table, name, definition) in unique.into_iter().chain(keys) {
            self.restore.push(format!("ALTER TABLE {table} ADD CONSTRAINT {name} {definition}"));
        }
        let tables = self.quoted();
        self.say(&format!("TRUNCATE {tables}")).await
    }

    async fn constraints(&mut self, statement: &'static str) -> Result<Vec<(String, String, String)>, Error> {
        let rows = sqlx::query(statement).bind(&self.tables).fetch_all(&mut self.connection).await?;
        rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?))).collect()
    }

    async fn say(&mut self, statement: &str) -> Result<(), Error> {
        self.connection.execute(sqlx::raw_sql(AssertSqlSafe(statement.to_owned()))).await?;
        Ok(())
    }

    fn quoted(&self) -> String {
        self.tables.iter().map(|table| format!("\"{table}\"")).collect::<Vec<_>>().join(", ")
    }
}
