//! Reading from PostgreSQL over its own protocol (documented in its manual, chapter 55), with the messages of the
//! `postgres-protocol` crate.
//!
//! A request needs what no pooled driver offers: all its statements in one implicit transaction, several of them sent
//! before the first is answered, and rows left in the bytes they came in. `docs/adr/0009` has the measurements.
//! Writing, migrating and loading go through SeaORM and sqlx.
//!
//! Read in this order: `target` (where to connect), `start` (greeting and password), `tls`, `client` (statements),
//! `parameters` (values on their way out), `rows` (values on their way in).

mod client;
mod parameters;
mod rows;
mod start;
mod target;
mod tls;

pub(super) use client::Client;
pub use client::Statement;
pub use rows::PostgresRows;
pub(super) use target::Target;

use std::io;

/// Why PostgreSQL gave no rows.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The address cannot be used.
    #[error("the address of PostgreSQL: {0}")]
    Address(String),
    /// The connection broke, or could not be made.
    #[error("the connection to PostgreSQL: {0}")]
    Connection(#[from] io::Error),
    /// The server's certificate, or the files that should prove it, cannot be used.
    #[error("TLS with PostgreSQL: {0}")]
    Tls(String),
    /// The server asks for a kind of proof that is not known here.
    #[error("PostgreSQL asks for {0}, which is not supported; use scram-sha-256 or md5")]
    Authentication(&'static str),
    /// The server ended the connection.
    #[error("PostgreSQL ended the connection")]
    Ended,
    /// The server sent what the protocol does not allow here.
    #[error("PostgreSQL answered out of order: {0}")]
    Protocol(&'static str),
    /// The server refused.
    #[error("{message} (SQLSTATE {code})")]
    Refused {
        /// The five characters of SQLSTATE (manual, appendix A).
        code: String,
        /// The server's own words.
        message: String,
    },
}

/// The server is shutting down, by the operator or after a crash (SQLSTATE class 57P).
const SHUTTING_DOWN: [&str; 3] = ["57P01", "57P02", "57P03"];

impl Error {
    /// True if the connection is at fault, so that another one may do.
    pub(super) fn is_the_connections(&self) -> bool {
        match self {
            Self::Connection(_) | Self::Ended => true,
            Self::Refused { code, .. } => SHUTTING_DOWN.contains(&code.as_str()),
            Self::Address(_) | Self::Tls(_) | Self::Authentication(_) | Self::Protocol(_) => false,
        }
    }
}
