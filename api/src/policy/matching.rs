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
                let Ok(shares) = shares::of_grant(grant, caller, &assignment) else { continue };
                // Of the two shares of a grant that leaves people under 14 out, the one for the others.
                found.extend(shares.into_iter().last().map(|share| share.condition));
            }
            let denies =
                role.denies.iter().filter(|deny| deny.register.name == register.name && !deny.fields.intersection(wanted).is_empty());
            taken.extend(denies.filter_map(|deny| shares::of_deny(deny, caller, &assignment).ok()));
        }
        let rights = Rights { show: FieldSet::EMPTY, filter: wanted, aggregate: FieldSet::EMPTY };
        let given = |condition| Share { condition, rights, denied: FieldSet::EMPTY, gives_rows: true };
        Permits(vec![Permit::unite(register, found.into_iter().map(given).chain(taken).collect())])
    }
}
