//! What administrators see of the running program: traces, metrics, slow requests, explanations, checks, packages.

mod accounts;
pub(crate) mod check;
mod explain;
mod metrics;
mod packaging;
mod slow;
mod traces;

use serde_json::{Value, json};

pub(crate) use check::run;

/// A document that takes three statements of whoever sees households, with a value of its own in a variable.
const DOCUMENT: &str = "query Screen($name: String!) { \
    households(first: 2) { totalCount nodes { residents(first: 3, filter: { name: { eq: $name } }) { nodes { id } } } } }";
/// Its variable: a text that nothing may repeat.
const VALUE: &str = "王秘密";

fn question() -> Value {
    json!({ "query": DOCUMENT, "operationName": "Screen", "variables": { "name": VALUE } })
}
