//! What the register holds, for administrators.

use chrono::{DateTime, Utc};
use entities::{account_revocation, role_assignment};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder};

use super::ChangeError;
use super::change::instant;
use crate::store::Database;

/// Which rows are wanted. What is None bounds nothing.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Of this issuer.
    pub issuer: Option<String>,
    /// Of this account.
    pub subject: Option<String>,
    /// Of this role.
    pub role: Option<String>,
    /// Those that hold then or later; those that have ended too if None.
    pub holding: Option<DateTime<Utc>>,
}

/// The assignments, by account and the time they were made.
///
/// # Errors
/// If the database refuses.
pub async fn assignments(database: &Database, wanted: &Wanted) -> Result<Vec<role_assignment::Model>, ChangeError> {
    use role_assignment::{Column, Entity};
    let Wanted { issuer, subject, role, holding } = wanted;
    let mut rows = Entity::find();
    for (column, word) in [(Column::Issuer, issuer), (Column::Subject, subject), (Column::Role, role)] {
        if let Some(word) = word {
            rows = rows.filter(column.eq(word.as_str()));
        }
    }
    if let Some(now) = holding {
        rows = rows.filter(Condition::any().add(Column::ToAt.is_null()).add(Column::ToAt.gt(instant(database.backend(), *now))));
    }
    let connection = database.writer().await?;
    let rows = rows.order_by_asc(Column::Issuer).order_by_asc(Column::Subject).order_by_asc(Column::Id).all(&connection).await?;
    connection.close().await?;
    Ok(rows)
}

/// The revocations, by account and the time they were made. Roles bound nothing here.
///
/// # Errors
/// If the database refuses.
pub async fn revocations(database: &Database, wanted: &Wanted) -> Result<Vec<account_revocation::Model>, ChangeError> {
    use account_revocation::{Column, Entity};
    let Wanted { issuer, subject, role: _, holding } = wanted;
    let mut rows = Entity::find();
    for (column, word) in [(Column::Issuer, issuer), (Column::Subject, subject)] {
        if let Some(word) = word {
            rows = rows.filter(column.eq(word.as_str()));
        }
    }
    if let Some(now) = holding {
        rows = rows.filter(Condition::any().add(Column::ToAt.is_null()).add(Column::ToAt.gt(instant(database.backend(), *now))));
    }
    let connection = database.writer().await?;
    let rows = rows.order_by_asc(Column::Issuer).order_by_asc(Column::Id).all(&connection).await?;
    connection.close().await?;
    Ok(rows)
}
