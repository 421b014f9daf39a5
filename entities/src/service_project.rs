//! Service projects: what departments offer to people, households and businesses, by year. Public but for money and rules.

use sea_orm::entity::prelude::*;

use crate::catalog::{self, Class, Field, Kind, NaturalKey, Placing, Register, ScopePath, Through};
use crate::codes::{PROJECT_STATUS, ProjectStatus, SERVICE_DOMAIN, ServiceDomain, TARGET_GROUP, TargetGroup};
use crate::department::Department;
use crate::id::Id;
use crate::region_code::RegionCode;

/// Marks ids of service projects.
pub struct ServiceProject;

impl crate::id::Kind for ServiceProject {
    const PREFIX: &'static str = "service_project";
}

/// One project.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "service_projects")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id<ServiceProject>,
    /// Code: the year and a running number.
    pub code: String,
    /// Title.
    pub title: String,
    /// Field of the service.
    pub domain: ServiceDomain,
    /// Department that leads.
    pub lead_department_id: Id<Department>,
    /// Partners, in words.
    pub partners: Option<String>,
    /// Whom it is for.
    pub target_group: TargetGroup,
    /// Who may take part, in words.
    pub eligibility: String,
    /// Year of the budget.
    pub year: i32,
    /// Budget in fen.
    pub budget: Option<i64>,
    /// How many may take part; none if there is no bound.
    pub quota: Option<i32>,
    /// Status.
    pub status: ProjectStatus,
    /// First day.
    pub starts_on: Date,
    /// Last day.
    pub ends_on: Option<Date>,
    /// Where it is offered.
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
    name: "service_project",
    table: "service_projects",
    type_name: "ServiceProject",
    singular: "serviceProject",
    plural: Some("serviceProjects"),
    stats: Some("serviceProjectStats"),
    description: "A project of a department that serves people, households or businesses.",
    fields: &[
        Field::column("id", "id", Kind::Id, Class::Public, "Key."),
        Field::column("code", "code", Kind::Text, Class::Public, "Code: the year and a running number."),
        Field::column("title", "title", Kind::Text, Class::Public, "Title."),
        Field::column("domain", "domain", Kind::Code(&SERVICE_DOMAIN), Class::Public, "Field of the service."),
        Field::column("leadDepartment", "lead_department_id", Kind::Reference("department"), Class::Public, "Department that leads."),
        Field::column("partners", "partners", Kind::Text, Class::Public, "Partners, in words.").nullable(),
        Field::column("targetGroup", "target_group", Kind::Code(&TARGET_GROUP), Class::Public, "Whom it is for."),
        Field::column("eligibility", "eligibility", Kind::Text, Class::Internal, "Who may take part, in words."),
        Field::column("year", "year", Kind::Int, Class::Public, "Year of the budget.").grouped(),
        Field::column("budget", "budget", Kind::Money, Class::Internal, "Budget in yuan.").nullable(),
        Field::column("quota", "quota", Kind::Int, Class::Public, "How many may take part; null if there is no bound.").nullable(),
        Field::column("status", "status", Kind::Code(&PROJECT_STATUS), Class::Public, "Status."),
        Field::column("startsOn", "starts_on", Kind::Date, Class::Public, "First day."),
        Field::column("endsOn", "ends_on", Kind::Date, Class::Public, "Last day, if one is set.").nullable(),
        Field::column("region", "region_code", Kind::Place, Class::Public, "Where it is offered."),
        Field::version(),
        Field::created_at(Class::Public),
        Field::updated_at(Class::Public),
    ],
    relations: &[catalog::Relation {
        name: "enrollments",
        description: "Who takes part.",
        target: "enrollment",
        through: Through::Reference("project"),
    }],
    natural_keys: &[NaturalKey { root: "serviceProjectByCode", field: "code" }],
    placing: Some(Placing { field: "region", place: "region_code", community: None, street: None }),
    board: Some(ScopePath::Via("lead_department_id", "department")),
    department: Some(ScopePath::Column("lead_department_id")),
    person: None,
    household: None,
    minor: None,
    protection: None,
    sensitive_codes: None,
    case: None,
    project: Some(ScopePath::Column("code")),
    hidden_columns: &[],
};
