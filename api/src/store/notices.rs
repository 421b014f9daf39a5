//! What is to be told to somebody outside: written with what it tells of, and tried until it is delivered.

use chrono::{DateTime, TimeDelta, Utc};
use entities::notice::{Column, Entity};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Value};
use uuid::{NoContext, Timestamp, Uuid};

use super::accounts::instant;
use super::changes::{Change, unwritable};
use super::{Database, Error};

/// How many notices are tried at once.
const AT_ONCE: u64 = 20;
/// The time to the second try; each further one waits twice as long …
const FIRST_WAIT: TimeDelta = TimeDelta::seconds(2);
/// … but no longer than this.
const LONGEST_WAIT: TimeDelta = TimeDelta::minutes(5);

/// A notice that is to be delivered now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// Its key.
    pub id: Uuid,
    /// What it tells of.
    pub kind: String,
    /// JSON.
    pub body: String,
    /// How often it was tried before.
    pub tries: i32,
}

impl Change {
    /// Writes a notice, due at once.
    ///
    /// # Errors
    /// If the database refuses.
    pub async fn notify(&self, kind: &str, body: &str) -> Result<(), Error> {
        let seconds = u64::try_from(self.at.timestamp()).unwrap_or_default();
        let id = Uuid::new_v7(Timestamp::from_unix(NoContext, seconds, self.at.timestamp_subsec_nanos()));
        let cells: [(Column, Value); 6] = [
            (Column::Id, Value::Uuid(Some(id))),
            (Column::Kind, kind.into()),
            (Column::Body, body.into()),
            (Column::CreatedAt, instant(self.backend, self.at)),
            (Column::NextTryAt, instant(self.backend, self.at)),
            (Column::Tries, 0.into()),
        ];
        let mut insert = Query::insert();
        insert.into_table(Entity).columns(cells.iter().map(|(column, _)| *column));
        insert.values(cells.into_iter().map(|(_, value)| Expr::value(value))).map_err(|error| unwritable(&error))?;
        self.transaction.execute(&insert).await?;
        Ok(())
    }
}

/// Takes the notices that are due: no other server takes them until their next try.
///
/// # Errors
/// If the database refuses.
pub async fn take(database: &Database, now: DateTime<Utc>) -> Result<Vec<Due>, Error> {
    let (connection, backend) = (database.changing().await?, database.backend());
    let due = || Column::DeliveredAt.is_null().and(Column::NextTryAt.lte(instant(backend, now)));
    let rows = Entity::find().filter(due()).order_by_asc(Column::Id).limit(AT_ONCE).all(connection).await?;
    let mut taken = Vec::with_capacity(rows.len());
    for row in rows {
        let next = now + wait_after(row.tries);
        let mine = Entity::update_many()
            .col_expr(Column::Tries, Expr::col(Column::Tries).add(1))
            .col_expr(Column::NextTryAt, Expr::value(instant(backend, next)))
            .filter(Column::Id.eq(row.id))
            .filter(due())
            .exec(connection)
            .await?;
        if mine.rows_affected == 1 {
            taken.push(Due { id: row.id, kind: row.kind, body: row.body.unwrap_or_default(), tries: row.tries });
        }
    }
    Ok(taken)
}

/// Notes that a notice was delivered, and forgets its text.
///
/// # Errors
/// If the database refuses; the notice is then delivered again.
pub async fn delivered(database: &Database, id: Uuid, now: DateTime<Utc>) -> Result<(), Error> {
    Entity::update_many()
        .col_expr(Column::DeliveredAt, Expr::value(instant(database.backend(), now)))
        .col_expr(Column::Body, Expr::value(Value::String(None)))
        .filter(Column::Id.eq(id))
        .exec(database.changing().await?)
        .await?;
    Ok(())
}

fn wait_after(tries: i32) -> TimeDelta {
    let doubled = std::cmp::min(u32::try_from(tries).unwrap_or_default(), 20);
    std::cmp::min(FIRST_WAIT * 2_i32.saturating_pow(doubled), LONGEST_WAIT)
}
