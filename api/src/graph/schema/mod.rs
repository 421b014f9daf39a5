//! The published contract: the schema as text, written from the catalog.
//!
//! The engine reads this same text back with a GraphQL compiler, so the contract and what is executed cannot differ.

mod duplicates;
mod inputs;
mod menu;
mod reduce;
mod shape;
pub(super) mod stats;
mod text;

use entities::catalog::{Class, Field, Kind, Register};
use entities::registers::{REGISTERS, code_lists};

use super::changes::FieldErrorCode;
use super::error::ErrorCode;
use super::names::enum_value;
use text::{describe, output_type, words};

pub(super) use reduce::reduce;
pub(super) use shape::Shape;

/// Parts of the schema that do not depend on the catalog.
const FIXED: &str = include_str!("fixed.graphql");

/// What can be changed: payloads and inputs of mutations.
const CHANGES: &str = include_str!("changes.graphql");

/// The whole schema.
pub fn sdl() -> String {
    let mut out = String::with_capacity(200_000);
    out.push_str(FIXED);
    errors(&mut out);
    query(&mut out);
    field_errors(&mut out);
    out.push_str(CHANGES);
    for register in REGISTERS {
        object(&mut out, register);
        access(&mut out, register);
        connection(&mut out, register);
        inputs::inputs(&mut out, register);
        if register.stats.is_some() {
            stats::stats(&mut out, register);
        }
        if let Some(menu) = register.menu() {
            menu::menu(&mut out, register, menu);
        }
        if register.duplicates().is_some() {
            duplicates::types(&mut out, register);
        }
    }
    for list in code_lists() {
        describe(&mut out, "", &standard(list.description, list.standard));
        out.push_str(&format!("enum {} {{\n", list.name));
        for code in list.codes {
            describe(&mut out, "  ", &format!("{} {} ({})", code.code, code.chinese, code.english));
            out.push_str(&format!("  {}\n", code.value));
        }
        out.push_str("}\n\n");
        inputs::code_filter(&mut out, list.name);
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

fn standard(description: &str, standard: &str) -> String {
    if standard.is_empty() { format!("{description}.") } else { format!("{description} ({standard}).") }
}

fn errors(out: &mut String) {
    describe(out, "", "The stable codes in `errors[].extensions.code`. HTTP adds codes of its own for what never reaches the graph.");
    out.push_str("enum ErrorCode {\n");
    for code in ErrorCode::ALL {
        describe(out, "  ", code.meaning());
        out.push_str(&format!("  {}\n", code.word()));
    }
    out.push_str("}\n\n");
}

fn field_errors(out: &mut String) {
    describe(out, "", "The stable codes in `fieldErrors { code }`: why a change was not made.");
    out.push_str("enum FieldErrorCode {\n");
    for code in FieldErrorCode::ALL {
        describe(out, "  ", code.meaning());
        out.push_str(&format!("  {}\n", code.word()));
    }
    out.push_str("}\n\n");
}

/// The arguments of a list.
fn list_arguments(register: &Register) -> String {
    let name = register.type_name;
    format!("filter: {name}Filter, orderBy: [{name}Order!], first: Int, after: String, last: Int, before: String")
}

fn query(out: &mut String) {
    describe(out, "", "What can be asked. Every field of every row is shown, or null and named in `extensions.access`, by who asks.");
    out.push_str("type Query {\n");
    for register in REGISTERS {
        let Register { singular, type_name, .. } = register;
        describe(out, "  ", &format!("One {} by its id; null if there is none or it is out of scope.", words(type_name)));
        out.push_str(&format!("  {singular}(id: ID!): {type_name}\n"));
        for key in register.natural_keys {
            describe(out, "  ", &format!("One {} by its {}; null if there is none or it is out of scope.", words(type_name), key.field));
            let argument = match register.field(key.field).map(|(_, field)| field.kind) {
                Some(Kind::RegionCode) => "RegionCode!",
                _ => "String!",
            };
            out.push_str(&format!("  {}({}: {argument}): {type_name}\n", key.root, key.field));
        }
        if let Some(plural) = register.plural {
            describe(
                out,
                "  ",
                &format!("{} Pages hold 20 rows unless `first` or `last` says otherwise, and at most 1,000.", register.description),
            );
            out.push_str(&format!("  {plural}({}): {type_name}Connection\n", list_arguments(register)));
        }
        if let Some(stats) = register.stats {
            describe(out, "  ", &format!("Counts and measures of {} rows in scope, by group.", words(type_name)));
            out.push_str(&format!(
                "  {stats}(filter: {type_name}Filter, groupBy: [{type_name}Group!] = [], having: {type_name}StatsHaving, orderBy: [{type_name}StatsOrder!], first: Int, after: String): {type_name}StatsConnection\n"
            ));
        }
        if let Some(menu) = register.menu() {
            menu::root(out, register, menu);
        }
        if let Some(duplicates) = register.duplicates() {
            duplicates::root(out, register, duplicates);
        }
    }
    describe(out, "  ", "Any row by its id.");
    out.push_str("  node(id: ID!): Node\n");
    describe(out, "  ", "Rows by their ids, in the order asked; null where there is none or it is out of scope.");
    out.push_str("  nodes(ids: [ID!]!): [Node]!\n");
    describe(out, "  ", "Who asks, and what that caller may do.");
    out.push_str("  me: Me!\n");
    describe(
        out,
        "  ",
        "Why the caller is shown a field, a mask of it or nothing: which grant or deny of the policy says so, by which assignment. With \
         `id`, on that row; a row that does not exist and one out of scope are answered alike.",
    );
    out.push_str("  access(type: String!, field: String!, id: ID): AccessReason!\n");
    describe(out, "  ", "Code lists with their labels; all of them, or those named.");
    out.push_str("  codeLists(names: [String!]): [CodeList!]!\n}\n\n");
}

fn object(out: &mut String, register: &Register) {
    let name = register.type_name;
    describe(out, "", register.description);
    out.push_str(&format!("type {name} implements Node @key(fields: \"id\") {{\n"));
    for field in register.fields {
        describe(out, "  ", &described(field));
        let arguments = if matches!(field.kind, Kind::Place) { "(level: RegionLevel)" } else { "" };
        out.push_str(&format!("  {}{arguments}: {}{}\n", field.name, output_type(field), if field.non_null() { "!" } else { "" }));
    }
    for relation in register.relations {
        let target = entities::catalog::register(relation.target).unwrap_or(register);
        describe(out, "  ", relation.description);
        if relation.through.is_to_one() {
            out.push_str(&format!("  {}: {}\n", relation.name, target.type_name));
        } else {
            out.push_str(&format!("  {}({}): {}Connection!\n", relation.name, list_arguments(target), target.type_name));
        }
    }
    describe(out, "  ", "What the caller may not see of this row, and may write.");
    out.push_str(&format!("  access: {name}Access!\n}}\n\n"));
    describe(out, "", &format!("The fields of a {}, to name them.", words(name)));
    out.push_str(&format!("enum {name}Field {{\n"));
    for field in register.fields {
        out.push_str(&format!("  {}\n", enum_value(field.name)));
    }
    out.push_str("}\n\n");
}

fn described(field: &Field) -> String {
    let region = if matches!(field.kind, Kind::Place) { " With `level`, the ancestor of that level." } else { "" };
    match field.class {
        Class::Public => format!("{}{region}", field.description),
        class => format!("{}{region} Class: {}.", field.description, class.word()),
    }
}

fn access(out: &mut String, register: &Register) {
    let name = register.type_name;
    describe(out, "", &format!("What the caller may not see of one {}, and may write.", words(name)));
    out.push_str(&format!("type {name}Access {{\n"));
    describe(out, "  ", "Fields shown in part.");
    out.push_str(&format!("  masked: [{name}Field!]!\n"));
    describe(out, "  ", "Fields that are null because of who asks, whatever their value.");
    out.push_str(&format!("  withheld: [{name}Field!]!\n"));
    describe(out, "  ", "Fields the caller may change.");
    out.push_str(&format!("  writable: [{name}Field!]!\n}}\n\n"));
}

fn connection(out: &mut String, register: &Register) {
    let name = register.type_name;
    describe(out, "", &format!("A page of {} rows.", words(name)));
    out.push_str(&format!("type {name}Connection {{\n  nodes: [{name}!]!\n  edges: [{name}Edge!]!\n  pageInfo: PageInfo!\n"));
    describe(out, "  ", "How many rows match and are in scope; null if more than `limit`.");
    out.push_str("  totalCount(limit: Int = 100000): Int\n}\n\n");
    describe(out, "", &format!("A {} and its place in the list.", words(name)));
    out.push_str(&format!("type {name}Edge {{\n  node: {name}!\n  cursor: String!\n}}\n\n"));
}
