//! The language: aliases, fragments, directives, variables; and the roots that are no lists.

use entities::codes::RegionLevel;
use entities::registers::code_lists;
use serde_json::{Value, json};

use crate::harness::{self, App, Client, Who};

/// A caller who sees much: the secretary of the first populated community.
fn secretary(app: &App) -> Client<'_> {
    app.of("community_secretary")
}

async fn first_id(client: &Client<'_>, plural: &str) -> String {
    let answer = client.query(&format!("{{ {plural}(first: 1) {{ nodes {{ id }} }} }}")).await;
    answer.data()[plural]["nodes"][0]["id"].as_str().expect("a row").to_owned()
}

#[tokio::test]
async fn keys_come_in_the_order_of_the_document_and_merge() {
    for database in harness::databases().await {
        let app = App::start(&database).await;
        let document = "query Q { b: cases(first: 1) { nodes { id kind } } a: me { kind } ...R b: cases(first: 1) { nodes { state ...F } totalCount } __typename } \
            fragment R on Query { c: cases(first: 0) { totalCount } } \
            fragment F on Case { id category { name } category { code } }";
        let answer = secretary(&app).query(document).await;
        let keys: Vec<&String> = answer.data().as_object().expect("data").keys().collect();
        assert_eq!(keys, ["b", "a", "c", "__typename"]);
        let keys: Vec<&String> = answer.data()["b"].as_object().expect("a page").keys().collect();
        assert_eq!(keys, ["nodes", "totalCount"]);
        let node = answer.data()["b"]["nodes"][0].as_object().expect("a row");
        assert_eq!(node.keys().collect::<Vec<_>>(), ["id", "kind", "state", "category"]);
        assert_eq!(node["category"].as_object().expect("a category").keys().collect::<Vec<_>>(), ["name", "code"]);
        assert_eq!(answer.data()["b"]["totalCount"], answer.data()["c"]["totalCount"]);
        let conflict = secretary(&app).query("{ a: me { kind } a: cases { totalCount } }").await;
        assert_eq!(conflict.code(), "GRAPHQL_VALIDATION_FAILED");
    }
}

#[tokio::test]
async fn typename_is_answered_everywhere() {
    let document = "{ __typename cases(first: 1) { __typename edges { __typename cursor node { __typename region { __typename centre { __typename longitude } } \
        access { __typename withheld } events(first: 1) { __typename nodes { __typename } pageInfo { __typename } } } } pageInfo { __typename } } \
        caseStats(groupBy: [{ field: STATE }, { region: STREET }], first: 1) { __typename nodes { __typename key { __typename region { __typename } } counted { __typename } sum { __typename } avg { __typename } min { __typename } max { __typename } } pageInfo { __typename } } \
        me { __typename assignments { __typename } permissions { __typename fields { __typename } } } codeLists(names: [\"Sex\"]) { __typename codes { __typename } } }";
    for database in harness::databases().await {
        let app = App::start(&database).await;
        let answer = secretary(&app).query(document).await;
        let mut names = Vec::new();
        gather(answer.data(), &mut names);
        names.sort();
        names.dedup();
        let expected = [
            "Assignment",
            "Case",
            "CaseAccess",
            "CaseConnection",
            "CaseCounted",
            "CaseEdge",
            "CaseEvent",
            "CaseEventConnection",
            "CaseFloatMeasures",
            "CaseIntMeasures",
            "CaseStats",
            "CaseStatsConnection",
            "CaseStatsKey",
            "Code",
            "CodeList",
            "FieldPermission",
            "Me",
            "PageInfo",
            "Permissions",
            "Point",
            "Query",
            "Region",
        ];
        assert_eq!(names, expected);
    }
}

fn gather(value: &Value, names: &mut Vec<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| gather(item, names)),
        Value::Object(fields) => {
            for (key, field) in fields {
                match field {
                    Value::String(name) if key == "__typename" => names.push(name.clone()),
                    other => gather(other, names),
                }
            }
        }
        _ => {}
    }
}

#[tokio::test]
async fn fragments_apply_by_type_and_by_interface() {
    for database in harness::databases().await {
        let app = App::start(&database).await;
        let client = secretary(&app);
        let (person, case) = (first_id(&client, "persons").await, first_id(&client, "cases").await);
        let document = "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename ...N ... on Person { ageBand } ... on Case { kind ...N } ... { same: id } } } \
            fragment N on Node { id ... on Case { state } ... on Household { memberCount } }";
        let answer = client.ask(document, json!({ "ids": [person, case] })).await;
        let keys = |index: usize| answer.data()["nodes"][index].as_object().expect("a row").keys().cloned().collect::<Vec<_>>();
        assert_eq!(keys(0), ["__typename", "id", "ageBand", "same"]);
        assert_eq!(keys(1), ["__typename", "id", "state", "kind", "same"]);
        assert_eq!(answer.data()["nodes"][1]["__typename"], "Case");
    }
}

#[tokio::test]
async fn directives_leave_out_and_let_in() {
    let document = "query ($yes: Boolean!, $no: Boolean = false) { me { kind @include(if: $yes) subject @skip(if: $yes) ... @include(if: $no) { client } } \
        cases(first: 1) @skip(if: $yes) { totalCount } ...F @include(if: $no) } fragment F on Query { regions(first: 0) { totalCount } }";
    for database in harness::databases().await {
        let app = App::start(&database).await;
        let client = secretary(&app);
        let yes = client.ask(document, json!({ "yes": true })).await;
        assert_eq!(*yes.data(), json!({ "me": { "kind": "PERSON" } }));
        let no = client.ask(document, json!({ "yes": false, "no": true })).await;
        let keys: Vec<&String> = no.data().as_object().expect("data").keys().collect();
        assert_eq!(keys, ["me", "cases", "regions"]);
        assert_eq!(no.data()["me"], json!({ "subject": "test-community_secretary", "client": null }));
        // The same document with the first values again: what was kept of it is not mixed up.
        assert_eq!(client.ask(document, json!({ "yes": true })).await.data(), yes.data());
    }
}

#[tokio::test]
async fn variables_have_defaults_and_absent_is_not_null() {
    let document = "query ($first: Int = 2, $filter: CaseFilter, $state: CaseState, $order: [CaseOrder!] = [{ field: NUMBER, direction: DESC }]) \
        { cases(first: $first, filter: $filter, orderBy: $order) { nodes { number } } one: cases(filter: { state: { eq: $state } }) { totalCount } all: cases { totalCount } }";
    for database in harness::databases().await {
        let app = App::start(&database).await;
        let client = secretary(&app);
        let absent = client.ask(document, json!({})).await;
        let numbers = absent.data()["cases"]["nodes"].as_array().expect("rows").clone();
        assert_eq!(numbers.len(), 2);
        assert!(numbers[0]["number"].as_str() > numbers[1]["number"].as_str());
        assert_eq!(absent.data()["one"], absent.data()["all"], "a variable that is not given leaves its entry out");
        let given = client.ask(document, json!({ "first": 3, "filter": null, "state": "CLOSED", "order": [] })).await;
        assert_eq!(given.data()["cases"]["nodes"].as_array().map(Vec::len), Some(3));
        assert!(given.data()["one"]["totalCount"].as_u64() < given.data()["all"]["totalCount"].as_u64());
        let null = client.ask(document, json!({ "state": null })).await;
        assert_eq!(null.code(), "BAD_INPUT");
        assert!(null.json["data"]["all"]["totalCount"].is_u64(), "only the root with the null is refused: {}", null.text);
        // One value stands for a list of one.
        let coerced = client.query("{ cases(orderBy: { field: NUMBER }, first: 1, filter: { state: { in: CLOSED }, and: { urgent: { eq: false } } }) { totalCount } }").await;
        assert!(coerced.data()["cases"]["totalCount"].is_u64());
    }
}

#[tokio::test]
async fn the_operation_is_chosen_by_name() {
    let document = "query A { me { kind } } query B { __typename }";
    for database in harness::databases().await {
        let app = App::start(&database).await;
        let client = secretary(&app);
        let named = client.post(&json!({ "query": document, "operationName": "B" })).await;
        assert_eq!(*named.data(), json!({ "__typename": "Query" }));
        for name in [json!(null), json!("C")] {
            let answer = client.post(&json!({ "query": document, "operationName": name })).await;
            assert_eq!(answer.code(), "OPERATION_NOT_FOUND");
            assert!(answer.message().contains("A, B"), "{}", answer.text);
        }
    }
}

#[tokio::test]
async fn rows_are_found_by_id_and_by_natural_key() {
    let rows = harness::rows();
    for database in harness::databases().await {
        let app = App::start(&database).await;
        let client = secretary(&app);
        let document = "{ cases(first: 1) { nodes { id number region(level: COMMUNITY) { id code } category { id code } } } }";
        let answer = client.query(document).await;
        let case = &answer.data()["cases"]["nodes"][0];
        let document = "query ($id: ID!, $number: String!, $code: RegionCode!, $category: String!) { caseById(id: $id) { number } caseByNumber(number: $number) { id } \
            node(id: $id) { id ... on Case { number } } regionByCode(code: $code) { id } caseCategoryByCode(code: $category) { id } }";
        let variables =
            json!({ "id": case["id"], "number": case["number"], "code": case["region"]["code"], "category": case["category"]["code"] });
        let found = client.ask(document, variables).await;
        assert_eq!(
            *found.data(),
            json!({
                "caseById": { "number": case["number"] }, "caseByNumber": { "id": case["id"] }, "node": { "id": case["id"], "number": case["number"] },
                "regionByCode": { "id": case["region"]["id"] }, "caseCategoryByCode": { "id": case["category"]["id"] },
            })
        );
        // What is out of scope is as if it were not there, by every way.
        let elsewhere =
            rows.cases.iter().find(|case| !Who::of("community_secretary").regions[0].contains(case.region_code)).expect("a case elsewhere");
        let document = "query ($id: ID!, $number: String!) { caseById(id: $id) { id } caseByNumber(number: $number) { id } node(id: $id) { id } nodes(ids: [$id]) { id } }";
        let hidden = client.ask(document, json!({ "id": elsewhere.id.to_string(), "number": elsewhere.number })).await;
        let missing = client.ask(document, json!({ "id": "case_00000000000000000000000007", "number": "nothing" })).await;
        assert_eq!(hidden.text, missing.text);
        assert_eq!(*hidden.data(), json!({ "caseById": null, "caseByNumber": null, "node": null, "nodes": [null] }));
        for (root, id) in
            [("caseById", "person_00000000000000000000000007"), ("caseById", "nonsense"), ("node", "nobody_00000000000000000000000007")]
        {
            let answer = client.ask(&format!("query ($id: ID!) {{ {root}(id: $id) {{ id }} }}"), json!({ "id": id })).await;
            assert_eq!(answer.code(), "BAD_INPUT", "{id}");
        }
    }
}

#[tokio::test]
async fn nodes_keep_their_order_and_places() {
    for database in harness::databases().await {
        let app = App::start(&database).await;
        let client = secretary(&app);
        let (person, case, household) =
            (first_id(&client, "persons").await, first_id(&client, "cases").await, first_id(&client, "households").await);
        let stranger = harness::rows()
            .persons
            .iter()
            .find(|person| !person.region_code.is_some_and(|code| Who::of("community_secretary").regions[0].contains(code)));
        let stranger = stranger.expect("somebody elsewhere").id.to_string();
        let ids = json!([case, person, stranger, household, case, "department_00000000000000000000000007"]);
        let answer = client.ask("query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }", json!({ "ids": ids })).await;
        let expected = json!([
            { "__typename": "Case", "id": case }, { "__typename": "Person", "id": person }, null,
            { "__typename": "Household", "id": household }, { "__typename": "Case", "id": case }, null,
        ]);
        assert_eq!(answer.data()["nodes"], expected);
        assert_eq!(client.query("{ nodes(ids: []) { id } }").await.data()["nodes"], json!([]));
    }
}

#[tokio::test]
async fn me_tells_who_asks() {
    for database in harness::databases().await {
        let app = App::start(&database).await;
        let who = Who::of("board_officer");
        let answer =
            app.as_who(&who).query("{ me { kind subject person client assignments { role regions board department projects } } }").await;
        let expected = json!({
            "kind": "PERSON", "subject": "test-board_officer", "person": null, "client": null,
            "assignments": [{ "role": "board_officer", "regions": [who.regions[0].to_string()], "board": "SERVICES", "department": null, "projects": [] }],
        });
        assert_eq!(answer.data()["me"], expected);
    }
}

#[tokio::test]
async fn code_lists_have_labels_in_two_languages() {
    for database in harness::databases().await {
        let app = App::start(&database).await;
        let client = app.anonymous();
        let all = client.query("{ codeLists { name standard codes { value code chinese english } } }").await;
        assert_eq!(all.data()["codeLists"].as_array().map(Vec::len), Some(code_lists().len()));
        for code in all.data()["codeLists"].as_array().into_iter().flatten().flat_map(|list| list["codes"].as_array().into_iter().flatten())
        {
            assert!(code["chinese"] != "" && code["english"] != "", "{code}");
        }
        let some = client.query("{ codeLists(names: [\"Sex\", \"Board\"]) { name } }").await;
        assert_eq!(some.data()["codeLists"].as_array().map(Vec::len), Some(2));
        let unknown = client.query("{ codeLists(names: [\"Nothing\"]) { name } }").await;
        assert_eq!(unknown.code(), "BAD_INPUT");
        assert!(unknown.message().contains("Sex"));
    }
}

#[tokio::test]
async fn introspection_tells_the_schema() {
    let document = "{ __schema { queryType { name } types { name kind } } __type(name: \"Case\") { kind interfaces { name } fields { name type { kind name } } } me { kind } }";
    for database in harness::databases().await {
        let app = App::start(&database).await;
        let answer = secretary(&app).query(document).await;
        assert_eq!(answer.data()["__schema"]["queryType"]["name"], "Query");
        assert_eq!(answer.data()["__type"]["interfaces"], json!([{ "name": "Node" }]));
        assert_eq!(answer.data()["me"]["kind"], "PERSON");
    }
}

#[tokio::test]
async fn a_row_tells_what_of_it_is_withheld() {
    let rows = harness::rows();
    let community = Who::of("community_secretary").regions[0];
    let today = harness::now().today;
    for database in harness::databases().await {
        let app = App::start(&database).await;
        let document = "{ persons(first: 500) { nodes { id name phone idNumber access { masked withheld writable } } } }";
        let answer = secretary(&app).query(document).await;
        let nodes = answer.data()["persons"]["nodes"].as_array().expect("rows");
        let mut minors = 0;
        for node in nodes {
            let person = rows.persons.iter().find(|person| node["id"] == person.id.to_string()).expect("a generated row");
            assert!(person.region_code.is_some_and(|code| community.contains(code)));
            let minor = person.birth_date.is_none_or(|birth| today.years_since(birth).is_none_or(|age| age < 14));
            minors += usize::from(minor);
            let withheld = node["access"]["withheld"].as_array().expect("a list");
            assert_eq!(node["name"].is_null(), minor, "{node}");
            assert_eq!(withheld.contains(&json!("NAME")), minor);
            assert!(withheld.contains(&json!("ID_NUMBER")) && node["idNumber"].is_null());
            assert_eq!(node["access"]["writable"], json!([]));
        }
        assert!(minors > 0 && minors < nodes.len());
        let placed = rows.persons.iter().filter(|person| person.region_code.is_some_and(|code| community.contains(code))).count();
        assert_eq!(nodes.len(), placed);
        assert_eq!(community.level(), RegionLevel::Community);
    }
}
