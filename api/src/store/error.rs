//! What can go wrong between the program and its database. Nothing of it is told outward.

/// PostgreSQL's code for a statement that was stopped (manual, appendix A).
const QUERY_CANCELED: &str = "57014";
/// PostgreSQL's code for a table that is not there.
const UNDEFINED_TABLE: &str = "42P01";

/// A failure of the store.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The address of the database is not one of PostgreSQL or SQLite.
    #[error("the database URL must begin with postgres:// or sqlite:, not {0:?}")]
    UnknownScheme(String),
    /// The statement took longer than allowed.
    #[error("a statement was stopped after its time limit")]
    Timeout,
    /// No connection became free in time.
    #[error("no database connection became free in time")]
    Exhausted,
    /// The database refused or broke.
    #[error("database: {0}")]
    Database(sqlx::Error),
    /// PostgreSQL refused, or its connection broke, while reading.
    #[error("database: {0}")]
    Postgres(super::postgres::Error),
    /// SeaORM refused or broke.
    #[error("database: {0}")]
    Orm(sea_orm::DbErr),
    /// The tables are not there, or not as this program needs them.
    #[error("the database's shape is not up to date; run `civigrid migrate`")]
    NotMigrated,
    /// A row does not hold what its column promises.
    #[error("the database gave a value that column {column} of the statement cannot hold")]
    Undecodable {
        /// Position of the column.
        column: usize,
    },
    /// The region table is not a tree.
    #[error("the region tree is broken: {0}")]
    RegionTree(String),
}

impl Error {
    /// True if the database cannot be reached: the same question may be answered in a moment.
    pub fn is_unreachable(&self) -> bool {
        match self {
            Self::Postgres(error) => error.is_the_connections(),
            Self::Database(sqlx::Error::Io(_)) => true,
            _ => false,
        }
    }
}

impl From<sea_orm::DbErr> for Error {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::Orm(error)
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            // SQLite says 9, interrupted.
            sqlx::Error::Database(cause) if cause.code().is_some_and(|code| code == QUERY_CANCELED || code == "9") => Self::Timeout,
            // SQLite has no code of its own for a table that is missing.
            sqlx::Error::Database(cause)
                if cause.code().is_some_and(|code| code == UNDEFINED_TABLE) || cause.message().starts_with("no such table") =>
            {
                Self::NotMigrated
            }
            _ => Self::Database(error),
        }
    }
}

impl From<super::postgres::Error> for Error {
    fn from(error: super::postgres::Error) -> Self {
        match &error {
            super::postgres::Error::Refused { code, .. } if code == QUERY_CANCELED => Self::Timeout,
            super::postgres::Error::Refused { code, .. } if code == UNDEFINED_TABLE => Self::NotMigrated,
            _ => Self::Postgres(error),
        }
    }
}
