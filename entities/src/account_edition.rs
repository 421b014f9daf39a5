//! One number that every change of role assignments and revocations raises. No register: nobody asks for it but servers.

use sea_orm::entity::prelude::*;

/// The number.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "account_editions")]
pub struct Model {
    /// Always 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub only_one: i32,
    /// Raised in the transaction of each change.
    pub edition: i64,
}

/// It has none.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
