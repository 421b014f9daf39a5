//! Departments: the offices that handle cases and keep registers, by level and board. Public.

use sea_orm::entity::prelude::*;

use crate::catalog::{self, Class, Field, Kind, Placing, Register, ScopePath, Through};
use crate::codes::{BOARD, Board, DEPARTMENT_LEVEL, DepartmentLevel};
use crate::id::Id;
use crate::region_code::RegionCode;

/// Marks ids of departments.
pub struct Department;

impl crate::id::Kind for Department {
    const PREFIX: &'static str = "department";
}

/// One department.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "departments")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id<Department>,
    /// Name.
    pub name: String,
    /// Level.
    pub level: DepartmentLevel,
    /// Board it works for.
    pub board: Board,
    /// Department above.
    pub parent_id: Option<Id<Department>>,
    /// Where it is seated.
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
    name: "department",
    table: "departments",
    type_name: "Department",
    singular: "department",
    plural: Some("departments"),
    stats: Some("departmentStats"),
    description: "An office that handles cases and keeps registers.",
    fields: &[
        Field::column("id", "id", Kind::Id, Class::Public, "Key."),
        Field::column("name", "name", Kind::Text, Class::Public, "Name."),
        Field::column("level", "level", Kind::Code(&DEPARTMENT_LEVEL), Class::Public, "Level."),
        Field::column("board", "board", Kind::Code(&BOARD), Class::Public, "Board it works for."),
        Field::column("parent", "parent_id", Kind::Reference("department"), Class::Public, "Department above.").nullable(),
        Field::column("region", "region_code", Kind::Place, Class::Public, "Where it is seated."),
        Field::version(),
        Field::created_at(Class::Public),
        Field::updated_at(Class::Public),
    ],
    relations: &[
        catalog::Relation {
            name: "children",
            description: "Departments directly below.",
            target: "department",
            through: Through::Reference("parent"),
        },
        catalog::Relation {
            name: "caseCategories",
            description: "Categories of cases it leads.",
            target: "case_category",
            through: Through::Reference("leadDepartment"),
        },
        catalog::Relation {
            name: "cases",
            description: "Cases it is handling.",
            target: "case",
            through: Through::Reference("department"),
        },
        catalog::Relation {
            name: "partyOrganizations",
            description: "Party organisations it keeps.",
            target: "party_organization",
            through: Through::Reference("department"),
        },
        catalog::Relation {
            name: "confirmedServiceRecords",
            description: "Hours of volunteers that it has confirmed.",
            target: "service_record",
            through: Through::Reference("confirmedByDepartment"),
        },
        catalog::Relation {
            name: "tasks",
            description: "Tasks of cases that it has.",
            target: "case_task",
            through: Through::Reference("department"),
        },
        catalog::Relation {
            name: "projects",
            description: "Service projects it leads.",
            target: "service_project",
            through: Through::Reference("leadDepartment"),
        },
    ],
    natural_keys: &[],
    placing: Some(Placing { field: "region", place: "region_code", community: None, street: None }),
    board: Some(ScopePath::Column("board")),
    department: Some(ScopePath::Column("id")),
    person: None,
    household: None,
    minor: None,
    protection: None,
    sensitive_codes: None,
    case: None,
    project: None,
    hidden_columns: &[],
};
