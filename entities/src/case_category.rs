//! Categories of cases: three levels, each with a board, a lead department and time limits. Public.

use sea_orm::entity::prelude::*;

use crate::catalog::{self, Class, Field, Kind, NaturalKey, Register, Through};
use crate::codes::{BOARD, Board};
use crate::department::Department;
use crate::id::Id;

/// Marks ids of case categories.
pub struct CaseCategory;

impl crate::id::Kind for CaseCategory {
    const PREFIX: &'static str = "case_category";
}

/// One category.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "case_categories")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id<CaseCategory>,
    /// Code: two characters a level.
    pub code: String,
    /// Name.
    pub name: String,
    /// Depth in the tree, 1 to 3.
    pub depth: i32,
    /// Category above.
    pub parent_id: Option<Id<CaseCategory>>,
    /// Board responsible.
    pub board: Board,
    /// Department that leads.
    pub lead_department_id: Option<Id<Department>>,
    /// Hours to accept.
    pub accept_hours: i32,
    /// Hours to handle.
    pub handle_hours: i32,
    /// Hours in which a department may send a case back as not its own.
    pub return_hours: i32,
    /// Days of extension that may be granted at most.
    pub extension_days: i32,
    /// True if the limits count working days; false if they run by the clock.
    pub working_days: bool,
    /// True if a grid worker may settle it on the spot.
    pub minor_matter: bool,
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
    name: "case_category",
    table: "case_categories",
    type_name: "CaseCategory",
    singular: "caseCategory",
    plural: Some("caseCategories"),
    stats: Some("caseCategoryStats"),
    description: "A category of cases, with who leads and how long it may take.",
    fields: &[
        Field::column("id", "id", Kind::Id, Class::Public, "Key."),
        Field::column("code", "code", Kind::Text, Class::Public, "Code: two characters a level."),
        Field::column("name", "name", Kind::Text, Class::Public, "Name."),
        Field::column("depth", "depth", Kind::Int, Class::Public, "Depth in the tree, 1 to 3.").grouped(),
        Field::column("parent", "parent_id", Kind::Reference("case_category"), Class::Public, "Category above.").nullable(),
        Field::column("board", "board", Kind::Code(&BOARD), Class::Public, "Board responsible."),
        Field::column("leadDepartment", "lead_department_id", Kind::Reference("department"), Class::Public, "Department that leads.")
            .nullable(),
        Field::column("acceptHours", "accept_hours", Kind::Int, Class::Public, "Hours to accept a case."),
        Field::column("handleHours", "handle_hours", Kind::Int, Class::Public, "Hours to handle a case."),
        Field::column(
            "returnHours",
            "return_hours",
            Kind::Int,
            Class::Public,
            "Hours in which a department may send a case back as not its own.",
        ),
        Field::column("extensionDays", "extension_days", Kind::Int, Class::Public, "Days of extension that may be granted at most."),
        Field::column(
            "workingDays",
            "working_days",
            Kind::Boolean,
            Class::Public,
            "True if the limits count working days; false if they run by the clock.",
        ),
        Field::column("minorMatter", "minor_matter", Kind::Boolean, Class::Public, "True if a grid worker may settle it on the spot."),
        Field::version(),
        Field::created_at(Class::Public),
        Field::updated_at(Class::Public),
    ],
    relations: &[
        catalog::Relation {
            name: "children",
            description: "Categories directly below.",
            target: "case_category",
            through: Through::Reference("parent"),
        },
        catalog::Relation { name: "cases", description: "Cases of the category.", target: "case", through: Through::Reference("category") },
    ],
    natural_keys: &[NaturalKey { root: "caseCategoryByCode", field: "code" }],
    placing: None,
    board: None,
    department: None,
    person: None,
    household: None,
    minor: None,
    protection: None,
    sensitive_codes: None,
    case: None,
    project: None,
    hidden_columns: &[],
};
