//! Accounts and single tokens that hold no more. No register: servers and the command line read it, the graph does not.

use sea_orm::entity::prelude::*;

use crate::id::Id;

/// Marks ids of revocations.
pub struct AccountRevocation;

impl crate::id::Kind for AccountRevocation {
    const PREFIX: &'static str = "account_revocation";
}

/// One revocation, of an account or of one token.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "account_revocations")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id<AccountRevocation>,
    /// Whose tokens (claim `iss`).
    pub issuer: String,
    /// The account (claim `sub`), all of whose tokens are refused; none where one token is meant.
    pub subject: Option<String>,
    /// The token (claim `jti`); none where an account is meant.
    pub token: Option<String>,
    /// When it was revoked.
    pub from_at: DateTimeUtc,
    /// When it is no longer needed, or was lifted; none if never.
    pub to_at: Option<DateTimeUtc>,
    /// Why.
    pub reason: String,
    /// Issuer of the account that revoked.
    pub revoked_by_issuer: String,
    /// The account that revoked.
    pub revoked_by: String,
    /// Issuer of the account that lifted it.
    pub lifted_by_issuer: Option<String>,
    /// The account that lifted it.
    pub lifted_by: Option<String>,
    /// Why it was lifted.
    pub lift_reason: Option<String>,
}

/// It has none.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
