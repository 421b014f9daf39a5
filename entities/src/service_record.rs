//! Service records: who took part in which activity, and for how long.
//!
//! When and in what somebody took part is sensitive: it tells where a person was, and an activity of Party members tells
//! who is one. How long somebody served is personal.

use sea_orm::entity::prelude::*;

use crate::catalog::{Class, Field, Kind, Placing, Register, ScopePath};
use crate::department::Department;
use crate::id::Id;
use crate::person::Person;
use crate::region_code::RegionCode;
use crate::volunteer::Volunteer;
use crate::volunteer_activity::VolunteerActivity;

/// Marks ids of service records.
pub struct ServiceRecord;

impl crate::id::Kind for ServiceRecord {
    const PREFIX: &'static str = "service_record";
}

/// One volunteer in one activity.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "service_records")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id<ServiceRecord>,
    /// Who.
    pub volunteer_id: Id<Volunteer>,
    /// In which activity.
    pub activity_id: Id<VolunteerActivity>,
    /// When the volunteer came.
    pub check_in_at: DateTimeUtc,
    /// When the volunteer left; none if nobody noted it.
    pub check_out_at: Option<DateTimeUtc>,
    /// Minutes that count.
    pub minutes: i32,
    /// Person who confirmed them.
    pub confirmed_by_id: Option<Id<Person>>,
    /// Department that confirmed them.
    pub department_id: Option<Id<Department>>,
    /// Place of the volunteer; none if unplaced.
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
    name: "service_record",
    table: "service_records",
    type_name: "ServiceRecord",
    singular: "serviceRecord",
    plural: Some("serviceRecords"),
    stats: Some("serviceRecordStats"),
    description: "A volunteer's part in an activity.",
    fields: &[
        Field::column("id", "id", Kind::Id, Class::Public, "Key."),
        Field::column("volunteer", "volunteer_id", Kind::Reference("volunteer"), Class::Personal, "Who."),
        Field::column(
            "activity",
            "activity_id",
            Kind::Reference("volunteer_activity"),
            Class::Sensitive,
            "In which activity; of a team of Party members, it tells that the volunteer is one.",
        ),
        Field::column("checkInAt", "check_in_at", Kind::Instant, Class::Sensitive, "When the volunteer came."),
        Field::column("checkOutAt", "check_out_at", Kind::Instant, Class::Sensitive, "When the volunteer left; null if nobody noted it.")
            .nullable(),
        Field::column("minutes", "minutes", Kind::Int, Class::Personal, "Minutes that count."),
        Field::column(
            "confirmedBy",
            "confirmed_by_id",
            Kind::Reference("person"),
            Class::Sensitive,
            "Person who confirmed the minutes: mostly the leader, who tells the team.",
        )
        .nullable(),
        Field::column(
            "confirmedByDepartment",
            "department_id",
            Kind::Reference("department"),
            Class::Sensitive,
            "Department that confirmed the minutes; a Party department tells the team.",
        )
        .nullable(),
        Field::column("region", "region_code", Kind::Place, Class::Personal, "Place of the person; null if unplaced.")
            .locating()
            .nullable(),
        Field::version(),
        Field::column("createdAt", "created_at", Kind::Instant, Class::Sensitive, "When the row was made: mostly when the volunteer left."),
        Field::column(
            "updatedAt",
            "updated_at",
            Kind::Instant,
            Class::Sensitive,
            "When the row last changed; the activity changed with it.",
        ),
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
