//! Buildings: the standard addresses of a grid, with what stands there.

use sea_orm::entity::prelude::*;

use crate::catalog::{self, Class, Field, Kind, Placing, Register, Source, Through};
use crate::codes::{BUILDING_KIND, BuildingKind};
use crate::id::Id;
use crate::region_code::RegionCode;

/// Marks ids of buildings.
pub struct Building;

impl crate::id::Kind for Building {
    const PREFIX: &'static str = "building";
}

/// One building.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "buildings")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id<Building>,
    /// Number of the building: the code of its community when it was numbered, and a serial of five digits.
    pub code: String,
    /// Standard address.
    pub address: String,
    /// What it is mainly for.
    pub kind: BuildingKind,
    /// How many floors it has above the ground.
    pub floors: Option<i32>,
    /// Where, degrees of longitude (WGS 84).
    pub longitude: Option<f64>,
    /// Where, degrees of latitude (WGS 84).
    pub latitude: Option<f64>,
    /// Place: a grid, or a community where the grid is not known.
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
    name: "building",
    table: "buildings",
    type_name: "Building",
    singular: "building",
    plural: Some("buildings"),
    stats: Some("buildingStats"),
    description: "A building at a standard address.",
    fields: &[
        Field::column("id", "id", Kind::Id, Class::Public, "Key."),
        Field::column(
            "code",
            "code",
            Kind::Text,
            Class::Internal,
            "Number of the building: the code of its community when it was numbered, and a serial of five digits (after Xi'an DB6101/T 3185-2024).",
        ),
        Field::column("address", "address", Kind::Text, Class::Internal, "Standard address."),
        Field::column("kind", "kind", Kind::Code(&BUILDING_KIND), Class::Internal, "What it is mainly for."),
        Field::column("floors", "floors", Kind::Int, Class::Internal, "How many floors it has above the ground.").nullable().grouped(),
        Field::derived(
            "point",
            Kind::Point,
            Source::Point { longitude: "longitude", latitude: "latitude" },
            Class::Internal,
            "Where, as a point.",
        )
        .nullable(),
        Field::column("region", "region_code", Kind::Place, Class::Internal, "Place: a grid, or a community where the grid is not known."),
        Field::version(),
        Field::created_at(Class::Internal),
        Field::updated_at(Class::Internal),
    ],
    relations: &[
        catalog::Relation {
            name: "dwellings",
            description: "Dwellings in the building.",
            target: "dwelling",
            through: Through::Reference("building"),
        },
        catalog::Relation {
            name: "businesses",
            description: "Businesses seated in the building.",
            target: "business",
            through: Through::Reference("building"),
        },
    ],
    natural_keys: &[],
    placing: Some(Placing { field: "region", place: "region_code", community: None, street: None }),
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
