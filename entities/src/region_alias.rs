//! Old and foreign codes of regions: what a code of another system, or of an earlier tree, means today.

use sea_orm::entity::prelude::*;

use crate::catalog::{Class, Field, Kind, Register};
use crate::id::Id;
use crate::region::Region;

/// Marks ids of region aliases.
pub struct RegionAlias;

impl crate::id::Kind for RegionAlias {
    const PREFIX: &'static str = "region_alias";
}

/// One code of one system for one region.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "region_aliases")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id<RegionAlias>,
    /// The region meant today.
    pub region_id: Id<Region>,
    /// System of codes, like `former` or `civil_affairs`.
    pub system: String,
    /// The code in that system.
    pub code: String,
}

/// Relations live in the catalog.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The catalog entry.
pub const REGISTER: Register = Register {
    name: "region_alias",
    table: "region_aliases",
    type_name: "RegionAlias",
    singular: "regionAlias",
    plural: None,
    stats: None,
    description: "A code by which another system, or an earlier tree, knows a region.",
    fields: &[
        Field::column("id", "id", Kind::Id, Class::Public, "Key."),
        Field::column("region", "region_id", Kind::Reference("region"), Class::Public, "The region meant today."),
        Field::column("system", "system", Kind::Text, Class::Public, "System of codes, like `former` or `civil_affairs`.").grouped(),
        Field::column("code", "code", Kind::Text, Class::Public, "The code in that system."),
    ],
    relations: &[],
    natural_keys: &[],
    placing: None,
    board: None,
    department: None,
    person: None,
    household: None,
    minor: None,
    protection: None,
    sensitive_codes: None,
    case: None,
    project: None,
    hidden_columns: &[],
};
