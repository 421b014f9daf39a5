use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, Response, StatusCode};
use chrono::DateTime;
use serde_json::{Value, json};
use tower::ServiceExt;

use super::authentication::{Assigned, Audience, Claims, Kind, SigningKey};
use super::*;
use crate::config::{Authentication, Secret};
use crate::graph::{Answer, Cost, Outcome};
use crate::policy::Caller;

const SECRET: &str = "a secret of development, 32 bytes";
const NOW: i64 = 1_790_000_000;
const GRAPHQL: &str = "application/graphql-response+json";

fn server(change: impl FnOnce(&mut Config)) -> Router {
    server_with(change, |_| ())
}

fn server_with(change: impl FnOnce(&mut Config), prepare: impl FnOnce(&Authenticator)) -> Router {
    let mut config = Config::default();
    config.authentication.dangerous_development_secret = Some(Secret::new(SECRET));
    change(&mut config);
    let clock = Clock::fixed(DateTime::from_timestamp(NOW, 0).expect("a time"), config.zone);
    let authenticator = Authenticator::new(&config.authentication, ["auditor"].into_iter()).expect("keys");
    prepare(&authenticator);
    let service = Service::over(Backend::Script(Script), &config, clock, authenticator);
    router(Arc::new(service), &config)
}

/// Answers as the document's text says.
pub(super) struct Script;

impl Script {
    pub(super) async fn execute(&self, request: crate::graph::Request, caller: &Caller) -> Answer {
        let outcome = match request.query.as_str() {
            "refused" => Outcome::Refused,
            "unparsable" => Outcome::NotGraphql,
            "change" if request.read_only => Outcome::ChangeNotAllowed,
            "partial" => Outcome::Partial,
            "failed" => Outcome::Failed,
            "panic" => panic!("asked to"),
            "slow" => {
                tokio::time::sleep(Duration::from_millis(300)).await;
                Outcome::Complete
            }
            _ => Outcome::Complete,
        };
        let roles: Vec<&str> = caller.assignments.iter().map(|assignment| assignment.role.as_str()).collect();
        let body = json!({ "data": { "roles": roles, "withheldAsErrors": request.withheld_as_errors } });
        Answer {
            lookups: Vec::new(),
            body: body.to_string().into(),
            outcome,
            cost: Cost::default(),
            statements: Vec::new(),
            runs: Vec::new(),
            operation: None,
            errors: Vec::new(),
        }
    }

    pub(super) fn explain(&self, request: &crate::graph::Request, caller: &Caller) -> crate::graph::Explanation {
        crate::graph::Explanation {
            operation: request.operation_name.clone(),
            document: request.query.clone(),
            nodes: 0,
            node_limit: 0,
            withheld: caller.assignments.iter().map(|assignment| assignment.role.clone()).collect(),
            refused: Vec::new(),
            steps: Vec::new(),
        }
    }

    pub(super) fn schema(&self, caller: &Caller) -> crate::graph::Published {
        let (text, digest) =
            if caller.account.is_some() { ("type Query { a: Int b: Int }", "whole") } else { ("type Query { a: Int }", "part") };
        crate::graph::Published { text: text.into(), digest: digest.to_owned() }
    }
}

fn token() -> String {
    let claims = Claims {
        iss: Authentication::DEVELOPMENT_ISSUER.to_owned(),
        aud: Audience::One(Authentication::DEVELOPMENT_AUDIENCE.to_owned()),
        sub: "someone".to_owned(),
        jti: "1".to_owned(),
        iat: NOW,
        exp: NOW + 60,
        nbf: NOW,
        kind: Kind::Person,
        person: None,
        client: None,
        assignments: vec![Assigned { role: "auditor".to_owned(), ..Assigned::default() }],
    };
    format!("Bearer {}", SigningKey::development(SECRET).sign(&claims).expect("signed"))
}

fn post(body: impl Into<Body>) -> Request<Body> {
    Request::post("/graphql").header("content-type", "application/json").header("accept", GRAPHQL).body(body.into()).expect("a request")
}

fn get(path: &str, headers: &[(&str, &str)]) -> Request<Body> {
    headers.iter().fold(Request::get(path), |request, (name, value)| request.header(*name, *value)).body(Body::empty()).expect("a request")
}

async fn ask(server: &Router, request: Request<Body>) -> Response<Body> {
    let Ok(response) = server.clone().oneshot(request).await;
    response
}

async fn text(response: Response<Body>) -> String {
    String::from_utf8(to_bytes(response.into_body(), usize::MAX).await.expect("a body").to_vec()).expect("text")
}

async fn body(response: Response<Body>) -> Value {
    serde_json::from_str(&text(response).await).expect("json")
}

/// Status and code of the first error.
async fn refusal(server: &Router, request: Request<Body>) -> (u16, String) {
    let response = ask(server, request).await;
    let status = response.status().as_u16();
    let id = response.headers()["x-request-id"].to_str().expect("an id").to_owned();
    let body = body(response).await;
    let extensions = &body["errors"][0]["extensions"];
    assert_eq!(extensions["requestId"], Value::String(id));
    assert!(extensions["hint"].as_str().is_some_and(|hint| !hint.is_empty()));
    (status, extensions["code"].as_str().expect("a code").to_owned())
}

#[tokio::test]
async fn statuses_follow_the_media_type() {
    let server = server(|_| ());
    for (query, graphql, json) in
        [("fine", 200, 200), ("partial", 200, 200), ("refused", 400, 200), ("unparsable", 400, 200), ("failed", 500, 500)]
    {
        for (accept, status) in [(GRAPHQL, graphql), ("application/json", json), ("*/*", json)] {
            let mut request = post(json!({ "query": query }).to_string());
            request.headers_mut().insert("accept", accept.parse().expect("a header"));
            let response = ask(&server, request).await;
            assert_eq!(response.status().as_u16(), status, "{query} {accept}");
            let media = if accept == GRAPHQL { GRAPHQL } else { "application/json" };
            assert!(response.headers()["content-type"].to_str().expect("text").starts_with(media));
        }
    }
}

#[tokio::test]
async fn the_callers_token_reaches_the_engine() {
    let server = server(|_| ());
    let mut request = post(r#"{"query":"{ me }"}"#);
    request.headers_mut().insert("authorization", token().parse().expect("a header"));
    assert_eq!(body(ask(&server, request).await).await["data"]["roles"], json!(["auditor"]));
    assert_eq!(body(ask(&server, post(r#"{"query":"{ me }"}"#)).await).await["data"]["roles"], json!([]));
}

#[tokio::test]
async fn a_client_may_ask_for_withheld_fields_as_errors() {
    let server = server(|_| ());
    for (value, asked) in [("error", true), ("ERROR", true), ("null", false), ("", false)] {
        let mut request = post(r#"{"query":"{ me }"}"#);
        request.headers_mut().insert("civigrid-withheld", value.parse().expect("a header"));
        assert_eq!(body(ask(&server, request).await).await["data"]["withheldAsErrors"], json!(asked), "{value}");
    }
}

#[tokio::test]
async fn a_bad_token_is_refused_without_a_reason() {
    let server = server(|_| ());
    let mut bodies = Vec::new();
    for value in ["Bearer x", "Basic x", "Bearer a.b.c", &format!("{}x", token())] {
        let mut request = post(r#"{"query":"{ me }"}"#);
        request.headers_mut().insert("authorization", value.parse().expect("a header"));
        request.headers_mut().insert("x-request-id", "same".parse().expect("a header"));
        let response = ask(&server, request).await;
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
        assert_eq!(response.headers()["www-authenticate"], "Bearer");
        bodies.push(text(response).await);
    }
    assert!(bodies.iter().all(|body| *body == bodies[0]), "{bodies:?}");
}

#[tokio::test]
async fn while_the_accounts_cannot_be_read_no_token_is_believed() {
    let long_ago = tokio::time::Instant::now().checked_sub(Duration::from_secs(6)).expect("the machine runs for some time");
    let server = server_with(|_| (), |authenticator| authenticator.install_accounts(None, long_ago));
    let mut request = post(r#"{"query":"{ me }"}"#);
    request.headers_mut().insert("authorization", token().parse().expect("a header"));
    assert_eq!(refusal(&server, request).await, (503, "NOT_READY".to_owned()));
    let mut request = post(r#"{"query":"{ me }"}"#);
    request.headers_mut().insert("authorization", format!("{}x", token()).parse().expect("a header"));
    assert_eq!(refusal(&server, request).await, (401, "UNAUTHENTICATED".to_owned()), "a bad token is bad all the same");
    assert_eq!(ask(&server, post(r#"{"query":"{ me }"}"#)).await.status(), StatusCode::OK, "who has no token has none revoked");
}

#[tokio::test]
async fn only_json_may_be_posted() {
    let server = server(|_| ());
    for content_type in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/graphql"] {
        let mut request = post(r#"{"query":"{ me }"}"#);
        request.headers_mut().insert("content-type", content_type.parse().expect("a header"));
        assert_eq!(refusal(&server, request).await, (415, "UNSUPPORTED_MEDIA_TYPE".to_owned()), "{content_type}");
    }
    let mut request = post(r#"{"query":"{ me }"}"#);
    request.headers_mut().remove("content-type");
    assert_eq!(refusal(&server, request).await.0, 415);
}

#[tokio::test]
async fn a_hash_that_is_not_known_is_told_as_clients_expect_it() {
    let server = server(|_| ());
    let hash = "ab".repeat(32);
    let sent = format!(r#"{{"extensions":{{"persistedQuery":{{"version":1,"sha256Hash":"{hash}"}}}}}}"#);
    let by_address = format!("/graphql?extensions=%7B%22persistedQuery%22%3A%7B%22version%22%3A1%2C%22sha256Hash%22%3A%22{hash}%22%7D%7D");
    for request in [post(sent), get(&by_address, &[])] {
        assert_eq!(refusal(&server, request).await, (200, "PERSISTED_QUERY_NOT_FOUND".to_owned()));
    }
}

#[tokio::test]
async fn a_body_that_is_no_request_is_told_what_is_wrong() {
    let server = server(|_| ());
    for (sent, word) in [
        ("", "JSON"),
        ("{", "JSON"),
        ("\u{feff}{}", "JSON"),
        ("\"query\"", "JSON"),
        ("{}", "query is missing"),
        (r#"{"query":null}"#, "query is missing"),
        (r#"{"query":7}"#, "query must be a text"),
        (r#"{"query":"{a}","query":"{b}"}"#, "duplicate"),
        (r#"{"query":"{a}","variables":[]}"#, "variables must be an object"),
        (r#"{"query":"{a}","variables":"{}"}"#, "variables must be an object"),
        (r#"{"query":"{a}","operationName":{}}"#, "operationName must be a text"),
        (r#"{"query":"{a}","extensions":7}"#, "extensions must be an object"),
        (r#" [{"query":"{a}"}]"#, "list of requests"),
    ] {
        let response = ask(&server, post(sent)).await;
        assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{sent}");
        let body = body(response).await;
        assert!(body["errors"][0]["message"].as_str().is_some_and(|message| message.contains(word)), "{sent}: {body}");
        assert_eq!(body["errors"][0]["extensions"]["code"], "BAD_REQUEST");
    }
    let all = r#"{"query":"{a}","variables":null,"operationName":null,"extensions":null,"other":1}"#;
    assert_eq!(ask(&server, post(all)).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_request_may_stand_in_the_address_but_change_nothing() {
    let server = server(|_| ());
    let path = "/graphql?query=%7Ba%7D&variables=%7B%22a%22%3A1%7D&operationName=&extensions=%7B%7D";
    assert_eq!(ask(&server, get(path, &[])).await.status(), StatusCode::OK);
    let response = ask(&server, get("/graphql?query=change", &[("accept", "application/json")])).await;
    assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(response.headers()["allow"], "POST");
    for path in ["/graphql", "/graphql?query=a&query=b", "/graphql?query=a&variables=%7B", "/graphql?query=a&variables=1"] {
        assert_eq!(refusal(&server, get(path, &[])).await, (400, "BAD_REQUEST".to_owned()), "{path}");
    }
}

#[tokio::test]
async fn what_cannot_be_accepted_is_refused() {
    let server = server(|_| ());
    let mut request = post(r#"{"query":"{a}"}"#);
    request.headers_mut().insert("accept", "text/html".parse().expect("a header"));
    assert_eq!(refusal(&server, request).await, (406, "NOT_ACCEPTABLE".to_owned()));
    assert_eq!(refusal(&server, get("/nothing", &[])).await, (404, "NOT_FOUND".to_owned()));
    let request = Request::delete("/graphql").body(Body::empty()).expect("a request");
    let response = ask(&server, request).await;
    assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED);
    let allow = response.headers()["allow"].to_str().expect("text");
    assert!(allow.contains("GET") && allow.contains("POST"), "{allow}");
}

#[tokio::test]
async fn a_body_is_bounded_whether_or_not_its_length_is_told() {
    let server = server(|config| config.server.body_bytes = 100);
    assert_eq!(refusal(&server, post("x".repeat(101))).await, (413, "BODY_TOO_LARGE".to_owned()));
    let chunks = futures::stream::iter((0..20).map(|_| Ok::<_, std::io::Error>("123456")));
    assert_eq!(refusal(&server, post(Body::from_stream(chunks))).await, (413, "BODY_TOO_LARGE".to_owned()));
    let chunks = [r#"{"que"#, r#"ry":"#, r#""{a}"}"#].map(Ok::<_, std::io::Error>);
    assert_eq!(ask(&server, post(Body::from_stream(futures::stream::iter(chunks)))).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_slow_answer_ends_in_time_and_a_defect_ends_in_an_error() {
    let server = server(|config| config.server.request_timeout_ms = 50);
    assert_eq!(refusal(&server, post(r#"{"query":"slow"}"#)).await, (504, "TIMEOUT".to_owned()));
    assert_eq!(refusal(&server, post(r#"{"query":"panic"}"#)).await, (500, "INTERNAL".to_owned()));
}

#[tokio::test]
async fn a_caller_who_asks_too_often_waits() {
    let server = server(|config| (config.rate_limit.anonymous_burst, config.rate_limit.anonymous_per_second) = (2, 1));
    for _ in 0..2 {
        assert_eq!(ask(&server, post(r#"{"query":"{a}"}"#)).await.status(), StatusCode::OK);
    }
    let response = ask(&server, post(r#"{"query":"{a}"}"#)).await;
    assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
    assert!(response.headers()["retry-after"].to_str().expect("text").parse::<u32>().expect("seconds") >= 1);
    let mut request = post(r#"{"query":"{a}"}"#);
    request.headers_mut().insert("authorization", "Bearer x".parse().expect("a header"));
    assert_eq!(refusal(&server, request).await.1, "RATE_LIMITED", "trying tokens is counted too");
    let mut request = post(r#"{"query":"{a}"}"#);
    request.headers_mut().insert("authorization", token().parse().expect("a header"));
    assert_eq!(ask(&server, request).await.status(), StatusCode::OK, "another caller is not held up");
}

#[tokio::test]
async fn the_whole_schema_is_for_those_who_are_signed_in_and_each_form_has_a_tag_of_its_own() {
    let server = server(|_| ());
    assert_eq!(refusal(&server, get("/schema.graphql", &[("authorization", "Bearer x")])).await, (401, "UNAUTHENTICATED".to_owned()));
    let token = token();
    let response = ask(&server, get("/schema.graphql", &[("authorization", &token)])).await;
    assert_eq!(response.status(), StatusCode::OK);
    let tag = response.headers()["etag"].to_str().expect("text").to_owned();
    assert!(text(response).await.contains("b: Int"));
    let response = ask(&server, get("/schema.graphql", &[("authorization", &token), ("if-none-match", &tag)])).await;
    assert_eq!(response.status(), StatusCode::NOT_MODIFIED);
    let response = ask(&server, get("/schema.graphql", &[("if-none-match", &tag)])).await;
    assert_eq!(response.status(), StatusCode::OK, "nobody known is given another text");
    assert!(!text(response).await.contains("b: Int"));
}

#[tokio::test]
async fn health_metrics_and_page_answer() {
    let server = server(|_| ());
    assert_eq!(ask(&server, get("/health/live", &[])).await.status(), StatusCode::OK);
    assert_eq!(ask(&server, get("/health/ready", &[])).await.status(), StatusCode::OK);
    ask(&server, post(r#"{"query":"{a}"}"#)).await;
    let metrics = text(ask(&server, get("/metrics", &[])).await).await;
    assert!(metrics.contains("civigrid_requests_total{route=\"graphql\",outcome=\"complete\"}"), "{metrics}");
    let response = ask(&server, get("/", &[("accept", "text/html,*/*;q=0.8")])).await;
    assert!(response.headers()["content-security-policy"].to_str().expect("text").contains("script-src 'sha256-"));
    let page = text(response).await;
    assert!(!page.contains("http://") && !page.contains("https://"), "the page needs no network");
    assert!(text(ask(&server, get("/", &[])).await).await.starts_with("Civigrid"));
}

#[tokio::test]
async fn a_request_keeps_its_name_and_answers_are_not_stored() {
    let server = server(|_| ());
    let mut request = post(r#"{"query":"{a}"}"#);
    request.headers_mut().insert("x-request-id", "mine-1".parse().expect("a header"));
    let response = ask(&server, request).await;
    assert_eq!(response.headers()["x-request-id"], "mine-1");
    assert_eq!(response.headers()["cache-control"], "no-store");
    assert!(response.headers().get("access-control-allow-origin").is_none());
}

#[tokio::test]
async fn pages_of_named_origins_may_call() {
    let server = server(|config| config.server.cors_origins = vec!["https://screens.example".to_owned()]);
    for (origin, allowed) in [("https://screens.example", true), ("https://other.example", false)] {
        let mut request = post(r#"{"query":"{a}"}"#);
        request.headers_mut().insert("origin", origin.parse().expect("a header"));
        let response = ask(&server, request).await;
        assert_eq!(response.headers().get("access-control-allow-origin").is_some(), allowed, "{origin}");
    }
}

/// Sends a request over a real connection and gives what comes back until the server closes.
async fn over_the_wire(address: std::net::SocketAddr, sent: &str) -> String {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let mut stream = tokio::net::TcpStream::connect(address).await.expect("connected");
    stream.write_all(sent.as_bytes()).await.expect("sent");
    let mut received = Vec::new();
    let _ = stream.read_to_end(&mut received).await;
    String::from_utf8(received).expect("text")
}

#[tokio::test]
async fn running_requests_end_and_half_sent_ones_do_not_hold_the_server() {
    let settings = crate::config::Server { header_timeout_ms: 100, shutdown_grace_ms: 5_000, ..crate::config::Server::default() };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let router = server(|_| ());
    let serving = tokio::spawn(async move { serve(listener, router, &settings, async { drop(stopped.await) }).await });

    let half = over_the_wire(address, "POST /graphql HTTP/1.1\r\nhost: x\r\n").await;
    assert!(!half.contains("200"), "{half}");

    let body = r#"{"query":"slow"}"#;
    let whole =
        format!("POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}", body.len());
    let slow = tokio::spawn(async move { over_the_wire(address, &whole).await });
    tokio::time::sleep(Duration::from_millis(100)).await;
    stop.send(()).expect("serving");
    assert!(slow.await.expect("answered").starts_with("HTTP/1.1 200"));
    assert!(serving.await.expect("ended"), "drained within the grace time");
    assert!(tokio::net::TcpStream::connect(address).await.is_err(), "nobody listens any more");
}
