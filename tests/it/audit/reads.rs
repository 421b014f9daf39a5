//! What a read leaves in the log.

use std::collections::BTreeSet;

use civigrid::policy::{BUILT_IN, BUILT_IN_FILE, Policy};
use futures::future::join_all;
use serde_json::{Value, json};

use super::{column, connect, id_of, records, records_of, start};
use crate::harness::{self, App, Who};

fn ids(value: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    match value {
        Value::Array(items) => items.iter().for_each(|item| found.extend(ids(item))),
        Value::Object(entries) => entries.values().for_each(|entry| found.extend(ids(entry))),
        Value::String(text) if text.starts_with("person_") => drop(found.insert(text.clone())),
        _ => {}
    }
    found
}

#[tokio::test]
async fn a_read_of_personal_data_leaves_exactly_one_record_with_all_its_parts() {
    for database in harness::fresh_databases().await {
        let app = start(&database).await;
        let connection = connect(&database).await;
        let who = Who::of("community_secretary");
        let document = "query Names($n: Int!) { persons(first: $n, filter: { sex: { eq: FEMALE } }, orderBy: [{ field: ID }]) { nodes { id name phone ageBand } } }";
        let answer = app.as_who(&who).ask(document, json!({ "n": 3 })).await;
        let shown = ids(answer.data());
        assert_eq!(shown.len(), 3);
        let records = records(&connection).await;
        assert_eq!(records.len(), 1, "{records:?}");
        let record = &records[0];
        assert_eq!(
            (record["kind"].as_str(), record["outcome"].as_str()),
            (Some("READ"), Some("WITHHELD")),
            "children's names are withheld: {record}"
        );
        assert_eq!(record["at"], "2026-06-30T04:00:00.000000Z");
        assert_eq!((record["account"].as_str(), record["operation"].as_str()), (Some("test-community_secretary"), Some("Names")));
        assert_eq!(record["issuer"], civigrid::config::Authentication::DEVELOPMENT_ISSUER);
        assert_eq!(record["assignments"], json!([{ "role": "community_secretary", "regions": [who.regions[0].to_string()] }]));
        assert_eq!(record["document"].as_str().map(str::len), Some(16));
        assert_eq!(record["variables"].as_str().map(str::len), Some(32));
        assert_eq!(record["shown"], json!(["person.name", "person.phone"]), "ageBand is internal");
        assert_eq!(record["used"], json!(["person.sex"]));
        assert_eq!(ids(&record["subjects"]), shown, "the row that only tells whether there are more is not among them");
        assert_eq!(record["rows"], 4);
        assert_eq!(record["region"], who.regions[0].number());
        assert_eq!(record["policy"], Policy::parse(BUILT_IN, BUILT_IN_FILE).expect("sound").version());
        assert_eq!(record["request"], "test");
        assert_eq!((record["number"].as_i64(), record["caller"].as_str()), (Some(1), None));
    }
}

#[tokio::test]
async fn reads_of_what_is_public_or_internal_leave_none() {
    for database in harness::fresh_databases().await {
        let app = start(&database).await;
        let connection = connect(&database).await;
        for who in [Who::anonymous(), Who::of("auditor"), Who::of("street_operator")] {
            let client = app.as_who(&who);
            for (document, holds) in [
                ("{ regions(first: 3) { totalCount nodes { name parent { name } } } }", true),
                ("{ __typename me { kind } codeLists(names: [\"Sex\"]) { name } }", true),
                (
                    "{ departments(first: 2) { nodes { id name } } households { totalCount } persons(first: 2) { nodes { id ageBand } } }",
                    true,
                ),
                ("{ nonsense }", false),
                ("{ persons(first: 100000) { nodes { name } } }", false),
            ] {
                let answer = client.query(document).await;
                assert_eq!(answer.errors().is_empty(), holds, "{document}: {}", answer.text);
            }
        }
        let anonymous = app.anonymous().query("{ persons(first: 1) { nodes { name } } }").await;
        assert_eq!(anonymous.data()["persons"]["nodes"], json!([]));
        assert_eq!(records(&connection).await, Vec::<Value>::new());
    }
}

#[tokio::test]
async fn refusals_and_what_is_withheld_are_recorded() {
    for database in harness::fresh_databases().await {
        let app = start(&database).await;
        let connection = connect(&database).await;
        let refused = app
            .of("auditor")
            .query("query Refused { a: personStats(filter: { age: { gte: 60 } }) { nodes { count } } households { totalCount } }")
            .await;
        assert_eq!(refused.code(), "FIELD_WITHHELD");
        let record = &records_of(&connection, "Refused").await[0];
        assert_eq!((record["outcome"].as_str(), &record["errors"]), (Some("REFUSED"), &json!(["FIELD_WITHHELD"])), "{record}");
        assert_eq!((&record["withheld"], &record["subjects"]), (&json!(["person.age"]), &json!([])));
        app.of("auditor").query("query Withheld { persons(first: 1) { nodes { employer ageBand } } }").await.data();
        let record = &records_of(&connection, "Withheld").await[0];
        assert_eq!((record["outcome"].as_str(), &record["withheld"]), (Some("WITHHELD"), &json!(["person.employer"])), "{record}");
        assert_eq!((record["shown"].is_null(), &record["subjects"]), (true, &json!([])), "nothing was given of anybody");
        // No row at all in scope: nothing is said to be withheld, and yet somebody asked.
        app.of("integrator").query("query Nobody { persons(first: 1) { nodes { name } } }").await.data();
        let record = &records_of(&connection, "Nobody").await[0];
        assert_eq!((record["outcome"].as_str(), &record["withheld"]), (Some("WITHHELD"), &json!(["person.name"])), "{record}");
        let counted = app
            .of("auditor")
            .query("query Counted { personStats(groupBy: [{ field: SEX }]) { nodes { key { sex } count avg { age } } } }")
            .await;
        counted.data();
        let record = &records_of(&connection, "Counted").await[0];
        assert_eq!(record["used"], json!(["person.sex", "person.age"]), "{record}");
    }
}

#[tokio::test]
async fn the_subjects_are_those_whose_data_the_answer_shows() {
    for database in harness::fresh_databases().await {
        let app = start(&database).await;
        let connection = connect(&database).await;
        let operator = app.of("street_operator");
        let documents = [
            (
                "Reporters",
                "query Reporters { cases(first: 5, filter: { reporter: { isNull: false } }) { nodes { description reporter { id name } } } }",
            ),
            ("Residents", "query Residents { households(first: 3) { nodes { residents(first: 2) { nodes { id sex } } } } }"),
            ("Homes", "query Homes { persons(first: 2) { nodes { id name residences { nodes { relationToHead person { id } } } } } }"),
            (
                "Found",
                "query Found { persons(last: 2, orderBy: [{ field: BIRTH_YEAR }], filter: { fullyVisible: [BIRTH_YEAR] }) { nodes { id birthYear } } }",
            ),
        ];
        for (name, document) in documents {
            let answer = operator.query(document).await;
            let shown = ids(answer.data());
            let record = &records_of(&connection, name).await[0];
            assert!(!shown.is_empty());
            assert_eq!(ids(&record["subjects"]), shown, "{:?} {name}: {record}", database.backend);
        }
        // A row about somebody by way of another row.
        let secretary = app.of("community_secretary");
        let noted = secretary.query("query Noted { caseEvents(first: 3) { nodes { note case { reporter { id } } } } }").await;
        let shown = ids(noted.data());
        let record = &records_of(&connection, "Noted").await[0];
        assert!(ids(&record["subjects"]).is_superset(&shown), "{record}");
        let resident = Who::of("resident");
        app.as_who(&resident).query("query Own { persons { nodes { id name } } }").await.data();
        let record = &records_of(&connection, "Own").await[0];
        let own = id_of(resident.person.expect("a resident is somebody"));
        assert_eq!((&record["caller"], &record["subjects"]), (&json!(own), &json!([own])));
    }
}

#[tokio::test]
async fn nothing_secret_stands_in_the_log() {
    for database in harness::fresh_databases().await {
        let app = start(&database).await;
        let connection = connect(&database).await;
        let person = &harness::rows().persons.iter().find(|person| person.phone.is_some()).expect("somebody has a phone");
        let (name, phone) = (person.name.clone(), person.phone.clone().expect("a phone"));
        let who = Who { regions: Who::of("city_officer").regions, ..Who::of("community_secretary") };
        let document = "query Secret($phone: String!, $id: ID!) { persons(filter: { phone: { eq: $phone } }) { nodes { name phone } } person(id: $id) { name idNumber } }";
        app.as_who(&who).ask(document, json!({ "phone": phone, "id": id_of(person.id.uuid()) })).await.data();
        assert_eq!(records_of(&connection, "Secret").await.len(), 1);
        let bodies: Vec<Vec<u8>> = column(&connection, "SELECT body AS v FROM audit_batches").await;
        for body in bodies {
            let text = String::from_utf8(body).expect("JSON");
            for secret in [
                name.as_str(),
                phone.as_str(),
                &id_of(person.id.uuid()),
                &person.id.uuid().to_string(),
                &person.id.uuid().simple().to_string(),
            ] {
                assert!(!text.contains(secret), "{secret} in {text}");
            }
        }
    }
}

#[tokio::test]
async fn requests_of_one_moment_are_committed_together_and_none_is_lost() {
    for database in harness::fresh_databases().await {
        let app = start(&database).await;
        let connection = connect(&database).await;
        let client = app.of("street_operator");
        let asked = join_all((0..200).map(|number| {
            let client = &client;
            async move { client.query(&format!("query Many{number} {{ persons(first: 1) {{ nodes {{ name }} }} }}")).await }
        }));
        asked.await.iter().for_each(|answer| drop(answer.data().clone()));
        let records = records(&connection).await;
        let operations: BTreeSet<&str> = records.iter().filter_map(|record| record["operation"].as_str()).collect();
        assert_eq!((records.len(), operations.len()), (200, 200));
        let batches = super::number(&connection, "SELECT count(*) AS v FROM audit_batches").await;
        assert!(batches < 150, "{batches} batches");
    }
}

#[tokio::test]
async fn whose_a_row_is_stands_in_the_log_also_where_the_rows_on_the_way_to_the_person_are_hidden() {
    let reporters: BTreeSet<String> =
        harness::rows().cases.iter().filter_map(|case| case.reporter_id).map(|person| person.to_string()).collect();
    let volunteers: BTreeSet<String> = harness::rows().society.volunteers.iter().map(|volunteer| volunteer.person_id.to_string()).collect();
    let policy = "version = 1\n[role.clerk]\ntitle = \"Clerk\"\n\
        [[role.clerk.grant]]\nregister = \"case_event\"\nrows = [\"region\"]\nshow = [\"note\"]\n\
        [[role.clerk.grant]]\nregister = \"service_record\"\nrows = [\"region\"]\nshow = [\"class:personal\"]\nminors = true\nprotected = true\n";
    let file = harness::program::directory("whose").join("policy.toml");
    std::fs::write(&file, policy).expect("the workplace can be written to");
    for database in harness::fresh_databases().await {
        let app = App::start_with(&database, |config| {
            super::on(config);
            config.policy_file = Some(file.clone());
        })
        .await;
        let connection = connect(&database).await;
        let city = "500000000000".parse().expect("a code");
        let clerk = Who { role: Some("clerk".to_owned()), regions: vec![city], ..Who::anonymous() };
        for (document, whose) in [
            ("{ caseEvents(first: 500) { nodes { note } } }", &reporters),
            ("{ serviceRecords(first: 500) { nodes { volunteer { id } minutes } } }", &volunteers),
        ] {
            let answer = app.as_who(&clerk).query(document).await;
            assert!(answer.text.len() > 500, "{}", answer.text);
            let records = records(&connection).await;
            let subjects = ids(&records.last().expect("a record")["subjects"]);
            assert!(!subjects.is_empty() && subjects.is_subset(whose), "{:?} {document}: {records:?}", database.backend);
        }
    }
}
