//! Exact look-ups: who knows all that is asked for finds the row, and nobody else learns anything.

use entities::catalog::Register;

use super::agreement::Present;
use super::caller::Caller;
use super::fields::FieldSet;
use super::permit::{Permit, Rights, Share};
use super::shares::{self, Held};
use super::{Permits, Policy};

impl Policy {
    /// The rows of a register that the caller may find by exactly these fields, all at once: a permit of that register alone, under
    /// which nothing may be shown and nothing else filtered by. Without rows if no grant in force says `match` of all of them.
    pub fn match_permits(&self, caller: &Caller, register: &'static Register, fields: &[usize], present: Present<'_>) -> Permits {
        let wanted: FieldSet = fields.iter().copied().collect();
        let rights = Rights { filter: wanted, ..Rights::default() };
        let mut held = Held::default();
        for (role, assignment) in self.held(caller) {
            let matching = role.grants.iter().filter(|grant| {
                grant.register.name == register.name && wanted.without(grant.terms.matching).is_empty() && !grant.terms.ended(present.now)
            });
            let conditions = matching.filter_map(|grant| shares::condition_of(grant, wanted, caller, &assignment));
            held.shares.extend(conditions.map(|condition| Share { condition, rights, denied: FieldSet::EMPTY, gives_rows: true }));
            let denies =
                role.denies.iter().filter(|deny| deny.register.name == register.name && !deny.fields.intersection(wanted).is_empty());
            held.shares.extend(denies.filter_map(|deny| shares::of_deny(deny, caller, &assignment).ok()));
        }
        Permits { each: vec![Permit::unite(register, held)], menus: Vec::new(), purposes: Vec::new(), duties: Vec::new() }
    }
}
