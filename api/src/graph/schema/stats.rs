//! The schema's statistics: groups, measures, bounds and orders of each register.

use entities::catalog::{self, Field, Kind, Register};

use super::text::{describe, output_type, words};
use crate::graph::names::enum_value;

/// The measures and their prefix in orders.
pub(in crate::graph) const FUNCTIONS: [(&str, &str); 4] = [("sum", "Float"), ("avg", "Float"), ("min", "Int"), ("max", "Int")];

/// Fields that can be measured.
pub(in crate::graph) fn measured(register: &Register) -> impl Iterator<Item = (usize, &'static Field)> {
    register.fields.iter().enumerate().filter(|(_, field)| field.measures)
}

/// Fields that can be grouped by as they are: not places and not times.
pub(super) fn grouped(register: &Register) -> impl Iterator<Item = (usize, &'static Field)> {
    register.fields.iter().enumerate().filter(|(_, field)| field.groups && !matches!(field.kind, Kind::Place | Kind::Date | Kind::Instant))
}

/// Fields that can be grouped by their period.
pub(super) fn timed(register: &Register) -> impl Iterator<Item = (usize, &'static Field)> {
    register.fields.iter().enumerate().filter(|(_, field)| field.groups && matches!(field.kind, Kind::Date | Kind::Instant))
}

/// References over which one can group by something of the row they lead to.
fn led_to(register: &Register) -> impl Iterator<Item = (&'static Field, &'static Register)> {
    register.fields.iter().filter(|field| field.groups).filter_map(|field| {
        let target = catalog::register(field.target()?)?;
        target.stats.map(|_| (field, target))
    })
}

/// All of a register's statistics types.
pub(super) fn stats(out: &mut String, register: &Register) {
    connection(out, register);
    key(out, register);
    measures(out, register);
    group(out, register);
    having(out, register);
    order(out, register);
}

fn connection(out: &mut String, register: &Register) {
    let name = register.type_name;
    describe(out, "", &format!("Groups of {} rows.", words(name)));
    out.push_str(&format!("type {name}StatsConnection {{\n  nodes: [{name}Stats!]!\n  pageInfo: PageInfo!\n}}\n\n"));
    describe(out, "", &format!("One group of {} rows.", words(name)));
    out.push_str(&format!("type {name}Stats {{\n"));
    describe(out, "  ", "What tells the group apart; what was not grouped by is null.");
    out.push_str(&format!("  key: {name}StatsKey!\n"));
    describe(out, "  ", "Rows in the group; null if suppressed.");
    out.push_str("  count: Int\n");
    describe(out, "  ", "True if the group is too small to be shown to this caller.");
    out.push_str("  suppressed: Boolean!\n");
    if measured(register).next().is_some() {
        describe(out, "  ", "How many values went into the measures of each field.");
        out.push_str(&format!("  counted: {name}Counted!\n"));
        for (function, number) in FUNCTIONS {
            out.push_str(&format!("  {function}: {name}{number}Measures!\n"));
        }
    }
    out.push_str("}\n\n");
}

fn key(out: &mut String, register: &Register) {
    let name = register.type_name;
    describe(out, "", &format!("What tells a group of {} rows apart.", words(name)));
    out.push_str(&format!("type {name}StatsKey {{\n"));
    for (_, field) in grouped(register) {
        out.push_str(&format!("  {}: {}\n", field.name, output_type(field)));
    }
    if register.placing.is_some() {
        describe(out, "  ", "The region, if grouped by a level; null for rows above that level.");
        out.push_str("  region: Region\n");
    }
    describe(out, "  ", "The first day of the period, if grouped by time.");
    out.push_str("  period: Date\n");
    let references: Vec<_> = led_to(register).collect();
    if references.is_empty() {
        out.push_str("}\n\n");
        return;
    }
    describe(out, "  ", "What was grouped by of a row that the row refers to; null if by nothing.");
    out.push_str(&format!("  of: {name}StatsKeyOf\n}}\n\n"));
    describe(out, "", &format!("What tells a group of {} rows apart, of the rows they refer to.", words(name)));
    out.push_str(&format!("type {name}StatsKeyOf {{\n"));
    for (field, target) in references {
        out.push_str(&format!("  {}: {}StatsKey\n", field.name, target.type_name));
    }
    out.push_str("}\n\n");
}

fn measures(out: &mut String, register: &Register) {
    let name = register.type_name;
    if measured(register).next().is_none() {
        return;
    }
    for (suffix, number) in [("Counted", "Int!"), ("FloatMeasures", "Float"), ("IntMeasures", "Int")] {
        describe(out, "", &format!("Numbers of {} fields.", words(name)));
        out.push_str(&format!("type {name}{suffix} {{\n"));
        for (_, field) in measured(register) {
            let number = if suffix != "Counted" && matches!(field.kind, Kind::Money) { "Decimal" } else { number };
            out.push_str(&format!("  {}: {number}\n", field.name));
        }
        out.push_str("}\n\n");
    }
    describe(out, "", &format!("Bounds on measures of {} fields.", words(name)));
    out.push_str(&format!("input {name}MeasureBounds {{\n"));
    for (_, field) in measured(register) {
        let bounds = if matches!(field.kind, Kind::Money) { "DecimalBounds" } else { "NumberBounds" };
        out.push_str(&format!("  {}: {bounds}\n", field.name));
    }
    out.push_str("}\n\n");
}

fn group(out: &mut String, register: &Register) {
    let name = register.type_name;
    describe(out, "", "What to group by: exactly one of these.");
    out.push_str(&format!("input {name}Group @oneOf {{\n"));
    if grouped(register).next().is_some() {
        out.push_str(&format!("  field: {name}GroupField\n"));
    }
    if register.placing.is_some() {
        out.push_str("  region: RegionLevel\n");
    }
    if timed(register).next().is_some() {
        out.push_str(&format!("  time: {name}TimeGroup\n"));
    }
    let references: Vec<_> = led_to(register).collect();
    if references.is_empty() {
        out.push_str("}\n\n");
    } else {
        describe(
            out,
            "  ",
            "Something of a row that the row refers to; rows whose target is hidden are one group with those that have none.",
        );
        out.push_str(&format!("  of: {name}GroupOf\n}}\n\n"));
        describe(out, "", "What to group by, of which row: exactly one of these.");
        out.push_str(&format!("input {name}GroupOf @oneOf {{\n"));
        for (field, target) in references {
            out.push_str(&format!("  {}: {}Group\n", field.name, target.type_name));
        }
        out.push_str("}\n\n");
    }
    values(out, &format!("{name}GroupField"), "Fields to group by.", grouped(register));
    if timed(register).next().is_some() {
        describe(out, "", "Group by the period in which a time falls, in the deployment's zone.");
        out.push_str(&format!("input {name}TimeGroup {{\n  field: {name}TimeField!\n  by: Period!\n}}\n\n"));
        values(out, &format!("{name}TimeField"), "Times to group by.", timed(register));
    }
}

fn values(out: &mut String, name: &str, description: &str, fields: impl Iterator<Item = (usize, &'static Field)>) {
    let names: Vec<String> = fields.map(|(_, field)| format!("  {}\n", enum_value(field.name))).collect();
    if !names.is_empty() {
        describe(out, "", description);
        out.push_str(&format!("enum {name} {{\n{}}}\n\n", names.concat()));
    }
}

fn having(out: &mut String, register: &Register) {
    let name = register.type_name;
    describe(out, "", "Which groups: all given bounds must hold.");
    out.push_str(&format!("input {name}StatsHaving {{\n  count: NumberBounds\n"));
    if measured(register).next().is_some() {
        for (function, _) in FUNCTIONS {
            out.push_str(&format!("  {function}: {name}MeasureBounds\n"));
        }
    }
    out.push_str("}\n\n");
}

fn order(out: &mut String, register: &Register) {
    let name = register.type_name;
    describe(out, "", "One key of an order of groups. Nulls come last; ties are broken by the groups' keys.");
    out.push_str(&format!("input {name}StatsOrder {{\n  by: {name}StatsOrderBy!\n  direction: Direction! = ASC\n}}\n\n"));
    describe(out, "", "What groups can be ordered by; a key only if it is grouped by.");
    out.push_str(&format!("enum {name}StatsOrderBy {{\n  COUNT\n  PERIOD\n"));
    if register.placing.is_some() {
        out.push_str("  REGION\n");
    }
    for (_, field) in grouped(register).filter(|(_, field)| !matches!(field.kind, Kind::Reference(_))) {
        out.push_str(&format!("  {}\n", enum_value(field.name)));
    }
    for (_, field) in measured(register) {
        for (function, _) in FUNCTIONS {
            out.push_str(&format!("  {}_{}\n", function.to_uppercase(), enum_value(field.name)));
        }
    }
    out.push_str("}\n\n");
}
