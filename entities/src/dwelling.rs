//! Dwellings: the flats and houses of a building.

use sea_orm::entity::prelude::*;

use crate::building::Building;
use crate::catalog::{self, Class, Field, Kind, Placing, Register, ScopePath, Through};
use crate::codes::{DWELLING_USE, DwellingUse};
use crate::id::Id;
use crate::person::Person;
use crate::region_code::RegionCode;

/// Marks ids of dwellings.
pub struct Dwelling;

impl crate::id::Kind for Dwelling {
    const PREFIX: &'static str = "dwelling";
}

/// One dwelling.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "dwellings")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id<Dwelling>,
    /// The building it is in.
    pub building_id: Id<Building>,
    /// Stairwell of the building.
    pub unit: Option<String>,
    /// Number of the room.
    pub room: String,
    /// What it is used for.
    pub use_kind: DwellingUse,
    /// Floor area in square metres.
    pub area: Option<i32>,
    /// Who owns it.
    pub owner_person_id: Option<Id<Person>>,
    /// Place of the building.
    pub region_code: RegionCode,
    /// Counts the changes of the row.
    pub version: i32,
    /// When the row was made.
    pub created_at: DateTimeUtc,
    /// When it last changed.
    pub updated_at: DateTimeUtc,
}

/// Relations live in the catalog.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The catalog entry.
pub const REGISTER: Register = Register {
    name: "dwelling",
    table: "dwellings",
    type_name: "Dwelling",
    singular: "dwelling",
    plural: Some("dwellings"),
    stats: Some("dwellingStats"),
    description: "A flat or a house: where a household lives.",
    fields: &[
        Field::column("id", "id", Kind::Id, Class::Public, "Key."),
        Field::column("building", "building_id", Kind::Reference("building"), Class::Internal, "The building it is in."),
        Field::column("unit", "unit", Kind::Text, Class::Internal, "Stairwell of the building.").nullable(),
        Field::column("room", "room", Kind::Text, Class::Internal, "Number of the room."),
        Field::column("use", "use_kind", Kind::Code(&DWELLING_USE), Class::Internal, "What it is used for."),
        Field::column("area", "area", Kind::Int, Class::Internal, "Floor area in square metres.").nullable(),
        Field::column("owner", "owner_person_id", Kind::Reference("person"), Class::Personal, "Person who owns it.").locating().nullable(),
        Field::column("region", "region_code", Kind::Place, Class::Internal, "Place of the building."),
        Field::version(),
        Field::created_at(Class::Internal),
        Field::updated_at(Class::Internal),
    ],
    relations: &[
        catalog::Relation {
            name: "households",
            description: "Households that belong here.",
            target: "household",
            through: Through::Reference("dwelling"),
        },
        catalog::Relation {
            name: "residences",
            description: "Who has lived or been registered here, and when.",
            target: "residence",
            through: Through::Reference("dwelling"),
        },
    ],
    natural_keys: &[],
    placing: Some(Placing { field: "region", place: "region_code", community: None, street: None }),
    board: None,
    department: None,
    person: Some(ScopePath::Column("owner_person_id")),
    household: None,
    minor: None,
    protection: Some(ScopePath::ViaIfAny("owner_person_id", "person")),
    sensitive_codes: None,
    case: None,
    project: None,
    hidden_columns: &[],
};
