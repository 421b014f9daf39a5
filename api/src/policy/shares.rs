//! What one assignment makes of the grants and denies of its role: rows and rights, ready to be united in a permit.

use entities::catalog::{Class, Register};

use super::caller::{Assignment, Caller, Purpose};
use super::compile::{Deny, Grant, Role, RowWord};
use super::fields::FieldSet;
use super::permit::{Rights, Share};
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

/// Adds all that a role gives and takes of a register at an instant; grants that ended too if none is said.
pub(super) fn of_role(
    role: &Role,
    register: &'static Register,
    caller: &Caller,
    assignment: &Assignment,
    now: Option<Now>,
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
    let given = Given {
        register: grant.register,
        rights: grant.rights,
        matching: grant.terms.matching,
        labels: [grant.minors, grant.protected, grant.sensitive_codes],
        gives_rows: !grant.only_matches(),
    };
    Ok(given.shares(&condition))
}

/// The rows on which a grant gives all of these fields; None if the assignment says too little for any.
pub(super) fn where_given(grant: &Grant, caller: &Caller, assignment: &Assignment, fields: FieldSet) -> Option<Condition> {
    // The first share is that of all rows.
    let condition = of_grant(grant, caller, assignment).ok()?.into_iter().next()?.condition;
    let rights = Rights { filter: fields, ..Rights::default() };
    let labels = [grant.minors, grant.protected, grant.sensitive_codes];
    let given = Given { register: grant.register, rights, matching: FieldSet::EMPTY, labels, gives_rows: true };
    Some(given.held_back().into_iter().fold(condition, |condition, label| condition.and(label.without)))
}

/// What is given on some rows, however they may be labelled.
pub(super) struct Given {
    pub(super) register: &'static Register,
    pub(super) rights: Rights,
    /// Fields that may be matched where they could be shown.
    pub(super) matching: FieldSet,
    /// Whether it holds on rows of people under 14, of protected persons, and with sensitive codes too.
    pub(super) labels: [bool; 3],
    pub(super) gives_rows: bool,
}

impl Given {
    /// The shares on the rows of a condition: some fields are given only where the row bears no label that makes them more
    /// sensitive than what is given goes.
    pub(super) fn shares(&self, condition: &Condition) -> Vec<Share> {
        let labels = self.held_back();
        let fields_of = |labels: &[&Label]| labels.iter().fold(FieldSet::EMPTY, |fields, label| fields.union(label.fields));
        let all = self.rights.fields().union(self.matching);
        let mut shares = Vec::new();
        for choice in 0..1usize << labels.len() {
            let (mut with, mut without): (Vec<&Label>, Vec<&Label>) = (Vec::new(), Vec::new());
            for (index, label) in labels.iter().enumerate() {
                if choice & (1 << index) != 0 { with.push(label) } else { without.push(label) }
            }
            let open = FieldSet::ALL.without(fields_of(&without));
            // Fields that each of the chosen labels holds back: others are given by a share of fewer bounds.
            let own = with.iter().fold(open, |fields, label| fields.intersection(label.fields));
            if choice != 0 && all.intersection(own).is_empty() {
                continue;
            }
            let condition = with.iter().fold(condition.clone(), |condition, label| condition.and(label.without.clone()));
            let rights = self.rights.within(open);
            shares.push(Share { condition, rights, denied: FieldSet::EMPTY, gives_rows: self.gives_rows });
        }
        shares
    }

    /// The labels of the register's rows that hold back some of what is given.
    fn held_back(&self) -> Vec<Label> {
        let Self { register, labels: [minors, protected, sensitive_codes], .. } = self;
        let strict = FieldSet::of_classes(register, &[Class::Personal, Class::Sensitive]);
        let locating = register.fields.iter().enumerate().filter(|(_, field)| field.locates).map(|(index, _)| index).collect();
        let given = self.rights.fields().union(self.matching);
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
}

/// What makes fields of some rows more sensitive than those of others.
struct Label {
    /// That a row does not bear it.
    without: Atom,
    /// The fields that it holds back.
    fields: FieldSet,
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
