//! What an answer tells of itself: its cost, and what of it was masked or withheld.

use serde::Serialize;

use super::plan::{Plan, Withheld};
use super::{json, refusals};
use crate::language::Language;

/// Writes what the answer cost, and what of it was withheld.
pub(super) fn write(out: &mut Vec<u8>, plan: &Plan<'_>, language: Language) {
    let nodes = plan.nodes();
    for (label, number) in
        [("{\"cost\":{\"requested\":", nodes), (",\"limit\":", plan.node_limit), (",\"remaining\":", plan.node_limit.saturating_sub(nodes))]
    {
        out.extend_from_slice(label.as_bytes());
        json::integer(out, i64::try_from(number).unwrap_or(i64::MAX));
    }
    out.push(b'}');
    let mut withheld: Vec<ToldWithheld<'_>> = Vec::new();
    for Withheld { register, field, on_some_rows, purposes, path: _ } in &plan.withheld {
        let purposes = purposes.join(", ");
        let reason = match on_some_rows {
            _ if !purposes.is_empty() => "NO_PURPOSE",
            true => "SOME_ROWS",
            false => "NO_GRANT",
        };
        let needed =
            if purposes.is_empty() { refusals::rights::needed(*on_some_rows) } else { refusals::rights::purpose_needed(&purposes) };
        let entry = ToldWithheld { type_name: register.type_name, field: field.name, reason, needed: needed.wording(language).to_owned() };
        if !withheld.contains(&entry) {
            withheld.push(entry);
        }
    }
    let masked = plan.masked.iter().map(|(register, field)| ToldMasked { type_name: register.type_name, field: field.name }).collect();
    let without_rows = plan.without_rows.iter().map(|register| register.type_name).collect();
    let told = Told { masked, withheld, without_rows };
    if told != Told::default() {
        out.extend_from_slice(b",\"access\":");
        #[expect(clippy::expect_used, reason = "texts and lists of them always have a form in JSON")]
        serde_json::to_writer(&mut *out, &told).expect("texts have a form in JSON");
    }
    out.push(b'}');
}

/// What of an answer was masked or withheld.
#[derive(Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Told<'a> {
    masked: Vec<ToldMasked<'a>>,
    withheld: Vec<ToldWithheld<'a>>,
    without_rows: Vec<&'a str>,
}

#[derive(PartialEq, Eq, Serialize)]
struct ToldMasked<'a> {
    #[serde(rename = "type")]
    type_name: &'a str,
    field: &'a str,
}

#[derive(PartialEq, Eq, Serialize)]
struct ToldWithheld<'a> {
    #[serde(rename = "type")]
    type_name: &'a str,
    field: &'a str,
    reason: &'a str,
    needed: String,
}
