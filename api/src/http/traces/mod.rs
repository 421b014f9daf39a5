//! Traces: one span a request and one span a statement, handed to a collector by OTLP over HTTP.
//!
//! Spans are made once the answer is there, from what was measured on the way, so that without a collector nothing is
//! done at all. They hold names, times and counts; never variables, values, tokens or who asked.

mod delivery;

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use axum::http::{HeaderMap, Method, StatusCode};
use opentelemetry::propagation::{Extractor, TextMapPropagator};
use opentelemetry::trace::{Span as _, SpanBuilder, SpanKind, Status, TraceContextExt, Tracer as _, TracerProvider as _};
use opentelemetry::{Context, KeyValue};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{Sampler, SdkTracer, SdkTracerProvider};

use super::edge::Told;
use super::metrics::{Ending, Route};
use crate::config;
use crate::graph::{Cost, Operation, Run};

/// How long the last spans may take to be delivered when the program stops.
const FAREWELL: Duration = Duration::from_secs(5);

/// Why traces cannot be sent.
#[derive(Debug, thiserror::Error)]
#[error("traces.endpoint: traces cannot be sent to {endpoint}: {cause}")]
pub struct Error {
    endpoint: String,
    cause: String,
}

/// Makes spans of requests.
pub struct Traces {
    provider: SdkTracerProvider,
    tracer: SdkTracer,
    propagator: TraceContextPropagator,
}

/// A request on its way: the trace that it continues, if any.
pub(super) struct Begun {
    parent: Context,
    method: Method,
    started: Instant,
}

/// What is known of a request once it is answered.
pub(super) struct Ended<'a> {
    pub(super) route: Route,
    pub(super) ending: Ending,
    pub(super) status: StatusCode,
    pub(super) took: Duration,
    /// The time at the end.
    pub(super) now: SystemTime,
    pub(super) told: &'a Told,
}

impl Traces {
    /// Prepares the way to the collector; None if the settings name none. Whether it is there shows with the first spans.
    ///
    /// # Errors
    /// If the address cannot be used.
    pub fn start(settings: &config::Traces) -> Result<Option<Self>, Error> {
        let config::Traces { endpoint, share, timeout_ms, service_name } = settings;
        let Some(endpoint) = endpoint else { return Ok(None) };
        let error = |cause: String| Error { endpoint: endpoint.clone(), cause };
        let timeout = Duration::from_millis(*timeout_ms);
        let client = delivery::client(endpoint, timeout).map_err(|cause| error(cause.to_string()))?;
        let exporter = SpanExporter::builder()
            .with_http()
            .with_shared_http_client(client)
            .with_protocol(Protocol::HttpBinary)
            .with_endpoint(endpoint.clone())
            .with_timeout(timeout)
            .build()
            .map_err(|cause| error(cause.to_string()))?;
        let version = KeyValue::new("service.version", env!("CARGO_PKG_VERSION"));
        let resource = Resource::builder().with_service_name(service_name.clone()).with_attribute(version).build();
        let provider = SdkTracerProvider::builder()
            .with_resource(resource)
            .with_sampler(Sampler::ParentBased(Box::new(Sampler::TraceIdRatioBased(*share))))
            .with_batch_exporter(exporter)
            .build();
        let tracer = provider.tracer("civigrid");
        Ok(Some(Self { provider, tracer, propagator: TraceContextPropagator::new() }))
    }

    /// Notes where a request comes from. Probes are not traced.
    pub(super) fn begin(&self, route: Route, method: &Method, headers: &HeaderMap, started: Instant) -> Option<Begun> {
        if route.is_probe() {
            return None;
        }
        let parent = self.propagator.extract_with_context(&Context::new(), &OnlyParent(headers));
        Some(Begun { parent, method: method.clone(), started })
    }

    /// Makes the spans of a request; gives the trace's id if it is recorded.
    pub(super) fn end(&self, begun: Begun, ended: &Ended<'_>) -> Option<String> {
        let Begun { parent, method, started } = begun;
        let Ended { route, ending, status, took, now, told } = *ended;
        let start = now.checked_sub(took).unwrap_or(now);
        let builder = SpanBuilder::from_name(name(&method, route, told)).with_kind(SpanKind::Server).with_start_time(start);
        let mut span = self.tracer.build_with_context(builder, &parent);
        if !span.is_recording() {
            return None;
        }
        span.set_attributes(attributes(&method, route, ending, status, told));
        if status.is_server_error() {
            span.set_status(Status::error(ending.name()));
        }
        let trace = span.span_context().trace_id().to_string();
        let context = parent.with_span(span);
        for (index, run) in told.runs.iter().enumerate().filter(|(_, run)| !run.kept) {
            let text = told.statements.get(index).map(String::as_str);
            self.statement(&context, run, text, start + run.begun.saturating_duration_since(started), now);
        }
        context.span().end_with_timestamp(now);
        Some(trace)
    }

    fn statement(&self, context: &Context, run: &Run, text: Option<&str>, start: SystemTime, now: SystemTime) {
        let Run { table, work, begun: _, took, rows, kept: _ } = *run;
        let builder = SpanBuilder::from_name(format!("SELECT {table}")).with_kind(SpanKind::Client).with_start_time(start);
        let mut span = self.tracer.build_with_context(builder, context);
        span.set_attributes([
            KeyValue::new("db.operation.name", "SELECT"),
            KeyValue::new("db.collection.name", table),
            KeyValue::new("civigrid.work", work),
        ]);
        if let Some(text) = text {
            span.set_attribute(KeyValue::new("db.query.text", text.to_owned()));
        }
        match took {
            Some(took) => {
                span.set_attribute(KeyValue::new("db.response.returned_rows", i64::try_from(rows).unwrap_or(i64::MAX)));
                span.end_with_timestamp(start + took);
            }
            None => {
                span.set_status(Status::error("not answered"));
                span.end_with_timestamp(now);
            }
        }
    }

    /// Delivers what is left. Blocks until that is done or takes too long.
    pub(super) fn stop(&self) {
        if let Err(error) = self.provider.shutdown_with_timeout(FAREWELL) {
            tracing::warn!(%error, "the last traces were not delivered");
        }
    }
}

/// Only `traceparent` is believed: it holds numbers, while `tracestate` and baggage can hold anything.
struct OnlyParent<'a>(&'a HeaderMap);

impl Extractor for OnlyParent<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        if key == "traceparent" { self.0.get(key)?.to_str().ok() } else { None }
    }

    fn keys(&self) -> Vec<&str> {
        vec!["traceparent"]
    }
}

fn name(method: &Method, route: Route, told: &Told) -> String {
    match told.operation.as_deref() {
        Some(Operation { name: Some(name), kind, .. }) => format!("{kind} {name}"),
        Some(Operation { name: None, kind, .. }) => (*kind).to_owned(),
        None => format!("{method} {}", route.name()),
    }
}

fn attributes(method: &Method, route: Route, ending: Ending, status: StatusCode, told: &Told) -> Vec<KeyValue> {
    let Cost { statements, rows, nodes, withheld, without_rows } = told.cost;
    let integer = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let mut attributes = vec![
        KeyValue::new("http.request.method", method.to_string()),
        KeyValue::new("http.route", route.name()),
        KeyValue::new("http.response.status_code", i64::from(status.as_u16())),
        KeyValue::new("civigrid.outcome", ending.name()),
    ];
    if let Some(Operation { name, kind, document }) = told.operation.as_deref() {
        attributes.push(KeyValue::new("graphql.operation.type", *kind));
        attributes.push(KeyValue::new("civigrid.document", document.clone()));
        attributes.extend(name.clone().map(|name| KeyValue::new("graphql.operation.name", name)));
        for (key, number) in [
            ("civigrid.statements", u64::from(statements)),
            ("civigrid.rows", rows),
            ("civigrid.nodes_asked", nodes),
            ("civigrid.withheld_fields", u64::from(withheld)),
            ("civigrid.registers_without_rows", u64::from(without_rows)),
        ] {
            attributes.push(KeyValue::new(key, integer(number)));
        }
    }
    attributes
}

impl super::Service {
    /// Delivers the spans that are left, on a thread that may wait.
    pub async fn stop_traces(self: Arc<Self>) {
        if self.traces.is_some() {
            let stopping = tokio::task::spawn_blocking(move || self.traces.as_ref().map(Traces::stop));
            if let Err(error) = stopping.await {
                tracing::warn!(%error, "the traces could not be ended");
            }
        }
    }
}
