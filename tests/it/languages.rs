//! Messages, hints and labels in Chinese and English.

use civigrid::language::is_chinese;
use entities::registers::code_lists;
use reqwest::Method;
use reqwest::header::{ACCEPT_LANGUAGE, CONTENT_LANGUAGE, VARY};
use serde_json::json;

use crate::guards::hostile;
use crate::harness::{self, App, Client, Response, Who};

async fn ask(client: &Client<'_>, document: &str, variables: serde_json::Value, language: &str) -> Response {
    let request = client.request(Method::POST, "/graphql").header(ACCEPT_LANGUAGE, language);
    Response::of(request.json(&json!({ "query": document, "variables": variables }))).await
}

/// The message and the hint of every error.
fn told(answer: &Response) -> Vec<&str> {
    let texts = answer.errors().iter().flat_map(|error| [&error["message"], &error["extensions"]["hint"]]);
    texts.filter_map(|text| text.as_str()).collect()
}

#[tokio::test]
async fn whatever_is_refused_is_refused_in_the_language_asked_for() {
    let who = Who { regions: Who::of("auditor").regions, ..Who::of("community_secretary") };
    let database = harness::databases().await.remove(0);
    let app = App::start(&database).await;
    let client = app.as_who(&who);
    for (name, document, variables, _, _) in hostile() {
        let english = ask(&client, &document, variables.clone(), "en").await;
        let chinese = ask(&client, &document, variables, "zh-CN,zh;q=0.9,en;q=0.8").await;
        assert_eq!(english.code(), chinese.code(), "{name}: codes stay as they are");
        assert!(!told(&chinese).is_empty() && told(&chinese).iter().all(|text| text.chars().any(is_chinese)), "{name}: {}", chinese.text);
        let echoed = document.chars().any(is_chinese);
        assert!(echoed || !told(&english).iter().any(|text| text.chars().any(is_chinese)), "{name}: {}", english.text);
    }
}

#[tokio::test]
async fn what_http_refuses_is_told_in_the_language_asked_for() {
    let database = harness::databases().await.remove(0);
    let app = App::start(&database).await;
    let client = app.of("auditor");
    let requests = [
        (Method::GET, "/nowhere", ""),
        (Method::DELETE, "/graphql", ""),
        (Method::POST, "/graphql", "{}"),
        (Method::POST, "/graphql", "[]"),
        (Method::POST, "/graphql", "{"),
        (Method::POST, "/graphql", "{\"query\": 1}"),
        (Method::POST, "/graphql", "{\"query\": \"{ me { kind } }\", \"variables\": 1}"),
        (Method::POST, "/graphql", "{\"query\": \"{ me { kind } }\", \"operationName\": 1}"),
        (Method::GET, "/graphql?query=1&query=2", ""),
        (Method::GET, "/graphql?query=x&variables=x", ""),
    ];
    for (method, path, body) in requests {
        let send = async |language: &'static str| {
            let request = client.request(method.clone(), path).header("Content-Type", "application/json");
            Response::of(request.header(ACCEPT_LANGUAGE, language).body(body)).await
        };
        let (english, chinese) = (send("en").await, send("zh").await);
        assert_eq!((english.status, english.code()), (chinese.status, chinese.code()), "{path} {body}");
        assert!(told(&chinese).len() == 2 && told(&chinese).iter().all(|text| text.chars().any(is_chinese)), "{}", chinese.text);
        assert!(!english.text.chars().any(is_chinese), "{}", english.text);
        assert_eq!((english.header(CONTENT_LANGUAGE.as_str()), chinese.header(CONTENT_LANGUAGE.as_str())), ("en", "zh-CN"));
        assert!(chinese.header(VARY.as_str()).contains("Accept-Language"));
    }
}

#[tokio::test]
async fn the_settings_name_the_language_of_those_who_ask_for_none() {
    let database = harness::databases().await.remove(0);
    let app = App::start_with(&database, |config| config.server.language = civigrid::language::Language::Chinese).await;
    let document = "{ cases(first: 1, last: 1) { totalCount } }";
    let client = app.of("auditor");
    assert!(client.query(document).await.message().chars().any(is_chinese));
    assert!(!ask(&client, document, json!({}), "en-US").await.message().chars().any(is_chinese));
    assert!(ask(&client, document, json!({}), "fr").await.message().chars().any(is_chinese));
}

#[tokio::test]
async fn withheld_fields_are_told_in_the_language_asked_for() {
    let database = harness::databases().await.remove(0);
    let app = App::start(&database).await;
    let client = app.of("grid_worker");
    let request = client.request(Method::POST, "/graphql").header(ACCEPT_LANGUAGE, "zh").header("Civigrid-Withheld", "error");
    let answer = Response::of(request.json(&json!({ "query": "{ persons(first: 1) { nodes { idNumber phone } } }" }))).await;
    assert!(!told(&answer).is_empty() && told(&answer).iter().all(|text| text.chars().any(is_chinese)), "{}", answer.text);
    let needed = answer.json["extensions"]["access"]["withheld"][0]["needed"].as_str().expect("what is needed");
    assert!(needed.chars().any(is_chinese), "{needed}");
}

#[test]
fn every_code_has_a_label_in_both_languages() {
    for list in code_lists() {
        for code in list.codes {
            assert!(code.chinese.chars().any(is_chinese), "{} {}: {:?}", list.name, code.value, code.chinese);
            let english = !code.english.trim().is_empty() && !code.english.chars().any(is_chinese);
            assert!(english, "{} {}: {:?}", list.name, code.value, code.english);
        }
    }
}
