//! Taking a person out of the log.

use civigrid::audit::{self, Erased, Erasure, Proof};
use civigrid::policy::{Account, Caller, CallerKind};
use serde_json::json;
use uuid::Uuid;

use super::{column, connect, entry, number, records, records_of, run, settle};
use crate::harness::{self, instant};

fn registrar() -> Caller {
    let account = Account { issuer: "command line".to_owned(), subject: "registrar".to_owned() };
    Caller { kind: CallerKind::Person, account: Some(account), ..Caller::anonymous() }
}

#[tokio::test]
async fn an_erased_person_is_nowhere_in_the_log_and_the_chain_still_holds() {
    for database in harness::fresh_databases().await {
        let connection = connect(&database).await;
        let persons: Vec<Uuid> = harness::rows().persons.iter().take(3).map(|person| person.id.uuid()).collect();
        for (operation, subjects) in [("both", vec![persons[0], persons[1]]), ("first", vec![persons[0]]), ("other", vec![persons[2]])] {
            audit::append(&connection, &entry(instant(), operation, subjects)).await.expect("appended");
        }
        settle(&connection).await;
        let searched = |person: Uuid| match database.backend {
            civigrid::store::Backend::Sqlite => {
                format!("SELECT count(*) AS v FROM audit_accesses WHERE person_id = X'{}'", person.simple())
            }
            civigrid::store::Backend::Postgres => format!("SELECT count(*) AS v FROM audit_accesses WHERE person_id = '{person}'"),
        };
        let before = number(&connection, &searched(persons[0])).await;
        assert!(before >= 2, "{before}");
        let by = registrar();
        let erasure = Erasure { person: persons[0], by: &by, reason: "court order 17", now: instant() };
        assert_eq!(audit::erase(&connection, &erasure).await.expect("erased"), Erased { batches: 2, mentions: 2 });
        let report = audit::verify(&connection, &Proof::default()).await.expect("read");
        assert!(report.findings.is_empty(), "{report:?}");
        assert_eq!(number(&connection, &searched(persons[0])).await, 0);
        for (part, mentions) in [("subjects", true), ("body", false)] {
            let bytes: Vec<Vec<u8>> = column(&connection, &format!("SELECT {part} AS v FROM audit_batches")).await;
            assert!(!bytes.iter().any(|bytes| bytes.windows(16).any(|bytes| bytes == persons[0].as_bytes())), "{part}");
            assert_eq!(bytes.iter().any(|bytes| bytes.windows(16).any(|bytes| bytes == persons[1].as_bytes())), mentions, "{part}");
        }
        let record = &records_of(&connection, "audit erase").await[0];
        assert_eq!(
            (&record["account"], &record["reason"], &record["kind"]),
            (&json!("registrar"), &json!("court order 17"), &json!("LOG"))
        );
        assert_eq!(record["erased"].as_array().map(Vec::len), Some(2));
        let both = &records_of(&connection, "both").await[0];
        assert_eq!(both["subjects"].as_array().expect("two").iter().filter(|subject| subject.is_null()).count(), 1, "{both}");
        // Taken out again, nobody is there.
        assert_eq!(audit::erase(&connection, &erasure).await.expect("erased"), Erased::default());
        assert_eq!(records(&connection).await.len(), 5);
    }
}

#[tokio::test]
async fn batches_that_have_no_number_yet_are_erased_too() {
    for database in harness::fresh_databases().await {
        let connection = connect(&database).await;
        let person = harness::rows().persons[0].id.uuid();
        audit::append(&connection, &entry(instant(), "linked", vec![person])).await.expect("appended");
        while audit::link(&connection).await.expect("linked") {}
        audit::append(&connection, &entry(instant(), "new", vec![person])).await.expect("appended");
        let by = registrar();
        let erasure = Erasure { person, by: &by, reason: "court order 18", now: instant() };
        assert_eq!(audit::erase(&connection, &erasure).await.expect("erased"), Erased { batches: 2, mentions: 2 });
        settle(&connection).await;
        let report = audit::verify(&connection, &Proof::default()).await.expect("read");
        assert!(report.findings.is_empty(), "{report:?}");
        for operation in ["linked", "new"] {
            assert_eq!(records_of(&connection, operation).await[0]["subjects"], json!([null]), "{operation}");
        }
    }
}

#[tokio::test]
async fn an_erasure_that_nobody_recorded_is_found() {
    for database in harness::fresh_databases().await {
        let connection = connect(&database).await;
        let person = Uuid::from_u128(7);
        audit::append(&connection, &entry(instant(), "seen", vec![person])).await.expect("appended");
        let by = registrar();
        audit::erase(&connection, &Erasure { person, by: &by, reason: "x", now: instant() }).await.expect("erased");
        settle(&connection).await;
        // The record of the erasure is dropped, as one would who wants to hide whom they read.
        run(&connection, "DELETE FROM audit_batches WHERE number = 2").await;
        let report = audit::verify(&connection, &Proof::default()).await.expect("read");
        assert!(report.findings.iter().any(|finding| finding.number == 1 && finding.what.contains("taken out of it")), "{report:?}");
    }
}
