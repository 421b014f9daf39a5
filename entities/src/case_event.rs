//! Events of cases: appended, never changed.

use sea_orm::entity::prelude::*;

use crate::case::Case;
use crate::catalog::{Class, Field, Kind, Placing, Register, ScopePath};
use crate::codes::{CASE_ACTION, CASE_STATE, CaseAction, CaseState};
use crate::department::Department;
use crate::id::Id;
use crate::region_code::RegionCode;

/// Marks ids of case events.
pub struct CaseEvent;

impl crate::id::Kind for CaseEvent {
    const PREFIX: &'static str = "case_event";
}

/// One event of one case.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "case_events")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id<CaseEvent>,
    /// The case.
    pub case_id: Id<Case>,
    /// Position among the case's events, from 1.
    pub sequence: i32,
    /// What was done.
    pub action: CaseAction,
    /// State before; none for the report.
    pub from_state: Option<CaseState>,
    /// State after.
    pub to_state: CaseState,
    /// Who did it: an account's subject.
    pub actor: Option<String>,
    /// Department it went to.
    pub department_id: Option<Id<Department>>,
    /// When.
    pub occurred_at: DateTimeUtc,
    /// Remark; free text.
    pub note: Option<String>,
    /// Hours of extension granted.
    pub extension_hours: Option<i32>,
    /// Place of the case.
    pub region_code: RegionCode,
}

/// Relations live in the catalog.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The catalog entry.
pub const REGISTER: Register = Register {
    name: "case_event",
    table: "case_events",
    type_name: "CaseEvent",
    singular: "caseEvent",
    plural: Some("caseEvents"),
    stats: Some("caseEventStats"),
    description: "Something done to a case: appended, never changed.",
    fields: &[
        Field::column("id", "id", Kind::Id, Class::Public, "Key."),
        Field::column("case", "case_id", Kind::Reference("case"), Class::Internal, "The case."),
        Field::column("sequence", "sequence", Kind::Int, Class::Internal, "Position among the case's events, from 1."),
        Field::column("action", "action", Kind::Code(&CASE_ACTION), Class::Internal, "What was done."),
        Field::column("fromState", "from_state", Kind::Code(&CASE_STATE), Class::Internal, "State before; null for the report.").nullable(),
        Field::column("toState", "to_state", Kind::Code(&CASE_STATE), Class::Internal, "State after."),
        Field::column("actor", "actor", Kind::Identifier, Class::Personal, "Account that did it.").nullable(),
        Field::column("department", "department_id", Kind::Reference("department"), Class::Internal, "Department it went to.").nullable(),
        Field::column("occurredAt", "occurred_at", Kind::Instant, Class::Internal, "When."),
        Field::column("note", "note", Kind::FreeText, Class::Personal, "Remark; free text.").nullable(),
        Field::column("extensionHours", "extension_hours", Kind::Int, Class::Internal, "Hours of extension granted.").nullable(),
        Field::column("region", "region_code", Kind::Place, Class::Internal, "Place of the case."),
    ],
    relations: &[],
    natural_keys: &[],
    placing: Some(Placing { field: "region", place: "region_code", community: None, street: None }),
    board: Some(ScopePath::Via("case_id", "case")),
    department: Some(ScopePath::Via("case_id", "case")),
    person: Some(ScopePath::Via("case_id", "case")),
    household: None,
    minor: None,
    protection: None,
    sensitive_codes: None,
    case: Some(ScopePath::Via("case_id", "case")),
    project: None,
    hidden_columns: &[],
};
