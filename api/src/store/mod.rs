//! The store: stub.

/// Why the store failed.
#[derive(Debug, thiserror::Error)]
#[error("store")]
pub struct Error;

/// The databases.
#[derive(Clone)]
pub struct Database;

impl Database {
    /// Connects.
    pub async fn connect(_: &crate::config::Database) -> Result<Self, Error> {
        Ok(Self)
    }

    /// Answers if the database does.
    pub async fn ready(&self) -> Result<(), Error> {
        Ok(())
    }

    /// Brings the database's shape up to date.
    pub async fn migrate(&self) -> Result<(), Error> {
        Ok(())
    }
}
