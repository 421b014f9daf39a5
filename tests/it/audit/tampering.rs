//! Changes of the log past the program: each kind, at places drawn by lot, in a log of ten thousand records.

use std::collections::BTreeSet;

use civigrid::audit::{self, Checkpoint, Proof, Report};
use civigrid::store::Backend;
use rand::RngExt as _;
use rand::SeedableRng as _;
use rand_chacha::ChaCha8Rng;
use sea_orm::{DatabaseConnection, TransactionTrait};
use uuid::Uuid;

use super::{connect, entry, number, run, settle};
use crate::harness::{self, instant};

/// How many records the log has, each in a batch of its own.
const RECORDS: i64 = 10_000;
/// Places that each kind of change is tried at.
const PLACES: usize = 3;

/// A log of as many records.
pub(super) async fn fill(connection: &DatabaseConnection, records: i64) {
    let transaction = connection.begin().await.expect("begun");
    for record in 0..records {
        let subjects = (0..record % 3).map(|subject| Uuid::from_u128((record * 10 + subject) as u128)).collect();
        audit::append(&transaction, &entry(instant(), &format!("record{record}"), subjects)).await.expect("appended");
    }
    transaction.commit().await.expect("committed");
    settle(connection).await;
}

/// One kind of change.
#[derive(Clone, Copy, Debug)]
enum Tampering {
    /// A letter of the record.
    Body,
    /// Whom it is about.
    Subjects,
    /// When it was.
    Time,
    /// The record, and its digest to fit.
    Digest,
    /// It is gone.
    Drop,
    /// It and the next are exchanged by their numbers.
    SwapNumbers,
    /// It and the next are exchanged by what they hold.
    SwapBodies,
    /// Another takes its number too.
    Insert,
    /// It and all after it are gone, and the chain says that it ends there.
    Truncate,
}

const ALL: [Tampering; 9] = [
    Tampering::Body,
    Tampering::Subjects,
    Tampering::Time,
    Tampering::Digest,
    Tampering::Drop,
    Tampering::SwapNumbers,
    Tampering::SwapBodies,
    Tampering::Insert,
    Tampering::Truncate,
];

impl Tampering {
    /// The statements that do it at a number, and the least number that must be told.
    fn at(self, place: i64, backend: Backend) -> (Vec<String>, i64) {
        let next = place + 1;
        let one = |set: &str| vec![format!("UPDATE audit_batches SET {set} WHERE number = {place}")];
        let (cut, other_key) = match backend {
            Backend::Sqlite => ("cast(replace(cast(body AS TEXT), 'READ', 'RAED') AS BLOB)", "unhex('00000000000070008000000000000000')"),
            Backend::Postgres => {
                ("convert_to(replace(convert_from(body, 'UTF8'), 'READ', 'RAED'), 'UTF8')", "'00000000-0000-7000-8000-000000000000'")
            }
        };
        let blob = |text: &str| match backend {
            Backend::Sqlite => format!("X'{text}'"),
            Backend::Postgres => format!("decode('{text}', 'hex')"),
        };
        let columns = "at, records, body, subjects, digest, number, hash";
        let statements = match self {
            Self::Body => one(&format!("body = {cut}")),
            Self::Subjects => one(&format!("subjects = {}", blob(&"01".repeat(33)))),
            Self::Time => one("at = at + 1"),
            Self::Digest => one(&format!("digest = {}", blob(&"ab".repeat(32)))),
            Self::Drop => vec![format!("DELETE FROM audit_batches WHERE number = {place}")],
            Self::SwapNumbers => {
                vec![format!("UPDATE audit_batches SET number = {place} + {next} - number WHERE number IN ({place}, {next})")]
            }
            Self::SwapBodies => vec![format!(
                "UPDATE audit_batches SET body = (SELECT o.body FROM kept_apart o WHERE o.number = {place} + {next} - audit_batches.number) \
                 WHERE number IN ({place}, {next})"
            )],
            Self::Insert => vec![format!(
                "INSERT INTO audit_batches (id, {columns}) SELECT {other_key}, {columns} FROM audit_batches WHERE number = {place}"
            )],
            Self::Truncate => vec![
                format!("DELETE FROM audit_batches WHERE number >= {place}"),
                format!("UPDATE audit_chain SET number = {place} - 1, hash = (SELECT hash FROM audit_batches WHERE number = {place} - 1)"),
            ],
        };
        (statements, place)
    }
}

async fn undo(connection: &DatabaseConnection) {
    let columns = "id, at, records, body, subjects, digest, number, hash";
    run(connection, "DELETE FROM audit_batches").await;
    run(connection, &format!("INSERT INTO audit_batches ({columns}) SELECT {columns} FROM kept_apart")).await;
    run(connection, &format!("UPDATE audit_chain SET number = {RECORDS}, hash = (SELECT hash FROM kept_apart WHERE number = {RECORDS})"))
        .await;
}

async fn verified(connection: &DatabaseConnection, checkpoint: Option<&Checkpoint>) -> Report {
    let proof = Proof { checkpoints: checkpoint.into_iter().cloned().collect(), key: None };
    audit::verify(connection, &proof).await.expect("read")
}

#[tokio::test]
async fn every_change_drop_swap_insertion_and_truncation_of_one_record_is_found_and_its_place_named() {
    let mut dice = ChaCha8Rng::seed_from_u64(20_261_127);
    for database in harness::fresh_databases().await {
        let connection = connect(&database).await;
        fill(&connection, RECORDS).await;
        run(&connection, "CREATE TABLE kept_apart AS SELECT * FROM audit_batches").await;
        run(&connection, "CREATE UNIQUE INDEX kept_apart_number ON kept_apart (number)").await;
        let whole = verified(&connection, None).await;
        assert!(whole.findings.is_empty() && whole.records == RECORDS as u64 && whole.numbers == Some((1, RECORDS)), "{whole:?}");
        let hash: Vec<u8> = super::column(&connection, "SELECT hash AS v FROM audit_chain").await.remove(0);
        let hash = hash.iter().map(|byte| format!("{byte:02x}")).collect();
        let checkpoint = Checkpoint { number: RECORDS, at: 0, hash, key: String::new(), signature: String::new() };
        for tampering in ALL {
            let mut places: BTreeSet<i64> = [2, RECORDS - 1].into();
            while places.len() < PLACES {
                places.insert(dice.random_range(3..RECORDS - 2));
            }
            for place in places {
                let (statements, told) = tampering.at(place, database.backend);
                for statement in &statements {
                    run(&connection, statement).await;
                }
                let report = verified(&connection, Some(&checkpoint)).await;
                let first = report.findings.first().map(|finding| finding.number);
                assert_eq!(first, Some(told), "{:?} {tampering:?} at {place}: {:?}", database.backend, report.findings);
                undo(&connection).await;
            }
        }
        assert!(verified(&connection, Some(&checkpoint)).await.findings.is_empty(), "everything is as it was");
        assert_eq!(number(&connection, "SELECT count(*) AS v FROM audit_batches").await, RECORDS);
    }
}

#[tokio::test]
async fn a_log_that_was_written_anew_is_found_by_a_checkpoint_alone() {
    for database in harness::fresh_databases().await {
        let connection = connect(&database).await;
        fill(&connection, 20).await;
        let hash: Vec<u8> = super::column(&connection, "SELECT hash AS v FROM audit_chain").await.remove(0);
        let hash = hash.iter().map(|byte| format!("{byte:02x}")).collect();
        let checkpoint = Checkpoint { number: 20, at: 0, hash, key: String::new(), signature: String::new() };
        assert!(verified(&connection, Some(&checkpoint)).await.findings.is_empty());
        // One who may write everything drops a record and lets the program link the rest anew.
        run(&connection, "DELETE FROM audit_batches WHERE number = 7").await;
        run(&connection, "UPDATE audit_batches SET number = NULL, hash = NULL").await;
        run(&connection, "UPDATE audit_chain SET number = 0, hash = NULL").await;
        audit::append(&connection, &entry(instant(), "made up", Vec::new())).await.expect("appended");
        while audit::link(&connection).await.expect("linked") {}
        assert!(verified(&connection, None).await.findings.is_empty(), "the chain alone cannot tell");
        let report = verified(&connection, Some(&checkpoint)).await;
        assert!(report.findings.iter().any(|finding| finding.number == 20 && finding.what.contains("rewritten")), "{report:?}");
    }
}
