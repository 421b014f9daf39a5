//! People: the hub where one human's records meet.

use sea_orm::entity::prelude::*;

use crate::catalog::{self, Class, Field, Kind, Placing, Register, ScopePath, Source, Through};
use crate::codes::{AGE_BAND, EDUCATION, ETHNICITY, Education, ID_TYPE, IdType, MARITAL_STATUS, MaritalStatus, SEX, Sex};
use crate::household::Household;
use crate::id::Id;
use crate::mask::Mask;
use crate::region_code::RegionCode;

/// Marks ids of people.
pub struct Person;

impl crate::id::Kind for Person {
    const PREFIX: &'static str = "person";
}

/// One person. Place and household are those of the current actual residence, else of the registered one.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "persons")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id<Person>,
    /// Name in Chinese.
    pub name: String,
    /// Name in pinyin without tones, for human order.
    pub name_pinyin: String,
    /// What the name is found by: [`crate::name_keys::of`] the name and its pinyin.
    pub name_keys: String,
    /// Kind of identity document.
    pub id_type: IdType,
    /// Number of the document; 18 characters for a resident identity card (GB 11643).
    pub id_number: Option<String>,
    /// Sex.
    pub sex: Sex,
    /// Day of birth.
    pub birth_date: Option<Date>,
    /// Year of birth, a coarse form of its own.
    pub birth_year: Option<i32>,
    /// Ethnic group, a value of GB/T 3304.
    pub ethnicity: Option<String>,
    /// Highest education.
    pub education: Option<Education>,
    /// Marital status.
    pub marital_status: Option<MaritalStatus>,
    /// Mobile phone, 11 digits.
    pub phone: Option<String>,
    /// Employer as told.
    pub employer: Option<String>,
    /// Occupation as told.
    pub occupation: Option<String>,
    /// Day of death.
    pub deceased_on: Option<Date>,
    /// True if where the person lives and can be reached is kept from all but named roles.
    pub protected: bool,
    /// Household of the current residence.
    pub household_id: Option<Id<Household>>,
    /// Place of the current residence; none if unplaced.
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
    name: "person",
    table: "persons",
    type_name: "Person",
    singular: "person",
    plural: Some("persons"),
    stats: Some("personStats"),
    description: "A person: the hub where one human's records meet.",
    fields: &[
        Field::column("id", "id", Kind::Id, Class::Public, "Key."),
        Field::column("name", "name", Kind::Text, Class::Personal, "Name in Chinese.")
            .masked(&[Mask::FamilyName])
            .narrow()
            .searched("name_keys", Some("namePinyin")),
        Field::column(
            "namePinyin",
            "name_pinyin",
            Kind::Text,
            Class::Personal,
            "Name in pinyin without tones; order by it for human order.",
        )
        .narrow(),
        Field::column("idType", "id_type", Kind::Code(&ID_TYPE), Class::Internal, "Kind of identity document."),
        Field::column(
            "idNumber",
            "id_number",
            Kind::Identifier,
            Class::Sensitive,
            "Number of the identity document; 18 characters for a resident identity card (GB 11643).",
        )
        .masked(&[Mask::Token, Mask::FirstAndLast])
        .nullable()
        .duplicated(),
        Field::derived(
            "maskedIdNumber",
            Kind::FreeText,
            Source::FirstAndLast("id_number"),
            Class::Personal,
            "The identity number with all but its first and last character starred.",
        )
        .nullable(),
        Field::column("sex", "sex", Kind::Code(&SEX), Class::Personal, "Sex (GB/T 2261.1)."),
        Field::column("birthDate", "birth_date", Kind::Date, Class::Sensitive, "Day of birth.").masked(&[Mask::Year]).nullable(),
        Field::derived("age", Kind::Int, Source::Age("birth_date"), Class::Personal, "Completed years at the day of the request.")
            .nullable(),
        Field::derived(
            "ageBand",
            Kind::Code(&AGE_BAND),
            Source::AgeBand("birth_date"),
            Class::Internal,
            "Band of ages at the day of the request.",
        )
        .nullable(),
        Field::column("birthYear", "birth_year", Kind::Int, Class::Personal, "Year of birth.").nullable().grouped(),
        Field::column(
            "ethnicity",
            "ethnicity",
            Kind::Code(&ETHNICITY),
            Class::Sensitive,
            "Ethnic group (GB/T 3304); shown, never listed by.",
        )
        .nullable()
        .shown_only(),
        Field::column("education", "education", Kind::Code(&EDUCATION), Class::Personal, "Highest education (GB/T 4658).").nullable(),
        Field::column("maritalStatus", "marital_status", Kind::Code(&MARITAL_STATUS), Class::Personal, "Marital status (GB/T 2261.2).")
            .nullable(),
        Field::column("phone", "phone", Kind::Identifier, Class::Personal, "Mobile phone, 11 digits.")
            .masked(&[Mask::Token, Mask::Ends])
            .locating()
            .nullable()
            .duplicated(),
        Field::column("employer", "employer", Kind::FreeText, Class::Personal, "Employer as told.").nullable(),
        Field::column("occupation", "occupation", Kind::FreeText, Class::Personal, "Occupation as told.").nullable(),
        Field::column("deceasedOn", "deceased_on", Kind::Date, Class::Personal, "Day of death.").nullable(),
        Field::column(
            "protected",
            "protected",
            Kind::Boolean,
            Class::Sensitive,
            "True if where the person lives and can be reached is kept from all but named roles.",
        ),
        Field::column("household", "household_id", Kind::Reference("household"), Class::Personal, "Household of the current residence.")
            .locating()
            .nullable(),
        Field::column("region", "region_code", Kind::Place, Class::Personal, "Place of the current residence; null if unplaced.")
            .locating()
            .nullable(),
        Field::version(),
        Field::created_at(Class::Internal),
        Field::updated_at(Class::Internal),
    ],
    relations: &[
        catalog::Relation {
            name: "residences",
            description: "Where the person has lived or been registered, and when.",
            target: "residence",
            through: Through::Reference("person"),
        },
        catalog::Relation {
            name: "cases",
            description: "Cases the person reported.",
            target: "case",
            through: Through::Reference("reporter"),
        },
        catalog::Relation {
            name: "headedHouseholds",
            description: "Households the person heads.",
            target: "household",
            through: Through::Reference("head"),
        },
        catalog::Relation {
            name: "employments",
            description: "Where the person works or worked.",
            target: "employment",
            through: Through::Reference("person"),
        },
        catalog::Relation {
            name: "newOccupationWork",
            description: "The person as a rider, courier, driver or the like.",
            target: "new_occupation_worker",
            through: Through::Reference("person"),
        },
        catalog::Relation {
            name: "representedBusinesses",
            description: "Businesses that the person represents or owns.",
            target: "business",
            through: Through::Reference("legalRepresentative"),
        },
        catalog::Relation {
            name: "ownedDwellings",
            description: "Dwellings that the person owns.",
            target: "dwelling",
            through: Through::Reference("owner"),
        },
        catalog::Relation {
            name: "partyMember",
            description: "Membership in the Party.",
            target: "party_member",
            through: Through::Unique("person"),
        },
        catalog::Relation {
            name: "partySecretaryships",
            description: "Party organisations the person is secretary of.",
            target: "party_organization",
            through: Through::Reference("secretary"),
        },
        catalog::Relation {
            name: "volunteer",
            description: "What the person is as a volunteer.",
            target: "volunteer",
            through: Through::Unique("person"),
        },
        catalog::Relation {
            name: "ledVolunteerTeams",
            description: "Volunteer teams the person leads.",
            target: "volunteer_team",
            through: Through::Reference("leader"),
        },
        catalog::Relation {
            name: "confirmedServiceRecords",
            description: "Hours of volunteers that the person has confirmed.",
            target: "service_record",
            through: Through::Reference("confirmedBy"),
        },
        catalog::Relation {
            name: "tags",
            description: "What the person may need help for.",
            target: "person_tag",
            through: Through::Reference("person"),
        },
        catalog::Relation {
            name: "enrollments",
            description: "Service projects the person takes part in.",
            target: "enrollment",
            through: Through::Reference("person"),
        },
        catalog::Relation {
            name: "gridMemberships",
            description: "The person's service in grid teams.",
            target: "grid_member",
            through: Through::Reference("person"),
        },
        catalog::Relation {
            name: "wards",
            description: "Guardianships over others.",
            target: "guardianship",
            through: Through::Reference("guardian"),
        },
        catalog::Relation {
            name: "guardians",
            description: "Guardianships over the person.",
            target: "guardianship",
            through: Through::Reference("ward"),
        },
        catalog::Relation {
            name: "tasks",
            description: "Tasks of cases that the person has.",
            target: "case_task",
            through: Through::Reference("assignee"),
        },
        catalog::Relation {
            name: "auditAccesses",
            description: "Who read or changed something personal of the person, and when.",
            target: "audit_access",
            through: Through::Reference("person"),
        },
    ],
    natural_keys: &[],
    placing: Some(Placing { field: "region", place: "region_code", community: Some("community_code"), street: Some("street_code") }),
    board: None,
    department: None,
    person: Some(ScopePath::Column("id")),
    household: Some(ScopePath::Column("household_id")),
    minor: Some(ScopePath::Column("birth_date")),
    protection: Some(ScopePath::Column("protected")),
    sensitive_codes: None,
    case: Some(ScopePath::Back("reporter_id", "case")),
    project: None,
    hidden_columns: &["name_keys"],
};
