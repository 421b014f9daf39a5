//! A changed policy comes into force while requests run, whole or not at all.

use std::path::Path;
use std::time::{Duration, Instant};

use civigrid::graph::{Engine, Limits};
use civigrid::policy::{BUILT_IN, Policy};
use futures::future::join_all;
use serde_json::Value;

use crate::harness::{self, Program, Who, program};

/// What a street operator is shown of people, in the built-in policy's words, and a policy that shows less.
fn policies() -> (String, String) {
    let narrow = "version = 1\n\n[role.street_operator]\ntitle = \"Street\"\n\n[[role.street_operator.grant]]\nregister = \"person\"\nrows = [\"region\"]\nshow = [\"sex\", \"ageBand\"]\n";
    (BUILT_IN.to_owned(), narrow.to_owned())
}

const QUESTION: &str = "{ persons(first: 20) { nodes { sex name phone ageBand } } cases { totalCount } households { totalCount } }";

/// Asks until the answer is as wanted.
async fn until(program: &Program, wanted: impl Fn(&Value) -> bool) {
    let begun = Instant::now();
    loop {
        let answer = program.as_who(&Who::of("street_operator")).query(QUESTION).await;
        if wanted(&answer.data()["cases"]["totalCount"]) {
            return;
        }
        assert!(begun.elapsed() < Duration::from_secs(30), "{}\n{}", answer.text, program.log_text());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

fn write(path: &Path, text: &str) {
    std::fs::write(path, text).expect("the workplace can be written to");
}

#[tokio::test]
async fn a_running_server_takes_a_changed_file_and_keeps_the_old_policy_where_the_new_is_none() {
    let database = harness::databases().await.remove(0);
    let file = program::directory("reload").join("policy.toml");
    let (wide, narrow) = policies();
    write(&file, &wide);
    let settings = format!("policy_file = {:?}", file.to_str().expect("UTF-8"));
    let program = Program::serve(&database, &settings).await;
    until(&program, |cases| cases.as_i64() > Some(0)).await;
    write(&file, &narrow);
    until(&program, |cases| *cases == 0).await;
    // A policy that cannot be used is told once with its line, and changes nothing.
    write(&file, &narrow.replace("\"ageBand\"", "\"agebant\""));
    let begun = Instant::now();
    while !program.log_text().contains("the one before stays in force") {
        assert!(begun.elapsed() < Duration::from_secs(30), "{}", program.log_text());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(program.log_text().contains("policy.toml:9"), "{}", program.log_text());
    until(&program, |cases| *cases == 0).await;
    // SIGHUP has it read at once.
    write(&file, &wide);
    program.hang_up();
    until(&program, |cases| cases.as_i64() > Some(0)).await;
    let metrics = program.as_who(&Who::anonymous()).get("/metrics").await.text;
    assert!(metrics.contains("civigrid_policy_loads_total{outcome=\"refused\"} 1"), "{metrics}");
}

#[tokio::test]
async fn a_policy_changes_whole_while_many_ask() {
    let database = harness::databases().await.pop().expect("a database");
    let engine = harness::engine(&database).await;
    let who = Who::of("street_operator");
    let (wide, narrow) = policies();
    let policies = [wide, narrow].map(|text| Policy::parse(&text, "policy.toml").expect("a policy"));
    let mut answers = Vec::new();
    for policy in &policies {
        let alone = Engine::build(database.open(), policy.clone(), Limits::default()).await.expect("the engine is built");
        answers.push(harness::execute(&alone, &who, QUESTION).await.body);
    }
    assert_ne!(answers[0], answers[1]);
    let done = std::cell::Cell::new(false);
    let change = async {
        for turn in 0..50 {
            engine.enforce(policies[(turn + 1) % 2].clone());
            tokio::time::sleep(Duration::from_millis(3)).await;
        }
        done.set(true);
    };
    let ask = || async {
        let mut seen = [0, 0];
        while !done.get() {
            let body = harness::execute(&engine, &who, QUESTION).await.body;
            let which = answers.iter().position(|answer| *answer == body);
            seen[which.unwrap_or_else(|| panic!("of neither policy: {body:?}"))] += 1;
        }
        seen
    };
    let (seen, ()) = tokio::join!(join_all((0..4).map(|_| ask())), change);
    let both = seen.iter().fold([0, 0], |sum, seen| [sum[0] + seen[0], sum[1] + seen[1]]);
    assert!(both[0] > 5 && both[1] > 5, "{both:?}");
    assert_eq!(harness::execute(&engine, &who, QUESTION).await.body, answers[0], "the last one holds");
}
