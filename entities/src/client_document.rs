//! Documents that clients may send by their hash, and that some are confined to. No register: servers and the command line
//! read it, the graph does not.

use sea_orm::entity::prelude::*;

use crate::client::Client;
use crate::id::Id;

/// Marks ids of documents.
pub struct ClientDocument;

impl crate::id::Kind for ClientDocument {
    const PREFIX: &'static str = "client_document";
}

/// One document of one client.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "client_documents")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id<ClientDocument>,
    /// Whose it is.
    pub client_id: Id<Client>,
    /// SHA-256 of the text, in 64 hexadecimal digits.
    pub digest: String,
    /// The operations it holds, for people.
    pub name: String,
    /// The text.
    pub document: String,
    /// When it was registered.
    pub registered_at: DateTimeUtc,
    /// Why it was registered.
    pub reason: String,
    /// Issuer of the account that registered it.
    pub registered_by_issuer: String,
    /// The account that registered it.
    pub registered_by: String,
    /// When it was removed; none while it holds.
    pub removed_at: Option<DateTimeUtc>,
    /// Issuer of the account that removed it.
    pub removed_by_issuer: Option<String>,
    /// The account that removed it.
    pub removed_by: Option<String>,
    /// Why it was removed.
    pub removal_reason: Option<String>,
}

/// It has none.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
