//! Party members: who belongs to which Party organisation. That somebody does is sensitive.

use sea_orm::entity::prelude::*;

use crate::catalog::{Class, Field, Kind, Placing, Register, ScopePath};
use crate::codes::{PARTY_DUTY, PARTY_MEMBER_STATUS, PartyDuty, PartyMemberStatus};
use crate::id::Id;
use crate::party_organization::PartyOrganization;
use crate::person::Person;
use crate::region::Region;
use crate::region_code::RegionCode;

/// Marks ids of Party members.
pub struct PartyMember;

impl crate::id::Kind for PartyMember {
    const PREFIX: &'static str = "party_member";
}

/// One membership; a person has one at most.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "party_members")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id<PartyMember>,
    /// Who.
    pub person_id: Id<Person>,
    /// Where the member belongs.
    pub organization_id: Id<PartyOrganization>,
    /// How far the person has come.
    pub status: PartyMemberStatus,
    /// Day of admission; applicants have none.
    pub joined_on: Option<Date>,
    /// Duty in the organisation.
    pub duty: Option<PartyDuty>,
    /// Community to which a member in service reports beside the organisation.
    pub double_registration_id: Option<Id<Region>>,
    /// Whole hours of volunteer service.
    pub service_hours: i32,
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
    name: "party_member",
    table: "party_members",
    type_name: "PartyMember",
    singular: "partyMember",
    plural: Some("partyMembers"),
    stats: Some("partyMemberStats"),
    description: "A person who belongs to, or applies to, a Party organisation.",
    fields: &[
        Field::column("id", "id", Kind::Id, Class::Public, "Key."),
        Field::column("person", "person_id", Kind::Reference("person"), Class::Sensitive, "Who."),
        Field::column(
            "organization",
            "organization_id",
            Kind::Reference("party_organization"),
            Class::Sensitive,
            "Where the member belongs.",
        ),
        Field::column(
            "status",
            "status",
            Kind::Code(&PARTY_MEMBER_STATUS),
            Class::Sensitive,
            "How far the person has come in joining (after GB/T 4762).",
        ),
        Field::column("joinedOn", "joined_on", Kind::Date, Class::Sensitive, "Day of admission; null for applicants.").nullable(),
        Field::column("duty", "duty", Kind::Code(&PARTY_DUTY), Class::Sensitive, "Duty in the organisation.").nullable(),
        Field::column(
            "doubleRegistration",
            "double_registration_id",
            Kind::Reference("region"),
            Class::Sensitive,
            "Community to which a member in service also reports, because the member lives there.",
        )
        .nullable(),
        Field::column("serviceHours", "service_hours", Kind::Int, Class::Sensitive, "Whole hours of volunteer service."),
        Field::column("region", "region_code", Kind::Place, Class::Sensitive, "Place of the person; null if unplaced.")
            .locating()
            .nullable(),
        Field::version(),
        Field::created_at(Class::Internal),
        Field::updated_at(Class::Internal),
    ],
    relations: &[],
    natural_keys: &[],
    placing: Some(Placing { field: "region", place: "region_code", community: Some("community_code"), street: Some("street_code") }),
    board: Some(ScopePath::Via("organization_id", "party_organization")),
    department: Some(ScopePath::Via("organization_id", "party_organization")),
    person: Some(ScopePath::Column("person_id")),
    household: Some(ScopePath::Via("person_id", "person")),
    minor: Some(ScopePath::Via("person_id", "person")),
    protection: Some(ScopePath::Via("person_id", "person")),
    sensitive_codes: None,
    case: None,
    project: None,
    hidden_columns: &[],
};
