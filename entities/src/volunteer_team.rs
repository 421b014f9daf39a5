//! Volunteer teams. Public, but for who leads and belongs to them: a team of Party members tells who is one.

use sea_orm::entity::prelude::*;

use crate::business::Business;
use crate::catalog::{self, Class, Field, Kind, NaturalKey, Placing, Register, Through};
use crate::codes::{VOLUNTEER_DIRECTION, VOLUNTEER_TEAM_KIND, VolunteerDirection, VolunteerTeamKind};
use crate::id::Id;
use crate::person::Person;
use crate::region_code::RegionCode;

/// Marks ids of volunteer teams.
pub struct VolunteerTeam;

impl crate::id::Kind for VolunteerTeam {
    const PREFIX: &'static str = "volunteer_team";
}

/// One team.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "volunteer_teams")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id<VolunteerTeam>,
    /// Code that people quote.
    pub code: String,
    /// Name.
    pub name: String,
    /// Who it is made of.
    pub kind: VolunteerTeamKind,
    /// Direction of its service.
    pub direction: VolunteerDirection,
    /// Its leader.
    pub leader_id: Option<Id<Person>>,
    /// Business that hosts it.
    pub host_business_id: Option<Id<Business>>,
    /// Day it was founded.
    pub founded_on: Option<Date>,
    /// Sum of the minutes served in its activities.
    pub served_minutes: i32,
    /// Where it serves.
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
    name: "volunteer_team",
    table: "volunteer_teams",
    type_name: "VolunteerTeam",
    singular: "volunteerTeam",
    plural: Some("volunteerTeams"),
    stats: Some("volunteerTeamStats"),
    description: "A team of volunteers.",
    fields: &[
        Field::column("id", "id", Kind::Id, Class::Public, "Key."),
        Field::column("code", "code", Kind::Text, Class::Public, "Code that people quote."),
        Field::column("name", "name", Kind::Text, Class::Public, "Name."),
        Field::column("kind", "kind", Kind::Code(&VOLUNTEER_TEAM_KIND), Class::Public, "Who it is made of."),
        Field::column("direction", "direction", Kind::Code(&VOLUNTEER_DIRECTION), Class::Public, "Direction of its service."),
        Field::column(
            "leader",
            "leader_id",
            Kind::Reference("person"),
            Class::Sensitive,
            "Its leader; of a team of Party members, a member.",
        )
        .nullable(),
        Field::column("hostBusiness", "host_business_id", Kind::Reference("business"), Class::Public, "Business that hosts it.").nullable(),
        Field::column("foundedOn", "founded_on", Kind::Date, Class::Public, "Day it was founded.").nullable(),
        Field::column(
            "servedMinutes",
            "served_minutes",
            Kind::Int,
            Class::Internal,
            "Minutes served in its activities: the sum over their service records.",
        ),
        Field::column("region", "region_code", Kind::Place, Class::Public, "Where it serves."),
        Field::version(),
        Field::created_at(Class::Public),
        Field::updated_at(Class::Public),
    ],
    relations: &[
        catalog::Relation {
            name: "memberships",
            description: "Who belongs or belonged to it.",
            target: "team_membership",
            through: Through::Reference("team"),
        },
        catalog::Relation {
            name: "activities",
            description: "What it has done and plans to do.",
            target: "volunteer_activity",
            through: Through::Reference("team"),
        },
    ],
    natural_keys: &[NaturalKey { root: "volunteerTeamByCode", field: "code" }],
    placing: Some(Placing { field: "region", place: "region_code", community: None, street: None }),
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
