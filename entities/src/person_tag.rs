//! Tags of people: what somebody may need help for. The most sensitive register of all.

use sea_orm::entity::prelude::*;

use crate::catalog::{Class, Field, Kind, Placing, Register, ScopePath, SensitiveCodes};
use crate::codes::{PERSON_TAG_KIND, PersonTagKind, SENSITIVE_TAGS, TAG_SOURCE, TagSource};
use crate::id::Id;
use crate::person::Person;
use crate::region_code::RegionCode;

/// Marks ids of tags of people.
pub struct PersonTag;

impl crate::id::Kind for PersonTag {
    const PREFIX: &'static str = "person_tag";
}

/// One tag of one person.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "person_tags")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id<PersonTag>,
    /// Whose tag it is.
    pub person_id: Id<Person>,
    /// What it says.
    pub code: PersonTagKind,
    /// Who vouches for it.
    pub source: TagSource,
    /// First day.
    pub from_date: Date,
    /// Last day; none while it lasts.
    pub to_date: Option<Date>,
    /// Place of the person.
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
    name: "person_tag",
    table: "person_tags",
    type_name: "PersonTag",
    singular: "personTag",
    plural: Some("personTags"),
    stats: Some("personTagStats"),
    description: "What a person may need help for, and who says so. Kept for the delivery of services alone.",
    fields: &[
        Field::column("id", "id", Kind::Id, Class::Public, "Key."),
        Field::column("person", "person_id", Kind::Reference("person"), Class::Personal, "Whose tag it is."),
        Field::column("code", "code", Kind::Code(&PERSON_TAG_KIND), Class::Personal, "What it says."),
        Field::column("source", "source", Kind::Code(&TAG_SOURCE), Class::Personal, "Who vouches for it, which mostly tells what it says."),
        Field::column("fromDate", "from_date", Kind::Date, Class::Personal, "First day; of a tag by age, a birthday."),
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
    person: Some(ScopePath::Column("person_id")),
    household: Some(ScopePath::Via("person_id", "person")),
    minor: Some(ScopePath::Via("person_id", "person")),
    protection: Some(ScopePath::Via("person_id", "person")),
    sensitive_codes: Some(SensitiveCodes { column: "code", values: SENSITIVE_TAGS }),
    case: None,
    project: None,
    hidden_columns: &[],
};
