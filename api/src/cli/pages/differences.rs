//! What two policies say differently, cell by cell of the access matrix.

use std::collections::BTreeSet;

use entities::registers::REGISTERS;

use super::matrix::described;
use super::words::{self, Voice};
use crate::policy::Policy;

/// One cell of the matrix that differs.
pub(in crate::cli) struct Difference {
    role: String,
    /// `Person.phone`, `Person rows`; or the role itself.
    cell: String,
    before: String,
    after: String,
}

impl std::fmt::Display for Difference {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { role, cell, before, after } = self;
        write!(out, "{role:<22} {cell:<32} {before} → {after}")
    }
}

/// All cells that differ, role by role in the order of the policies, the second one's new roles last.
pub(in crate::cli) fn between(before: &Policy, after: &Policy) -> Vec<Difference> {
    let title = |policy: &Policy, role: &str| policy.roles().find(|(name, _)| *name == role).map(|(_, title)| title.to_owned());
    let mut seen = BTreeSet::new();
    let mut differences = Vec::new();
    for (role, _) in before.roles().chain(after.roles()).filter(|(role, _)| seen.insert(role.to_owned())) {
        let titles = [before, after].map(|policy| title(policy, role).unwrap_or_else(|| "no such role".to_owned()));
        let mut differ = |cell: String, [before, after]: [String; 2]| {
            if before != after {
                differences.push(Difference { role: role.to_owned(), cell, before, after });
            }
        };
        differ("the role".to_owned(), titles);
        let permits = [before, after].map(|policy| policy.permits_of_role(role));
        for register in REGISTERS {
            differ(format!("{} menu", register.type_name), permits.each_ref().map(|permits| words::menu(permits, register).to_owned()));
            let permits = permits.each_ref().map(|permits| permits.of(register));
            differ(format!("{} rows", register.type_name), permits.map(|permit| words::bounds(permit, Voice::General)));
            for (index, field) in register.fields.iter().enumerate() {
                differ(format!("{}.{}", register.type_name, field.name), permits.map(|permit| described(permit, index, field)));
            }
        }
    }
    differences
}
