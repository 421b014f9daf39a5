//! Grid members: the team "1+3+N" of each grid, and who served in it before.

use sea_orm::entity::prelude::*;

use crate::catalog::{Class, Field, Kind, Placing, Register, ScopePath};
use crate::codes::{GRID_ROLE, GridRole, PAY_KIND, PayKind};
use crate::id::Id;
use crate::person::Person;
use crate::region_code::RegionCode;

/// Marks ids of grid members.
pub struct GridMember;

impl crate::id::Kind for GridMember {
    const PREFIX: &'static str = "grid_member";
}

/// One person's service in one grid.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "grid_members")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id<GridMember>,
    /// Who serves.
    pub person_id: Id<Person>,
    /// As what.
    pub role: GridRole,
    /// How it is paid.
    pub pay_kind: PayKind,
    /// Phone of the service, for the people of the grid to call.
    pub phone: Option<String>,
    /// First day.
    pub from_date: Date,
    /// Last day; none while it lasts.
    pub to_date: Option<Date>,
    /// The grid.
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
    name: "grid_member",
    table: "grid_members",
    type_name: "GridMember",
    singular: "gridMember",
    plural: Some("gridMembers"),
    stats: Some("gridMemberStats"),
    description: "A person's service in the team of a grid: one head, full-time and part-time members, an adviser, and helpers.",
    fields: &[
        Field::column("id", "id", Kind::Id, Class::Public, "Key."),
        Field::column("person", "person_id", Kind::Reference("person"), Class::Personal, "Who serves."),
        Field::column("role", "role", Kind::Code(&GRID_ROLE), Class::Internal, "As what: the team is 1 head, 3 members and N helpers."),
        Field::column("payKind", "pay_kind", Kind::Code(&PAY_KIND), Class::Internal, "How it is paid."),
        Field::column("phone", "phone", Kind::Identifier, Class::Internal, "Phone of the service, for the people of the grid to call.")
            .nullable(),
        Field::column("fromDate", "from_date", Kind::Date, Class::Internal, "First day."),
        Field::column("toDate", "to_date", Kind::Date, Class::Internal, "Last day; null while it lasts.").nullable(),
        Field::column("region", "region_code", Kind::Place, Class::Internal, "The grid."),
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
    protection: None,
    sensitive_codes: None,
    case: None,
    project: None,
    hidden_columns: &[],
};
