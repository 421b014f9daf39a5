//! The schema's inputs: filters and orders of each register.

use entities::catalog::{Field, Kind, Register};

use super::text::{describe, words};
use crate::graph::names::enum_value;

/// Filter and order of a register.
pub(super) fn inputs(out: &mut String, register: &Register) {
    filter(out, register);
    order(out, register);
}

fn filter(out: &mut String, register: &Register) {
    let name = register.type_name;
    describe(
        out,
        "",
        &format!(
            "Which {} rows. All given parts must hold. A test of a value that is null, or that the caller may not filter by on that row, is neither true nor false.",
            words(name)
        ),
    );
    out.push_str(&format!("input {name}Filter {{\n"));
    for field in register.fields.iter().filter(|field| field.filters) {
        out.push_str(&format!("  {}: {}\n", field.name, filter_type(field)));
    }
    for relation in register.relations {
        let target = entities::catalog::register(relation.target).map_or(name, |target| target.type_name);
        out.push_str(&format!("  {}: {target}RelationFilter\n", relation.name));
    }
    out.push_str(&format!("  and: [{name}Filter!]\n  or: [{name}Filter!]\n  not: {name}Filter\n"));
    describe(out, "  ", "Where the filter tests a reference: true if there is no such row to see. The rows of a list are always there.");
    out.push_str("  isNull: Boolean\n");
    describe(
        out,
        "  ",
        "Only rows on which the caller sees these fields in full (in statistics: may aggregate them); needed to order or group by a field that is so only on some rows.",
    );
    out.push_str(&format!("  fullyVisible: [{name}Field!]\n}}\n\n"));
    describe(out, "", &format!("Which rows have such {} rows.", words(name)));
    out.push_str(&format!("input {name}RelationFilter {{\n"));
    describe(out, "  ", "At least one visible row matches.");
    out.push_str(&format!("  some: {name}Filter\n"));
    describe(out, "  ", "No visible row matches.");
    out.push_str(&format!("  none: {name}Filter\n"));
    describe(out, "  ", "Every visible row matches.");
    out.push_str(&format!("  every: {name}Filter\n}}\n\n"));
}

/// The input type that tests a field.
pub(super) fn filter_type(field: &Field) -> String {
    match field.kind {
        Kind::Id => "IdFilter".to_owned(),
        Kind::Boolean => "BooleanFilter".to_owned(),
        Kind::Int => "IntFilter".to_owned(),
        Kind::Float => "FloatFilter".to_owned(),
        Kind::Money => "DecimalFilter".to_owned(),
        Kind::Text if field.search.is_some() => "NameFilter".to_owned(),
        Kind::Text | Kind::FreeText => "StringFilter".to_owned(),
        Kind::Identifier => "ExactStringFilter".to_owned(),
        Kind::Date => "DateFilter".to_owned(),
        Kind::Instant => "DateTimeFilter".to_owned(),
        Kind::Code(list) => format!("{}CodeFilter", list.name),
        Kind::RegionCode | Kind::Place => "PlaceFilter".to_owned(),
        Kind::Point => "PointFilter".to_owned(),
        Kind::GeoJson => "ExactStringFilter".to_owned(),
        Kind::Reference(target) => format!("{}Filter", entities::catalog::register(target).map_or("Id", |register| register.type_name)),
    }
}

fn order(out: &mut String, register: &Register) {
    let name = register.type_name;
    describe(out, "", &format!("One key of an order of {} rows. Nulls come last; ties are broken by id.", words(name)));
    out.push_str(&format!("input {name}Order {{\n  field: {name}OrderField!\n  direction: Direction! = ASC\n}}\n\n"));
    describe(out, "", &format!("The fields by which {} rows can be ordered.", words(name)));
    out.push_str(&format!("enum {name}OrderField {{\n"));
    for field in register.fields.iter().filter(|field| field.orders) {
        out.push_str(&format!("  {}\n", enum_value(field.name)));
    }
    out.push_str("}\n\n");
}

/// The test of a code list's values.
pub(super) fn code_filter(out: &mut String, name: &str) {
    describe(out, "", &format!("A test of a {}.", words(name)));
    out.push_str(&format!(
        "input {name}CodeFilter {{\n  eq: {name}\n  ne: {name}\n  in: [{name}!]\n  notIn: [{name}!]\n  isNull: Boolean\n}}\n\n"
    ));
}
