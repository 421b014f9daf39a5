//! Statistics: groups, bounds, orders and measures, compared with the rows themselves.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, Days, NaiveDate, Utc};
use entities::case;
use entities::codes::RegionLevel;
use sea_orm::ActiveEnum;
use serde_json::{Value, json};

use crate::harness::{self, App, Client, Who};

/// The auditor of the whole city, who may count everything.
fn auditor(app: &App) -> Client<'_> {
    app.of("auditor")
}

/// Counts of groups by their key's text.
fn counted(nodes: &Value, key: impl Fn(&Value) -> String) -> BTreeMap<String, u64> {
    let mut counted = BTreeMap::new();
    for node in nodes.as_array().expect("groups") {
        *counted.entry(key(&node["key"])).or_default() += node["count"].as_u64().expect("a count");
    }
    counted
}

fn tally(keys: impl Iterator<Item = String>) -> BTreeMap<String, u64> {
    let mut tally = BTreeMap::new();
    for key in keys {
        *tally.entry(key).or_default() += 1;
    }
    tally
}

/// A key as text; null as such.
fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[tokio::test]
async fn groups_count_the_rows() {
    let cases = &harness::rows().cases;
    for database in harness::databases().await {
        let app = App::start(&database).await;
        let client = auditor(&app);
        let document = "{ state: caseStats(groupBy: [{ field: STATE }], first: 100) { nodes { key { state } count suppressed } } \
            satisfaction: caseStats(groupBy: [{ field: SATISFACTION }], first: 100) { nodes { key { satisfaction } count } } \
            category: caseStats(groupBy: [{ field: CATEGORY }], first: 100) { nodes { key { category { id name } } count } } \
            two: caseStats(groupBy: [{ field: BOARD }, { field: URGENT }], first: 100) { nodes { key { board urgent state } count } } \
            all: caseStats { nodes { key { state } count } } }";
        let answer = client.query(document).await;
        let data = answer.data();
        assert_eq!(counted(&data["state"]["nodes"], |key| text(&key["state"])), tally(cases.iter().map(|case| case.state.to_value())));
        let satisfaction = tally(cases.iter().map(|case| case.satisfaction.map_or("null".to_owned(), |number| number.to_string())));
        assert_eq!(counted(&data["satisfaction"]["nodes"], |key| text(&key["satisfaction"])), satisfaction);
        assert_eq!(
            counted(&data["category"]["nodes"], |key| text(&key["category"]["id"])),
            tally(cases.iter().map(|case| case.category_id.to_string()))
        );
        let two = tally(cases.iter().map(|case| format!("{} {}", case.board.to_value(), case.urgent)));
        assert_eq!(counted(&data["two"]["nodes"], |key| format!("{} {}", text(&key["board"]), key["urgent"])), two);
        assert_eq!(data["all"]["nodes"], json!([{ "key": { "state": null }, "count": cases.len() }]));
        assert!(data["two"]["nodes"].as_array().expect("groups").iter().all(|node| node["key"]["state"].is_null()));
    }
}

#[tokio::test]
async fn groups_by_region_are_the_rows_of_its_subtree() {
    let cases = &harness::rows().cases;
    for database in harness::databases().await {
        let app = App::start(&database).await;
        let client = auditor(&app);
        for (level, word) in [
            (RegionLevel::Municipality, "MUNICIPALITY"),
            (RegionLevel::District, "DISTRICT"),
            (RegionLevel::Street, "STREET"),
            (RegionLevel::Community, "COMMUNITY"),
            (RegionLevel::Grid, "GRID"),
        ] {
            let document = format!(
                "{{ caseStats(groupBy: [{{ region: {word} }}], first: 100) {{ nodes {{ key {{ region {{ code level }} }} count }} }} }}"
            );
            let answer = client.query(&document).await;
            let found = counted(&answer.data()["caseStats"]["nodes"], |key| text(&key["region"]["code"]));
            let wanted = tally(cases.iter().map(|case| case.region_code.at(level).map_or("null".to_owned(), |code| code.to_string())));
            assert_eq!(found, wanted, "{word}");
        }
    }
}

/// The day an instant falls on in the deployment's zone.
fn day(instant: DateTime<Utc>) -> NaiveDate {
    (instant + chrono::Duration::hours(8)).date_naive()
}

fn first_day(day: NaiveDate, period: &str) -> NaiveDate {
    let of_month = |month| NaiveDate::from_ymd_opt(day.year(), month, 1).expect("a day");
    match period {
        "WEEK" => day - Days::new(u64::from(day.weekday().num_days_from_monday())),
        "MONTH" => of_month(day.month()),
        "QUARTER" => of_month((day.month() - 1) / 3 * 3 + 1),
        "YEAR" => of_month(1),
        _ => day,
    }
}

#[tokio::test]
async fn periods_begin_in_the_deployments_zone() {
    let rows = harness::rows();
    let opened: fn(&case::Model) -> Option<DateTime<Utc>> = |case| Some(case.opened_at);
    let closed: fn(&case::Model) -> Option<DateTime<Utc>> = |case| case.closed_at;
    for database in harness::databases().await {
        let app = App::start(&database).await;
        let client = auditor(&app);
        for (field, instant) in [("OPENED_AT", opened), ("CLOSED_AT", closed)] {
            for period in ["DAY", "WEEK", "MONTH", "QUARTER", "YEAR"] {
                let document = format!(
                    "{{ caseStats(groupBy: [{{ time: {{ field: {field}, by: {period} }} }}], first: 1000) {{ nodes {{ key {{ period }} count }} }} }}"
                );
                let answer = client.query(&document).await;
                let found = counted(&answer.data()["caseStats"]["nodes"], |key| text(&key["period"]));
                let key = |case| instant(case).map_or("null".to_owned(), |instant| first_day(day(instant), period).to_string());
                assert_eq!(found, tally(rows.cases.iter().map(key)), "{:?} {field} {period}", database.backend);
            }
        }
        // A day has no zone.
        let client = app.as_who(&Who { regions: Who::of("auditor").regions, ..Who::of("community_secretary") });
        let document = "{ regionStats(filter: { level: { in: [DISTRICT, GRID] } }, groupBy: [{ time: { field: VALID_FROM, by: MONTH } }]) { nodes { key { period } count } } }";
        let answer = client.query(document).await;
        let levels = [RegionLevel::District, RegionLevel::Grid];
        let wanted = tally(
            rows.regions
                .iter()
                .filter(|region| levels.contains(&region.level))
                .map(|region| first_day(region.valid_from, "MONTH").to_string()),
        );
        assert_eq!(counted(&answer.data()["regionStats"]["nodes"], |key| text(&key["period"])), wanted);
    }
}

#[tokio::test]
async fn sums_of_groups_are_the_totals() {
    let cases = &harness::rows().cases;
    let returns: Vec<i64> = cases.iter().map(|case| i64::from(case.return_count)).collect();
    let satisfied: Vec<i64> = cases.iter().filter_map(|case| case.satisfaction).map(i64::from).collect();
    let measures = "count counted { satisfaction returnCount } sum { satisfaction returnCount } avg { satisfaction } min { satisfaction } max { satisfaction }";
    for database in harness::databases().await {
        let app = App::start(&database).await;
        let client = auditor(&app);
        let document = format!(
            "{{ all: caseStats {{ nodes {{ {measures} }} }} groups: caseStats(groupBy: [{{ region: COMMUNITY }}], first: 100) {{ nodes {{ {measures} }} }} \
             none: caseStats(filter: {{ id: {{ in: [] }} }}) {{ nodes {{ {measures} }} }} }}"
        );
        let answer = client.query(&document).await;
        let all = &answer.data()["all"]["nodes"][0];
        let sum = satisfied.iter().sum::<i64>();
        let average = sum as f64 / satisfied.len() as f64;
        assert_eq!(
            *all,
            json!({
                "count": cases.len(), "counted": { "satisfaction": satisfied.len(), "returnCount": cases.len() },
                "sum": { "satisfaction": sum, "returnCount": returns.iter().sum::<i64>() }, "avg": { "satisfaction": average },
                "min": { "satisfaction": satisfied.iter().min() }, "max": { "satisfaction": satisfied.iter().max() },
            })
        );
        let groups = answer.data()["groups"]["nodes"].as_array().expect("groups");
        assert_eq!(groups.iter().filter_map(|group| group["count"].as_u64()).sum::<u64>(), cases.len() as u64);
        assert_eq!(groups.iter().filter_map(|group| group["sum"]["satisfaction"].as_f64()).sum::<f64>(), sum as f64);
        let none = &answer.data()["none"]["nodes"];
        assert!(none == &json!([]) || none[0]["count"] == 0, "{none}");
    }
}

#[tokio::test]
async fn groups_are_bounded_ordered_and_paged() {
    let by_state = tally(harness::rows().cases.iter().map(|case| case.state.to_value()));
    for database in harness::databases().await {
        let app = App::start(&database).await;
        let client = auditor(&app);
        let group = "groupBy: [{ field: STATE }]";
        let document = format!(
            "{{ many: caseStats({group}, having: {{ count: {{ gte: 3 }} }}, first: 100) {{ nodes {{ key {{ state }} count }} }} \
             top: caseStats({group}, orderBy: [{{ by: COUNT, direction: DESC }}, {{ by: STATE }}], first: 2) {{ nodes {{ key {{ state }} count }} pageInfo {{ hasNextPage hasPreviousPage endCursor }} }} \
             whole: caseStats({group}, orderBy: [{{ by: COUNT, direction: DESC }}, {{ by: STATE }}], first: 100) {{ nodes {{ key {{ state }} count }} pageInfo {{ hasNextPage }} }} \
             rated: caseStats({group}, having: {{ avg: {{ satisfaction: {{ gt: 3 }} }} }}, orderBy: [{{ by: AVG_SATISFACTION }}]) {{ nodes {{ avg {{ satisfaction }} }} }} }}"
        );
        let answer = client.query(&document).await;
        let data = answer.data();
        let many: BTreeMap<String, u64> =
            by_state.iter().filter(|(_, count)| **count >= 3).map(|(state, count)| (state.clone(), *count)).collect();
        assert_eq!(counted(&data["many"]["nodes"], |key| text(&key["state"])), many);
        let mut wanted: Vec<(String, u64)> = by_state.clone().into_iter().collect();
        wanted.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
        let list = |nodes: &Value| -> Vec<(String, u64)> {
            nodes
                .as_array()
                .expect("groups")
                .iter()
                .map(|node| (text(&node["key"]["state"]), node["count"].as_u64().expect("a count")))
                .collect()
        };
        assert_eq!(list(&data["whole"]["nodes"]), wanted);
        assert_eq!(list(&data["top"]["nodes"]), wanted[..2]);
        for node in data["rated"]["nodes"].as_array().expect("groups") {
            assert!(node["avg"]["satisfaction"].as_f64() > Some(3.0));
        }
        let (mut walked, mut page) = (Vec::new(), data["top"].clone());
        loop {
            walked.extend(list(&page["nodes"]));
            if page["pageInfo"]["hasNextPage"] == false {
                break;
            }
            let document = format!(
                "query ($after: String) {{ caseStats({group}, orderBy: [{{ by: COUNT, direction: DESC }}, {{ by: STATE }}], first: 2, after: $after) {{ nodes {{ key {{ state }} count }} pageInfo {{ hasNextPage hasPreviousPage endCursor }} }} }}"
            );
            page = client.ask(&document, json!({ "after": page["pageInfo"]["endCursor"] })).await.data()["caseStats"].clone();
            assert_eq!(page["pageInfo"]["hasPreviousPage"], true);
        }
        assert_eq!(walked, wanted);
        for (arguments, code) in [
            ("orderBy: [{ by: PERIOD }]", "BAD_INPUT"),
            ("groupBy: [{ field: STATE }, { field: STATE }]", "BAD_INPUT"),
            ("groupBy: [{ region: STREET }, { region: GRID }]", "BAD_INPUT"),
            ("groupBy: [{}]", "GRAPHQL_VALIDATION_FAILED"),
            ("groupBy: [{ field: STATE, region: GRID }]", "GRAPHQL_VALIDATION_FAILED"),
            ("after: \"nonsense\"", "CURSOR_INVALID"),
            ("after: \"group:3\"", "CURSOR_INVALID"),
            ("groupBy: [{ region: STREET }], after: \"group:3:case.state\"", "CURSOR_MISMATCH"),
            ("groupBy: [{ field: STATE }], orderBy: [{ by: COUNT }], after: \"group:3:case.state\"", "CURSOR_MISMATCH"),
            ("groupBy: [{ field: STATE }], after: \"group:3:person.state\"", "CURSOR_MISMATCH"),
            ("first: 1001", "PAGE_TOO_LARGE"),
        ] {
            let answer = client.query(&format!("{{ caseStats({arguments}) {{ nodes {{ count }} }} }}")).await;
            let alike = code == "GRAPHQL_VALIDATION_FAILED" && answer.code() == "BAD_INPUT";
            assert!(answer.code() == code || alike, "{arguments}: {}", answer.text);
        }
    }
}

#[tokio::test]
async fn a_groups_reference_is_shown_with_what_hangs_on_it() {
    let rows = harness::rows();
    let lead = |case: &case::Model| {
        let category = rows.case_categories.iter().find(|category| category.id == case.category_id).expect("its category");
        let lead = category.lead_department_id.and_then(|id| rows.departments.iter().find(|department| department.id == id));
        (category, lead)
    };
    for database in harness::databases().await {
        let app = App::start(&database).await;
        let client = auditor(&app);
        let document = "{ caseStats(first: 500, groupBy: [{ region: STREET }, { field: CATEGORY }, { field: DEPARTMENT }]) { nodes { count key { \
            region { code parent { code } } department { id parent { id } region { code } } \
            category { code leadDepartment { id region { name code } } parent { code parent { code } } cases { totalCount } } } } } }";
        let answer = client.query(document).await;
        let found = counted(&answer.data()["caseStats"]["nodes"], |key| {
            let category = &key["category"];
            format!(
                "{} {} {} {} {} {}",
                text(&key["region"]["parent"]["code"]),
                text(&key["department"]["id"]),
                text(&category["code"]),
                text(&category["leadDepartment"]["id"]),
                text(&category["leadDepartment"]["region"]["code"]),
                category["cases"]["totalCount"],
            )
        });
        let or_null = |text: Option<String>| text.unwrap_or("null".to_owned());
        let wanted = tally(rows.cases.iter().map(|case| {
            let (category, lead) = lead(case);
            format!(
                "{} {} {} {} {} {}",
                or_null(case.region_code.at(RegionLevel::District).map(|code| code.to_string())),
                or_null(case.department_id.map(|id| id.to_string())),
                category.code,
                or_null(lead.map(|lead| lead.id.to_string())),
                or_null(lead.map(|lead| lead.region_code.to_string())),
                rows.cases.iter().filter(|other| other.category_id == category.id).count(),
            )
        }));
        assert_eq!(found, wanted, "{:?}", database.backend);
    }
}

#[tokio::test]
async fn what_may_be_counted_but_not_shown_is_counted_where_it_may() {
    for database in harness::databases().await {
        let app = App::start(&database).await;
        let document = "{ bySex: personStats(filter: { fullyVisible: [SEX] }, groupBy: [{ field: SEX }]) { nodes { key { sex } count } } \
            adults: personStats(filter: { fullyVisible: [SEX] }) { nodes { count } } all: personStats { nodes { count } } \
            shown: persons(filter: { fullyVisible: [SEX] }) { totalCount } }";
        let answer = app.of("district_officer").query(document).await;
        let data = answer.data();
        let count =
            |name: &str| data[name]["nodes"].as_array().expect("groups").iter().filter_map(|node| node["count"].as_u64()).sum::<u64>();
        assert_eq!(data["bySex"]["nodes"].as_array().map(Vec::len), Some(2), "{data}");
        // Whose sex is not shown is told in fives, up or down.
        assert!(count("bySex").abs_diff(count("adults")) <= 8 && count("adults") < count("all"), "{data}");
        let fives = data["bySex"]["nodes"]
            .as_array()
            .expect("groups")
            .iter()
            .all(|node| node["count"].as_u64().is_some_and(|count| count % 5 == 0));
        assert!(fives, "{data}");
        assert_eq!(data["shown"]["totalCount"], 0, "in a list it is what is shown that counts");
    }
}

#[tokio::test]
async fn a_key_asked_for_under_many_names_is_answered_or_refused() {
    for database in harness::databases().await {
        let app = App::start(&database).await;
        for names in [1, 31, 32, 33, 34, 40] {
            let keys: Vec<String> = (0..names).map(|name| format!("a{name}: team {{ name }}")).collect();
            let document =
                format!("{{ volunteerActivityStats(groupBy: [{{ field: TEAM }}]) {{ nodes {{ key {{ {} }} }} }} }}", keys.join(" "));
            let answer = app.anonymous().query(&document).await;
            let answered = answer.json["data"]["volunteerActivityStats"]["nodes"].is_array();
            assert_eq!(answer.status, 200, "{names}: {}", answer.text);
            assert_eq!(answered, answer.errors().is_empty(), "{names}: {}", answer.text);
            assert!(answered || answer.code() == "QUERY_TOO_EXPENSIVE", "{names}: {}", answer.text);
        }
    }
}
