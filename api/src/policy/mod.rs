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
mod explain;
mod fields;
mod file;
mod finding;
mod needed;
mod permit;
mod review;
mod scope;
mod shares;

use entities::catalog::Register;
use entities::registers::REGISTERS;
use sha2::{Digest, Sha256};

pub use caller::{Account, Assignment, Caller, CallerKind};
pub use compile::RowWord;
pub use explain::{Effect, Explanation, Rule};
pub use fields::FieldSet;
pub use finding::{Finding, hint};
pub use needed::Needed;
pub use permit::{ConditionSet, Cover, Permit, Right, Rights};
pub use review::Lacking;
pub use scope::{Atom, Condition};

use compile::{Role, Unseen};

/// The role that applies to every caller, also without a token.
pub const ANONYMOUS: &str = "anonymous";

/// The policy that is compiled in, a good default for a city.
pub const BUILT_IN: &str = include_str!("default.toml");

/// What findings call the file of the policy that is compiled in.
pub const BUILT_IN_FILE: &str = "default.toml";

/// A checked policy.
#[derive(Clone, Debug)]
pub struct Policy {
    /// Name of the file, for what is said about its lines.
    file: String,
    /// The first 16 hexadecimal digits of the SHA-256 of its text.
    version: String,
    roles: Vec<Role>,
    /// What no role is meant to see. It decides nothing.
    unseen: Vec<Unseen>,
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
        Self::parse(BUILT_IN, BUILT_IN_FILE).expect("the built-in policy is sound")
    }

    /// Reads a policy file and checks every word of it.
    ///
    /// # Errors
    /// All that is wrong, each with its line and what would be right.
    pub fn parse(text: &str, file_name: &str) -> Result<Self, Vec<Finding>> {
        let mut findings = finding::Findings::new(file_name, text);
        let file::PolicyFile { roles, unseen } = file::read(text, &mut findings);
        let (roles, unseen) = (compile::compile(&roles, &mut findings), compile::compile_unseen(&unseen, &mut findings));
        if findings.is_empty() {
            Ok(Self { file: file_name.to_owned(), version: version(text), roles, unseen })
        } else {
            Err(findings.into_sorted())
        }
    }

    /// Name of the file it was read from.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// What tells it from every other text of a policy, for records of what was decided by it.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The roles' names and titles, in the order of the file.
    pub fn roles(&self) -> impl Iterator<Item = (&str, &str)> {
        self.roles.iter().map(|role| (role.name.as_str(), role.title.as_str()))
    }

    /// What the caller may do, register by register in the catalog's order.
    pub fn permits(&self, caller: &Caller) -> Permits {
        Permits(REGISTERS.iter().map(|register| self.permit(caller, register)).collect())
    }

    /// What a role may do, whatever it is bounded to: the conditions' values stand for "the own".
    pub fn permits_of_role(&self, role: &str) -> Permits {
        self.permits(&Caller::in_general(vec![role.to_owned()]))
    }

    fn permit(&self, caller: &Caller, register: &'static Register) -> Permit {
        let mut shares = Vec::new();
        for (role, assignment) in self.held(caller) {
            shares::of_role(role, register, caller, &assignment, &mut shares);
        }
        Permit::unite(register, shares)
    }

    /// The roles of a caller, each with the assignment that gives it; that of everyone last.
    fn held(&self, caller: &Caller) -> Vec<(&Role, Assignment)> {
        let everyone = Assignment { role: ANONYMOUS.to_owned(), regions: Vec::new(), board: None, department: None, projects: Vec::new() };
        let assignments = caller.assignments.iter().filter(|assignment| assignment.role != ANONYMOUS).cloned().chain([everyone]);
        assignments
            .filter_map(|assignment| self.roles.iter().find(|role| role.name == assignment.role).map(|role| (role, assignment)))
            .collect()
    }
}

/// The first 16 hexadecimal digits of the text's SHA-256.
fn version(text: &str) -> String {
    Sha256::digest(text).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
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

#[cfg(test)]
mod tests;
