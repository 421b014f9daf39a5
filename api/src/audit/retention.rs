//! Months: their partitions on PostgreSQL, and dropping those whose time is over.

use chrono::{DateTime, Datelike, Months, NaiveDate, NaiveTime, Utc};
use sea_orm::{ConnectionTrait, DatabaseConnection, DatabaseTransaction, TransactionTrait, Value};
use uuid::Uuid;

use super::Error;
use super::link::lock;
use super::record::{Entry, Kind, Record};
use super::tables;
use super::writer::append;
use crate::policy::Caller;

/// The tables that grow.
const TABLES: [&str; 3] = ["audit_accesses", "audit_records", "audit_batches"];

/// What was dropped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Expired {
    /// Batches.
    pub batches: u64,
    /// All numbers up to here are gone.
    pub up_to: i64,
}

/// The first instant of the month that lies so many months before the present one, in UTC.
fn month(now: DateTime<Utc>, before: i32) -> DateTime<Utc> {
    let first = NaiveDate::from_ymd_opt(now.year(), now.month(), 1).unwrap_or_default();
    let months = Months::new(before.unsigned_abs());
    let shifted = if before >= 0 { first.checked_sub_months(months) } else { first.checked_add_months(months) };
    // What lies before all months that there are is before everything.
    shifted.map_or(DateTime::<Utc>::MIN_UTC, |first| first.and_time(NaiveTime::MIN).and_utc())
}

/// The least key of what happens from the instant on.
fn least_key(at: DateTime<Utc>) -> Uuid {
    let milliseconds = u64::try_from(at.timestamp_millis()).unwrap_or_default();
    let mut bytes = [0; 16];
    bytes[..6].copy_from_slice(&milliseconds.to_be_bytes()[2..]);
    Uuid::from_bytes(bytes)
}

/// Makes the partitions of this month and the next two, where there are none. SQLite has none.
///
/// # Errors
/// If the database refuses; rows of such a month then lie with the rest.
pub async fn make_partitions(connection: &DatabaseConnection, now: DateTime<Utc>) -> Result<(), Error> {
    if !tables::is_postgres(connection) {
        return Ok(());
    }
    let mut made = Ok(());
    for ahead in 0..3 {
        // A month of which there are rows already cannot have one any more; the next ones can.
        made = make_partition(connection, month(now, -ahead), month(now, -ahead - 1)).await.and(made);
    }
    made
}

async fn make_partition(connection: &DatabaseConnection, first: DateTime<Utc>, beyond: DateTime<Utc>) -> Result<(), Error> {
    let name = first.format("%Y_%m").to_string();
    let there = "SELECT to_regclass('audit_accesses_' || $1) IS NOT NULL AS there";
    if !tables::row(connection, there, [name.as_str().into()]).await?.try_get::<bool>("", "there")? {
        let values: [Value; 3] = [name.into(), least_key(first).into(), least_key(beyond).into()];
        tables::rows(connection, "SELECT audit_make_partition($1, $2, $3)", values).await?;
    }
    Ok(())
}

/// Drops all months but the present one and so many before it. What is dropped must lie behind a signed checkpoint, so that the
/// chain can be held against one ever after.
///
/// # Errors
/// If no checkpoint stands for it, or the database refuses; nothing is dropped then.
pub async fn expire(connection: &DatabaseConnection, kept_months: u32, now: DateTime<Utc>) -> Result<Expired, Error> {
    let cut = least_key(month(now, i32::try_from(kept_months).unwrap_or(i32::MAX)));
    let transaction = connection.begin().await?;
    if !lock(&transaction).await? {
        transaction.rollback().await?;
        return Ok(Expired::default());
    }
    let count = "SELECT count(*) AS n, coalesce(max(number), 0) AS last, count(number) AS linked FROM audit_batches WHERE id < $1";
    let row = tables::row(&transaction, count, [cut.into()]).await?;
    let (batches, last, linked): (i64, i64, i64) = (row.try_get("", "n")?, row.try_get("", "last")?, row.try_get("", "linked")?);
    let indexed = tables::head(&transaction).await?.indexed;
    if batches == 0 || linked < batches || indexed < last {
        transaction.rollback().await?;
        return Ok(Expired::default());
    }
    let signed = tables::row(&transaction, "SELECT count(*) AS n FROM audit_checkpoints WHERE number >= $1", [last.into()]).await?;
    if signed.try_get::<i64>("", "n")? == 0 {
        return Err(Error::Unanchored(last));
    }
    let up_to = anchor(&transaction, cut, now).await?;
    drop_before(&transaction, cut, now, kept_months).await?;
    let nobody = Caller::anonymous();
    let mut record = Record::new(Kind::Log, now, &nobody);
    (record.operation, record.rows) = (Some("audit expire"), u64::try_from(batches).unwrap_or_default());
    append(&transaction, &Entry::of(record, &nobody, Vec::new())).await?;
    transaction.commit().await?;
    Ok(Expired { batches: u64::try_from(batches).unwrap_or_default(), up_to })
}

/// Notes where the chain will begin, and the links that are dropped though some before them stay: a batch of the last moment
/// of a month may have been linked behind one of the next.
async fn anchor(transaction: &DatabaseTransaction, cut: Uuid, now: DateTime<Utc>) -> Result<i64, Error> {
    let at = now.timestamp_micros();
    let first =
        "SELECT coalesce(min(number), (SELECT number + 1 FROM audit_chain)) AS n FROM audit_batches WHERE id >= $1 AND number IS NOT NULL";
    let first: i64 = tables::row(transaction, first, [cut.into()]).await?.try_get("", "n")?;
    let up_to = first - 1;
    let values = || -> [Value; 3] { [at.into(), cut.into(), up_to.into()] };
    let later = "INSERT INTO audit_anchors (number, at, digest, hash) SELECT number, $1, digest, hash FROM audit_batches WHERE id < $2 AND number > $3";
    tables::execute(transaction, later, values()).await?;
    let last = "INSERT INTO audit_anchors (number, at, digest, hash) SELECT number, $1, NULL, hash FROM audit_batches WHERE id < $2 AND number = $3 \
        ON CONFLICT (number) DO UPDATE SET digest = NULL";
    tables::execute(transaction, last, values()).await?;
    let before = "DELETE FROM audit_anchors WHERE number < (SELECT max(number) FROM audit_anchors WHERE digest IS NULL)";
    tables::execute(transaction, before, []).await?;
    Ok(up_to)
}

/// Drops whole partitions, and deletes what lies with the rest.
async fn drop_before(transaction: &DatabaseTransaction, cut: Uuid, now: DateTime<Utc>, kept_months: u32) -> Result<(), Error> {
    let oldest = month(now, i32::try_from(kept_months).unwrap_or(i32::MAX)).format("%Y_%m").to_string();
    for table in TABLES {
        if tables::is_postgres(transaction) {
            let partitions = "SELECT c.relname::text AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid \
                WHERE i.inhparent = to_regclass($1) AND right(c.relname::text, 7) < $2 AND c.relname::text ~ '_[0-9]{4}_[0-9]{2}$'";
            for row in tables::rows(transaction, partitions, [table.into(), oldest.as_str().into()]).await? {
                let name: String = row.try_get("", "name")?;
                transaction.execute_unprepared(&format!("DROP TABLE \"{name}\"")).await?;
            }
        }
        tables::execute(transaction, &format!("DELETE FROM {table} WHERE id < $1"), [cut.into()]).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_a_month_lie_between_its_bounds() {
        let now: DateTime<Utc> = "2026-03-31T23:30:00Z".parse().expect("an instant");
        assert_eq!(month(now, 1).to_rfc3339(), "2026-02-01T00:00:00+00:00");
        assert_eq!(month(now, -10).to_rfc3339(), "2027-01-01T00:00:00+00:00");
        let key = super::super::record::key(now);
        assert!(least_key(month(now, 0)) < key && key < least_key(month(now, -1)));
    }
}
