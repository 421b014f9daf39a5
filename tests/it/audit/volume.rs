//! A large log on PostgreSQL: every filter goes by an index. With a log of millions it tells how long an auditor waits too:
//! `CIVIGRID_AUDIT_VOLUME=10000000 cargo test -p tests --test it a_large_log`.

use std::time::Instant;

use civigrid::graph::{Engine, Limits, Request};
use civigrid::policy::Policy;
use civigrid::store::explain::Planning;
use sea_orm::DatabaseConnection;

use super::{column, connect, number, run};
use crate::harness::{self, OwnPostgres, TestDatabase, Who};

/// Accounts, and combinations of fields, that the records are spread over.
const ACCOUNTS: i64 = 5_000;
const TOUCHES: i64 = 400;
/// Records where `CIVIGRID_AUDIT_VOLUME` does not say: enough that reading all of a month costs more than an index does.
const RECORDS: i64 = 60_000;

/// Records over half a year, with one to three persons each; made by the database itself.
async fn fill(database: &TestDatabase, records: i64) {
    let connection = connect(database).await;
    for month in 1..=6 {
        let day = format!("2026-0{month}-01T00:00:00Z").parse().expect("an instant");
        civigrid::audit::make_partitions(&connection, day).await.expect("made");
    }
    run(
        &connection,
        &format!(
            "INSERT INTO audit_touches SELECT md5('t' || n)::uuid, ';person;', ';person.name;person.f' || n || ';', ';', ';', 'PERSONAL' \
             FROM generate_series(1, {TOUCHES}) n"
        ),
    )
    .await;
    let known: Vec<uuid::Uuid> =
        column(&connection, "SELECT id AS v FROM persons WHERE region_code IS NOT NULL ORDER BY id LIMIT 30").await;
    let (often, seldom) = (known[0], known[20]);
    let time = "timestamptz '2026-01-01' + (n * (180.0 * 86400 / %N%)) * interval '1 second'";
    let key = "encode(substr(int8send((extract(epoch FROM %TIME%) * 1000)::bigint), 3), 'hex')";
    let (time, key) = (time.replace("%N%", &records.to_string()), key.to_owned());
    let key = key.replace("%TIME%", &time);
    let indexes = drop_indexes(&connection).await;
    let step = 500_000;
    for from in (0..records).step_by(step as usize) {
        let upto = (from + step).min(records) - 1;
        run(&connection, &format!(
            "INSERT INTO audit_records (id, at, kind, outcome, errors, issuer, account, client, roles, purpose, request, operation, document, touched_id, class, row_count, subject_count, policy, region_code, number) \
             SELECT ({key} || '7' || lpad(to_hex(n % 4096), 3, '0') || '8' || lpad(to_hex(n), 15, '0'))::uuid, {time}, CASE WHEN n % 50 = 0 THEN 'CHANGE' ELSE 'READ' END, \
             CASE WHEN n % 40 = 0 THEN 'REFUSED' ELSE 'COMPLETE' END, CASE WHEN n % 40 = 0 THEN 'FIELD_WITHHELD' END, 'https://login.example', 'account' || (n * 7919 % {ACCOUNTS}), \
             CASE WHEN n % 3 = 0 THEN 'screen' || n % 20 END, 'grid_worker', CASE WHEN n % 5 = 0 THEN 'purpose' || n % 12 END, 'request' || n, 'Operation' || n % 300, 'abcdef', \
             md5('t' || (1 + n % {TOUCHES}))::uuid, 'PERSONAL', 20, 2, 'policy', 500107001001000 + n % 900, n + 1 FROM generate_series({from}::bigint, {upto}) n"
        )).await;
        run(&connection, &format!(
            "INSERT INTO audit_accesses (id, record_id, person_id, child, at, kind, issuer, account, client, roles, purpose, touched_id, region_code) \
             SELECT ({key} || '7' || lpad(to_hex((n * 3 + k) % 4096), 3, '0') || '9' || lpad(to_hex(n * 3 + k), 15, '0'))::uuid, \
             ({key} || '7' || lpad(to_hex(n % 4096), 3, '0') || '8' || lpad(to_hex(n), 15, '0'))::uuid, CASE (n + k) % 20000 WHEN 7 THEN uuid '{often}' WHEN 11 THEN uuid '{seldom}' ELSE md5('p' || (n * 31 + k) % 2000000)::uuid END, n % 9 = 0, {time}, 'READ', 'https://login.example', \
             'account' || (n * 7919 % {ACCOUNTS}), CASE WHEN n % 3 = 0 THEN 'screen' || n % 20 END, 'grid_worker', CASE WHEN n % 5 = 0 THEN 'purpose' || n % 12 END, \
             md5('t' || (1 + n % {TOUCHES}))::uuid, 500107001001000 + n % 900 FROM generate_series({from}::bigint, {upto}) n CROSS JOIN generate_series(0, 1) k"
        )).await;
    }
    for index in indexes {
        run(&connection, &index).await;
    }
    run(&connection, "ANALYZE").await;
}

/// Takes away the indexes that are no keys, and gives the statements that make them again: over millions of rows that takes a
/// fraction of the time of keeping them up.
async fn drop_indexes(connection: &DatabaseConnection) -> Vec<String> {
    let ours = "tablename IN ('audit_records', 'audit_accesses') AND indexname NOT LIKE '%_pkey'";
    let made =
        column::<String>(connection, &format!("SELECT replace(indexdef, ' ON ONLY ', ' ON ') AS v FROM pg_indexes WHERE {ours}")).await;
    for name in column::<String>(connection, &format!("SELECT indexname AS v FROM pg_indexes WHERE {ours}")).await {
        run(connection, &format!("DROP INDEX {name}")).await;
    }
    assert!(made.len() > 10, "{made:?}");
    made
}

/// What auditors ask, each with the index that must serve it.
fn questions(person: &str, rare: &str) -> Vec<(&'static str, String)> {
    let records = |filter: &str| {
        format!(
            "{{ auditRecords(first: 50, orderBy: [{{ field: AT, direction: DESC }}], filter: {{ {filter} }}) {{ nodes {{ at operation }} }} }}"
        )
    };
    let accesses = |filter: &str| format!("{{ auditAccesses(first: 50, filter: {{ {filter} }}) {{ nodes {{ at account purpose }} }} }}");
    let days = "at: { gte: \"2026-04-01T00:00:00Z\", lt: \"2026-06-30T00:00:00Z\" }";
    vec![
        ("when", records(days)),
        ("who", records(&format!("account: {{ eq: \"account17\" }}, {days}"))),
        ("by which application", records(&format!("client: {{ eq: \"screen3\" }}, {days}"))),
        ("what for", records(&format!("purpose: {{ eq: \"purpose5\" }}, {days}"))),
        ("refusals", records(&format!("outcome: {{ eq: REFUSED }}, {days}"))),
        ("changes", records(&format!("kind: {{ eq: CHANGE }}, {days}"))),
        ("operation", records(&format!("operation: {{ eq: \"Operation9\" }}, {days}"))),
        ("request", records("request: { eq: \"request77\" }")),
        ("field", records("touched: { shown: { contains: \";person.f17;\" } }")),
        ("whom", records(&format!("accesses: {{ some: {{ person: {{ id: {{ eq: \"{rare}\" }} }} }} }}"))),
        (
            "who read a person in 90 days",
            format!(
                "{{ person(id: \"{person}\") {{ auditAccesses(first: 1000, filter: {{ {days} }}) {{ nodes {{ at account roles purpose touched {{ shown }} }} }} }} }}"
            ),
        ),
        ("accesses to a person", accesses(&format!("person: {{ id: {{ eq: \"{rare}\" }} }}, {days}"))),
        ("accesses by an account", accesses(&format!("account: {{ eq: \"account17\" }}, {days}"))),
        (
            "accesses in a time",
            accesses("at: { gte: \"2026-06-01T00:00:00Z\", lt: \"2026-06-02T00:00:00Z\" }")
                .replace("first: 50,", "first: 50, orderBy: [{ field: AT, direction: DESC }],"),
        ),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_log_is_searched_by_indexes() {
    let records = harness::asked_for("CIVIGRID_AUDIT_VOLUME").unwrap_or(RECORDS);
    let server = OwnPostgres::start("volume").await.expect("PostgreSQL");
    let database = server.filled().await;
    let begun = Instant::now();
    fill(&database, records).await;
    let connection = connect(&database).await;
    let size = number(&connection, "SELECT pg_database_size(current_database()) / 1048576 AS v").await;
    harness::say(&format!("{records} records in {:.0} s, {size} MB", begun.elapsed().as_secs_f64()));
    let engine = Engine::build(database.open(), Policy::built_in(), Limits::default()).await.expect("built");
    let first: Vec<uuid::Uuid> =
        column(&connection, "SELECT id AS v FROM persons WHERE region_code IS NOT NULL ORDER BY id LIMIT 30").await;
    let (person, rare) = (super::id_of(first[0]), super::id_of(first[20]));
    let auditor = Who { person: None, ..Who::of("auditor") };
    let mut wrong = Vec::new();
    for (name, document) in questions(&person, &rare) {
        let request = Request { query: document.clone(), request_id: "volume".to_owned(), ..Request::default() };
        let explained = engine.explain(&request, &auditor.caller(), harness::now(), Planning::TheseValues).await.expect("explained");
        for step in &explained.steps {
            let plan = step.plan.as_ref().map(|plan| plan.text.as_str()).unwrap_or_default();
            // The partitions of the months to come are empty, and read as they are.
            let whole = |line: &&str| {
                let of_a_month = (1..=6).any(|month| line.contains(&format!("_2026_0{month} ")));
                line.contains("Seq Scan on audit_") && of_a_month
            };
            let read: Vec<&str> = plan.lines().filter(whole).collect();
            if !read.is_empty() {
                wrong.push(format!("{name} reads all of a month:\n{plan}"));
            }
        }
        let mut times = Vec::new();
        for _ in 0..5 {
            let begun = Instant::now();
            let answer = engine.execute(&request, &auditor.caller(), harness::now()).await;
            times.push(begun.elapsed());
            let text = String::from_utf8_lossy(&answer.body).into_owned();
            assert!(answer.errors.is_empty() && text.contains("\"at\":"), "{name}: {text}");
        }
        times.sort_unstable();
        harness::say(&format!("{name}: {:.1} ms", times[2].as_secs_f64() * 1_000.0));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}
