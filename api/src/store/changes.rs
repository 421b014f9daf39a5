//! Changes that callers ask for: each in a transaction of its own, done at most once under the caller's key.
//!
//! The key is written first of all, so that a repetition that comes at the same time waits for the first. What is refused is rolled
//! back with its key, so that nothing of it stays.

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use entities::change_key::{Column, Entity};
use sea_orm::sea_query::{Expr, OnConflict, Query};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter, TransactionTrait, Value};
use uuid::Uuid;

use super::accounts::instant;
use super::{Backend, Database, Error};
use crate::audit::{self, Entry};
use crate::policy::Account;

/// How long keys are remembered.
pub const REMEMBERED: TimeDelta = TimeDelta::days(30);

/// What tells one change from another.
#[derive(Clone, Debug)]
pub struct ChangeKey<'a> {
    /// Who asks.
    pub account: &'a Account,
    /// The mutation's root field.
    pub mutation: &'a str,
    /// The key that the caller chose.
    pub key: &'a str,
    /// Digest of the input, which must be the same for the same key.
    pub input: &'a str,
}

/// What came of a change that was done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Done {
    /// The row that was made or changed.
    pub row: Option<Uuid>,
    /// What is told beside it, as JSON.
    pub told: Option<String>,
}

/// How a change begins.
pub enum Begun {
    /// It was not done yet.
    Anew(Change),
    /// It was done, with this outcome.
    Before(Done),
    /// The key was used for another input.
    OtherInput,
}

/// A change that is being made. Without [`Change::commit`] nothing of it stays.
pub struct Change {
    pub(super) transaction: DatabaseTransaction,
    pub(super) backend: Backend,
    /// The request's instant, as the databases keep it.
    pub(super) at: DateTime<Utc>,
    key: Condition,
}

impl Change {
    /// Begins a change, if it was not done before.
    ///
    /// # Errors
    /// If the database refuses.
    pub async fn begin(database: &Database, key: ChangeKey<'_>, now: DateTime<Utc>) -> Result<Begun, Error> {
        let (backend, at) = (database.backend(), now.trunc_subsecs(6));
        let transaction = database.changing().await?.begin().await?;
        let ChangeKey { account, mutation, key, input } = key;
        let cells: [(Column, Value); 6] = [
            (Column::Issuer, account.issuer.as_str().into()),
            (Column::Subject, account.subject.as_str().into()),
            (Column::Mutation, mutation.into()),
            (Column::ChangeKey, key.into()),
            (Column::InputDigest, input.into()),
            (Column::DoneAt, instant(backend, at)),
        ];
        let of_key = Condition::all()
            .add(Column::Issuer.eq(account.issuer.as_str()))
            .add(Column::Subject.eq(account.subject.as_str()))
            .add(Column::Mutation.eq(mutation))
            .add(Column::ChangeKey.eq(key));
        let mut insert = Query::insert();
        insert.into_table(Entity).columns(cells.iter().map(|(column, _)| *column));
        insert.values(cells.into_iter().map(|(_, value)| Expr::value(value))).map_err(|error| unwritable(&error))?;
        let same = [Column::Issuer, Column::Subject, Column::Mutation, Column::ChangeKey];
        insert.on_conflict(OnConflict::columns(same).do_nothing().to_owned());
        let anew = transaction.execute(&insert).await?.rows_affected() == 1;
        if anew {
            return Ok(Begun::Anew(Self { transaction, backend, at, key: of_key }));
        }
        let known = Entity::find().filter(of_key).one(&transaction).await?;
        transaction.rollback().await?;
        // A key that was forgotten in this moment counts as used: asked again, the change is made.
        let known = known.filter(|known| known.input_digest == input);
        Ok(known.map_or(Begun::OtherInput, |known| Begun::Before(Done { row: known.row_id, told: known.told })))
    }

    /// Remembers the outcome, notes the change in the audit log if it is to be noted, and makes everything stay.
    ///
    /// # Errors
    /// If the database refuses, or the log cannot be written; nothing stays then.
    pub async fn commit(self, done: &Done, noted: Option<&Entry>) -> Result<(), Error> {
        let Done { row, told } = done;
        Entity::update_many()
            .col_expr(Column::RowId, Expr::value(Value::Uuid(*row)))
            .col_expr(Column::Told, Expr::value(told.clone()))
            .filter(self.key)
            .exec(&self.transaction)
            .await?;
        if let Some(entry) = noted {
            audit::append(&self.transaction, entry).await?;
        }
        Ok(self.transaction.commit().await?)
    }

    /// Leaves everything as it was.
    ///
    /// # Errors
    /// If the database breaks; nothing stays all the same.
    pub async fn abandon(self) -> Result<(), Error> {
        Ok(self.transaction.rollback().await?)
    }
}

/// Forgets keys that nobody repeats any more.
///
/// # Errors
/// If the database refuses.
pub async fn forget(database: &Database, now: DateTime<Utc>) -> Result<(), Error> {
    let before = instant(database.backend(), now - REMEMBERED);
    Entity::delete_many().filter(Column::DoneAt.lt(before)).exec(database.changing().await?).await?;
    Ok(())
}

pub(super) fn unwritable(error: &sea_orm::sea_query::error::Error) -> DbErr {
    DbErr::Custom(error.to_string())
}
