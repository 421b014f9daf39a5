//! Agreements between departments: one asks for fields of a register in some regions, for a purpose, on a basis and for a time;
//! another decides. A granted one that has not ended acts as a grant of the policy for everybody assigned to the first.

use sea_orm::entity::prelude::*;

use crate::catalog::{Class, Field, Kind, Placing, Register, ScopePath};
use crate::codes::{AGREEMENT_STATE, AgreementState};
use crate::department::Department;
use crate::id::Id;
use crate::region_code::RegionCode;

/// Marks ids of agreements.
pub struct Agreement;

impl crate::id::Kind for Agreement {
    const PREFIX: &'static str = "agreement";
}

/// One agreement.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "agreements")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id<Agreement>,
    /// Department that asks.
    pub department_id: Id<Department>,
    /// Register of the catalog.
    pub register_name: String,
    /// Names of fields, with a space between them.
    pub field_names: String,
    /// Codes of regions, with a space between them.
    pub region_codes: String,
    /// The smallest region that holds all of them.
    pub region_code: RegionCode,
    /// What for, as one word.
    pub purpose: String,
    /// Law or contract.
    pub basis: String,
    /// First instant at which it no longer holds.
    pub until_at: DateTimeUtc,
    /// State.
    pub state: AgreementState,
    /// Why it is asked for.
    pub reason: String,
    /// Issuer of the account that asked.
    pub requested_by_issuer: String,
    /// The account that asked.
    pub requested_by: String,
    /// When it was asked for.
    pub requested_at: DateTimeUtc,
    /// Department that decided, where the deciding account belongs to one.
    pub deciding_department_id: Option<Id<Department>>,
    /// Issuer of the account that decided.
    pub decided_by_issuer: Option<String>,
    /// The account that decided.
    pub decided_by: Option<String>,
    /// When it was decided.
    pub decided_at: Option<DateTimeUtc>,
    /// Why it was decided so.
    pub decision_reason: Option<String>,
    /// Issuer of the account that withdrew or ended it.
    pub ended_by_issuer: Option<String>,
    /// The account that withdrew or ended it.
    pub ended_by: Option<String>,
    /// When it was withdrawn or ended.
    pub ended_at: Option<DateTimeUtc>,
    /// Why it was withdrawn or ended.
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

/// The catalog entry. Its place is the smallest region that holds all of its regions, so that whoever decides for a region sees
/// what concerns that region alone.
pub const REGISTER: Register = Register {
    name: "agreement",
    table: "agreements",
    type_name: "Agreement",
    singular: "agreement",
    plural: Some("agreements"),
    stats: Some("agreementStats"),
    description: "An agreement between departments: which fields of a register one of them may read where, what for, on what basis and until when; asked for and decided in the graph.",
    fields: &[
        Field::column("id", "id", Kind::Id, Class::Public, "Key."),
        Field::column("department", "department_id", Kind::Reference("department"), Class::Internal, "Department that asks."),
        Field::column("register", "register_name", Kind::Text, Class::Internal, "Register of the catalog, as the policy names it.")
            .grouped(),
        Field::column("fields", "field_names", Kind::Text, Class::Internal, "Names of its fields, with a space between them.").shown_only(),
        Field::column("regions", "region_codes", Kind::Text, Class::Internal, "Codes of the regions, with a space between them.")
            .shown_only(),
        Field::column("region", "region_code", Kind::Place, Class::Internal, "The smallest region that holds all of them."),
        Field::column("purpose", "purpose", Kind::Text, Class::Internal, "What for, as one word.").grouped(),
        Field::column("basis", "basis", Kind::FreeText, Class::Personal, "The law or contract it rests on; free text."),
        Field::column("state", "state", Kind::Code(&AGREEMENT_STATE), Class::Internal, "State. A granted one is in force until untilAt."),
        Field::column("reason", "reason", Kind::FreeText, Class::Personal, "Why it is asked for; free text."),
        Field::column("requestedByIssuer", "requested_by_issuer", Kind::Text, Class::Internal, "Issuer of the account that asked."),
        Field::column("requestedBy", "requested_by", Kind::Identifier, Class::Personal, "The account that asked."),
        Field::column("requestedAt", "requested_at", Kind::Instant, Class::Internal, "When it was asked for."),
        Field::column(
            "decidingDepartment",
            "deciding_department_id",
            Kind::Reference("department"),
            Class::Internal,
            "Department that decided, where the deciding account belongs to one.",
        )
        .nullable(),
        Field::column("decidedByIssuer", "decided_by_issuer", Kind::Text, Class::Internal, "Issuer of the account that decided.")
            .nullable(),
        Field::column("decidedBy", "decided_by", Kind::Identifier, Class::Personal, "The account that decided.").nullable(),
        Field::column("decidedAt", "decided_at", Kind::Instant, Class::Internal, "When it was decided.").nullable(),
        Field::column("decisionReason", "decision_reason", Kind::FreeText, Class::Personal, "Why it was decided so; free text.").nullable(),
        Field::column("endedByIssuer", "ended_by_issuer", Kind::Text, Class::Internal, "Issuer of the account that withdrew or ended it.")
            .nullable(),
        Field::column("endedBy", "ended_by", Kind::Identifier, Class::Personal, "The account that withdrew or ended it.").nullable(),
        Field::column("endedAt", "ended_at", Kind::Instant, Class::Internal, "When it was withdrawn or ended.").nullable(),
        Field::column("endReason", "end_reason", Kind::FreeText, Class::Personal, "Why it was withdrawn or ended; free text.").nullable(),
        Field::column("untilAt", "until_at", Kind::Instant, Class::Internal, "First instant at which it no longer holds."),
        Field::version(),
        Field::created_at(Class::Internal),
        Field::updated_at(Class::Internal),
    ],
    relations: &[],
    natural_keys: &[],
    placing: Some(Placing { field: "region", place: "region_code", community: None, street: None }),
    board: None,
    department: Some(ScopePath::Column("department_id")),
    person: None,
    household: None,
    minor: None,
    protection: None,
    sensitive_codes: None,
    case: None,
    project: None,
    hidden_columns: &[],
};
