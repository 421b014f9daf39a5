//! Bulk load: writes rows of any register as fast as the database takes them, all of them or none.
//!
//! On PostgreSQL the tables' indexes and foreign keys are dropped, the rows copied, and indexes and keys made again, in
//! one transaction; on SQLite rows go in by the hundred, the indexes are made afterwards, and all foreign keys are
//! checked before the commit. A loader that is dropped before [`Loader::commit`] leaves the database as it was.

mod postgres;
mod sqlite;
mod text;

use sea_orm::sea_query::Value;
use sea_orm::{EntityName, EntityTrait, Iden, Iterable, ModelTrait};

/// Why a load failed. Nothing was written then.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The address names no database that can be loaded.
    #[error("the database address must begin with postgres:// or sqlite:")]
    Address,
    /// There are rows already: a load fills an empty database only.
    #[error("the table {0:?} already holds rows; a load needs an empty, migrated database")]
    NotEmpty(String),
    /// The table is none of those that the load was opened for.
    #[error("the load was not opened for the table {0:?}")]
    Foreign(String),
    /// A row refers to a row that is not there.
    #[error("{rows} rows of {table:?} refer to rows that are not there")]
    Dangling {
        /// The table.
        table: String,
        /// How many of its rows.
        rows: usize,
    },
    /// A column holds a kind of value that no register has.
    #[error("the load cannot write the value of {table}.{column}")]
    Value {
        /// The table.
        table: String,
        /// The column.
        column: String,
    },
    /// The database refused.
    #[error("the database refused the load: {0}")]
    Database(#[from] sqlx::Error),
}

/// Writes rows into a set of empty tables, and counts them.
pub struct Loader {
    database: Database,
    written: Vec<Written>,
}

/// What was written to one table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The table.
    pub table: String,
    /// How many rows.
    pub rows: u64,
}

enum Database {
    Postgres(Box<postgres::Postgres>),
    Sqlite(Box<sqlite::Sqlite>),
}

impl Loader {
    /// Opens a connection of its own and begins; refuses if one of the tables holds rows.
    pub async fn open(url: &str, tables: &[&str]) -> Result<Self, Error> {
        let database = if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            Database::Postgres(Box::new(postgres::Postgres::open(url, tables).await?))
        } else if url.starts_with("sqlite:") {
            Database::Sqlite(Box::new(sqlite::Sqlite::open(url, tables).await?))
        } else {
            return Err(Error::Address);
        };
        let written = tables.iter().map(|table| Written { table: (*table).to_owned(), rows: 0 }).collect();
        Ok(Self { database, written })
    }

    /// Writes rows of one of the tables.
    pub async fn write<M: ModelTrait + Sync>(&mut self, rows: &[M]) -> Result<(), Error> {
        let table = Table::<M>::new();
        let Some(written) = self.written.iter_mut().find(|written| written.table == table.name) else {
            return Err(Error::Foreign(table.name));
        };
        match &mut self.database {
            Database::Postgres(database) => database.write(&table, rows).await?,
            Database::Sqlite(database) => database.write(&table, rows).await?,
        }
        written.rows += rows.len() as u64;
        Ok(())
    }

    /// How many rows each table got so far, in the order in which the tables were named.
    pub fn written(&self) -> &[Written] {
        &self.written
    }

    /// Makes the indexes and foreign keys again, which checks every row.
    pub async fn restore(&mut self) -> Result<(), Error> {
        match &mut self.database {
            Database::Postgres(database) => database.restore().await,
            Database::Sqlite(database) => database.restore().await,
        }
    }

    /// Makes the rows visible to all, and lets the database look at them so that it plans well.
    pub async fn commit(self) -> Result<(), Error> {
        match self.database {
            Database::Postgres(database) => database.commit().await,
            Database::Sqlite(database) => database.commit().await,
        }
    }
}

/// A table as the loader needs it.
struct Table<M: ModelTrait> {
    name: String,
    columns: Vec<(<M::Entity as EntityTrait>::Column, String)>,
}

impl<M: ModelTrait> Table<M> {
    fn new() -> Self {
        let columns = <M::Entity as EntityTrait>::Column::iter();
        Self {
            name: M::Entity::default().table_name().to_owned(),
            columns: columns.map(|column| (column, column.unquoted().to_owned())).collect(),
        }
    }

    /// The columns' names, quoted.
    fn column_list(&self) -> String {
        self.columns.iter().map(|(_, name)| format!("\"{name}\"")).collect::<Vec<_>>().join(", ")
    }

    /// The values of a row in the order of the columns.
    fn values<'a>(&'a self, row: &'a M) -> impl Iterator<Item = (Value, &'a str)> {
        self.columns.iter().map(|(column, name)| (row.get(*column), name.as_str()))
    }

    fn no_value(&self, column: &str) -> Error {
        Error::Value { table: self.name.clone(), column: column.to_owned() }
    }
}
