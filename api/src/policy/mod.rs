//! Who may see what: pure and synchronous, no database, no await, no GraphQL.
//!
//! A [`Policy`] is read from a file and checked against the catalog. For a [`Caller`] it gives one [`Permit`] per
//! register: which rows, and on which of them which rights to which fields hold.
//!
//! Invariants: nothing is given that no grant names (public fields come with their row, because anyone may know them);
//! a grant is evaluated with its own assignment only; a deny wins on the rows it names; an assignment with an unknown
//! role gives nothing.

mod agreement;
mod caller;
mod compile;
mod derivations;
mod duties;
mod explain;
mod fields;
mod file;
mod finding;
mod headings;
mod keyed;
mod labels;
mod masks;
mod matching;
mod menu;
mod needed;
mod permit;
mod review;
mod row_word;
mod scope;
mod shares;
mod terms;

use entities::catalog::Register;
use entities::registers::REGISTERS;
use sha2::{Digest as _, Sha256};

pub use agreement::{Agreement, Agreements, Present};
pub use caller::{Account, Assignment, Caller, CallerKind, Purpose};
pub use compile::Purpose as ListedPurpose;
pub use derivations::Acceptance;
pub use duties::Duty;
pub use explain::{Agreed, Effect, Explanation, Rule};
pub use fields::FieldSet;
pub use finding::{Finding, hint};
pub use keyed::{Digest, Key, Tokens};
pub use labels::Labels;
pub use menu::{MenuPermit, MenuScope};
pub use needed::Needed;
pub use permit::{ConditionSet, Cover, Permit, Right, Rights, Shown};
pub use review::Lacking;
pub use row_word::RowWord;
pub use scope::{Atom, Condition};
pub use terms::{Termed, Until};

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
    /// What an answer may be for, in the order of the file.
    purposes: Vec<ListedPurpose>,
    /// The first 16 hexadecimal digits of the SHA-256 of its text.
    version: String,
    roles: Vec<Role>,
    /// What no role is meant to see. It decides nothing.
    unseen: Vec<Unseen>,
    /// What may follow from what is shown. It decides nothing.
    accepted: Vec<derivations::Accepted>,
}

/// What one caller may do with every register.
#[derive(Clone, Debug)]
pub struct Permits {
    each: Vec<Permit>,
    menus: Vec<MenuPermit>,
    /// What the policy says an answer may be for.
    purposes: Vec<ListedPurpose>,
    duties: Vec<Duty>,
}

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
        let file::PolicyFile { purposes, roles, unseen, accepts } = file::read(text, &mut findings);
        let purposes: Vec<_> = purposes.into_iter().map(|(code, title)| ListedPurpose { code: code.text, title }).collect();
        let roles = compile::compile(&roles, &purposes, &mut findings);
        let unseen = compile::compile_unseen(&unseen, &mut findings);
        let names: Vec<String> = roles.iter().map(|role| role.name.clone()).collect();
        let accepted = derivations::compile(&accepts, &names, &mut findings);
        let file = file_name.to_owned();
        let version = version(text);
        if findings.is_empty() { Ok(Self { file, version, purposes, roles, unseen, accepted }) } else { Err(findings.into_sorted()) }
    }

    /// Name of the file it was read from.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// What an answer may be for, in the order of the file.
    pub fn purposes(&self) -> &[ListedPurpose] {
        &self.purposes
    }

    /// What tells it from every other text of a policy, for records of what was decided by it.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The roles' names and titles, in the order of the file.
    pub fn roles(&self) -> impl Iterator<Item = (&str, &str)> {
        self.roles.iter().map(|role| (role.name.as_str(), role.title.as_str()))
    }

    /// What the caller may do at the present, register by register in the catalog's order.
    pub fn permits_at(&self, caller: &Caller, present: Present<'_>) -> Permits {
        self.permits_in(caller, Some(present))
    }

    /// What the caller may do by the file alone, as if no grant of it had ended.
    pub fn permits(&self, caller: &Caller) -> Permits {
        self.permits_in(caller, None)
    }

    fn permits_in(&self, caller: &Caller, present: Option<Present<'_>>) -> Permits {
        let held = self.held(caller);
        let menus = REGISTERS.iter().filter_map(|register| menu::permit(register, &held)).collect();
        let each = REGISTERS.iter().map(|register| self.permit_of(caller, &held, register, present)).collect();
        let mut duties = duties::of_roles(&held, present.map(|present| present.now));
        // Whoever has taken another role can give it back, also where a new policy lets nobody take one.
        if caller.break_glass.is_some() && !duties.contains(&Duty::BreakGlass) {
            duties.push(Duty::BreakGlass);
        }
        Permits { each, menus, purposes: self.purposes.clone(), duties }
    }

    /// What a role may do, whatever it is bounded to: the conditions' values stand for "the own".
    pub fn permits_of_role(&self, role: &str) -> Permits {
        self.permits(&Caller::in_general(vec![role.to_owned()]))
    }

    fn permit(&self, caller: &Caller, register: &'static Register, present: Option<Present<'_>>) -> Permit {
        self.permit_of(caller, &self.held(caller), register, present)
    }

    fn permit_of(
        &self,
        caller: &Caller,
        roles: &[(&Role, Assignment)],
        register: &'static Register,
        present: Option<Present<'_>>,
    ) -> Permit {
        let mut held = shares::Held::default();
        for (role, assignment) in roles {
            shares::of_role(role, caller, assignment, (register, present.map(|present| present.now)), &mut held);
        }
        // A permit holds so many conditions and no more: what others grant must not push out what the roles give.
        if let Some(present) = present {
            for (_, assignment) in roles {
                present.agreements.shares((register, &self.purposes), caller, assignment, present.now, &mut held);
            }
        }
        Permit::unite(register, held)
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
        let here = self.each.iter().find(|permit| std::ptr::eq(permit.register(), register));
        let named = || self.each.iter().find(|permit| permit.register().name == register.name);
        #[expect(clippy::expect_used, reason = "registers exist only in the catalog")]
        here.or_else(named).expect("every register has a permit")
    }

    /// The kinds of changes that the caller's roles let them ask for.
    pub fn duties(&self) -> &[Duty] {
        &self.duties
    }

    /// What the policy says an answer may be for, in the order of the file.
    pub fn purposes(&self) -> &[ListedPurpose] {
        &self.purposes
    }

    /// Where the aggregates of the register's menu may be asked for; None if nowhere.
    pub fn menu(&self, register: &Register) -> Option<&MenuPermit> {
        self.menus.iter().find(|permit| permit.menu().register == register.name)
    }
}

#[cfg(test)]
mod terms_tests;
#[cfg(test)]
mod tests;
