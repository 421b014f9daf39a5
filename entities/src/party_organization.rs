//! Party organisations: a tree of their own, which is not the region tree.

use sea_orm::entity::prelude::*;

use crate::business::Business;
use crate::catalog::{self, Class, Field, Kind, NaturalKey, Placing, Register, ScopePath, Through};
use crate::codes::{PARTY_ORGANIZATION_KIND, PartyOrganizationKind};
use crate::department::Department;
use crate::id::Id;
use crate::person::Person;
use crate::region_code::RegionCode;

/// Marks ids of Party organisations.
pub struct PartyOrganization;

impl crate::id::Kind for PartyOrganization {
    const PREFIX: &'static str = "party_organization";
}

/// One Party organisation.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "party_organizations")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id<PartyOrganization>,
    /// Code that people quote.
    pub code: String,
    /// Name.
    pub name: String,
    /// Kind, by its size.
    pub kind: PartyOrganizationKind,
    /// Organisation directly above.
    pub parent_id: Option<Id<PartyOrganization>>,
    /// Organisation department that keeps it.
    pub department_id: Id<Department>,
    /// Where it is seated.
    pub region_code: RegionCode,
    /// Business that hosts it.
    pub host_business_id: Option<Id<Business>>,
    /// Its secretary.
    pub secretary_id: Option<Id<Person>>,
    /// Day it was founded.
    pub founded_on: Option<Date>,
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
    name: "party_organization",
    table: "party_organizations",
    type_name: "PartyOrganization",
    singular: "partyOrganization",
    plural: Some("partyOrganizations"),
    stats: Some("partyOrganizationStats"),
    description: "A Party organisation, in the tree of Party organisations.",
    fields: &[
        Field::column("id", "id", Kind::Id, Class::Public, "Key."),
        Field::column("code", "code", Kind::Text, Class::Internal, "Code that people quote."),
        Field::column("name", "name", Kind::Text, Class::Internal, "Name."),
        Field::column("kind", "kind", Kind::Code(&PARTY_ORGANIZATION_KIND), Class::Internal, "Kind, by its size."),
        Field::column(
            "parent",
            "parent_id",
            Kind::Reference("party_organization"),
            Class::Internal,
            "Organisation directly above; its tree is not the region tree.",
        )
        .nullable(),
        Field::column(
            "department",
            "department_id",
            Kind::Reference("department"),
            Class::Internal,
            "Organisation department that keeps it.",
        ),
        Field::column("region", "region_code", Kind::Place, Class::Internal, "Where it is seated."),
        Field::column(
            "hostBusiness",
            "host_business_id",
            Kind::Reference("business"),
            Class::Internal,
            "Business that hosts it, where it is an organisation of a firm.",
        )
        .nullable(),
        Field::column(
            "secretary",
            "secretary_id",
            Kind::Reference("person"),
            Class::Sensitive,
            "Its secretary, who is therefore a member.",
        )
        .nullable(),
        Field::column("foundedOn", "founded_on", Kind::Date, Class::Internal, "Day it was founded.").nullable(),
        Field::version(),
        Field::created_at(Class::Internal),
        Field::updated_at(Class::Internal),
    ],
    relations: &[
        catalog::Relation {
            name: "branches",
            description: "Organisations directly below.",
            target: "party_organization",
            through: Through::Reference("parent"),
        },
        catalog::Relation {
            name: "members",
            description: "Those who belong to it.",
            target: "party_member",
            through: Through::Reference("organization"),
        },
    ],
    natural_keys: &[NaturalKey { root: "partyOrganizationByCode", field: "code" }],
    placing: Some(Placing { field: "region", place: "region_code", community: None, street: None }),
    board: Some(ScopePath::Via("department_id", "department")),
    department: Some(ScopePath::Column("department_id")),
    person: None,
    household: None,
    minor: None,
    protection: None,
    sensitive_codes: None,
    case: None,
    project: None,
    hidden_columns: &[],
};
