//! Searching the log in the graph: auditors in their mandate, and everyone what was done with their own data.

use serde_json::{Value, json};

use super::{connect, id_of, records_of, settle, start};
use crate::harness::{self, App, Who};

async fn ask(app: &App, who: &Who, document: &str, variables: Value) -> Value {
    app.as_who(who).ask(document, variables).await.data().clone()
}

#[tokio::test]
async fn auditors_search_the_log_by_who_whom_when_what_and_how_it_ended() {
    for database in harness::fresh_databases().await {
        let app = start(&database).await;
        let connection = connect(&database).await;
        let secretary = Who::of("community_secretary");
        let read = ask(&app, &secretary, "query Read { persons(first: 2) { nodes { id name } } }", json!({})).await;
        let person = read["persons"]["nodes"][0]["id"].as_str().expect("a person").to_owned();
        ask(&app, &Who::of("street_operator"), "query Cases { cases(first: 1) { nodes { description } } }", json!({})).await;
        app.of("auditor").query("query Refused { personStats(filter: { age: { gte: 60 } }) { nodes { count } } }").await;
        settle(&connection).await;
        let auditor = Who::of("auditor");
        let since = "at: { gte: \"2026-06-01T00:00:00+08:00\" }";
        let by = |filter: &str| {
            format!(
                "query Log($person: ID) {{ auditRecords(filter: {{ {since}, {filter} }}) {{ nodes {{ operation account }} }} me {{ kind }} p: nodes(ids: [$person]) {{ id }} }}"
            )
        };
        for (filter, operations) in [
            ("account: { eq: \"test-community_secretary\" }", &["Read"][..]),
            ("accesses: { some: { person: { id: { eq: $person } } } }", &["Read"]),
            ("touched: { shown: { contains: \";person.name;\" } }", &["Read"]),
            ("touched: { registers: { contains: \";case;\" } }", &["Cases"]),
            ("outcome: { eq: REFUSED }", &["Refused"]),
            ("errors: { contains: \"FIELD_WITHHELD\" }", &["Refused"]),
            ("class: { eq: PERSONAL }, operation: { startsWith: \"C\" }", &["Cases"]),
            ("purpose: { isNull: false }", &[]),
        ] {
            let document = by(filter).replace("$person } }", &format!("\"{person}\" }} }}"));
            let answer = ask(&app, &auditor, &document, json!({ "person": person })).await;
            let found: Vec<_> = answer["auditRecords"]["nodes"]
                .as_array()
                .expect("rows")
                .iter()
                .map(|row| row["operation"].as_str().unwrap_or_default())
                .collect();
            assert_eq!(found, operations, "{:?} {filter}", database.backend);
        }
        let who_read = "query Who($person: ID!) { person(id: $person) { auditAccesses(filter: { at: { gte: \"2026-04-01T00:00:00Z\" }, kind: { eq: READ } }) { totalCount nodes { at account roles purpose child region { code } record { operation } touched { shown } } } } }";
        let answer = ask(&app, &auditor, who_read, json!({ "person": person })).await;
        let access = answer["person"]["auditAccesses"]["nodes"]
            .as_array()
            .expect("accesses")
            .iter()
            .find(|access| access["record"]["operation"] == "Read");
        let access = access.expect("the read is among them");
        assert_eq!(
            (&access["account"], &access["roles"], &access["touched"]["shown"]),
            (&json!("test-community_secretary"), &json!("community_secretary"), &json!(";person.name;"))
        );
        // Reading the log is recorded, and of nobody: else the log would grow by being read.
        let record = &records_of(&connection, "Who").await[0];
        assert_eq!(record["subjects"], json!([]), "{record}");
        assert!(record["shown"].as_array().expect("fields").contains(&json!("audit_access.account")), "{record}");
        // Somebody else's mandate.
        let elsewhere = Who { regions: vec!["500102000000".parse().expect("a code")], ..Who::of("auditor") };
        let none = ask(&app, &elsewhere, "{ auditRecords(filter: { operation: { eq: \"Read\" } }) { totalCount } }", json!({})).await;
        assert_eq!(none["auditRecords"]["totalCount"], 0);
        for role in ["grid_worker", "administrator", "integrator", "community_secretary"] {
            let nothing = ask(&app, &Who::of(role), "{ auditRecords { totalCount } auditAccesses { totalCount } }", json!({})).await;
            assert_eq!(nothing, json!({ "auditRecords": { "totalCount": 0 }, "auditAccesses": { "totalCount": 0 } }), "{role}");
        }
    }
}

#[tokio::test]
async fn residents_see_who_looked_at_them_and_at_nobody_else() {
    for database in harness::fresh_databases().await {
        let app = start(&database).await;
        let connection = connect(&database).await;
        let resident = Who::of("resident");
        let own = id_of(resident.person.expect("somebody"));
        let city = Who { regions: Who::of("city_officer").regions, ..Who::of("community_secretary") };
        ask(&app, &city, "query Look($id: ID!) { person(id: $id) { name } }", json!({ "id": own })).await;
        ask(&app, &city, "query Others { persons(first: 50) { nodes { name } } }", json!({})).await;
        settle(&connection).await;
        let document = "query Mine { auditAccesses(first: 1000, filter: { at: { gte: \"2026-06-01T00:00:00Z\" } }) { nodes { at roles purpose account person { id } touched { shown } access { withheld } } } }";
        let answer = ask(&app, &resident, document, json!({})).await;
        let rows = answer["auditAccesses"]["nodes"].as_array().expect("rows");
        let named =
            rows.iter().find(|row| row["touched"]["shown"] == ";person.name;").unwrap_or_else(|| panic!("the look is not told: {rows:?}"));
        assert!(rows.iter().all(|row| row["person"]["id"] == json!(own)), "{rows:?}");
        assert_eq!((&named["roles"], &named["account"]), (&json!("community_secretary"), &Value::Null));
        assert!(named["access"]["withheld"].as_array().expect("a list").contains(&json!("ACCOUNT")));
    }
}

#[tokio::test]
async fn whether_somebody_was_a_child_then_is_kept_with_the_access() {
    for database in harness::fresh_databases().await {
        let connection = connect(&database).await;
        let born = |adult: bool| {
            let line = chrono::NaiveDate::from_ymd_opt(2012, 6, 30).expect("a day");
            let fits = |person: &&entities::person::Model| person.birth_date.is_some_and(|birth| (birth <= line) == adult);
            harness::rows().persons.iter().find(fits).expect("somebody").id.uuid()
        };
        let (adult, child) = (born(true), born(false));
        for (operation, person) in [("adult", adult), ("child", child), ("unknown", uuid::Uuid::from_u128(5))] {
            civigrid::audit::append(&connection, &super::entry(harness::instant(), operation, vec![person])).await.expect("appended");
        }
        settle(&connection).await;
        let question = |operation: &str| {
            format!(
                "SELECT CASE WHEN a.child THEN 1 ELSE 0 END AS v FROM audit_accesses a JOIN audit_records r ON r.id = a.record_id WHERE r.operation = '{operation}'"
            )
        };
        let mut told = Vec::new();
        for operation in ["adult", "child", "unknown"] {
            told.push(super::column::<i32>(&connection, &question(operation)).await);
        }
        assert_eq!(told, [[0], [1], [1]], "{:?}", database.backend);
    }
}
