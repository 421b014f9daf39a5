//! Masks, purposes, protected persons, wards and open tasks, as callers of the running program meet them.

use std::collections::BTreeMap;

use civigrid::graph::Request;
use civigrid::policy::{Caller, CallerKind};
use entities::codes::RegionLevel;
use entities::{case_task, guardianship, person};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};

use crate::harness::{self, App, Client, Response, Who};

const PEOPLE: &str =
    "{ persons(first: 500) { nodes { id name idNumber birthDate phone region { code level } access { masked withheld } } } }";

/// Asks for a purpose.
pub(super) async fn for_purpose(client: &Client<'_>, purpose: &str, document: &str) -> Response {
    let body = json!({ "query": document });
    Response::of(client.request(reqwest::Method::POST, "/graphql").header("Civigrid-Purpose", purpose).json(&body)).await
}

fn row(id: &Value) -> &'static person::Model {
    harness::rows().persons.iter().find(|person| *id == person.id.to_string()).expect("a generated row")
}

fn is_minor(person: &person::Model) -> bool {
    person.birth_date.is_none_or(|birth| harness::now().today.years_since(birth).is_none_or(|age| age < 14))
}

#[tokio::test]
async fn a_mask_shows_what_it_leaves_and_is_told_as_a_mask() {
    for database in harness::databases().await {
        let app = App::start(&database).await;
        let answer = app.of("grid_worker").query(PEOPLE).await;
        let nodes = answer.data()["persons"]["nodes"].as_array().expect("rows");
        let (mut adults, mut children) = (0, 0);
        for node in nodes {
            let person = row(&node["id"]);
            let masked = node["access"]["masked"].as_array().expect("a list");
            if is_minor(person) {
                children += 1;
                let family: String = person.name.chars().take(1).collect();
                assert!(node["name"] == "欧阳**" || node["name"] == format!("{family}**"), "{node}");
                assert!(masked.contains(&json!("NAME")) && node["idNumber"].is_null(), "{node}");
            } else {
                adults += 1;
                assert_eq!(node["name"], person.name, "{node}");
                let number = person.id_number.as_ref().map(|number| {
                    let letters: Vec<char> = number.chars().collect();
                    format!("{}{}{}", letters[0], "*".repeat(letters.len() - 2), letters[letters.len() - 1])
                });
                assert_eq!(node["idNumber"], json!(number), "the mask of null is null");
                assert!(masked.contains(&json!("ID_NUMBER")), "masked whether there is a value or not: {node}");
            }
            let year = person.birth_date.map(|day| format!("{}-01-01", day.format("%Y")));
            assert_eq!(node["birthDate"], json!(year));
        }
        assert!(adults > 0 && children > 0);
        let told = &answer.json["extensions"]["access"];
        assert!(
            told["masked"].as_array().is_some_and(|masked| masked.contains(&json!({ "type": "Person", "field": "birthDate" }))),
            "{told}"
        );
    }
}

#[tokio::test]
async fn a_masked_field_can_be_neither_filtered_nor_ordered_by() {
    for database in harness::databases().await {
        let app = App::start(&database).await;
        for document in [
            "{ persons(filter: { idNumber: { eq: \"x\" } }) { totalCount } }",
            "{ persons(filter: { birthDate: { lt: \"2000-01-01\" } }) { totalCount } }",
            "{ persons(orderBy: [{ field: BIRTH_DATE }]) { totalCount } }",
        ] {
            let answer = app.of("grid_worker").query(document).await;
            assert_eq!(answer.code(), "FIELD_WITHHELD", "{document}: {}", answer.text);
        }
    }
}

#[tokio::test]
async fn what_needs_a_purpose_is_withheld_without_one_and_the_answer_tells_which() {
    let document = "{ persons(first: 500) { nodes { id idNumber } } me { purposes { code } } }";
    for database in harness::databases().await {
        let app = App::start(&database).await;
        let secretary = app.of("community_secretary");
        let without = secretary.query(document).await;
        let numbers = |answer: &Response| -> Vec<Value> {
            answer.data()["persons"]["nodes"].as_array().expect("rows").iter().map(|node| node["idNumber"].clone()).collect()
        };
        assert!(numbers(&without).iter().all(Value::is_null));
        let withheld = &without.json["extensions"]["access"]["withheld"][0];
        assert_eq!(withheld["reason"], "NO_PURPOSE", "{withheld}");
        assert!(
            withheld["needed"].as_str().is_some_and(|needed| needed.contains("BENEFITS, CARE, CASE_HANDLING, REGISTRATION")),
            "{withheld}"
        );
        let with = for_purpose(&secretary, "CARE", document).await;
        assert!(numbers(&with).iter().any(|number| !number.is_null()), "{}", with.text);
        assert!(with.data()["me"]["purposes"].as_array().is_some_and(|purposes| purposes.contains(&json!({ "code": "CARE" }))));
        // A purpose that other grants ask for gives nothing here.
        assert!(numbers(&for_purpose(&secretary, "CONTRACT", document).await).iter().all(Value::is_null));
        let unknown = for_purpose(&secretary, "CURIOSITY", document).await;
        assert_eq!(unknown.code(), "PURPOSE_UNKNOWN", "{}", unknown.text);
        assert!(unknown.message().contains("CASE_HANDLING") && unknown.json["data"].is_null(), "{}", unknown.text);
    }
}

#[tokio::test]
async fn where_protected_persons_live_is_told_for_their_protection_alone() {
    let rows = harness::rows();
    let protected = rows
        .persons
        .iter()
        .find(|person| person.protected && person.region_code.is_some() && person.household_id.is_some() && !is_minor(person));
    let protected = protected.expect("somebody is protected");
    let community = protected.region_code.and_then(|place| place.at(RegionLevel::Community)).expect("in a community");
    let who = Who { regions: vec![community], ..Who::of("community_secretary") };
    let document = format!(
        "{{ person(id: \"{}\") {{ name phone household {{ id }} region {{ code }} residences {{ nodes {{ status dwelling {{ id }} region {{ code }} }} }} access {{ withheld }} }} }}",
        protected.id
    );
    for database in harness::databases().await {
        let app = App::start(&database).await;
        let secretary = app.as_who(&who);
        let answer = secretary.query(&document).await;
        let person = &answer.data()["person"];
        assert_eq!(person["name"], protected.name);
        for field in ["phone", "household", "region"] {
            assert!(person[field].is_null(), "{field}: {person}");
            assert!(person["access"]["withheld"].as_array().is_some_and(|list| list.contains(&json!(field.to_uppercase()))));
        }
        for residence in person["residences"]["nodes"].as_array().expect("rows") {
            assert!(residence["dwelling"].is_null() && residence["region"].is_null(), "{residence}");
        }
        // No relation leads to them: neither from the household nor from the place.
        let household = protected.household_id.expect("a household");
        let around = format!(
            "{{ household(id: \"{household}\") {{ head {{ id }} residents {{ nodes {{ id }} }} }} \
             persons(first: 500, filter: {{ region: {{ within: \"{community}\" }} }}) {{ nodes {{ id }} }} }}"
        );
        let found = secretary.query(&around).await;
        assert!(found.data()["household"].is_object() && found.data()["persons"]["nodes"][0]["id"].is_string(), "{}", found.text);
        assert!(!found.text.contains(&protected.id.to_string()), "{}", found.text);
        let shown = for_purpose(&secretary, "PROTECTION", &document).await;
        assert_eq!(shown.data()["person"]["phone"], json!(protected.phone), "{}", shown.text);
        assert!(!shown.data()["person"]["region"].is_null());
    }
}

#[tokio::test]
async fn a_guardian_sees_the_wards_record_and_nobody_elses() {
    let rows = harness::rows();
    let tie: &guardianship::Model = rows.services.guardianships.first().expect("children have guardians");
    let wards: Vec<String> = rows
        .services
        .guardianships
        .iter()
        .filter(|other| other.guardian_id == tie.guardian_id)
        .map(|other| other.ward_id.to_string())
        .collect();
    let who = Who { person: Some(tie.guardian_id.uuid()), ..Who::of("resident") };
    for database in harness::databases().await {
        let app = App::start(&database).await;
        let answer = app.as_who(&who).query("{ persons { nodes { id name birthDate guardians { nodes { guardian { id } } } } } }").await;
        let nodes = answer.data()["persons"]["nodes"].as_array().expect("rows");
        let mut seen: Vec<String> = nodes.iter().map(|node| node["id"].as_str().expect("an id").to_owned()).collect();
        seen.sort_unstable();
        let mut wanted = [wards.clone(), vec![tie.guardian_id.to_string()]].concat();
        wanted.sort_unstable();
        assert_eq!(seen, wanted);
        let ward = nodes.iter().find(|node| node["id"] == tie.ward_id.to_string()).expect("the ward");
        assert_eq!(ward["name"], row(&ward["id"]).name);
        assert!(
            ward["guardians"]["nodes"]
                .as_array()
                .is_some_and(|ties| ties.contains(&json!({ "guardian": { "id": tie.guardian_id.to_string() } })))
        );
    }
}

#[tokio::test]
async fn an_open_task_opens_the_case_and_its_reporter_and_a_done_one_closes_them() {
    let rows = harness::rows();
    let case_of = |task: &entities::case_task::Model| rows.cases.iter().find(|case| case.id == task.case_id).expect("its case");
    let task = rows.services.case_tasks.iter().find(|task| {
        let case = case_of(task);
        let reporter = case.reporter_id.and_then(|id| rows.persons.iter().find(|person| person.id == id));
        task.state.is_open() && task.assignee_id.is_some() && reporter.is_some_and(|person| !is_minor(person) && person.phone.is_some())
    });
    let task = task.expect("an open task of a reported case");
    let case = case_of(task);
    let reporter = rows.persons.iter().find(|person| Some(person.id) == case.reporter_id).expect("the reporter");
    // Nothing is seen for the region's sake: it is another one.
    let elsewhere = "500242000000".parse().expect("a code");
    let who = Who { person: task.assignee_id.map(|id| id.uuid()), regions: vec![elsewhere], ..Who::of("grid_helper") };
    let document = format!(
        "{{ case: caseById(id: \"{}\") {{ title description }} person(id: \"{}\") {{ name phone idNumber }} }}",
        case.id, reporter.id
    );
    for database in harness::fresh_databases().await {
        let app = App::start(&database).await;
        let helper = app.as_who(&who);
        let open = helper.query(&document).await;
        assert_eq!(open.data()["case"]["title"], case.title, "{}", open.text);
        let phone = reporter.phone.as_ref().map(|phone| format!("{}****{}", &phone[..3], &phone[7..]));
        assert_eq!(open.data()["person"], json!({ "name": reporter.name, "phone": phone, "idNumber": null }));
        let assignee = task.assignee_id.expect("an assignee");
        let tasks = case_task::Entity::update_many()
            .col_expr(case_task::Column::State, Expr::value("CANCELLED"))
            .filter(case_task::Column::AssigneeId.eq(assignee))
            .filter(case_task::Column::DoneAt.is_null());
        let writer = database.open().writer().await.expect("a connection");
        tasks.exec(&writer).await.expect("the tasks are cancelled");
        let done = helper.query(&document).await;
        assert_eq!(done.data(), &json!({ "case": null, "person": null }));
    }
}

#[tokio::test]
async fn tokens_stand_for_equal_values_and_differ_between_clients() {
    let caller = |client: &str| Caller { kind: CallerKind::Client, client: Some(client.to_owned()), ..Who::of("integrator").caller() };
    for database in harness::databases().await {
        let engine = harness::engine(&database).await;
        let mut tokens: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for client in ["clinic", "clinic", "bank"] {
            let document = "{ persons(first: 200) { nodes { idNumber name } } }";
            let purposed = caller(client).stating(Some("CONTRACT"));
            let request = Request { query: document.to_owned(), ..Request::default() };
            let answer = engine.execute(&request, &purposed, harness::now()).await;
            let answer: Value = serde_json::from_slice(&answer.body).expect("JSON");
            let nodes = answer["data"]["persons"]["nodes"].as_array().expect("rows").clone();
            let told: Vec<String> = nodes.iter().filter_map(|node| node["idNumber"].as_str().map(str::to_owned)).collect();
            assert!(told.len() > 50 && told.iter().all(|token| token.len() == 22 && !token.chars().all(|letter| letter.is_ascii_digit())));
            assert!(nodes.iter().all(|node| node["name"].as_str().is_none_or(|name| name.ends_with("**"))));
            if let Some(known) = tokens.get(client) {
                assert_eq!(*known, told, "the same client gets the same tokens");
            }
            tokens.insert(client, told);
        }
        assert!(tokens["clinic"].iter().all(|token| !tokens["bank"].contains(token)));
    }
}
