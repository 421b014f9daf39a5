//! Slow requests are logged with their statements, and with nothing of anybody.

use std::time::{Duration, Instant};

use civigrid::graph::{Outcome, Request};
use civigrid::store::Backend;
use serde_json::Value;

use super::{DOCUMENT, VALUE, question};
use crate::harness::{self, Program, Who};

#[tokio::test]
async fn a_slow_request_is_logged_with_its_statements_and_without_values() {
    for database in harness::databases().await {
        let program = Program::serve(&database, "[log]\nslow_query_ms = 0").await;
        let who = Who::of("community_secretary");
        let client = program.as_who(&who);
        client.post(&question()).await.data();
        client.post(&question()).await.data();
        let events: Vec<Value> = program.events().into_iter().filter(|event| event["target"] == "civigrid::slow").collect();
        let (requests, statements): (Vec<_>, Vec<_>) = events.iter().partition(|event| event["message"] == "slow request");
        assert_eq!((requests.len(), statements.len()), (2, 6));
        let document = requests[0]["document"].as_str().expect("a digest");
        assert!(document.len() == 16 && document.bytes().all(|byte| byte.is_ascii_hexdigit()) && requests[1]["document"] == document);
        assert_eq!((&requests[0]["operation"], &requests[0]["statements"]), (&"Screen".into(), &3.into()));
        let placeholder = if database.backend == Backend::Postgres { "$1" } else { "?1" };
        for (index, statement) in statements.iter().take(3).enumerate() {
            assert_eq!(statement["statement"], index + 1);
            assert!(statement["milliseconds"].as_f64().is_some_and(|time| time >= 0.0) && statement["rows"].is_u64());
            assert!(statement["sql"].as_str().is_some_and(|sql| sql.starts_with("SELECT ") && sql.contains(placeholder)), "{statement}");
        }
        let log = program.log_text();
        let region = who.regions[0].to_string();
        for secret in [VALUE, region.as_str(), client.token.as_deref().expect("a token"), "test-community_secretary"] {
            assert!(!log.contains(secret), "{secret} is in the log");
        }
    }
}

#[tokio::test]
async fn a_quick_request_is_not_slow() {
    for database in harness::databases().await {
        let program = Program::serve(&database, "[log]\nslow_query_ms = 60000").await;
        program.as_who(&Who::of("auditor")).query("{ me { kind } }").await.data();
        assert!(program.events().iter().all(|event| event["target"] != "civigrid::slow"));
    }
}

#[tokio::test]
async fn a_request_that_runs_out_of_time_still_tells_what_it_ran() {
    for database in harness::databases().await {
        let engine = harness::engine(&database).await;
        let variables = question()["variables"].as_object().expect("an object").clone();
        // Long past: timers tell milliseconds, and the whole request may take less than one.
        let deadline = Instant::now().checked_sub(Duration::from_millis(50));
        let request = Request { query: DOCUMENT.to_owned(), variables, deadline, ..Request::default() };
        let who = Who::of("community_secretary").caller();
        let mut answer = engine.execute(&request, &who, harness::now()).await;
        // On a busy machine the database may have answered each time before this thread looks again: then nothing ran out.
        for _ in 0..50 {
            if answer.outcome == Outcome::TimedOut {
                break;
            }
            answer = engine.execute(&request, &who, harness::now()).await;
        }
        assert_eq!(answer.outcome, Outcome::TimedOut);
        assert_eq!(answer.operation.expect("it was read").name.as_deref(), Some("Screen"));
        assert!(answer.runs.iter().any(|run| run.took.is_none()), "{:?}", answer.runs);
        let again = Request { deadline: None, ..request };
        let answer = engine.execute(&again, &Who::of("community_secretary").caller(), harness::now()).await;
        assert_eq!((answer.outcome, answer.runs.len(), answer.statements.len()), (Outcome::Complete, 3, 3), "the pool is in order");
        assert!(answer.runs.iter().all(|run| run.took.is_some()));
        assert_eq!(answer.runs.iter().map(|run| run.rows).sum::<u64>(), answer.cost.rows);
    }
}
