//! Which of a permit's conditions a row satisfies by the labels of the person it is about.

use super::permit::{ConditionSet, Permit};
use super::scope::{Atom, Condition};

/// What labels tell of the person behind a row. A row whose reference to a person may be empty, and is, is as good as an unprotected
/// adult's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Labels {
    /// True if the person is known to be 14 or older at the day of the request.
    pub adult: bool,
    /// True if the person's whereabouts are not protected.
    pub unprotected: bool,
}

impl Labels {
    /// All combinations, each at its [`Self::number`].
    pub const ALL: [Self; 4] = [
        Self { adult: false, unprotected: false },
        Self { adult: true, unprotected: false },
        Self { adult: false, unprotected: true },
        Self { adult: true, unprotected: true },
    ];

    /// A number below four: 1 for an adult and 2 for somebody unprotected.
    pub const fn number(self) -> usize {
        self.adult as usize + 2 * self.unprotected as usize
    }
}

impl Permit {
    /// What each of the scopes asks, so that a row in scope has passed it.
    pub fn passed(&self) -> Vec<Atom> {
        let mut scopes = self.scope();
        let first = scopes.next().map(|condition| condition.atoms().to_vec()).unwrap_or_default();
        scopes.fold(first, |mut shared, condition| {
            shared.retain(|atom| condition.atoms().contains(atom));
            shared
        })
    }

    /// Those of the conditions that ask more of a row in scope than labels.
    pub fn beyond_labels(&self, set: ConditionSet) -> ConditionSet {
        let passed = self.passed();
        self.those(set, |atom| !is_label(atom) && !passed.contains(atom))
    }

    /// Those of the conditions that ask for labels.
    pub fn by_labels(&self, set: ConditionSet) -> ConditionSet {
        self.those(set, is_label)
    }

    /// The conditions of the set that hold as far as these labels tell.
    pub fn with_labels(&self, set: ConditionSet, labels: Labels) -> ConditionSet {
        let missing = |atom: &Atom| match atom {
            Atom::Adult => !labels.adult,
            Atom::Unprotected => !labels.unprotected,
            _ => false,
        };
        set.without(self.those(set, missing))
    }

    /// Those of the conditions with a bound of some kind.
    fn those(&self, set: ConditionSet, of_kind: impl Fn(&Atom) -> bool) -> ConditionSet {
        let indices = set.indices().filter(|index| self.conditions()[*index].atoms().iter().any(&of_kind));
        ConditionSet::of(&indices.collect::<Vec<_>>())
    }
}

impl Condition {
    /// The same condition of people with whatever labels.
    pub fn without_labels(&self) -> Self {
        Self::all(self.atoms().iter().filter(|atom| !is_label(atom)).cloned().collect())
    }
}

fn is_label(atom: &Atom) -> bool {
    matches!(atom, Atom::Adult | Atom::Unprotected)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_combination_stands_at_its_number() {
        for (number, labels) in Labels::ALL.into_iter().enumerate() {
            assert_eq!(labels.number(), number);
        }
    }
}
