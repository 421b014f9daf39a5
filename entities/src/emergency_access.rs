//! Emergency access: an account took another role for a short time, with a reason, and the officer was told.

use sea_orm::entity::prelude::*;

use crate::catalog::{Class, Field, Kind, Placing, Register, ScopePath};
use crate::department::Department;
use crate::id::Id;
use crate::person::Person;
use crate::region_code::RegionCode;

/// Marks ids of emergency accesses.
pub struct EmergencyAccess;

impl crate::id::Kind for EmergencyAccess {
    const PREFIX: &'static str = "emergency_access";
}

/// One emergency access of one account.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "emergency_accesses")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id<EmergencyAccess>,
    /// Who signs the account's tokens (claim `iss`).
    pub issuer: String,
    /// The account (claim `sub`).
    pub subject: String,
    /// The holder's row of the person register.
    pub person_id: Option<Id<Person>>,
    /// The role that was taken.
    pub role: String,
    /// The smallest region that holds all it was bounded to.
    pub region_code: Option<RegionCode>,
    /// Department it was bounded to.
    pub department_id: Option<Id<Department>>,
    /// The assignments it gives, as JSON. Shown to nobody: regions, board and department stand beside it as far as they are one.
    pub assignments: Option<String>,
    /// Why.
    pub reason: String,
    /// First instant.
    pub from_at: DateTimeUtc,
    /// First instant at which it no longer holds by itself.
    pub until_at: DateTimeUtc,
    /// When it was ended early.
    pub ended_at: Option<DateTimeUtc>,
    /// Why it was ended early.
    pub end_reason: Option<String>,
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

/// The catalog entry. The department is a bound of the access and no scope of its row.
pub const REGISTER: Register = Register {
    name: "emergency_access",
    table: "emergency_accesses",
    type_name: "EmergencyAccess",
    singular: "emergencyAccess",
    plural: Some("emergencyAccesses"),
    stats: Some("emergencyAccessStats"),
    description: "A role that an account took for a short time in an emergency: why, where, from when until when.",
    fields: &[
        Field::column("id", "id", Kind::Id, Class::Public, "Key."),
        Field::column("issuer", "issuer", Kind::Text, Class::Internal, "Who signs the account's tokens (claim iss)."),
        Field::column("subject", "subject", Kind::Identifier, Class::Personal, "The account (claim sub)."),
        Field::column("person", "person_id", Kind::Reference("person"), Class::Personal, "The holder's row of the person register.")
            .nullable(),
        Field::column("role", "role", Kind::Text, Class::Internal, "The role that was taken.").grouped(),
        Field::column("region", "region_code", Kind::Place, Class::Internal, "The smallest region that holds all it was bounded to.")
            .nullable(),
        Field::column("department", "department_id", Kind::Reference("department"), Class::Internal, "Department it was bounded to.")
            .nullable(),
        Field::column("reason", "reason", Kind::FreeText, Class::Personal, "Why; free text."),
        Field::column("fromAt", "from_at", Kind::Instant, Class::Internal, "First instant."),
        Field::column("untilAt", "until_at", Kind::Instant, Class::Internal, "First instant at which it no longer holds by itself."),
        Field::column("endedAt", "ended_at", Kind::Instant, Class::Internal, "When it was ended early.").nullable(),
        Field::column("endReason", "end_reason", Kind::FreeText, Class::Personal, "Why it was ended early; free text.").nullable(),
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
    household: None,
    minor: None,
    protection: None,
    sensitive_codes: None,
    case: None,
    project: None,
    hidden_columns: &["assignments"],
};
