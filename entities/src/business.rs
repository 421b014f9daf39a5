//! Businesses: enterprises, self-employed people, cooperatives, social organizations, public institutions and platforms.

use sea_orm::entity::prelude::*;

use crate::building::Building;
use crate::catalog::{self, Class, Field, Kind, NaturalKey, Placing, Register, ScopePath, Through};
use crate::codes::{
    BUSINESS_KIND, BUSINESS_STATUS, BusinessKind, BusinessStatus, INDUSTRY, INDUSTRY_DIVISION, Industry, REVENUE_BAND, RevenueBand,
};
use crate::id::Id;
use crate::mask::Mask;
use crate::person::Person;
use crate::region_code::RegionCode;

/// Marks ids of businesses.
pub struct Business;

impl crate::id::Kind for Business {
    const PREFIX: &'static str = "business";
}

/// One business.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "businesses")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id<Business>,
    /// Unified social credit code (GB 32100).
    pub credit_code: Option<String>,
    /// Registered name.
    pub name: String,
    /// What the name is found by: [`crate::name_keys::of`] the name.
    pub name_keys: String,
    /// Name on the signboard.
    pub signboard_name: Option<String>,
    /// Kind.
    pub kind: BusinessKind,
    /// Section of its industry (GB/T 4754).
    pub industry: Option<Industry>,
    /// Division of its industry, a value of [`INDUSTRY_DIVISION`].
    pub industry_division: Option<String>,
    /// Legal representative, or the owner of a self-employed business.
    pub legal_representative_id: Option<Id<Person>>,
    /// Whom to ask for.
    pub contact_name: Option<String>,
    /// Phone of the contact.
    pub contact_phone: Option<String>,
    /// How many people work there.
    pub employees: Option<i32>,
    /// Yearly revenue.
    pub revenue_band: Option<RevenueBand>,
    /// Registered address.
    pub address: Option<String>,
    /// The building it is seated in.
    pub building_id: Option<Id<Building>>,
    /// Whether it is at work.
    pub status: BusinessStatus,
    /// Day it was founded.
    pub founded_on: Option<Date>,
    /// Place: a grid, or a community where the grid is not known.
    pub region_code: RegionCode,
    /// Community of the place.
    pub community_code: RegionCode,
    /// Street of the place.
    pub street_code: RegionCode,
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
    name: "business",
    table: "businesses",
    type_name: "Business",
    singular: "business",
    plural: Some("businesses"),
    stats: Some("businessStats"),
    description: "Whatever has, or could have, a unified social credit code.",
    fields: &[
        Field::column("id", "id", Kind::Id, Class::Public, "Key."),
        Field::column("creditCode", "credit_code", Kind::Text, Class::Public, "Unified social credit code, 18 characters (GB 32100).")
            .nullable(),
        Field::column("name", "name", Kind::Text, Class::Public, "Registered name.").searched("name_keys", None),
        Field::column("signboardName", "signboard_name", Kind::Text, Class::Internal, "Name on the signboard.").nullable(),
        Field::column("kind", "kind", Kind::Code(&BUSINESS_KIND), Class::Public, "Kind."),
        Field::column("industry", "industry", Kind::Code(&INDUSTRY), Class::Public, "Section of its industry (GB/T 4754).").nullable(),
        Field::column(
            "industryDivision",
            "industry_division",
            Kind::Code(&INDUSTRY_DIVISION),
            Class::Public,
            "Division of its industry (GB/T 4754).",
        )
        .nullable(),
        Field::column(
            "legalRepresentative",
            "legal_representative_id",
            Kind::Reference("person"),
            Class::Personal,
            "Legal representative, or the owner of a self-employed business.",
        )
        .nullable(),
        Field::column("contactName", "contact_name", Kind::FreeText, Class::Personal, "Whom to ask for.")
            .masked(&[Mask::FamilyName])
            .nullable(),
        Field::column("contactPhone", "contact_phone", Kind::Identifier, Class::Personal, "Phone of the contact.")
            .masked(&[Mask::Token, Mask::Ends])
            .nullable(),
        Field::column("employees", "employees", Kind::Int, Class::Internal, "How many people work there.").nullable(),
        Field::column("revenueBand", "revenue_band", Kind::Code(&REVENUE_BAND), Class::Internal, "Yearly revenue, in bands of yuan.")
            .nullable(),
        Field::column("address", "address", Kind::FreeText, Class::Public, "Registered address.").nullable(),
        Field::column("building", "building_id", Kind::Reference("building"), Class::Public, "The building it is seated in.").nullable(),
        Field::column("status", "status", Kind::Code(&BUSINESS_STATUS), Class::Public, "Whether it is at work."),
        Field::column("foundedOn", "founded_on", Kind::Date, Class::Public, "Day it was founded.").nullable(),
        Field::column("region", "region_code", Kind::Place, Class::Public, "Place: a grid, or a community where the grid is not known."),
        Field::version(),
        Field::created_at(Class::Internal),
        Field::updated_at(Class::Internal),
    ],
    relations: &[
        catalog::Relation {
            name: "employments",
            description: "Who works or worked there.",
            target: "employment",
            through: Through::Reference("business"),
        },
        catalog::Relation {
            name: "newOccupationWorkers",
            description: "Riders, couriers and drivers who work through this platform.",
            target: "new_occupation_worker",
            through: Through::Reference("platform"),
        },
        catalog::Relation {
            name: "partyOrganizations",
            description: "Party organisations that it hosts.",
            target: "party_organization",
            through: Through::Reference("hostBusiness"),
        },
        catalog::Relation {
            name: "volunteerTeams",
            description: "Volunteer teams that it hosts.",
            target: "volunteer_team",
            through: Through::Reference("hostBusiness"),
        },
        catalog::Relation {
            name: "enrollments",
            description: "Service projects the business takes part in.",
            target: "enrollment",
            through: Through::Reference("business"),
        },
        catalog::Relation {
            name: "cases",
            description: "Cases the business reported.",
            target: "case",
            through: Through::Reference("business"),
        },
    ],
    natural_keys: &[NaturalKey { root: "businessByCreditCode", field: "creditCode" }],
    placing: Some(Placing { field: "region", place: "region_code", community: Some("community_code"), street: Some("street_code") }),
    board: None,
    department: None,
    person: Some(ScopePath::Column("legal_representative_id")),
    household: None,
    minor: None,
    protection: None,
    sensitive_codes: None,
    case: None,
    project: None,
    hidden_columns: &["name_keys"],
};
