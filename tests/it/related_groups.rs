//! Groups by what rows refer to, compared with the rows themselves.

use std::collections::BTreeMap;

use entities::codes::RegionLevel;
use entities::service_record;
use sea_orm::ActiveEnum;
use serde_json::{Value, json};

use crate::harness::{self, App};
use crate::lists::city;

/// The groups of an answer: the text of each key's value, and a number of the group.
fn groups(nodes: &Value, key: impl Fn(&Value) -> Value, number: impl Fn(&Value) -> Value) -> BTreeMap<String, i64> {
    let nodes = nodes.as_array().expect("groups");
    let text = |value: Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let groups: BTreeMap<String, i64> =
        nodes.iter().map(|node| (text(key(&node["key"])), number(node).as_f64().expect("a number") as i64)).collect();
    assert_eq!(groups.len(), nodes.len(), "each key once");
    groups
}

/// The records that [`city`] may count by their activity: those with a place, of volunteers of 14 or older.
fn counted() -> impl Iterator<Item = &'static service_record::Model> {
    let rows = harness::rows();
    let of_age = move |record: &service_record::Model| {
        let volunteer = rows.society.volunteers.iter().find(|volunteer| volunteer.id == record.volunteer_id).expect("its volunteer");
        let person = rows.persons.iter().find(|person| person.id == volunteer.person_id).expect("who it is");
        person.birth_date.is_some_and(|birth| harness::now().today.years_since(birth).is_some_and(|age| age >= 14))
    };
    rows.society.service_records.iter().filter(move |record| record.region_code.is_some() && of_age(record))
}

#[tokio::test]
async fn minutes_are_summed_by_the_kind_of_the_activitys_team() {
    let society = &harness::rows().society;
    let mut wanted: BTreeMap<String, i64> = BTreeMap::new();
    for record in counted() {
        let activity = society.volunteer_activities.iter().find(|activity| activity.id == record.activity_id).expect("its activity");
        let team = society.volunteer_teams.iter().find(|team| team.id == activity.team_id).expect("its team");
        *wanted.entry(team.kind.to_value()).or_default() += i64::from(record.minutes);
    }
    for database in harness::databases().await {
        let app = App::start(&database).await;
        let document = "{ serviceRecordStats(filter: { fullyVisible: [ACTIVITY] }, groupBy: [{ of: { activity: { of: { team: { field: KIND } } } } }]) { nodes { \
            key { activity { id } of { __typename volunteer { person { id } } activity { __typename team { id } of { team { kind } } } } } sum { minutes } } } }";
        let answer = app.as_who(&city()).query(document).await;
        let nodes = &answer.data()["serviceRecordStats"]["nodes"];
        let found = groups(nodes, |key| key["of"]["activity"]["of"]["team"]["kind"].clone(), |node| node["sum"]["minutes"].clone());
        assert_eq!(found, wanted, "{:?}", database.backend);
        let key = &nodes[0]["key"];
        assert_eq!(key["activity"], json!(null), "not grouped by the activity itself");
        assert_eq!(key["of"]["__typename"], "ServiceRecordStatsKeyOf");
        assert_eq!(key["of"]["activity"]["__typename"], "VolunteerActivityStatsKey");
        assert_eq!(key["of"]["volunteer"], json!(null), "nothing was grouped by of the volunteer");
        assert_eq!(key["of"]["activity"]["team"], json!(null));
    }
}

#[tokio::test]
async fn places_times_and_references_of_other_rows_group_too() {
    let society = &harness::rows().society;
    let activity_of = |id| society.volunteer_activities.iter().find(|activity| activity.id == id).expect("its activity");
    let (mut months, mut streets, mut teams) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    for record in counted() {
        let activity = activity_of(record.activity_id);
        let month = activity.starts_at.with_timezone(&harness::now().offset).format("%Y-%m-01").to_string();
        *months.entry(month).or_default() += 1;
        let street = activity.region_code.at(RegionLevel::Street).map_or_else(|| "null".to_owned(), |code| code.to_string());
        *streets.entry(street).or_default() += 1;
        *teams.entry(activity.team_id.to_string()).or_default() += 1;
    }
    for database in harness::databases().await {
        let app = App::start(&database).await;
        let document = "{ months: serviceRecordStats(first: 1000, filter: { fullyVisible: [ACTIVITY] }, groupBy: [{ of: { activity: { time: { field: STARTS_AT, by: MONTH } } } }]) { nodes { key { of { activity { period } } } count } } \
            streets: serviceRecordStats(first: 1000, filter: { fullyVisible: [ACTIVITY] }, groupBy: [{ of: { activity: { region: STREET } } }]) { nodes { key { of { activity { region { code } } } } count } } \
            teams: serviceRecordStats(first: 1000, filter: { fullyVisible: [ACTIVITY] }, groupBy: [{ of: { activity: { field: TEAM } } }]) { nodes { key { of { activity { team { id kind } } } } count } } }";
        let answer = app.as_who(&city()).query(document).await;
        let data = answer.data();
        let count = |node: &Value| node["count"].clone();
        let found = |name: &str, key: &dyn Fn(&Value) -> Value| groups(&data[name]["nodes"], |at| key(&at["of"]["activity"]), count);
        assert_eq!(found("months", &|key| key["period"].clone()), months, "{:?}", database.backend);
        let street = |key: &Value| key["region"].get("code").cloned().unwrap_or_default();
        assert_eq!(found("streets", &street), streets, "{:?}", database.backend);
        assert_eq!(found("teams", &|key| key["team"]["id"].clone()), teams, "{:?}", database.backend);
    }
}

#[tokio::test]
async fn cases_tell_whether_they_ended_in_time() {
    let cases = &harness::rows().cases;
    let in_time = |case: &entities::case::Model| Some(case.closed_at? <= case.deadline?);
    let mut wanted: BTreeMap<String, i64> = BTreeMap::new();
    for case in cases {
        *wanted.entry(in_time(case).map_or_else(|| "null".to_owned(), |flag| flag.to_string())).or_default() += 1;
    }
    assert_eq!(wanted.len(), 3, "in time, late and open: {wanted:?}");
    for database in harness::databases().await {
        let app = App::start(&database).await;
        let document = "{ caseStats(groupBy: [{ field: ON_TIME }]) { nodes { key { onTime } count } } \
            late: cases(filter: { onTime: { eq: false } }, first: 200, orderBy: [{ field: ON_TIME }]) { totalCount nodes { id onTime closedAt deadline } } }";
        let answer = app.of("auditor").query(document).await;
        let data = answer.data();
        let found = groups(&data["caseStats"]["nodes"], |key| key["onTime"].clone(), |node| node["count"].clone());
        assert_eq!(found, wanted, "{:?}", database.backend);
        assert_eq!(data["late"]["totalCount"], wanted["false"]);
        for case in data["late"]["nodes"].as_array().expect("cases") {
            assert!(case["onTime"] == false && case["closedAt"].as_str() > case["deadline"].as_str(), "{case}");
        }
    }
}

#[tokio::test]
async fn groups_by_other_rows_are_refused_where_they_make_no_sense() {
    let database = harness::databases().await.remove(0);
    let app = App::start(&database).await;
    let auditor = app.of("auditor");
    let parent = |inner: &str| format!("{{ of: {{ parent: {inner} }} }}");
    let far = parent(&parent(&parent(&parent("{ field: LEVEL }"))));
    for (root, by, wanted) in [
        ("caseStats", "{ of: {} }".to_owned(), "exactly one"),
        ("regionStats", far, "more than 3 references"),
        ("regionStats", format!("{} {}", parent("{ field: LEVEL }"), parent("{ field: LEVEL }")), "same field twice"),
        ("regionStats", format!("{} {}", parent("{ region: STREET }"), parent("{ region: GRID }")), "two levels"),
        ("caseStats", "{ of: { reporter: { field: NAME } } }".to_owned(), "NAME"),
    ] {
        let answer = auditor.query(&format!("{{ {root}(groupBy: [{by}]) {{ nodes {{ count }} }} }}")).await;
        assert_eq!(answer.code(), if wanted == "NAME" { "GRAPHQL_VALIDATION_FAILED" } else { "BAD_INPUT" }, "{by}: {}", answer.text);
        assert!(answer.text.contains(wanted), "{by}: {}", answer.text);
    }
    let by_activity = "{ serviceRecordStats(groupBy: [{ of: { activity: { field: TEAM } } }]) { nodes { count } } }";
    let answer = auditor.query(by_activity).await;
    assert_eq!(answer.code(), "FIELD_WITHHELD", "{}", answer.text);
    assert!(answer.text.contains("ServiceRecord.activity"), "{}", answer.text);
}
