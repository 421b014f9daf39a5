//! Role assignments: which account may act as what, where, from when until when, given by whom and why.
//!
//! One row names one region and one project at most; who holds several holds several rows. They are never deleted, so
//! the register also tells who could do what at any time.

use sea_orm::entity::prelude::*;

use crate::catalog::{Class, Field, Kind, Placing, Register, ScopePath};
use crate::codes::{BOARD, Board};
use crate::department::Department;
use crate::id::Id;
use crate::person::Person;
use crate::region_code::RegionCode;

/// Marks ids of role assignments.
pub struct RoleAssignment;

impl crate::id::Kind for RoleAssignment {
    const PREFIX: &'static str = "role_assignment";
}

/// One role of one account.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "role_assignments")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id<RoleAssignment>,
    /// Who signs the account's tokens (claim `iss`).
    pub issuer: String,
    /// The account (claim `sub`).
    pub subject: String,
    /// The role of the policy.
    pub role: String,
    /// Region whose subtree it covers.
    pub region_code: Option<RegionCode>,
    /// Board it is bounded to.
    pub board: Option<Board>,
    /// Department it is bounded to.
    pub department_id: Option<Id<Department>>,
    /// Service project it is confined to.
    pub project_code: Option<String>,
    /// The holder's row of the person register.
    pub person_id: Option<Id<Person>>,
    /// First instant.
    pub from_at: DateTimeUtc,
    /// First instant at which it no longer holds; none while it has no end.
    pub to_at: Option<DateTimeUtc>,
    /// Why it was given.
    pub reason: String,
    /// Issuer of the account that gave it.
    pub granted_by_issuer: String,
    /// The account that gave it.
    pub granted_by: String,
    /// Issuer of the account that ended it early.
    pub ended_by_issuer: Option<String>,
    /// The account that ended it early.
    pub ended_by: Option<String>,
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

/// The catalog entry. Board and department are bounds of the assignment and no scopes of its row: who works for a board
/// does not see all who do.
pub const REGISTER: Register = Register {
    name: "role_assignment",
    table: "role_assignments",
    type_name: "RoleAssignment",
    singular: "roleAssignment",
    plural: Some("roleAssignments"),
    stats: Some("roleAssignmentStats"),
    description: "A role that an account may act in: where, from when until when, given by whom and why.",
    fields: &[
        Field::column("id", "id", Kind::Id, Class::Public, "Key."),
        Field::column("issuer", "issuer", Kind::Text, Class::Internal, "Who signs the account's tokens (claim iss)."),
        Field::column("subject", "subject", Kind::Identifier, Class::Personal, "The account (claim sub)."),
        Field::column("role", "role", Kind::Text, Class::Internal, "The role of the policy.").grouped(),
        Field::column("region", "region_code", Kind::Place, Class::Internal, "Region whose subtree it covers.").nullable(),
        Field::column("board", "board", Kind::Code(&BOARD), Class::Internal, "Board it is bounded to.").nullable(),
        Field::column("department", "department_id", Kind::Reference("department"), Class::Internal, "Department it is bounded to.")
            .nullable(),
        Field::column("project", "project_code", Kind::Text, Class::Internal, "Code of the service project it is confined to.").nullable(),
        Field::column("person", "person_id", Kind::Reference("person"), Class::Personal, "The holder's row of the person register.")
            .nullable(),
        Field::column("fromAt", "from_at", Kind::Instant, Class::Internal, "First instant."),
        Field::column(
            "toAt",
            "to_at",
            Kind::Instant,
            Class::Internal,
            "First instant at which it no longer holds; null while it has no end.",
        )
        .nullable(),
        Field::column("reason", "reason", Kind::FreeText, Class::Personal, "Why it was given; free text."),
        Field::column("grantedByIssuer", "granted_by_issuer", Kind::Text, Class::Internal, "Issuer of the account that gave it."),
        Field::column("grantedBy", "granted_by", Kind::Identifier, Class::Personal, "The account that gave it."),
        Field::column("endedByIssuer", "ended_by_issuer", Kind::Text, Class::Internal, "Issuer of the account that ended it early.")
            .nullable(),
        Field::column("endedBy", "ended_by", Kind::Identifier, Class::Personal, "The account that ended it early.").nullable(),
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
    hidden_columns: &[],
};
