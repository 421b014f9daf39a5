//! Accesses: which request read or changed whose data. Taken from the log's batches, as the records are.

use sea_orm::entity::prelude::*;

use crate::audit_record::AuditRecord;
use crate::audit_touch::AuditTouch;
use crate::catalog::{Class, Field, Kind, Placing, Register, ScopePath};
use crate::codes::{AUDIT_KIND, AuditKind};
use crate::id::Id;
use crate::person::Person;
use crate::region_code::RegionCode;

/// Marks ids of accesses.
pub struct AuditAccess;

impl crate::id::Kind for AuditAccess {
    const PREFIX: &'static str = "audit_access";
}

/// One person in one record. It repeats what people ask of the record, since they may see the one without the other.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_accesses")]
pub struct Model {
    /// Key; it begins with the time.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id<AuditAccess>,
    /// The record.
    pub record_id: Id<AuditRecord>,
    /// The person; none once the person was erased from the log.
    pub person_id: Option<Id<Person>>,
    /// True if the person was under 14 then, or of unknown age.
    pub child: bool,
    /// When.
    pub at: DateTimeUtc,
    /// What was done.
    pub kind: AuditKind,
    /// Who signed the caller's token.
    pub issuer: Option<String>,
    /// The caller's account.
    pub account: Option<String>,
    /// The application the token was given to.
    pub client: Option<String>,
    /// Roles of the assignments.
    pub roles: Option<String>,
    /// The stated purpose.
    pub purpose: Option<String>,
    /// What was touched.
    pub touched_id: Option<Id<AuditTouch>>,
    /// The person's place when the access was taken from the log.
    pub region_code: Option<RegionCode>,
}

/// Relations live in the catalog.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The catalog entry.
pub const REGISTER: Register = Register {
    name: "audit_access",
    table: "audit_accesses",
    type_name: "AuditAccess",
    singular: "auditAccess",
    plural: Some("auditAccesses"),
    stats: Some("auditAccessStats"),
    description: "That a request read or changed the data of a person.",
    fields: &[
        Field::column("id", "id", Kind::Id, Class::Public, "Key; it begins with the time."),
        Field::column("record", "record_id", Kind::Reference("audit_record"), Class::Internal, "The request."),
        Field::column(
            "person",
            "person_id",
            Kind::Reference("person"),
            Class::Personal,
            "The person; null once the person was erased from the log.",
        )
        .nullable(),
        Field::column("child", "child", Kind::Boolean, Class::Internal, "True if the person was under 14 then, or of unknown age."),
        Field::column("at", "at", Kind::Instant, Class::Internal, "When."),
        Field::column("kind", "kind", Kind::Code(&AUDIT_KIND), Class::Internal, "What was done."),
        Field::column("issuer", "issuer", Kind::Text, Class::Internal, "Who signed the caller's token (claim iss).").nullable(),
        Field::column("account", "account", Kind::Identifier, Class::Personal, "The caller's account (claim sub).").nullable().grouped(),
        Field::column(
            "client",
            "client",
            Kind::Text,
            Class::Internal,
            "The application: the id of a registered one, else the name that the token gives.",
        )
        .nullable()
        .grouped(),
        Field::column("roles", "roles", Kind::Text, Class::Internal, "Roles of the caller's assignments, with spaces between them.")
            .nullable()
            .grouped(),
        Field::column("purpose", "purpose", Kind::Text, Class::Internal, "The purpose that the caller stated.").nullable().grouped(),
        Field::column("touched", "touched_id", Kind::Reference("audit_touch"), Class::Internal, "The fields that were touched.").nullable(),
        Field::column("region", "region_code", Kind::Place, Class::Personal, "The person's place.").nullable(),
    ],
    relations: &[],
    natural_keys: &[],
    placing: Some(Placing { field: "region", place: "region_code", community: None, street: None }),
    board: None,
    department: None,
    person: Some(ScopePath::Column("person_id")),
    household: None,
    minor: Some(ScopePath::ViaIfAny("person_id", "person")),
    protection: None,
    sensitive_codes: None,
    case: None,
    project: None,
    hidden_columns: &[],
};
