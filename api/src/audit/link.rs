//! Numbering batches and chaining their hashes.
//!
//! A number is drawn after the commit, by whoever holds the lock: what is numbered was visible to all, so no batch ever
//! appears before one that has a number already. One linker works at a time, whichever server it is in.

use sea_orm::{ConnectionTrait, DatabaseConnection, TransactionTrait, Value};
use serde_json::json;
use uuid::Uuid;

use super::Error;
use super::batch::{Hash, linked};
use super::tables::{self, Head, Spelled, hexadecimal};

/// The most batches that are linked in one transaction.
const AT_ONCE: i64 = 2_000;

/// What only one linker, and nothing that drops or rewrites batches, may hold. On SQLite the write lock does it.
const LOCK: Spelled = Spelled {
    postgres: "SELECT pg_try_advisory_xact_lock(7236821) AS held",
    sqlite: "UPDATE audit_chain SET number = number RETURNING 1 AS held",
};

/// In the order in which they were put in: of two changes that touch the same, the later one waited for the commit of the first
/// before it put in its record.
const UNLINKED: Spelled = Spelled {
    postgres: "SELECT id, digest FROM audit_batches WHERE number IS NULL ORDER BY drawn LIMIT $1",
    sqlite: "SELECT id, digest FROM audit_batches WHERE number IS NULL ORDER BY rowid LIMIT $1",
};

const LINK: Spelled = Spelled {
    postgres: "UPDATE audit_batches b SET number = x.number, hash = decode(x.hash, 'hex') \
        FROM jsonb_to_recordset($1::jsonb) AS x(id uuid, number bigint, hash text) WHERE b.id = x.id AND b.number IS NULL",
    sqlite: "UPDATE audit_batches SET number = x.value ->> 'number', hash = unhex(x.value ->> 'hash') \
        FROM json_each($1) AS x WHERE audit_batches.id = unhex(x.value ->> 'id') AND audit_batches.number IS NULL",
};

/// Takes the lock for the transaction; false if another has it.
pub(super) async fn lock(transaction: &impl ConnectionTrait) -> Result<bool, sea_orm::DbErr> {
    let row = tables::row(transaction, LOCK.of(transaction), []).await?;
    if tables::is_postgres(transaction) { row.try_get("", "held") } else { Ok(true) }
}

/// Links what is committed and has no number yet. True if there may be more.
///
/// # Errors
/// If the database refuses or breaks; nothing is linked then.
pub async fn link(connection: &DatabaseConnection) -> Result<bool, Error> {
    // Asked first without a lock, so that nothing is written where there is nothing to do.
    if tables::rows(connection, "SELECT id FROM audit_batches WHERE number IS NULL LIMIT 1", []).await?.is_empty() {
        return Ok(false);
    }
    let transaction = connection.begin().await?;
    if !lock(&transaction).await? {
        transaction.rollback().await?;
        return Ok(false);
    }
    let Head { mut number, mut hash, .. } = tables::head(&transaction).await?;
    let unlinked = tables::rows(&transaction, UNLINKED.of(&transaction), [AT_ONCE.into()]).await?;
    let mut links = Vec::with_capacity(unlinked.len());
    for row in &unlinked {
        let (id, digest): (Uuid, Vec<u8>) = (row.try_get("", "id")?, row.try_get("", "digest")?);
        // A digest of another length is nothing that the program wrote; the chain then holds that there was one.
        let digest = Hash::try_from(digest).unwrap_or_default();
        number += 1;
        hash = linked(number, &hash, &digest);
        links.push(json!({ "id": id.simple().to_string(), "number": number, "hash": hexadecimal(&hash) }));
    }
    if !links.is_empty() {
        let text = serde_json::Value::from(links).to_string();
        tables::execute(&transaction, LINK.of(&transaction), [Value::from(text)]).await?;
        let values: [Value; 2] = [number.into(), hash.to_vec().into()];
        tables::execute(&transaction, "UPDATE audit_chain SET number = $1, hash = $2", values).await?;
    }
    transaction.commit().await?;
    metrics::gauge!("civigrid_audit_linked_number").set(number as f64);
    Ok(unlinked.len() as i64 == AT_ONCE)
}
