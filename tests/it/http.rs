//! GraphQL over HTTP: statuses, media types, methods, tokens, and what else the server answers.

use civigrid::config::Authentication;
use civigrid::http::authentication::{Audience, Claims};
use reqwest::Method;
use serde_json::json;

use crate::harness::{self, App, Response, Who, sign};

const GRAPHQL: &str = "application/graphql-response+json";
const JSON: &str = "application/json";

#[tokio::test]
async fn statuses_and_media_types_follow_the_specification() {
    for database in harness::databases().await {
        let app = App::start(&database).await;
        let client = app.of("auditor");
        // Document, status for the new media type, status for the old one.
        let cases = [
            ("{ me { kind } }", 200, 200, ""),
            ("{ persons(orderBy: [{ field: NAME }]) { totalCount } me { kind } }", 200, 200, "FIELD_WITHHELD"),
            ("{ me { kind }", 400, 200, "GRAPHQL_PARSE_FAILED"),
            ("{ nonsense }", 400, 200, "GRAPHQL_VALIDATION_FAILED"),
            ("query ($id: ID!) { household(id: $id) { id } }", 400, 200, "BAD_INPUT"),
        ];
        for (document, new, old, code) in cases {
            for (media, status) in [(GRAPHQL, new), (JSON, old)] {
                let request = client.request(Method::POST, "/graphql").header("Accept", media).json(&json!({ "query": document }));
                let answer = Response::of(request).await;
                assert_eq!((answer.status, answer.code()), (status, code), "{media} {document}: {}", answer.text);
                assert_eq!(answer.header("content-type"), format!("{media}; charset=utf-8"));
                assert_eq!(answer.header("x-request-id"), "test");
            }
        }
        let request = client.request(Method::POST, "/graphql").header("Accept", "text/html").json(&json!({ "query": "{ me { kind } }" }));
        let answer = Response::of(request).await;
        assert_eq!((answer.status, answer.code()), (406, "NOT_ACCEPTABLE"));
    }
}

#[tokio::test]
async fn a_get_reads_and_changes_nothing() {
    for database in harness::databases().await {
        let app = App::start(&database).await;
        let client = app.of("auditor");
        let answer =
            client.get("/graphql?query=query(%24n:Int!)%7Bcases(first:%24n)%7Bnodes%7Bid%7D%7D%7D&variables=%7B%22n%22:2%7D").await;
        assert_eq!(answer.data()["cases"]["nodes"].as_array().map(Vec::len), Some(2));
        let answer = client.get("/graphql?query=mutation%7Bx%7D").await;
        assert!(answer.status >= 200 && answer.json["data"].is_null() && !answer.code().is_empty(), "{}", answer.text);
        let answer = client.get("/graphql").await;
        assert_eq!((answer.status, answer.code()), (400, "BAD_REQUEST"));
        for method in [Method::PUT, Method::DELETE, Method::PATCH] {
            let answer = Response::of(client.request(method, "/graphql")).await;
            assert_eq!((answer.status, answer.code()), (405, "METHOD_NOT_ALLOWED"));
        }
    }
}

#[tokio::test]
async fn a_browsers_form_cannot_ask() {
    for database in harness::databases().await {
        let app = App::start(&database).await;
        let client = app.of("auditor");
        let body = json!({ "query": "{ me { kind } }" }).to_string();
        for media in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""] {
            let request = client.request(Method::POST, "/graphql").body(body.clone());
            let request = if media.is_empty() { request } else { request.header("Content-Type", media) };
            let answer = Response::of(request).await;
            assert_eq!((answer.status, answer.code()), (415, "UNSUPPORTED_MEDIA_TYPE"), "{media}");
        }
        for (body, code) in [
            ("[]", "BAD_REQUEST"),
            ("{", "BAD_REQUEST"),
            ("{\"query\": 1}", "BAD_REQUEST"),
            ("{\"query\": \"{me{kind}}\", \"variables\": []}", "BAD_REQUEST"),
        ] {
            let answer = Response::of(client.request(Method::POST, "/graphql").header("Content-Type", JSON).body(body)).await;
            assert_eq!((answer.status, answer.code()), (400, code), "{body}");
        }
        let large = format!("{{\"query\": \"{}\"}}", " ".repeat(300_000));
        let answer = Response::of(client.request(Method::POST, "/graphql").header("Content-Type", JSON).body(large)).await;
        assert_eq!((answer.status, answer.code()), (413, "BODY_TOO_LARGE"));
    }
}

fn claims() -> Claims {
    harness::claims(Authentication::DEVELOPMENT_ISSUER, Authentication::DEVELOPMENT_AUDIENCE)
}

#[tokio::test]
async fn bad_tokens_are_refused_alike() {
    let now = harness::instant().timestamp();
    let good = sign(&claims());
    let (signed, _) = good.rsplit_once('.').expect("three parts");
    let cut = format!("{signed}.AAAA");
    let mut bad = vec![good.replace('.', ""), cut, "x.y.z".to_owned()];
    for change in [
        (|claims: &mut Claims, now: i64| claims.exp = now - 61) as fn(&mut Claims, i64),
        |claims, now| claims.nbf = now + 61,
        |claims, _| claims.iss = "https://elsewhere.example".to_owned(),
        |claims, _| claims.aud = Audience::One("another".to_owned()),
        |claims, _| claims.assignments[0].regions = vec!["no code".to_owned()],
        |claims, _| claims.person = Some("household_00000000000000000000000007".to_owned()),
    ] {
        let mut claims = claims();
        change(&mut claims, now);
        bad.push(sign(&claims));
    }
    for database in harness::databases().await {
        let app = App::start(&database).await;
        assert_eq!(app.with_token(Some(good.clone())).query("{ me { kind subject } }").await.data()["me"]["subject"], "someone");
        let mut texts = Vec::new();
        for token in &bad {
            let answer = app.with_token(Some(token.clone())).query("{ me { kind } }").await;
            assert_eq!((answer.status, answer.code(), answer.header("www-authenticate")), (401, "UNAUTHENTICATED", "Bearer"));
            texts.push(answer.text);
        }
        texts.dedup();
        assert_eq!(texts.len(), 1, "nobody learns which check a token failed");
    }
}

#[tokio::test]
async fn without_a_token_only_public_rows_are_seen() {
    for database in harness::databases().await {
        let app = App::start(&database).await;
        let counts = "{ regions(filter: { level: { eq: DISTRICT } }) { totalCount } departments { totalCount } caseCategories { totalCount } \
            households { totalCount nodes { id } } persons { totalCount nodes { id } } residences { totalCount } cases { totalCount } caseEvents { totalCount } \
            caseStats { nodes { count } } me { kind permissions { type rows } } }";
        let answer = app.anonymous().query(counts).await;
        let data = answer.data();
        for public in ["regions", "departments", "caseCategories"] {
            assert!(data[public]["totalCount"].as_u64() > Some(0), "{public}");
        }
        for private in ["households", "persons", "residences", "cases", "caseEvents"] {
            assert_eq!(data[private]["totalCount"], 0, "{private}");
        }
        assert_eq!(data["caseStats"]["nodes"], json!([]));
        let person = harness::rows().persons[0].id.to_string();
        let answer = app.anonymous().ask("query ($id: ID!) { person(id: $id) { id } node(id: $id) { id } }", json!({ "id": person })).await;
        assert_eq!(*answer.data(), json!({ "person": null, "node": null }));
    }
}

#[tokio::test]
async fn a_withheld_field_is_an_error_for_those_who_want_it_so() {
    for database in harness::databases().await {
        let app = App::start(&database).await;
        let client = app.as_who(&Who::of("street_operator"));
        let body = json!({ "query": "{ persons(first: 2) { nodes { id phone } } }" });
        let quiet = client.post(&body).await;
        assert_eq!(quiet.data()["persons"]["nodes"][0]["phone"], json!(null));
        assert_eq!(quiet.json["extensions"]["access"]["withheld"][0]["field"], "phone");
        let request = client.request(Method::POST, "/graphql").header("Civigrid-Withheld", "error").json(&body);
        let loud = Response::of(request).await;
        assert_eq!((loud.status, loud.code()), (200, "FIELD_WITHHELD"));
        assert_eq!(loud.json["data"], quiet.json["data"]);
    }
}

#[tokio::test]
async fn the_server_tells_how_it_is() {
    for database in harness::databases().await {
        let app = App::start(&database).await;
        let client = app.anonymous();
        for path in ["/health/live", "/health/ready"] {
            assert_eq!(client.get(path).await.status, 200, "{path}");
        }
        let metrics = client.get("/metrics").await;
        assert_eq!(metrics.status, 200);
        for name in ["civigrid_requests_total", "civigrid_statements_total", "civigrid_rows_total"] {
            assert!(metrics.text.contains(name), "{name}");
        }
        let nothing = client.get("/nothing").await;
        assert_eq!((nothing.status, nothing.code()), (404, "NOT_FOUND"));
        assert_eq!(client.get("/").await.status, 200);
    }
}

#[tokio::test]
async fn who_asks_too_often_waits() {
    for database in harness::databases().await {
        let app = App::start_with(&database, |config| {
            config.rate_limit.enabled = true;
            config.rate_limit.burst = 3;
            config.rate_limit.per_second = 1;
        })
        .await;
        let client = app.of("auditor");
        let mut refused = None;
        for _ in 0..200 {
            let answer = client.query("{ __typename }").await;
            if answer.status != 200 {
                refused = Some(answer);
                break;
            }
        }
        let refused = refused.expect("the bucket is empty");
        assert_eq!((refused.status, refused.code()), (429, "RATE_LIMITED"));
        assert!(refused.header("retry-after").parse::<u64>().is_ok_and(|seconds| seconds >= 1));
        assert_eq!(app.of("integrator").query("{ __typename }").await.status, 200, "others have buckets of their own");
    }
}
