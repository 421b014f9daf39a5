//! Which change was done under which key of which account. No register: it serves repeated requests alone.

use sea_orm::entity::prelude::*;

/// One change that was done.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "change_keys")]
pub struct Model {
    /// Issuer of the account.
    #[sea_orm(primary_key, auto_increment = false)]
    pub issuer: String,
    /// The account.
    #[sea_orm(primary_key, auto_increment = false)]
    pub subject: String,
    /// The mutation's root field.
    #[sea_orm(primary_key, auto_increment = false)]
    pub mutation: String,
    /// The key that the caller chose.
    #[sea_orm(primary_key, auto_increment = false)]
    pub change_key: String,
    /// Digest of the input, by which another input under the same key is told.
    pub input_digest: String,
    /// The row that was made or changed.
    pub row_id: Option<Uuid>,
    /// What was told beside it, as JSON.
    pub told: Option<String>,
    /// When it was done.
    pub done_at: DateTimeUtc,
}

/// It has none.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
