//! Departments: bureaus of the city and of each district, board posts of the streets, and command centres everywhere.

use entities::codes::{Board, DepartmentLevel, RegionLevel};
use entities::department::{self, Department};
use entities::id::Id;
use entities::region_code::RegionCode;

use super::atlas::{ATLAS, Place};
use super::ids::{FOUNDED, stable};

/// A kind of bureau: key in the category file, name, board. The key's position never changes: ids are made of it.
const BUREAUS: &[(&str, &str, Board)] = &[
    ("ORGANISATION", "党委组织部", Board::Party),
    ("SOCIAL_WORK", "党委社会工作部", Board::Party),
    ("ECONOMY", "经济和信息化委员会", Board::Economy),
    ("COMMERCE", "商务委员会", Board::Economy),
    ("MARKET", "市场监督管理局", Board::Economy),
    ("AGRICULTURE", "农业农村委员会", Board::Economy),
    ("CIVIL", "民政局", Board::Services),
    ("LABOUR", "人力资源和社会保障局", Board::Services),
    ("HEALTH", "卫生健康委员会", Board::Services),
    ("EDUCATION", "教育委员会", Board::Services),
    ("MEDICAL", "医疗保障局", Board::Services),
    ("VETERANS", "退役军人事务局", Board::Services),
    ("DISABLED", "残疾人联合会", Board::Services),
    ("HOUSING", "住房和城乡建设委员会", Board::Services),
    ("TRANSPORT", "交通运输委员会", Board::Services),
    ("POLITICS_LAW", "党委政法委员会", Board::PeaceLaw),
    ("POLICE", "公安局", Board::PeaceLaw),
    ("JUSTICE", "司法局", Board::PeaceLaw),
    ("EMERGENCY", "应急管理局", Board::PeaceLaw),
    ("URBAN", "城市管理局", Board::PeaceLaw),
];

/// Posts of a street: position, name, board. The command centre comes first.
const POSTS: &[(&str, Board)] = &[
    ("基层治理指挥中心", Board::Command),
    ("党的建设板块", Board::Party),
    ("经济发展板块", Board::Economy),
    ("民生服务板块", Board::Services),
    ("平安法治板块", Board::PeaceLaw),
];

/// A kind of bureau, as an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Bureau(usize);

impl Bureau {
    /// The bureau with the key of the category file.
    pub(crate) fn find(key: &str) -> Option<Self> {
        BUREAUS.iter().position(|(name, _, _)| *name == key).map(Self)
    }

    /// The board it works for.
    pub(crate) fn board(self) -> Board {
        BUREAUS[self.0].2
    }

    /// Its department in the city or in a district.
    pub(crate) fn of(self, region: RegionCode) -> Id<Department> {
        key(region, self.0 + 1)
    }
}

/// The command centre of the city, a district or a street.
pub(crate) fn command(region: RegionCode) -> Id<Department> {
    key(region, 0)
}

/// The post of a board in a street.
pub(crate) fn post(street: RegionCode, board: Board) -> Id<Department> {
    key(street, POSTS.iter().position(|(_, of)| *of == board).unwrap_or(0))
}

/// The same department has the same id in every database.
fn key(region: RegionCode, position: usize) -> Id<Department> {
    stable((region.number() as u64) << 8 | position as u64)
}

/// All departments: those of the city and the districts, and the posts of the given streets.
pub(crate) fn rows(streets: &[RegionCode]) -> Vec<department::Model> {
    let mut rows = Vec::new();
    for place in &ATLAS.places {
        match place.level() {
            RegionLevel::Municipality => bureaus(place, DepartmentLevel::City, &mut rows),
            RegionLevel::District => bureaus(place, DepartmentLevel::District, &mut rows),
            _ => {}
        }
    }
    for street in streets {
        posts(ATLAS.place(*street), &mut rows);
    }
    rows
}

fn bureaus(place: &Place, level: DepartmentLevel, rows: &mut Vec<department::Model>) {
    let parent = |position| place.code.parent().map(|above| key(above, position));
    let centre = if level == DepartmentLevel::City { "数字化城市运行和治理中心" } else { "治理指挥中心" };
    rows.push(row(place, 0, centre, level, Board::Command, parent(0)));
    for (index, (_, name, board)) in BUREAUS.iter().enumerate() {
        rows.push(row(place, index + 1, name, level, *board, parent(index + 1)));
    }
}

fn posts(place: &Place, rows: &mut Vec<department::Model>) {
    for (index, (name, board)) in POSTS.iter().enumerate() {
        let parent = if index == 0 { place.code.parent().map(command) } else { Some(command(place.code)) };
        rows.push(row(place, index, name, DepartmentLevel::Street, *board, parent));
    }
}

fn row(
    place: &Place,
    position: usize,
    name: &str,
    level: DepartmentLevel,
    board: Board,
    parent_id: Option<Id<Department>>,
) -> department::Model {
    let seat = place.name;
    let name = if name.starts_with("党委") { name.replacen("党委", &format!("{seat}委"), 1) } else { format!("{seat}{name}") };
    department::Model {
        id: key(place.code, position),
        name,
        level,
        board,
        parent_id,
        region_code: place.code,
        version: 1,
        created_at: FOUNDED,
        updated_at: FOUNDED,
    }
}

/// What a department is, by its id: the tests look it up.
#[cfg(test)]
pub(crate) fn by_id(rows: &[department::Model]) -> std::collections::HashMap<Id<Department>, &department::Model> {
    rows.iter().map(|row| (row.id, row)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_department_hangs_on_one_above_it() {
        let street = ATLAS.places.iter().find(|place| place.level() == RegionLevel::Street).expect("a street").code;
        let rows = rows(&[street]);
        let known = by_id(&rows);
        assert_eq!(known.len(), rows.len());
        assert_eq!(rows.len(), 39 * 21 + 5);
        for row in &rows {
            match row.parent_id {
                Some(parent) => assert!(known[&parent].region_code.contains(row.region_code), "{}", row.name),
                None => assert_eq!(row.level, DepartmentLevel::City),
            }
        }
        assert_eq!(known[&post(street, Board::Services)].board, Board::Services);
        assert_eq!(known[&command(street)].board, Board::Command);
    }
}
