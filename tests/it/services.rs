//! Service projects, enrollments, tags and tasks over HTTP: amounts of money, and what hangs on whom.

use entities::codes::{EnrollmentState, RegionLevel};
use serde_json::{Value, json};

use crate::harness::{self, App, Client, Who};

/// A secretary of the whole city, who sees enrollments in full.
fn secretary(app: &App) -> Client<'_> {
    app.as_who(&Who { role: Some("community_secretary".to_owned()), regions: vec![city()], ..Who::default() })
}

fn city() -> entities::region_code::RegionCode {
    let rows = harness::rows();
    rows.regions.iter().find(|region| region.level == RegionLevel::Municipality).expect("a city").code
}

/// Fen as yuan.
fn yuan(fen: i64) -> String {
    format!("{}.{:02}", fen / 100, fen % 100)
}

/// The amounts of adults, households and businesses: those of children are withheld from a secretary.
fn amounts() -> Vec<i64> {
    let rows = harness::rows();
    let today = harness::now().today;
    let adult = |id: entities::id::Id<entities::person::Person>| {
        let person = rows.persons.iter().find(|person| person.id == id).expect("a person");
        person.birth_date.is_some_and(|born| born.checked_add_months(chrono::Months::new(14 * 12)).is_some_and(|day| day <= today))
    };
    let seen = rows.services.enrollments.iter().filter(|row| row.region_code.is_some() && row.person_id.is_none_or(adult));
    seen.filter_map(|row| row.amount).collect()
}

#[tokio::test]
async fn amounts_are_exact_yuan_in_rows_filters_and_measures() {
    let mut amounts = amounts();
    amounts.sort_unstable();
    assert!(amounts.len() > 5, "{amounts:?}");
    let middle = amounts[amounts.len() / 2];
    for database in harness::databases().await {
        let app = App::start(&database).await;
        let client = secretary(&app);
        let answer = client
            .query(&format!(
                "{{ rows: enrollments(first: 1000, filter: {{ fullyVisible: [AMOUNT], amount: {{ isNull: false }} }}, orderBy: [{{ field: AMOUNT }}]) {{ nodes {{ amount }} }}
                   most: enrollments(filter: {{ amount: {{ gte: \"{0}\" }} }}) {{ totalCount }}
                   same: enrollments(filter: {{ amount: {{ in: [\"{0}\"] }} }}) {{ totalCount }}
                   sums: enrollmentStats {{ nodes {{ counted {{ amount }} sum {{ amount }} avg {{ amount }} min {{ amount }} max {{ amount }} }} }}
                   large: enrollmentStats(groupBy: [{{ field: BENEFIT }}], having: {{ sum: {{ amount: {{ gt: \"{1}\" }} }} }}) {{ nodes {{ count }} }} }}",
                yuan(middle),
                yuan(amounts.iter().sum::<i64>())
            ))
            .await;
        let data = answer.data();
        let shown: Vec<&str> = data["rows"]["nodes"].as_array().expect("rows").iter().filter_map(|node| node["amount"].as_str()).collect();
        assert_eq!(shown, amounts.iter().map(|fen| yuan(*fen)).collect::<Vec<_>>());
        assert_eq!(data["most"]["totalCount"], amounts.iter().filter(|fen| **fen >= middle).count());
        assert_eq!(data["same"]["totalCount"], amounts.iter().filter(|fen| **fen == middle).count());
        let sum: i64 = amounts.iter().sum();
        let mean = (sum as f64 / amounts.len() as f64).round() as i64;
        let expected = json!({ "counted": { "amount": amounts.len() }, "sum": { "amount": yuan(sum) }, "avg": { "amount": yuan(mean) },
            "min": { "amount": yuan(amounts[0]) }, "max": { "amount": yuan(amounts[amounts.len() - 1]) } });
        assert_eq!(data["sums"]["nodes"], json!([expected]));
        assert_eq!(data["large"]["nodes"], json!([]), "no group has more than all together");
    }
}

#[tokio::test]
async fn an_amount_that_is_not_exact_is_refused_with_what_would_be_right() {
    for database in harness::databases().await {
        let app = App::start(&database).await;
        let client = secretary(&app);
        for wrong in ["\"12.345\"", "12.5", "\"1e3\"", "\"\"", "\"12345678901234\"", "true"] {
            for filter in [format!("filter: {{ amount: {{ eq: {wrong} }} }}"), format!("filter: {{ amount: {{ in: [{wrong}] }} }}")] {
                let answer = client.query(&format!("{{ enrollments({filter}) {{ totalCount }} }}")).await;
                let error = &answer.errors()[0];
                assert_eq!(error["extensions"]["code"], "BAD_INPUT", "{wrong}: {}", answer.text);
                assert!(error["message"].as_str().expect("a message").contains("yuan"), "{wrong}: {error}");
            }
            let answer = client
                .query(&format!("{{ enrollmentStats(having: {{ avg: {{ amount: {{ lt: {wrong} }} }} }}) {{ nodes {{ count }} }} }}"))
                .await;
            assert_eq!(answer.errors()[0]["extensions"]["code"], "BAD_INPUT", "{wrong}: {}", answer.text);
        }
    }
}

#[tokio::test]
async fn everything_hangs_together_both_ways() {
    let rows = harness::rows();
    let sample = rows.services.enrollments.iter().find(|row| row.household_id.is_some()).expect("a household takes part");
    for database in harness::databases().await {
        let app = App::start(&database).await;
        let client = secretary(&app);
        let document = "{ serviceProjects(first: 100) { totalCount nodes { id code leadDepartment { id projects(first: 100) { nodes { id } } }
              enrollments(first: 500) { nodes { id project { id } person { id enrollments(first: 100) { nodes { id } } }
                household { id enrollments(first: 100) { nodes { id } } } business { id enrollments(first: 100) { nodes { id } } } } } } }
            cases(first: 500) { nodes { id tasks { nodes { id case { id } department { id tasks(first: 500) { nodes { id } } }
              assignee { id tasks(first: 100) { nodes { id } } gridMemberships { nodes { id person { id } } } } } } mergedInto { duplicates(first: 50) { nodes { id } } } } } }";
        let answer = app_wide(&database, document).await;
        let data = &answer["data"];
        assert_eq!(data["serviceProjects"]["totalCount"], 54);
        let holds = |list: &Value, id: &Value| list["nodes"].as_array().expect("rows").iter().any(|node| node["id"] == *id);
        let nodes = |list: &Value| list["nodes"].as_array().expect("rows").clone();
        let mut seen = 0;
        for project in nodes(&data["serviceProjects"]) {
            assert!(holds(&project["leadDepartment"]["projects"], &project["id"]));
            for enrollment in nodes(&project["enrollments"]) {
                assert_eq!(enrollment["project"]["id"], project["id"]);
                let whom: Vec<&Value> =
                    ["person", "household", "business"].iter().map(|name| &enrollment[*name]).filter(|one| !one.is_null()).collect();
                assert!(whom.len() <= 1, "{enrollment}");
                seen += whom.iter().filter(|one| holds(&one["enrollments"], &enrollment["id"])).count();
            }
        }
        assert!(seen > 5, "{seen}");
        for case in nodes(&data["cases"]) {
            for task in nodes(&case["tasks"]) {
                assert_eq!(task["case"]["id"], case["id"]);
                assert!(task["department"].is_null() || holds(&task["department"]["tasks"], &task["id"]));
                assert!(task["assignee"].is_null() || holds(&task["assignee"]["tasks"], &task["id"]));
            }
            assert!(case["mergedInto"].is_null() || holds(&case["mergedInto"]["duplicates"], &case["id"]));
        }
        let household = sample.household_id.expect("a household").to_string();
        let answer = client.query(&format!("{{ household(id: \"{household}\") {{ enrollments {{ nodes {{ id state }} }} }} }}")).await;
        assert!(holds(&answer.data()["household"]["enrollments"], &json!(sample.id.to_string())), "{}", answer.text);
    }
    assert!(rows.services.enrollments.iter().any(|row| row.state == EnrollmentState::Closed));
}

/// Asks as the secretary of the whole city, without a bound on pages.
async fn app_wide(database: &harness::TestDatabase, document: &str) -> Value {
    let app = App::start_with(database, |config| config.limits.node_budget = 1_000_000_000).await;
    let answer = secretary(&app).query(document).await;
    assert!(answer.errors().is_empty(), "{}", answer.text);
    answer.json.clone()
}
