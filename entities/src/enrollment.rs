//! Enrollments: a person, a household or a business in a service project, and how far it has come.

use sea_orm::entity::prelude::*;

use crate::business::Business;
use crate::catalog::{Class, Field, Kind, Placing, Register, ScopePath};
use crate::codes::{BENEFIT_KIND, BenefitKind, ENROLLMENT_STATE, EnrollmentState};
use crate::household::Household;
use crate::id::Id;
use crate::person::Person;
use crate::region_code::RegionCode;
use crate::service_project::ServiceProject;

/// Marks ids of enrollments.
pub struct Enrollment;

impl crate::id::Kind for Enrollment {
    const PREFIX: &'static str = "enrollment";
}

/// One beneficiary in one project.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "enrollments")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id<Enrollment>,
    /// The project.
    pub project_id: Id<ServiceProject>,
    /// Who takes part, if it is a person.
    pub person_id: Option<Id<Person>>,
    /// Who takes part, if it is a household.
    pub household_id: Option<Id<Household>>,
    /// Who takes part, if it is a business.
    pub business_id: Option<Id<Business>>,
    /// State.
    pub state: EnrollmentState,
    /// Day of the application.
    pub applied_on: Option<Date>,
    /// Account that approved or rejected it.
    pub approver: Option<String>,
    /// What it gives.
    pub benefit: BenefitKind,
    /// What it is worth, in fen.
    pub amount: Option<i64>,
    /// Day of the service.
    pub served_on: Option<Date>,
    /// How it was liked, 1 to 5.
    pub rating: Option<i32>,
    /// Place of whoever takes part.
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
    name: "enrollment",
    table: "enrollments",
    type_name: "Enrollment",
    singular: "enrollment",
    plural: Some("enrollments"),
    stats: Some("enrollmentStats"),
    description: "A person, a household or a business in a service project: exactly one of the three.",
    fields: &[
        Field::column("id", "id", Kind::Id, Class::Public, "Key."),
        Field::column("project", "project_id", Kind::Reference("service_project"), Class::Internal, "The project."),
        Field::column(
            "person",
            "person_id",
            Kind::Reference("person"),
            Class::Sensitive,
            "Who takes part, if it is a person; what a project is for tells a need.",
        )
        .nullable(),
        Field::column(
            "household",
            "household_id",
            Kind::Reference("household"),
            Class::Sensitive,
            "Who takes part, if it is a household; hardship projects tell hardship.",
        )
        .nullable(),
        Field::column("business", "business_id", Kind::Reference("business"), Class::Internal, "Who takes part, if it is a business.")
            .nullable(),
        Field::column("state", "state", Kind::Code(&ENROLLMENT_STATE), Class::Internal, "State."),
        Field::column("appliedOn", "applied_on", Kind::Date, Class::Internal, "Day of the application; null for those only invited.")
            .nullable(),
        Field::column("approver", "approver", Kind::Identifier, Class::Personal, "Account that approved or rejected it.").nullable(),
        Field::column("benefit", "benefit", Kind::Code(&BENEFIT_KIND), Class::Internal, "What it gives."),
        Field::column("amount", "amount", Kind::Money, Class::Sensitive, "What it is worth, in yuan; null before the approval.").nullable(),
        Field::column("servedOn", "served_on", Kind::Date, Class::Internal, "Day of the service.").nullable(),
        Field::column("rating", "rating", Kind::Int, Class::Internal, "How it was liked, 1 to 5.").nullable().grouped(),
        Field::column("region", "region_code", Kind::Place, Class::Personal, "Place of whoever takes part; null if unplaced.")
            .locating()
            .nullable(),
        Field::version(),
        Field::created_at(Class::Internal),
        Field::updated_at(Class::Internal),
    ],
    relations: &[],
    natural_keys: &[],
    placing: Some(Placing { field: "region", place: "region_code", community: None, street: None }),
    board: Some(ScopePath::Via("project_id", "service_project")),
    department: Some(ScopePath::Via("project_id", "service_project")),
    person: Some(ScopePath::Column("person_id")),
    household: Some(ScopePath::Column("household_id")),
    minor: Some(ScopePath::ViaIfAny("person_id", "person")),
    protection: Some(ScopePath::ViaIfAny("person_id", "person")),
    sensitive_codes: None,
    case: None,
    project: Some(ScopePath::Via("project_id", "service_project")),
    hidden_columns: &[],
};
