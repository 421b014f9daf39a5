//! What the role of a server needs, and what it cannot do with it.

use std::time::{Duration, Instant};

use civigrid::config::Secret;
use civigrid::store::Backend;
use sea_orm::ConnectionTrait;

use super::{connect, number, on, run};
use crate::harness::{self, App, TestDatabase};
use crate::schema::root;

/// The grants that the administrator's page tells, for another role.
fn grants(role: &str) -> Vec<String> {
    let page = std::fs::read_to_string(root().join("docs/administrator.md")).expect("the page");
    let block = page.split("```sql\n").find(|block| block.starts_with("GRANT INSERT ON audit_batches")).expect("the grants");
    let lines = block.lines().take_while(|line| *line != "```");
    lines.map(|line| line.replace("TO civigrid;", &format!("TO {role}"))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_grants_that_the_documents_tell_are_enough_to_keep_the_log_and_not_to_change_it() {
    for database in harness::fresh_databases().await.into_iter().filter(|database| database.backend == Backend::Postgres) {
        let owner = connect(&database).await;
        let role = format!("keeper_{}", std::process::id());
        run(&owner, &format!("CREATE ROLE {role} LOGIN")).await;
        run(&owner, &format!("GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}")).await;
        let url = {
            let (scheme, rest) = database.url.split_once("//").expect("an address");
            format!("{scheme}//{role}@{}", rest.split_once('@').expect("a user").1)
        };
        let app = App::start_with(&database, |config| {
            on(config);
            config.database.url = Secret::new(url.clone());
        })
        .await;
        let question = "query Kept { persons(first: 2) { nodes { name } } }";
        let refused = app.of("street_operator").query(question).await;
        assert_eq!((refused.status, refused.code()), (503, "AUDIT_UNAVAILABLE"), "without the right to record nothing personal is given");
        for grant in grants(&role) {
            run(&owner, &grant).await;
        }
        app.of("street_operator").query(question).await.data();
        let begun = Instant::now();
        let found = "SELECT count(*) AS v FROM audit_records WHERE operation = 'Kept'";
        while number(&owner, found).await == 0 {
            assert!(begun.elapsed() < Duration::from_secs(30), "the server cannot link and index");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        assert_eq!(number(&owner, "SELECT count(*) AS v FROM audit_batches_2026_06").await, 1, "it makes partitions");
        let own = connect(&TestDatabase::at(&database, &url)).await;
        for change in [
            "UPDATE audit_batches SET body = ''",
            "UPDATE audit_batches SET subjects = ''",
            "DELETE FROM audit_batches",
            "DELETE FROM audit_checkpoints",
            "UPDATE audit_records SET account = 'somebody else'",
            "DELETE FROM audit_accesses",
            "DROP TABLE audit_batches_2026_06",
            "INSERT INTO audit_anchors VALUES (1, 0, NULL, '')",
        ] {
            assert!(own.execute_unprepared(change).await.is_err(), "{change}");
        }
        drop(app);
        own.close().await.expect("closed");
        run(&owner, &format!("DROP OWNED BY {role}")).await;
        run(&owner, &format!("DROP ROLE {role}")).await;
    }
}
