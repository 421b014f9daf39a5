//! What holds in the rows of the small profiles, whatever the seed.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entities::codes::{CaseAction, CaseState, HardshipLevel, HouseholdKind, IdType, RegionLevel, RelationToHead, ResidenceStatus, Sex};
use entities::id::Id;
use entities::person::{self, Person};
use sea_orm::ModelTrait;

use super::id_number::check_character;
use super::maker::CITY_HOURS;
use super::{Profile, Rows, Settings, cases, rows};

fn settings(profile: Profile, seed: u64) -> Settings {
    Settings { profile, seed, now: DateTime::from_timestamp(1_782_792_000, 123_456_789).expect("an instant") }
}

static TINY: LazyLock<Rows> = LazyLock::new(|| rows(&settings(Profile::Tiny, 1)));
pub(super) static STREET: LazyLock<Rows> = LazyLock::new(|| rows(&settings(Profile::Street, 1)));

pub(super) fn both() -> [&'static Rows; 2] {
    [&TINY, &STREET]
}

fn now() -> DateTime<Utc> {
    settings(Profile::Tiny, 1).now
}

pub(super) fn today() -> NaiveDate {
    (now() + CITY_HOURS).date_naive()
}

pub(super) fn persons(rows: &Rows) -> HashMap<Id<Person>, &person::Model> {
    rows.persons.iter().map(|person| (person.id, person)).collect()
}

#[test]
fn the_same_settings_make_the_same_rows_and_another_seed_makes_others() {
    let again = rows(&settings(Profile::Tiny, 1));
    assert!(*TINY == again);
    let other = rows(&settings(Profile::Tiny, 2));
    assert!(other.persons != TINY.persons && other.cases != TINY.cases && other.economy != TINY.economy);
    assert!(other.regions == TINY.regions && other.departments == TINY.departments, "what is real does not depend on the seed");
}

#[test]
fn no_key_number_or_code_is_given_twice() {
    fn unique<T: std::hash::Hash + Eq>(keys: impl Iterator<Item = T>) -> bool {
        let mut seen = HashSet::new();
        keys.into_iter().all(|key| seen.insert(key))
    }
    for rows in both() {
        assert!(unique(rows.regions.iter().map(|row| row.id)) && unique(rows.regions.iter().map(|row| row.code)));
        assert!(unique(rows.region_aliases.iter().map(|row| (&row.system, &row.code))));
        assert!(unique(rows.departments.iter().map(|row| row.id)));
        assert!(unique(rows.case_categories.iter().map(|row| row.id)));
        assert!(unique(rows.households.iter().map(|row| row.id)));
        assert!(unique(rows.households.iter().filter_map(|row| row.number.as_ref())));
        assert!(unique(rows.persons.iter().map(|row| row.id)));
        assert!(unique(rows.persons.iter().filter_map(|row| row.id_number.as_ref().filter(|_| row.id_type == IdType::ResidentId))));
        assert!(unique(rows.residences.iter().map(|row| row.id)));
        assert!(unique(rows.role_assignments.iter().map(|row| row.id)));
        assert!(unique(rows.clients.iter().map(|row| row.id)) && unique(rows.clients.iter().map(|row| &row.name)));
        assert!(unique(rows.cases.iter().map(|row| row.id)) && unique(rows.cases.iter().map(|row| &row.number)));
        assert!(
            unique(rows.case_events.iter().map(|row| row.id)) && unique(rows.case_events.iter().map(|row| (row.case_id, row.sequence)))
        );
        let services = &rows.services;
        assert!(unique(services.service_projects.iter().map(|row| row.id)) && unique(services.grid_members.iter().map(|row| row.id)));
        assert!(unique(services.person_tags.iter().map(|row| row.id)) && unique(services.enrollments.iter().map(|row| row.id)));
        assert!(unique(services.case_tasks.iter().map(|row| row.id)));
    }
}

#[test]
fn identity_cards_tell_birth_and_sex_and_end_with_their_check() {
    for person in both().into_iter().flat_map(|rows| &rows.persons).filter(|person| person.id_type == IdType::ResidentId) {
        let number = person.id_number.as_deref().expect("whoever has a card has its number");
        assert_eq!(check_character(&number[..17]), number.chars().last(), "{number}");
        let born = person.birth_date.expect("a card tells the day of birth");
        assert_eq!(number[6..14], born.format("%Y%m%d").to_string());
        assert_eq!(number.as_bytes()[16] % 2 == 1, person.sex == Sex::Male);
    }
    for phone in STREET.persons.iter().filter_map(|person| person.phone.as_deref()) {
        assert!(phone.len() == 11 && phone.starts_with('1') && (b'3'..=b'9').contains(&phone.as_bytes()[1]), "{phone}");
    }
}

#[test]
fn a_household_counts_its_residences_that_last_and_has_a_head_among_them() {
    for rows in both() {
        let mut members: HashMap<_, Vec<_>> = HashMap::new();
        for residence in rows.residences.iter().filter(|residence| residence.to_date.is_none()) {
            members.entry(residence.household_id).or_default().push(residence);
        }
        for household in &rows.households {
            let members = members.get(&household.id).map(Vec::as_slice).unwrap_or_default();
            assert_eq!(household.member_count as usize, members.len());
            let heads: Vec<_> = members.iter().filter(|residence| residence.relation_to_head == RelationToHead::Head).collect();
            assert_eq!(heads.first().map(|head| head.person_id), household.head_person_id);
            assert_eq!(heads.len(), usize::from(!members.is_empty()));
            assert_eq!(household.number.is_some(), household.kind == HouseholdKind::Registered);
            assert_eq!(household.region_code.at(RegionLevel::Community), Some(household.community_code));
        }
    }
}

#[test]
fn a_persons_place_is_that_of_the_residence_that_counts() {
    for rows in both() {
        let households: HashMap<_, _> = rows.households.iter().map(|household| (household.id, household)).collect();
        let mut current: HashMap<_, Vec<_>> = HashMap::new();
        for residence in &rows.residences {
            assert_eq!(residence.region_code, households[&residence.household_id].region_code);
            if residence.to_date.is_none() {
                current.entry(residence.person_id).or_default().push(residence);
            }
        }
        for person in &rows.persons {
            let residences = current.get(&person.id).map(Vec::as_slice).unwrap_or_default();
            let lives = |residence: &&&entities::residence::Model| residence.status != ResidenceStatus::RegisteredNotLiving;
            assert!(residences.iter().filter(lives).count() <= 1 && residences.len() <= 2);
            let counts = residences.iter().find(lives).or(residences.first());
            assert_eq!(person.household_id, counts.map(|residence| residence.household_id));
            assert_eq!(person.region_code, counts.map(|residence| residence.region_code));
            assert_eq!(person.community_code, person.region_code.and_then(|code| code.at(RegionLevel::Community)));
            assert_eq!(person.street_code, person.region_code.and_then(|code| code.at(RegionLevel::Street)));
        }
    }
}

#[test]
fn kin_are_of_ages_that_fit() {
    for rows in both() {
        let persons = persons(rows);
        let heads: HashMap<_, _> = rows.households.iter().filter_map(|row| Some((row.id, persons[&row.head_person_id?]))).collect();
        for residence in &rows.residences {
            let member = persons[&residence.person_id];
            assert!(member.birth_date.is_none_or(|born| born <= residence.from_date));
            assert!(residence.to_date.is_none_or(|to| to >= residence.from_date && to <= today()));
            let head = heads.get(&residence.household_id).and_then(|head| head.birth_date);
            let (Some(head), Some(born)) = (head, member.birth_date) else { continue };
            let years_younger = (born - head).num_days() as f64 / 365.25;
            match residence.relation_to_head {
                RelationToHead::Head => assert!(years_younger == 0.0),
                RelationToHead::Spouse => assert!(years_younger.abs() < 10.0),
                RelationToHead::Son | RelationToHead::Daughter => assert!(years_younger > 17.9),
                RelationToHead::Grandchild => assert!(years_younger > 35.9),
                RelationToHead::Parent => assert!(years_younger < -17.9),
                _ => {}
            }
        }
    }
}

#[test]
fn events_obey_the_states() {
    for rows in both() {
        let mut events: HashMap<_, Vec<_>> = HashMap::new();
        for event in &rows.case_events {
            events.entry(event.case_id).or_default().push(event);
        }
        for case in &rows.cases {
            let events = &events[&case.id];
            assert_eq!(case.version as usize, events.len());
            for (index, event) in events.iter().enumerate() {
                assert_eq!(event.sequence as usize, index + 1);
                assert_eq!(event.region_code, case.region_code);
                if index == 0 {
                    assert_eq!((event.action, event.from_state, event.to_state), (CaseAction::Report, None, CaseState::Submitted));
                    assert_eq!(event.occurred_at, case.opened_at);
                } else {
                    assert_eq!(event.from_state, Some(events[index - 1].to_state));
                    assert_eq!(event.from_state.and_then(|from| from.after(event.action)), Some(event.to_state));
                    assert!(event.occurred_at >= events[index - 1].occurred_at && event.occurred_at <= now());
                }
            }
            assert_eq!(events.last().map(|event| event.to_state), Some(case.state));
            assert_eq!(case.closed_at.is_some(), !case.state.is_open());
            assert_eq!(case.return_count as usize, events.iter().filter(|event| event.action == CaseAction::Return).count());
            assert!(case.return_count <= 2 && case.deadline.is_some() == case.accepted_at.is_some());
            assert!(!case.anonymous || (case.reporter_id.is_none() && case.reporter_phone.is_none()));
            assert_eq!(case.region_code.at(RegionLevel::Community), Some(case.community_code));
        }
    }
}

#[test]
fn what_rows_refer_to_is_there() {
    for rows in both() {
        let departments = super::departments::by_id(&rows.departments);
        let categories: HashMap<_, _> = rows.case_categories.iter().map(|row| (row.id, row)).collect();
        let regions: HashSet<_> = rows.regions.iter().map(|row| row.code).collect();
        let persons = persons(rows);
        assert!(rows.case_events.iter().all(|event| event.department_id.is_none_or(|id| departments.contains_key(&id))));
        assert!(rows.households.iter().all(|row| regions.contains(&row.region_code)));
        for case in &rows.cases {
            assert_eq!(categories[&case.category_id].board, case.board);
            assert!(departments[&case.department_id.expect("somebody has it")].region_code.contains(case.community_code));
            assert!(regions.contains(&case.region_code));
            assert!(case.reporter_id.is_none_or(|id| persons[&id].community_code == Some(case.community_code)));
        }
        assert!(rows.case_categories.iter().all(|row| row.lead_department_id.is_some_and(|id| departments.contains_key(&id))));
    }
}

#[test]
fn a_street_has_the_volumes_of_a_street() {
    let rows = &*STREET;
    let near = |what: &str, seen: f64, wanted: f64, share: f64| assert!((seen / wanted - 1.0).abs() < share, "{what}: {seen} for {wanted}");
    let people = rows.persons.len() as f64;
    near("people", people, 31_100.0, 0.02);
    near("households", rows.households.len() as f64, 12_000.0, 0.08);
    near("cases", rows.cases.len() as f64, 3_300.0, 0.03);
    near("grids", rows.regions.iter().filter(|row| row.level == RegionLevel::Grid).count() as f64, 60.0, 0.1);
    let age = |person: &person::Model| person.birth_date.map_or(-1, |born| (today() - born).num_days() / 365);
    let share = |test: &dyn Fn(&person::Model) -> bool| rows.persons.iter().filter(|person| test(person)).count() as f64 / people;
    near("children", share(&|person| (0..15).contains(&age(person))), 0.159, 0.05);
    near("old", share(&|person| age(person) >= 60), 0.219, 0.05);
    near("men", share(&|person| person.sex == Sex::Male), 0.5055, 0.02);
    let poor = |level| rows.households.iter().filter(|row| row.hardship_level == level).map(|row| row.member_count).sum::<i32>();
    near("people on low income", f64::from(poor(HardshipLevel::LowIncome)), 840.0, 0.2);
    near("people in extreme poverty", f64::from(poor(HardshipLevel::ExtremePoverty)), 177.0, 0.25);
    let old = rows.cases.iter().filter(|case| case.opened_at < now() - TimeDelta::days(60));
    let (closed, all) = old.fold((0, 0), |(closed, all), case| (closed + i32::from(case.state == CaseState::Closed), all + 1));
    near("closed", f64::from(closed) / f64::from(all), 0.95, 0.02);
    let by_day = rows.cases.iter().filter(|case| (7..19).contains(&cases::city_hour(case.opened_at))).count();
    near("cases by day", by_day as f64 / rows.cases.len() as f64, 0.85, 0.06);
}

#[test]
fn the_tiny_profile_has_one_of_everything() {
    let rows = &*TINY;
    let states: HashSet<_> = rows.cases.iter().map(|case| case.state).collect();
    assert_eq!(states.len(), cases::STATES.len());
    let minor = |person: &person::Model| person.birth_date.is_some_and(|born| (today() - born).num_days() < 14 * 365);
    assert!(rows.persons.iter().any(minor));
    assert!(rows.persons.iter().any(|person| person.region_code.is_none() && person.deceased_on.is_none()));
    assert!(rows.persons.iter().any(|person| person.birth_date.is_none()));
    assert!(rows.persons.iter().any(|person| person.phone.is_none()));
    assert!(rows.persons.iter().any(|person| person.deceased_on.is_some()));
    assert!(rows.households.iter().any(|household| household.kind == HouseholdKind::Registered));
    assert!(rows.households.iter().any(|household| household.kind == HouseholdKind::Dwelling));
    assert!(rows.residences.iter().any(|residence| residence.to_date.is_some()));
    assert!(rows.residences.iter().any(|residence| residence.status == ResidenceStatus::RegisteredNotLiving));
    assert!(rows.cases.iter().any(|case| case.reporter_id.is_none()));
    assert!((150..200).contains(&rows.persons.len()) && (55..80).contains(&rows.households.len()) && rows.cases.len() == 81);
}

#[test]
fn instants_are_whole_microseconds_and_not_in_the_future() {
    fn check<M: ModelTrait>(rows: &[M]) {
        use sea_orm::{EntityTrait, Iterable, sea_query::Value};
        for row in rows {
            for column in <M::Entity as EntityTrait>::Column::iter() {
                if let Value::ChronoDateTimeUtc(Some(instant)) = row.get(column) {
                    assert_eq!(instant.timestamp_subsec_nanos() % 1_000, 0);
                    if !["deadline", "due_at"].contains(&sea_orm::Iden::unquoted(&column)) {
                        assert!(instant <= now());
                    }
                }
            }
        }
    }
    for rows in both() {
        check(&rows.households);
        check(&rows.persons);
        check(&rows.residences);
        check(&rows.cases);
        check(&rows.case_events);
        check(&rows.services.grid_members);
        check(&rows.services.person_tags);
        check(&rows.services.enrollments);
        check(&rows.services.case_tasks);
        check(&rows.role_assignments);
        check(&rows.clients);
    }
}

/// The rows as a database gives them back, in the order of their keys.
async fn read<M>(database: &sea_orm::DatabaseConnection) -> Vec<M>
where
    M: ModelTrait + sea_orm::FromQueryResult + Send + Sync,
    M::Entity: sea_orm::EntityTrait<Model = M>,
{
    use sea_orm::EntityTrait;
    M::Entity::find().all(database).await.expect("the table is readable")
}

#[tokio::test]
async fn a_loaded_database_gives_back_the_rows_and_is_not_loaded_twice() {
    use sea_orm_migration::MigratorTrait;
    let file = std::env::temp_dir().join(format!("civigrid-load-{}.sqlite", std::process::id()));
    let url = format!("sqlite://{}?mode=rwc", file.display());
    let database = sea_orm::Database::connect(&url).await.expect("a new file");
    migration::Migrator::up(&database, None).await.expect("an empty database migrates");
    let indexes = |database: sea_orm::DatabaseConnection| async move {
        use sea_orm::{ConnectionTrait, Statement};
        let statement = Statement::from_string(sea_orm::DbBackend::Sqlite, "SELECT sql FROM sqlite_master ORDER BY name");
        let rows = database.query_all_raw(statement).await.expect("the table of tables is readable");
        rows.iter()
            .filter_map(|row| row.try_get_by_index::<Option<String>>(0).ok().flatten())
            .filter(|sql| !sql.contains("sqlite_stat"))
            .collect::<Vec<_>>()
    };
    let before = indexes(database.clone()).await;
    let report = super::run(&settings(Profile::Tiny, 1), &url, false).await.expect("an empty database is loaded");
    assert_eq!(indexes(database.clone()).await, before);
    assert_eq!(report.totals.iter().map(|total| total.rows).sum::<u64>(), report.phases.iter().map(|phase| phase.rows).sum::<u64>());

    fn same<M: PartialEq>(read: &[M], made: &[M]) -> bool {
        read.len() == made.len() && made.iter().all(|row| read.contains(row))
    }
    let regions = read::<entities::region::Model>(&database).await;
    let known: HashMap<_, _> = regions.iter().map(|row| (row.id, row)).collect();
    assert!(regions.len() == TINY.regions.len() && TINY.regions.iter().all(|row| known.get(&row.id) == Some(&row)));
    assert!(same(&read(&database).await, &TINY.region_aliases));
    assert!(same(&read(&database).await, &TINY.departments));
    assert!(same(&read(&database).await, &TINY.case_categories));
    assert!(same(&read(&database).await, &TINY.households));
    assert!(same(&read(&database).await, &TINY.persons));
    assert!(same(&read(&database).await, &TINY.residences));
    assert!(same(&read(&database).await, &TINY.cases));
    assert!(same(&read(&database).await, &TINY.case_events));
    assert!(same(&read(&database).await, &TINY.economy.buildings));
    assert!(same(&read(&database).await, &TINY.economy.dwellings));
    assert!(same(&read(&database).await, &TINY.economy.businesses));
    assert!(same(&read(&database).await, &TINY.economy.employments));
    assert!(same(&read(&database).await, &TINY.economy.new_occupation_workers));
    assert!(same(&read(&database).await, &TINY.services.service_projects));
    assert!(same(&read(&database).await, &TINY.services.grid_members));
    assert!(same(&read(&database).await, &TINY.services.person_tags));
    assert!(same(&read(&database).await, &TINY.services.enrollments));
    assert!(same(&read(&database).await, &TINY.services.case_tasks));
    assert!(same(&read(&database).await, &TINY.role_assignments));
    assert!(same(&read(&database).await, &TINY.clients));

    let again = super::run(&settings(Profile::Tiny, 2), &url, false).await;
    assert!(matches!(again, Err(super::Error::Load(crate::store::load::Error::NotEmpty(_)))));
    assert!(same(&read(&database).await, &TINY.persons));
    database.close().await.expect("the file closes");
    std::fs::remove_file(file).expect("the file is there");
}
