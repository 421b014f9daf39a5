//! Sets of a register's fields, as bits of the field's index in the catalog.

use entities::catalog::{Class, Register};

/// A set of fields of one register.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct FieldSet(u64);

impl FieldSet {
    /// No field.
    pub const EMPTY: Self = Self(0);

    /// The set of every field there can be.
    pub const ALL: Self = Self(u64::MAX);

    /// The most fields a register may have; a test holds the catalog to it.
    pub const CAPACITY: usize = 64;

    /// The set of one field.
    pub const fn one(index: usize) -> Self {
        Self(1 << index)
    }

    /// The fields of a register that belong to one of the classes.
    pub fn of_classes(register: &Register, classes: &[Class]) -> Self {
        register.fields.iter().enumerate().filter(|(_, field)| classes.contains(&field.class)).map(|(index, _)| index).collect()
    }

    /// True if the field is in the set.
    pub const fn contains(self, index: usize) -> bool {
        self.0 & (1 << index) != 0
    }

    /// True if no field is in the set.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Fields of either set.
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Fields of both sets.
    pub const fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Fields of this set that are not in the other.
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// The indices in the set, ascending.
    pub fn indices(self) -> impl Iterator<Item = usize> {
        (0..Self::CAPACITY).filter(move |index| self.contains(*index))
    }
}

impl FromIterator<usize> for FieldSet {
    fn from_iter<I: IntoIterator<Item = usize>>(indices: I) -> Self {
        indices.into_iter().fold(Self::EMPTY, |set, index| set.union(Self::one(index)))
    }
}
