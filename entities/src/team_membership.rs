//! Team memberships: which volunteer belongs to which team, and when.
//!
//! A team of Party members tells that its members are in the Party. A class holds for all rows of a register, so who
//! belongs to which team is sensitive whatever the team.

use sea_orm::entity::prelude::*;

use crate::catalog::{Class, Field, Kind, Placing, Register, ScopePath};
use crate::id::Id;
use crate::region_code::RegionCode;
use crate::volunteer::Volunteer;
use crate::volunteer_team::VolunteerTeam;

/// Marks ids of team memberships.
pub struct TeamMembership;

impl crate::id::Kind for TeamMembership {
    const PREFIX: &'static str = "team_membership";
}

/// One volunteer in one team.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "team_memberships")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id<TeamMembership>,
    /// Who.
    pub volunteer_id: Id<Volunteer>,
    /// In which team.
    pub team_id: Id<VolunteerTeam>,
    /// First day.
    pub from_date: Date,
    /// Last day; none while it lasts.
    pub to_date: Option<Date>,
    /// Place of the person; none if unplaced.
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
    name: "team_membership",
    table: "team_memberships",
    type_name: "TeamMembership",
    singular: "teamMembership",
    plural: Some("teamMemberships"),
    stats: Some("teamMembershipStats"),
    description: "A volunteer's time in a team.",
    fields: &[
        Field::column("id", "id", Kind::Id, Class::Public, "Key."),
        Field::column(
            "volunteer",
            "volunteer_id",
            Kind::Reference("volunteer"),
            Class::Sensitive,
            "Who. A team of Party members tells who is one.",
        ),
        Field::column("team", "team_id", Kind::Reference("volunteer_team"), Class::Sensitive, "In which team."),
        Field::column("fromDate", "from_date", Kind::Date, Class::Personal, "First day."),
        Field::column("toDate", "to_date", Kind::Date, Class::Personal, "Last day; null while it lasts.").nullable(),
        Field::column("region", "region_code", Kind::Place, Class::Personal, "Place of the person; null if unplaced.")
            .locating()
            .nullable(),
        Field::version(),
        Field::created_at(Class::Internal),
        Field::updated_at(Class::Internal),
    ],
    relations: &[],
    natural_keys: &[],
    placing: Some(Placing { field: "region", place: "region_code", community: None, street: None }),
    board: None,
    department: None,
    person: Some(ScopePath::Via("volunteer_id", "volunteer")),
    household: Some(ScopePath::Via("volunteer_id", "volunteer")),
    minor: Some(ScopePath::Via("volunteer_id", "volunteer")),
    protection: Some(ScopePath::Via("volunteer_id", "volunteer")),
    sensitive_codes: None,
    case: None,
    project: None,
    hidden_columns: &[],
};
