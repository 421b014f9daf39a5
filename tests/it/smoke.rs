//! The harness itself: both databases hold the generated rows, and every caller is who they say they are.

use civigrid::graph::Outcome;
use sea_orm::{ConnectionTrait, Statement};

use crate::harness::{self, App, Who};

#[tokio::test]
async fn both_databases_hold_the_generated_rows() {
    for database in harness::databases().await {
        let app = App::start(&database).await;
        let answer = app.of("auditor").query("{ persons { totalCount } cases { totalCount } regions { totalCount } }").await;
        let rows = harness::rows();
        let placed = rows.persons.iter().filter(|person| person.region_code.is_some()).count();
        assert_eq!(answer.data()["persons"]["totalCount"], placed);
        assert_eq!(answer.data()["cases"]["totalCount"], rows.cases.len());
        assert_eq!(answer.data()["regions"]["totalCount"], rows.regions.len());
    }
}

#[tokio::test]
async fn every_role_gets_rows_of_its_own() {
    for database in harness::databases().await {
        let app = App::start(&database).await;
        let engine = harness::engine(&database).await;
        for who in Who::all() {
            let document = "{ me { kind } cases { totalCount } }";
            let answer = app.as_who(&who).query(document).await;
            let kind = if who.role.is_some() { "PERSON" } else { "ANONYMOUS" };
            assert_eq!(answer.data()["me"]["kind"], kind, "{}", who.name());
            let has_cases = !["anonymous", "administrator"].contains(&who.name());
            assert_eq!(answer.data()["cases"]["totalCount"].as_u64() > Some(0), has_cases, "{} {}", who.name(), answer.text);
            let direct = harness::execute(&engine, &who, document).await;
            assert_eq!(direct.outcome, Outcome::Complete);
            assert_eq!(String::from_utf8_lossy(&direct.body), answer.text);
        }
    }
}

#[tokio::test]
async fn a_fresh_database_may_be_written_to_and_is_nobody_elses() {
    for database in harness::fresh_databases().await {
        let writer = database.open().writer().await.expect("a connection");
        let statement = Statement::from_string(writer.get_database_backend(), "DELETE FROM case_events");
        writer.execute_raw(statement).await.expect("it may be written to");
        writer.close().await.expect("closed");
        let app = App::start(&database).await;
        let events = app.of("auditor").query("{ caseEvents { totalCount } }").await;
        assert_eq!(events.data()["caseEvents"]["totalCount"], 0);
    }
    for database in harness::databases().await {
        let app = App::start(&database).await;
        let events = app.of("auditor").query("{ caseEvents { totalCount } }").await;
        assert_eq!(events.data()["caseEvents"]["totalCount"], harness::rows().case_events.len());
    }
}
