//! Why a caller may do something with a field, or not: which grant or deny of the file, on which line, on which rows.

use entities::catalog::{Class, Field, Register};

use super::caller::{Assignment, Caller};
use super::compile::{Deny, Given, Grant, Role, RowWord};
use super::permit::{Cover, Permit, Right, Share};
use super::scope::{Atom, Condition};
use super::{ANONYMOUS, Policy, shares};

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

/// What would give a right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Needed {
    /// A grant.
    Grant {
        /// The role to write it for.
        role: String,
        /// The words that bound its rows.
        rows: Vec<RowWord>,
        /// True if it must hold on rows of people under 14.
        minors: bool,
    },
    /// An assignment that says something of these words: the grant is there.
    Bounds {
        /// Line of the grant.
        line: usize,
        /// The words.
        words: Vec<RowWord>,
    },
    /// That a deny be taken away: no grant wins over it.
    WithoutDeny {
        /// Line of the deny.
        line: usize,
    },
}

impl Policy {
    /// Explains a right of a caller on the field of this index.
    pub fn explain(&self, caller: &Caller, register: &'static Register, field: usize, right: Right) -> Explanation {
        let permit = self.permit(caller, register);
        let mut rules = Vec::new();
        let mut sources = Vec::new();
        for (role, assignment) in self.held(caller) {
            for grant in role.grants.iter().filter(|grant| grant.register.name == register.name) {
                let bound = shares::of_grant(grant, caller, &assignment);
                add(&mut rules, grant_rule(role, grant, field, right, &bound));
                sources.extend(bound.ok().map(|shares| Source { role, grant, shares }));
            }
            for deny in role.denies.iter().filter(|deny| deny.register.name == register.name) {
                if let Some(rule) = deny_rule(role, deny, field, shares::of_deny(deny, caller, &assignment).err()) {
                    add(&mut rules, rule);
                }
            }
        }
        let needed = if permit.cover(right, field) == Cover::Everywhere || !right.applies_to(&register.fields[field]) {
            Vec::new()
        } else {
            self.needed(caller, &permit, field, right, &rules, &sources)
        };
        Explanation { register, field, right, permit, rules, needed }
    }

    fn needed(&self, caller: &Caller, permit: &Permit, field: usize, right: Right, rules: &[Rule], sources: &[Source<'_>]) -> Vec<Needed> {
        let mut needed = Vec::new();
        for rule in rules.iter().filter(|rule| matches!(rule.effect, Effect::Takes { .. })) {
            needed.push(Needed::WithoutDeny { line: rule.line });
        }
        let giving: Vec<&Condition> = sources
            .iter()
            .flat_map(|source| &source.shares)
            .filter(|share| gives(share, field, right))
            .map(|share| &share.condition)
            .collect();
        let uncovered: Vec<&Condition> = permit.scope().filter(|scope| !giving.iter().any(|wide| scope.implies(wide))).collect();
        if permit.is_empty() {
            for rule in rules {
                if let Effect::Unbound(words) = &rule.effect
                    && self.grants_if_bound(rule, field, right)
                {
                    needed.push(Needed::Bounds { line: rule.line, words: words.clone() });
                }
            }
            let (role, rows) = self.likely_rows(caller, permit.register());
            needed.push(Needed::Grant { role, rows, minors: needs_minors(permit.register(), field) });
        }
        for scope in uncovered {
            let Some(source) = sources.iter().find(|source| source.shares.iter().any(|share| share.condition == *scope)) else { continue };
            let role = if source.role.name == ANONYMOUS { self.first_role(caller) } else { source.role.name.clone() };
            let grant = Needed::Grant { role, rows: source.grant.rows.clone(), minors: needs_minors(permit.register(), field) };
            add(&mut needed, grant);
        }
        needed
    }

    fn grants_if_bound(&self, rule: &Rule, field: usize, right: Right) -> bool {
        let role = self.roles.iter().find(|role| role.name == rule.role);
        role.is_some_and(|role| role.grants.iter().any(|grant| grant.line == rule.line && grant.rights.of(right).contains(field)))
    }

    fn first_role(&self, caller: &Caller) -> String {
        let known = |assignment: &&Assignment| self.roles.iter().any(|role| role.name == assignment.role);
        caller.assignments.iter().find(known).map_or(ANONYMOUS, |assignment| assignment.role.as_str()).to_owned()
    }

    /// Where a role without rows of a register would most likely get some: bounded as its other grants are, else by what the
    /// assignment says.
    fn likely_rows(&self, caller: &Caller, register: &Register) -> (String, Vec<RowWord>) {
        let name = self.first_role(caller);
        let bound = Assignment { role: name.clone(), regions: Vec::new(), board: None, department: None, projects: Vec::new() };
        let assignment = caller.assignments.iter().find(|assignment| assignment.role == name).unwrap_or(&bound);
        let says = |word: &RowWord| match word {
            RowWord::Region => !assignment.regions.is_empty(),
            RowWord::Board => assignment.board.is_some(),
            RowWord::Department => assignment.department.is_some(),
            RowWord::OwnPerson | RowWord::OwnHousehold => caller.person.is_some(),
        };
        let fits = |rows: &&Vec<RowWord>| !rows.is_empty() && rows.iter().all(|word| word.fits(register) && says(word));
        let role = self.roles.iter().find(|role| role.name == name);
        let habits = role.into_iter().flat_map(|role| &role.grants).map(|grant| &grant.rows);
        let rows = habits.into_iter().find(fits).cloned().unwrap_or_else(|| {
            let likely = [RowWord::Region, RowWord::OwnPerson, RowWord::OwnHousehold, RowWord::Department, RowWord::Board];
            likely.into_iter().find(|word| word.fits(register) && says(word)).into_iter().collect()
        });
        (name, rows)
    }
}

/// A grant of a role that gives the caller rows.
struct Source<'p> {
    role: &'p Role,
    grant: &'p Grant,
    shares: Vec<Share>,
}

fn add<T: PartialEq>(list: &mut Vec<T>, item: T) {
    if !list.contains(&item) {
        list.push(item);
    }
}

fn gives(share: &Share, field: usize, right: Right) -> bool {
    share.rights.of(right).contains(field)
}

/// True if a grant gives the field on rows of people under 14 only by `minors = true`.
fn needs_minors(register: &Register, field: usize) -> bool {
    register.minor.is_some() && register.fields[field].class > Class::Internal
}

fn naming(words: &[Given], field: usize) -> Option<&Given> {
    words.iter().find(|given| given.fields.contains(field))
}

fn grant_rule(role: &Role, grant: &Grant, field: usize, right: Right, bound: &Result<Vec<Share>, Vec<RowWord>>) -> Rule {
    let effect = match bound {
        Err(missing) => Effect::Unbound(missing.clone()),
        Ok(shares) => {
            let giving: Vec<&Share> = shares.iter().filter(|share| gives(share, field, right)).collect();
            let adults_only = giving.iter().all(|share| share.condition.atoms().contains(&Atom::Adult));
            match naming(grant.words(right), field) {
                _ if giving.is_empty() => Effect::RowsOnly,
                None => Effect::ComesWithRows,
                Some(given) => Effect::Gives {
                    word: given.word.clone(),
                    line: given.line,
                    by_show: right == Right::Filter && grant.filters_what_it_shows(),
                    adults_only,
                },
            }
        }
    };
    Rule { role: role.name.clone(), line: grant.line, deny: false, rows: grant.rows.clone(), effect }
}

/// What a deny does; None if it does not concern the field.
fn deny_rule(role: &Role, deny: &Deny, field: usize, missing: Option<Vec<RowWord>>) -> Option<Rule> {
    let given = naming(&deny.words, field)?;
    let effect = match missing {
        Some(missing) => Effect::Unbound(missing),
        None => Effect::Takes { word: given.word.clone(), line: given.line },
    };
    Some(Rule { role: role.name.clone(), line: deny.line, deny: true, rows: deny.rows.clone(), effect })
}

impl Right {
    /// True if the schema lets anybody use the field so, whatever the policy says.
    pub const fn applies_to(self, field: &Field) -> bool {
        match self {
            Self::Show => true,
            Self::Filter => field.filters || field.orders,
            Self::Aggregate => field.groups || field.measures,
        }
    }
}
