//! What a profile populates: which communities, with how many people, cases and grids.

use entities::codes::RegionLevel;
use entities::region_code::RegionCode;

use super::atlas::{ATLAS, Place, grid_centre};
use super::boundary::Position;
use super::dice::{Dice, mix};
use super::profile::Profile;

/// The street of the profiles `street` and `demo`: Yangjiaping, eleven communities.
const STREET: &str = "500107001000";
/// The district of the profile `district`: Shapingba, 26 streets.
const DISTRICT: &str = "500106000000";
/// The streets of the profile `tiny`: two of one district, one of another.
const TINY: [&str; 3] = ["500103001000", "500103003000", "500106001000"];
/// Cases a year for each person: 300 in a community of 2,840.
const CASES_PER_PERSON: f64 = 0.1057;
/// People of a grid, on average.
const PEOPLE_PER_GRID: f64 = 517.0;

/// One grid.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Grid {
    /// Place in the tree.
    pub(crate) code: RegionCode,
    /// Centre, generated.
    pub(crate) centre: Position,
    /// True for a campus, a park or a market.
    pub(crate) dedicated: bool,
}

/// One community to populate.
#[derive(Clone, Debug)]
pub(crate) struct Community {
    /// Place in the tree.
    pub(crate) code: RegionCode,
    /// Its street.
    pub(crate) street: RegionCode,
    /// Its district.
    pub(crate) district: RegionCode,
    /// Chinese name.
    pub(crate) name: &'static str,
    /// How many people to make, at least.
    pub(crate) people: u32,
    /// How many cases to make.
    pub(crate) cases: u32,
    /// Its grids; never empty.
    pub(crate) grids: Vec<Grid>,
}

/// The street that the profiles `street` and `demo` make in full.
pub fn demo_street() -> RegionCode {
    STREET.parse().expect("a constant, read by a test")
}

/// The communities that a profile populates, in the order of their codes.
pub(crate) fn communities(profile: Profile, seed: u64) -> Vec<Community> {
    match profile {
        Profile::Tiny => tiny(),
        Profile::Street => sized(ATLAS.within(demo_street(), RegionLevel::Community).collect(), 31_100.0, seed),
        Profile::District => {
            let district = DISTRICT.parse().expect("a constant, read by a test");
            sized(ATLAS.within(district, RegionLevel::Community).collect(), 840_000.0, seed)
        }
        Profile::Article => sized(one_of_each_street(), 2_900_000.0, seed),
        Profile::Demo => demo(seed),
    }
}

fn tiny() -> Vec<Community> {
    let streets = TINY.map(|street| street.parse().expect("a constant, read by a test"));
    let places = streets.iter().flat_map(|street| ATLAS.within(*street, RegionLevel::Community).take(2));
    places.zip([13, 14].into_iter().cycle()).map(|(place, cases)| community(place, 26, cases, 2)).collect()
}

fn demo(seed: u64) -> Vec<Community> {
    let mut all = communities(Profile::Street, seed);
    let others = one_of_each_street().into_iter().filter(|place| !demo_street().contains(place.code));
    all.extend(others.map(|place| community(place, 18, 4, 2)));
    all.sort_by_key(|community| community.code);
    all
}

/// The first community of every street.
fn one_of_each_street() -> Vec<&'static Place> {
    let mut last = None;
    let communities = ATLAS.places.iter().filter(|place| place.level() == RegionLevel::Community);
    communities
        .filter(|place| {
            let street = place.code.parent();
            std::mem::replace(&mut last, street) != street
        })
        .collect()
}

/// Gives each community a size by a log-normal law, larger in subdistricts than in towns, and the wanted total to all.
fn sized(places: Vec<&'static Place>, total: f64, seed: u64) -> Vec<Community> {
    let sizes: Vec<f64> = places
        .iter()
        .map(|place| {
            let mut dice = Dice::new(mix(seed), place.code.number() as u64);
            let urban = place.code.number() / 1_000_000 % 1_000 < 100;
            (dice.normal() * 0.6).exp() * if urban { 1.9 } else { 0.8 }
        })
        .collect();
    let sum: f64 = sizes.iter().sum();
    places
        .into_iter()
        .zip(sizes)
        .map(|(place, size)| {
            let people = (size / sum * total).max(40.0);
            let grids = (people / PEOPLE_PER_GRID).round().clamp(2.0, 60.0);
            community(place, people as u32, (people * CASES_PER_PERSON).round() as u32, grids as i64)
        })
        .collect()
}

fn community(place: &'static Place, people: u32, cases: u32, grids: i64) -> Community {
    let number = place.code.number();
    let grid = |index| {
        let code = RegionCode::from_number(number + index)?;
        Some(Grid { code, centre: grid_centre(place, code), dedicated: index > 2 && mix(code.number() as u64).is_multiple_of(9) })
    };
    let street = place.code.at(RegionLevel::Street).unwrap_or(place.code);
    let district = place.code.at(RegionLevel::District).unwrap_or(place.code);
    let name = ["居民委员会", "村民委员会", "居委会", "委会"].iter().fold(place.name, |name, ending| name.trim_end_matches(ending));
    Community { code: place.code, street, district, name, people, cases, grids: (1..=grids).filter_map(grid).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_profile_populates_what_it_says() {
        let count = |profile| {
            let communities = communities(profile, 1);
            let people: u32 = communities.iter().map(|community| community.people).sum();
            (communities.len(), people)
        };
        assert_eq!(count(Profile::Tiny), (6, 156));
        let (communities, people) = count(Profile::Street);
        assert_eq!(communities, 11);
        assert!((31_000..31_200).contains(&people), "{people}");
        let (communities, people) = count(Profile::District);
        assert_eq!(communities, 200);
        assert!((838_000..842_000).contains(&people), "{people}");
        let (communities, people) = count(Profile::Article);
        assert_eq!(communities, 1_031);
        assert!((2_890_000..2_910_000).contains(&people), "{people}");
        assert_eq!(count(Profile::Demo).0, 1_030 + 11);
    }
}
