//! Taking a person out of the log. What was done stays, as does how often; of whom, nobody can tell any more.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use sea_orm::{DatabaseConnection, DatabaseTransaction, TransactionTrait, Value};
use uuid::Uuid;

use super::Error;
use super::link::lock;
use super::record::{Entry, Kind, Record};
use super::tables::{self, KEPT, Kept};
use super::writer::append;
use crate::policy::Caller;

/// Who is to be taken out, by whom and why.
#[derive(Clone, Debug)]
pub struct Erasure<'a> {
    /// The person.
    pub person: Uuid,
    /// Who does it.
    pub by: &'a Caller,
    /// Why.
    pub reason: &'a str,
    /// When.
    pub now: DateTime<Utc>,
}

/// What was taken out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Erased {
    /// Batches that mentioned the person.
    pub batches: u64,
    /// How often.
    pub mentions: u64,
}

/// Takes somebody out of every batch, and of what is searched. Recorded in the same transaction, without saying who it was.
///
/// # Errors
/// If the database refuses or breaks; nothing is changed then.
pub async fn erase(connection: &DatabaseConnection, erasure: &Erasure<'_>) -> Result<Erased, Error> {
    // So that little is left that the search does not know. Both may also end because another server is at it.
    while super::link(connection).await? {}
    while super::index(connection).await? {}
    let transaction = connection.begin().await?;
    while !lock(&transaction).await? {
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    let mut erased = Erased::default();
    let mut record = Record::new(Kind::Log, erasure.now, erasure.by);
    (record.operation, record.reason) = (Some("audit erase"), Some(erasure.reason));
    let unsearched = format!("{KEPT} WHERE number IS NULL OR number > (SELECT indexed FROM audit_chain)");
    let mut rows = tables::rows(&transaction, &unsearched, []).await?;
    for number in mentioning(&transaction, erasure.person).await? {
        rows.append(&mut tables::rows(&transaction, &format!("{KEPT} WHERE number = $1"), [number.into()]).await?);
    }
    for row in &rows {
        let Kept { mut batch, .. } = Kept::read(row)?;
        let mentions = batch.erase(erasure.person);
        if mentions == 0 {
            continue;
        }
        let values: [Value; 2] = [batch.mentions.into(), batch.id.into()];
        tables::execute(&transaction, "UPDATE audit_batches SET subjects = $1 WHERE id = $2", values).await?;
        record.erased.push((batch.id, mentions));
        erased = Erased { batches: erased.batches + 1, mentions: erased.mentions + u64::from(mentions) };
    }
    let person = || [Value::from(erasure.person)];
    tables::execute(&transaction, "UPDATE audit_accesses SET person_id = NULL, region_code = NULL WHERE person_id = $1", person()).await?;
    tables::execute(&transaction, "UPDATE audit_records SET person_id = NULL WHERE person_id = $1", person()).await?;
    record.rows = erased.mentions;
    append(&transaction, &Entry::of(record, erasure.by, Vec::new())).await?;
    transaction.commit().await?;
    Ok(erased)
}

/// The numbers of the batches that mention a person.
async fn mentioning(transaction: &DatabaseTransaction, person: Uuid) -> Result<BTreeSet<i64>, Error> {
    const MENTIONING: &str = "SELECT number FROM audit_records WHERE number IS NOT NULL AND (person_id = $1 \
        OR id IN (SELECT record_id FROM audit_accesses WHERE person_id = $1))";
    let rows = tables::rows(transaction, MENTIONING, [person.into()]).await?;
    Ok(rows.iter().map(|row| row.try_get("", "number")).collect::<Result<_, _>>()?)
}
