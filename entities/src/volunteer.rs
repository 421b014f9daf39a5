//! Volunteers: people who have registered to serve, and how much they have served.

use sea_orm::entity::prelude::*;

use crate::catalog::{self, Class, Field, Kind, Placing, Register, ScopePath, Through};
use crate::codes::{VOLUNTEER_DIRECTION, VolunteerDirection};
use crate::id::Id;
use crate::person::Person;
use crate::region_code::RegionCode;

/// Marks ids of volunteers.
pub struct Volunteer;

impl crate::id::Kind for Volunteer {
    const PREFIX: &'static str = "volunteer";
}

/// One volunteer; a person is one once at most.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "volunteers")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id<Volunteer>,
    /// Who.
    pub person_id: Id<Person>,
    /// Day of registration.
    pub registered_on: Date,
    /// Direction the volunteer prefers.
    pub direction: Option<VolunteerDirection>,
    /// Skills as told.
    pub skills: Option<String>,
    /// Sum of the minutes of all service records.
    pub total_minutes: i32,
    /// Place of the person; none if unplaced.
    pub region_code: Option<RegionCode>,
    /// Community of the place.
    pub community_code: Option<RegionCode>,
    /// Street of the place.
    pub street_code: Option<RegionCode>,
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
    name: "volunteer",
    table: "volunteers",
    type_name: "Volunteer",
    singular: "volunteer",
    plural: Some("volunteers"),
    stats: Some("volunteerStats"),
    description: "A person who has registered as a volunteer.",
    fields: &[
        Field::column("id", "id", Kind::Id, Class::Public, "Key."),
        Field::column("person", "person_id", Kind::Reference("person"), Class::Personal, "Who."),
        Field::column("registeredOn", "registered_on", Kind::Date, Class::Personal, "Day of registration."),
        Field::column("direction", "direction", Kind::Code(&VOLUNTEER_DIRECTION), Class::Personal, "Direction the volunteer prefers.")
            .nullable(),
        Field::column("skills", "skills", Kind::FreeText, Class::Personal, "Skills as told; free text.").nullable(),
        Field::column("totalMinutes", "total_minutes", Kind::Int, Class::Personal, "Minutes served: the sum over all service records."),
        Field::column("region", "region_code", Kind::Place, Class::Personal, "Place of the person; null if unplaced.")
            .locating()
            .nullable(),
        Field::version(),
        Field::created_at(Class::Internal),
        Field::column(
            "updatedAt",
            "updated_at",
            Kind::Instant,
            Class::Sensitive,
            "When the row last changed: with each service, as did the team served in.",
        ),
    ],
    relations: &[
        catalog::Relation {
            name: "memberships",
            description: "Teams the volunteer belongs or belonged to.",
            target: "team_membership",
            through: Through::Reference("volunteer"),
        },
        catalog::Relation {
            name: "serviceRecords",
            description: "What the volunteer has served.",
            target: "service_record",
            through: Through::Reference("volunteer"),
        },
    ],
    natural_keys: &[],
    placing: Some(Placing { field: "region", place: "region_code", community: Some("community_code"), street: Some("street_code") }),
    board: None,
    department: None,
    person: Some(ScopePath::Column("person_id")),
    household: Some(ScopePath::Via("person_id", "person")),
    minor: Some(ScopePath::Via("person_id", "person")),
    protection: Some(ScopePath::Via("person_id", "person")),
    sensitive_codes: None,
    case: None,
    project: None,
    hidden_columns: &[],
};
