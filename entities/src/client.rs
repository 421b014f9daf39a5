//! Applications on accounts of their own: who answers for each, under what contract, from when until when, and how much it
//! may ask. Rows are never deleted, so names are never used twice.

use sea_orm::entity::prelude::*;

use crate::catalog::{Class, Field, Kind, NaturalKey, Register};
use crate::department::Department;
use crate::id::Id;

/// Marks ids of clients.
pub struct Client;

impl crate::id::Kind for Client {
    const PREFIX: &'static str = "client";
}

/// One application.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "clients")]
pub struct Model {
    /// Key; in text also the subject of its role assignments.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id<Client>,
    /// What it is called; unique.
    pub name: String,
    /// Issuer of the account that answers for it.
    pub owner_issuer: Option<String>,
    /// The account that answers for it.
    pub owner_subject: Option<String>,
    /// The department that answers for it.
    pub department_id: Option<Id<Department>>,
    /// Number of the contract.
    pub contract: Option<String>,
    /// The purposes it may state, separated by spaces; none for any.
    pub purposes: Option<String>,
    /// First instant.
    pub from_at: DateTimeUtc,
    /// First instant at which it no longer holds; none while it has no end.
    pub to_at: Option<DateTimeUtc>,
    /// The most requests in one day.
    pub requests_per_day: Option<i32>,
    /// The largest page.
    pub page_size: Option<i32>,
    /// The most nodes that the pages of one request could hold.
    pub node_budget: Option<i32>,
    /// True if only its registered documents are answered.
    pub trusted_documents_only: bool,
    /// Why it was registered.
    pub reason: String,
    /// Issuer of the account that registered it.
    pub registered_by_issuer: String,
    /// The account that registered it.
    pub registered_by: String,
    /// Issuer of the account that ended it early.
    pub ended_by_issuer: Option<String>,
    /// The account that ended it early.
    pub ended_by: Option<String>,
    /// Why it was ended early.
    pub end_reason: Option<String>,
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

/// The catalog entry. The department that answers for an application is no scope of its row. Keys and documents are no part
/// of it: nobody reads them through the graph.
pub const REGISTER: Register = Register {
    name: "client",
    table: "clients",
    type_name: "Client",
    singular: "client",
    plural: Some("clients"),
    stats: Some("clientStats"),
    description: "An application on an account of its own: who answers for it, under what contract, and how much it may ask.",
    fields: &[
        Field::column("id", "id", Kind::Id, Class::Public, "Key; also the subject of its role assignments."),
        Field::column("name", "name", Kind::Text, Class::Internal, "What it is called."),
        Field::column("ownerIssuer", "owner_issuer", Kind::Text, Class::Internal, "Issuer of the account that answers for it.").nullable(),
        Field::column("ownerSubject", "owner_subject", Kind::Identifier, Class::Personal, "The account that answers for it.").nullable(),
        Field::column("department", "department_id", Kind::Reference("department"), Class::Internal, "The department that answers for it.")
            .nullable(),
        Field::column("contract", "contract", Kind::Text, Class::Internal, "Number of the contract.").nullable(),
        Field::column("purposes", "purposes", Kind::Text, Class::Internal, "The purposes it may state, separated by spaces; null for any.")
            .nullable(),
        Field::column("fromAt", "from_at", Kind::Instant, Class::Internal, "First instant."),
        Field::column(
            "toAt",
            "to_at",
            Kind::Instant,
            Class::Internal,
            "First instant at which it no longer holds; null while it has no end.",
        )
        .nullable(),
        Field::column(
            "requestsPerDay",
            "requests_per_day",
            Kind::Int,
            Class::Internal,
            "The most requests in one day of the deployment's zone; null for any number.",
        )
        .nullable(),
        Field::column("pageSize", "page_size", Kind::Int, Class::Internal, "The largest page, where it is less than everybody's.")
            .nullable(),
        Field::column(
            "nodeBudget",
            "node_budget",
            Kind::Int,
            Class::Internal,
            "The most nodes that the pages of one request could hold, where it is less than everybody's.",
        )
        .nullable(),
        Field::column(
            "trustedDocumentsOnly",
            "trusted_documents_only",
            Kind::Boolean,
            Class::Internal,
            "True if only its registered documents are answered.",
        ),
        Field::column("reason", "reason", Kind::FreeText, Class::Personal, "Why it was registered; free text."),
        Field::column(
            "registeredByIssuer",
            "registered_by_issuer",
            Kind::Text,
            Class::Internal,
            "Issuer of the account that registered it.",
        ),
        Field::column("registeredBy", "registered_by", Kind::Identifier, Class::Personal, "The account that registered it."),
        Field::column("endedByIssuer", "ended_by_issuer", Kind::Text, Class::Internal, "Issuer of the account that ended it early.")
            .nullable(),
        Field::column("endedBy", "ended_by", Kind::Identifier, Class::Personal, "The account that ended it early.").nullable(),
        Field::column("endReason", "end_reason", Kind::FreeText, Class::Personal, "Why it was ended early; free text.").nullable(),
        Field::version(),
        Field::created_at(Class::Internal),
        Field::updated_at(Class::Internal),
    ],
    relations: &[],
    natural_keys: &[NaturalKey { root: "clientByName", field: "name" }],
    placing: None,
    board: None,
    department: None,
    person: None,
    household: None,
    minor: None,
    protection: None,
    sensitive_codes: None,
    case: None,
    project: None,
    hidden_columns: &[],
};
