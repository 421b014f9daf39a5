//! Residences: who lived or was registered in which household, and when.

use sea_orm::entity::prelude::*;

use crate::catalog::{Class, Field, Kind, Placing, Register, ScopePath};
use crate::codes::{RELATION_TO_HEAD, RESIDENCE_STATUS, RelationToHead, ResidenceStatus};
use crate::dwelling::Dwelling;
use crate::household::Household;
use crate::id::Id;
use crate::person::Person;
use crate::region_code::RegionCode;

/// Marks ids of residences.
pub struct Residence;

impl crate::id::Kind for Residence {
    const PREFIX: &'static str = "residence";
}

/// One stay of one person in one household.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "residences")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id<Residence>,
    /// Who.
    pub person_id: Id<Person>,
    /// In which household.
    pub household_id: Id<Household>,
    /// In which dwelling.
    pub dwelling_id: Option<Id<Dwelling>>,
    /// Relation to the head of that household.
    pub relation_to_head: RelationToHead,
    /// Whether the person lives here, is registered here, or both.
    pub status: ResidenceStatus,
    /// First day.
    pub from_date: Date,
    /// Last day; none while it lasts.
    pub to_date: Option<Date>,
    /// Place of the household.
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
    name: "residence",
    table: "residences",
    type_name: "Residence",
    singular: "residence",
    plural: Some("residences"),
    stats: Some("residenceStats"),
    description: "A stay of a person in a household, or a registration there.",
    fields: &[
        Field::column("id", "id", Kind::Id, Class::Public, "Key."),
        Field::column("person", "person_id", Kind::Reference("person"), Class::Personal, "Who."),
        Field::column("household", "household_id", Kind::Reference("household"), Class::Personal, "In which household.").locating(),
        Field::column("dwelling", "dwelling_id", Kind::Reference("dwelling"), Class::Personal, "In which dwelling.").locating().nullable(),
        Field::column(
            "relationToHead",
            "relation_to_head",
            Kind::Code(&RELATION_TO_HEAD),
            Class::Personal,
            "Relation to the head of the household (GB/T 4761).",
        ),
        Field::column(
            "status",
            "status",
            Kind::Code(&RESIDENCE_STATUS),
            Class::Personal,
            "Whether the person lives here, is registered here, or both.",
        ),
        Field::column("fromDate", "from_date", Kind::Date, Class::Personal, "First day."),
        Field::column("toDate", "to_date", Kind::Date, Class::Personal, "Last day; null while it lasts.").nullable(),
        Field::column("region", "region_code", Kind::Place, Class::Internal, "Place of the household.").locating(),
        Field::version(),
        Field::created_at(Class::Internal),
        Field::updated_at(Class::Internal),
    ],
    relations: &[],
    natural_keys: &[],
    placing: Some(Placing { field: "region", place: "region_code", community: None, street: None }),
    board: None,
    department: None,
    person: Some(ScopePath::Column("person_id")),
    household: Some(ScopePath::Column("household_id")),
    minor: Some(ScopePath::Via("person_id", "person")),
    protection: Some(ScopePath::Via("person_id", "person")),
    sensitive_codes: None,
    case: None,
    project: None,
    hidden_columns: &[],
};
