//! What the server counts. Labels come from closed lists, so their number is bounded whatever callers send.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use metrics::{Counter, Histogram, Unit};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

use super::Service;
use super::refusal::Code;
use crate::graph::{Cost, Outcome};

/// What was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Route {
    Graphql,
    Schema,
    Health,
    Metrics,
    Page,
    Other,
}

impl Route {
    const ALL: [Self; 6] = [Self::Graphql, Self::Schema, Self::Health, Self::Metrics, Self::Page, Self::Other];

    pub(super) fn of(path: &str) -> Self {
        match path {
            "/graphql" => Self::Graphql,
            "/schema.graphql" => Self::Schema,
            "/health/live" | "/health/ready" => Self::Health,
            "/metrics" => Self::Metrics,
            "/" => Self::Page,
            _ => Self::Other,
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Graphql => "graphql",
            Self::Schema => "schema",
            Self::Health => "health",
            Self::Metrics => "metrics",
            Self::Page => "page",
            Self::Other => "other",
        }
    }

    /// True for what machines ask every few seconds.
    pub(super) fn is_probe(self) -> bool {
        matches!(self, Self::Health | Self::Metrics)
    }
}

/// How a request ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// Something other than the graph was given.
    Served,
    /// The graph answered.
    Answer(Outcome),
    /// HTTP refused.
    Refusal(Code),
}

impl Ending {
    const ALL: [Self; 20] = [
        Self::Served,
        Self::Answer(Outcome::Complete),
        Self::Answer(Outcome::Partial),
        Self::Answer(Outcome::NotGraphql),
        Self::Answer(Outcome::Refused),
        Self::Answer(Outcome::ChangeNotAllowed),
        Self::Answer(Outcome::Failed),
        Self::Answer(Outcome::TimedOut),
        Self::Answer(Outcome::Busy),
        Self::Refusal(Code::Unauthenticated),
        Self::Refusal(Code::RateLimited),
        Self::Refusal(Code::BodyTooLarge),
        Self::Refusal(Code::UnsupportedMediaType),
        Self::Refusal(Code::NotAcceptable),
        Self::Refusal(Code::BadRequest),
        Self::Refusal(Code::Timeout),
        Self::Refusal(Code::Internal),
        Self::Refusal(Code::NotFound),
        Self::Refusal(Code::MethodNotAllowed),
        Self::Refusal(Code::NotReady),
    ];

    /// The place in [`Self::ALL`].
    fn index(self) -> usize {
        match self {
            Self::Served => 0,
            Self::Answer(outcome) => 1 + outcome as usize,
            Self::Refusal(code) => 9 + code as usize,
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Served => "served",
            Self::Answer(Outcome::Complete) => "complete",
            Self::Answer(Outcome::Partial) => "partial",
            Self::Answer(Outcome::NotGraphql) => "not_graphql",
            Self::Answer(Outcome::Refused) => "refused",
            Self::Answer(Outcome::ChangeNotAllowed) => "change_not_allowed",
            Self::Answer(Outcome::Failed) => "failed",
            Self::Answer(Outcome::TimedOut) => "timed_out",
            Self::Answer(Outcome::Busy) => "busy",
            Self::Refusal(code) => code.word(),
        }
    }
}

/// Handles taken once, so that counting a request looks nothing up.
pub(super) struct Metrics {
    exporter: PrometheusHandle,
    requests: Vec<[Counter; Ending::ALL.len()]>,
    seconds: Vec<Histogram>,
    statements: Counter,
    rows: Counter,
    nodes: Counter,
    withheld: Counter,
    panics: Counter,
}

impl Metrics {
    pub(super) fn new() -> Self {
        let exporter = exporter();
        describe();
        Self {
            requests: Route::ALL
                .map(|route| {
                    Ending::ALL
                        .map(|ending| metrics::counter!("civigrid_requests_total", "route" => route.name(), "outcome" => ending.name()))
                })
                .into(),
            seconds: Route::ALL.map(|route| metrics::histogram!("civigrid_request_seconds", "route" => route.name())).into(),
            statements: metrics::counter!("civigrid_statements_total"),
            rows: metrics::counter!("civigrid_rows_total"),
            nodes: metrics::counter!("civigrid_nodes_asked_total"),
            withheld: metrics::counter!("civigrid_withheld_fields_total"),
            panics: metrics::counter!("civigrid_panics_total"),
            exporter,
        }
    }

    pub(super) fn answered(&self, route: Route, ending: Ending, took: Duration, cost: &Cost) {
        self.requests[route as usize][ending.index()].increment(1);
        self.seconds[route as usize].record(took.as_secs_f64());
        if route == Route::Graphql {
            self.statements.increment(cost.statements.into());
            self.rows.increment(cost.rows);
            self.nodes.increment(cost.nodes);
            self.withheld.increment(cost.withheld.into());
        }
    }

    pub(super) fn panicked(&self) {
        self.panics.increment(1);
    }

    /// Sums up what was recorded since, so that it does not pile up where nobody reads the metrics.
    pub(super) fn tidy(&self) {
        self.exporter.run_upkeep();
    }
}

pub(super) async fn show(State(service): State<Arc<Service>>) -> Response {
    let text = service.metrics.exporter.render();
    ([(CONTENT_TYPE, HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8"))], text).into_response()
}

/// The process's one recorder: every layer counts by `metrics::counter!`, and here it is read. What is counted before the
/// first call is lost.
pub(super) fn exporter() -> PrometheusHandle {
    /// In seconds: most answers take about a millisecond, none more than the time limit.
    const BUCKETS: [f64; 14] = [0.0005, 0.001, 0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.125, 0.25, 0.5, 1.0, 4.0, 15.0];
    static EXPORTER: OnceLock<PrometheusHandle> = OnceLock::new();
    let install = || {
        let builder = PrometheusBuilder::new();
        let builder = builder.set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &BUCKETS).unwrap_or_default();
        let recorder = builder.build_recorder();
        let handle = recorder.handle();
        if metrics::set_global_recorder(recorder).is_err() {
            tracing::warn!("somebody else installed a metrics recorder; /metrics stays empty");
        }
        handle
    };
    EXPORTER.get_or_init(install).clone()
}

fn describe() {
    metrics::describe_counter!("civigrid_requests_total", "Requests, by route and outcome");
    metrics::describe_histogram!("civigrid_request_seconds", Unit::Seconds, "Time to answer, by route");
    metrics::describe_counter!("civigrid_statements_total", "SQL statements run for requests");
    metrics::describe_counter!("civigrid_rows_total", "Rows the database gave for requests");
    metrics::describe_counter!("civigrid_nodes_asked_total", "Nodes that the documents could have given at most");
    metrics::describe_counter!("civigrid_withheld_fields_total", "Fields withheld by the policy");
    metrics::describe_counter!("civigrid_tokens_verified_total", "Tokens whose signature was checked; others were remembered");
    metrics::describe_counter!("civigrid_key_fetches_total", "Fetches of an issuer's keys, by issuer and outcome");
    metrics::describe_gauge!("civigrid_keys_fetched_timestamp_seconds", "When an issuer's keys were last fetched, in seconds since 1970");
    metrics::describe_counter!("civigrid_account_looks_total", "Looks at the register of accounts, by outcome");
    metrics::describe_counter!("civigrid_panics_total", "Requests that ended by a defect of the program");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_ending_and_route_has_its_own_place() {
        for (index, ending) in Ending::ALL.into_iter().enumerate() {
            assert_eq!(ending.index(), index, "{}", ending.name());
        }
        for (index, route) in Route::ALL.into_iter().enumerate() {
            assert_eq!(route as usize, index);
        }
    }
}
