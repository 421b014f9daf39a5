//! Which fields can be searched for values that stand on several rows, by those who may not see the values.

use crate::catalog::Register;

/// The search of one register for values that stand on several rows.
#[derive(Clone, Copy, Debug)]
pub struct Duplicates {
    /// Root field in GraphQL.
    pub root: &'static str,
    /// Name of the register.
    pub register: &'static str,
    /// Fields whose values can be searched.
    pub fields: &'static [&'static str],
    /// The argument that keeps to values on rows of more than one of these, and the reference that tells them apart.
    pub across: (&'static str, &'static str),
}

/// Every such search.
pub const DUPLICATES: &[Duplicates] = &[Duplicates {
    root: "personDuplicates",
    register: "person",
    fields: &["idNumber", "phone"],
    across: ("acrossHouseholds", "household"),
}];

impl Register {
    /// The register's search for duplicates, if it has one.
    pub fn duplicates(&self) -> Option<&'static Duplicates> {
        DUPLICATES.iter().find(|duplicates| duplicates.register == self.name)
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
            assert!(duplicates.fields.iter().all(|name| matches!(kind(name), Some(Kind::Identifier))), "{}", register.name);
            assert!(matches!(kind(duplicates.across.1), Some(Kind::Reference(_))), "{}", register.name);
        }
    }
}
