//! Activities of volunteer teams: what, where and when. Public.

use sea_orm::entity::prelude::*;

use crate::case::Case;
use crate::catalog::{self, Class, Field, Kind, Placing, Register, Through};
use crate::id::Id;
use crate::region_code::RegionCode;
use crate::volunteer_team::VolunteerTeam;

/// Marks ids of volunteer activities.
pub struct VolunteerActivity;

impl crate::id::Kind for VolunteerActivity {
    const PREFIX: &'static str = "volunteer_activity";
}

/// One activity.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "volunteer_activities")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id<VolunteerActivity>,
    /// Team that does it.
    pub team_id: Id<VolunteerTeam>,
    /// What it is.
    pub title: String,
    /// Where, in words.
    pub place_text: Option<String>,
    /// Place: a grid, or a community.
    pub region_code: RegionCode,
    /// When it begins.
    pub starts_at: DateTimeUtc,
    /// When it ends.
    pub ends_at: DateTimeUtc,
    /// How many can take part; none if there is no bound.
    pub capacity: Option<i32>,
    /// Case it helps to solve.
    pub case_id: Option<Id<Case>>,
    /// Sum of the minutes served.
    pub served_minutes: i32,
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
    name: "volunteer_activity",
    table: "volunteer_activities",
    type_name: "VolunteerActivity",
    singular: "volunteerActivity",
    plural: Some("volunteerActivities"),
    stats: Some("volunteerActivityStats"),
    description: "Something a volunteer team does, at a place and a time.",
    fields: &[
        Field::column("id", "id", Kind::Id, Class::Public, "Key."),
        Field::column("team", "team_id", Kind::Reference("volunteer_team"), Class::Public, "Team that does it."),
        Field::column("title", "title", Kind::Text, Class::Public, "What it is."),
        Field::column("placeText", "place_text", Kind::Text, Class::Public, "Where, in words.").nullable(),
        Field::column("region", "region_code", Kind::Place, Class::Public, "Place: a grid, or a community."),
        Field::column("startsAt", "starts_at", Kind::Instant, Class::Public, "When it begins."),
        Field::column("endsAt", "ends_at", Kind::Instant, Class::Public, "When it ends."),
        Field::column("capacity", "capacity", Kind::Int, Class::Public, "How many can take part; null if there is no bound.").nullable(),
        Field::column("case", "case_id", Kind::Reference("case"), Class::Internal, "Case it helps to solve.").nullable(),
        Field::column("servedMinutes", "served_minutes", Kind::Int, Class::Internal, "Minutes served: the sum over its service records."),
        Field::version(),
        Field::created_at(Class::Public),
        Field::updated_at(Class::Public),
    ],
    relations: &[catalog::Relation {
        name: "serviceRecords",
        description: "Who took part, and for how long.",
        target: "service_record",
        through: Through::Reference("activity"),
    }],
    natural_keys: &[],
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
