//! The audit log: what is in it, what proves it, who may search it, and what happens when it cannot be written.

mod changes;
mod crash;
mod disk;
mod erasure;
mod proof;
mod reads;
mod refusals;
mod retention;
mod rights;
mod search;
mod tampering;
mod volume;

use chrono::{DateTime, Utc};
use civigrid::audit::{self, Entry, Kind, Record};
use civigrid::config::{Config, Secret};
use civigrid::policy::Caller;
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use serde_json::Value;
use uuid::Uuid;

use crate::harness::{App, TestDatabase};

/// The program with the log on.
pub(super) async fn start(database: &TestDatabase) -> App {
    App::start_with(database, on).await
}

/// Settings with the log on.
pub(super) fn on(config: &mut Config) {
    config.audit.enabled = true;
    config.audit.variables_secret = Some(Secret::new("a secret for the hash of variables"));
}

/// A connection to look past the program with.
pub(super) async fn connect(database: &TestDatabase) -> DatabaseConnection {
    database.open().writer().await.expect("a connection")
}

/// The column `v` of a question.
pub(super) async fn column<T: sea_orm::TryGetable>(connection: &DatabaseConnection, question: &str) -> Vec<T> {
    let rows = connection.query_all_raw(Statement::from_string(connection.get_database_backend(), question)).await;
    rows.unwrap_or_else(|error| panic!("{question}: {error}")).iter().map(|row| row.try_get("", "v").expect("a value")).collect()
}

/// The only value of a question.
pub(super) async fn number(connection: &DatabaseConnection, question: &str) -> i64 {
    column(connection, question).await.remove(0)
}

/// Runs a statement.
pub(super) async fn run(connection: &DatabaseConnection, statement: &str) {
    connection.execute_unprepared(statement).await.unwrap_or_else(|error| panic!("{statement}: {error}"));
}

/// Links and indexes all that is committed.
pub(super) async fn settle(connection: &DatabaseConnection) {
    loop {
        while audit::link(connection).await.expect("linked") {}
        while audit::index(connection).await.expect("indexed") {}
        let waiting = "SELECT (SELECT count(*) FROM audit_batches WHERE number IS NULL) + (SELECT number - indexed FROM audit_chain) AS v";
        // The program's own keeper may hold the lock.
        if number(connection, waiting).await == 0 {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

/// The records in the log, in the order of their batches.
pub(super) async fn records(connection: &DatabaseConnection) -> Vec<Value> {
    settle(connection).await;
    let mut records = Vec::new();
    audit::export(connection, &audit::Wanted::default(), |line| records.push(serde_json::from_str(line).expect("JSON")))
        .await
        .expect("read");
    records
}

/// The records of operations of this name.
pub(super) async fn records_of(connection: &DatabaseConnection, operation: &str) -> Vec<Value> {
    records(connection).await.into_iter().filter(|record| record["operation"] == operation).collect()
}

/// An entry that some program could have written.
pub(super) fn entry(at: DateTime<Utc>, operation: &str, subjects: Vec<Uuid>) -> Entry {
    let caller = Caller::anonymous();
    let mut record = Record::new(Kind::Read, at, &caller);
    record.operation = Some(operation);
    Entry::of(record, &caller, subjects)
}

/// A person's key as answers write it.
pub(super) fn id_of(person: Uuid) -> String {
    entities::id::text("person", person)
}
