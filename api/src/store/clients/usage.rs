//! Taking from a day's quota. A server takes some requests at once before it answers them, so that all servers together
//! never answer more than the quota, whatever becomes of one of them.

use chrono::NaiveDate;
use entities::client_usage::{Column, Entity};
use entities::id::Id;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseConnection, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::change::into;
use crate::store::sql::DATE_FORMAT;
use crate::store::{Database, Error};

/// How often another server may be quicker before this one gives up.
const MOST_TRIES: usize = 100;

/// Takes up to `wanted` requests of a client's quota of a day; how many could be taken.
///
/// # Errors
/// If the database refuses, or too many servers take at once.
pub async fn take(database: &Database, client: Uuid, day: NaiveDate, wanted: u32, quota: u32) -> Result<u32, Error> {
    let connection = database.changing().await?;
    take_on(connection, Id::new(client), &day.format(DATE_FORMAT).to_string(), (wanted, quota)).await
}

async fn take_on(
    connection: &DatabaseConnection,
    client: Id<entities::client::Client>,
    day: &str,
    (wanted, quota): (u32, u32),
) -> Result<u32, Error> {
    let mut first = into(Entity, [(Column::ClientId, client.into()), (Column::Day, day.into()), (Column::Taken, 0i64.into())])?;
    first.on_conflict(OnConflict::columns([Column::ClientId, Column::Day]).do_nothing().to_owned());
    connection.execute(&first).await?;
    let row = || Entity::find().filter(Column::ClientId.eq(client)).filter(Column::Day.eq(day));
    for _ in 0..MOST_TRIES {
        let taken = row().one(connection).await?.map_or(0, |row| row.taken);
        let free = u32::try_from(i64::from(quota) - taken).unwrap_or(0).min(wanted);
        if free == 0 {
            return Ok(0);
        }
        // Only if nobody took any in between.
        let update = Entity::update_many().col_expr(Column::Taken, Expr::value(taken + i64::from(free)));
        let update = update.filter(Column::ClientId.eq(client)).filter(Column::Day.eq(day)).filter(Column::Taken.eq(taken));
        if update.exec(connection).await?.rows_affected == 1 {
            return Ok(free);
        }
    }
    Err(Error::Exhausted)
}
