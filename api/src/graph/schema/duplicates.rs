//! The schema's searches for values that stand on several rows.

use entities::catalog::Register;
use entities::duplicates::Duplicates;

use super::text::{describe, words};
use crate::graph::duplicates::MOST_ROWS;
use crate::graph::names::enum_value;

/// The root field of a search.
pub(super) fn root(out: &mut String, register: &Register, duplicates: &Duplicates) {
    let (argument, reference) = duplicates.across;
    describe(
        out,
        "  ",
        &format!(
            "Values that stand on several {} rows in scope, each told by a token and not shown; with `{argument}`, only those on rows of more than one {reference}.",
            words(register.type_name)
        ),
    );
    out.push_str(&format!(
        "  {}(field: {1}DuplicateField!, {argument}: Boolean! = true, first: Int, after: String): {1}DuplicateConnection\n",
        duplicates.root, register.type_name
    ));
}

/// The types of a search.
pub(super) fn types(out: &mut String, register: &Register, duplicates: &Duplicates) {
    let name = register.type_name;
    let rows = words(name);
    describe(out, "", &format!("Fields whose values can be searched for {rows} rows that share one."));
    out.push_str(&format!("enum {name}DuplicateField {{\n"));
    for field in duplicates.fields {
        out.push_str(&format!("  {}\n", enum_value(field)));
    }
    out.push_str("}\n\n");
    describe(out, "", &format!("Values that stand on several {rows} rows, in the order of the rows' ids."));
    out.push_str(&format!("type {name}DuplicateConnection {{\n  nodes: [{name}Duplicate!]!\n  pageInfo: PageInfo!\n}}\n\n"));
    describe(out, "", &format!("A value that stands on several {rows} rows."));
    out.push_str(&format!("type {name}Duplicate {{\n"));
    describe(out, "  ", "Stands for the value: the same for the same value, whoever asks, until the deployment's key changes.");
    out.push_str("  token: String!\n");
    describe(out, "  ", "How many rows in scope have the value.");
    out.push_str("  count: Int!\n");
    describe(out, "  ", &format!("The first {MOST_ROWS} of them, as the caller sees them."));
    out.push_str(&format!("  rows: [{name}!]!\n}}\n\n"));
}
