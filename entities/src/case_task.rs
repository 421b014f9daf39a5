//! Tasks of cases: what a department, and somebody in it, has to do.

use sea_orm::entity::prelude::*;

use crate::case::Case;
use crate::catalog::{Class, Field, Kind, Placing, Register, ScopePath, Source};
use crate::codes::{TASK_ROLE, TASK_STATE, TaskRole, TaskState};
use crate::department::Department;
use crate::id::Id;
use crate::person::Person;
use crate::region_code::RegionCode;

/// Marks ids of tasks.
pub struct CaseTask;

impl crate::id::Kind for CaseTask {
    const PREFIX: &'static str = "case_task";
}

/// One task of one case.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "case_tasks")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id<CaseTask>,
    /// The case.
    pub case_id: Id<Case>,
    /// Leads or assists.
    pub role: TaskRole,
    /// Department that has the task.
    pub department_id: Id<Department>,
    /// Person who has it.
    pub assignee_id: Option<Id<Person>>,
    /// State.
    pub state: TaskState,
    /// When it was given.
    pub assigned_at: DateTimeUtc,
    /// When it must be done.
    pub due_at: Option<DateTimeUtc>,
    /// When it was done.
    pub done_at: Option<DateTimeUtc>,
    /// Place of the case.
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
    name: "case_task",
    table: "case_tasks",
    type_name: "CaseTask",
    singular: "caseTask",
    plural: Some("caseTasks"),
    stats: Some("caseTaskStats"),
    description: "What a department has to do in a case, leading or assisting.",
    fields: &[
        Field::column("id", "id", Kind::Id, Class::Public, "Key."),
        Field::column("case", "case_id", Kind::Reference("case"), Class::Internal, "The case."),
        Field::column("role", "role", Kind::Code(&TASK_ROLE), Class::Internal, "Leads or assists."),
        Field::column("department", "department_id", Kind::Reference("department"), Class::Internal, "Department that has the task."),
        Field::column(
            "assignee",
            "assignee_id",
            Kind::Reference("person"),
            Class::Personal,
            "Person who has it, often a member of the grid's team.",
        )
        .nullable(),
        Field::column("state", "state", Kind::Code(&TASK_STATE), Class::Internal, "State."),
        Field::column("assignedAt", "assigned_at", Kind::Instant, Class::Internal, "When it was given."),
        Field::column("dueAt", "due_at", Kind::Instant, Class::Internal, "When it must be done.").nullable(),
        Field::column("doneAt", "done_at", Kind::Instant, Class::Internal, "When it was done.").nullable(),
        Field::derived(
            "onTime",
            Kind::Boolean,
            Source::InTime { done: "done_at", due: "due_at" },
            Class::Internal,
            "True if it was done by the time it was due; null while it is not done, and if nothing was due.",
        )
        .nullable(),
        Field::column("region", "region_code", Kind::Place, Class::Internal, "Place of the case."),
        Field::version(),
        Field::created_at(Class::Internal),
        Field::updated_at(Class::Internal),
    ],
    relations: &[],
    natural_keys: &[],
    placing: Some(Placing { field: "region", place: "region_code", community: None, street: None }),
    board: Some(ScopePath::Via("case_id", "case")),
    department: Some(ScopePath::Column("department_id")),
    person: Some(ScopePath::Column("assignee_id")),
    household: None,
    minor: None,
    protection: None,
    sensitive_codes: None,
    case: Some(ScopePath::Via("case_id", "case")),
    project: None,
    hidden_columns: &[],
};
