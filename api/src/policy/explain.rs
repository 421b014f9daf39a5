//! Why a caller may do something with a field, or not: which grant or deny of the file, on which line, on which rows.

use entities::catalog::{Field, Register};

use super::caller::Caller;
use super::compile::{Deny, Given, Grant, Role, RowWord};
use super::needed::Needed;
use super::permit::{Permit, Right, Share};
use super::scope::Atom;
use super::{Policy, shares};

/// Why a right on a field holds, or does not.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// The register.
    pub register: &'static Register,
    /// Index of the field.
    pub field: usize,
    /// The right in question.
    pub right: Right,
    /// What the caller may do with the register; it decides.
    pub permit: Permit,
    /// The grants and denies on the register that the caller's roles hold, in the order of the assignments, each once.
    pub rules: Vec<Rule>,
    /// What would give the right on every row in scope; empty if it holds there, or if no policy can give it.
    pub needed: Vec<Needed>,
}

/// A grant or deny, and what it does for the field in question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The role it belongs to.
    pub role: String,
    /// The line of its heading in the file.
    pub line: usize,
    /// True of a deny.
    pub deny: bool,
    /// The words that bound its rows.
    pub rows: Vec<RowWord>,
    /// What it does.
    pub effect: Effect,
}

/// What a grant or deny does for a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Nothing, because the assignment says nothing of these words.
    Unbound(Vec<RowWord>),
    /// Gives rows, but not this field.
    RowsOnly,
    /// Gives it with the rows: the field is public.
    ComesWithRows,
    /// Gives it.
    Gives {
        /// The word that names the field or its class.
        word: String,
        /// The word's line.
        line: usize,
        /// True if the word stands in `show` and filtering follows from it.
        by_show: bool,
        /// True if not on rows of people under 14.
        adults_only: bool,
    },
    /// Takes it.
    Takes {
        /// The word that names the field or its class.
        word: String,
        /// The word's line.
        line: usize,
    },
}

impl Policy {
    /// Explains a right of a caller on the field of this index.
    pub fn explain(&self, caller: &Caller, register: &'static Register, field: usize, right: Right) -> Explanation {
        let question = Question { policy: self, caller, register, field, right };
        let permit = self.permit(caller, register);
        let mut rules = Vec::new();
        let mut sources = Vec::new();
        for (role, assignment) in self.held(caller) {
            for grant in role.grants.iter().filter(|grant| grant.register.name == register.name) {
                let bound = shares::of_grant(grant, caller, &assignment);
                add(&mut rules, question.grant_rule(role, grant, &bound));
                sources.extend(bound.ok().map(|shares| Source { role, grant, shares }));
            }
            for deny in role.denies.iter().filter(|deny| deny.register.name == register.name) {
                if let Some(rule) = question.deny_rule(role, deny, shares::of_deny(deny, caller, &assignment).err()) {
                    add(&mut rules, rule);
                }
            }
        }
        let needed = question.needed(&permit, &rules, &sources);
        Explanation { register, field, right, permit, rules, needed }
    }
}

/// What is asked.
pub(super) struct Question<'p> {
    pub(super) policy: &'p Policy,
    pub(super) caller: &'p Caller,
    pub(super) register: &'static Register,
    pub(super) field: usize,
    pub(super) right: Right,
}

/// A grant of a role that gives the caller rows.
pub(super) struct Source<'p> {
    pub(super) role: &'p Role,
    pub(super) grant: &'p Grant,
    pub(super) shares: Vec<Share>,
}

impl Question<'_> {
    /// True if the share gives what is asked for.
    pub(super) fn is_given_by(&self, share: &Share) -> bool {
        share.rights.of(self.right).contains(self.field)
    }

    fn grant_rule(&self, role: &Role, grant: &Grant, bound: &Result<Vec<Share>, Vec<RowWord>>) -> Rule {
        let effect = match bound {
            Err(missing) => Effect::Unbound(missing.clone()),
            Ok(shares) => {
                let giving: Vec<&Share> = shares.iter().filter(|share| self.is_given_by(share)).collect();
                let adults_only = giving.iter().all(|share| share.condition.atoms().contains(&Atom::Adult));
                match self.naming(grant.words(self.right)) {
                    _ if giving.is_empty() => Effect::RowsOnly,
                    None => Effect::ComesWithRows,
                    Some(given) => Effect::Gives {
                        word: given.word.clone(),
                        line: given.line,
                        by_show: self.right == Right::Filter && grant.filters_what_it_shows(),
                        adults_only,
                    },
                }
            }
        };
        Rule { role: role.name.clone(), line: grant.line, deny: false, rows: grant.rows.clone(), effect }
    }

    /// What a deny does; None if it does not concern the field.
    fn deny_rule(&self, role: &Role, deny: &Deny, missing: Option<Vec<RowWord>>) -> Option<Rule> {
        let given = self.naming(&deny.words)?;
        let effect = match missing {
            Some(missing) => Effect::Unbound(missing),
            None => Effect::Takes { word: given.word.clone(), line: given.line },
        };
        Some(Rule { role: role.name.clone(), line: deny.line, deny: true, rows: deny.rows.clone(), effect })
    }

    /// The first word that names the field or its class.
    fn naming<'g>(&self, words: &'g [Given]) -> Option<&'g Given> {
        words.iter().find(|given| given.fields.contains(self.field))
    }
}

/// Adds what is not in the list yet.
pub(super) fn add<T: PartialEq>(list: &mut Vec<T>, item: T) {
    if !list.contains(&item) {
        list.push(item);
    }
}

impl Right {
    /// True if the schema lets anybody use the field so, whatever the policy says.
    pub const fn applies_to(self, field: &Field) -> bool {
        match self {
            Self::Show => true,
            Self::Filter => field.filters || field.orders,
            Self::Aggregate => field.groups || field.measures,
            Self::Duplicates => field.duplicates,
        }
    }
}
