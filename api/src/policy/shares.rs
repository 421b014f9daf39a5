//! What one assignment makes of the grants and denies of its role: rows and rights, ready to be united in a permit.

use entities::catalog::{Class, Register};

use super::caller::{Assignment, Caller};
use super::compile::{Deny, Grant, Role, RowWord};
use super::fields::FieldSet;
use super::permit::{Rights, Share};
use super::scope::{Atom, Condition};
use super::terms::common;
use crate::clock::Now;

/// All that a role gives and takes of a register at an instant; grants that ended too if none is said.
pub(super) fn of_role(
    role: &Role,
    register: &'static Register,
    caller: &Caller,
    assignment: &Assignment,
    now: Option<Now>,
    shares: &mut Vec<Share>,
) {
    let holds = |grant: &&Grant| grant.register.name == register.name && !now.is_some_and(|now| grant.terms.ended(now));
    for grant in role.grants.iter().filter(holds) {
        shares.extend(of_grant(grant, caller, assignment).unwrap_or_default());
    }
    for deny in role.denies.iter().filter(|deny| deny.register.name == register.name) {
        shares.extend(of_deny(deny, caller, assignment).ok());
    }
}

/// What a grant gives, or the words that the assignment says nothing of, so that it gives no row.
pub(super) fn of_grant(grant: &Grant, caller: &Caller, assignment: &Assignment) -> Result<Vec<Share>, Vec<RowWord>> {
    let register = grant.register;
    let Some(condition) = bounded(bind(&grant.rows, caller, assignment)?, grant) else { return Ok(Vec::new()) };
    let gives_rows = !grant.only_matches();
    // Personal fields may be matched on the rows of adults only, as they may be shown there only.
    let matches = !grant.terms.matching.is_empty();
    if grant.minors || register.minor.is_none() {
        return Ok(vec![Share { condition, rights: grant.rights, denied: FieldSet::EMPTY, gives_rows }]);
    }
    // A row of a person under 14 makes personal fields sensitive: the grant gives them on the other rows only.
    let mild = FieldSet::of_classes(register, &[Class::Public, Class::Internal]);
    let Rights { show, filter, aggregate } = grant.rights;
    let rights = Rights { show: show.intersection(mild), filter: filter.intersection(mild), aggregate: aggregate.intersection(mild) };
    let adult = condition.and(Atom::Adult);
    let mut shares = vec![Share { condition, rights, denied: FieldSet::EMPTY, gives_rows }];
    if rights != grant.rights || matches {
        shares.push(Share { condition: adult, rights: grant.rights, denied: FieldSet::EMPTY, gives_rows });
    }
    Ok(shares)
}

/// The condition within the regions of the grant's own; None if none of them is left.
fn bounded(condition: Condition, grant: &Grant) -> Option<Condition> {
    if grant.terms.regions.is_empty() {
        return Some(condition);
    }
    let own = condition.atoms().iter().find_map(|atom| if let Atom::Regions(regions) = atom { Some(regions.clone()) } else { None });
    let Some(own) = own else { return Some(condition.and(Atom::Regions(grant.terms.regions.clone()))) };
    let regions = common(&own, &grant.terms.regions);
    let rest = condition.atoms().iter().filter(|atom| !matches!(atom, Atom::Regions(_))).cloned();
    (!regions.is_empty()).then(|| Condition::all(rest.chain([Atom::Regions(regions)]).collect()))
}

/// What a deny takes, or the words that the assignment says nothing of, so that it takes nothing.
pub(super) fn of_deny(deny: &Deny, caller: &Caller, assignment: &Assignment) -> Result<Share, Vec<RowWord>> {
    let condition = bind(&deny.rows, caller, assignment)?;
    Ok(Share { condition, rights: Rights::default(), denied: deny.fields, gives_rows: false })
}

/// Fills the words with what the assignment says.
fn bind(rows: &[RowWord], caller: &Caller, assignment: &Assignment) -> Result<Condition, Vec<RowWord>> {
    let (mut atoms, mut missing) = (Vec::new(), Vec::new());
    for word in rows {
        let atom = match word {
            RowWord::Region if assignment.regions.is_empty() => None,
            RowWord::Region => Some(Atom::Regions(assignment.regions.clone())),
            RowWord::Board => assignment.board.map(Atom::Board),
            RowWord::Department => assignment.department.map(Atom::Department),
            RowWord::OwnPerson => caller.person.map(Atom::Person),
            RowWord::OwnHousehold => caller.person.map(Atom::HouseholdOf),
        };
        match atom {
            Some(atom) => atoms.push(atom),
            None => missing.push(*word),
        }
    }
    if missing.is_empty() { Ok(Condition::all(atoms)) } else { Err(missing) }
}
