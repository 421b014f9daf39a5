//! The one layer every request passes: it names the request, bounds its time, catches panics, writes refusals, counts
//! and logs. Never logged: tokens, variables, documents, addresses.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::{Request, State};
use axum::http::header::{ACCEPT_LANGUAGE, CACHE_CONTROL, CONTENT_LANGUAGE, VARY, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures::FutureExt;
use tracing::Level;

use super::Service;
use super::authentication::Session;
use super::metrics::{Ending, Route};
use super::refusal::{Code, Refusal};
use super::request_id::{self, RequestId};
use super::slow;
use super::traces::Ended;
use crate::graph::{Cost, ErrorCode, Operation, Run};
use crate::language::Language;

/// How much longer than its reads a request may take before it is cut off: what was read can be told only if they end first.
const SLACK: Duration = Duration::from_millis(100);

/// What a handler tells the edge of a request, for the log, the metrics and the traces.
#[derive(Clone, Default)]
pub(super) struct Told {
    pub(super) session: Option<Arc<Session>>,
    /// The name that the request gave, cut to what fits a log line.
    pub(super) asked: Option<String>,
    /// What was run.
    pub(super) operation: Option<Arc<Operation>>,
    pub(super) ending: Option<Ending>,
    pub(super) cost: Cost,
    /// The codes of the answer's errors.
    pub(super) errors: Vec<ErrorCode>,
    /// The statements' texts, and how each went.
    pub(super) statements: Vec<String>,
    pub(super) runs: Vec<Run>,
}

impl Told {
    /// The operation's name: that of the document, else the one that was asked for.
    pub(super) fn name(&self) -> Option<&str> {
        let known = self.operation.as_deref().and_then(|operation| operation.name.as_deref());
        known.or(self.asked.as_deref())
    }
}

pub(super) async fn edge(State(service): State<Arc<Service>>, mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let route = Route::of(request.uri().path());
    let id = RequestId::of(request.headers());
    request.extensions_mut().insert(id.clone());
    let begun = service.traces.as_ref().and_then(|traces| traces.begin(route, request.method(), request.headers(), started));
    let welcome = request.headers().get_all(ACCEPT_LANGUAGE).iter().filter_map(|value| value.to_str().ok());
    let language = Language::accepted(welcome, service.language);
    request.extensions_mut().insert(language);

    let running = AssertUnwindSafe(next.run(request)).catch_unwind();
    let mut response = match tokio::time::timeout(service.request_timeout + SLACK, running).await {
        Ok(Ok(response)) => response,
        Ok(Err(_)) => {
            service.metrics.panicked();
            Refusal::new(Code::Internal).into_response()
        }
        Err(_) => Refusal::new(Code::Timeout).into_response(),
    };

    let mut told = response.extensions_mut().remove::<Told>().unwrap_or_default();
    if let Some(refusal) = response.extensions_mut().remove::<Refusal>() {
        told.ending = Some(Ending::Refusal(refusal.code));
        refusal.write(&mut response, &id, language);
    }
    let ending = told.ending.unwrap_or(Ending::Served);
    let took = started.elapsed();
    service.metrics.answered(route, ending, took, &told);
    let trace = service.traces.as_ref().zip(begun).and_then(|(traces, begun)| {
        let ended = Ended { route, ending, status: response.status(), took, now: service.clock.now().instant.into(), told: &told };
        traces.end(begun, &ended)
    });
    if tracing::enabled!(target: "civigrid::request", Level::INFO) {
        log(route, &id, trace.as_deref(), ending, took, &told, response.status());
    }
    if route == Route::Graphql && took >= service.slow_query {
        slow::log(&id, ending, took, &told);
    }

    let headers = response.headers_mut();
    headers.insert(request_id::HEADER, id.header());
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    headers.append(VARY, HeaderValue::from_static("Accept, Accept-Language, Authorization"));
    if ending != Ending::Served {
        headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static(language.tag()));
    }
    response
}

fn log(route: Route, id: &RequestId, trace: Option<&str>, ending: Ending, took: Duration, told: &Told, status: StatusCode) {
    let caller = told.session.as_ref().map_or("unknown", |session| session.label.as_str());
    let milliseconds = took.as_micros() as f64 / 1000.0;
    // Probes come every few seconds; their successes are no news.
    if route.is_probe() && status.is_success() {
        tracing::debug!(target: "civigrid::request", request = id.as_str(), route = route.name(), status = status.as_u16(), milliseconds, "answered");
    } else {
        tracing::info!(
            target: "civigrid::request",
            request = id.as_str(),
            route = route.name(),
            caller,
            trace,
            operation = told.name(),
            outcome = ending.name(),
            status = status.as_u16(),
            milliseconds,
            statements = told.cost.statements,
            rows = told.cost.rows,
            withheld = told.cost.withheld,
            "answered"
        );
    }
}
