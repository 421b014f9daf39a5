//! Checkpoints as a running server makes them, and `civigrid audit` as it is typed.

use std::time::{Duration, Instant};

use civigrid::http::authentication::new_key_pair;
use sea_orm::{ConnectionTrait, Statement};
use serde_json::Value;

use super::{connect, id_of, number, on, run};
use crate::harness::{self, App, TestDatabase, program};

fn audit(database: &TestDatabase, arguments: &[&str]) -> (i32, String) {
    let output = program::run(&[&["audit"][..], arguments].concat(), &[("CIVIGRID_DATABASE__URL", &database.url)]);
    let text = [output.stdout, output.stderr].concat();
    (output.status.code().expect("it ends by itself"), String::from_utf8_lossy(&text).into_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_signs_checkpoints_and_the_command_line_proves_the_log_with_them() {
    for database in harness::fresh_databases().await {
        let directory = program::directory(&format!("proof{:?}", database.backend));
        let (key, file) = (directory.join("key.pem"), directory.join("checkpoints.jsonl"));
        std::fs::write(&key, new_key_pair("audit").expect("a key").0).expect("written");
        let (key_name, file_name) = (key.display().to_string(), file.display().to_string());
        let connection = connect(&database).await;
        {
            let app = App::start_with(&database, |config| {
                on(config);
                config.audit.checkpoint_key_file = Some(key.clone());
                config.audit.checkpoint_file = Some(file.clone());
                config.audit.checkpoint_seconds = 1;
            })
            .await;
            for _ in 0..3 {
                app.of("street_operator").query("query One { persons(first: 1) { nodes { id name } } }").await.data();
            }
            let begun = Instant::now();
            let signed = "SELECT coalesce(max(number), 0) AS v FROM audit_checkpoints";
            while number(&connection, signed).await < 3 {
                assert!(begun.elapsed() < Duration::from_secs(30), "no checkpoint was made");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            let waiting = "SELECT number - indexed AS v FROM audit_chain";
            assert_eq!(number(&connection, waiting).await, 0, "what a checkpoint stands for can be searched");
        }
        let (code, text) = audit(&database, &["verify", "--checkpoint", &file_name, "--key", &key_name]);
        assert!(
            code == 0 && text.contains("3 records") && text.contains("are signed and hold up to number 3") && text.contains("0 wrong"),
            "{text}"
        );
        // Without a key signatures are not believed silently, and with another they are wrong.
        let (code, text) = audit(&database, &["verify", "--checkpoint", &file_name]);
        assert!(code == 0 && text.contains("no key was given"), "{text}");
        let other = directory.join("other.pem");
        std::fs::write(&other, new_key_pair("other").expect("a key").0).expect("written");
        let (code, text) = audit(&database, &["verify", "--checkpoint", &file_name, "--key", &other.display().to_string()]);
        assert!(code == 3 && text.contains("is not signed by the key"), "{text}");
        // Exports are lines of JSON, and are recorded themselves.
        let (code, text) = audit(&database, &["export", "--by", "chief", "--account", "test-street_operator", "--touched", "person.name"]);
        let lines: Vec<Value> = text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
        assert!(code == 0 && lines.len() == 3 && text.contains("3 records"), "{text}");
        let person = lines[0]["subjects"][0].as_str().expect("a person").to_owned();
        let (_, text) = audit(&database, &["export", "--by", "chief", "--person", &person, "--to", "2030-01-01T00:00:00Z"]);
        assert!(text.lines().count() > 3, "{text}");
        let (code, text) = audit(&database, &["erase", "--person", &person, "--by", "chief", "--reason", &format!("as {person} asked")]);
        assert!(code == 1 && text.contains("must not name the person"), "{text}");
        let (code, text) = audit(&database, &["erase", "--person", &person, "--by", "chief", "--reason", "order 5"]);
        assert!(code == 0 && text.contains("mentions in"), "{text}");
        let (code, text) = audit(&database, &["erase", "--person", "zhang", "--by", "chief", "--reason", "order 5"]);
        assert!(code == 1 && text.contains("is no id of a person"), "{text}");
        let (code, text) = audit(&database, &["verify", "--checkpoint", &file_name, "--key", &key_name]);
        assert!(code == 0 && text.contains("0 wrong"), "{text}");
        assert_ne!(person, id_of(uuid::Uuid::nil()));
        // What is cut off behind a checkpoint is missed.
        run(&connection, "DELETE FROM audit_batches WHERE number >= 3 OR number IS NULL").await;
        run(&connection, "DELETE FROM audit_checkpoints").await;
        run(&connection, "UPDATE audit_chain SET number = 2, hash = (SELECT hash FROM audit_batches WHERE number = 2)").await;
        let (_, text) = audit(&database, &["verify"]);
        assert!(!text.contains("missing"), "the database alone cannot tell: {text}");
        let (code, text) = audit(&database, &["verify", "--checkpoint", &file_name, "--key", &key_name]);
        assert!(code == 3 && text.contains("wrong: number 3: is missing"), "{text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_that_nobody_can_read_stops_neither_checkpoints_nor_the_search() {
    for database in harness::fresh_databases().await {
        let directory = program::directory(&format!("unreadable{:?}", database.backend));
        let key = directory.join("key.pem");
        std::fs::write(&key, new_key_pair("audit").expect("a key").0).expect("written");
        let connection = connect(&database).await;
        let text = "INSERT INTO audit_batches (id, at, records, body, subjects, digest) VALUES ($1, 1, 1, $2, $3, $4)";
        let values: [sea_orm::Value; 4] =
            [uuid::Uuid::from_u128(1).into(), b"{}\n".to_vec().into(), Vec::<u8>::new().into(), vec![0_u8; 32].into()];
        let statement = Statement::from_sql_and_values(connection.get_database_backend(), text, values);
        connection.execute_raw(statement).await.expect("whoever may write the table may write this");
        let app = App::start_with(&database, |config| {
            on(config);
            config.audit.checkpoint_key_file = Some(key.clone());
            config.audit.checkpoint_seconds = 1;
        })
        .await;
        app.of("street_operator").query("query After { persons(first: 1) { nodes { name } } }").await.data();
        let begun = Instant::now();
        for (question, wanted) in [
            ("SELECT coalesce(max(number), 0) AS v FROM audit_checkpoints", 2),
            ("SELECT count(*) AS v FROM audit_records WHERE operation = 'After'", 1),
        ] {
            while number(&connection, question).await < wanted {
                assert!(begun.elapsed() < Duration::from_secs(30), "{question} stays below {wanted}");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
        let (code, text) = audit(&database, &["verify"]);
        assert!(code == 3 && text.contains("number 1"), "{text}");
    }
}
