//! The schema's aggregate menus.

use entities::catalog::{Kind, Register};
use entities::menus::{Menu, MenuPeriod};

use super::text::{describe, output_type, words};
use crate::graph::names::enum_value;

/// The root field of a menu.
pub(super) fn root(out: &mut String, register: &Register, menu: &Menu) {
    let text = format!(
        "Counts of all {} rows in a region, from a fixed menu, for those who may not see the rows. It lists all cells of the regions of a level by the dimensions, in a fixed order, those without rows too; pages hold 20 cells unless `first` says otherwise, and at most 1,000.{}",
        words(register.type_name),
        menu.periods.map_or_else(String::new, |periods| format!(
            " Only rows of the last {} closed {} by {} count.",
            periods.closed,
            if periods.length == MenuPeriod::Quarter { "quarters" } else { "years" },
            periods.field
        ))
    );
    describe(out, "  ", &text);
    out.push_str(&format!(
        "  {}(region: RegionCode!, level: RegionLevel!, by: [{1}MenuDimension!]! = [], first: Int, after: String): {1}MenuConnection\n",
        menu.root, register.type_name
    ));
}

/// All of a menu's types.
pub(super) fn menu(out: &mut String, register: &Register, menu: &Menu) {
    let name = register.type_name;
    let rows = words(name);
    describe(out, "", &format!("Cells of {rows} rows."));
    out.push_str(&format!("type {name}MenuConnection {{\n  nodes: [{name}MenuCell!]!\n  pageInfo: PageInfo!\n"));
    describe(out, "  ", "How many cells there are.");
    out.push_str("  totalCount: Int!\n}\n\n");
    describe(out, "", &format!("One cell of {rows} rows."));
    out.push_str(&format!("type {name}MenuCell {{\n  key: {name}MenuKey!\n"));
    describe(
        out,
        "  ",
        "Rows in the cell, up or down to a multiple of five, with stand-ins for small cells within it; each figure is rounded by itself, so they do not add up. Null if it is suppressed.",
    );
    out.push_str("  count: Int\n");
    describe(
        out,
        "  ",
        "True if there are fewer than 10 rows; also of one in four of the cells that are made of such small cells alone, so that it does not tell that there are fewer than 10.",
    );
    out.push_str("  suppressed: Boolean!\n");
    if !menu.measures.is_empty() {
        describe(out, "  ", "Sums, of small cells within it that have 10 values and none above half; three digits count.");
        out.push_str(&format!("  sum: {name}MenuSums!\n"));
        describe(out, "  ", "Averages of the values that the sums are of; three digits count.");
        out.push_str(&format!("  avg: {name}MenuAverages!\n"));
    }
    out.push_str("}\n\n");
    describe(
        out,
        "",
        &format!("What tells a cell of {rows} rows apart; null where the cells are not told apart by it, and for rows without a value."),
    );
    out.push_str(&format!("type {name}MenuKey {{\n  region: Region\n"));
    let dimensions = || menu.dimensions.iter().filter_map(|dimension| register.field(dimension)).map(|(_, field)| field);
    for field in dimensions() {
        describe(out, "  ", field.description);
        out.push_str(&format!("  {}: {}\n", field.name, output_type(field)));
    }
    if menu.periods.is_some() {
        describe(out, "  ", "The first day of the period.");
        out.push_str("  period: Date\n");
    }
    out.push_str("}\n\n");
    describe(out, "", &format!("What cells of {rows} rows can be told apart by."));
    out.push_str(&format!("enum {name}MenuDimension {{\n"));
    for field in dimensions() {
        out.push_str(&format!("  {}\n", enum_value(field.name)));
    }
    out.push_str(if menu.periods.is_some() { "  PERIOD\n}\n\n" } else { "}\n\n" });
    if menu.measures.is_empty() {
        return;
    }
    for suffix in ["Sums", "Averages"] {
        describe(out, "", &format!("{suffix} of {rows} fields; null where too few values may be told."));
        out.push_str(&format!("type {name}Menu{suffix} {{\n"));
        for (_, field) in menu.measures.iter().filter_map(|measure| register.field(measure)) {
            let number = if matches!(field.kind, Kind::Money) { "Decimal" } else { "Float" };
            out.push_str(&format!("  {}: {number}\n", field.name));
        }
        out.push_str("}\n\n");
    }
}
