//! Reading from the databases: what holds whatever the statements are.

use std::time::Duration;

use civigrid::graph::{Engine, Limits};
use civigrid::policy::Policy;
use civigrid::store::{Backend, Database, Settings};
use futures::future::join_all;
use sea_orm::ConnectionTrait;
use serde_json::Value;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};

use crate::harness::{self, TestDatabase, Who};

fn open(url: &str, connections: usize) -> Result<Database, civigrid::store::Error> {
    let wait = Duration::from_secs(20);
    Database::new(Settings { url: url.to_owned(), connections, statement_timeout: wait, wait, keep_after: Duration::ZERO, kept_bytes: 0 })
}

async fn engine(database: &TestDatabase, connections: usize) -> Engine {
    let database = open(&database.url, connections).expect("the address is one");
    Engine::build(database, Policy::built_in(), Limits::default()).await.expect("the engine is built")
}

async fn ask(engine: &Engine, query: &str) -> Value {
    let who = Who { regions: Who::of("auditor").regions, ..Who::of("community_secretary") };
    let answer = harness::execute(engine, &who, query).await;
    serde_json::from_slice(&answer.body).expect("JSON")
}

#[tokio::test]
async fn roots_that_are_read_together_answer_as_each_does_alone() {
    // More than a socket's buffers hold, in both directions.
    let ids: Vec<String> = harness::rows().persons.iter().take(900).map(|person| format!("\"{}\"", person.id)).collect();
    let people = format!("nodes(ids: [{}]) {{ id ... on Person {{ name namePinyin phone household {{ number }} }} }}", ids.join(","));
    let cases = "cases(first: 400) { totalCount nodes { id number title description events(first: 9) { totalCount nodes { note } } } }";
    let stats = "caseStats(groupBy: [{ region: COMMUNITY }, { field: STATE }]) { nodes { count key { region { code } state } } }";
    let parts = [people.as_str(), cases, stats];
    for database in harness::databases().await {
        let engine = engine(&database, 1).await;
        let together: String = (0..24).map(|index| format!("r{index}: {} ", parts[index % parts.len()])).collect();
        let together = ask(&engine, &format!("{{ {together} }}")).await;
        assert!(together["errors"].is_null(), "{:?}: {}", database.backend, together["errors"]);
        for (index, part) in parts.iter().enumerate() {
            let alone = ask(&engine, &format!("{{ r: {part} }}")).await;
            for number in (index..24).step_by(parts.len()) {
                assert_eq!(together["data"][format!("r{number}")], alone["data"]["r"], "{:?}: {number}", database.backend);
            }
        }
    }
}

#[tokio::test]
async fn more_texts_than_a_connection_keeps_prepared_are_all_answered() {
    for database in harness::databases().await {
        let engine = engine(&database, 1).await;
        for _ in 0..2 {
            for first in 1..=700 {
                let answer = ask(&engine, &format!("{{ caseCategories(first: {first}) {{ nodes {{ id }} }} }}")).await;
                let rows = harness::rows().case_categories.len().min(first);
                assert_eq!(answer["data"]["caseCategories"]["nodes"].as_array().map(Vec::len), Some(rows), "{:?}", database.backend);
            }
        }
    }
}

#[tokio::test]
async fn connections_that_the_server_ended_fail_no_request() {
    for database in harness::fresh_databases().await.into_iter().filter(|database| database.backend == Backend::Postgres) {
        let engine = engine(&database, 3).await;
        let question = "{ cases { totalCount } households(first: 2) { nodes { id residents { nodes { id } } } } }";
        let first = ask(&engine, question).await;
        for answer in join_all((0..3).map(|_| ask(&engine, question))).await {
            assert_eq!(answer, first);
        }
        // Whoever asks whether the server is ready must not be told of connections that only the pool believed in either.
        let probed = open(&database.url, 3).expect("the address is one");
        for ready in join_all((0..3).map(|_| probed.ready())).await {
            ready.expect("it is ready");
        }
        let mut other = PgConnection::connect(&database.url).await.expect("the server answers");
        let end = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'civigrid' AND datname = current_database()";
        other.execute(end).await.expect("ended");
        for _ in 0..5 {
            assert_eq!(ask(&engine, question).await, first);
            probed.ready().await.expect("it is ready");
        }
    }
}

#[tokio::test]
async fn a_shape_is_up_to_date_if_every_known_change_was_applied() {
    for database in harness::fresh_databases().await {
        let (store, writer) = (database.open(), database.open().writer().await.expect("a connection"));
        let run = async |statement: &str| writer.execute_unprepared(statement).await.map(drop).expect("it is done");
        run("INSERT INTO seaql_migrations (version, applied_at) VALUES ('m20991231_000001_of_a_newer_program', 1)").await;
        store.ready().await.expect("a newer program's change takes nothing away");
        // As many as are known, but one of them is another.
        run(&format!("DELETE FROM seaql_migrations WHERE version = '{}'", Database::shape())).await;
        let ready = store.ready().await;
        assert!(matches!(ready, Err(civigrid::store::Error::NotMigrated)), "{:?}: {ready:?}", database.backend);
        writer.close().await.expect("closed");
    }
}

#[tokio::test]
async fn the_reader_proves_itself_and_has_the_server_proved_as_the_address_says() {
    let Some(server) = harness::postgres_server().await else { return };
    // Somebody else's server is configured by somebody else.
    let Some(authority) = &server.authority else { return };
    let roles = ["asked_by_scram", "asked_by_md5", "asked_in_the_clear"].map(|role| {
        let encryption = if role == "asked_by_md5" { "md5" } else { "scram-sha-256" };
        format!("DO $$ BEGIN SET LOCAL password_encryption = '{encryption}'; CREATE ROLE {role} LOGIN PASSWORD 'pass/word'; END $$")
    });
    server.run(&roles).await;
    let url = server.url("postgres");
    let port = url.split(':').nth(2).and_then(|rest| rest.split('/').next()).expect("a port");
    let mut other = PgConnection::connect(&url).await.expect("the server answers");
    other.execute(AssertSqlSafe("CREATE TABLE IF NOT EXISTS seaql_migrations (version TEXT)")).await.expect("made");
    other.execute(AssertSqlSafe("GRANT SELECT ON seaql_migrations TO PUBLIC")).await.expect("granted");
    let root = authority.display();
    let good = "pass%2Fword";
    for (user, password, host, mode, comes_in) in [
        ("asked_by_scram", good, "127.0.0.1", "sslmode=require".to_owned(), true),
        ("asked_by_scram", good, "127.0.0.1", "sslmode=prefer".to_owned(), true),
        ("asked_by_scram", "wrong", "127.0.0.1", "sslmode=require".to_owned(), false),
        ("asked_by_scram", good, "127.0.0.1", "sslmode=disable".to_owned(), false),
        ("asked_by_scram", good, "localhost", format!("sslmode=verify-full&sslrootcert={root}"), true),
        ("asked_by_scram", good, "127.0.0.1", format!("sslmode=verify-full&sslrootcert={root}"), false),
        ("asked_by_scram", good, "127.0.0.1", format!("sslmode=verify-ca&sslrootcert={root}"), true),
        ("asked_by_scram", good, "127.0.0.1", format!("sslmode=require&sslrootcert={root}"), true),
        // Signed by nobody whom the operating system knows.
        ("asked_by_scram", good, "localhost", "sslmode=verify-full".to_owned(), false),
        ("asked_by_md5", good, "127.0.0.1", "sslmode=disable".to_owned(), true),
        ("asked_by_md5", "wrong", "127.0.0.1", "sslmode=disable".to_owned(), false),
        ("asked_in_the_clear", good, "127.0.0.1", "sslmode=require".to_owned(), true),
        ("asked_in_the_clear", "wrong", "127.0.0.1", "sslmode=require".to_owned(), false),
    ] {
        let database = open(&format!("postgres://{user}:{password}@{host}:{port}/postgres?{mode}"), 1).expect("the address is one");
        let ready = database.ready().await;
        // The migrations are not there: who gets so far has come in.
        let came_in = matches!(ready, Ok(()) | Err(civigrid::store::Error::NotMigrated));
        assert_eq!(came_in, comes_in, "{user} at {host} with {mode}: {ready:?}");
    }
}
