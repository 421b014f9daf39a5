//! Who is in the Party is told to those the policy names, along every way, and to nobody else.

use std::collections::HashSet;

use entities::codes::{Board, VolunteerTeamKind};
use serde_json::{Value, json};

use crate::harness::{self, App, Who};
use crate::lists::city;

/// Callers beside the standard ones: posts and departments that keep the Party's registers.
fn of_the_party() -> Vec<(&'static str, Who)> {
    let district = Who::of("district_officer");
    let keeping = harness::rows().society.party_organizations.iter().find(|row| district.regions[0].contains(row.region_code));
    let department = keeping.map(|organization| organization.department_id.uuid());
    vec![
        ("the Party post of a street", Who { board: Some(Board::Party), ..Who::of("board_officer") }),
        ("the Organisation department of a district", Who { board: Some(Board::Party), department, ..district }),
        ("the Party board of the city", Who { board: Some(Board::Party), department: None, ..Who::of("city_officer") }),
    ]
}

/// The ids of the members whom a caller of these regions may see.
fn members_in(who: &Who) -> HashSet<String> {
    let members = harness::rows().society.party_members.iter();
    let here = members.filter(|member| member.region_code.is_some_and(|place| who.regions.iter().any(|region| region.contains(place))));
    here.map(|member| member.id.to_string()).collect()
}

fn ids(rows: &Value) -> HashSet<String> {
    rows.as_array().expect("rows").iter().map(|row| row["id"].as_str().expect("an id").to_owned()).collect()
}

#[tokio::test]
async fn members_are_shown_to_the_secretary_the_party_board_and_the_organisation_department_alone() {
    let document = "{ partyMembers(first: 500) { nodes { id status person { id } organization { id } access { withheld } } totalCount } }";
    for database in harness::databases().await {
        let app = App::start(&database).await;
        for who in Who::all() {
            let answer = app.as_who(&who).query(document).await;
            let seen = ids(&answer.data()["partyMembers"]["nodes"]);
            let expected = if who.name() == "community_secretary" { members_in(&who) } else { HashSet::new() };
            // The standard resident sees the own row, and is a member or not.
            if who.name() != "resident" {
                assert_eq!(seen, expected, "{}", who.name());
            }
        }
        for (name, who) in of_the_party() {
            let answer = app.as_who(&who).query(document).await;
            let rows = &answer.data()["partyMembers"];
            let expected = members_in(&who);
            assert!(!expected.is_empty(), "{name} has members");
            assert_eq!(ids(&rows["nodes"]), expected, "{name}");
            assert_eq!(rows["totalCount"], expected.len(), "{name}");
        }
    }
}

#[tokio::test]
async fn a_member_sees_the_own_membership_and_no_other() {
    let member = &harness::rows().society.party_members[0];
    for database in harness::databases().await {
        let app = App::start(&database).await;
        let who = Who { person: Some(member.person_id.uuid()), ..Who::of("resident") };
        let answer = app.as_who(&who).query("{ partyMembers { nodes { id status } } me { kind } }").await;
        assert_eq!(ids(&answer.data()["partyMembers"]["nodes"]), HashSet::from([member.id.to_string()]));
        let person = format!("{{ person(id: \"{}\") {{ partyMember {{ id }} }} }}", member.person_id);
        assert_eq!(app.as_who(&who).query(&person).await.data()["person"]["partyMember"]["id"], member.id.to_string());
    }
}

/// Ways by which it could show that somebody is in the Party, beside the register itself.
const WAYS: &[(&str, &str)] = &[
    ("the person's membership", "{ persons(first: 500, filter: { partyMember: { some: {} } }) { totalCount } }"),
    ("the person's secretaryships", "{ persons(first: 500, filter: { partySecretaryships: { some: {} } }) { totalCount } }"),
    (
        "the person's teams of Party members",
        "{ persons(filter: { volunteer: { some: { memberships: { some: { team: { kind: { eq: PARTY } } } } } } }) { totalCount } }",
    ),
    (
        "the person's part in what they do",
        "{ persons(filter: { volunteer: { some: { serviceRecords: { some: { activity: { team: { kind: { eq: PARTY } } } } } } } }) { totalCount } }",
    ),
    ("the person's lead of a team", "{ persons(filter: { ledVolunteerTeams: { some: { kind: { eq: PARTY } } } }) { totalCount } }"),
    ("an organisation's secretary", "{ partyOrganizations(filter: { secretary: {} }) { totalCount } }"),
    ("an organisation's members", "{ partyOrganizations(filter: { members: { some: {} } }) { totalCount } }"),
    ("a community's members", "{ regions(filter: { partyMembers: { some: {} } }) { totalCount } }"),
    ("a community's double registrations", "{ regions(filter: { doubleRegisteredMembers: { some: {} } }) { totalCount } }"),
];

#[tokio::test]
async fn no_way_leads_around_what_is_withheld() {
    for database in harness::databases().await {
        let app = App::start(&database).await;
        for who in Who::all().into_iter().filter(|who| !["community_secretary", "resident"].contains(&who.name())) {
            for (way, document) in WAYS {
                let answer = app.as_who(&who).query(document).await;
                let root = answer.json["data"].as_object().and_then(|data| data.values().next()).cloned().unwrap_or_default();
                let told = root["totalCount"].as_u64().unwrap_or_default();
                assert!(answer.code() == "FIELD_WITHHELD" || told == 0, "{} learns of {way}: {}", who.name(), answer.text);
            }
        }
        let secretary = app.of("community_secretary");
        for (way, document) in WAYS {
            secretary.query(document).await.data().as_object().expect(way);
        }
    }
}

#[tokio::test]
async fn teams_and_activities_are_public_but_not_who_is_in_them() {
    let society = &harness::rows().society;
    assert!(society.volunteer_teams.iter().any(|team| team.kind == VolunteerTeamKind::Party));
    for database in harness::databases().await {
        let app = App::start(&database).await;
        let document = "{ volunteerTeams(first: 500) { totalCount nodes { name kind direction leader { id } memberships { totalCount } activities { totalCount } \
            access { withheld } } } volunteerActivities { totalCount } }";
        let answer = app.anonymous().query(document).await;
        let data = answer.data();
        assert_eq!(data["volunteerTeams"]["totalCount"], society.volunteer_teams.len());
        assert_eq!(data["volunteerActivities"]["totalCount"], society.volunteer_activities.len());
        for team in data["volunteerTeams"]["nodes"].as_array().expect("teams") {
            assert_eq!(team["leader"], Value::Null);
            assert_eq!(team["memberships"]["totalCount"], 0);
            assert!(team["activities"]["totalCount"].as_u64() > Some(0) || team["kind"] != "RESIDENT", "{team}");
            assert_eq!(team["access"]["withheld"], json!(["LEADER", "SERVED_MINUTES"]));
        }
    }
}

#[tokio::test]
async fn when_and_in_what_somebody_served_is_told_by_no_field_of_their_own() {
    const HIDDEN: [(&str, &[&str]); 3] = [
        ("ServiceRecord", &["activity", "checkInAt", "checkOutAt", "confirmedBy", "confirmedByDepartment", "createdAt", "updatedAt"]),
        ("Volunteer", &["updatedAt"]),
        ("TeamMembership", &["volunteer", "team"]),
    ];
    let databases = harness::databases().await;
    let app = App::start(&databases[0]).await;
    for who in Who::all().into_iter().filter(|who| !["community_secretary", "resident"].contains(&who.name())) {
        let answer = app.as_who(&who).query("{ me { permissions { type fields { name show filter aggregate } } } }").await;
        let types = answer.data()["me"]["permissions"].as_array().expect("types").clone();
        let extent = |of: &str, field: &str, right: &str| {
            let fields = types.iter().find(|known| known["type"] == of).expect("a type")["fields"].as_array().expect("fields");
            fields.iter().find(|known| known["name"] == field).expect("a field")[right] != "NONE"
        };
        for (of, fields) in HIDDEN {
            for field in fields {
                let told = ["show", "filter", "aggregate"].into_iter().filter(|right| extent(of, field, right)).collect::<Vec<_>>();
                assert!(told.is_empty(), "{} has {told:?} of {of}.{field}", who.name());
            }
        }
        let sums = extent("VolunteerActivity", "servedMinutes", "show") || extent("VolunteerTeam", "servedMinutes", "show");
        assert!(!(sums && extent("ServiceRecord", "minutes", "show")), "{} could match minutes", who.name());
    }
}

#[tokio::test]
async fn what_a_person_is_as_member_and_volunteer_is_read_with_the_person() {
    let society = &harness::rows().society;
    for database in harness::databases().await {
        let engine = harness::engine(&database).await;
        let document = "{ persons(first: 500) { nodes { id partyMember { id status } volunteer { id totalMinutes person { id partyMember { id } } } } } }";
        let answer = harness::execute(&engine, &city(), document).await;
        assert_eq!(answer.cost.statements, 1, "both are joined");
        let answer: Value = serde_json::from_slice(&answer.body).expect("an answer is JSON");
        let (mut members, mut volunteers) = (0, 0);
        for person in answer["data"]["persons"]["nodes"].as_array().expect("people") {
            let member = society.party_members.iter().find(|row| person["id"] == row.person_id.to_string());
            let member = member.filter(|row| row.region_code.is_some());
            assert_eq!(person["partyMember"]["id"], member.map_or(Value::Null, |row| json!(row.id.to_string())), "{person}");
            let volunteer = society.volunteers.iter().find(|row| person["id"] == row.person_id.to_string());
            let volunteer = volunteer.filter(|row| row.region_code.is_some());
            assert_eq!(person["volunteer"]["totalMinutes"], volunteer.map_or(Value::Null, |row| json!(row.total_minutes)));
            if volunteer.is_some() {
                assert_eq!(person["volunteer"]["person"]["partyMember"]["id"], person["partyMember"]["id"]);
            }
            members += usize::from(member.is_some());
            volunteers += usize::from(volunteer.is_some());
        }
        assert!(members > 10 && volunteers > 20, "{members} {volunteers}");
    }
}

#[tokio::test]
async fn hours_are_counted_by_kind_of_team_and_members_by_organisation() {
    let society = &harness::rows().society;
    for database in harness::databases().await {
        let app = App::start(&database).await;
        let document = "{ volunteerTeamStats(groupBy: [{ field: KIND }]) { nodes { key { kind } count sum { servedMinutes } } } \
            volunteerActivityStats(groupBy: [{ time: { field: STARTS_AT, by: MONTH } }]) { nodes { count } } \
            partyMemberStats(filter: { fullyVisible: [ORGANIZATION] }, groupBy: [{ field: ORGANIZATION }], first: 500) { nodes { key { organization { code } } count } } }";
        let answer = app.as_who(&city()).query(document).await;
        let data = answer.data();
        for group in data["volunteerTeamStats"]["nodes"].as_array().expect("groups") {
            let teams =
                society.volunteer_teams.iter().filter(|team| group["key"]["kind"] == json!(sea_orm::ActiveEnum::to_value(&team.kind)));
            assert_eq!(group["sum"]["servedMinutes"], teams.map(|team| team.served_minutes).sum::<i32>());
        }
        let by_month = data["volunteerActivityStats"]["nodes"].as_array().expect("groups");
        assert_eq!(by_month.iter().filter_map(|group| group["count"].as_u64()).sum::<u64>(), society.volunteer_activities.len() as u64);
        let groups = data["partyMemberStats"]["nodes"].as_array().expect("groups");
        for group in groups {
            let organization = society.party_organizations.iter().find(|row| group["key"]["organization"]["code"] == row.code);
            let organization = organization.expect("an organisation of that code");
            let members = society.party_members.iter().filter(|row| row.organization_id == organization.id && row.region_code.is_some());
            assert_eq!(group["count"], members.count());
        }
        assert!(!groups.is_empty());
    }
}
