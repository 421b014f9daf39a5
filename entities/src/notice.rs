//! What is to be told to somebody outside, until it is. Written in the transaction of what it tells of. No register: the text is
//! forgotten once it is delivered.

use sea_orm::entity::prelude::*;

/// One notice.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "notices")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// What it tells of.
    pub kind: String,
    /// JSON; none once it is delivered.
    pub body: Option<String>,
    /// When it was written.
    pub created_at: DateTimeUtc,
    /// When it is tried next.
    pub next_try_at: DateTimeUtc,
    /// How often it was tried.
    pub tries: i32,
    /// When it was delivered.
    pub delivered_at: Option<DateTimeUtc>,
}

/// It has none.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
