//! Keys: making them, and ending them.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, SubsecRound, Utc};
use entities::client_key::{self, ClientKey, Column, Entity};
use entities::id::Id;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, TransactionTrait, Value};

use super::change::{gave_roles, into, lasting, note};
use super::{ClientError, digest_of, digest_text};
use crate::store::Database;
use crate::store::accounts::{ChangeError, Deed, instant, new_id, raise_edition};

/// Keys of one client that hold at the same time: the old one and the one that replaces it.
pub const MOST_KEYS: usize = 2;

/// What keys begin with, so that people and scanners know them for what they are.
const PREFIX: &str = "civigrid_";

/// A key that was made. Its text is nowhere else.
pub struct NewKey {
    /// Names the key.
    pub id: Id<ClientKey>,
    /// The key itself.
    pub text: String,
}

/// True if a bearer token has the form of a client's key.
pub fn is_key(token: &str) -> bool {
    token.starts_with(PREFIX) && !token.contains('.')
}

/// Makes a key for a client, which holds from now until an instant.
///
/// # Errors
/// If there is no such client, it has ended or has keys enough, the acting account gave it a role, or the database refuses.
pub async fn make_key(database: &Database, word: &str, to: DateTime<Utc>, deed: &Deed) -> Result<NewKey, ClientError> {
    deed.check()?;
    let to = to.trunc_subsecs(6);
    if to <= deed.at() {
        return Err(ChangeError::Times("a key cannot end in the past").into());
    }
    let backend = database.backend();
    let connection = database.writer().await?;
    let transaction = connection.begin().await?;
    raise_edition(&transaction).await?;
    let client = lasting(&transaction, word, deed.now).await?;
    if gave_roles(&transaction, &client, &deed.by).await? {
        return Err(ClientError::GaveRoles(deed.by.subject.clone()));
    }
    let holding = Entity::find().filter(Column::ClientId.eq(client.id)).filter(Column::ToAt.gt(instant(backend, deed.at())));
    let holding = holding.all(&transaction).await?;
    if holding.len() >= MOST_KEYS {
        let ids: Vec<String> = holding.iter().map(|row| row.id.to_string()).collect();
        return Err(ClientError::TooManyKeys(MOST_KEYS, ids.join(", ")));
    }
    let text = format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>()));
    let id: Id<ClientKey> = new_id(deed.at());
    let cells: [(Column, Value); 9] = [
        (Column::Id, id.into()),
        (Column::ClientId, client.id.into()),
        (Column::Digest, digest_text(&digest_of(&text)).into()),
        (Column::LastFour, text[text.len() - 4..].into()),
        (Column::FromAt, instant(backend, deed.at())),
        (Column::ToAt, instant(backend, to)),
        (Column::Reason, deed.reason.as_str().into()),
        (Column::MadeByIssuer, deed.by.issuer.as_str().into()),
        (Column::MadeBy, deed.by.subject.as_str().into()),
    ];
    transaction.execute(&into(Entity, cells)?).await?;
    note(&transaction, deed, "client key add", 1, &[]).await?;
    transaction.commit().await?;
    connection.close().await?;
    Ok(NewKey { id, text })
}

/// Ends a key now.
///
/// # Errors
/// If there is no such key or it has ended, or the database refuses.
pub async fn end_key(database: &Database, id: Id<ClientKey>, deed: &Deed) -> Result<client_key::Model, ClientError> {
    deed.check()?;
    let backend = database.backend();
    let connection = database.writer().await?;
    let transaction = connection.begin().await?;
    raise_edition(&transaction).await?;
    let row = Entity::find_by_id(id).one(&transaction).await?.filter(|row| row.to_at > deed.at());
    let row = row.ok_or(ChangeError::Nothing("end"))?;
    Entity::update_many()
        .col_expr(Column::ToAt, Expr::value(instant(backend, deed.at().max(row.from_at))))
        .col_expr(Column::EndedByIssuer, Expr::value(deed.by.issuer.as_str()))
        .col_expr(Column::EndedBy, Expr::value(deed.by.subject.as_str()))
        .col_expr(Column::EndReason, Expr::value(deed.reason.as_str()))
        .filter(Column::Id.eq(id))
        .exec(&transaction)
        .await?;
    note(&transaction, deed, "client key end", 1, &[]).await?;
    transaction.commit().await?;
    connection.close().await?;
    Ok(row)
}
