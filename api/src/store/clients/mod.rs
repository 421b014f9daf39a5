//! Applications on accounts of their own: what servers know of them, and how administrators change them.
//!
//! They are part of the register of accounts: every change raises its edition, and every server's copy of it holds them.
//! A client's key is 256 random bits. Only its SHA-256 is kept, and a key is found by that digest.

mod change;
mod documents;
mod error;
mod keys;
mod list;
mod usage;

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use entities::{client, client_document, client_key};
use sea_orm::{ColumnTrait, DatabaseConnection, EntityTrait, QueryFilter, QueryOrder, Value};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::Error;

pub use change::{Application, Owner, end, register};
pub use documents::{MOST_DOCUMENTS, NewDocument, register_documents, remove_document};
pub use error::ClientError;
pub use keys::{MOST_KEYS, NewKey, end_key, is_key, make_key};
pub use list::{all, by_word, documents, keys, taken};
pub use usage::take;

pub(super) use change::check_grant;

/// A SHA-256.
pub type Digest = [u8; 32];

/// All clients with their keys and documents, at one edition.
#[derive(Debug, Default)]
pub struct Clients {
    clients: HashMap<Uuid, Arc<Client>>,
    names: HashMap<String, Uuid>,
    keys: HashMap<Digest, Key>,
}

/// What a server knows of a client.
#[derive(Debug)]
pub struct Client {
    /// Its key.
    pub id: Uuid,
    /// Its key as text, which is the subject of its account.
    pub subject: String,
    /// What it is called.
    pub name: String,
    /// The purposes it may state; None for any.
    pub purposes: Option<Vec<String>>,
    /// The most requests in one day.
    pub requests_per_day: Option<u32>,
    /// The largest page.
    pub page_size: Option<usize>,
    /// The most nodes that the pages of one request could hold.
    pub nodes: Option<u64>,
    /// True if only its registered documents are answered.
    pub confined: bool,
    documents: HashMap<Digest, Arc<str>>,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
}

#[derive(Debug)]
struct Key {
    client: Uuid,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
}

/// Why a key or a client's name is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// There is no such key.
    UnknownKey,
    /// The key has ended, or has not begun.
    KeyEnded,
    /// The client has ended, or has not begun.
    ClientEnded,
}

/// A client that holds at an instant, and when that changes next.
#[derive(Clone, Debug)]
pub struct Holding {
    /// The client.
    pub client: Arc<Client>,
    /// The first instant at which it no longer holds.
    pub until: DateTime<Utc>,
}

/// The SHA-256 of a text.
pub fn digest_of(text: &str) -> Digest {
    Sha256::digest(text).into()
}

/// A digest's 64 hexadecimal digits.
pub fn digest_text(digest: &Digest) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The digest of 64 hexadecimal digits; None of anything else.
pub fn digest_from_text(text: &str) -> Option<Digest> {
    if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let mut digest = Digest::default();
    for (byte, place) in digest.iter_mut().zip((0..64).step_by(2)) {
        *byte = u8::from_str_radix(&text[place..place + 2], 16).ok()?;
    }
    Some(digest)
}

impl Clients {
    /// What these rows say. Keys and documents of unknown clients are left out.
    pub fn of(
        clients: impl IntoIterator<Item = client::Model>,
        keys: impl IntoIterator<Item = client_key::Model>,
        documents: impl IntoIterator<Item = client_document::Model>,
    ) -> Self {
        let mut texts: HashMap<Uuid, HashMap<Digest, Arc<str>>> = HashMap::new();
        for row in documents.into_iter().filter(|row| row.removed_at.is_none()) {
            // The text's own digest, not the column's: what is answered is what was hashed.
            texts.entry(row.client_id.uuid()).or_default().insert(digest_of(&row.document), row.document.into());
        }
        let mut known = Self::default();
        for row in clients {
            let id = row.id.uuid();
            known.names.insert(row.name.clone(), id);
            known.clients.insert(id, Arc::new(Client::of(row, texts.remove(&id).unwrap_or_default())));
        }
        for row in keys {
            if let Some(digest) = digest_from_text(&row.digest) {
                known.keys.insert(digest, Key { client: row.client_id.uuid(), from: row.from_at, to: row.to_at });
            }
        }
        known
    }

    /// The client whose key has this digest.
    ///
    /// # Errors
    /// If there is no such key, or it or its client does not hold at this instant.
    pub fn by_key(&self, digest: &Digest, now: DateTime<Utc>) -> Result<Holding, Refused> {
        let key = self.keys.get(digest).ok_or(Refused::UnknownKey)?;
        if now < key.from || now >= key.to {
            return Err(Refused::KeyEnded);
        }
        let client = self.clients.get(&key.client).ok_or(Refused::UnknownKey)?;
        let holding = holding(client, now)?;
        Ok(Holding { until: holding.until.min(key.to), ..holding })
    }

    /// The registered client of this name or id (`client_…`); None if there is none.
    ///
    /// # Errors
    /// If it does not hold at this instant.
    pub fn by_name(&self, word: &str, now: DateTime<Utc>) -> Result<Option<Holding>, Refused> {
        let id = || entities::id::parse(word).filter(|(prefix, _)| *prefix == "client").map(|(_, uuid)| uuid);
        let client = self.names.get(word).copied().or_else(id).and_then(|id| self.clients.get(&id));
        client.map(|client| holding(client, now)).transpose()
    }
}

fn holding(client: &Arc<Client>, now: DateTime<Utc>) -> Result<Holding, Refused> {
    if now < client.from || now >= client.to {
        return Err(Refused::ClientEnded);
    }
    Ok(Holding { client: Arc::clone(client), until: client.to })
}

impl Client {
    fn of(row: client::Model, documents: HashMap<Digest, Arc<str>>) -> Self {
        let words = |text: String| text.split_whitespace().map(str::to_owned).collect();
        Self {
            id: row.id.uuid(),
            subject: row.id.to_string(),
            name: row.name,
            purposes: row.purposes.map(words),
            // A number that is none bounds everything, rather than nothing.
            requests_per_day: row.requests_per_day.map(|number| u32::try_from(number).unwrap_or_default()),
            page_size: row.page_size.map(|number| usize::try_from(number).unwrap_or_default()),
            nodes: row.node_budget.map(|number| u64::try_from(number).unwrap_or_default()),
            confined: row.trusted_documents_only,
            documents,
            from: row.from_at,
            to: row.to_at.unwrap_or(DateTime::<Utc>::MAX_UTC),
        }
    }

    /// The text of a registered document.
    pub fn document(&self, digest: &Digest) -> Option<&Arc<str>> {
        self.documents.get(digest)
    }
}

/// Reads all clients, the keys that hold at an instant or will, and the documents.
///
/// # Errors
/// If the database does not answer.
pub(super) async fn read(connection: &DatabaseConnection, now: Value) -> Result<Clients, Error> {
    let clients = client::Entity::find().order_by_asc(client::Column::Id).all(connection).await?;
    let keys = client_key::Entity::find().filter(client_key::Column::ToAt.gt(now)).all(connection).await?;
    let documents = client_document::Entity::find().filter(client_document::Column::RemovedAt.is_null()).all(connection).await?;
    Ok(Clients::of(clients, keys, documents))
}

#[cfg(test)]
mod tests;
