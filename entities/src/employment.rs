//! Employments: who works or worked in which business.

use sea_orm::entity::prelude::*;

use crate::business::Business;
use crate::catalog::{Class, Field, Kind, Placing, Register, ScopePath};
use crate::codes::{EMPLOYMENT_ROLE, EmploymentRole};
use crate::id::Id;
use crate::person::Person;
use crate::region_code::RegionCode;

/// Marks ids of employments.
pub struct Employment;

impl crate::id::Kind for Employment {
    const PREFIX: &'static str = "employment";
}

/// One employment of one person in one business.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "employments")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id<Employment>,
    /// Who.
    pub person_id: Id<Person>,
    /// Where.
    pub business_id: Id<Business>,
    /// What the person does there.
    pub role: EmploymentRole,
    /// First day.
    pub from_date: Option<Date>,
    /// Last day; none while it lasts.
    pub to_date: Option<Date>,
    /// Place of the person.
    pub region_code: Option<RegionCode>,
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
    name: "employment",
    table: "employments",
    type_name: "Employment",
    singular: "employment",
    plural: Some("employments"),
    stats: Some("employmentStats"),
    description: "That a person works or worked in a business.",
    fields: &[
        Field::column("id", "id", Kind::Id, Class::Public, "Key."),
        Field::column("person", "person_id", Kind::Reference("person"), Class::Personal, "Who."),
        Field::column("business", "business_id", Kind::Reference("business"), Class::Personal, "In which business."),
        Field::column("role", "role", Kind::Code(&EMPLOYMENT_ROLE), Class::Personal, "What the person does there."),
        Field::column("fromDate", "from_date", Kind::Date, Class::Personal, "First day.").nullable(),
        Field::column("toDate", "to_date", Kind::Date, Class::Personal, "Last day; null while it lasts.").nullable(),
        Field::column("region", "region_code", Kind::Place, Class::Internal, "Place of the person; null if unplaced.")
            .locating()
            .nullable(),
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
    household: Some(ScopePath::Via("person_id", "person")),
    minor: Some(ScopePath::Via("person_id", "person")),
    protection: Some(ScopePath::Via("person_id", "person")),
    sensitive_codes: None,
    case: None,
    project: None,
    hidden_columns: &[],
};
