//! Why a caller may do something with a field, or not: which grant or deny of the file, on which line, on which rows.

use entities::catalog::{Field, Register};
use entities::mask::Mask;

use super::agreement::Agreement;
use super::caller::{Assignment, Caller, Purpose};
use super::compile::{Deny, Given, Grant, Role};
use super::needed::Needed;
use super::permit::{Permit, Right, Share};
use super::row_word::RowWord;
use super::scope::{Atom, Condition};
use super::terms::Until;
use super::{Policy, Present, shares};

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
    /// The agreements in force that give the field to the department of an assignment, each once.
    pub agreements: Vec<Agreed>,
    /// What would give the right on every row in scope; empty if it holds there, or if no policy can give it.
    pub needed: Vec<Needed>,
}

/// An agreement that gives the field in question.
#[derive(Clone, Debug)]
pub struct Agreed {
    /// The agreement.
    pub agreement: Agreement,
    /// The caller's assignment to the department, by its index.
    pub assignment: Option<usize>,
    /// The conditions on whose rows it gives the field, by their index in the permit; none if its purpose is not stated.
    pub conditions: Vec<usize>,
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
    /// The caller's assignment that it is bound by, by its index; None of what everyone may.
    pub assignment: Option<usize>,
    /// The conditions on whose rows it does that, by their index in the permit.
    pub conditions: Vec<usize>,
}

/// What a grant or deny does for a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Nothing, because the assignment says nothing of these words.
    Unbound(Vec<RowWord>),
    /// Nothing, because it has ended.
    Ended(Until),
    /// Nothing, because it holds in other regions only.
    Elsewhere,
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
        /// Labels of rows on which it does not, each as the key of a grant that would.
        not_on: Vec<&'static str>,
    },
    /// Shows what a mask leaves of it.
    Masks {
        /// The word that names the field and its mask.
        word: String,
        /// The word's line.
        line: usize,
        /// The mask.
        mask: Mask,
        /// Labels of rows on which it does not.
        not_on: Vec<&'static str>,
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
    /// Explains a right of a caller on the field of this index, as if no grant had ended.
    pub fn explain(&self, caller: &Caller, register: &'static Register, field: usize, right: Right) -> Explanation {
        self.explain_at(&Question { policy: self, caller, register, field, right }, None)
    }

    /// Explains a right of a caller on the field of this index at the present.
    pub fn explain_now(
        &self,
        caller: &Caller,
        (register, field): (&'static Register, usize),
        right: Right,
        present: Present<'_>,
    ) -> Explanation {
        self.explain_at(&Question { policy: self, caller, register, field, right }, Some(present))
    }

    fn explain_at(&self, question: &Question<'_>, present: Option<Present<'_>>) -> Explanation {
        let Question { policy: _, caller, register, field, right } = *question;
        let permit = self.permit(caller, register, present);
        let (mut rules, mut agreements) = (Vec::new(), Vec::<Agreed>::new());
        let (mut sources, mut stated) = (Vec::new(), Vec::new());
        for (role, assignment) in self.held(caller) {
            let place = caller.assignments.iter().position(|held| *held == assignment);
            for (agreement, conditions) in
                present.into_iter().flat_map(|present| present.agreements.giving((register, field), &assignment, present.now))
            {
                if !agreements.iter().any(|known| known.agreement.id == agreement.id) {
                    let conditions = conditions_of(&permit, conditions.iter());
                    agreements.push(Agreed { agreement: agreement.clone(), assignment: place, conditions });
                }
            }
            for grant in role.grants.iter().filter(|grant| grant.register.name == register.name) {
                let bound = shares::of_grant(grant, caller, &assignment);
                if let Some(until) = grant.terms.until.filter(|until| present.is_some_and(|present| until.passed(present.now))) {
                    let (name, line, rows) = (role.name.clone(), grant.line, grant.rows.clone());
                    let effect = Effect::Ended(until);
                    add(&mut rules, Rule { role: name, line, deny: false, rows, effect, assignment: place, conditions: Vec::new() });
                    continue;
                }
                stated.extend(question.if_stated(role, grant, &assignment));
                add(&mut rules, question.grant_rule(role, grant, &bound, place, &permit));
                sources.extend(bound.ok().map(|shares| Source { role, grant, shares }));
            }
            for deny in role.denies.iter().filter(|deny| deny.register.name == register.name) {
                let bound = shares::of_deny(deny, caller, &assignment);
                if let Some(rule) = question.deny_rule(role, deny, &bound, place, &permit) {
                    add(&mut rules, rule);
                }
            }
        }
        let needed = question.needed(&permit, &rules, &sources, &stated);
        Explanation { register, field, right, permit, rules, agreements, needed }
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

impl<'p> Question<'p> {
    /// The grant with what it would give if one of its purposes were stated; None if that changes nothing.
    fn if_stated(&self, role: &'p Role, grant: &'p Grant, assignment: &Assignment) -> Option<Source<'p>> {
        let open = match &self.caller.purpose {
            Purpose::Any => false,
            Purpose::Unstated => true,
            Purpose::Stated(purpose) => !grant.purposes.contains(purpose),
        };
        let purpose = grant.purposes.iter().find(|purpose| open && self.caller.may_state(purpose))?;
        let shares = shares::of_grant(grant, &self.caller.clone().stating(Some(purpose)), assignment).ok()?;
        Some(Source { role, grant, shares })
    }

    /// True if the share gives what is asked for.
    pub(super) fn is_given_by(&self, share: &Share) -> bool {
        share.rights.of(self.right).contains(self.field)
    }

    /// The labels of rows on which none of the shares that give something does.
    fn not_on(giving: &[&Share]) -> Vec<&'static str> {
        let labels = [(Atom::Adult, "minors"), (Atom::Unprotected, "protected"), (Atom::Mild, "sensitive_codes")];
        let all_lack = |atom: &Atom| giving.iter().all(|share| share.condition.atoms().contains(atom));
        labels.into_iter().filter(|(atom, _)| all_lack(atom)).map(|(_, label)| label).collect()
    }

    /// What a grant that gives the right nowhere does beside: it may mask.
    fn masks_or_rows(&self, grant: &Grant, shares: &[Share]) -> Effect {
        let masked = |share: &&Share| share.rights.masked.iter().any(|fields| fields.contains(self.field));
        let giving: Vec<&Share> = shares.iter().filter(masked).collect();
        match grant.mask.iter().find(|given| given.field == self.field) {
            Some(given) if self.right == Right::Show && !giving.is_empty() => {
                Effect::Masks { word: given.word.clone(), line: given.line, mask: given.mask, not_on: Self::not_on(&giving) }
            }
            _ => Effect::RowsOnly,
        }
    }

    fn grant_rule(
        &self,
        role: &Role,
        grant: &Grant,
        bound: &Result<Vec<Share>, Vec<RowWord>>,
        assignment: Option<usize>,
        permit: &Permit,
    ) -> Rule {
        let effect = match bound {
            Err(missing) => Effect::Unbound(missing.clone()),
            Ok(shares) if shares.is_empty() => Effect::Elsewhere,
            Ok(shares) => {
                let giving: Vec<&Share> = shares.iter().filter(|share| self.is_given_by(share)).collect();
                match self.naming(grant.words(self.right)) {
                    _ if giving.is_empty() => self.masks_or_rows(grant, shares),
                    None => Effect::ComesWithRows,
                    Some(given) => Effect::Gives {
                        word: given.word.clone(),
                        line: given.line,
                        by_show: self.right == Right::Filter && grant.filters_what_it_shows(),
                        not_on: Self::not_on(&giving),
                    },
                }
            }
        };
        let does = |share: &&Share| match effect {
            Effect::Unbound(_) | Effect::Ended(_) | Effect::Elsewhere => false,
            Effect::RowsOnly => true,
            Effect::Masks { .. } => share.rights.masked.iter().any(|fields| fields.contains(self.field)),
            Effect::ComesWithRows | Effect::Gives { .. } | Effect::Takes { .. } => self.is_given_by(share),
        };
        let conditions = places(permit, bound.iter().flatten().filter(does));
        Rule { role: role.name.clone(), line: grant.line, deny: false, rows: grant.rows.clone(), effect, assignment, conditions }
    }

    /// What a deny does; None if it does not concern the field.
    fn deny_rule(
        &self,
        role: &Role,
        deny: &Deny,
        bound: &Result<Share, Vec<RowWord>>,
        assignment: Option<usize>,
        permit: &Permit,
    ) -> Option<Rule> {
        let given = self.naming(&deny.words)?;
        let effect = match bound {
            Err(missing) => Effect::Unbound(missing.clone()),
            Ok(_) => Effect::Takes { word: given.word.clone(), line: given.line },
        };
        let conditions = places(permit, bound.iter());
        Some(Rule { role: role.name.clone(), line: deny.line, deny: true, rows: deny.rows.clone(), effect, assignment, conditions })
    }

    /// The first word that names the field or its class.
    fn naming<'g>(&self, words: &'g [Given]) -> Option<&'g Given> {
        words.iter().find(|given| given.fields.contains(self.field))
    }
}

/// Where the conditions of the shares stand in the permit.
fn places<'s>(permit: &Permit, shares: impl Iterator<Item = &'s Share>) -> Vec<usize> {
    conditions_of(permit, shares.map(|share| &share.condition))
}

fn conditions_of<'s>(permit: &Permit, conditions: impl Iterator<Item = &'s Condition>) -> Vec<usize> {
    conditions.filter_map(|wanted| permit.conditions().iter().position(|condition| condition == wanted)).collect()
}

/// Adds what is not in the list yet.
pub(super) fn add<T: PartialEq>(list: &mut Vec<T>, item: T) {
    if !list.contains(&item) {
        list.push(item);
    }
}

impl Right {
    /// True if the schema lets anybody use the field so, whatever the policy says.
    pub fn applies_to(self, field: &Field) -> bool {
        match self {
            Self::Show => true,
            Self::Filter => field.filters || field.orders,
            Self::Aggregate => field.groups || field.measures,
            Self::Duplicates => field.duplicates,
        }
    }
}
