//! Which fields can be searched for values that stand on several rows, by those who may not see the values.

use crate::catalog::{Field, Register};

/// The search of one register for values that stand on several rows.
#[derive(Clone, Copy, Debug)]
pub struct Duplicates {
    /// Root field in GraphQL.
    pub root: &'static str,
    /// Name of the register.
    pub register: &'static str,
    /// The argument that keeps to values on rows of more than one of these, and the reference that tells them apart.
    pub across: (&'static str, &'static str),
}

/// Every such search.
pub const DUPLICATES: &[Duplicates] =
    &[Duplicates { root: "personDuplicates", register: "person", across: ("acrossHouseholds", "household") }];

impl Register {
    /// The register's search for duplicates, if it has one.
    pub fn duplicates(&self) -> Option<&'static Duplicates> {
        DUPLICATES.iter().find(|duplicates| duplicates.register == self.name)
    }

    /// Fields whose values can be searched.
    pub fn duplicated(&self) -> impl Iterator<Item = &'static Field> {
        self.fields.iter().filter(|field| field.duplicates)
    }
}

impl Field {
    /// The same field, by which rows that share a value may be searched for.
    pub const fn duplicated(mut self) -> Self {
        self.duplicates = true;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{self, Kind};

    #[test]
    fn what_is_searched_identifies_and_what_tells_apart_is_a_reference() {
        for duplicates in DUPLICATES {
            let register = catalog::register(duplicates.register).expect("a register");
            let kind = |name: &str| register.field(name).map(|(_, field)| field.kind);
            assert!(register.duplicated().count() > 0, "{}", register.name);
            assert!(matches!(kind(duplicates.across.1), Some(Kind::Reference(_))), "{}", register.name);
        }
        for register in crate::registers::REGISTERS {
            let identifies = register.duplicated().all(|field| matches!(field.kind, Kind::Identifier));
            assert!(identifies && (register.duplicated().count() == 0 || register.duplicates().is_some()), "{}", register.name);
        }
    }
}
