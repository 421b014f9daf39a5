//! Revoking accounts and single tokens, and lifting that again.

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use entities::account_revocation::{AccountRevocation, Column, Entity};
use entities::id::Id;
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, TransactionTrait, Value};

use super::change::{check_length, instant, maybe_instant, new_id, note, raise_edition};
use super::{ChangeError, Deed};
use crate::store::{Backend, Database};

/// A token holds this much longer than it says at most (`authentication.leeway_seconds`), so a revocation does too.
const LONGEST_LEEWAY: TimeDelta = TimeDelta::seconds(600);
/// Revocations of tokens that have ended are kept so long, for those who ask why a token was refused.
const KEPT: TimeDelta = TimeDelta::days(30);

/// What is revoked, of the tokens of one issuer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Revoked {
    /// All tokens of an account (claim `sub`), those to come among them.
    Account(String),
    /// One token (claim `jti`).
    Token(String),
}

impl Revoked {
    fn column(&self) -> (Column, &str) {
        match self {
            Self::Account(subject) => (Column::Subject, subject),
            Self::Token(token) => (Column::Token, token),
        }
    }

    fn of(&self, issuer: &str) -> Condition {
        let (column, name) = self.column();
        Condition::all().add(Column::Issuer.eq(issuer)).add(column.eq(name))
    }
}

/// Revokes an account or a token. `to` is when that is no longer needed: of a token, when it ends.
///
/// # Errors
/// If it is revoked already for as long, the instant is past, or the database refuses.
pub async fn revoke(
    database: &Database,
    issuer: &str,
    revoked: &Revoked,
    to: Option<DateTime<Utc>>,
    deed: &Deed,
) -> Result<Id<AccountRevocation>, ChangeError> {
    deed.check()?;
    check_length("the subject or token", revoked.column().1)?;
    let leeway = if matches!(revoked, Revoked::Token(_)) { LONGEST_LEEWAY } else { TimeDelta::zero() };
    let to = to.map(|to| to.trunc_subsecs(6) + leeway);
    if to.is_some_and(|to| to <= deed.at()) {
        return Err(ChangeError::Times("a revocation cannot end in the past: a token that has ended needs none"));
    }
    let backend = database.backend();
    let connection = database.writer().await?;
    let transaction = connection.begin().await?;
    raise_edition(&transaction).await?;
    forget(&transaction, backend, deed.at()).await?;
    let holding = Entity::find().filter(revoked.of(issuer)).filter(holding(backend, deed.at())).all(&transaction).await?;
    let longer = |ends: Option<DateTime<Utc>>| ends.is_none_or(|ends| to.is_some_and(|to| to <= ends));
    if let Some(row) = holding.iter().find(|row| longer(row.to_at)) {
        return Err(ChangeError::AlreadyRevoked(row.id.to_string()));
    }
    let id: Id<AccountRevocation> = new_id(deed.at());
    let (column, name) = revoked.column();
    let cells: [(Column, Value); 8] = [
        (Column::Id, id.into()),
        (Column::Issuer, issuer.into()),
        (column, name.into()),
        (Column::FromAt, instant(backend, deed.at())),
        (Column::ToAt, maybe_instant(backend, to)),
        (Column::Reason, deed.reason.as_str().into()),
        (Column::RevokedByIssuer, deed.by.issuer.as_str().into()),
        (Column::RevokedBy, deed.by.subject.as_str().into()),
    ];
    let mut insert = Query::insert();
    insert.into_table(Entity).columns(cells.iter().map(|(column, _)| *column));
    insert.values(cells.into_iter().map(|(_, value)| Expr::value(value))).map_err(|error| sea_orm::DbErr::Custom(error.to_string()))?;
    transaction.execute(&insert).await?;
    note(&transaction, deed, "account revoke", 1, Vec::new()).await?;
    transaction.commit().await?;
    connection.close().await?;
    Ok(id)
}

/// Lifts what is revoked; how many rows that were.
///
/// # Errors
/// If nothing is revoked, an account lifts its own, or the database refuses.
pub async fn lift(database: &Database, issuer: &str, revoked: &Revoked, deed: &Deed) -> Result<u64, ChangeError> {
    deed.check()?;
    if *revoked == Revoked::Account(deed.by.subject.clone()) && issuer == deed.by.issuer {
        return Err(ChangeError::Themselves(deed.by.subject.clone()));
    }
    let backend = database.backend();
    let connection = database.writer().await?;
    let transaction = connection.begin().await?;
    raise_edition(&transaction).await?;
    let lifted = Entity::update_many()
        .col_expr(Column::ToAt, Expr::value(instant(backend, deed.at())))
        .col_expr(Column::LiftedByIssuer, Expr::value(deed.by.issuer.as_str()))
        .col_expr(Column::LiftedBy, Expr::value(deed.by.subject.as_str()))
        .col_expr(Column::LiftReason, Expr::value(deed.reason.as_str()))
        .filter(revoked.of(issuer))
        .filter(holding(backend, deed.at()))
        .exec(&transaction)
        .await?
        .rows_affected;
    if lifted == 0 {
        return Err(ChangeError::Nothing("lift"));
    }
    note(&transaction, deed, "account restore", usize::try_from(lifted).unwrap_or(usize::MAX), Vec::new()).await?;
    transaction.commit().await?;
    connection.close().await?;
    Ok(lifted)
}

fn holding(backend: Backend, now: DateTime<Utc>) -> Condition {
    Condition::any().add(Column::ToAt.is_null()).add(Column::ToAt.gt(instant(backend, now)))
}

/// Forgets revocations of tokens that ended long ago.
async fn forget(transaction: &DatabaseTransaction, backend: Backend, now: DateTime<Utc>) -> Result<(), ChangeError> {
    Entity::delete_many()
        .filter(Column::Token.is_not_null())
        .filter(Column::ToAt.lt(instant(backend, now - KEPT)))
        .exec(transaction)
        .await?;
    Ok(())
}
