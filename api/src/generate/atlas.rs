//! The real divisions of the city, read from the data files once, with a centre for each.

use std::collections::HashMap;
use std::sync::LazyLock;

use entities::codes::RegionLevel;
use entities::region_code::RegionCode;

use super::boundary::{Boundary, Position, apart};
use super::dice::Dice;

const REGIONS: &str = include_str!("../../data/chongqing-regions.csv");
const DISTRICTS: &str = include_str!("../../data/chongqing-districts.geojson");

/// Centres do not depend on the seed: the map is the same in every database.
const MAP_SEED: u64 = 141;

/// The divisions, the same for every run.
pub(crate) static ATLAS: LazyLock<Atlas> = LazyLock::new(Atlas::read);

/// One real division.
pub(crate) struct Place {
    /// Place in the tree.
    pub(crate) code: RegionCode,
    /// Chinese name.
    pub(crate) name: &'static str,
    /// English name, for districts.
    pub(crate) name_en: Option<&'static str>,
    /// Centre: real for districts and the city, generated below.
    pub(crate) centre: Position,
    /// How far its parts lie from the centre, in degrees.
    pub(crate) reach: f64,
}

impl Place {
    /// The level.
    pub(crate) fn level(&self) -> RegionLevel {
        self.code.level()
    }
}

/// All real divisions, in the order of the data file: every parent before its children.
pub(crate) struct Atlas {
    /// The divisions.
    pub(crate) places: Vec<Place>,
    by_code: HashMap<i64, usize>,
    boundaries: HashMap<i64, Boundary>,
}

impl Atlas {
    /// The division with this code; every code of the data files has one.
    pub(crate) fn place(&self, code: RegionCode) -> &Place {
        &self.places[self.by_code[&code.number()]]
    }

    /// The boundary of the district that a place is or lies in; None for the city.
    pub(crate) fn boundary(&self, code: RegionCode) -> Option<&Boundary> {
        self.boundaries.get(&code.at(RegionLevel::District)?.number())
    }

    /// The districts, in the order of their codes: the city comes first in the data file, then they.
    pub(crate) fn districts(&self) -> impl Iterator<Item = &Place> {
        self.places[1..].iter().take_while(|place| place.level() == RegionLevel::District)
    }

    /// The divisions of a level that lie in another, in the order of their codes.
    pub(crate) fn within(&self, region: RegionCode, level: RegionLevel) -> impl Iterator<Item = &Place> {
        self.places.iter().filter(move |place| place.level() == level && region.contains(place.code))
    }

    fn read() -> Self {
        let (boundaries, centres) = districts();
        let mut atlas = Self { places: Vec::new(), by_code: HashMap::new(), boundaries };
        for line in REGIONS.lines().skip(1) {
            let place = division(line).expect("a test reads every line of the data file");
            atlas.by_code.insert(place.code.number(), atlas.places.len());
            atlas.places.push(place);
        }
        atlas.centre_districts(&centres);
        atlas.centre_streets();
        atlas.centre_communities();
        atlas
    }

    fn centre_districts(&mut self, centres: &HashMap<i64, Position>) {
        for place in &mut self.places {
            match place.level() {
                RegionLevel::Municipality => place.centre = (106.550_464, 29.563_761),
                RegionLevel::District => place.centre = centres[&place.code.number()],
                _ => {}
            }
        }
    }

    /// Spreads a district's streets: each takes, of some throws, the one farthest from the streets before it.
    fn centre_streets(&mut self) {
        let mut taken: HashMap<i64, Vec<Position>> = HashMap::new();
        for index in self.indices(RegionLevel::Street) {
            let code = self.places[index].code;
            let boundary = self.boundary(code).expect("every district has a boundary");
            let mut dice = Dice::new(MAP_SEED, code.number() as u64);
            let others = taken.entry(district(code)).or_default();
            let nearest = |position: Position| others.iter().map(|other| apart(*other, position)).fold(f64::MAX, f64::min);
            let mut best = boundary.inside(&mut dice);
            for _ in 0..12 {
                let throw = boundary.inside(&mut dice);
                if nearest(throw) > nearest(best) {
                    best = throw;
                }
            }
            others.push(best);
            self.places[index].centre = best;
        }
        for index in self.indices(RegionLevel::Street) {
            let place = &self.places[index];
            let others = &taken[&district(place.code)];
            let nearest = others.iter().map(|other| apart(*other, place.centre)).filter(|square| *square > 0.0).fold(f64::MAX, f64::min);
            self.places[index].reach = nearest.sqrt().clamp(0.004, 0.06) / 2.0;
        }
    }

    fn centre_communities(&mut self) {
        for index in self.indices(RegionLevel::Community) {
            let code = self.places[index].code;
            let street = self.place(code.parent().unwrap_or(code));
            let (centre, reach) = (street.centre, street.reach);
            let boundary = self.boundary(code).expect("every district has a boundary");
            let mut dice = Dice::new(MAP_SEED, code.number() as u64);
            self.places[index].centre = boundary.near(centre, reach * 1.4, &mut dice);
            self.places[index].reach = reach / 3.0;
        }
    }

    fn indices(&self, level: RegionLevel) -> Vec<usize> {
        (0..self.places.len()).filter(|index| self.places[*index].level() == level).collect()
    }
}

/// The positions of a community's grids: the same whatever is made there.
pub(crate) fn grid_centre(place: &Place, grid: RegionCode) -> Position {
    let mut dice = Dice::new(MAP_SEED, grid.number() as u64);
    match ATLAS.boundary(grid) {
        Some(boundary) => boundary.near(place.centre, place.reach, &mut dice),
        None => place.centre,
    }
}

fn district(code: RegionCode) -> i64 {
    code.at(RegionLevel::District).map_or(0, RegionCode::number)
}

fn division(line: &'static str) -> Option<Place> {
    let mut cells = line.split(',');
    let code = cells.next()?.parse().ok()?;
    let name = cells.next()?;
    let name_en = cells.next().filter(|name| !name.is_empty());
    Some(Place { code, name, name_en, centre: (0.0, 0.0), reach: 0.0 })
}

fn districts() -> (HashMap<i64, Boundary>, HashMap<i64, Position>) {
    let file: serde_json::Value = serde_json::from_str(DISTRICTS).expect("the data file is JSON, a test reads it");
    let features = file["features"].as_array().map(Vec::as_slice).unwrap_or_default();
    let mut boundaries = HashMap::new();
    let mut centres = HashMap::new();
    for feature in features {
        let properties = &feature["properties"];
        let code: RegionCode = properties["code"].as_str().and_then(|code| code.parse().ok()).expect("every feature has a code");
        let centre = &properties["center"];
        centres.insert(code.number(), (centre[0].as_f64().unwrap_or(0.0), centre[1].as_f64().unwrap_or(0.0)));
        boundaries.insert(code.number(), Boundary::read(&feature["geometry"]).expect("every feature is made of polygons"));
    }
    (boundaries, centres)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_city_has_its_38_districts_1031_streets_and_11270_communities() {
        let count = |level| ATLAS.places.iter().filter(|place| place.level() == level).count();
        assert_eq!(count(RegionLevel::Municipality), 1);
        assert_eq!(count(RegionLevel::District), 38);
        assert_eq!(count(RegionLevel::Street), 1_031);
        assert_eq!(count(RegionLevel::Community), 11_270);
        assert_eq!(ATLAS.boundaries.len(), 38);
        assert_eq!(ATLAS.districts().count(), 38);
    }

    #[test]
    fn the_file_tells_the_level_and_parent_that_the_code_tells() {
        for line in REGIONS.lines().skip(1) {
            let cells: Vec<&str> = line.split(',').collect();
            let code: RegionCode = cells[0].parse().expect("a code");
            let level = format!("{:?}", code.level()).to_uppercase();
            assert_eq!(level, cells[3], "{line}");
            assert_eq!(code.parent().map(|parent| parent.to_string()).unwrap_or_default(), cells[4], "{line}");
            if let Some(parent) = code.parent() {
                assert!(ATLAS.by_code[&parent.number()] < ATLAS.by_code[&code.number()], "{line}");
            }
        }
    }

    #[test]
    fn every_centre_below_the_district_lies_in_its_district() {
        for place in &ATLAS.places {
            if matches!(place.level(), RegionLevel::Street | RegionLevel::Community) {
                assert!(ATLAS.boundary(place.code).expect("a district").holds(place.centre), "{}", place.code);
            }
        }
    }
}
