//! What all changes share: who makes them, why they are refused, and the edition that tells servers.

use chrono::{DateTime, SubsecRound, Utc};
use entities::catalog::Register;
use entities::id::{Id, Kind};
use entities::{account_edition, role_assignment};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ConnectionTrait, DbErr, EntityTrait, Value};
use uuid::{NoContext, Timestamp, Uuid};

use crate::audit::{self, Entry, Record};
use crate::clock::INSTANT_FORMAT;
use crate::policy::{Account, Caller, CallerKind};
use crate::store::{Backend, Error};

/// Who changes something, why and when.
#[derive(Clone, Debug)]
pub struct Deed {
    /// The acting account.
    pub by: Account,
    /// Why.
    pub reason: String,
    /// The present.
    pub now: DateTime<Utc>,
}

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    /// The acting account is the one that would gain.
    #[error("{0} cannot give roles to themselves or lift their own revocation: somebody else has to")]
    Themselves(String),
    /// Who gives a client roles must not be the one who answers for it or made its keys.
    #[error("{0} answers for this client or made a key of it: somebody else has to give it roles")]
    OwnClient(String),
    /// A word that is not known.
    #[error("there is no {what} {word:?}{hint}")]
    Unknown {
        /// What it should be.
        what: &'static str,
        /// The word.
        word: String,
        /// The nearest known word, or all.
        hint: String,
    },
    /// A name that several departments have.
    #[error("several departments are called {0:?}; give the id: {1}")]
    Ambiguous(String, String),
    /// The account holds it in that time.
    #[error("the account holds this already: {0}")]
    AlreadyHeld(String),
    /// What is revoked is revoked.
    #[error("this is revoked already: {0}")]
    AlreadyRevoked(String),
    /// There is nothing of what should be changed.
    #[error("there is nothing to {0}: no such row holds at that time")]
    Nothing(&'static str),
    /// Times that make no sense.
    #[error("{0}")]
    Times(&'static str),
    /// A word that must say something.
    #[error("{0} must not be empty or longer than {1} bytes")]
    Length(&'static str, usize),
    /// The database refuses.
    #[error(transparent)]
    Database(#[from] DbErr),
    /// The database cannot be reached.
    #[error(transparent)]
    Unreachable(#[from] Error),
}

/// The longest name of an account or a token; longer ones no token has.
const LONGEST_NAME: usize = 256;
/// The longest reason.
const LONGEST_REASON: usize = 2_000;

impl Deed {
    pub(in crate::store) fn check(&self) -> Result<(), ChangeError> {
        check_length("the acting account (by)", &self.by.subject)?;
        if self.reason.trim().is_empty() || self.reason.len() > LONGEST_REASON {
            return Err(ChangeError::Length("the reason", LONGEST_REASON));
        }
        Ok(())
    }

    /// The present as the databases keep it.
    pub(in crate::store) fn at(&self) -> DateTime<Utc> {
        self.now.trunc_subsecs(6)
    }
}

pub(in crate::store) fn check_length(what: &'static str, text: &str) -> Result<(), ChangeError> {
    if text.is_empty() || text.len() > LONGEST_NAME { Err(ChangeError::Length(what, LONGEST_NAME)) } else { Ok(()) }
}

/// Raises the edition, which also makes other changes of accounts wait for this transaction. First of all in it.
pub(in crate::store) async fn raise_edition(connection: &impl ConnectionTrait) -> Result<(), DbErr> {
    let edition = account_edition::Column::Edition;
    account_edition::Entity::update_many().col_expr(edition, Expr::col(edition).add(1)).exec(connection).await.map(drop)
}

/// Notes a change of role assignments or revocations in the audit log, in the change's own transaction. `persons` are those
/// whom it is about.
pub(super) async fn note(
    transaction: &impl ConnectionTrait,
    deed: &Deed,
    operation: &'static str,
    rows: usize,
    persons: Vec<Uuid>,
) -> Result<(), DbErr> {
    let noted = Noted { operation, rows, register: &role_assignment::REGISTER, fields: &["subject"], persons };
    note_change(transaction, deed, noted).await
}

/// What the audit log is told of a change.
pub(in crate::store) struct Noted<'a> {
    pub(in crate::store) operation: &'static str,
    pub(in crate::store) rows: usize,
    pub(in crate::store) register: &'static Register,
    /// The personal fields of the register that were written.
    pub(in crate::store) fields: &'a [&'static str],
    /// Whom it is about.
    pub(in crate::store) persons: Vec<Uuid>,
}

/// Notes a change in the audit log, in the change's own transaction.
pub(in crate::store) async fn note_change(transaction: &impl ConnectionTrait, deed: &Deed, noted: Noted<'_>) -> Result<(), DbErr> {
    let Noted { operation, rows, register, fields, persons } = noted;
    let caller = Caller { kind: CallerKind::Person, account: Some(deed.by.clone()), ..Caller::anonymous() };
    let mut record = Record::new(audit::Kind::Change, deed.at(), &caller);
    (record.operation, record.reason, record.rows) = (Some(operation), Some(deed.reason.as_str()), rows as u64);
    let written = fields.iter().filter_map(|name| register.field(name));
    record.shown = written.map(|(index, _)| audit::Field { register, index }).collect();
    audit::append(transaction, &Entry::of(record, &caller, persons)).await
}

/// An instant as the database keeps it.
pub(in crate::store) fn instant(backend: Backend, at: DateTime<Utc>) -> Value {
    match backend {
        Backend::Postgres => at.into(),
        Backend::Sqlite => at.format(INSTANT_FORMAT).to_string().into(),
    }
}

/// An instant, or none.
pub(in crate::store) fn maybe_instant(backend: Backend, at: Option<DateTime<Utc>>) -> Value {
    match (at, backend) {
        (Some(at), backend) => instant(backend, at),
        (None, Backend::Postgres) => Value::ChronoDateTimeUtc(None),
        (None, Backend::Sqlite) => Value::String(None),
    }
}

/// A new key that carries the instant.
pub(in crate::store) fn new_id<K: Kind>(at: DateTime<Utc>) -> Id<K> {
    let seconds = u64::try_from(at.timestamp()).unwrap_or_default();
    Id::new(Uuid::new_v7(Timestamp::from_unix(NoContext, seconds, at.timestamp_subsec_nanos())))
}
