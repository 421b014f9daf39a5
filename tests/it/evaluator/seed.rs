//! The rows that queries are asked of: those of the smallest profile, fewer regions, and everything odd that the
//! registers allow: unknown births, fourteenth birthdays, leap days, people without place or household, strange names.

use std::collections::HashSet;

use chrono::NaiveDate;
use civigrid::generate::Rows;
use civigrid::store::load::Loader;
use civigrid::store::{Backend, Database};
use entities::codes::RegionLevel;
use entities::region_code::RegionCode;
use entities::registers::REGISTERS;
use sea_orm::ConnectionTrait;

use super::dice::Dice;
use super::seed_society;

/// Births at which an age or a right begins on one of the tests' days, or the day before or after.
const BIRTHS: [(i32, u32, u32); 14] = [
    (2012, 6, 29),
    (2012, 6, 30),
    (2012, 7, 1),
    (2012, 7, 2),
    (2012, 2, 29),
    (2013, 2, 28),
    (2013, 3, 1),
    (2014, 2, 28),
    (2014, 3, 1),
    (1992, 2, 29),
    (2008, 6, 30),
    (2008, 7, 1),
    (2025, 12, 31),
    (1946, 6, 30),
];

const NAMES: [&str; 8] = ["O'Hara \"Tess\"", "𠮷田 明", "", "a%b_c\\d", "ÄÖÜ ß", "王\u{10FFFF}", "line\nbreak\ttab", "null"];

/// Fewer and odder rows.
pub(super) fn odd(mut rows: Rows) -> Rows {
    let mut dice = Dice::new(7, 0);
    fewer_regions(&mut rows, &mut dice);
    for (index, person) in rows.persons.iter_mut().enumerate() {
        if index % 17 == 3 {
            (person.birth_date, person.birth_year) = (None, None);
        } else if index % 5 == 1 {
            let (year, month, day) = BIRTHS[dice.below(BIRTHS.len())];
            person.birth_date = NaiveDate::from_ymd_opt(year, month, day);
            person.birth_year = Some(year);
        }
        if index % 13 == 2 {
            (person.region_code, person.community_code, person.street_code) = (None, None, None);
        }
        if index % 11 == 4 {
            person.household_id = None;
        }
        if index % 9 == 0 {
            person.name = NAMES[dice.below(NAMES.len())].to_owned();
            person.name_keys = entities::name_keys::of(&person.name, &person.name_pinyin);
        }
        if index % 7 == 5 {
            (person.education, person.marital_status, person.ethnicity) = (None, None, None);
        }
    }
    for (index, case) in rows.cases.iter_mut().enumerate() {
        if index % 9 == 1 {
            (case.longitude, case.latitude) = (None, None);
        }
        if index % 10 == 2 {
            case.department_id = None;
        }
        if index % 4 == 0 {
            case.satisfaction = Some(1 + index as i32 % 5);
        }
    }
    super::seed_economy::odd(&mut rows, &mut dice);
    seed_society::odd(&mut rows);
    super::seed_services::odd(&mut rows, &mut dice);
    rows
}

/// Regions in which something is, those above them, and a few others; some of them replaced.
fn fewer_regions(rows: &mut Rows, dice: &mut Dice) {
    let mut kept: HashSet<RegionCode> = HashSet::new();
    kept.extend(rows.departments.iter().map(|row| row.region_code));
    kept.extend(rows.households.iter().map(|row| row.region_code));
    kept.extend(rows.persons.iter().filter_map(|row| row.region_code));
    kept.extend(rows.residences.iter().map(|row| row.region_code));
    kept.extend(rows.cases.iter().map(|row| row.region_code));
    kept.extend(rows.case_events.iter().map(|row| row.region_code));
    kept.extend(rows.economy.buildings.iter().map(|row| row.region_code));
    kept.extend(rows.economy.businesses.iter().map(|row| row.region_code));
    kept.extend(rows.society.party_organizations.iter().map(|row| row.region_code));
    kept.extend(rows.society.volunteer_activities.iter().map(|row| row.region_code));
    kept.extend(rows.services.service_projects.iter().map(|row| row.region_code));
    kept.extend(rows.services.grid_members.iter().map(|row| row.region_code));
    kept.extend(rows.services.enrollments.iter().filter_map(|row| row.region_code));
    kept.extend(rows.services.person_tags.iter().filter_map(|row| row.region_code));
    kept.extend(rows.services.case_tasks.iter().map(|row| row.region_code));
    kept.extend((0..40).filter_map(|_| dice.pick(&rows.regions).map(|region| region.code)));
    for code in kept.clone() {
        kept.extend(RegionLevel::ALL.into_iter().filter_map(|level| code.at(level)));
    }
    rows.regions.retain(|region| kept.contains(&region.code));
    let ids: HashSet<_> = rows.regions.iter().map(|region| region.id).collect();
    rows.region_aliases.retain(|alias| ids.contains(&alias.region_id));
    let last = rows.regions.last().map(|region| region.id);
    for region in rows.regions.iter_mut().step_by(23) {
        region.replaced_by_id = last;
        region.valid_to = NaiveDate::from_ymd_opt(2026, 1, 31);
    }
}

/// Puts these rows in the place of all others.
pub(super) async fn load(database: &Database, rows: &Rows) {
    let writer = database.writer().await.expect("the database can be written to");
    let tables: Vec<&str> = REGISTERS.iter().map(|register| register.table).collect();
    if database.backend() == Backend::Postgres {
        writer.execute_unprepared(&format!("TRUNCATE {} CASCADE", tables.join(", "))).await.expect("rows can be removed");
    } else {
        writer.execute_unprepared("UPDATE households SET head_person_id = NULL").await.expect("households have heads");
        writer.execute_unprepared("UPDATE dwellings SET owner_person_id = NULL").await.expect("dwellings have owners");
        for table in tables.iter().rev() {
            writer.execute_unprepared(&format!("DELETE FROM {table}")).await.expect("rows can be removed");
        }
    }
    writer.close().await.expect("the connection closes");
    let mut loader = Loader::open(database.url(), &tables).await.expect("the tables are empty");
    let written = [
        loader.write(&rows.regions).await,
        loader.write(&rows.region_aliases).await,
        loader.write(&rows.departments).await,
        loader.write(&rows.case_categories).await,
        loader.write(&rows.households).await,
        loader.write(&rows.persons).await,
        loader.write(&rows.residences).await,
        loader.write(&rows.cases).await,
        loader.write(&rows.case_events).await,
        loader.write(&rows.economy.buildings).await,
        loader.write(&rows.economy.dwellings).await,
        loader.write(&rows.economy.businesses).await,
        loader.write(&rows.economy.employments).await,
        loader.write(&rows.economy.new_occupation_workers).await,
        rows.society.write(&mut loader).await,
        rows.services.write(&mut loader).await,
        loader.write(&rows.role_assignments).await,
        loader.write(&rows.clients).await,
    ];
    for done in written {
        done.expect("the rows can be written");
    }
    loader.restore().await.expect("the indexes can be made");
    loader.commit().await.expect("the rows refer to each other");
}
