//! What the register holds, for administrators.

use entities::id::Id;
use entities::{client, client_document, client_key, client_usage};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::ClientError;
use crate::store::Database;
use crate::store::accounts::{ChangeError, unknown};

/// All clients, by name.
///
/// # Errors
/// If the database refuses.
pub async fn all(database: &Database) -> Result<Vec<client::Model>, ClientError> {
    let connection = database.writer().await?;
    let rows = client::Entity::find().order_by_asc(client::Column::Name).all(&connection).await?;
    connection.close().await?;
    Ok(rows)
}

/// The client of this name or id.
///
/// # Errors
/// If there is none, with the nearest name, or the database refuses.
pub async fn by_word(database: &Database, word: &str) -> Result<client::Model, ClientError> {
    let connection = database.writer().await?;
    let row = find(&connection, word).await?;
    connection.close().await?;
    Ok(row)
}

/// The client's keys, oldest first.
///
/// # Errors
/// If the database refuses.
pub async fn keys(database: &Database, client: Id<client::Client>) -> Result<Vec<client_key::Model>, ClientError> {
    let connection = database.writer().await?;
    let rows = client_key::Entity::find().filter(client_key::Column::ClientId.eq(client));
    let rows = rows.order_by_asc(client_key::Column::Id).all(&connection).await?;
    connection.close().await?;
    Ok(rows)
}

/// The client's documents that hold, by name.
///
/// # Errors
/// If the database refuses.
pub async fn documents(database: &Database, client: Id<client::Client>) -> Result<Vec<client_document::Model>, ClientError> {
    use client_document::{Column, Entity};
    let connection = database.writer().await?;
    let rows = Entity::find().filter(Column::ClientId.eq(client)).filter(Column::RemovedAt.is_null());
    let rows = rows.order_by_asc(Column::Name).order_by_asc(Column::Id).all(&connection).await?;
    connection.close().await?;
    Ok(rows)
}

/// How much of each day's quota servers have taken, the newest day first.
///
/// # Errors
/// If the database refuses.
pub async fn taken(database: &Database, client: Id<client::Client>) -> Result<Vec<client_usage::Model>, ClientError> {
    let connection = database.writer().await?;
    let rows = client_usage::Entity::find().filter(client_usage::Column::ClientId.eq(client));
    let rows = rows.order_by_desc(client_usage::Column::Day).all(&connection).await?;
    connection.close().await?;
    Ok(rows)
}

/// The client of this name or id.
pub(super) async fn find(connection: &impl ConnectionTrait, word: &str) -> Result<client::Model, ChangeError> {
    let id = entities::id::parse(word).filter(|(prefix, _)| *prefix == "client").map(|(_, uuid)| Id::new(uuid));
    let found = match id {
        Some(id) => client::Entity::find_by_id(id).one(connection).await?,
        None => client::Entity::find().filter(client::Column::Name.eq(word)).one(connection).await?,
    };
    if let Some(row) = found {
        return Ok(row);
    }
    let names = client::Entity::find().order_by_asc(client::Column::Name).all(connection).await?;
    Err(unknown("client", word, &names.iter().map(|row| row.name.as_str()).collect::<Vec<_>>()))
}
