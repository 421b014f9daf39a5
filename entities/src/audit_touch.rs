//! What requests touch: each combination of fields once, since most requests touch what many touched before.

use sea_orm::entity::prelude::*;

use crate::catalog::{Class, Field, Kind, Register};
use crate::codes::{AUDIT_CLASS, AuditClass};
use crate::id::Id;

/// Marks ids of touches.
pub struct AuditTouch;

impl crate::id::Kind for AuditTouch {
    const PREFIX: &'static str = "audit_touch";
}

/// One combination of fields. Its key is made of the fields, so that the same combination has the same key everywhere.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_touches")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id<AuditTouch>,
    /// Registers, each between semicolons.
    pub registers: String,
    /// Fields that were shown, each between semicolons.
    pub shown: String,
    /// Fields that were filtered, ordered, grouped or measured by.
    pub used: String,
    /// Fields that were asked and withheld on every row or on some.
    pub withheld: String,
    /// The strictest class of what was shown or used.
    pub class: AuditClass,
}

/// Relations live in the catalog.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The catalog entry.
pub const REGISTER: Register = Register {
    name: "audit_touch",
    table: "audit_touches",
    type_name: "AuditTouch",
    singular: "auditTouch",
    plural: Some("auditTouches"),
    stats: Some("auditTouchStats"),
    description: "A combination of personal and sensitive fields that a request touched. Names stand between semicolons, as in `;person.name;person.phone;`, so that `contains: \";person.phone;\"` finds one.",
    fields: &[
        Field::column("id", "id", Kind::Id, Class::Public, "Key."),
        Field::column("registers", "registers", Kind::Text, Class::Internal, "Registers of the fields, as in `;person;household;`."),
        Field::column("shown", "shown", Kind::Text, Class::Internal, "Fields that were shown, as in `;person.name;`."),
        Field::column("used", "used", Kind::Text, Class::Internal, "Fields that were filtered, ordered, grouped or measured by."),
        Field::column("withheld", "withheld", Kind::Text, Class::Internal, "Fields that were asked and withheld on every row, or on some."),
        Field::column("class", "class", Kind::Code(&AUDIT_CLASS), Class::Internal, "The strictest class of what was shown or used."),
    ],
    relations: &[],
    natural_keys: &[],
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
