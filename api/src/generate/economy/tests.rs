//! What holds in the rows of the small profiles, whatever the seed.

use std::collections::{HashMap, HashSet};

use entities::codes::{
    BusinessKind, BusinessStatus, DwellingUse, EmploymentRole, INDUSTRY_DIVISION, NewOccupation, RegionLevel, industry_of_division,
};
use entities::credit_code::is_valid;

use super::super::Rows;
use super::super::tests::{STREET, both, persons, today};

#[test]
fn every_household_whose_grid_is_known_has_a_dwelling_of_its_own_there() {
    for rows in both() {
        let dwellings: HashMap<_, _> = rows.economy.dwellings.iter().map(|row| (row.id, row)).collect();
        let mut taken = HashSet::new();
        for household in &rows.households {
            let dwelling = household.dwelling_id.map(|id| dwellings[&id]);
            assert_eq!(dwelling.is_some(), household.region_code.level() == RegionLevel::Grid);
            let Some(dwelling) = dwelling else { continue };
            assert!(taken.insert(dwelling.id), "no two households have the same dwelling");
            assert_eq!(dwelling.region_code, household.region_code);
            assert_eq!(dwelling.use_kind == DwellingUse::Vacant, household.member_count == 0);
            assert!(dwelling.owner_person_id.is_none() || dwelling.owner_person_id == household.head_person_id);
        }
        let homes: HashMap<_, _> = rows.households.iter().map(|row| (row.id, row.dwelling_id)).collect();
        assert!(rows.residences.iter().all(|residence| residence.dwelling_id == homes[&residence.household_id]));
        assert!(rows.economy.dwellings.len() > taken.len(), "some dwellings are empty");
    }
}

#[test]
fn no_room_is_given_twice_and_buildings_stand_in_grids() {
    for rows in both() {
        let buildings: HashMap<_, _> = rows.economy.buildings.iter().map(|row| (row.id, row)).collect();
        let mut rooms = HashSet::new();
        for dwelling in &rows.economy.dwellings {
            assert!(rooms.insert((dwelling.building_id, &dwelling.unit, &dwelling.room)));
            assert_eq!(buildings[&dwelling.building_id].region_code, dwelling.region_code);
        }
        let regions: HashSet<_> = rows.regions.iter().map(|row| row.code).collect();
        for building in &rows.economy.buildings {
            assert!(building.region_code.level() == RegionLevel::Grid && regions.contains(&building.region_code));
            assert!(building.code.starts_with(&building.region_code.parent().map(|community| community.to_string()).unwrap_or_default()));
        }
    }
}

#[test]
fn no_key_number_or_code_is_given_twice() {
    fn unique<T: std::hash::Hash + Eq>(keys: impl Iterator<Item = T>) -> bool {
        let mut seen = HashSet::new();
        keys.into_iter().all(|key| seen.insert(key))
    }
    for Rows { economy, .. } in both() {
        assert!(unique(economy.buildings.iter().map(|row| row.id)) && unique(economy.buildings.iter().map(|row| &row.code)));
        assert!(unique(economy.dwellings.iter().map(|row| row.id)));
        assert!(unique(economy.businesses.iter().map(|row| row.id)));
        assert!(unique(economy.businesses.iter().filter_map(|row| row.credit_code.as_ref())));
        assert!(unique(economy.employments.iter().map(|row| row.id)));
        assert!(unique(economy.new_occupation_workers.iter().map(|row| row.id)));
    }
}

#[test]
fn credit_codes_hold_and_tell_kind_and_district() {
    for business in both().into_iter().flat_map(|rows| &rows.economy.businesses) {
        let Some(code) = &business.credit_code else { continue };
        assert!(is_valid(code), "{code}");
        assert_eq!(code[2..8], business.region_code.to_string()[..6]);
        let starts: &[&str] = match business.kind {
            BusinessKind::Enterprise | BusinessKind::Platform => &["91"],
            BusinessKind::SelfEmployed => &["92"],
            BusinessKind::Cooperative => &["93"],
            BusinessKind::SocialOrganization => &["51", "52"],
            BusinessKind::PublicInstitution => &["12"],
        };
        assert!(starts.contains(&&code[..2]), "{code} of {:?}", business.kind);
    }
}

#[test]
fn a_business_lies_where_its_building_stands_and_its_division_in_its_section() {
    for rows in both() {
        let buildings: HashMap<_, _> = rows.economy.buildings.iter().map(|row| (row.id, row)).collect();
        let persons = persons(rows);
        for business in &rows.economy.businesses {
            assert_eq!(business.region_code.at(RegionLevel::Community), Some(business.community_code));
            assert_eq!(business.region_code.at(RegionLevel::Street), Some(business.street_code));
            if let Some(building) = business.building_id {
                assert_eq!(buildings[&building].region_code, business.region_code);
            }
            if let Some(division) = &business.industry_division {
                let division = INDUSTRY_DIVISION.find(division).expect("a value of the list");
                let platform = business.kind == BusinessKind::Platform;
                assert_eq!(industry_of_division(division.code), business.industry, "{division:?} {platform}");
            }
            if let Some(head) = business.legal_representative_id {
                assert!(persons[&head].birth_date.is_some_and(|born| today().years_since(born).is_some_and(|age| age >= 18)));
            }
        }
    }
}

#[test]
fn people_work_where_they_say_and_in_nothing_that_is_closed() {
    for rows in both() {
        let businesses: HashMap<_, _> = rows.economy.businesses.iter().map(|row| (row.id, row)).collect();
        let persons = persons(rows);
        let mut staff: HashMap<_, i32> = HashMap::new();
        for employment in &rows.economy.employments {
            let (person, business) = (persons[&employment.person_id], businesses[&employment.business_id]);
            assert_eq!(employment.region_code, person.region_code);
            assert!(person.deceased_on.is_none());
            let ends = employment.to_date.unwrap_or_else(today);
            assert!(employment.from_date.is_none_or(|from| from <= ends) && ends <= today(), "{employment:?}");
            let run = matches!(employment.role, EmploymentRole::Owner | EmploymentRole::LegalRepresentative);
            if run {
                assert_eq!(business.legal_representative_id, Some(person.id));
            } else if employment.to_date.is_none() {
                assert_eq!(person.employer.as_deref(), Some(business.name.as_str()));
                *staff.entry(business.id).or_default() += 1;
            }
            if employment.to_date.is_none() {
                assert!(!matches!(business.status, BusinessStatus::Closed | BusinessStatus::Revoked), "{business:?}");
            }
        }
        for (business, staff) in staff {
            assert!(
                businesses[&business].employees.is_none_or(|told| told >= staff),
                "a firm has at least its people of the neighbourhood"
            );
        }
    }
}

#[test]
fn workers_are_sent_out_by_platforms_of_their_occupation() {
    for rows in both() {
        let businesses: HashMap<_, _> = rows.economy.businesses.iter().map(|row| (row.id, row)).collect();
        let mut occupations: HashMap<_, NewOccupation> = HashMap::new();
        let persons = persons(rows);
        for worker in &rows.economy.new_occupation_workers {
            assert_eq!(worker.region_code, persons[&worker.person_id].region_code);
            let Some(platform) = worker.platform_id else { continue };
            assert_eq!(businesses[&platform].kind, BusinessKind::Platform);
            assert_eq!(*occupations.entry(platform).or_insert(worker.occupation), worker.occupation);
        }
    }
}

#[test]
fn the_street_has_as_many_businesses_and_workers_as_a_census_finds() {
    let people = STREET.persons.len() as f64;
    let share = |count: usize| count as f64 / people;
    let own = STREET.economy.businesses.iter().filter(|business| business.kind == BusinessKind::SelfEmployed).count();
    let legal = STREET.economy.businesses.len() - own;
    let workers = STREET.economy.new_occupation_workers.len();
    let employed = STREET.economy.employments.iter().filter(|employment| employment.to_date.is_none()).count();
    let seen = format!("{own} self-employed, {legal} legal units, {workers} workers, {employed} employments of {people} people");
    assert!((share(own) - 0.0704).abs() < 0.003, "{seen}");
    assert!((share(legal) - 0.0176).abs() < 0.002, "{seen}");
    assert!((share(workers) - 0.028).abs() < 0.005, "{seen}");
    assert!((0.22..0.36).contains(&share(employed)), "{seen}");
}
