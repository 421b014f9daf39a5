//! Kept statistics are right: whatever changes, whoever asks, whatever snapshot is open.

use std::time::Duration;

use civigrid::graph::{Answer, Engine, Limits};
use civigrid::policy::Policy;
use civigrid::store::{Backend, Database, Settings};
use entities::registers::REGISTERS;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};

use crate::harness::{self, TestDatabase, Who};

/// Statistics of three registers, with what hangs on a group.
const DOCUMENT: &str = "{ personStats(groupBy: [{ field: AGE_BAND }, { region: DISTRICT }]) { nodes { key { ageBand region { name } } count } } \
    caseStats(groupBy: [{ field: ON_TIME }, { field: CATEGORY }], first: 100) { nodes { key { onTime category { name leadDepartment { name } } } count } } \
    enrollmentStats(groupBy: [{ field: PROJECT }], first: 100) { nodes { key { project { title } } count } } }";

/// An engine that keeps every result of statistics that is asked for a second time.
async fn keeping(database: &TestDatabase) -> Engine {
    let wait = Duration::from_secs(20);
    let settings = Settings {
        url: database.url.clone(),
        connections: 2,
        statement_timeout: wait,
        wait,
        keep_after: Duration::ZERO,
        kept_bytes: 1 << 20,
    };
    let database = Database::new(settings).expect("the address is one");
    Engine::build(database, Policy::built_in(), Limits::default()).await.expect("the engine is built")
}

async fn ask(engine: &Engine, who: &Who) -> Answer {
    harness::execute(engine, who, DOCUMENT).await
}

/// How many of an answer's statistics were kept from earlier.
fn kept(answer: &Answer) -> usize {
    answer.runs.iter().filter(|run| run.kept).count()
}

async fn postgres() -> Option<TestDatabase> {
    harness::fresh_databases().await.into_iter().find(|database| database.backend == Backend::Postgres)
}

async fn run(connection: &mut PgConnection, statement: &str) {
    connection.execute(AssertSqlSafe(statement.to_owned())).await.unwrap_or_else(|error| panic!("{statement}: {error}"));
}

#[tokio::test]
async fn what_is_kept_is_what_would_be_read() {
    let Some(database) = postgres().await else { return };
    let (keeping, reading) = (keeping(&database).await, harness::engine(&database).await);
    let mut connection = PgConnection::connect(&database.url).await.expect("a connection");
    let auditor = Who::of("auditor");
    for expected in [0, 0, 3] {
        let answer = ask(&keeping, &auditor).await;
        assert_eq!((kept(&answer), &answer.body), (expected, &ask(&reading, &auditor).await.body));
    }
    assert_eq!(ask(&keeping, &auditor).await.cost.statements, 1, "only what changed is looked at");
    // Each change makes the statistics read again that read the table, and no others.
    for (statement, expected) in [
        ("UPDATE cases SET closed_at = deadline WHERE id = (SELECT id FROM cases WHERE closed_at > deadline LIMIT 1)", 2),
        ("DELETE FROM enrollments WHERE id = (SELECT id FROM enrollments LIMIT 1)", 2),
        (
            "INSERT INTO case_categories SELECT gen_random_uuid(), code || 'x', name, depth, parent_id, board, lead_department_id, accept_hours, \
            handle_hours, minor_matter, version, created_at, updated_at, return_hours, extension_days, working_days FROM case_categories LIMIT 1",
            2,
        ),
        ("UPDATE departments SET name = name || '二'", 2),
        ("UPDATE service_projects SET title = title || '二'", 2),
        ("UPDATE persons SET birth_date = '1930-01-01' WHERE id = (SELECT id FROM persons WHERE region_code IS NOT NULL LIMIT 1)", 2),
        ("TRUNCATE enrollments CASCADE", 2),
        ("UPDATE buildings SET version = version + 1", 3),
        // A place that changes its code takes the rows along by the foreign keys.
        (
            "UPDATE regions SET code = 500119999999999 WHERE code = (SELECT region_code FROM persons WHERE region_code IS NOT NULL LIMIT 1)",
            0,
        ),
    ] {
        run(&mut connection, statement).await;
        let answer = ask(&keeping, &auditor).await;
        assert_eq!(kept(&answer), expected, "{statement}");
        assert_eq!(answer.body, ask(&reading, &auditor).await.body, "{statement}");
        assert_eq!(kept(&ask(&keeping, &auditor).await), 3, "{statement}");
    }
}

#[tokio::test]
async fn what_is_not_committed_changes_nothing_and_writers_do_not_wait_for_each_other() {
    let Some(database) = postgres().await else { return };
    let engine = keeping(&database).await;
    let auditor = Who::of("auditor");
    for _ in 0..2 {
        ask(&engine, &auditor).await;
    }
    let before = ask(&engine, &auditor).await;
    let mut writers = Vec::new();
    for offset in 0..3 {
        let mut connection = PgConnection::connect(&database.url).await.expect("a connection");
        run(&mut connection, "BEGIN; SET LOCAL lock_timeout = '2s'").await;
        let one = |table: &str| format!("DELETE FROM {table} WHERE id = (SELECT id FROM {table} ORDER BY id LIMIT 1 OFFSET {offset})");
        run(&mut connection, &one("enrollments")).await;
        run(&mut connection, "UPDATE buildings SET version = version WHERE false").await;
        writers.push(connection);
        let answer = ask(&engine, &auditor).await;
        assert_eq!((kept(&answer), &answer.body), (3, &before.body), "nothing is committed yet");
    }
    let mut last = before;
    for mut writer in writers.into_iter().rev() {
        run(&mut writer, "COMMIT").await;
        let answer = ask(&engine, &auditor).await;
        assert_eq!(kept(&answer), 2);
        assert_ne!(answer.body, last.body, "what was committed shows at once");
        last = answer;
    }
    let mut connection = PgConnection::connect(&database.url).await.expect("a connection");
    run(&mut connection, "BEGIN; DELETE FROM enrollments; ROLLBACK").await;
    let answer = ask(&engine, &auditor).await;
    assert_eq!((kept(&answer), answer.body), (3, last.body), "what was taken back changed nothing");
}

#[tokio::test]
async fn nobody_gets_what_was_kept_for_another() {
    let Some(database) = postgres().await else { return };
    let (keeping, reading) = (keeping(&database).await, harness::engine(&database).await);
    for round in 0..3 {
        for who in Who::all() {
            let (answer, expected) = (ask(&keeping, &who).await, ask(&reading, &who).await);
            assert_eq!(answer.body, expected.body, "round {round}: {who:?}");
        }
    }
}

#[tokio::test]
async fn every_registers_changes_are_counted() {
    let Some(database) = postgres().await else { return };
    let mut connection = PgConnection::connect(&database.url).await.expect("a connection");
    for register in REGISTERS {
        let table = register.table;
        let counted = "SELECT count(*) FROM pg_trigger WHERE tgrelid = $1::regclass AND tgname = $1 || '_changed' AND tgenabled = 'A'";
        let counted: i64 = sqlx::query_scalar(counted).bind(table).fetch_one(&mut connection).await.expect("a count");
        assert_eq!(counted, 1, "the migration of {table} says `changes::note`");
    }
}

#[tokio::test]
async fn many_statements_of_one_transaction_count_once() {
    let Some(database) = postgres().await else { return };
    let mut connection = PgConnection::connect(&database.url).await.expect("a connection");
    run(&mut connection, "BEGIN").await;
    for _ in 0..20 {
        run(&mut connection, "UPDATE persons SET version = version WHERE false").await;
    }
    run(&mut connection, "COMMIT; UPDATE persons SET version = version WHERE false").await;
    let counted = "SELECT changes FROM register_changes WHERE table_name = 'persons' AND writer = pg_backend_pid()";
    let counted: i64 = sqlx::query_scalar(counted).fetch_one(&mut connection).await.expect("a count");
    assert_eq!(counted, 2);
}
