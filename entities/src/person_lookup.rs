//! How often an account looked up persons on a day. No register: it bounds them, and tells nothing of whom they looked for.

use sea_orm::entity::prelude::*;

/// One account's day.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "person_lookups")]
pub struct Model {
    /// Issuer of the account.
    #[sea_orm(primary_key, auto_increment = false)]
    pub issuer: String,
    /// The account.
    #[sea_orm(primary_key, auto_increment = false)]
    pub subject: String,
    /// The day in the deployment's zone.
    #[sea_orm(primary_key, auto_increment = false)]
    pub day: Date,
    /// How many.
    pub lookups: i32,
}

/// It has none.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
