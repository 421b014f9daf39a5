//! `civigrid client` as it is typed, against a server that runs meanwhile.

use std::time::Instant;

use serde_json::json;

use super::{SOON, hash};
use crate::harness::{self, Program, TestDatabase, program};

/// What a command says: its results, its remarks, and whether it did what it was asked.
struct Said {
    out: String,
    remarks: String,
    done: bool,
}

fn type_in(database: &TestDatabase, words: &[&str]) -> Said {
    let secret = "a secret of at least thirty-two bytes";
    let variables = [("CIVIGRID_DATABASE__URL", database.url.as_str()), ("CIVIGRID_AUTHENTICATION__DANGEROUS_DEVELOPMENT_SECRET", secret)];
    let output = program::run(words, &variables);
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    Said { out: text(output.stdout), remarks: text(output.stderr), done: output.status.success() }
}

fn client(database: &TestDatabase, words: &[&str], by: &str) -> Said {
    let mut all = vec!["client"];
    all.extend(words);
    if !by.is_empty() {
        all.extend(["--by", by, "--reason", "for the test"]);
    }
    type_in(database, &all)
}

/// Asks until the answer has this status.
async fn until(program: &Program, key: &str, body: &serde_json::Value, status: u16) -> harness::Response {
    let begun = Instant::now();
    loop {
        let answer = program.with_token(Some(key.to_owned())).post(body).await;
        if answer.status == status {
            return answer;
        }
        assert!(begun.elapsed() < SOON, "{} {}", answer.status, answer.text);
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn a_client_is_registered_given_a_key_confined_and_ended_while_the_server_runs() {
    for database in harness::fresh_databases().await {
        let server = Program::serve(&database, "").await;
        let added = client(
            &database,
            &[
                "add",
                "meter-app",
                "--owner",
                "li",
                "--purpose",
                "CONTRACT",
                "--requests-per-day",
                "500",
                "--page-size",
                "50",
                "--trusted-documents-only",
            ],
            "registrar",
        );
        assert!(added.done, "{}", added.remarks);
        let id = added.out.lines().next().expect("an id").to_owned();
        assert!(id.starts_with("client_") && added.out.contains(&format!("--subject {id}")), "{}", added.out);

        let given = type_in(
            &database,
            &[
                "account",
                "grant",
                "--issuer",
                "civigrid-client",
                "--subject",
                &id,
                "--role",
                "integrator",
                "--region",
                "500107000000",
                "--by",
                "granter",
                "--reason",
                "x",
            ],
        );
        assert!(given.done, "{}", given.remarks);
        let refused = client(&database, &["key", "add", "meter-app"], "granter");
        assert!(!refused.done && refused.remarks.contains("gave this client a role"), "{}", refused.remarks);
        let made = client(&database, &["key", "add", "meter-app", "--days", "10"], "keeper");
        assert!(made.done && made.remarks.contains("It is not shown again"), "{}", made.remarks);
        let key = made.out.trim_end().to_owned();
        assert!(key.starts_with("civigrid_") && key.len() == 52 && !key.contains(char::is_whitespace), "the key alone: {key}");

        let document = "query Mine { me { subject } }\n";
        let directory = program::directory(&format!("documents-{:?}", database.backend));
        let (file, manifest, wrong) = (directory.join("mine.graphql"), directory.join("manifest.json"), directory.join("wrong.graphql"));
        std::fs::write(&file, document).expect("written");
        std::fs::write(&wrong, "{ me { subjet } }").expect("written");
        let counted = "query Counted { cases { totalCount } }";
        let operations = json!([{ "id": hash(counted), "body": counted, "name": "Counted", "type": "query" }]);
        std::fs::write(
            &manifest,
            json!({ "format": "apollo-persisted-query-manifest", "version": 1, "operations": operations }).to_string(),
        )
        .expect("written");
        let path = |file: &std::path::Path| file.to_str().expect("UTF-8").to_owned();
        until(&server, &key, &json!({ "query": document }), 403).await;
        let refused = client(&database, &["document", "add", "meter-app", &path(&file), &path(&wrong)], "keeper");
        assert!(!refused.done && refused.remarks.contains("wrong.graphql: line 1, column 8"), "{}", refused.remarks);
        assert_eq!(client(&database, &["document", "list", "meter-app"], "").out, "none\n", "nothing of a bad list is registered");
        let registered = client(&database, &["document", "add", "meter-app", &path(&file), &path(&manifest)], "keeper");
        assert!(
            registered.done && registered.out.contains(&hash(document)) && registered.out.contains("2 of 2 are new"),
            "{}",
            registered.out
        );
        let answer =
            until(&server, &key, &json!({ "extensions": { "persistedQuery": { "version": 1, "sha256Hash": hash(document) } } }), 200).await;
        assert_eq!(answer.data()["me"]["subject"], id.as_str());
        until(&server, &key, &json!({ "query": counted }), 200).await.data();
        let listed = client(&database, &["document", "list", "meter-app"], "");
        assert!(listed.out.contains("Counted; registered by keeper") && listed.out.lines().count() == 2, "{}", listed.out);
        let removed = client(&database, &["document", "remove", "meter-app", &hash(document)], "keeper");
        assert!(removed.done, "{}", removed.remarks);
        until(&server, &key, &json!({ "query": document }), 403).await;

        let shown = client(&database, &["show", &id], "");
        for words in [
            "meter-app: li of civigrid-development answers for it",
            "requests per day: 500",
            "page size: 50",
            "purposes: CONTRACT",
            "role: integrator in 500107000000, given by granter",
            "documents: 1",
            "taken on ",
        ] {
            assert!(shown.out.contains(words), "{words}: {}", shown.out);
        }
        assert!(!shown.out.contains(&key) && shown.out.contains(&format!("…{}", &key[key.len() - 4..])), "{}", shown.out);
        assert!(client(&database, &["list"], "").out.contains("meter-app"));

        let keys = client(&database, &["key", "list", "meter-app"], "");
        let key_id = keys.out.split_whitespace().next().expect("an id").to_owned();
        assert!(client(&database, &["key", "end", &key_id], "keeper").done);
        until(&server, &key, &json!({ "query": counted }), 401).await;
        assert!(client(&database, &["key", "list", "meter-app"], "").out.contains("(ended); made by keeper"));
        assert!(client(&database, &["end", "meter-app"], "registrar").done);
        assert!(!client(&database, &["list"], "").out.contains("meter-app"));
        assert!(client(&database, &["list", "--all"], "").out.contains("meter-app: li of civigrid-development answers for it, ended"));
        assert!(!server.log_text().contains(&key), "the log holds a key");
    }
}

#[tokio::test]
async fn what_is_typed_wrong_is_told_with_what_would_be_right() {
    let database = harness::databases().await.remove(0);
    for (words, by, said) in [
        (vec!["show", "hotline-brigde"], "", "there is no client \"hotline-brigde\"; did you mean \"hotline-bridge\"?"),
        (vec!["add", "client_a", "--owner", "li"], "x", "is no name of a client"),
        (vec!["add", "a", "--owner", "x"], "x", "cannot register a client that they answer for"),
        (vec!["add", "a"], "x", "--owner"),
        (vec!["add", "a", "--owner", "li", "--purpose", "Some Thing"], "x", "is no purpose"),
        (vec!["add", "a", "--owner", "li", "--page-size", "0"], "x", "--page-size"),
        (vec!["add", "case-map", "--owner", "li"], "x", "a name is used once"),
        (vec!["key", "end", "key_1"], "x", "is no id of a key (client_key_…)"),
        (vec!["key", "add", "case-map", "--days", "367"], "x", "--days"),
        (vec!["key", "add", "hotline-bridge"], "x", "has ended"),
        (vec!["document", "remove", "case-map", "abc"], "x", "64 hexadecimal digits"),
        (vec!["document", "add", "case-map", "/nowhere/a.graphql"], "x", "cannot read /nowhere/a.graphql"),
        (vec!["end", "case-map", "--at", "2020-01-01"], "x", "cannot be ended in the past"),
    ] {
        let answer = client(&database, &words, by);
        assert!(!answer.done && answer.remarks.contains(said), "{words:?}: {} {}", answer.out, answer.remarks);
    }
    let by_client =
        ["account", "grant", "--issuer", "civigrid-client", "--subject", "client_00000000000000000000000007", "--role", "integrator"];
    let by_client = [by_client.as_slice(), &["--by", "x", "--by-issuer", "civigrid-client", "--reason", "x"]].concat();
    let answer = type_in(&database, &by_client);
    assert!(!answer.done && answer.remarks.contains("clients do nothing here themselves"), "{}", answer.remarks);
}
