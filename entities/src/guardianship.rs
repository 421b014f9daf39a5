//! Guardianships: who answers for somebody who is not, or not fully, capable of acting (Civil Code, articles 26 to 39).

use sea_orm::entity::prelude::*;

use crate::catalog::{Class, Field, Kind, Placing, Register, ScopePath};
use crate::codes::{Code, CodeList};
use crate::id::Id;
use crate::person::Person;
use crate::region_code::RegionCode;

/// Marks ids of guardianships.
pub struct Guardianship;

impl crate::id::Kind for Guardianship {
    const PREFIX: &'static str = "guardianship";
}

/// Why somebody is a guardian.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum GuardianshipKind {
    /// Father or mother.
    #[sea_orm(string_value = "PARENT")]
    Parent,
    /// Grandparent, where the parents cannot.
    #[sea_orm(string_value = "GRANDPARENT")]
    Grandparent,
    /// Brother, sister or another relative.
    #[sea_orm(string_value = "RELATIVE")]
    Relative,
    /// Appointed by a court, a residents' committee or civil affairs.
    #[sea_orm(string_value = "APPOINTED")]
    Appointed,
}

/// The list of [`GuardianshipKind`] with its labels.
pub const GUARDIANSHIP_KIND: CodeList = CodeList {
    name: "GuardianshipKind",
    description: "Why somebody is a guardian",
    standard: "",
    codes: &[
        Code { value: "PARENT", code: "1", chinese: "父母", english: "Father or mother" },
        Code { value: "GRANDPARENT", code: "2", chinese: "祖父母、外祖父母", english: "Grandparent" },
        Code { value: "RELATIVE", code: "3", chinese: "其他近亲属", english: "Other relative" },
        Code { value: "APPOINTED", code: "4", chinese: "指定监护", english: "Appointed" },
    ],
};

/// One person's guardianship over another.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "guardianships")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id<Guardianship>,
    /// Who answers.
    pub guardian_id: Id<Person>,
    /// For whom.
    pub ward_id: Id<Person>,
    /// Why.
    pub kind: GuardianshipKind,
    /// First day.
    pub from_date: Date,
    /// Last day; none while it lasts.
    pub to_date: Option<Date>,
    /// Place of the ward; none if unplaced.
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
    name: "guardianship",
    table: "guardianships",
    type_name: "Guardianship",
    singular: "guardianship",
    plural: Some("guardianships"),
    stats: Some("guardianshipStats"),
    description: "A guardianship: who answers for somebody who is not fully capable of acting.",
    fields: &[
        Field::column("id", "id", Kind::Id, Class::Public, "Key."),
        Field::column("guardian", "guardian_id", Kind::Reference("person"), Class::Personal, "Who answers."),
        Field::column("ward", "ward_id", Kind::Reference("person"), Class::Personal, "For whom."),
        Field::column("kind", "kind", Kind::Code(&GUARDIANSHIP_KIND), Class::Personal, "Why (Civil Code, articles 27 to 31)."),
        Field::column("fromDate", "from_date", Kind::Date, Class::Personal, "First day; of a parent, the ward's birthday."),
        Field::column("toDate", "to_date", Kind::Date, Class::Personal, "Last day; null while it lasts.").nullable(),
        Field::column("region", "region_code", Kind::Place, Class::Personal, "Place of the ward; null if unplaced.").nullable().locating(),
        Field::version(),
        Field::created_at(Class::Internal),
        Field::updated_at(Class::Internal),
    ],
    relations: &[],
    natural_keys: &[],
    placing: Some(Placing { field: "region", place: "region_code", community: None, street: None }),
    board: None,
    department: None,
    person: Some(ScopePath::Column("ward_id")),
    household: Some(ScopePath::Via("ward_id", "person")),
    minor: Some(ScopePath::Via("ward_id", "person")),
    protection: Some(ScopePath::Via("ward_id", "person")),
    sensitive_codes: None,
    case: None,
    project: None,
    hidden_columns: &[],
};
