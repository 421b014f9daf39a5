//! What a client was told of is in the log, whenever the server or PostgreSQL is killed.
//!
//! `CIVIGRID_AUDIT_KILLS` says how often each is killed; a few times without it.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use civigrid::audit::{self, Proof};
use rand::RngExt as _;
use rand::SeedableRng as _;
use rand_chacha::ChaCha8Rng;
use serde_json::json;

use super::{column, connect, on, settle};
use crate::harness::{self, App, OwnPostgres, Program, TestDatabase, Who};

fn kills() -> u64 {
    harness::asked_for("CIVIGRID_AUDIT_KILLS").unwrap_or(3)
}

/// Callers who ask without pause, each with names of operations of their own.
#[derive(Clone, Default)]
struct Load {
    next: Arc<AtomicU64>,
    answered: Arc<Mutex<BTreeSet<String>>>,
    over: Arc<AtomicBool>,
}

impl Load {
    /// Asks until it is over. What comes of a request that is cut off is of no interest, only what was answered.
    async fn ask(self, base: String, token: String) {
        let client = reqwest::Client::new();
        while !self.over.load(Ordering::Relaxed) {
            let name = format!("Asked{}", self.next.fetch_add(1, Ordering::Relaxed));
            let document = format!("query {name} {{ persons(first: 2) {{ nodes {{ name }} }} }}");
            let sent = client
                .post(format!("{base}/graphql"))
                .bearer_auth(&token)
                .timeout(Duration::from_secs(10))
                .json(&json!({ "query": document }))
                .send()
                .await;
            let Ok(response) = sent else {
                tokio::time::sleep(Duration::from_millis(5)).await;
                continue;
            };
            if let Ok(text) = response.text().await
                && text.contains("\"nodes\":[{\"name\":")
            {
                self.answered.lock().expect("whole").insert(name);
            }
        }
    }

    fn start(&self, base: &str, token: &str) -> Vec<tokio::task::JoinHandle<()>> {
        self.over.store(false, Ordering::Relaxed);
        (0..8).map(|_| tokio::spawn(self.clone().ask(base.to_owned(), token.to_owned()))).collect()
    }

    async fn end(&self, tasks: Vec<tokio::task::JoinHandle<()>>) {
        self.over.store(true, Ordering::Relaxed);
        for task in tasks {
            task.await.expect("it ends");
        }
    }

    /// Every answer has its record, and the chain holds.
    async fn is_recorded(&self, database: &TestDatabase) -> usize {
        let connection = connect(database).await;
        settle(&connection).await;
        let bodies: Vec<Vec<u8>> = column(&connection, "SELECT body AS v FROM audit_batches").await;
        let mut recorded = BTreeSet::new();
        for body in bodies {
            for line in String::from_utf8(body).expect("JSON").lines() {
                let record: serde_json::Value = serde_json::from_str(line).expect("JSON");
                recorded.extend(record["operation"].as_str().map(str::to_owned));
            }
        }
        let answered = self.answered.lock().expect("whole").clone();
        let lost: Vec<_> = answered.difference(&recorded).collect();
        assert!(lost.is_empty(), "{:?}: {} of {} answers have no record: {lost:?}", database.backend, lost.len(), answered.len());
        let report = audit::verify(&connection, &Proof::default()).await.expect("read");
        assert!(report.findings.is_empty(), "{report:?}");
        answered.len()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn killing_the_server_under_load_loses_no_record_of_an_answer() {
    let mut dice = ChaCha8Rng::seed_from_u64(1);
    for database in harness::fresh_databases().await {
        let load = Load::default();
        for _ in 0..kills() {
            // Dropping it kills it.
            let program =
                Program::serve(&database, "[audit]\nenabled = true\n[log]\nfilter = \"civigrid=info\"\n[rate_limit]\nenabled = false")
                    .await;
            let tasks = load.start(&format!("http://{}", program.address()), &token());
            tokio::time::sleep(Duration::from_millis(dice.random_range(200..900))).await;
            drop(program);
            load.end(tasks).await;
        }
        let answered = load.is_recorded(&database).await;
        assert!(answered > 10, "{answered} answers");
        report(&format!("{:?}: server killed {} times, {answered} answers, none without a record", database.backend, kills()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn killing_postgresql_under_load_loses_no_record_of_an_answer() {
    let mut dice = ChaCha8Rng::seed_from_u64(2);
    let Some(mut server) = OwnPostgres::start("killed").await else { return };
    let database = server.filled().await;
    let app = App::start_with(&database, |config| {
        on(config);
        config.database.acquire_timeout_ms = 500;
    })
    .await;
    let load = Load::default();
    for _ in 0..kills() {
        let tasks = load.start(app.base(), &Who::of("street_operator").token().expect("a token"));
        tokio::time::sleep(Duration::from_millis(dice.random_range(200..1_000))).await;
        server.kill();
        tokio::time::sleep(Duration::from_millis(dice.random_range(0..200))).await;
        server.restart().await;
        tokio::time::sleep(Duration::from_millis(300)).await;
        load.end(tasks).await;
    }
    let answered = load.is_recorded(&database).await;
    assert!(answered > 10, "{answered} answers");
    report(&format!("PostgreSQL killed {} times, {answered} answers, none without a record", kills()));
}

/// A token of now: the process reads the system's clock.
fn token() -> String {
    let now = civigrid::clock::Clock::system(civigrid::config::Config::default().zone).now().instant.timestamp();
    Who::of("street_operator").token_at(now).expect("a token")
}

/// Says a figure past the test runner.
fn report(text: &str) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stderr(), "{text}");
}
