//! What the server counts. Labels come from closed lists, so their number is bounded whatever callers send.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use metrics::{Counter, Histogram, Unit};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

use super::Service;
use super::edge::Told;
use super::operations::Operations;
use super::refusal::Code;
use crate::graph::{Cost, ErrorCode, Outcome};
use crate::store::PoolState;

/// What was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Route {
    Graphql,
    Explain,
    Schema,
    Health,
    Metrics,
    Page,
    Other,
}

impl Route {
    const ALL: [Self; 7] = [Self::Graphql, Self::Explain, Self::Schema, Self::Health, Self::Metrics, Self::Page, Self::Other];

    pub(super) fn of(path: &str) -> Self {
        match path {
            "/graphql" => Self::Graphql,
            "/explain" => Self::Explain,
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
            Self::Explain => "explain",
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
    /// All endings, each at its place.
    fn all() -> impl Iterator<Item = Self> {
        let answers = Outcome::ALL.iter().copied().map(Self::Answer);
        std::iter::once(Self::Served).chain(answers).chain(Code::ALL.iter().copied().map(Self::Refusal))
    }

    /// The place in [`Self::all`].
    fn index(self) -> usize {
        match self {
            Self::Served => 0,
            Self::Answer(outcome) => 1 + outcome as usize,
            Self::Refusal(code) => 1 + Outcome::ALL.len() + code as usize,
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
            Self::Answer(Outcome::Unrecorded) => "unrecorded",
            Self::Refusal(code) => code.word(),
        }
    }
}

/// Handles taken once, so that counting a request looks nothing up.
pub(super) struct Metrics {
    exporter: PrometheusHandle,
    /// By route and ending.
    requests: Vec<Vec<Counter>>,
    seconds: Vec<Histogram>,
    operations: Operations,
    statements: Counter,
    statement_seconds: Histogram,
    kept: Counter,
    rows: Counter,
    nodes: Counter,
    withheld: Counter,
    without_rows: Counter,
    graph_errors: Vec<Counter>,
    refusals: Vec<Counter>,
    panics: Counter,
}

impl Metrics {
    /// `operations` is how many operation names get figures of their own; `started` when the process began to serve.
    pub(super) fn new(operations: usize, started: DateTime<Utc>) -> Self {
        let exporter = exporter();
        describe();
        metrics::gauge!("civigrid_build_info", "version" => env!("CARGO_PKG_VERSION")).set(1.0);
        metrics::gauge!("civigrid_started_seconds").set(started.timestamp() as f64);
        let error = |word: &'static str| metrics::counter!("civigrid_errors_total", "code" => word);
        Self {
            requests: Route::ALL
                .map(|route| {
                    Ending::all()
                        .map(|ending| metrics::counter!("civigrid_requests_total", "route" => route.name(), "outcome" => ending.name()))
                        .collect()
                })
                .into(),
            seconds: Route::ALL.map(|route| metrics::histogram!("civigrid_request_seconds", "route" => route.name())).into(),
            operations: Operations::new(operations),
            statements: metrics::counter!("civigrid_statements_total"),
            kept: metrics::counter!("civigrid_kept_statistics_total"),
            statement_seconds: metrics::histogram!("civigrid_statement_seconds"),
            rows: metrics::counter!("civigrid_rows_total"),
            nodes: metrics::counter!("civigrid_nodes_asked_total"),
            withheld: metrics::counter!("civigrid_withheld_fields_total"),
            without_rows: metrics::counter!("civigrid_registers_without_rows_total"),
            graph_errors: ErrorCode::ALL.iter().map(|code| error(code.word())).collect(),
            refusals: Code::ALL.iter().map(|code| error(code.word())).collect(),
            panics: metrics::counter!("civigrid_panics_total"),
            exporter,
        }
    }

    pub(super) fn answered(&self, route: Route, ending: Ending, took: Duration, told: &Told) {
        self.requests[route as usize][ending.index()].increment(1);
        self.seconds[route as usize].record(took.as_secs_f64());
        if let Ending::Refusal(code) = ending {
            self.refusals[code as usize].increment(1);
        }
        for code in &told.errors {
            self.graph_errors[*code as usize].increment(1);
        }
        if route != Route::Graphql {
            return;
        }
        let Cost { statements, rows, nodes, withheld, without_rows } = told.cost;
        self.statements.increment(statements.into());
        self.rows.increment(rows);
        self.nodes.increment(nodes);
        self.withheld.increment(withheld.into());
        self.without_rows.increment(without_rows.into());
        for run in &told.runs {
            match run.took {
                Some(_) if run.kept => self.kept.increment(1),
                Some(took) => self.statement_seconds.record(took.as_secs_f64()),
                None => {}
            }
        }
        if let Some(operation) = &told.operation {
            let signed_in = told.session.as_ref().is_some_and(|session| session.caller.account.is_some());
            self.operations.answered(operation.name.as_deref(), signed_in, took);
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
    if let Some((pool, documents)) = service.backend.standing() {
        let PoolState { limit, open, idle, waiting } = pool;
        metrics::gauge!("civigrid_pool_limit").set(limit as f64);
        metrics::gauge!("civigrid_pool_connections", "state" => "idle").set(idle as f64);
        metrics::gauge!("civigrid_pool_connections", "state" => "in_use").set(open.saturating_sub(idle) as f64);
        metrics::gauge!("civigrid_pool_waiting").set(waiting as f64);
        metrics::gauge!("civigrid_documents_kept").set(documents as f64);
    }
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
    metrics::describe_histogram!("civigrid_operation_seconds", Unit::Seconds, "Time to answer, by the operation's name");
    metrics::describe_counter!("civigrid_statements_total", "SQL statements run for requests");
    metrics::describe_counter!(
        "civigrid_kept_statistics_total",
        "Statistics answered from a kept result, since nothing they were read from had changed"
    );
    metrics::describe_histogram!("civigrid_statement_seconds", Unit::Seconds, "Time of one SQL statement");
    metrics::describe_counter!("civigrid_rows_total", "Rows the database gave for requests");
    metrics::describe_counter!("civigrid_nodes_asked_total", "Nodes that the documents could have given at most");
    metrics::describe_counter!("civigrid_withheld_fields_total", "Fields withheld by the policy");
    metrics::describe_counter!("civigrid_registers_without_rows_total", "Registers asked of which the caller may see no row");
    metrics::describe_counter!("civigrid_errors_total", "Errors told to callers, by code; FIELD_WITHHELD counts denials");
    metrics::describe_counter!("civigrid_rate_limited_total", "Requests refused by the rate limit, by what was counted");
    metrics::describe_counter!("civigrid_documents_total", "Documents asked for, by whether they were kept prepared or read anew");
    metrics::describe_gauge!("civigrid_documents_kept", "Prepared documents that are kept");
    metrics::describe_gauge!("civigrid_pool_limit", "The most database connections for reading");
    metrics::describe_gauge!("civigrid_pool_connections", "Open database connections for reading, by state");
    metrics::describe_gauge!("civigrid_pool_waiting", "Requests that wait for a database connection");
    metrics::describe_counter!("civigrid_tokens_verified_total", "Tokens whose signature was checked; others were remembered");
    metrics::describe_counter!("civigrid_key_fetches_total", "Fetches of an issuer's keys, by issuer and outcome");
    metrics::describe_gauge!("civigrid_keys_fetched_timestamp_seconds", "When an issuer's keys were last fetched, in seconds since 1970");
    metrics::describe_counter!("civigrid_account_looks_total", "Looks at the register of accounts, by outcome");
    metrics::describe_counter!("civigrid_changes_total", "Changes that callers asked for, by mutation and outcome");
    metrics::describe_counter!("civigrid_break_glass_total", "Emergency accesses that were taken");
    metrics::describe_counter!("civigrid_person_lookups_total", "Persons looked up by id number and name, found or not");
    metrics::describe_counter!("civigrid_notices_total", "Attempts to tell the officer, by outcome");
    metrics::describe_counter!("civigrid_policy_loads_total", "Changed policy files, by whether they could be used");
    metrics::describe_counter!("civigrid_audit_records_total", "Records committed to the audit log");
    metrics::describe_counter!("civigrid_audit_batches_total", "Batches of the audit log, by whether they could be committed");
    metrics::describe_gauge!("civigrid_audit_linked_number", "The number of the audit log's last linked batch");
    metrics::describe_gauge!("civigrid_audit_unindexed_batches", "Linked batches of the audit log that cannot be searched yet");
    metrics::describe_gauge!("civigrid_audit_checkpoint_number", "The number of the audit log's last checkpoint by this server");
    metrics::describe_counter!("civigrid_panics_total", "Requests that ended by a defect of the program");
    metrics::describe_gauge!("civigrid_build_info", "1, with the program's version");
    metrics::describe_gauge!("civigrid_started_seconds", Unit::Seconds, "When the program began to serve, in seconds since 1970");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_ending_and_route_has_its_own_place() {
        for (index, ending) in Ending::all().enumerate() {
            assert_eq!(ending.index(), index, "{}", ending.name());
        }
        for (index, route) in Route::ALL.into_iter().enumerate() {
            assert_eq!(route as usize, index);
        }
    }
}
