//! Traces reach a collector, continue the caller's trace, and hold nothing of anybody.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::routing::post;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message;
use reqwest::Method;
use tokio::net::TcpListener;

use super::{VALUE, question};
use crate::harness::{self, Program, Response, Who};

/// What a collector was sent.
#[derive(Clone, Default)]
struct Collector(Arc<Mutex<Vec<Bytes>>>);

impl Collector {
    /// Listens on a free port of this machine; gives the address for traces.
    async fn start() -> (Self, String) {
        let collector = Self::default();
        let receive = async |State(Collector(sent)): State<Collector>, headers: HeaderMap, body: Bytes| {
            assert_eq!(headers["content-type"], "application/x-protobuf");
            sent.lock().expect("whole").push(body);
        };
        let router = Router::new().route("/v1/traces", post(receive)).with_state(collector.clone());
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let endpoint = format!("http://{}/v1/traces", listener.local_addr().expect("it listens"));
        tokio::spawn(async move { axum::serve(listener, router).await });
        (collector, endpoint)
    }

    fn bodies(&self) -> Vec<Bytes> {
        self.0.lock().expect("whole").clone()
    }

    fn spans(&self) -> Vec<Span> {
        let requests = self.bodies().into_iter().map(|body| ExportTraceServiceRequest::decode(body).expect("spans"));
        let scopes = requests.flat_map(|request| request.resource_spans).flat_map(|resource| resource.scope_spans);
        scopes.flat_map(|scope| scope.spans).collect()
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn text(span: &Span, key: &str) -> Option<String> {
    let value = span.attributes.iter().find(|attribute| attribute.key == key)?.value.clone()?.value?;
    Some(match value {
        Value::StringValue(text) => text,
        Value::IntValue(number) => number.to_string(),
        other => format!("{other:?}"),
    })
}

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
const PARENT: &str = "b7ad6b7169203331";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_and_its_statements_are_spans_of_the_callers_trace() {
    for database in harness::databases().await {
        let (collector, endpoint) = Collector::start().await;
        let mut program = Program::serve(&database, &format!("[traces]\nendpoint = \"{endpoint}\"\nservice_name = \"registers\"")).await;
        let who = Who::of("community_secretary");
        let client = program.as_who(&who);
        let ask = async |traceparent: Option<String>| {
            let mut request = client.request(Method::POST, "/graphql").json(&question());
            if let Some(traceparent) = traceparent {
                request = request.header("traceparent", traceparent).header("tracestate", "vendor=opaque-of-a-caller");
            }
            Response::of(request).await
        };
        assert!(ask(Some(format!("00-{TRACE}-{PARENT}-01"))).await.data()["households"]["totalCount"].as_u64() > Some(0));
        let unsampled = TRACE.replace('0', "1");
        assert_eq!(ask(Some(format!("00-{unsampled}-{PARENT}-00"))).await.status, 200);
        assert_eq!(ask(None).await.status, 200);
        assert_eq!(ask(Some("00-nonsense".to_owned())).await.status, 200);
        assert_eq!(client.get("/health/ready").await.status, 200);
        let token = client.token.clone().expect("a token");
        program.stop();

        let spans = collector.spans();
        let (ours, others): (Vec<_>, Vec<_>) = spans.iter().partition(|span| hexadecimal(&span.trace_id) == TRACE);
        let request = ours.iter().find(|span| span.name == "query Screen").expect("a span of the request");
        assert_eq!(hexadecimal(&request.parent_span_id), PARENT);
        assert_eq!(text(request, "http.response.status_code").as_deref(), Some("200"));
        assert_eq!(text(request, "civigrid.statements").as_deref(), Some("3"));
        let statements: Vec<_> = ours.iter().filter(|span| span.name.starts_with("SELECT ")).collect();
        assert_eq!((ours.len(), statements.len()), (4, 3), "one span a request and one a statement");
        for statement in statements {
            assert_eq!(statement.parent_span_id, request.span_id);
            assert!(request.start_time_unix_nano <= statement.start_time_unix_nano && statement.start_time_unix_nano > 0);
            assert!(statement.start_time_unix_nano <= statement.end_time_unix_nano);
            assert!(statement.end_time_unix_nano <= request.end_time_unix_nano);
            assert!(text(statement, "db.response.returned_rows").is_some() && text(statement, "db.query.text").is_some());
        }
        assert!(spans.iter().all(|span| hexadecimal(&span.trace_id) != unsampled), "a caller who does not record is not recorded");
        assert_eq!(others.iter().filter(|span| span.name == "query Screen").count(), 2, "without a trace to continue, a new one");
        assert!(spans.iter().all(|span| !span.name.contains("health")), "probes are no requests of anybody");

        let sent = collector.bodies().concat();
        let holds = |text: &str| sent.windows(text.len()).any(|window| window == text.as_bytes());
        assert!(holds("registers") && holds("persons"), "it holds the names of the service and of tables");
        for secret in [VALUE, "test-community_secretary", token.as_str(), "opaque-of-a-caller", &who.regions[0].to_string()] {
            assert!(!holds(secret), "{secret} is in the traces");
        }
        let logged = program.events().into_iter().find(|event| event["trace"] == TRACE).expect("the log names the trace");
        assert_eq!(logged["operation"], "Screen");
    }
}

#[tokio::test]
async fn a_collector_that_is_away_holds_nobody_up() {
    let database = harness::databases().await.remove(0);
    let free = TcpListener::bind("127.0.0.1:0").await.expect("a free port").local_addr().expect("it listens");
    let mut program = Program::serve(&database, &format!("[traces]\nendpoint = \"http://{free}/v1/traces\"\ntimeout_ms = 500")).await;
    let client = program.as_who(&Who::of("auditor"));
    for _ in 0..20 {
        assert_eq!(client.query("{ me { kind } }").await.status, 200);
    }
    program.stop();
    let log = program.log_text();
    assert!(log.contains("\"stopped\"") && !log.contains("a defect of the program"), "{log}");
}
