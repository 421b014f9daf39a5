//! Records of the audit log: one for each request that touched personal data, each change and each refusal. They are
//! taken from the log's batches, which alone are proof; these rows are there to be searched.

use sea_orm::entity::prelude::*;

use crate::audit_touch::AuditTouch;
use crate::catalog::{self, Class, Field, Kind, Placing, Register, ScopePath, Through};
use crate::codes::{AUDIT_CLASS, AUDIT_KIND, AUDIT_OUTCOME, AuditClass, AuditKind, AuditOutcome};
use crate::id::Id;
use crate::person::Person;
use crate::region_code::RegionCode;

/// Marks ids of audit records.
pub struct AuditRecord;

impl crate::id::Kind for AuditRecord {
    const PREFIX: &'static str = "audit_record";
}

/// One request, change or refusal.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_records")]
pub struct Model {
    /// Key; it begins with the time.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id<AuditRecord>,
    /// When.
    pub at: DateTimeUtc,
    /// What was done.
    pub kind: AuditKind,
    /// How it ended.
    pub outcome: AuditOutcome,
    /// Codes of errors.
    pub errors: Option<String>,
    /// Who signed the caller's token.
    pub issuer: Option<String>,
    /// The caller's account.
    pub account: Option<String>,
    /// The application the token was given to.
    pub client: Option<String>,
    /// The caller's row of the person register.
    pub person_id: Option<Id<Person>>,
    /// Roles of the assignments.
    pub roles: Option<String>,
    /// The stated purpose.
    pub purpose: Option<String>,
    /// The request's id, as in the answer.
    pub request: Option<String>,
    /// The operation's name.
    pub operation: Option<String>,
    /// The document's hash.
    pub document: Option<String>,
    /// Keyed hash of the variables.
    pub variables: Option<String>,
    /// What was touched.
    pub touched_id: Option<Id<AuditTouch>>,
    /// The strictest class of it.
    pub class: AuditClass,
    /// Rows that were read.
    pub row_count: i32,
    /// Persons whose data was read.
    pub subject_count: i32,
    /// The policy's version.
    pub policy: Option<String>,
    /// The smallest region that holds what was asked.
    pub region_code: Option<RegionCode>,
    /// Number of the batch that proves it.
    pub number: Option<i64>,
}

/// Relations live in the catalog.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The catalog entry.
pub const REGISTER: Register = Register {
    name: "audit_record",
    table: "audit_records",
    type_name: "AuditRecord",
    singular: "auditRecord",
    plural: Some("auditRecords"),
    stats: Some("auditRecordStats"),
    description: "A request that touched personal data, a change or a refusal: who, when, what for, what of, and how it ended.",
    fields: &[
        Field::column("id", "id", Kind::Id, Class::Public, "Key; it begins with the time."),
        Field::column("at", "at", Kind::Instant, Class::Internal, "When."),
        Field::column("kind", "kind", Kind::Code(&AUDIT_KIND), Class::Internal, "What was done."),
        Field::column("outcome", "outcome", Kind::Code(&AUDIT_OUTCOME), Class::Internal, "How it ended."),
        Field::column("errors", "errors", Kind::Text, Class::Internal, "Codes of the answer's errors, with spaces between them.")
            .nullable()
            .grouped(),
        Field::column("issuer", "issuer", Kind::Text, Class::Internal, "Who signed the caller's token (claim iss).").nullable(),
        Field::column("account", "account", Kind::Identifier, Class::Personal, "The caller's account (claim sub); null of nobody known.")
            .nullable()
            .grouped(),
        Field::column(
            "client",
            "client",
            Kind::Text,
            Class::Internal,
            "The application: the id of a registered one, else the name that the token gives.",
        )
        .nullable()
        .grouped(),
        Field::column("person", "person_id", Kind::Reference("person"), Class::Personal, "The caller's row of the person register.")
            .nullable(),
        Field::column("roles", "roles", Kind::Text, Class::Internal, "Roles of the caller's assignments, with spaces between them.")
            .nullable()
            .grouped(),
        Field::column("purpose", "purpose", Kind::Text, Class::Internal, "The purpose that the caller stated.").nullable().grouped(),
        Field::column("request", "request", Kind::Text, Class::Internal, "The request's id, as in the answer's headers.").nullable(),
        Field::column("operation", "operation", Kind::Text, Class::Internal, "The name of the operation.").nullable().grouped(),
        Field::column("document", "document", Kind::Text, Class::Internal, "The first 16 hexadecimal digits of the document's SHA-256.")
            .nullable()
            .grouped(),
        Field::column("variables", "variables", Kind::Text, Class::Internal, "Keyed hash of the variables; null if there were none.")
            .nullable(),
        Field::column("touched", "touched_id", Kind::Reference("audit_touch"), Class::Internal, "The fields that were touched.").nullable(),
        Field::column("class", "class", Kind::Code(&AUDIT_CLASS), Class::Internal, "The strictest class of the fields that were touched."),
        Field::column("rowCount", "row_count", Kind::Int, Class::Internal, "Rows that were read."),
        Field::column("subjectCount", "subject_count", Kind::Int, Class::Internal, "Persons whose data was read."),
        Field::column("policy", "policy", Kind::Text, Class::Internal, "The first 16 hexadecimal digits of the policy's SHA-256.")
            .nullable()
            .grouped(),
        Field::column("region", "region_code", Kind::Place, Class::Internal, "The smallest region that holds what was asked.").nullable(),
    ],
    relations: &[catalog::Relation {
        name: "accesses",
        description: "The persons whose data was read or changed.",
        target: "audit_access",
        through: Through::Reference("record"),
    }],
    natural_keys: &[],
    placing: Some(Placing { field: "region", place: "region_code", community: None, street: None }),
    board: None,
    department: None,
    person: Some(ScopePath::Column("person_id")),
    household: None,
    minor: None,
    protection: None,
    sensitive_codes: None,
    case: None,
    project: None,
    hidden_columns: &["number"],
};
