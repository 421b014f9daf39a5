//! `access(type, field, id)` tells why, with the policy's line and the assignment.

use civigrid::policy::BUILT_IN;
use serde_json::{Value, json};

use crate::harness::{self, App, Client, Who};

const REASON: &str = "query Reason($type: String!, $field: String!, $id: ID) { access(type: $type, field: $field, id: $id) \
    { type field class row shown mask sentence rules { role assignment line holds sentence } needed } }";

async fn reason(client: &Client<'_>, type_name: &str, field: &str, id: Option<&str>) -> Value {
    client.ask(REASON, json!({ "type": type_name, "field": field, "id": id })).await.data()["access"].clone()
}

#[tokio::test]
async fn a_reason_names_the_line_and_the_assignment_that_decide() {
    let lines: Vec<&str> = BUILT_IN.lines().collect();
    for database in harness::databases().await {
        let app = App::start(&database).await;
        let worker = app.of("grid_worker");
        let people = worker.query("{ persons(first: 500) { nodes { id name idNumber access { masked withheld } } } }").await;
        for node in people.data()["persons"]["nodes"].as_array().expect("rows").iter().take(20) {
            for (field, listed) in [("name", "NAME"), ("idNumber", "ID_NUMBER"), ("ethnicity", "ETHNICITY")] {
                let told = reason(&worker, "Person", field, node["id"].as_str()).await;
                let holds = |list: &str| node["access"][list].as_array().expect("a list").contains(&json!(listed));
                let shown = if holds("masked") {
                    "MASKED"
                } else if holds("withheld") {
                    "WITHHELD"
                } else {
                    "FULL"
                };
                assert_eq!((told["shown"].as_str(), &told["row"]), (Some(shown), &json!(true)), "{field} {told}");
                assert_eq!(told["needed"].as_array().is_some_and(Vec::is_empty), shown == "FULL", "{told}");
                let rules = told["rules"].as_array().expect("a list");
                let decides = |rule: &&Value| {
                    let sentence = rule["sentence"].as_str().unwrap_or_default();
                    rule["holds"] == true && (sentence.starts_with("Shows") || sentence.starts_with("Masks"))
                };
                assert_eq!(rules.iter().any(|rule| decides(&rule)), shown != "WITHHELD", "{told}");
                for rule in rules {
                    let line = rule["line"].as_str().and_then(|line| line.strip_prefix("default.toml:")).expect("file and line");
                    let line: usize = line.parse().expect("a number");
                    assert_eq!(lines[line - 1], format!("[[role.{}.grant]]", rule["role"].as_str().expect("a role")));
                    assert_eq!(rule["assignment"].is_null(), rule["role"] == "anonymous", "{rule}");
                }
            }
        }
    }
}

#[tokio::test]
async fn a_row_out_of_scope_and_one_that_does_not_exist_are_answered_alike() {
    let grid = Who::of("grid_worker").regions[0];
    let elsewhere = harness::rows().persons.iter().find(|person| person.region_code.is_some_and(|place| !grid.contains(place)));
    let elsewhere = elsewhere.expect("somebody lives elsewhere").id.to_string();
    for database in harness::databases().await {
        let app = App::start(&database).await;
        let worker = app.of("grid_worker");
        let hidden = reason(&worker, "Person", "phone", Some(&elsewhere)).await;
        let missing = reason(&worker, "Person", "phone", Some("person_01h455vb4pex5vsknk084sn02q")).await;
        assert_eq!(hidden, missing);
        assert_eq!((&hidden["row"], &hidden["shown"]), (&json!(false), &json!("WITHHELD")));
    }
}

#[tokio::test]
async fn without_a_row_the_reason_is_of_the_rows_in_scope_and_names_of_nothing_are_refused() {
    for database in harness::databases().await {
        let app = App::start(&database).await;
        let told = reason(&app.of("auditor"), "Person", "phone", None).await;
        assert_eq!((told["row"].is_null(), told["class"].as_str()), (true, Some("personal")));
        assert!(["MASKED", "SOME_ROWS"].contains(&told["shown"].as_str().unwrap_or_default()), "{told}");
        let nobody = reason(&app.anonymous(), "Person", "phone", None).await;
        assert!(nobody["sentence"].as_str().is_some_and(|text| text.contains("no row of Person")), "{nobody}");
        for (type_name, field, near) in [("Persn", "name", "Person"), ("Person", "fone", "phone")] {
            let answer = app.of("auditor").ask(REASON, json!({ "type": type_name, "field": field })).await;
            assert_eq!(answer.code(), "BAD_INPUT");
            assert!(!answer.text.contains(near), "a refusal tells no name that was not sent: {}", answer.text);
        }
        let wrong =
            app.of("auditor").ask(REASON, json!({ "type": "Person", "field": "name", "id": "case_01h455vb4pex5vsknk084sn02q" })).await;
        assert_eq!(wrong.code(), "BAD_INPUT");
    }
}
