//! The metrics count what was asked, and the dashboard shows exactly what there is.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::Value;

use super::{VALUE, question};
use crate::harness::{self, Program, Response, Who};
use crate::schema::root;
use crate::tidy::files_in;

/// The value of a metric with these labels.
#[track_caller]
fn value(metrics: &str, name: &str) -> f64 {
    let line = metrics.lines().find(|line| line.strip_prefix(name).is_some_and(|rest| rest.starts_with(' ')));
    line.unwrap_or_else(|| panic!("no {name} in\n{metrics}")).rsplit(' ').next().and_then(|text| text.parse().ok()).expect("a number")
}

#[tokio::test]
async fn the_metrics_count_what_was_asked() {
    for database in harness::databases().await {
        let program = Program::serve(&database, "[server]\nmetrics_operations = 1").await;
        let secretary = program.as_who(&Who::of("community_secretary"));
        let mut rows = 0;
        for _ in 0..3 {
            let answer = secretary.post(&question()).await;
            rows += answer.data()["households"]["nodes"].as_array().expect("rows").len() + 1;
        }
        assert_eq!(secretary.query("query Another { me { kind } }").await.status, 200);
        assert_eq!(program.as_who(&Who::anonymous()).query("query Screen { me { kind } }").await.status, 200);
        assert_eq!(program.as_who(&Who::anonymous()).query("{ cases { totalCount } }").await.status, 200);
        let street = program.as_who(&Who::of("street_operator"));
        assert_eq!(street.query("{ persons(first: 1, orderBy: [{ field: NAME }]) { nodes { id } } }").await.code(), "FIELD_WITHHELD");
        street.query("{ persons(first: 1) { nodes { phone } } }").await.data();
        assert_eq!(street.query("{ nonsense }").await.code(), "GRAPHQL_VALIDATION_FAILED");
        assert_eq!(street.get("/nothing").await.status, 404);
        let forged = Response::of(program.as_who(&Who::anonymous()).request(Method::POST, "/graphql").bearer_auth("x")).await;
        assert_eq!(forged.status, 401);

        let metrics = street.get("/metrics").await.text;
        for (name, expected) in [
            ("civigrid_operation_seconds_count{operation=\"Screen\"}", 4.0),
            ("civigrid_operation_seconds_count{operation=\"(other)\"}", 1.0),
            ("civigrid_operation_seconds_count{operation=\"(unnamed)\"}", 3.0),
            ("civigrid_requests_total{route=\"graphql\",outcome=\"partial\"}", 1.0),
            ("civigrid_requests_total{route=\"graphql\",outcome=\"complete\"}", 7.0),
            ("civigrid_statements_total", 10.0),
            ("civigrid_statement_seconds_count", 10.0),
            ("civigrid_withheld_fields_total", 4.0),
            ("civigrid_registers_without_rows_total", 1.0),
            ("civigrid_errors_total{code=\"FIELD_WITHHELD\"}", 1.0),
            ("civigrid_errors_total{code=\"GRAPHQL_VALIDATION_FAILED\"}", 1.0),
            ("civigrid_errors_total{code=\"NOT_FOUND\"}", 1.0),
            ("civigrid_errors_total{code=\"UNAUTHENTICATED\"}", 1.0),
            ("civigrid_errors_total{code=\"TOO_DEEP\"}", 0.0),
            ("civigrid_documents_total{result=\"kept\"}", 2.0),
            ("civigrid_documents_total{result=\"read\"}", 7.0),
            ("civigrid_documents_kept", 6.0),
            ("civigrid_pool_limit", 4.0),
            ("civigrid_pool_connections{state=\"in_use\"}", 0.0),
            ("civigrid_pool_waiting", 0.0),
            ("civigrid_tokens_verified_total", 2.0),
            ("civigrid_panics_total", 0.0),
            (concat!("civigrid_build_info{version=\"", env!("CARGO_PKG_VERSION"), "\"}"), 1.0),
        ] {
            assert_eq!(value(&metrics, name), expected, "{name}");
        }
        assert!(value(&metrics, "civigrid_rows_total") >= rows as f64);
        assert!(value(&metrics, "civigrid_pool_connections{state=\"idle\"}") >= 1.0);
        assert!(value(&metrics, "civigrid_started_seconds") > 1.7e9);
        assert!(!metrics.contains(VALUE) && !metrics.contains("Another") && !metrics.contains("test-"));
    }
}

#[tokio::test]
async fn callers_who_are_refused_for_asking_too_often_are_counted() {
    let database = harness::databases().await.remove(0);
    let program = Program::serve(&database, "[rate_limit]\nburst = 1\nper_second = 1\nanonymous_burst = 1\nanonymous_per_second = 1").await;
    for who in [Who::of("auditor"), Who::anonymous()] {
        for _ in 0..5 {
            program.as_who(&who).query("{ __typename }").await;
        }
    }
    let metrics = program.as_who(&Who::anonymous()).get("/metrics").await.text;
    for caller in ["account", "network"] {
        assert!(value(&metrics, &format!("civigrid_rate_limited_total{{caller=\"{caller}\"}}")) >= 3.0);
    }
    assert!(value(&metrics, "civigrid_errors_total{code=\"RATE_LIMITED\"}") >= 6.0);
}

/// The names in a text that begin like our metrics, without the endings of a histogram's parts.
fn names(text: &str) -> BTreeSet<String> {
    let words = text.split(|sign: char| !sign.is_ascii_alphanumeric() && sign != '_').filter(|word| word.starts_with("civigrid_"));
    let bare = |word: &str| ["_bucket", "_sum", "_count"].iter().find_map(|end| word.strip_suffix(end)).unwrap_or(word).to_owned();
    words.map(bare).collect()
}

/// The metrics that the code counts.
fn counted() -> BTreeSet<String> {
    let texts = files_in(&root().join("api/src")).into_iter().map(|path| std::fs::read_to_string(path).expect("readable"));
    let named = |text: String| -> Vec<String> {
        let calls = text.split("!(\"civigrid_").skip(1).filter_map(|rest| rest.split('"').next());
        calls.map(|name| format!("civigrid_{name}")).collect()
    };
    texts.flat_map(named).collect()
}

#[tokio::test]
async fn the_dashboard_names_the_metrics_that_there_are_and_the_documents_explain_them() {
    let database = harness::databases().await.remove(0);
    let program = Program::serve(&database, "").await;
    let client = program.as_who(&Who::of("community_secretary"));
    client.post(&question()).await.data();
    let metrics = client.get("/metrics").await.text;
    // Some are there only once an issuer's keys were fetched: the code says which there can be.
    let known = counted();
    let told: BTreeSet<String> =
        metrics.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split(' ').next()).map(str::to_owned).collect();
    assert!(told.len() >= 20 && told.is_subset(&known), "{told:?} {known:?}");

    let dashboard = std::fs::read_to_string(root().join("ops/grafana-dashboard.json")).expect("readable");
    let dashboard: Value = serde_json::from_str(&dashboard).expect("JSON");
    let panels = dashboard["panels"].as_array().expect("panels");
    let expressions: Vec<&str> = panels
        .iter()
        .flat_map(|panel| panel["targets"].as_array().expect("targets"))
        .map(|target| target["expr"].as_str().expect("an expression"))
        .collect();
    assert_eq!(names(&expressions.join("\n")), known);

    let document = std::fs::read_to_string(root().join("docs/administrator.md")).expect("readable");
    let explained = names(&document);
    let unexplained: Vec<_> = known.difference(&explained).collect();
    assert!(unexplained.is_empty(), "docs/administrator.md does not explain {unexplained:?}");
    let labels = ["operation", "route", "outcome", "code", "state", "caller", "result", "issuer", "version", "le", "quantile"];
    for line in metrics.lines().filter(|line| !line.starts_with('#')) {
        let inner = line.split_once('{').and_then(|(_, rest)| rest.split_once('}')).map_or("", |(inner, _)| inner);
        for label in inner.split(',').filter_map(|label| label.split_once('=')).map(|(name, _)| name) {
            assert!(labels.contains(&label), "{line}");
        }
    }
}
