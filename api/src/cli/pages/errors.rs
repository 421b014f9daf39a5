//! The tables of codes in the page on errors. The rest of the page is written by hand.

use crate::graph::{ErrorEntry, error_guide};
use crate::http::{RefusalEntry, refusal_guide};

/// The codes of the graph.
pub(in crate::cli) fn graph_table() -> String {
    let mut out = "| code | what it means | what to do |\n| --- | --- | --- |\n".to_owned();
    for ErrorEntry { word, when, remedy } in error_guide() {
        out.push_str(&format!("| `{word}` | {when} | {remedy} |\n"));
    }
    out
}

/// The codes of HTTP.
pub(in crate::cli) fn http_table() -> String {
    let mut out = "| status | code | when | what to do |\n| --- | --- | --- | --- |\n".to_owned();
    for RefusalEntry { status, word, when, remedy } in refusal_guide() {
        out.push_str(&format!("| {status} | `{word}` | {when} | {remedy} |\n"));
    }
    out
}
