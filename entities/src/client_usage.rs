//! How many requests of each day's quota servers have taken for a client. No register: only servers and the command line
//! read it. The one table that `serve` writes for clients.

use sea_orm::entity::prelude::*;

use crate::client::Client;
use crate::id::Id;

/// One day of one client.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "client_usages")]
pub struct Model {
    /// Whose it is.
    #[sea_orm(primary_key, auto_increment = false)]
    pub client_id: Id<Client>,
    /// The day in the deployment's zone, as `2026-11-27`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub day: String,
    /// Requests that servers have taken, whether or not they have come yet.
    pub taken: i64,
}

/// It has none.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
