//! What is odd about buildings, dwellings, businesses and work: nothing known, things elsewhere, things ended.

use chrono::{Days, NaiveDate};
use civigrid::generate::Rows;

use super::dice::Dice;

const NAMES: [&str; 4] = ["O'Hara & Söhne \"GmbH\"", "100%_纯粮\\酒坊", "𠮷野家", ""];

/// Odder rows, which all still refer to each other.
pub(super) fn odd(rows: &mut Rows, dice: &mut Dice) {
    dwellings(rows, dice);
    businesses(rows, dice);
    work(rows, dice);
}

fn dwellings(rows: &mut Rows, dice: &mut Dice) {
    for (index, building) in rows.economy.buildings.iter_mut().enumerate() {
        if index % 6 == 1 {
            (building.longitude, building.latitude, building.floors) = (None, None, None);
        }
    }
    let persons = &rows.persons;
    for (index, dwelling) in rows.economy.dwellings.iter_mut().enumerate() {
        match index % 8 {
            0 => (dwelling.unit, dwelling.area) = (None, None),
            1 => dwelling.owner_person_id = None,
            // Anyone may own a flat anywhere: a child, somebody far away, somebody unplaced.
            2 | 3 => dwelling.owner_person_id = dice.pick(persons).map(|person| person.id),
            _ => {}
        }
    }
    let dwellings = &rows.economy.dwellings;
    for (index, household) in rows.households.iter_mut().enumerate() {
        match index % 9 {
            0 => household.dwelling_id = None,
            // Two households in one flat.
            4 => household.dwelling_id = dice.pick(dwellings).map(|dwelling| dwelling.id),
            _ => {}
        }
    }
    for (index, residence) in rows.residences.iter_mut().enumerate() {
        match index % 10 {
            0 => residence.dwelling_id = None,
            7 => residence.dwelling_id = dice.pick(dwellings).map(|dwelling| dwelling.id),
            _ => {}
        }
    }
}

fn businesses(rows: &mut Rows, dice: &mut Dice) {
    let (persons, buildings) = (&rows.persons, &rows.economy.buildings);
    for (index, business) in rows.economy.businesses.iter_mut().enumerate() {
        match index % 10 {
            0 => business.credit_code = None,
            1 => (business.industry, business.industry_division, business.address) = (None, None, None),
            2 => (business.building_id, business.founded_on) = (None, None),
            3 => (business.employees, business.revenue_band) = (None, None),
            4 => (business.legal_representative_id, business.contact_name, business.contact_phone) = (None, None, None),
            // Representatives and buildings that whoever sees the business may not see.
            5 | 6 => business.legal_representative_id = dice.pick(persons).map(|person| person.id),
            7 => business.building_id = dice.pick(buildings).map(|building| building.id),
            8 => business.name = dice.pick(&NAMES).map(|name| (*name).to_owned()).unwrap_or_default(),
            _ => business.employees = Some(0),
        }
    }
}

fn work(rows: &mut Rows, dice: &mut Dice) {
    let places: std::collections::HashMap<_, _> = rows.persons.iter().map(|person| (person.id, person.region_code)).collect();
    let (persons, businesses) = (&rows.persons, &rows.economy.businesses);
    for (index, employment) in rows.economy.employments.iter_mut().enumerate() {
        match index % 7 {
            0 => (employment.from_date, employment.to_date) = (None, None),
            1 => {
                employment.from_date = None;
                employment.to_date = NaiveDate::from_ymd_opt(2026, 6, 30);
            }
            // It began and ended on one day.
            2 => employment.to_date = employment.from_date,
            3 => employment.to_date = employment.from_date.map(|day| day + Days::new(1)),
            // Anyone's, children's among them, in any firm.
            4 => {
                employment.person_id = dice.pick(persons).map_or(employment.person_id, |person| person.id);
                employment.business_id = dice.pick(businesses).map_or(employment.business_id, |business| business.id);
            }
            _ => {}
        }
        employment.region_code = places[&employment.person_id];
    }
    for (index, worker) in rows.economy.new_occupation_workers.iter_mut().enumerate() {
        match index % 5 {
            0 => (worker.platform_id, worker.station) = (None, None),
            1 => (worker.employment_form, worker.injury_cover) = (None, None),
            // Work given by what is no platform, to anyone.
            2 => {
                worker.platform_id = dice.pick(businesses).map(|business| business.id);
                worker.person_id = dice.pick(persons).map_or(worker.person_id, |person| person.id);
            }
            3 => (worker.injury_cover, worker.part_time_grid_member) = (Some(false), true),
            _ => {}
        }
        worker.region_code = places[&worker.person_id];
    }
}
