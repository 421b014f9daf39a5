//! The log of slow requests: which operation, which statements, how long each took. SQL is logged with its placeholders
//! only; values, variables and documents never are.

use std::time::Duration;

use super::edge::Told;
use super::metrics::Ending;
use super::request_id::RequestId;
use crate::graph::Operation;

/// Logs a request that took long: one event for the request and one for each of its statements.
pub(super) fn log(id: &RequestId, ending: Ending, took: Duration, told: &Told) {
    let operation = told.operation.as_deref();
    tracing::warn!(
        target: "civigrid::slow",
        request = id.as_str(),
        operation = operation.and_then(|operation| operation.name.as_deref()),
        document = operation.map(|Operation { document, .. }| document.as_str()),
        outcome = ending.name(),
        milliseconds = milliseconds(took),
        statements = told.cost.statements,
        rows = told.cost.rows,
        "slow request"
    );
    for (index, run) in told.runs.iter().enumerate() {
        tracing::warn!(
            target: "civigrid::slow",
            request = id.as_str(),
            statement = index + 1,
            table = run.table,
            work = run.work,
            milliseconds = run.took.map(milliseconds),
            rows = run.rows,
            kept = run.kept,
            // Statements that were cut off with their request were not told by the session.
            sql = told.statements.get(index),
            "statement of a slow request"
        );
    }
}

fn milliseconds(time: Duration) -> f64 {
    time.as_micros() as f64 / 1000.0
}
