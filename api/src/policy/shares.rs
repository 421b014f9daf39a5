//! What one assignment makes of the grants and denies of its role: rows and rights, ready to be united in a permit.

use entities::catalog::{Class, Register};

use super::caller::{Assignment, Caller, Purpose};
use super::compile::{Deny, Grant, Role};
use super::fields::FieldSet;
use super::permit::{Rights, Share};
use super::row_word::RowWord;
use super::scope::{Atom, Condition};
use super::terms::common;
use crate::clock::Now;

/// What roles give and take of a register.
#[derive(Default)]
pub(super) struct Held {
    pub(super) shares: Vec<Share>,
    /// Fields that grants would show if one of these purposes were stated.
    pub(super) for_purposes: Vec<(FieldSet, Vec<String>)>,
}

/// Adds all that a role gives and takes of a register at an instant; of grants that ended too if none is said.
pub(super) fn of_role(
    role: &Role,
    caller: &Caller,
    assignment: &Assignment,
    (register, now): (&'static Register, Option<Now>),
    held: &mut Held,
) {
    let holds = |grant: &&Grant| grant.register.name == register.name && !now.is_some_and(|now| grant.terms.ended(now));
    for grant in role.grants.iter().filter(holds) {
        match of_grant(grant, caller, assignment) {
            Ok(shares) => held.shares.extend(shares),
            Err(missing) if missing == [RowWord::Purpose] => {
                let shown = grant.rights.masked.into_iter().fold(grant.rights.show, FieldSet::union);
                held.for_purposes.push((shown, grant.purposes.clone()));
            }
            Err(_) => {}
        }
    }
    for deny in role.denies.iter().filter(|deny| deny.register.name == register.name) {
        held.shares.extend(of_deny(deny, caller, assignment).ok());
    }
}

/// What a grant gives, or the words that the assignment says nothing of, so that it gives no row.
pub(super) fn of_grant(grant: &Grant, caller: &Caller, assignment: &Assignment) -> Result<Vec<Share>, Vec<RowWord>> {
    let mut condition = bind(&grant.rows, caller, assignment)?;
    if !grant.boards.is_empty() {
        condition = match (&caller.purpose, assignment.board) {
            (Purpose::Any, _) => condition.and(Atom::Serving(grant.boards.clone())),
            (_, Some(board)) if grant.boards.contains(&board) => condition,
            _ => return Err(vec![RowWord::Board]),
        };
    }
    if !grant.purposes.is_empty() {
        condition = match &caller.purpose {
            Purpose::Any => condition.and(Atom::Stated(grant.purposes.clone())),
            Purpose::Stated(purpose) if grant.purposes.contains(purpose) => condition,
            Purpose::Stated(_) | Purpose::Unstated => return Err(vec![RowWord::Purpose]),
        };
    }
    let Some(condition) = bounded(condition, grant) else { return Ok(Vec::new()) };
    Ok(shares(grant.rights, !grant.only_matches(), &labels(grant), &condition))
}

/// What is given without a word of a grant: of rows that bear no label of any kind.
pub(super) fn of_fields(register: &'static Register, rights: Rights, condition: &Condition) -> Vec<Share> {
    shares(rights, true, &labels_of(register, [false; 3], rights.fields()), condition)
}

/// The rows of a grant on which all of these fields may be had, in whatever way; None if there are none.
pub(super) fn condition_of(grant: &Grant, fields: FieldSet, caller: &Caller, assignment: &Assignment) -> Option<Condition> {
    let Grant { minors, protected, sensitive_codes, .. } = *grant;
    let labels = labels_of(grant.register, [minors, protected, sensitive_codes], fields);
    let condition = of_grant(grant, caller, assignment).ok()?.into_iter().next()?.condition;
    Some(labels.into_iter().fold(condition, |condition, label| condition.and(label.without)))
}

/// The shares on the rows of a condition: some fields are given only where the row bears no label that makes them more sensitive
/// than is meant.
fn shares(given: Rights, gives_rows: bool, labels: &[Label], condition: &Condition) -> Vec<Share> {
    let held_back = |labels: &[&Label]| labels.iter().fold(FieldSet::EMPTY, |fields, label| fields.union(label.fields));
    let mut shares = Vec::new();
    for choice in 0..1usize << labels.len() {
        let chosen = |index: usize| choice & (1 << index) != 0;
        let (with, without): (Vec<_>, Vec<_>) = labels.iter().enumerate().partition(|(index, _)| chosen(*index));
        let (with, without): (Vec<&Label>, Vec<&Label>) =
            (with.into_iter().map(|(_, label)| label).collect(), without.into_iter().map(|(_, label)| label).collect());
        let rights = given.within(FieldSet::ALL.without(held_back(&without)));
        // Fields that each of the chosen labels holds back: others are given by a share of fewer bounds.
        let own = with.iter().fold(FieldSet::ALL, |fields, label| fields.intersection(label.fields));
        if choice != 0 && given.within(own.without(held_back(&without))).fields().is_empty() {
            continue;
        }
        let condition = with.iter().fold(condition.clone(), |condition, label| condition.and(label.without.clone()));
        shares.push(Share { condition, rights, denied: FieldSet::EMPTY, gives_rows });
    }
    shares
}

/// What makes fields of some rows more sensitive than those of others.
struct Label {
    /// That a row does not bear it.
    without: Atom,
    /// The fields that it holds back.
    fields: FieldSet,
}

/// The labels of the register's rows that hold back fields of the grant.
fn labels(grant: &Grant) -> Vec<Label> {
    let Grant { minors, protected, sensitive_codes, .. } = *grant;
    labels_of(grant.register, [minors, protected, sensitive_codes], grant.rights.fields())
}

/// The labels of a register's rows that hold back some of these fields, unless they are named: minors, protected, sensitive codes.
fn labels_of(register: &'static Register, named: [bool; 3], given: FieldSet) -> Vec<Label> {
    let strict = FieldSet::of_classes(register, &[Class::Personal, Class::Sensitive]);
    let locating = register.fields.iter().enumerate().filter(|(_, field)| field.locates).map(|(index, _)| index).collect();
    let [minors, protected, sensitive_codes] = named;
    [
        (register.minor.is_some() && !minors, Atom::Adult, strict),
        (register.protection.is_some() && !protected, Atom::Unprotected, locating),
        (register.sensitive_codes.is_some() && !sensitive_codes, Atom::Mild, strict),
    ]
    .into_iter()
    .filter(|(holds, _, fields)| *holds && !given.intersection(*fields).is_empty())
    .map(|(_, without, fields)| Label { without, fields })
    .collect()
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
            RowWord::OwnWards => caller.person.map(Atom::WardsOf),
            RowWord::OpenTasks => caller.person.map(Atom::OpenTasksOf),
            RowWord::OpenCase => Some(Atom::OpenCase),
            RowWord::Projects if assignment.projects.is_empty() => None,
            RowWord::Projects => Some(Atom::Projects(assignment.projects.clone())),
            RowWord::Purpose => None,
        };
        match atom {
            Some(atom) => atoms.push(atom),
            None => missing.push(*word),
        }
    }
    if missing.is_empty() { Ok(Condition::all(atoms)) } else { Err(missing) }
}
