//! What holds in the rows of this part, whatever the seed.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Days, NaiveDate, Utc};
use entities::codes::{CaseAction, CaseState, EnrollmentState, GridRole, PersonTagKind, RegionLevel, SubjectType, TaskRole, TaskState};

use super::office::{birthday, years};
use super::projects::PROJECTS;
use crate::generate::maker::CITY_HOURS;
use crate::generate::{Profile, Rows, Settings, rows};

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_782_792_000, 0).expect("an instant")
}

fn today() -> NaiveDate {
    (now() + CITY_HOURS).date_naive()
}

fn made() -> &'static [Rows; 2] {
    static MADE: std::sync::LazyLock<[Rows; 2]> =
        std::sync::LazyLock::new(|| [Profile::Tiny, Profile::Street].map(|profile| rows(&Settings { profile, seed: 3, now: now() })));
    &MADE
}

#[test]
fn the_city_has_54_projects_of_departments_that_are_there() {
    let rows = &made()[0];
    let departments: HashSet<_> = rows.departments.iter().map(|row| row.id).collect();
    let projects = &rows.services.service_projects;
    assert_eq!(projects.len(), 54);
    assert_eq!(projects.iter().map(|row| &row.code).collect::<HashSet<_>>().len(), 54);
    assert!(projects.iter().all(|row| departments.contains(&row.lead_department_id) && row.starts_on.to_string().starts_with("2026")));
    assert!(PROJECTS.iter().all(|project| project.worth.0 <= project.worth.1));
}

#[test]
fn every_grid_has_its_team_and_nobody_serves_twice_at_a_time() {
    for rows in made() {
        let places: HashMap<_, _> = rows.persons.iter().map(|person| (person.id, person)).collect();
        let mut fixed: HashMap<_, Vec<GridRole>> = HashMap::new();
        let mut serving = HashSet::new();
        for member in &rows.services.grid_members {
            let person = places[&member.person_id];
            let born = person.birth_date.expect("a member's age is known");
            assert!(years(born, member.from_date) >= 18 && person.deceased_on.is_none());
            assert_eq!(person.community_code, member.region_code.at(RegionLevel::Community), "a member lives near");
            assert!(member.phone.is_none() || member.phone != person.phone, "the service has a number of its own");
            assert!(member.to_date.is_none_or(|to| to >= member.from_date && to <= today()));
            if member.to_date.is_none() {
                assert!(serving.insert(member.person_id));
                fixed.entry(member.region_code).or_default().push(member.role);
            }
        }
        let workers = rows.economy.new_occupation_workers.iter().map(|worker| (worker.person_id, worker.part_time_grid_member));
        for (person, serves) in workers.filter(|(person, _)| places[person].birth_date.is_some() && places[person].region_code.is_some()) {
            assert_eq!(serving.contains(&person), serves, "workers who serve say so");
        }
        for grid in rows.regions.iter().filter(|region| region.level == RegionLevel::Grid) {
            let team = fixed.get(&grid.code).map(Vec::as_slice).unwrap_or_default();
            let count = |role| team.iter().filter(|known| **known == role).count();
            for role in [GridRole::Head, GridRole::FullTime, GridRole::PartTime, GridRole::Adviser] {
                assert!(count(role) <= 1, "{team:?}");
            }
            let small = rows.persons.len() < 1_000;
            assert!(small || (count(GridRole::Head) == 1 && count(GridRole::Helper) >= 2), "{team:?}");
        }
    }
}

#[test]
fn tags_fit_the_person() {
    for rows in made() {
        let persons: HashMap<_, _> = rows.persons.iter().map(|person| (person.id, person)).collect();
        let mut seen = HashSet::new();
        for tag in &rows.services.person_tags {
            let person = persons[&tag.person_id];
            let born = person.birth_date.expect("who is tagged has a known birth");
            assert!(tag.from_date >= born && tag.from_date <= today() && tag.to_date.is_none_or(|to| to >= tag.from_date && to <= today()));
            assert!(seen.insert((tag.person_id, tag.code, tag.from_date)));
            assert_eq!(tag.region_code, person.region_code);
            match tag.code {
                PersonTagKind::Elderly80Plus => assert_eq!(tag.from_date, birthday(born, 80)),
                PersonTagKind::LivingAlone => assert!(years(born, today()) >= 60),
                PersonTagKind::LeftBehindChild | PersonTagKind::ChildInDifficulty => assert!(years(born, today()) < 16),
                _ => {}
            }
        }
        let old = rows.persons.iter().filter(|person| {
            person.region_code.is_some() && person.deceased_on.is_none() && person.birth_date.is_some_and(|born| years(born, today()) >= 80)
        });
        let tagged = rows.services.person_tags.iter().filter(|tag| tag.code == PersonTagKind::Elderly80Plus && tag.to_date.is_none());
        assert_eq!(tagged.count(), old.count());
    }
    let codes: HashSet<_> = made()[1].services.person_tags.iter().map(|tag| tag.code).collect();
    assert_eq!(codes.len(), entities::codes::PERSON_TAG_KIND.codes.len());
}

#[test]
fn enrollments_are_within_the_quota_and_the_span() {
    for rows in made() {
        let projects: HashMap<_, _> = rows.services.service_projects.iter().map(|project| (project.id, project)).collect();
        let mut taken: HashMap<_, i32> = HashMap::new();
        let mut pairs = HashSet::new();
        for row in &rows.services.enrollments {
            let project = projects[&row.project_id];
            assert!(pairs.insert((row.project_id, row.person_id, row.household_id, row.business_id)));
            assert_eq!(
                usize::from(row.person_id.is_some()) + usize::from(row.household_id.is_some()) + usize::from(row.business_id.is_some()),
                1
            );
            assert!(row.applied_on.is_none_or(|day| day >= project.starts_on && day <= today()));
            assert_eq!(row.amount.is_some(), row.state.counts());
            assert_eq!(row.served_on.is_some(), matches!(row.state, EnrollmentState::Served | EnrollmentState::Closed));
            assert!(row.rating.is_none() || row.state == EnrollmentState::Closed);
            assert!(row.created_at <= row.updated_at && row.updated_at <= now());
            *taken.entry(row.project_id).or_default() += i32::from(row.state.counts());
        }
        for (project, taken) in taken {
            assert!(taken <= projects[&project].quota.expect("a quota"), "{}", projects[&project].code);
        }
    }
    let street = &made()[1].services.enrollments;
    assert!(street.iter().any(|row| row.business_id.is_some()) && street.iter().any(|row| row.household_id.is_some()));
    let states: HashSet<_> = made()[1].services.enrollments.iter().map(|row| row.state).collect();
    assert_eq!(states.len(), 7);
}

#[test]
fn a_dispatched_case_has_exactly_one_open_task_that_leads() {
    for rows in made() {
        let mut tasks: HashMap<_, Vec<_>> = HashMap::new();
        for task in &rows.services.case_tasks {
            tasks.entry(task.case_id).or_default().push(task);
        }
        let mut dispatches: HashMap<_, usize> = HashMap::new();
        for event in rows.case_events.iter().filter(|event| event.action == CaseAction::Dispatch) {
            *dispatches.entry(event.case_id).or_default() += 1;
        }
        for case in &rows.cases {
            let tasks = tasks.get(&case.id).map(Vec::as_slice).unwrap_or_default();
            let leads = tasks.iter().filter(|task| task.role == TaskRole::Lead);
            assert_eq!(leads.clone().count(), dispatches.get(&case.id).copied().unwrap_or(0), "{}", case.number);
            let open: Vec<_> = leads.filter(|task| task.state.is_open()).collect();
            let expected = match case.state {
                CaseState::Dispatched => Some(TaskState::Assigned),
                CaseState::InProgress => Some(TaskState::InProgress),
                CaseState::Suspended => Some(TaskState::Suspended),
                _ => None,
            };
            assert_eq!(
                open.iter().map(|task| task.state).collect::<Vec<_>>(),
                Vec::from_iter(expected),
                "{} {:?}",
                case.number,
                case.state
            );
            for task in &open {
                assert_eq!(Some(task.department_id), case.department_id, "{}", case.number);
            }
            for task in tasks {
                assert!(task.region_code == case.region_code && task.assigned_at >= case.opened_at);
                assert_eq!(task.done_at.is_some(), task.state == TaskState::Done);
            }
        }
    }
}

#[test]
fn whoever_has_a_task_served_in_the_grid_when_it_was_given() {
    for rows in made() {
        let serving: HashMap<_, _> =
            rows.services.grid_members.iter().filter(|member| member.to_date.is_none()).map(|member| (member.person_id, member)).collect();
        for task in &rows.services.case_tasks {
            let Some(assignee) = task.assignee_id else { continue };
            let member = serving[&assignee];
            assert!(member.region_code == task.region_code && member.from_date <= task.assigned_at.date_naive() + Days::new(1));
        }
    }
    assert!(made()[1].services.case_tasks.iter().any(|task| task.assignee_id.is_some()));
}

#[test]
fn duplicates_name_a_case_of_the_same_category_and_reached_reporters_alone_are_satisfied() {
    for rows in made() {
        let cases: HashMap<_, _> = rows.cases.iter().map(|case| (case.id, case)).collect();
        let businesses: HashMap<_, _> = rows.economy.businesses.iter().map(|business| (business.id, business)).collect();
        for case in &rows.cases {
            assert!(case.business_id.is_none() || case.subject_type == SubjectType::Enterprise);
            assert!(case.business_id.is_none_or(|id| businesses[&id].community_code == case.community_code));
            assert!(case.merged_into_id.is_none() || case.state == CaseState::Merged);
            assert!(case.merged_into_id.is_none_or(|other| cases[&other].category_id == case.category_id));
            assert_eq!(case.reached.is_some(), case.state == CaseState::Closed);
            assert!(case.satisfaction.is_none() || case.state != CaseState::Closed || case.reached == Some(true));
        }
    }
    assert!(made()[1].cases.iter().any(|case| case.merged_into_id.is_some()));
    assert!(made()[1].cases.iter().any(|case| case.business_id.is_some()));
}
