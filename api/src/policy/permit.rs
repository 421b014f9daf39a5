//! What one caller may do with one register. A [`Permit`] can be made here alone, and every function of `store` that
//! reads a register takes one: an unchecked query does not compile.

use entities::catalog::Register;
use entities::mask::{MOST_MASKS, Mask};

use super::fields::FieldSet;
use super::scope::{Atom, Condition};
use super::shares::Held;

/// What may be done with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Right {
    /// Read its value in full.
    Show,
    /// Filter and order by it.
    Filter,
    /// Group by it and measure it.
    Aggregate,
    /// Find rows that share a value, without seeing the value.
    Duplicates,
}

impl Right {
    /// All rights, in the order of their discriminants.
    pub const ALL: [Right; 4] = [Right::Show, Right::Filter, Right::Aggregate, Right::Duplicates];
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
    /// Fields shown masked, by the mask's rank in the field's chain: the strictest first.
    pub masked: [FieldSet; MOST_MASKS],
    /// Fields by whose values rows that share one may be found.
    pub duplicates: FieldSet,
}

impl Rights {
    /// The fields of a right.
    pub(super) fn of(&self, right: Right) -> FieldSet {
        match right {
            Right::Show => self.show,
            Right::Filter => self.filter,
            Right::Aggregate => self.aggregate,
            Right::Duplicates => self.duplicates,
        }
    }

    fn union(self, other: Self) -> Self {
        Self {
            show: self.show.union(other.show),
            filter: self.filter.union(other.filter),
            aggregate: self.aggregate.union(other.aggregate),
            masked: std::array::from_fn(|rank| self.masked[rank].union(other.masked[rank])),
            duplicates: self.duplicates.union(other.duplicates),
        }
    }

    /// The same rights on these fields alone.
    pub(super) fn within(self, fields: FieldSet) -> Self {
        Self {
            show: self.show.intersection(fields),
            filter: self.filter.intersection(fields),
            aggregate: self.aggregate.intersection(fields),
            duplicates: self.duplicates.intersection(fields),
            masked: self.masked.map(|masked| masked.intersection(fields)),
        }
    }

    /// Fields on which there is any right.
    pub(super) fn fields(self) -> FieldSet {
        self.masked.into_iter().fold(self.show.union(self.filter).union(self.aggregate).union(self.duplicates), FieldSet::union)
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

/// How far a field is shown on the rows in scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// In full on every row.
    Full,
    /// On every row, masked on some of them at least.
    Masked,
    /// On some rows not at all.
    SomeRows,
    /// On no row.
    Nowhere,
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
    /// For each field, on which rows each right holds, in the order of [`Right::ALL`].
    covers: Vec<[Cover; 4]>,
    /// For each field, on which rows each of its masks is given: by rank.
    masks: Vec<[Cover; MOST_MASKS]>,
    /// Fields that would be shown if one of these purposes were stated.
    for_purposes: Vec<(FieldSet, Vec<String>)>,
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
    pub(super) fn unite(register: &'static Register, held: Held) -> Self {
        let Held { shares, for_purposes } = held;
        let mut permit = Self {
            register,
            conditions: Vec::new(),
            rights: Vec::new(),
            denied: Vec::new(),
            scope: Vec::new(),
            covers: Vec::new(),
            masks: Vec::new(),
            for_purposes,
        };
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
        let fields = 0..register.fields.len();
        permit.covers = fields.clone().map(|field| Right::ALL.map(|right| permit.work_out(field, |rights| rights.of(right)))).collect();
        let masks = |field| std::array::from_fn(|rank| permit.work_out(field, |rights: &Rights| rights.masked[rank]));
        permit.masks = fields.map(masks).collect();
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

    /// On which rows the field of this index may be grouped by. Where only protected persons are missing, statistics leave them
    /// out without being asked to: that is everywhere as far as a caller is concerned.
    pub fn aggregates(&self, field: usize) -> Cover {
        let cover = self.cover(Right::Aggregate, field);
        let Cover::Where { any, none } = cover else { return cover };
        let giving = || any.indices().map(|index| &self.conditions[index]);
        let unprotected = |row: &usize| self.conditions[*row].and(Atom::Unprotected);
        let all = self.scope.iter().all(|row| giving().any(|wide| unprotected(row).implies(wide)));
        if all && none == ConditionSet::default() { Cover::Everywhere } else { cover }
    }

    /// The masks of the field of this index, mildest first, each with the rows in scope on which it is given. What is shown in
    /// full, or by a milder mask, is not masked: a row shows the first of these that holds.
    pub fn masks(&self, field: usize) -> impl Iterator<Item = (Mask, Cover)> {
        let chain = self.register.fields.get(field).map_or(&[][..], |field| field.masks);
        let covers = self.masks.get(field).copied().unwrap_or([Cover::Nowhere; MOST_MASKS]);
        let mut covered = self.cover(Right::Show, field) == Cover::Everywhere;
        chain.iter().copied().zip(covers).rev().filter(move |(_, cover)| {
            let idle = covered || *cover == Cover::Nowhere;
            covered |= *cover == Cover::Everywhere;
            !idle
        })
    }

    /// The purposes of which one would have to be stated for the field of this index to be shown on more rows.
    pub fn purposes_for(&self, field: usize) -> impl Iterator<Item = &str> {
        let purposes = self.for_purposes.iter().filter(move |(fields, _)| fields.contains(field));
        purposes.flat_map(|(_, purposes)| purposes.iter().map(String::as_str))
    }

    /// How far the field of this index is shown, in full or masked, on the rows in scope.
    pub fn shown(&self, field: usize) -> Shown {
        let full = self.cover(Right::Show, field);
        let masked = self.masks(field).any(|_| true);
        match full {
            Cover::Everywhere => Shown::Full,
            Cover::Nowhere if !masked => Shown::Nowhere,
            _ if self.masks(field).any(|(_, cover)| cover == Cover::Everywhere) => Shown::Masked,
            _ => Shown::SomeRows,
        }
    }

    /// True if the field is shown in full on each row on which it may be aggregated, as far as the grants themselves tell.
    pub fn shows_what_it_aggregates(&self, field: usize) -> bool {
        match (self.cover(Right::Aggregate, field), self.cover(Right::Show, field)) {
            (Cover::Nowhere, _) | (_, Cover::Everywhere) => true,
            (Cover::Where { any, none }, Cover::Where { any: shown, none: denied }) => {
                let implied = |given: usize| shown.indices().any(|wide| self.conditions[given].implies(&self.conditions[wide]));
                denied.0 & !none.0 == 0 && any.indices().all(implied)
            }
            _ => false,
        }
    }

    /// The conditions on whose rows the field of this index is shown, in full or by this mask or a milder one, unless a deny takes it.
    pub(super) fn conditions_of(&self, field: usize, mask: Option<Mask>) -> Vec<&Condition> {
        let chain = self.register.fields.get(field).map_or(&[][..], |field| field.masks);
        let least = mask.and_then(|mask| chain.iter().position(|known| *known == mask));
        let shown = |rights: &Rights| {
            let masked = least.is_some_and(|least| (least..chain.len()).any(|rank| rights.masked[rank].contains(field)));
            rights.show.contains(field) || masked
        };
        let denies: Vec<&Condition> =
            self.conditions.iter().zip(&self.denied).filter(|(_, denied)| denied.contains(field)).map(|(condition, _)| condition).collect();
        let giving = self.conditions.iter().zip(&self.rights).filter(|(_, rights)| shown(rights)).map(|(condition, _)| condition);
        giving.filter(|condition| !denies.iter().any(|deny| condition.implies(deny))).collect()
    }

    fn work_out(&self, field: usize, fields: impl Fn(&Rights) -> FieldSet) -> Cover {
        let any: Vec<usize> = (0..self.conditions.len()).filter(|index| fields(&self.rights[*index]).contains(field)).collect();
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

    pub(super) fn of(indices: &[usize]) -> Self {
        Self(indices.iter().fold(0, |bits, index| bits | 1 << index))
    }

    /// The first conditions, so many of them.
    pub const fn first(count: usize) -> Self {
        Self((1 << count) - 1)
    }

    /// The indices in the set, ascending.
    pub fn indices(self) -> impl Iterator<Item = usize> {
        (0..Self::CAPACITY).filter(move |index| self.0 & (1 << index) != 0)
    }

    /// Conditions of both sets.
    pub const fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Conditions of this set that are not in the other.
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// True if there is none.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
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
