//! Documents that a client may send by their hash: registering and removing them.

use std::collections::HashSet;

use entities::client_document::{self, ClientDocument, Column, Entity};
use entities::id::Id;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, TransactionTrait, Value};

use super::change::{into, lasting, note};
use super::list::find;
use super::{ClientError, Digest, digest_of, digest_text};
use crate::store::Database;
use crate::store::accounts::{ChangeError, Deed, check_length, instant, new_id, raise_edition};

/// The most documents of one client: every server holds their texts in memory.
pub const MOST_DOCUMENTS: usize = 1_000;

/// A document to be registered.
#[derive(Clone, Debug)]
pub struct NewDocument {
    /// The operations it holds, for people.
    pub name: String,
    /// The text, exactly as the client sends or hashes it.
    pub text: String,
}

/// Registers documents for a client, all or none. Those that are registered already are left as they are; how many were new.
///
/// # Errors
/// If there is no such client, it has ended or would have too many, all are known, or the database refuses.
pub async fn register_documents(database: &Database, word: &str, documents: &[NewDocument], deed: &Deed) -> Result<usize, ClientError> {
    deed.check()?;
    let backend = database.backend();
    let connection = database.writer().await?;
    let transaction = connection.begin().await?;
    raise_edition(&transaction).await?;
    let client = lasting(&transaction, word, deed.now).await?;
    let known = Entity::find().filter(Column::ClientId.eq(client.id)).filter(Column::RemovedAt.is_null()).all(&transaction).await?;
    let mut digests: HashSet<String> = known.into_iter().map(|row| row.digest).collect();
    let mut new = 0;
    for NewDocument { name, text } in documents {
        check_length("the document's name", name)?;
        let digest = digest_text(&digest_of(text));
        if !digests.insert(digest.clone()) {
            continue;
        }
        if digests.len() > MOST_DOCUMENTS {
            return Err(ClientError::TooManyDocuments(MOST_DOCUMENTS));
        }
        let id: Id<ClientDocument> = new_id(deed.at());
        let cells: [(Column, Value); 9] = [
            (Column::Id, id.into()),
            (Column::ClientId, client.id.into()),
            (Column::Digest, digest.into()),
            (Column::Name, name.as_str().into()),
            (Column::Document, text.as_str().into()),
            (Column::RegisteredAt, instant(backend, deed.at())),
            (Column::Reason, deed.reason.as_str().into()),
            (Column::RegisteredByIssuer, deed.by.issuer.as_str().into()),
            (Column::RegisteredBy, deed.by.subject.as_str().into()),
        ];
        transaction.execute(&into(Entity, cells)?).await?;
        new += 1;
    }
    if let (0, Some(first)) = (new, documents.first()) {
        return Err(ClientError::KnownDocument(digest_text(&digest_of(&first.text))));
    }
    note(&transaction, deed, "client document add", new, &[]).await?;
    transaction.commit().await?;
    connection.close().await?;
    Ok(new)
}

/// Removes a client's document: from then on it is as if it had never been registered.
///
/// # Errors
/// If the client has no such document, or the database refuses.
pub async fn remove_document(database: &Database, word: &str, digest: &Digest, deed: &Deed) -> Result<client_document::Model, ClientError> {
    deed.check()?;
    let connection = database.writer().await?;
    let transaction = connection.begin().await?;
    raise_edition(&transaction).await?;
    let client = find(&transaction, word).await?;
    let row = Entity::find()
        .filter(Column::ClientId.eq(client.id))
        .filter(Column::Digest.eq(digest_text(digest)))
        .filter(Column::RemovedAt.is_null())
        .one(&transaction)
        .await?
        .ok_or(ChangeError::Nothing("remove"))?;
    Entity::update_many()
        .col_expr(Column::RemovedAt, Expr::value(instant(database.backend(), deed.at())))
        .col_expr(Column::RemovedByIssuer, Expr::value(deed.by.issuer.as_str()))
        .col_expr(Column::RemovedBy, Expr::value(deed.by.subject.as_str()))
        .col_expr(Column::RemovalReason, Expr::value(deed.reason.as_str()))
        .filter(Column::Id.eq(row.id))
        .exec(&transaction)
        .await?;
    note(&transaction, deed, "client document remove", 1, &[]).await?;
    transaction.commit().await?;
    connection.close().await?;
    Ok(row)
}
