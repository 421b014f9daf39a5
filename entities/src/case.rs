//! Cases: issues that residents, enterprises and grid workers raise, and how far they have come.

use sea_orm::entity::prelude::*;

use crate::business::Business;
use crate::case_category::CaseCategory;
use crate::catalog::{self, Class, Field, Kind, NaturalKey, Placing, Register, ScopePath, Source, Through};
use crate::codes::{
    BOARD, Board, CASE_CHANNEL, CASE_KIND, CASE_RESULT, CASE_STATE, CaseChannel, CaseKind, CaseResult, CaseState, SEVERITY, SUBJECT_TYPE,
    SUPERVISION, Severity, SubjectType, Supervision,
};
use crate::department::Department;
use crate::id::Id;
use crate::mask::Mask;
use crate::person::Person;
use crate::region_code::RegionCode;

/// Marks ids of cases.
pub struct Case;

impl crate::id::Kind for Case {
    const PREFIX: &'static str = "case";
}

/// One case.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "cases")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id<Case>,
    /// Number that people quote.
    pub number: String,
    /// Way it came in.
    pub channel: CaseChannel,
    /// System it came in by.
    pub platform: Option<String>,
    /// What the reporter wants.
    pub kind: CaseKind,
    /// Category.
    pub category_id: Id<CaseCategory>,
    /// Who raised it.
    pub subject_type: SubjectType,
    /// Person who reported it.
    pub reporter_id: Option<Id<Person>>,
    /// Business that reported it.
    pub business_id: Option<Id<Business>>,
    /// Phone the reporter gave.
    pub reporter_phone: Option<String>,
    /// True if the reporter wants to stay unnamed.
    pub anonymous: bool,
    /// Short text.
    pub title: String,
    /// Long text.
    pub description: String,
    /// Where, in words.
    pub place_text: Option<String>,
    /// Longitude of the place, degrees.
    pub longitude: Option<f64>,
    /// Latitude of the place, degrees.
    pub latitude: Option<f64>,
    /// Place: a grid, or a community where the grid is not known.
    pub region_code: RegionCode,
    /// Community of the place.
    pub community_code: RegionCode,
    /// Street of the place.
    pub street_code: RegionCode,
    /// How grave it is.
    pub severity: Severity,
    /// True if it must go first.
    pub urgent: bool,
    /// State.
    pub state: CaseState,
    /// Board responsible.
    pub board: Board,
    /// Department handling it now.
    pub department_id: Option<Id<Department>>,
    /// Level of supervision.
    pub supervision: Supervision,
    /// When it came in.
    pub opened_at: DateTimeUtc,
    /// When it was taken on.
    pub accepted_at: Option<DateTimeUtc>,
    /// When it must be done.
    pub deadline: Option<DateTimeUtc>,
    /// When it ended.
    pub closed_at: Option<DateTimeUtc>,
    /// Outcome the handler reported.
    pub result: Option<CaseResult>,
    /// Case of the same matter that carries it on.
    pub merged_into_id: Option<Id<Case>>,
    /// Whether the return visit reached the reporter.
    pub reached: Option<bool>,
    /// Satisfaction of the reporter, 1 to 5.
    pub satisfaction: Option<i32>,
    /// How often a department sent it back.
    pub return_count: i32,
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
    name: "case",
    table: "cases",
    type_name: "Case",
    singular: "caseById",
    plural: Some("cases"),
    stats: Some("caseStats"),
    description: "An issue that somebody raised, and how far it has come.",
    fields: &[
        Field::column("id", "id", Kind::Id, Class::Public, "Key."),
        Field::column("number", "number", Kind::Text, Class::Internal, "Number that people quote."),
        Field::column("channel", "channel", Kind::Code(&CASE_CHANNEL), Class::Internal, "Way it came in."),
        Field::column("platform", "platform", Kind::Text, Class::Internal, "System it came in by.").nullable(),
        Field::column("kind", "kind", Kind::Code(&CASE_KIND), Class::Internal, "What the reporter wants."),
        Field::column("category", "category_id", Kind::Reference("case_category"), Class::Internal, "Category."),
        Field::column("subjectType", "subject_type", Kind::Code(&SUBJECT_TYPE), Class::Internal, "Who raised it."),
        Field::column("reporter", "reporter_id", Kind::Reference("person"), Class::Personal, "Person who reported it.")
            .locating()
            .nullable(),
        Field::column("business", "business_id", Kind::Reference("business"), Class::Internal, "Business that reported it.").nullable(),
        Field::column("reporterPhone", "reporter_phone", Kind::Identifier, Class::Personal, "Phone the reporter gave.")
            .masked(&[Mask::Token, Mask::Ends])
            .locating()
            .nullable(),
        Field::column("anonymous", "anonymous", Kind::Boolean, Class::Internal, "True if the reporter wants to stay unnamed."),
        Field::column("title", "title", Kind::FreeText, Class::Personal, "What it is about, in a line; free text."),
        Field::column("description", "description", Kind::FreeText, Class::Personal, "What was reported; free text."),
        Field::column("placeText", "place_text", Kind::FreeText, Class::Personal, "Where, in words; free text.").nullable(),
        Field::derived(
            "point",
            Kind::Point,
            Source::Point { longitude: "longitude", latitude: "latitude" },
            Class::Personal,
            "Where, as a point.",
        )
        .nullable(),
        Field::column("region", "region_code", Kind::Place, Class::Internal, "Place: a grid, or a community where the grid is not known."),
        Field::column("severity", "severity", Kind::Code(&SEVERITY), Class::Internal, "How grave it is."),
        Field::column("urgent", "urgent", Kind::Boolean, Class::Internal, "True if it must go first."),
        Field::column("state", "state", Kind::Code(&CASE_STATE), Class::Internal, "State."),
        Field::column("board", "board", Kind::Code(&BOARD), Class::Internal, "Board responsible."),
        Field::column("department", "department_id", Kind::Reference("department"), Class::Internal, "Department handling it now.")
            .nullable(),
        Field::column("supervision", "supervision", Kind::Code(&SUPERVISION), Class::Internal, "Level of supervision."),
        Field::column("openedAt", "opened_at", Kind::Instant, Class::Internal, "When it came in."),
        Field::column("acceptedAt", "accepted_at", Kind::Instant, Class::Internal, "When it was taken on.").nullable(),
        Field::column("deadline", "deadline", Kind::Instant, Class::Internal, "When it must be done.").nullable(),
        Field::column("closedAt", "closed_at", Kind::Instant, Class::Internal, "When it ended.").nullable(),
        Field::derived(
            "onTime",
            Kind::Boolean,
            Source::InTime { done: "closed_at", due: "deadline" },
            Class::Internal,
            "True if it ended by its deadline; null while it is open, and if it ended without one.",
        )
        .nullable(),
        Field::column("result", "result", Kind::Code(&CASE_RESULT), Class::Internal, "Outcome the handler reported.").nullable(),
        Field::column(
            "mergedInto",
            "merged_into_id",
            Kind::Reference("case"),
            Class::Internal,
            "Case of the same matter that carries it on.",
        )
        .nullable(),
        Field::column(
            "reached",
            "reached",
            Kind::Boolean,
            Class::Internal,
            "Whether the return visit reached the reporter: who was not reached is not satisfied thereby.",
        )
        .nullable(),
        Field::column("satisfaction", "satisfaction", Kind::Int, Class::Internal, "Satisfaction of the reporter, 1 to 5.")
            .nullable()
            .grouped(),
        Field::column("returnCount", "return_count", Kind::Int, Class::Internal, "How often a department sent it back.").grouped(),
        Field::version(),
        Field::created_at(Class::Internal),
        Field::updated_at(Class::Internal),
    ],
    relations: &[
        catalog::Relation {
            name: "events",
            description: "What was done to it, in order.",
            target: "case_event",
            through: Through::Reference("case"),
        },
        catalog::Relation {
            name: "volunteerActivities",
            description: "Activities of volunteers that help to solve it.",
            target: "volunteer_activity",
            through: Through::Reference("case"),
        },
        catalog::Relation {
            name: "tasks",
            description: "What departments have to do in it.",
            target: "case_task",
            through: Through::Reference("case"),
        },
        catalog::Relation {
            name: "duplicates",
            description: "Cases of the same matter, merged into this one.",
            target: "case",
            through: Through::Reference("mergedInto"),
        },
    ],
    natural_keys: &[NaturalKey { root: "caseByNumber", field: "number" }],
    placing: Some(Placing { field: "region", place: "region_code", community: Some("community_code"), street: Some("street_code") }),
    board: Some(ScopePath::Column("board")),
    department: Some(ScopePath::Column("department_id")),
    person: Some(ScopePath::Column("reporter_id")),
    household: None,
    minor: None,
    protection: Some(ScopePath::ViaIfAny("reporter_id", "person")),
    sensitive_codes: None,
    case: Some(ScopePath::Column("id")),
    project: None,
    hidden_columns: &[],
};
