//! Pages of `docs/` that the program writes itself, from the catalog, the policy and the lists of codes.

pub(super) mod differences;
pub(super) mod errors;
pub(super) mod matrix;
pub(super) mod privacy;
pub(super) mod words;

use crate::policy::{BUILT_IN_FILE, Policy};

/// What writes the files of the source tree anew.
pub(super) const REGENERATE: &str = "cargo run -- regenerate";

/// An introduction in which `POLICY` stands for the policy's file and `COMMAND` for what writes the page anew: `page` is the
/// subcommand of `civigrid policy` that does so for a policy that is not compiled in.
fn introduction(text: &str, policy: &Policy, page: &str) -> String {
    let file = policy.file();
    let command = if file == BUILT_IN_FILE { REGENERATE.to_owned() } else { format!("civigrid policy {page} --policy {file}") };
    text.replace("COMMAND", &command).replace("POLICY", file)
}
