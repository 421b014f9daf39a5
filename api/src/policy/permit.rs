//! What one caller may do with one register. A [`Permit`] can be made here alone, and every function of `store` that
//! reads a register takes one: an unchecked query does not compile.

use entities::catalog::Register;

use super::fields::FieldSet;
use super::scope::Condition;

/// What may be done with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Right {
    /// Read its value in full.
    Show,
    /// Filter and order by it.
    Filter,
    /// Group by it and measure it.
    Aggregate,
}

impl Right {
    /// All rights, in the order of their discriminants.
    pub const ALL: [Right; 3] = [Right::Show, Right::Filter, Right::Aggregate];
}

/// The fields that one group of rows gives, by right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rights {
    /// Fields shown in full.
    pub show: FieldSet,
    /// Fields that may be filtered and ordered by.
    pub filter: FieldSet,
    /// Fields that may be grouped by and measured.
    pub aggregate: FieldSet,
}

impl Rights {
    /// The fields of a right.
    pub(super) fn of(&self, right: Right) -> FieldSet {
        match right {
            Right::Show => self.show,
            Right::Filter => self.filter,
            Right::Aggregate => self.aggregate,
        }
    }

    fn union(self, other: Self) -> Self {
        Self {
            show: self.show.union(other.show),
            filter: self.filter.union(other.filter),
            aggregate: self.aggregate.union(other.aggregate),
        }
    }
}

/// A set of a permit's conditions, as bits of their index: the form in which a row says which of them it satisfies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct ConditionSet(pub u64);

/// On which of the rows in scope a right holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cover {
    /// On every row in scope.
    Everywhere,
    /// On none.
    Nowhere,
    /// On the rows that satisfy at least one of `any` and none of `none`.
    Where {
        /// Conditions that give the right.
        any: ConditionSet,
        /// Conditions that deny it, which wins.
        none: ConditionSet,
    },
}

/// What one caller may do with one register.
#[derive(Clone, Debug)]
pub struct Permit {
    register: &'static Register,
    conditions: Vec<Condition>,
    rights: Vec<Rights>,
    denied: Vec<FieldSet>,
    /// Indices of the conditions whose union is the row scope, without those that others imply.
    scope: Vec<usize>,
    /// For each field, on which rows each right holds: show, filter, aggregate.
    covers: Vec<[Cover; 3]>,
}

/// Rows and rights that one grant of one assignment gives, or that one deny takes.
#[derive(Debug)]
pub(super) struct Share {
    pub(super) condition: Condition,
    pub(super) rights: Rights,
    pub(super) denied: FieldSet,
    pub(super) gives_rows: bool,
}

impl Permit {
    /// Unites shares: the only way to a permit.
    pub(super) fn unite(register: &'static Register, shares: Vec<Share>) -> Self {
        let mut permit =
            Self { register, conditions: Vec::new(), rights: Vec::new(), denied: Vec::new(), scope: Vec::new(), covers: Vec::new() };
        let mut gives_rows = Vec::new();
        // Denies first: where there are more conditions than a row can report, what is left out must not be a deny.
        let (denies, grants): (Vec<_>, Vec<_>) = shares.into_iter().partition(|share| !share.denied.is_empty());
        if denies.len() > ConditionSet::CAPACITY {
            return permit;
        }
        for share in denies.into_iter().chain(grants) {
            let Share { condition, rights, denied, gives_rows: gives } = share;
            if let Some(index) = permit.conditions.iter().position(|known| *known == condition) {
                permit.rights[index] = permit.rights[index].union(rights);
                permit.denied[index] = permit.denied[index].union(denied);
                gives_rows[index] |= gives;
            } else if permit.conditions.len() < ConditionSet::CAPACITY {
                permit.conditions.push(condition);
                permit.rights.push(rights);
                permit.denied.push(denied);
                gives_rows.push(gives);
            }
        }
        permit.scope = minimal(&permit.conditions, &gives_rows);
        let covers = (0..register.fields.len()).map(|field| Right::ALL.map(|right| permit.work_out(right, field)));
        permit.covers = covers.collect();
        permit
    }

    /// The register it is for.
    pub fn register(&self) -> &'static Register {
        self.register
    }

    /// True if no row is in scope.
    pub fn is_empty(&self) -> bool {
        self.scope.is_empty()
    }

    /// The conditions of which a row must satisfy at least one.
    pub fn scope(&self) -> impl Iterator<Item = &Condition> {
        self.scope.iter().map(|index| &self.conditions[*index])
    }

    /// All conditions; a [`ConditionSet`] names them by index.
    pub fn conditions(&self) -> &[Condition] {
        &self.conditions
    }

    /// On which of the rows in scope the right holds for the field of this index.
    pub fn cover(&self, right: Right, field: usize) -> Cover {
        self.covers.get(field).map_or(Cover::Nowhere, |covers| covers[right as usize])
    }

    /// True if a condition that every row of `condition` satisfies shows the field, and none takes it anywhere.
    pub(super) fn shows_wherever(&self, field: usize, condition: &Condition) -> bool {
        let denied = self.denied.iter().any(|denied| denied.contains(field));
        let mut conditions = self.conditions.iter().zip(&self.rights);
        !denied && conditions.any(|(wide, rights)| rights.show.contains(field) && condition.implies(wide))
    }

    fn work_out(&self, right: Right, field: usize) -> Cover {
        let any: Vec<usize> = (0..self.conditions.len()).filter(|index| self.rights[*index].of(right).contains(field)).collect();
        let none: Vec<usize> = (0..self.conditions.len()).filter(|index| self.denied[*index].contains(field)).collect();
        let denied_everywhere = self.everywhere(&none);
        if any.is_empty() || self.scope.is_empty() || (!none.is_empty() && denied_everywhere) {
            return Cover::Nowhere;
        }
        if none.is_empty() && self.everywhere(&any) {
            return Cover::Everywhere;
        }
        Cover::Where { any: ConditionSet::of(&any), none: ConditionSet::of(&none) }
    }

    /// True if each row in scope satisfies one of these conditions, as far as the conditions themselves tell.
    fn everywhere(&self, conditions: &[usize]) -> bool {
        self.scope.iter().all(|row| conditions.iter().any(|wide| self.conditions[*row].implies(&self.conditions[*wide])))
    }
}

impl ConditionSet {
    /// The most conditions one permit may have; what is beyond gives nothing.
    pub const CAPACITY: usize = 63;

    fn of(indices: &[usize]) -> Self {
        Self(indices.iter().fold(0, |bits, index| bits | 1 << index))
    }

    /// The indices in the set, ascending.
    pub fn indices(self) -> impl Iterator<Item = usize> {
        (0..Self::CAPACITY).filter(move |index| self.0 & (1 << index) != 0)
    }

    /// Conditions of either set.
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl Cover {
    /// True if the right holds on a row that satisfies exactly the conditions of `row`.
    pub const fn holds(self, row: ConditionSet) -> bool {
        match self {
            Self::Everywhere => true,
            Self::Nowhere => false,
            Self::Where { any, none } => row.0 & any.0 != 0 && row.0 & none.0 == 0,
        }
    }
}

/// Indices of the row-giving conditions that no other of them already covers.
fn minimal(conditions: &[Condition], gives_rows: &[bool]) -> Vec<usize> {
    let giving: Vec<usize> = (0..conditions.len()).filter(|index| gives_rows[*index]).collect();
    giving
        .iter()
        .copied()
        .filter(|index| {
            !giving.iter().any(|other| {
                let narrower = conditions[*index].implies(&conditions[*other]);
                let equal = conditions[*other].implies(&conditions[*index]);
                other != index && narrower && (!equal || other < index)
            })
        })
        .collect()
}
