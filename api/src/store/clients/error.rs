//! Why nothing was changed.

use sea_orm::DbErr;

use crate::store::Error;
use crate::store::accounts::ChangeError;

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// What can be wrong with any change of accounts.
    #[error(transparent)]
    Change(#[from] ChangeError),
    /// The acting account would answer for it.
    #[error("{0} cannot register a client that they answer for themselves: somebody else has to")]
    OwnClient(String),
    /// Whoever gave a client its roles must not hold its key too.
    #[error("{0} gave this client a role, and a key would let them act in it: somebody else has to make the key")]
    GaveRoles(String),
    /// Names tell clients apart, also those that have ended.
    #[error("there is or was a client called {0:?}; a name is used once")]
    NameTaken(String),
    /// A name that could be taken for something else.
    #[error("{0:?} is no name of a client: it has 1 to 64 of the signs A-Z a-z 0-9 . _ - and does not begin with \"client_\"")]
    NoName(String),
    /// A word that no purpose can be.
    #[error("{0:?} is no purpose: it has 1 to 64 capital letters, digits and _, like CASE_HANDLING")]
    NoPurpose(String),
    /// Nobody would answer for it.
    #[error("somebody must answer for a client: name an account or a department")]
    NoOwner,
    /// It holds no more, so nothing is made for it.
    #[error("the client {0:?} has ended")]
    Ended(String),
    /// Keys overlap while one is replaced by the next, and no longer.
    #[error("the client has {0} keys that hold, which is the most; end one of them first: {1}")]
    TooManyKeys(usize, String),
    /// There is a bound on what every server keeps in memory.
    #[error("a client can have {0} documents at most; remove some first")]
    TooManyDocuments(usize),
    /// The text is registered.
    #[error("this document is registered already: {0}")]
    KnownDocument(String),
}

impl From<DbErr> for ClientError {
    fn from(error: DbErr) -> Self {
        Self::Change(error.into())
    }
}

impl From<Error> for ClientError {
    fn from(error: Error) -> Self {
        Self::Change(error.into())
    }
}
