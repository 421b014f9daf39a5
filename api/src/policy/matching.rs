//! Exact look-ups: who knows all that is asked for finds the row, and nobody else learns anything.

use entities::catalog::Register;

use super::agreement::Present;
use super::caller::Caller;
use super::fields::FieldSet;
use super::permit::{Permit, Rights, Share};
use super::{Permits, Policy, shares};

impl Policy {
    /// The rows of a register that the caller may find by exactly these fields, all at once: a permit of that register alone, under
    /// which nothing may be shown and nothing else filtered by. Without rows if no grant in force says `match` of all of them.
    pub fn match_permits(&self, caller: &Caller, register: &'static Register, fields: &[usize], present: Present<'_>) -> Permits {
        let wanted: FieldSet = fields.iter().copied().collect();
        let mut found = Vec::new();
        let mut taken = Vec::new();
        for (role, assignment) in self.held(caller) {
            let matching = role.grants.iter().filter(|grant| {
                grant.register.name == register.name && wanted.without(grant.terms.matching).is_empty() && !grant.terms.ended(present.now)
            });
            for grant in matching {
                // Matched by what some rows hold back, the others alone are found.
                found.extend(shares::where_given(grant, caller, &assignment, wanted));
            }
            let denies =
                role.denies.iter().filter(|deny| deny.register.name == register.name && !deny.fields.intersection(wanted).is_empty());
            taken.extend(denies.filter_map(|deny| shares::of_deny(deny, caller, &assignment).ok()));
        }
        let rights = Rights { filter: wanted, ..Rights::default() };
        let given = |condition| Share { condition, rights, denied: FieldSet::EMPTY, gives_rows: true };
        let held = shares::Held { shares: found.into_iter().map(given).chain(taken).collect(), ..shares::Held::default() };
        Permits { each: vec![Permit::unite(register, held)], menus: Vec::new(), purposes: Vec::new() }
    }
}
