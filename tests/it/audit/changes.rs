//! Records of changes, in the changes' own transactions, and the order of their numbers.

use civigrid::audit::{self, Proof};
use civigrid::policy::Account;
use civigrid::store::accounts::{self, Deed, Ended, Grant};
use sea_orm::TransactionTrait;

use super::{connect, entry, number, records};
use crate::harness::{self, instant};

#[tokio::test]
async fn a_changes_record_is_committed_with_it_or_not_at_all() {
    for database in harness::fresh_databases().await {
        let connection = connect(&database).await;
        let transaction = connection.begin().await.expect("begun");
        audit::append(&transaction, &entry(instant(), "given up", Vec::new())).await.expect("appended");
        transaction.rollback().await.expect("rolled back");
        let transaction = connection.begin().await.expect("begun");
        audit::append(&transaction, &entry(instant(), "kept", Vec::new())).await.expect("appended");
        transaction.commit().await.expect("committed");
        let records = records(&connection).await;
        assert_eq!(records.iter().map(|record| record["operation"].as_str()).collect::<Vec<_>>(), [Some("kept")]);
    }
}

#[tokio::test]
async fn giving_and_ending_roles_is_recorded() {
    for database in harness::fresh_databases().await {
        let opened = database.open();
        let account = |subject: &str| Account { issuer: "https://login.example".to_owned(), subject: subject.to_owned() };
        let deed = Deed { by: account("wang"), reason: "new post".to_owned(), now: instant() };
        let person = harness::rows().persons[0].id.uuid();
        let given = Grant {
            account: account("li"),
            role: "auditor".to_owned(),
            regions: Vec::new(),
            board: None,
            department: None,
            projects: Vec::new(),
            person: Some(person),
            from: None,
            to: None,
            deed: deed.clone(),
        };
        accounts::grant(&opened, &given, &["auditor"]).await.expect("given");
        accounts::end(&opened, &Ended::Of(account("li"), None), None, &deed).await.expect("ended");
        let records = records(&connect(&database).await).await;
        let told: Vec<_> =
            records.iter().map(|record| (record["operation"].as_str(), record["kind"].as_str(), record["account"].as_str())).collect();
        assert_eq!(told, [(Some("account grant"), Some("CHANGE"), Some("wang")), (Some("account end"), Some("CHANGE"), Some("wang"))]);
        assert!(records.iter().all(|record| record["subjects"] == serde_json::json!([super::id_of(person)])), "{records:?}");
    }
}

#[tokio::test]
async fn numbers_follow_the_commits_and_a_late_one_is_not_passed_over() {
    for database in harness::fresh_databases().await {
        let connection = connect(&database).await;
        // SQLite has one writer, so that nothing there commits out of turn.
        if database.backend == civigrid::store::Backend::Postgres {
            let early = connection.begin().await.expect("begun");
            audit::append(&early, &entry(instant(), "began first", Vec::new())).await.expect("appended");
            let other = connect(&database).await;
            audit::append(&other, &entry(instant(), "committed first", Vec::new())).await.expect("appended");
            while audit::link(&other).await.expect("linked") {}
            assert_eq!(number(&other, "SELECT number AS v FROM audit_chain").await, 1);
            early.commit().await.expect("committed");
        } else {
            audit::append(&connection, &entry(instant(), "committed first", Vec::new())).await.expect("appended");
            while audit::link(&connection).await.expect("linked") {}
            audit::append(&connection, &entry(instant(), "began first", Vec::new())).await.expect("appended");
        }
        let records = records(&connection).await;
        let order: Vec<_> = records.iter().map(|record| (record["number"].as_i64(), record["operation"].as_str())).collect();
        assert_eq!(order, [(Some(1), Some("committed first")), (Some(2), Some("began first"))]);
        let report = audit::verify(&connection, &Proof::default()).await.expect("read");
        assert!(report.findings.is_empty() && report.batches == 2, "{report:?}");
    }
}

#[tokio::test]
async fn linkers_of_many_servers_give_each_number_once() {
    for database in harness::fresh_databases().await {
        let connection = connect(&database).await;
        let mut work = Vec::new();
        for server in 0..4 {
            let own = connect(&database).await;
            work.push(async move {
                for turn in 0..25 {
                    // On SQLite another may be writing for longer than it is waited for.
                    let mut tries = 0;
                    while let Err(error) = audit::append(&own, &entry(instant(), &format!("{server}.{turn}"), Vec::new())).await {
                        tries += 1;
                        assert!(tries < 100, "{error}");
                    }
                    let _ = audit::link(&own).await;
                }
            });
        }
        futures::future::join_all(work).await;
        assert_eq!(records(&connection).await.len(), 100);
        let report = audit::verify(&connection, &Proof::default()).await.expect("read");
        assert!(report.findings.is_empty() && report.numbers == Some((1, 100)), "{report:?}");
    }
}
