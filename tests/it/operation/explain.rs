//! Explanations: what would be run, as the database would run it, telling nothing of any row.

use civigrid::graph::Request;
use civigrid::store::Backend;
use civigrid::store::explain::Planning;
use reqwest::Method;
use serde_json::{Value, json};

use super::{DOCUMENT, VALUE, question};
use crate::harness::{self, App, Response, Who, program};
use crate::plans::REQUESTS;

#[tokio::test]
async fn what_is_explained_is_what_is_run() {
    for database in harness::databases().await {
        let engine = harness::engine(&database).await;
        for (name, role, document) in REQUESTS {
            let who = Who::of(role);
            let run = harness::execute(&engine, &who, document).await.statements;
            let request = Request { query: (*document).to_owned(), ..Request::default() };
            let explained = engine.explain(&request, &who.caller(), harness::now(), Planning::AnyValue).await.expect("it is explained");
            let texts: Vec<&str> = explained.steps.iter().filter_map(|step| step.sql.as_deref()).collect();
            // Steps whose parents turned out to be none were not run.
            for statement in &run {
                assert!(texts.contains(&statement.as_str()), "{name} {:?}: {statement}\n{explained:#?}", database.backend);
            }
            for step in explained.steps.iter().filter(|step| step.sql.is_some()) {
                let plan = step.plan.as_ref().expect("the database plans every statement");
                assert!(!plan.text.is_empty());
                let figures = plan.rows.is_some() && plan.cost.is_some();
                assert_eq!(figures, database.backend == Backend::Postgres, "{plan:?}");
            }
        }
    }
}

#[tokio::test]
async fn that_nothing_would_be_asked_is_said_with_the_reason() {
    for database in harness::databases().await {
        let explain = |query: &str, role: &[&str]| {
            let output = program::run(&[&["explain", query, "--database", &database.url], role].concat(), &[]);
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            String::from_utf8_lossy(&output.stdout).into_owned()
        };
        let nothing = "nothing would be asked of the database\n";
        for (query, role, reason) in [
            ("{ persons { totalCount } }", &[][..], "\nno rows of Person are in scope; "),
            (
                "{ a: persons { totalCount } caseById(id: \"case_00000000000000000000000007\") { id } }",
                &[],
                "\nno rows of Person or Case are in scope; ",
            ),
            ("{ persons { totalCount } }", &["--role", "grid_worker"], "\nno rows of Person are in scope; "),
            ("{ codeLists { name } }", &[], "nodes\n"),
        ] {
            let text = explain(query, role);
            assert!(text.ends_with(&format!("{reason}{nothing}")), "{query}: {text}");
        }
        assert!(!explain("{ regions { totalCount } persons { totalCount } }", &[]).contains(nothing));
    }
}

/// Asks for an explanation over HTTP.
async fn ask(app: &App, who: &Who, question: &Value) -> Response {
    Response::of(app.as_who(who).request(Method::POST, "/explain").json(question)).await
}

#[tokio::test]
async fn an_administrator_learns_nothing_of_any_value() {
    for database in harness::databases().await {
        let app = App::start(&database).await;
        let administrator = Who::of("administrator");
        let secretary = Who::of("community_secretary");
        let mut answers = Vec::new();
        // A name that somebody bears, one that nobody does; a community where people live, one where none do.
        let name = harness::rows().persons[0].name.clone();
        let elsewhere = "500236100001".to_owned();
        for (name, region) in [(name.as_str(), secretary.regions[0].to_string()), (VALUE, elsewhere)] {
            let mut question = question();
            question["variables"]["name"] = json!(name);
            question["as"] = json!({ "role": "community_secretary", "regions": [region] });
            let answer = ask(&app, &administrator, &question).await;
            assert_eq!(answer.status, 200, "{}", answer.text);
            assert!(!answer.text.contains(name) && !answer.text.contains(&region), "{}", answer.text);
            answers.push(answer);
        }
        assert_eq!(answers[0].text, answers[1].text, "an explanation must not depend on a value");
        let steps = answers[0].json["steps"].as_array().expect("steps");
        assert_eq!(steps.len(), 3);
        assert!(steps.iter().all(|step| step["plan"]["text"].as_str().is_some_and(|text| !text.is_empty())));
        let residents = steps.iter().find(|step| step["table"] == "persons").expect("a step of the residents");
        assert_eq!((&residents["work"], &residents["parents"]), (&json!("page for each parent"), &json!(2)));
    }
}

#[tokio::test]
async fn only_administrators_may_ask_and_mistakes_are_named() {
    for database in harness::databases().await {
        let app = App::start(&database).await;
        for who in Who::all() {
            let expected = match who.name() {
                "administrator" => (200, ""),
                "anonymous" => (401, "UNAUTHENTICATED"),
                _ => (403, "FORBIDDEN"),
            };
            let answer = ask(&app, &who, &question()).await;
            assert_eq!((answer.status, answer.code()), expected, "{} {}", who.name(), answer.text);
            assert_eq!(answer.text.contains("SELECT"), expected.0 == 200 && answer.json["steps"] != json!([]));
        }
        let administrator = Who::of("administrator");
        for (question, status, word) in [
            (json!({ "query": "{ me { kind } }", "as": { "role": "king" } }), 400, "no role"),
            (json!({ "query": "{ me { kind } }", "as": { "role": "auditor", "regions": ["x"] } }), 400, "12 digits"),
            (json!({ "query": "{ me { kind } }", "as": { "role": "auditor" }, "person": "x" }), 400, "person_"),
            (json!({ "query": "{ me { kind } }", "extra": 1 }), 400, "extra"),
            (json!({ "query": "{ nonsense }" }), 400, "nonsense"),
        ] {
            let answer = ask(&app, &administrator, &question).await;
            assert_eq!(answer.status, status, "{}", answer.text);
            assert!(answer.message().contains(word), "{}", answer.text);
        }
        let refused = json!({ "query": "{ persons(orderBy: [{ field: NAME }]) { nodes { id phone } } me { kind } }",
            "as": { "role": "street_operator", "regions": ["500103001000"] } });
        let answer = ask(&app, &administrator, &refused).await;
        assert_eq!(answer.json["refused"][0][1], "FIELD_WITHHELD", "{}", answer.text);
    }
}

#[tokio::test]
async fn the_command_explains_as_a_role_and_shows_values_only_when_asked_to() {
    for database in harness::databases().await {
        let region = Who::of("community_secretary").regions[0].to_string();
        let variables = question()["variables"].to_string();
        let mut arguments = vec![
            "explain",
            "--role",
            "community_secretary",
            "--region",
            &region,
            "--variables",
            &variables,
            "--database",
            &database.url,
            DOCUMENT,
        ];
        let output = program::run(&arguments, &[]);
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{text} {}", String::from_utf8_lossy(&output.stderr));
        for expected in [
            "operation Screen, document ",
            "step 1: page: households\n",
            ": page for each parent: persons (parents: step 1, at most 2 rows)\n",
        ] {
            assert!(text.contains(expected), "{expected:?} in\n{text}");
        }
        let postgres = database.backend == Backend::Postgres;
        assert_eq!(text.contains("cost="), postgres, "{text}");
        assert!(postgres || text.contains("SEARCH") || text.contains("SCAN"), "{text}");
        assert!(!text.contains(VALUE) && !text.contains(&region), "{text}");
        arguments.insert(1, "--values");
        let text = String::from_utf8_lossy(&program::run(&arguments, &[]).stdout).into_owned();
        assert_eq!(text.contains(VALUE), postgres, "{text}");

        let wrong = program::run(&["explain", "--role", "king", "--database", &database.url, "{ me { kind } }"], &[]);
        let told = String::from_utf8_lossy(&wrong.stderr).into_owned();
        assert!(!wrong.status.success() && told.contains("unknown role \"king\"; "), "{told}");
        let wrong = program::run(&["explain", "--database", &database.url, "{ nonsense }"], &[]);
        let told = String::from_utf8_lossy(&wrong.stderr).into_owned();
        assert!(!wrong.status.success() && told.contains("GRAPHQL_VALIDATION_FAILED"), "{told}");
    }
}
