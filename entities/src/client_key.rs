//! Keys of clients, by their digests. No register: servers and the command line read it, the graph does not.

use sea_orm::entity::prelude::*;

use crate::client::Client;
use crate::id::Id;

/// Marks ids of keys.
pub struct ClientKey;

impl crate::id::Kind for ClientKey {
    const PREFIX: &'static str = "client_key";
}

/// One key.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "client_keys")]
pub struct Model {
    /// Key of the row.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id<ClientKey>,
    /// Whose it is.
    pub client_id: Id<Client>,
    /// SHA-256 of the key's text, in 64 hexadecimal digits.
    pub digest: String,
    /// The key's last four characters, by which people tell keys apart.
    pub last_four: String,
    /// First instant.
    pub from_at: DateTimeUtc,
    /// First instant at which it no longer holds.
    pub to_at: DateTimeUtc,
    /// Why it was made.
    pub reason: String,
    /// Issuer of the account that made it.
    pub made_by_issuer: String,
    /// The account that made it.
    pub made_by: String,
    /// Issuer of the account that ended it early.
    pub ended_by_issuer: Option<String>,
    /// The account that ended it early.
    pub ended_by: Option<String>,
    /// Why it was ended early.
    pub end_reason: Option<String>,
}

/// It has none.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
