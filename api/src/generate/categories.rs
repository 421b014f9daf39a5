//! Case categories: three levels, read from the data file.

use std::sync::LazyLock;

use entities::case_category::{self, CaseCategory};
use entities::codes::{Board, Severity};
use entities::id::Id;
use entities::region_code::RegionCode;

use super::atlas::ATLAS;
use super::departments::Bureau;
use super::ids::{FOUNDED, stable};

const FILE: &str = include_str!("../../data/case-categories.csv");

/// All categories, every parent before its children.
pub(crate) static CATEGORIES: LazyLock<Vec<Category>> =
    LazyLock::new(|| FILE.lines().skip(1).map(|line| read(line).expect("a test reads every line of the data file")).collect());

/// The categories of the lowest level, which cases take.
pub(crate) static LEAVES: LazyLock<Vec<&'static Category>> =
    LazyLock::new(|| CATEGORIES.iter().filter(|category| category.code.len() == 6).collect());

/// One category.
pub(crate) struct Category {
    /// Code, two characters a level.
    pub(crate) code: &'static str,
    /// Name, at the lowest level the matter itself.
    pub(crate) name: &'static str,
    /// The bureau that leads.
    pub(crate) lead: Bureau,
    /// Hours to accept.
    pub(crate) accept_hours: i32,
    /// Hours to handle.
    pub(crate) handle_hours: i32,
    /// True if a grid worker may settle it on the spot.
    pub(crate) minor: bool,
    /// What such a matter does to people, in words.
    pub(crate) impact: &'static str,
}

impl Category {
    /// The key, the same in every database.
    pub(crate) fn id(&self) -> Id<CaseCategory> {
        key(self.code)
    }

    /// The board of the bureau that leads.
    pub(crate) fn board(&self) -> Board {
        self.lead.board()
    }

    /// How grave such a case is, which the time to handle it tells.
    pub(crate) fn severity(&self) -> Severity {
        match self.handle_hours {
            ..=2 => Severity::LifeOrProperty,
            3..=24 => Severity::Utilities,
            25..=168 => Severity::General,
            _ => Severity::Complex,
        }
    }
}

impl Category {
    /// In how many hours a department may send a case back: the sooner, the graver it is.
    const fn return_hours(&self) -> i32 {
        match self.handle_hours {
            ..=2 => 1,
            3..=24 => 4,
            _ => 24,
        }
    }

    /// How many days of extension may be granted.
    const fn extension_days(&self) -> i32 {
        match self.handle_hours {
            ..=24 => 5,
            25..=168 => 7,
            _ => 15,
        }
    }
}

/// All categories as rows; the city's bureaus lead.
pub(crate) fn rows() -> Vec<case_category::Model> {
    let city = ATLAS.places[0].code;
    CATEGORIES.iter().map(|category| row(category, city)).collect()
}

fn row(category: &Category, city: RegionCode) -> case_category::Model {
    let depth = category.code.len() / 2;
    case_category::Model {
        id: category.id(),
        code: category.code.to_owned(),
        name: category.name.to_owned(),
        depth: depth as i32,
        parent_id: (depth > 1).then(|| key(&category.code[..category.code.len() - 2])),
        board: category.board(),
        lead_department_id: Some(category.lead.of(city)),
        accept_hours: category.accept_hours,
        handle_hours: category.handle_hours,
        return_hours: category.return_hours(),
        extension_days: category.extension_days(),
        working_days: category.handle_hours > 24,
        minor_matter: category.minor,
        version: 1,
        created_at: FOUNDED,
        updated_at: FOUNDED,
    }
}

fn key(code: &str) -> Id<CaseCategory> {
    stable(code.bytes().fold(0, |key, byte| key << 8 | u64::from(byte)))
}

fn read(line: &'static str) -> Option<Category> {
    let mut cells = line.split(',');
    Some(Category {
        code: cells.next()?,
        name: cells.next()?,
        lead: Bureau::find(cells.next()?)?,
        accept_hours: cells.next()?.parse().ok()?,
        handle_hours: cells.next()?.parse().ok()?,
        minor: cells.next()?.parse().ok()?,
        impact: cells.next()?,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn the_tree_has_three_levels_without_gaps() {
        let rows = rows();
        let count = |depth| rows.iter().filter(|row| row.depth == depth).count();
        assert_eq!((count(1), count(2), count(3)), (10, 40, 120));
        let ids: HashSet<_> = rows.iter().map(|row| row.id).collect();
        assert_eq!(ids.len(), rows.len());
        assert!(rows.iter().all(|row| row.parent_id.is_none_or(|parent| ids.contains(&parent))));
        assert_eq!(LEAVES.len(), 120);
    }
}
