//! Where a caller may ask for the aggregates of a register's menu: they are given by words of their own, and show no row.

use entities::catalog::Register;
use entities::menus::Menu;
use entities::region_code::RegionCode;

use super::Policy;
use super::caller::{Assignment, Caller};
use super::compile::{MenuGrant, Role};
use super::explain::add;
use super::row_word::RowWord;

/// Where a caller may ask for the aggregates of one register's menu.
#[derive(Clone, Debug)]
pub struct MenuPermit {
    menu: &'static Menu,
    /// The regions and all below them; None for all there are.
    regions: Option<Vec<RegionCode>>,
}

/// A region for which a menu may be asked. It can be made here alone, and the statement that counts takes one.
#[derive(Clone, Debug)]
pub struct MenuScope {
    menu: &'static Menu,
    region: RegionCode,
}

impl MenuPermit {
    /// The menu.
    pub fn menu(&self) -> &'static Menu {
        self.menu
    }

    /// The regions that may be asked for, with all below them; None for all there are.
    pub fn regions(&self) -> Option<&[RegionCode]> {
        self.regions.as_deref()
    }

    /// The right to count in a region, if that is given.
    pub fn within(&self, region: RegionCode) -> Option<MenuScope> {
        let given = self.regions.as_ref().is_none_or(|regions| regions.iter().any(|wide| wide.contains(region)));
        given.then_some(MenuScope { menu: self.menu, region })
    }
}

impl MenuScope {
    /// The menu.
    pub fn menu(&self) -> &'static Menu {
        self.menu
    }

    /// The region.
    pub fn region(&self) -> RegionCode {
        self.region
    }
}

impl Policy {
    /// The lines of what gives a caller the aggregates of a register's menu.
    pub fn menu_lines(&self, caller: &Caller, register: &Register) -> Vec<usize> {
        let mut lines = Vec::new();
        for (role, assignment) in self.held(caller) {
            let gives = |menu: &&MenuGrant| menu.menu.register == register.name && (menu.rows.is_empty() || !assignment.regions.is_empty());
            role.menus.iter().filter(gives).for_each(|menu| add(&mut lines, menu.line));
        }
        lines
    }
}

/// What the roles of a caller give of a register's menu, each with its own assignment; None if nothing.
pub(super) fn permit(register: &Register, held: &[(&Role, Assignment)]) -> Option<MenuPermit> {
    let mut united: Option<MenuPermit> = None;
    for (role, assignment) in held {
        for MenuGrant { menu, rows, line: _ } in role.menus.iter().filter(|grant| grant.menu.register == register.name) {
            let regions = rows.contains(&RowWord::Region).then(|| assignment.regions.clone());
            if regions.as_ref().is_some_and(Vec::is_empty) {
                continue;
            }
            let known = united.get_or_insert(MenuPermit { menu, regions: Some(Vec::new()) });
            known.regions = match (known.regions.take(), regions) {
                (Some(known), Some(more)) => Some(known.into_iter().chain(more).collect()),
                _ => None,
            };
        }
    }
    united
}
