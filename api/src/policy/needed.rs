//! What would give a right that does not hold on every row: the least that would have to change.

use entities::catalog::Class;

use super::ANONYMOUS;
use super::caller::Assignment;
use super::explain::{Effect, Question, Rule, Source, add};
use super::permit::{Cover, Permit};
use super::row_word::RowWord;
use super::scope::Condition;

/// What would give a right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Needed {
    /// A grant.
    Grant {
        /// The role to write it for.
        role: String,
        /// The words that bound its rows.
        rows: Vec<RowWord>,
        /// Labels of rows on which it must hold too, each as the key of a grant: `minors`, `protected`, `sensitive_codes`.
        labels: Vec<&'static str>,
    },
    /// An assignment that says something of these words: the grant is there.
    Bounds {
        /// Line of the grant.
        line: usize,
        /// The words.
        words: Vec<RowWord>,
    },
    /// That one of these purposes is stated: the grant is there.
    Purpose {
        /// Line of the grant.
        line: usize,
        /// The purposes that the caller may state.
        purposes: Vec<String>,
    },
    /// That a deny be taken away: no grant wins over it.
    WithoutDeny {
        /// Line of the deny.
        line: usize,
    },
}

impl Question<'_> {
    /// What would give the right on every row in scope; nothing if it holds there, or if no policy can give it.
    /// `stated` are grants that would give rows if one of their purposes were stated.
    pub(super) fn needed(&self, permit: &Permit, rules: &[Rule], sources: &[Source<'_>], stated: &[Source<'_>]) -> Vec<Needed> {
        if permit.cover(self.right, self.field) == Cover::Everywhere || !self.right.applies_to(&self.register.fields[self.field]) {
            return Vec::new();
        }
        let denies = rules.iter().filter(|rule| matches!(rule.effect, Effect::Takes { .. }));
        let mut needed: Vec<Needed> = denies.map(|rule| Needed::WithoutDeny { line: rule.line }).collect();
        for Source { grant, .. } in stated.iter().filter(|source| source.shares.iter().any(|share| self.is_given_by(share))) {
            let purposes = grant.purposes.iter().filter(|purpose| self.caller.may_state(purpose)).cloned().collect();
            add(&mut needed, Needed::Purpose { line: grant.line, purposes });
        }
        if permit.is_empty() {
            needed.extend(rules.iter().filter_map(|rule| self.bounds_of(rule)));
            if !needed.iter().any(|needed| matches!(needed, Needed::Purpose { .. })) {
                needed.push(self.likely_grant());
            }
        }
        for scope in self.uncovered(permit, sources, stated) {
            // The rows are in scope by some grant, whose bounds serve for another grant.
            let Some(source) = sources.iter().find(|source| source.shares.iter().any(|share| share.condition == *scope)) else { continue };
            let role = if source.role.name == ANONYMOUS { self.first_role() } else { &source.role.name };
            add(&mut needed, Needed::Grant { role: role.to_owned(), rows: source.grant.rows.clone(), labels: self.labels() });
        }
        needed
    }

    /// The scopes on whose rows no grant gives the right, nor would if a purpose were stated.
    fn uncovered<'a>(&self, permit: &'a Permit, sources: &[Source<'_>], stated: &[Source<'_>]) -> Vec<&'a Condition> {
        let giving = || sources.iter().chain(stated).flat_map(|source| &source.shares).filter(|share| self.is_given_by(share));
        permit.scope().filter(|scope| !giving().any(|share| scope.implies(&share.condition))).collect()
    }

    /// The words that an assignment would have to say something of, so that a grant that is there gives the right.
    fn bounds_of(&self, rule: &Rule) -> Option<Needed> {
        // A purpose is stated by the request, and told of apart.
        let Effect::Unbound(words) = &rule.effect else { return None };
        if words == &[RowWord::Purpose] {
            return None;
        }
        let role = self.policy.roles.iter().find(|role| role.name == rule.role)?;
        let grant = role.grants.iter().find(|grant| grant.line == rule.line)?;
        let gives = grant.rights.of(self.right).contains(self.field);
        gives.then(|| Needed::Bounds { line: rule.line, words: words.clone() })
    }

    /// The grant that a role without rows of the register would most likely get: bounded as its other grants are, else by what
    /// the assignment says.
    fn likely_grant(&self) -> Needed {
        let name = self.first_role();
        let assignment = self.caller.assignments.iter().find(|assignment| assignment.role == name);
        let says = |word: RowWord| match word {
            RowWord::Region => assignment.is_some_and(|assignment| !assignment.regions.is_empty()),
            RowWord::Board => assignment.is_some_and(|assignment| assignment.board.is_some()),
            RowWord::Department => assignment.is_some_and(|assignment| assignment.department.is_some()),
            RowWord::OwnPerson | RowWord::OwnHousehold | RowWord::OwnWards | RowWord::OpenTasks => self.caller.person.is_some(),
            RowWord::Projects => assignment.is_some_and(|assignment| !assignment.projects.is_empty()),
            RowWord::OpenCase | RowWord::Purpose => false,
        };
        let serves = |word: &RowWord| word.fits(self.register) && says(*word);
        let role = self.policy.roles.iter().find(|role| role.name == name);
        let habits = role.into_iter().flat_map(|role| &role.grants).map(|grant| &grant.rows);
        let habit = habits.into_iter().find(|rows| !rows.is_empty() && rows.iter().all(serves)).cloned();
        let rows = habit.unwrap_or_else(|| RowWord::BOUNDS.into_iter().find(serves).into_iter().collect());
        Needed::Grant { role: name.to_owned(), rows, labels: self.labels() }
    }

    /// The role to write a grant for.
    fn first_role(&self) -> &str {
        let known = |assignment: &&Assignment| self.policy.roles.iter().any(|role| role.name == assignment.role);
        self.caller.assignments.iter().find(known).map_or(ANONYMOUS, |assignment| assignment.role.as_str())
    }

    /// What a grant must say of labelled rows, to give the field on all of them.
    fn labels(&self) -> Vec<&'static str> {
        let (register, field) = (self.register, &self.register.fields[self.field]);
        let strict = field.class > Class::Internal;
        let labels = [
            ("minors", strict && register.minor.is_some()),
            ("protected", field.locates && register.protection.is_some()),
            ("sensitive_codes", strict && register.sensitive_codes.is_some()),
        ];
        labels.into_iter().filter(|(_, needed)| *needed).map(|(label, _)| label).collect()
    }
}
