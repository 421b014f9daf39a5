//! What holds in the rows of this part, whatever the seed.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entities::codes::{PartyDuty, PartyMemberStatus, PartyOrganizationKind, Sex, VolunteerTeamKind};
use sea_orm::ModelTrait;

use crate::generate::maker::CITY_HOURS;
use crate::generate::{Profile, Rows, Settings, rows};

fn settings(profile: Profile) -> Settings {
    Settings { profile, seed: 1, now: DateTime::from_timestamp(1_782_792_000, 123_456_789).expect("an instant") }
}

static TINY: LazyLock<Rows> = LazyLock::new(|| rows(&settings(Profile::Tiny)));
static STREET: LazyLock<Rows> = LazyLock::new(|| rows(&settings(Profile::Street)));

fn both() -> [&'static Rows; 2] {
    [&TINY, &STREET]
}

fn now() -> DateTime<Utc> {
    settings(Profile::Tiny).now
}

fn day(instant: DateTime<Utc>) -> NaiveDate {
    (instant + CITY_HOURS).date_naive()
}

#[test]
fn nothing_is_there_twice() {
    fn unique<T: std::hash::Hash + Eq>(keys: impl Iterator<Item = T>) -> bool {
        let mut seen = HashSet::new();
        keys.into_iter().all(|key| seen.insert(key))
    }
    for rows in both() {
        let rows = &rows.society;
        assert!(unique(rows.party_organizations.iter().map(|row| row.id)) && unique(rows.party_organizations.iter().map(|row| &row.code)));
        assert!(unique(rows.party_members.iter().map(|row| row.id)) && unique(rows.party_members.iter().map(|row| row.person_id)));
        assert!(unique(rows.volunteers.iter().map(|row| row.id)) && unique(rows.volunteers.iter().map(|row| row.person_id)));
        assert!(unique(rows.volunteer_teams.iter().map(|row| row.id)) && unique(rows.volunteer_teams.iter().map(|row| &row.code)));
        assert!(unique(rows.team_memberships.iter().map(|row| row.id)));
        assert!(unique(rows.volunteer_activities.iter().map(|row| row.id)));
        assert!(unique(rows.service_records.iter().map(|row| row.id)));
        assert!(unique(rows.service_records.iter().map(|row| (row.activity_id, row.volunteer_id))));
    }
}

#[test]
fn organisations_are_a_tree_whose_secretaries_are_full_members_of_them() {
    for rows in both() {
        let society = &rows.society;
        let organizations: HashMap<_, _> = society.party_organizations.iter().map(|row| (row.id, row)).collect();
        let members: HashMap<_, _> = society.party_members.iter().map(|row| (row.person_id, row)).collect();
        let departments: HashMap<_, _> = rows.departments.iter().map(|row| (row.id, row)).collect();
        for organization in &society.party_organizations {
            match organization.parent_id {
                Some(parent) => {
                    let parent = organizations[&parent];
                    assert!(parent.region_code.contains(organization.region_code) && parent.kind != PartyOrganizationKind::Group);
                    assert_eq!(organization.kind == PartyOrganizationKind::Group, parent.kind == PartyOrganizationKind::Branch);
                }
                None => assert_eq!(organization.kind, PartyOrganizationKind::Committee),
            }
            assert!(departments[&organization.department_id].name.ends_with("委组织部"));
            assert!(departments[&organization.department_id].region_code.contains(organization.region_code));
            if let Some(secretary) = organization.secretary_id {
                let member = members[&secretary];
                assert_eq!(
                    (member.organization_id, member.status, member.duty),
                    (organization.id, PartyMemberStatus::Full, Some(PartyDuty::Secretary))
                );
            }
        }
        for member in &society.party_members {
            assert!(organizations.contains_key(&member.organization_id));
            assert_eq!(member.joined_on.is_none(), member.status == PartyMemberStatus::Applicant);
            let secretary = organizations[&member.organization_id].secretary_id;
            assert_eq!(member.duty == Some(PartyDuty::Secretary), secretary == Some(member.person_id));
        }
    }
}

#[test]
fn those_who_serve_belong_to_the_team_and_a_party_team_has_members_only() {
    for rows in both() {
        let society = &rows.society;
        let comrades: HashSet<_> = society.party_members.iter().filter(|row| row.joined_on.is_some()).map(|row| row.person_id).collect();
        let volunteers: HashMap<_, _> = society.volunteers.iter().map(|row| (row.id, row)).collect();
        let teams: HashMap<_, _> = society.volunteer_teams.iter().map(|row| (row.id, row)).collect();
        let activities: HashMap<_, _> = society.volunteer_activities.iter().map(|row| (row.id, row)).collect();
        let mut belonging: HashMap<_, Vec<_>> = HashMap::new();
        for membership in &society.team_memberships {
            let volunteer = volunteers[&membership.volunteer_id];
            assert!(membership.from_date >= volunteer.registered_on && membership.to_date.is_none_or(|to| to >= membership.from_date));
            let team = teams[&membership.team_id];
            assert!(team.kind != VolunteerTeamKind::Party || comrades.contains(&volunteer.person_id));
            belonging.entry((membership.volunteer_id, membership.team_id)).or_default().push(membership);
        }
        for team in &society.volunteer_teams {
            let Some(leader) = team.leader_id else { continue };
            let led = belonging.iter().filter(|((_, of), _)| *of == team.id).flat_map(|(_, memberships)| memberships);
            assert!(led.into_iter().any(|row| row.to_date.is_none() && volunteers[&row.volunteer_id].person_id == leader));
        }
        for activity in &society.volunteer_activities {
            assert!(
                activity.starts_at > now() - TimeDelta::days(365) && activity.ends_at < now() && activity.created_at <= activity.starts_at
            );
        }
        for record in &society.service_records {
            let activity = activities[&record.activity_id];
            let on = day(activity.starts_at);
            let memberships = &belonging[&(record.volunteer_id, activity.team_id)];
            assert!(memberships.iter().any(|row| row.from_date <= on && row.to_date.is_none_or(|to| to >= on)));
            assert!(record.minutes > 0 && record.check_out_at.is_none_or(|out| out > record.check_in_at));
            assert!(record.confirmed_by_id.is_none() || record.department_id.is_none());
            assert_ne!(record.confirmed_by_id, Some(volunteers[&record.volunteer_id].person_id), "nobody confirms their own hours");
        }
    }
}

#[test]
fn a_street_has_the_society_of_a_street() {
    let rows = &*STREET;
    let society = &rows.society;
    let near = |what: &str, seen: f64, wanted: f64, share: f64| assert!((seen / wanted - 1.0).abs() < share, "{what}: {seen} for {wanted}");
    let persons: HashMap<_, _> = rows.persons.iter().map(|person| (person.id, person)).collect();
    let members = society.party_members.len() as f64;
    near("members", members / rows.persons.len() as f64, 0.07, 0.08);
    near("members of an organisation", members / society.party_organizations.len() as f64, 19.0, 0.15);
    let share = |test: &dyn Fn(&entities::person::Model) -> bool| {
        society.party_members.iter().filter(|member| test(persons[&member.person_id])).count() as f64 / members
    };
    near("women", share(&|person| person.sex == Sex::Female), 0.304, 0.12);
    let old = day(now()) - TimeDelta::days(60 * 365 + 15);
    near("old members", share(&|person| person.birth_date.is_some_and(|born| born <= old)), 0.281, 0.12);
    let grown = day(now()) - TimeDelta::days(18 * 365 + 5);
    let adults = rows.persons.iter().filter(|person| person.deceased_on.is_none() && person.birth_date.is_some_and(|born| born <= grown));
    near("volunteers", society.volunteers.len() as f64 / adults.count() as f64, 0.2, 0.1);
    near("teams", society.volunteer_teams.len() as f64, 37.0, 0.25);
    near("records", society.service_records.len() as f64 / society.volunteers.len() as f64, 2.0, 0.35);
}

#[test]
fn the_tiny_profile_has_every_kind() {
    let society = &TINY.society;
    let kinds: HashSet<_> = society.party_organizations.iter().map(|row| row.kind).collect();
    assert_eq!(kinds.len(), 4, "{kinds:?}");
    let statuses: HashSet<_> = society.party_members.iter().map(|row| row.status).collect();
    assert_eq!(statuses.len(), 3, "{statuses:?}");
    let kinds: HashSet<_> = society.volunteer_teams.iter().map(|row| row.kind).collect();
    assert_eq!(kinds.len(), 5, "{kinds:?}");
    assert!(society.party_members.iter().any(|row| row.double_registration_id.is_some()));
    assert!(society.party_organizations.iter().any(|row| row.host_business_id.is_some()));
    assert!(society.volunteer_teams.iter().any(|row| row.host_business_id.is_some()));
    assert!(society.team_memberships.iter().any(|row| row.to_date.is_some()));
    assert!(society.volunteer_activities.iter().any(|row| row.case_id.is_some()));
    assert!(society.service_records.iter().any(|row| row.check_out_at.is_none()));
    assert!(society.service_records.iter().any(|row| row.confirmed_by_id.is_some()));
    assert!(society.service_records.iter().any(|row| row.department_id.is_some()));
    assert!(society.service_records.iter().any(|row| row.confirmed_by_id.is_none() && row.department_id.is_none()));
}

#[test]
fn instants_are_whole_microseconds_and_not_in_the_future() {
    fn check<M: ModelTrait>(rows: &[M]) {
        use sea_orm::{EntityTrait, Iterable, sea_query::Value};
        for row in rows {
            for column in <M::Entity as EntityTrait>::Column::iter() {
                match row.get(column) {
                    Value::ChronoDateTimeUtc(Some(instant)) => {
                        assert!(instant.timestamp_subsec_nanos().is_multiple_of(1_000) && instant <= now(), "{instant}");
                    }
                    Value::ChronoDate(Some(date)) => assert!(date <= day(now()), "{date}"),
                    _ => {}
                }
            }
        }
    }
    for rows in both() {
        check(&rows.society.party_organizations);
        check(&rows.society.party_members);
        check(&rows.society.volunteers);
        check(&rows.society.volunteer_teams);
        check(&rows.society.team_memberships);
        check(&rows.society.volunteer_activities);
        check(&rows.society.service_records);
    }
}
