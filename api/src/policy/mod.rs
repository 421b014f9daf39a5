//! Who may see what: pure and synchronous, no database, no await, no GraphQL.
//!
//! A [`Policy`] is read from a file and checked against the catalog. For a [`Caller`] it gives one [`Permit`] per
//! register: which rows, and on which of them which rights to which fields hold.
//!
//! Invariants: nothing is given that no grant names (public fields come with their row, because anyone may know them);
//! a grant is evaluated with its own assignment only; a deny wins on the rows it names; an assignment with an unknown
//! role gives nothing.

mod caller;
mod compile;
mod fields;
mod file;
mod permit;
mod scope;

use entities::catalog::{Class, Register};
use entities::registers::REGISTERS;

pub use caller::{Account, Assignment, Caller, CallerKind};
pub use fields::FieldSet;
pub use file::Finding;
pub use permit::{ConditionSet, Cover, Permit, Right, Rights};
pub use scope::{Atom, Condition};

use compile::{Role, RowWord};
use permit::Share;

/// The role that applies to every caller, also without a token.
pub const ANONYMOUS: &str = "anonymous";

/// The policy that is compiled in, a good default for a city.
pub const BUILT_IN: &str = include_str!("default.toml");

/// A checked policy.
#[derive(Clone, Debug)]
pub struct Policy {
    roles: Vec<Role>,
}

/// What one caller may do with every register.
#[derive(Clone, Debug)]
pub struct Permits(Vec<Permit>);

impl Policy {
    /// The policy that is compiled in.
    ///
    /// # Panics
    /// Never: a test reads the same text.
    pub fn built_in() -> Self {
        #[expect(clippy::expect_used, reason = "the text is compiled in and a test reads it")]
        Self::parse(BUILT_IN, "default.toml").expect("the built-in policy is sound")
    }

    /// Reads a policy file and checks every word of it.
    ///
    /// # Errors
    /// All that is wrong, each with its line and what would be right.
    pub fn parse(text: &str, file_name: &str) -> Result<Self, Vec<Finding>> {
        let mut findings = file::Findings::new(file_name, text);
        let roles = file::read(text, &mut findings).map(|file| compile::compile(&file, &mut findings)).unwrap_or_default();
        if findings.found.is_empty() { Ok(Self { roles }) } else { Err(findings.found) }
    }

    /// The roles' names and titles.
    pub fn roles(&self) -> impl Iterator<Item = (&str, &str)> {
        self.roles.iter().map(|role| (role.name.as_str(), role.title.as_str()))
    }

    /// What the caller may do, register by register in the catalog's order.
    pub fn permits(&self, caller: &Caller) -> Permits {
        Permits(REGISTERS.iter().map(|register| self.permit(caller, register)).collect())
    }

    fn permit(&self, caller: &Caller, register: &'static Register) -> Permit {
        let everyone = Assignment { role: ANONYMOUS.to_owned(), regions: Vec::new(), board: None, department: None, projects: Vec::new() };
        let mut shares = Vec::new();
        for assignment in caller.assignments.iter().filter(|assignment| assignment.role != ANONYMOUS).chain([&everyone]) {
            if let Some(role) = self.roles.iter().find(|role| role.name == assignment.role) {
                shares_of(role, register, caller, assignment, &mut shares);
            }
        }
        Permit::unite(register, shares)
    }
}

impl Permits {
    /// The permit for a register.
    ///
    /// # Panics
    /// Never: there is one permit per register of the catalog, and registers exist only there.
    pub fn of(&self, register: &Register) -> &Permit {
        // The same register nearly always stands at the same address, which is quicker to compare than names.
        let here = self.0.iter().find(|permit| std::ptr::eq(permit.register(), register));
        let named = || self.0.iter().find(|permit| permit.register().name == register.name);
        #[expect(clippy::expect_used, reason = "registers exist only in the catalog")]
        here.or_else(named).expect("every register has a permit")
    }
}

fn shares_of(role: &Role, register: &'static Register, caller: &Caller, assignment: &Assignment, shares: &mut Vec<Share>) {
    for grant in role.grants.iter().filter(|grant| grant.register.name == register.name) {
        let Some(condition) = bind(&grant.rows, caller, assignment) else { continue };
        if grant.minors || register.minor.is_none() {
            shares.push(Share { condition, rights: grant.rights, denied: FieldSet::EMPTY, gives_rows: true });
            continue;
        }
        // A row of a person under 14 makes personal fields sensitive: the grant gives them on the other rows only.
        let mild = FieldSet::of_classes(register, &[Class::Public, Class::Internal]);
        let Rights { show, filter, aggregate } = grant.rights;
        let rights = Rights { show: show.intersection(mild), filter: filter.intersection(mild), aggregate: aggregate.intersection(mild) };
        let adult = condition.and(Atom::Adult);
        shares.push(Share { condition, rights, denied: FieldSet::EMPTY, gives_rows: true });
        if rights != grant.rights {
            shares.push(Share { condition: adult, rights: grant.rights, denied: FieldSet::EMPTY, gives_rows: true });
        }
    }
    for deny in role.denies.iter().filter(|deny| deny.register.name == register.name) {
        if let Some(condition) = bind(&deny.rows, caller, assignment) {
            shares.push(Share { condition, rights: Rights::default(), denied: deny.fields, gives_rows: false });
        }
    }
}

/// Fills the words with what the assignment says; None if it says nothing of one of them, so that no row can match.
fn bind(rows: &[RowWord], caller: &Caller, assignment: &Assignment) -> Option<Condition> {
    rows.iter()
        .map(|word| match word {
            RowWord::Region if assignment.regions.is_empty() => None,
            RowWord::Region => Some(Atom::Regions(assignment.regions.clone())),
            RowWord::Board => assignment.board.map(Atom::Board),
            RowWord::Department => assignment.department.map(Atom::Department),
            RowWord::OwnPerson => caller.person.map(Atom::Person),
            RowWord::OwnHousehold => caller.person.map(Atom::HouseholdOf),
        })
        .collect::<Option<Vec<_>>>()
        .map(Condition::all)
}

#[cfg(test)]
mod tests;
