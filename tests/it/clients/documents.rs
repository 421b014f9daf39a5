//! Documents by their hash: those a client is confined to, and those that anybody sent before.

use std::time::{Duration, Instant};

use civigrid::store::clients::{self, Application, ClientError, NewDocument, digest_of};
use reqwest::Method;
use serde_json::{Value, json};

use super::{Admitted, QUESTION, SOON, Time, answered, hash, soon};
use crate::harness::{self, App, Response};

/// A request with Apollo's extension.
fn persisted(query: Option<&str>, hash: &str) -> Value {
    let mut body = json!({ "extensions": { "persistedQuery": { "version": 1, "sha256Hash": hash } } });
    if let Some(query) = query {
        body["query"] = json!(query);
    }
    body
}

#[tokio::test]
async fn a_confined_client_is_answered_for_its_registered_documents_alone() {
    for database in harness::fresh_databases().await {
        let (time, store) = (Time::default(), database.open());
        let server = time.server(&database).await;
        let confined = Application { trusted_documents_only: true, ..time.application("confined") };
        let Admitted { key, .. } = time.admitted(&store, confined).await;
        let free = time.admitted(&store, time.application("free")).await.key;
        soon(&[&server], &free, "a client", answered).await;
        const TRUSTED: &str = "query Open($first: Int) { cases(first: $first) { nodes { number } } }\n";
        let client = server.with_token(key.clone());
        let untrusted = |answer: &Response| (answer.status, answer.code()) == (403, "UNTRUSTED_DOCUMENT");
        for body in [
            json!({ "query": TRUSTED }),
            persisted(None, &hash(TRUSTED)),
            persisted(Some(TRUSTED), &hash(TRUSTED)),
            json!({ "query": QUESTION }),
        ] {
            let answer = client.post(&body).await;
            assert!(untrusted(&answer), "nothing is registered yet: {}", answer.text);
        }
        let new = NewDocument { name: "Open".to_owned(), text: TRUSTED.to_owned() };
        assert_eq!(
            clients::register_documents(&store, "confined", &[new.clone(), new.clone()], &time.deed("keeper")).await.expect("registered"),
            1
        );
        let again = clients::register_documents(&store, "confined", std::slice::from_ref(&new), &time.deed("keeper")).await;
        assert!(matches!(again, Err(ClientError::KnownDocument(_))), "{again:?}");
        let started = Instant::now();
        while client.post(&persisted(None, &hash(TRUSTED))).await.status != 200 {
            assert!(started.elapsed() < SOON);
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let mut with_variables = persisted(None, &hash(TRUSTED));
        with_variables["variables"] = json!({ "first": 2 });
        let answer = client.post(&with_variables).await;
        assert_eq!(answer.data()["cases"]["nodes"].as_array().map(Vec::len), Some(2), "variables are free");
        for body in [json!({ "query": TRUSTED }), persisted(Some(TRUSTED), &hash(TRUSTED)), persisted(None, &hash(TRUSTED).to_uppercase())]
        {
            client.post(&body).await.data();
        }
        let address = format!("/graphql?extensions={{\"persistedQuery\":{{\"version\":1,\"sha256Hash\":\"{}\"}}}}", hash(TRUSTED));
        client.get(&address).await.data();
        for body in [
            json!({ "query": TRUSTED.trim_end() }),
            json!({ "query": format!("{TRUSTED} ") }),
            json!({ "query": "{ __typename }" }),
            json!({ "query": "{ __schema { queryType { name } } }" }),
            persisted(None, &hash("{ __typename }")),
            persisted(Some("{ __typename }"), &hash("{ __typename }")),
        ] {
            let answer = client.post(&body).await;
            assert!(untrusted(&answer), "{body}: {}", answer.text);
        }
        let mismatch = client.post(&persisted(Some("{ __typename }"), &hash(TRUSTED))).await;
        assert_eq!((mismatch.status, mismatch.code()), (400, "BAD_REQUEST"), "a known hash opens nothing else");
        // What others have sent is no document of this client, and its documents are none of theirs.
        let other = server.with_token(free.clone());
        other.post(&persisted(Some(QUESTION), &hash(QUESTION))).await.data();
        assert!(untrusted(&client.post(&persisted(None, &hash(QUESTION))).await));
        assert_eq!(other.post(&persisted(None, &hash(TRUSTED))).await.code(), "PERSISTED_QUERY_NOT_FOUND");
        let removed = clients::remove_document(&store, "confined", &digest_of(TRUSTED), &time.deed("keeper")).await.expect("removed");
        assert_eq!(removed.name, "Open");
        let started = Instant::now();
        while !untrusted(&client.post(&persisted(None, &hash(TRUSTED))).await) {
            assert!(started.elapsed() < SOON);
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        clients::register_documents(&store, "confined", &[new], &time.deed("keeper")).await.expect("registered anew");
    }
}

#[tokio::test]
async fn a_document_that_was_sent_with_its_hash_is_found_by_its_hash() {
    for database in harness::databases().await {
        let app = App::start(&database).await;
        let clients = [app.of("auditor"), app.anonymous()];
        for (index, client) in clients.iter().enumerate() {
            let text = format!("query Q{index}($first: Int) {{ regions(first: $first) {{ nodes {{ code }} }} }}");
            let missing = client.post(&persisted(None, &hash(&text))).await;
            let first = &missing.errors()[0];
            assert_eq!(
                (missing.status, missing.code(), &first["message"]),
                (200, "PERSISTED_QUERY_NOT_FOUND", &json!("PersistedQueryNotFound"))
            );
            let request = client.request(Method::POST, "/graphql").header("Accept-Language", "zh-CN").json(&persisted(None, &hash(&text)));
            assert_eq!(Response::of(request).await.errors()[0]["message"], "PersistedQueryNotFound", "clients compare the word");
            let wrong = client.post(&persisted(Some("{ me { kind } }"), &hash(&text))).await;
            assert_eq!((wrong.status, wrong.code()), (400, "BAD_REQUEST"));
            assert_eq!(client.post(&persisted(None, &hash(&text))).await.code(), "PERSISTED_QUERY_NOT_FOUND", "nothing was kept");
            let mut body = persisted(Some(&text), &hash(&text));
            body["variables"] = json!({ "first": 2 });
            let whole = client.post(&body).await;
            whole.data();
            let mut body = persisted(None, &hash(&text));
            body["variables"] = json!({ "first": 2 });
            assert_eq!(client.post(&body).await.text, whole.text);
            let address = format!(
                "/graphql?variables={{\"first\":2}}&extensions={{\"persistedQuery\":{{\"version\":1,\"sha256Hash\":\"{}\"}}}}",
                hash(&text)
            );
            assert_eq!(client.get(&address).await.text, whole.text);
            // Whoever knows the hash knows the text; the answer is each caller's own.
            assert_eq!(clients[1 - index].post(&body).await.data()["regions"], whole.data()["regions"]);
        }
        // What is no document is not kept.
        for text in ["{ nonsense }", "{ me {", "query A { me { kind } } query B { me { kind } }"] {
            let answer = clients[0].post(&persisted(Some(text), &hash(text))).await;
            assert!(!answer.errors().is_empty());
            assert_eq!(clients[0].post(&persisted(None, &hash(text))).await.code(), "PERSISTED_QUERY_NOT_FOUND", "{text}");
        }
        for extension in
            [json!({ "version": 2, "sha256Hash": hash("{ me { kind } }") }), json!({ "version": 1, "sha256Hash": "../etc" }), json!(7)]
        {
            let answer = clients[0].post(&json!({ "query": "{ me { kind } }", "extensions": { "persistedQuery": extension } })).await;
            assert_eq!((answer.status, answer.code()), (400, "BAD_REQUEST"), "{extension}");
        }
        let app = App::start_with(&database, |config| config.limits.persisted_bytes = 0).await;
        let text = "{ me { kind } }";
        app.of("auditor").post(&persisted(Some(text), &hash(text))).await.data();
        assert_eq!(
            app.of("auditor").post(&persisted(None, &hash(text))).await.code(),
            "PERSISTED_QUERY_NOT_FOUND",
            "nothing is to be kept"
        );
    }
}
