//! Workers of new occupations: riders, couriers, drivers and others who work through platforms.

use sea_orm::entity::prelude::*;

use crate::business::Business;
use crate::catalog::{Class, Field, Kind, Placing, Register, ScopePath};
use crate::codes::{EMPLOYMENT_FORM, EmploymentForm, NEW_OCCUPATION, NewOccupation};
use crate::id::Id;
use crate::person::Person;
use crate::region_code::RegionCode;

/// Marks ids of workers of new occupations.
pub struct NewOccupationWorker;

impl crate::id::Kind for NewOccupationWorker {
    const PREFIX: &'static str = "new_occupation_worker";
}

/// One worker with one occupation.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "new_occupation_workers")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id<NewOccupationWorker>,
    /// Who.
    pub person_id: Id<Person>,
    /// What the worker does.
    pub occupation: NewOccupation,
    /// The platform, a business.
    pub platform_id: Option<Id<Business>>,
    /// Station or contractor the worker is sent out by.
    pub station: Option<String>,
    /// How the worker is bound to the platform.
    pub employment_form: Option<EmploymentForm>,
    /// True if insured against injury at work.
    pub injury_cover: Option<bool>,
    /// True if the worker also serves as a part-time grid member.
    pub part_time_grid_member: bool,
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
    name: "new_occupation_worker",
    table: "new_occupation_workers",
    type_name: "NewOccupationWorker",
    singular: "newOccupationWorker",
    plural: Some("newOccupationWorkers"),
    stats: Some("newOccupationWorkerStats"),
    description: "A rider, courier, driver or other worker of an occupation that came up with platforms.",
    fields: &[
        Field::column("id", "id", Kind::Id, Class::Public, "Key."),
        Field::column("person", "person_id", Kind::Reference("person"), Class::Personal, "Who."),
        Field::column("occupation", "occupation", Kind::Code(&NEW_OCCUPATION), Class::Internal, "What the worker does."),
        Field::column("platform", "platform_id", Kind::Reference("business"), Class::Internal, "The platform, a business.").nullable(),
        Field::column("station", "station", Kind::Text, Class::Internal, "Station or contractor that sends the worker out.").nullable(),
        Field::column(
            "employmentForm",
            "employment_form",
            Kind::Code(&EMPLOYMENT_FORM),
            Class::Internal,
            "How the worker is bound to the platform.",
        )
        .nullable(),
        Field::column(
            "injuryCover",
            "injury_cover",
            Kind::Boolean,
            Class::Personal,
            "True if insured against injury at work; null if not known.",
        )
        .nullable(),
        Field::column(
            "partTimeGridMember",
            "part_time_grid_member",
            Kind::Boolean,
            Class::Internal,
            "True if the worker also serves as a part-time grid member.",
        ),
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
