//! The aggregate menus: what may be counted of a register by those who may not see its rows. A register without an entry
//! has no menu.
//!
//! A menu is fixed: all answers are sums over one base table, regions of the leaf level by the listed dimensions and closed
//! periods, so that what all of them together tell can be reckoned (`docs/adr/0032`). Its dimensions are short lists of codes,
//! and none that together with the others points at somebody.

use crate::catalog::Register;
use crate::codes::RegionLevel;

/// What may be counted of a register by those who may not see its rows.
#[derive(Clone, Copy, Debug)]
pub struct Menu {
    /// Root field in GraphQL.
    pub root: &'static str,
    /// Name of the register.
    pub register: &'static str,
    /// The lowest level of regions.
    pub leaf: RegionLevel,
    /// The dimensions, at most two: fields whose values are a code list.
    pub dimensions: &'static [&'static str],
    /// The periods, if rows belong to a time. Rows of no closed period that the menu goes back to are counted nowhere.
    pub periods: Option<MenuPeriods>,
    /// Fields whose sums and averages are told.
    pub measures: &'static [&'static str],
}

/// The periods of a menu.
#[derive(Clone, Copy, Debug)]
pub struct MenuPeriods {
    /// The field whose day or instant tells the period.
    pub field: &'static str,
    /// How long each is.
    pub length: MenuPeriod,
    /// How many closed ones the menu goes back to.
    pub closed: u32,
}

/// How long a period of a menu is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MenuPeriod {
    /// Three months.
    Quarter,
    /// A calendar year.
    Year,
}

impl MenuPeriod {
    /// Months of one.
    pub const fn months(self) -> u32 {
        match self {
            Self::Quarter => 3,
            Self::Year => 12,
        }
    }
}

/// Every menu.
pub const MENUS: &[Menu] = &[
    Menu {
        root: "householdMenu",
        register: "household",
        leaf: RegionLevel::Street,
        dimensions: &["kind", "hardshipLevel"],
        periods: None,
        measures: &[],
    },
    Menu {
        root: "personMenu",
        register: "person",
        leaf: RegionLevel::Street,
        dimensions: &["sex", "ageBand"],
        periods: None,
        measures: &[],
    },
    Menu {
        root: "businessMenu",
        register: "business",
        leaf: RegionLevel::Street,
        dimensions: &["kind", "status"],
        periods: None,
        measures: &[],
    },
    Menu {
        root: "newOccupationWorkerMenu",
        register: "new_occupation_worker",
        leaf: RegionLevel::District,
        dimensions: &["occupation"],
        periods: None,
        measures: &[],
    },
    Menu {
        root: "caseMenu",
        register: "case",
        leaf: RegionLevel::Street,
        dimensions: &["board", "kind"],
        periods: Some(MenuPeriods { field: "openedAt", length: MenuPeriod::Quarter, closed: 8 }),
        measures: &[],
    },
    Menu {
        root: "volunteerMenu",
        register: "volunteer",
        leaf: RegionLevel::Street,
        dimensions: &["direction"],
        periods: None,
        measures: &[],
    },
    Menu {
        root: "serviceRecordMenu",
        register: "service_record",
        leaf: RegionLevel::District,
        dimensions: &[],
        periods: Some(MenuPeriods { field: "checkInAt", length: MenuPeriod::Quarter, closed: 8 }),
        measures: &["minutes"],
    },
    Menu {
        root: "enrollmentMenu",
        register: "enrollment",
        leaf: RegionLevel::Street,
        dimensions: &["benefit", "state"],
        periods: None,
        measures: &["amount"],
    },
    Menu {
        root: "personTagMenu",
        register: "person_tag",
        leaf: RegionLevel::District,
        dimensions: &["code"],
        periods: None,
        measures: &[],
    },
];

impl Register {
    /// The register's aggregate menu, if it has one.
    pub fn menu(&self) -> Option<&'static Menu> {
        MENUS.iter().find(|menu| menu.register == self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{self, Kind};

    #[test]
    fn a_menu_names_fields_of_its_register_that_fit() {
        for menu in MENUS {
            let register = catalog::register(menu.register).expect("a register");
            let field = |name: &str| register.field(name).unwrap_or_else(|| panic!("{} {name}", menu.register)).1;
            assert!(register.placing.is_some() && menu.dimensions.len() <= 2, "{}", menu.register);
            assert!(menu.dimensions.iter().all(|name| matches!(field(name).kind, Kind::Code(_))), "{}", menu.register);
            assert!(menu.measures.iter().all(|name| matches!(field(name).kind, Kind::Int | Kind::Money)), "{}", menu.register);
            assert!(menu.periods.is_none_or(|periods| matches!(field(periods.field).kind, Kind::Date | Kind::Instant)));
            assert!(matches!(menu.leaf, RegionLevel::Street | RegionLevel::District), "rows of no smaller place are told");
            assert!(register.menu().is_some_and(|found| found.root == menu.root), "one menu a register");
        }
    }
}
