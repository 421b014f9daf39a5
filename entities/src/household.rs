//! Households: registered ones (hukou) and those that live together in fact; often not the same.

use sea_orm::entity::prelude::*;

use crate::catalog::{self, Class, Field, Kind, Placing, Register, ScopePath, Through};
use crate::codes::{HARDSHIP_LEVEL, HOUSEHOLD_KIND, HOUSEHOLD_STATUS, HardshipLevel, HouseholdKind, HouseholdStatus};
use crate::dwelling::Dwelling;
use crate::id::Id;
use crate::person::Person;
use crate::region_code::RegionCode;

/// Marks ids of households.
pub struct Household;

impl crate::id::Kind for Household {
    const PREFIX: &'static str = "household";
}

/// One household.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "households")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id<Household>,
    /// Registered or in fact.
    pub kind: HouseholdKind,
    /// Number of the household book.
    pub number: Option<String>,
    /// Head of the household.
    pub head_person_id: Option<Id<Person>>,
    /// How many people belong to it.
    pub member_count: i32,
    /// Level of hardship.
    pub hardship_level: HardshipLevel,
    /// Status.
    pub status: HouseholdStatus,
    /// Place: a grid, or a community where the grid is not known.
    pub region_code: RegionCode,
    /// Community of the place.
    pub community_code: RegionCode,
    /// Street of the place.
    pub street_code: RegionCode,
    /// The dwelling it belongs to.
    pub dwelling_id: Option<Id<Dwelling>>,
    /// When a grid worker last confirmed it.
    pub verified_at: Option<DateTimeUtc>,
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
    name: "household",
    table: "households",
    type_name: "Household",
    singular: "household",
    plural: Some("households"),
    stats: Some("householdStats"),
    description: "People who are registered together, or live together in fact.",
    fields: &[
        Field::column("id", "id", Kind::Id, Class::Public, "Key."),
        Field::column("kind", "kind", Kind::Code(&HOUSEHOLD_KIND), Class::Internal, "Registered together or living together in fact."),
        Field::column("number", "number", Kind::Identifier, Class::Personal, "Number of the household book.").nullable(),
        Field::column("head", "head_person_id", Kind::Reference("person"), Class::Personal, "Head of the household.").locating().nullable(),
        Field::column("memberCount", "member_count", Kind::Int, Class::Internal, "How many people belong to it.").grouped(),
        Field::column(
            "hardshipLevel",
            "hardship_level",
            Kind::Code(&HARDSHIP_LEVEL),
            Class::Sensitive,
            "Level of hardship that entitles to assistance.",
        ),
        Field::column("status", "status", Kind::Code(&HOUSEHOLD_STATUS), Class::Internal, "Status."),
        Field::column("region", "region_code", Kind::Place, Class::Internal, "Place: a grid, or a community where the grid is not known."),
        Field::column("dwelling", "dwelling_id", Kind::Reference("dwelling"), Class::Personal, "The dwelling it belongs to.").nullable(),
        Field::column("verifiedAt", "verified_at", Kind::Instant, Class::Internal, "When a grid worker last confirmed it.").nullable(),
        Field::version(),
        Field::created_at(Class::Internal),
        Field::updated_at(Class::Internal),
    ],
    relations: &[
        catalog::Relation {
            name: "residents",
            description: "People who actually live here now.",
            target: "person",
            through: Through::Reference("household"),
        },
        catalog::Relation {
            name: "residences",
            description: "Who has lived or been registered here, and when.",
            target: "residence",
            through: Through::Reference("household"),
        },
        catalog::Relation {
            name: "enrollments",
            description: "Service projects the household takes part in.",
            target: "enrollment",
            through: Through::Reference("household"),
        },
    ],
    natural_keys: &[],
    placing: Some(Placing { field: "region", place: "region_code", community: Some("community_code"), street: Some("street_code") }),
    board: None,
    department: None,
    person: Some(ScopePath::Column("head_person_id")),
    household: Some(ScopePath::Column("id")),
    minor: None,
    protection: Some(ScopePath::ViaIfAny("head_person_id", "person")),
    sensitive_codes: None,
    case: None,
    project: None,
    hidden_columns: &[],
};
