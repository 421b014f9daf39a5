//! Guards: what asks too much or makes no sense is refused quickly, with a code and a sentence that helps.

use std::time::{Duration, Instant};

use civigrid::graph::{Engine, ErrorCode, Limits, Request};
use civigrid::policy::Policy;
use civigrid::store::{Database, Settings};
use futures::future::join_all;
use serde_json::{Value, json};

use crate::harness::{self, App, TestDatabase, Who};

/// Longer than this no refusal may take, on a machine that does other things too.
const QUICK: Duration = Duration::from_millis(1_000);

/// A name, a document that asks too much or makes no sense, its variables, the code, and a word of the help.
pub(crate) fn hostile() -> Vec<(&'static str, String, Value, &'static str, &'static str)> {
    let nothing = json!({});
    let nested = |levels: usize| {
        format!(
            "{{ regions(first: 1) {}{} }}",
            "{ nodes { children(first: 1) ".repeat(levels),
            "{ totalCount }".to_owned() + &" } }".repeat(levels)
        )
    };
    let aliases =
        |count: usize| format!("{{ {} }}", (0..count).map(|index| format!("a{index}: me {{ kind }}")).collect::<Vec<_>>().join(" "));
    let doubling = {
        let fragments =
            (0..40).map(|index| format!("fragment F{index} on Query {{ ...F{0} ...F{0} }}", index + 1)).collect::<Vec<_>>().join(" ");
        format!("{{ ...F0 }} {fragments} fragment F40 on Query {{ me {{ kind }} }}")
    };
    let costly = "{ regions(first: 1000) { nodes { persons(first: 100) { nodes { cases(first: 10) { nodes { id } } } } } } }";
    let many = |count: usize| (0..count).map(|index| json!(format!("n{index}"))).collect::<Vec<_>>();
    let ids = "query ($ids: [String!]) { cases(filter: { number: { in: $ids } }) { totalCount } }";
    let tests = "query ($or: [CaseFilter!]) { cases(filter: { or: $or }) { totalCount } }".to_owned();
    let six_hundred: Vec<Value> = (0..600).map(|_| json!({ "number": { "eq": "1" } })).collect();
    vec![
        ("an unknown field", "{ cases { nodes { nonsense } } }".to_owned(), nothing.clone(), "GRAPHQL_VALIDATION_FAILED", "nonsense"),
        (
            "an unknown argument",
            "{ cases(nonsense: 1) { totalCount } }".to_owned(),
            nothing.clone(),
            "GRAPHQL_VALIDATION_FAILED",
            "nonsense",
        ),
        ("a wrong literal", "{ cases(first: \"2\") { totalCount } }".to_owned(), nothing.clone(), "GRAPHQL_VALIDATION_FAILED", "Int"),
        (
            "an unknown enum value",
            "{ cases(filter: { state: { eq: NONSENSE } }) { totalCount } }".to_owned(),
            nothing.clone(),
            "GRAPHQL_VALIDATION_FAILED",
            "NONSENSE",
        ),
        ("a wrong variable", "query ($n: Int) { cases(first: $n) { totalCount } }".to_owned(), json!({ "n": "2" }), "BAD_INPUT", "n"),
        (
            "a number too large",
            "query ($n: Int) { cases(first: $n) { totalCount } }".to_owned(),
            json!({ "n": 3_000_000_000u64 }),
            "BAD_INPUT",
            "n",
        ),
        ("a missing variable", "query ($id: ID!) { caseById(id: $id) { id } }".to_owned(), nothing.clone(), "BAD_INPUT", "id"),
        ("an undeclared variable", "{ cases(first: $n) { totalCount } }".to_owned(), nothing.clone(), "GRAPHQL_VALIDATION_FAILED", "n"),
        ("no selection", "{ cases }".to_owned(), nothing.clone(), "GRAPHQL_VALIDATION_FAILED", "subselection"),
        (
            "a bad day",
            "{ persons(filter: { deceasedOn: { eq: \"2026-02-30\" } }) { totalCount } }".to_owned(),
            nothing.clone(),
            "BAD_INPUT",
            "2026-11-23",
        ),
        (
            "a bad instant",
            "{ cases(filter: { openedAt: { gt: \"yesterday\" } }) { totalCount } }".to_owned(),
            nothing.clone(),
            "BAD_INPUT",
            "2026-11-23T08:30:00Z",
        ),
        (
            "a bad region",
            "{ cases(filter: { region: { within: \"5\" } }) { totalCount } }".to_owned(),
            nothing.clone(),
            "BAD_INPUT",
            "12 digits",
        ),
        (
            "another register's id",
            "{ cases(filter: { id: { eq: \"nonsense\" } }) { totalCount } }".to_owned(),
            nothing.clone(),
            "BAD_INPUT",
            "id",
        ),
        (
            "text that no database holds",
            "{ cases(filter: { number: { eq: \"\\u0000\" } }) { totalCount } }".to_owned(),
            nothing.clone(),
            "BAD_INPUT",
            "U+0000",
        ),
        ("a null test", "{ cases(filter: { number: { eq: null } }) { totalCount } }".to_owned(), nothing.clone(), "BAD_INPUT", "isNull"),
        ("a null part", "{ cases(filter: { number: null }) { totalCount } }".to_owned(), nothing.clone(), "BAD_INPUT", "leave"),
        ("a null in a list", ids.to_owned(), json!({ "ids": [null] }), "BAD_INPUT", "ids"),
        (
            "a search in all names",
            "{ persons(filter: { name: { contains: \"王\" } }) { totalCount } }".to_owned(),
            nothing.clone(),
            "BAD_INPUT",
            "within",
        ),
        ("too deep", nested(12), nothing.clone(), "TOO_DEEP", "levels"),
        ("far too deep", nested(2_000), nothing.clone(), "", ""),
        ("too many aliases", aliases(150), nothing.clone(), "TOO_WIDE", "aliases"),
        ("too many aliases by far", aliases(700), nothing.clone(), "TOO_WIDE", "allowed"),
        ("doubling fragments", doubling, nothing.clone(), "TOO_WIDE", "fragments"),
        (
            "fragments in a circle",
            "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }".to_owned(),
            nothing.clone(),
            "GRAPHQL_VALIDATION_FAILED",
            "A",
        ),
        ("too costly", costly.to_owned(), nothing.clone(), "TOO_COSTLY", "regions.nodes.persons"),
        ("a huge document", format!("{{ me {{ kind }} }} # {}", "x".repeat(70_000)), nothing.clone(), "DOCUMENT_TOO_LARGE", "bytes"),
        ("too many tokens", format!("{{ me {{ {} }} }}", "kind ".repeat(11_000)), nothing.clone(), "DOCUMENT_TOO_LARGE", "tokens"),
        ("a list too long", ids.to_owned(), json!({ "ids": many(1_001) }), "BAD_INPUT", "1000"),
        ("too many ids", "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }".to_owned(), json!({ "ids": many(1_001) }), "BAD_INPUT", "1000"),
        ("too many tests", tests, json!({ "or": six_hundred }), "BAD_INPUT", "500"),
        ("no GraphQL", "SELECT 1".to_owned(), nothing.clone(), "GRAPHQL_PARSE_FAILED", ""),
        ("nothing", String::new(), nothing.clone(), "GRAPHQL_PARSE_FAILED", ""),
        ("only fragments", "fragment F on Query { __typename }".to_owned(), nothing.clone(), "", ""),
        ("a subscription", "subscription { cases }".to_owned(), nothing.clone(), "GRAPHQL_VALIDATION_FAILED", ""),
        (
            "deep introspection",
            format!("{{ __schema {{ types {}{} }} }}", "{ fields { type ".repeat(30), "{ name }".to_owned() + &" } }".repeat(30)),
            nothing,
            "",
            "",
        ),
    ]
}

#[tokio::test]
async fn what_asks_too_much_is_refused_quickly_and_helpfully() {
    let known: Vec<&str> = ErrorCode::ALL.iter().map(|code| code.word()).collect();
    let who = Who { regions: Who::of("auditor").regions, ..Who::of("community_secretary") };
    for database in harness::databases().await {
        let app = App::start(&database).await;
        let client = app.as_who(&who);
        let mut unhelpful = Vec::new();
        for (name, document, variables, code, help) in hostile() {
            let begun = Instant::now();
            let answer = client.ask(&document, variables).await;
            let took = begun.elapsed();
            assert!(took < QUICK, "{name} took {took:?}");
            assert!(answer.status < 500 && !answer.errors().is_empty(), "{name}: {} {}", answer.status, answer.text);
            assert!(known.contains(&answer.code()) && answer.code() != "INTERNAL", "{name}: {}", answer.text);
            assert_eq!(answer.errors()[0]["extensions"]["requestId"], "test", "{name}");
            if !(code.is_empty() || answer.code() == code) || !answer.message().contains(help) || answer.message().len() < 16 {
                unhelpful.push(format!("{name}: {}", answer.text));
            }
        }
        assert!(unhelpful.is_empty(), "{}", unhelpful.join("\n"));
        assert_eq!(client.query("{ me { kind } }").await.data()["me"]["kind"], "PERSON", "the server still answers");
    }
}

#[tokio::test]
async fn the_budget_gives_a_figure_for_every_path() {
    for database in harness::databases().await {
        let app = App::start(&database).await;
        let client = app.of("auditor");
        let answer = client
            .query("{ a: cases(first: 1000) { nodes { events(first: 60) { nodes { id } } } } b: cases(first: 10) { nodes { id } } }")
            .await;
        assert_eq!(answer.code(), "TOO_COSTLY");
        assert!(answer.message().contains("a: 1000") && answer.message().contains("a.nodes.events: 60000"), "{}", answer.text);
        assert_eq!(answer.json["data"]["a"], Value::Null);
        assert_eq!(answer.json["data"]["b"]["nodes"].as_array().map(Vec::len), Some(10), "its neighbour is answered");
        let cost = &answer.json["extensions"]["cost"];
        assert_eq!((&cost["requested"], &cost["limit"], &cost["remaining"]), (&json!(10), &json!(50_000), &json!(49_990)));
    }
}

fn limited(database: &TestDatabase, connections: usize, timeout: Duration) -> Database {
    let settings = Settings {
        url: database.url.clone(),
        connections,
        statement_timeout: timeout,
        wait: Duration::from_secs(20),
        keep_after: Duration::ZERO,
        kept_bytes: 0,
    };
    Database::new(settings).expect("the address is one")
}

/// Reads every region for every region of a street's worth of parents: seconds of work.
const HEAVY: &str = "{ regions(first: 200, orderBy: [{ field: NAME }], filter: { or: [{ children: { some: { children: { some: { name: { contains: \"街\" } } } } } }, \
    { persons: { every: { cases: { none: { category: { name: { contains: \"x\" } } } } } } }, { cases: { every: { events: { some: { sequence: { gt: 90 } } } } } }] }) \
    { totalCount nodes { name persons(first: 100, orderBy: [{ field: CREATED_AT }]) { totalCount nodes { id } } cases(first: 100) { totalCount } } } }";

#[tokio::test]
async fn a_statement_that_takes_too_long_is_stopped() {
    let who = Who { regions: Who::of("auditor").regions, ..Who::of("community_secretary") };
    for database in harness::databases().await {
        let heavy = Request { query: HEAVY.to_owned(), ..Request::default() };
        let light = Request { query: "{ cases(first: 1) { nodes { id } } }".to_owned(), ..Request::default() };
        let pool = limited(&database, 1, Duration::from_millis(2));
        let engine = Engine::build(pool, Policy::built_in(), Limits::default()).await.expect("the engine is built");
        for _ in 0..3 {
            let answer = engine.execute(&heavy, &who.caller(), harness::now()).await;
            let body: Value = serde_json::from_slice(&answer.body).expect("JSON");
            assert_eq!(body["errors"][0]["extensions"]["code"], "TIMEOUT", "{:?}: {body}", database.backend);
            // The one connection is whole, or another stands in for it. Two milliseconds may be too little even for this.
            let answer = engine.execute(&light, &who.caller(), harness::now()).await;
            let body: Value = serde_json::from_slice(&answer.body).expect("JSON");
            let code = body["errors"][0]["extensions"]["code"].as_str();
            assert!(code.is_none() || code == Some("TIMEOUT"), "{:?}: {body}", database.backend);
        }
    }
}

#[tokio::test]
async fn the_pool_is_whole_after_requests_that_were_given_up() {
    let who = Who { regions: Who::of("auditor").regions, ..Who::of("community_secretary") };
    for database in harness::databases().await {
        let pool = limited(&database, 2, Duration::from_secs(10));
        let engine = Engine::build(pool, Policy::built_in(), Limits::default()).await.expect("the engine is built");
        let heavy = Request { query: HEAVY.to_owned(), ..Request::default() };
        for _ in 0..4 {
            let caller = who.caller();
            // Given up mostly; a quick machine may answer before.
            let _ = tokio::time::timeout(Duration::from_millis(3), engine.execute(&heavy, &caller, harness::now())).await;
        }
        let answer = harness::execute(&engine, &who, "{ cases { totalCount } households { totalCount } }").await;
        let body: Value = serde_json::from_slice(&answer.body).expect("JSON");
        assert_eq!(body["data"]["cases"]["totalCount"], harness::rows().cases.len(), "{body}");
    }
}

#[tokio::test]
async fn more_requests_than_connections_are_all_answered() {
    for database in harness::databases().await {
        let app = App::start_with(&database, |config| config.database.max_connections = 2).await;
        let client = app.of("auditor");
        let document = "{ cases(first: 50) { totalCount nodes { id events(first: 20) { nodes { id } } } } caseStats(groupBy: [{ field: STATE }]) { nodes { count } } }";
        let first = client.query(document).await;
        let answers: Vec<_> = (0..40).map(|_| client.query(document)).collect();
        for answer in join_all(answers).await {
            assert_eq!(answer.text, first.text);
        }
    }
}
