//! Buildings and dwellings: every grid is built before anybody moves in, and every household gets a dwelling of its grid.

use std::collections::HashMap;

use entities::building;
use entities::codes::{BuildingKind, DwellingUse, HouseholdKind, RegionLevel};
use entities::dwelling;
use entities::household;
use entities::id::Id;
use entities::person::Person;
use entities::region_code::RegionCode;

use super::super::atlas::ATLAS;
use super::super::dice::Dice;
use super::super::maker::Chunk;
use super::super::plan::{Community, Grid};
use super::Economy;

/// Dwellings for each person: 2.45 people in a household, some households on paper only, some dwellings empty.
const DWELLINGS_PER_PERSON: f64 = 0.6;
const ROADS: &[&str] = &[
    "和平路",
    "建设路",
    "人民路",
    "新民街",
    "滨江路",
    "学府路",
    "兴业路",
    "长青路",
    "梧桐街",
    "向阳街",
    "民生路",
    "团结路",
    "渝北路",
    "金山路",
    "书院街",
    "石桥路",
];

/// One building, and how much of it is taken.
struct Site {
    row: building::Model,
    /// Doors on each floor of each stairwell.
    doors: u32,
    taken: u32,
}

/// All buildings.
#[derive(Default)]
pub(super) struct Estate {
    sites: Vec<Site>,
    homes: HashMap<RegionCode, Vec<usize>>,
    workplaces: HashMap<RegionCode, Vec<usize>>,
}

impl Estate {
    /// The buildings, in the order in which they were built.
    pub(super) fn buildings(&self) -> impl Iterator<Item = &building::Model> {
        self.sites.iter().map(|site| &site.row)
    }

    /// Some building of a grid in which a business could be seated: mostly one that was built for it.
    pub(super) fn workplace(&self, grid: RegionCode, dice: &mut Dice) -> Option<&building::Model> {
        let built = if dice.chance(0.75) { &self.workplaces } else { &self.homes };
        let sites = built.get(&grid).filter(|sites| !sites.is_empty())?;
        Some(&self.sites[sites[dice.below(sites.len())]].row)
    }

    /// The next dwelling of some residential building of a grid: building, stairwell, room.
    fn next(&mut self, grid: RegionCode, dice: &mut Dice) -> Option<(&building::Model, u32, u32)> {
        let sites = self.homes.get(&grid).filter(|sites| !sites.is_empty())?;
        let site = &mut self.sites[sites[dice.below(sites.len())]];
        let floors = site.row.floors.unwrap_or(1).unsigned_abs().max(1);
        let (floor, door) = (site.taken / site.doors % floors + 1, site.taken % site.doors + 1);
        let unit = site.taken / (site.doors * floors) + 1;
        site.taken += 1;
        Some((&site.row, unit, floor * 100 + door))
    }

    fn add(&mut self, row: building::Model, doors: u32) {
        let list = if row.kind == BuildingKind::Residential { &mut self.homes } else { &mut self.workplaces };
        list.entry(row.region_code).or_default().push(self.sites.len());
        self.sites.push(Site { row, doors, taken: 0 });
    }
}

/// What a building is like: kind, floors, doors on a floor.
type Shape = (BuildingKind, i32, u32);

impl Economy {
    /// Builds a community: in each grid homes enough for its people, and places to work.
    pub(super) fn build(&mut self, community: &Community) {
        let mut dice = self.dice(community, 3);
        let urban = urban(community.code);
        let wanted = f64::from(community.people) * DWELLINGS_PER_PERSON / community.grids.len() as f64;
        let mut serial = 0;
        for grid in &community.grids {
            let mut homes = 0.0;
            while homes < wanted {
                let shape = home(urban, &mut dice);
                homes += f64::from(shape.1) * f64::from(shape.2);
                serial += 1;
                self.raise(community, grid, serial, shape, &mut dice);
            }
            for shape in workplaces(grid, urban, &mut dice) {
                serial += 1;
                self.raise(community, grid, serial, shape, &mut dice);
            }
        }
    }

    fn raise(&mut self, community: &Community, grid: &Grid, serial: u32, (kind, floors, doors): Shape, dice: &mut Dice) {
        let (id, created_at) = self.key();
        let surveyed = dice.chance(0.96);
        let (longitude, latitude) = (grid.centre.0 + dice.real(-0.001, 0.001), grid.centre.1 + dice.real(-0.001, 0.001));
        let row = building::Model {
            id,
            code: format!("{}{serial:05}", community.code),
            address: address(community, serial, dice),
            kind,
            floors: dice.chance(0.97).then_some(floors),
            longitude: surveyed.then_some(longitude),
            latitude: surveyed.then_some(latitude),
            region_code: grid.code,
            version: 1,
            created_at,
            updated_at: created_at,
        };
        self.estate.add(row, doors);
    }

    /// Gives every household whose grid is known a dwelling there, which its residences share; some dwellings stay empty.
    pub(super) fn house(&mut self, chunk: &mut Chunk, dice: &mut Dice) {
        let mut homes = HashMap::new();
        for household in &mut chunk.households {
            if dice.chance(0.06) {
                let left = dice.weighted(&[(DwellingUse::Vacant, 80), (DwellingUse::Business, 20)]);
                chunk.economy.dwellings.extend(self.dwelling(household.region_code, left, None, dice));
            }
            let (purpose, owned) = purpose(household, dice);
            let owner = household.head_person_id.filter(|_| owned);
            let Some(dwelling) = self.dwelling(household.region_code, purpose, owner, dice) else { continue };
            household.dwelling_id = Some(dwelling.id);
            homes.insert(household.id, dwelling.id);
            chunk.economy.dwellings.push(dwelling);
        }
        for residence in &mut chunk.residences {
            residence.dwelling_id = homes.get(&residence.household_id).copied();
        }
    }

    fn dwelling(
        &mut self,
        place: RegionCode,
        use_kind: DwellingUse,
        owner_person_id: Option<Id<Person>>,
        dice: &mut Dice,
    ) -> Option<dwelling::Model> {
        let (id, created_at) = self.key();
        let (building, unit, room) = self.estate.next(place, dice)?;
        let area = (dice.normal() * 28.0 + 88.0).clamp(18.0, 320.0) as i32;
        Some(dwelling::Model {
            id,
            building_id: building.id,
            unit: Some(format!("{unit}单元")),
            room: room.to_string(),
            use_kind,
            area: dice.chance(0.9).then_some(area),
            owner_person_id,
            region_code: building.region_code,
            version: 1,
            created_at,
            updated_at: created_at,
        })
    }
}

/// True for communities of subdistricts: their street's number is below 100.
pub(super) fn urban(community: RegionCode) -> bool {
    community.number() / 1_000_000 % 1_000 < 100
}

fn home(urban: bool, dice: &mut Dice) -> Shape {
    let (floors, doors) = if urban {
        dice.weighted(&[((6, 4), 30), ((7, 6), 25), ((11, 4), 15), ((18, 4), 15), ((26, 6), 10), ((32, 8), 5)])
    } else {
        dice.weighted(&[((2, 1), 20), ((3, 2), 35), ((5, 4), 30), ((6, 6), 15)])
    };
    (BuildingKind::Residential, floors, doors)
}

/// A shop or office building in every grid, and now and then something else; dedicated grids are full of it.
fn workplaces(grid: &Grid, urban: bool, dice: &mut Dice) -> Vec<Shape> {
    let mut shapes = vec![(BuildingKind::Commercial, if urban { dice.between(2, 20) as i32 } else { 2 }, 6)];
    let often = if grid.dedicated { 3.0 } else { 1.0 };
    for (kind, chance, floors) in [(BuildingKind::Public, 0.2, 4), (BuildingKind::Industrial, 0.1, 2), (BuildingKind::Storage, 0.05, 1)] {
        if dice.chance(chance * often) {
            shapes.push((kind, floors, 2));
        }
    }
    shapes
}

/// A standard address: in town by road and number, elsewhere by the village's group.
fn address(community: &Community, serial: u32, dice: &mut Dice) -> String {
    let district = ATLAS.place(community.district).name;
    let street = community.code.at(RegionLevel::Street).map_or("", |street| ATLAS.place(street).name);
    if urban(community.code) {
        let road = ROADS[(serial / 24) as usize % ROADS.len()];
        format!(
            "重庆市{district}{street}{road}{}号{}栋",
            community.code.number() / 1_000 % 1_000 * 10 + i64::from(serial / 8),
            serial % 8 + 1
        )
    } else {
        format!("重庆市{district}{street}{}{}组{serial}号", community.name, dice.between(1, 12))
    }
}

/// What a household's dwelling is used for, and whether its head owns it.
fn purpose(household: &household::Model, dice: &mut Dice) -> (DwellingUse, bool) {
    if household.member_count == 0 {
        return (DwellingUse::Vacant, false);
    }
    let own = if household.kind == HouseholdKind::Registered { 0.88 } else { 0.25 };
    if dice.chance(own) { (DwellingUse::SelfOccupied, dice.chance(0.92)) } else { (DwellingUse::Rented, false) }
}
