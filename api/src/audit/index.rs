//! Taking the records out of linked batches, as rows of registers that can be searched. What is taken twice is there once:
//! the keys of the rows follow from the records.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sea_orm::{ActiveEnum as _, ConnectionTrait, DatabaseConnection, TransactionTrait, Value};
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::Error;
use super::batch::{Mention, Opened};
use super::link::lock;
use super::record::{Stored, key};
use super::tables::{self, Head, KEPT, Kept, Spelled};
use crate::clock::INSTANT_FORMAT;

/// The most batches that are taken in one transaction.
const AT_ONCE: i64 = 500;
/// About the most bytes of them.
const BYTES_AT_ONCE: i64 = 4 << 20;

const TOUCHES: Spelled = Spelled {
    postgres: "INSERT INTO audit_touches (id, registers, shown, used, withheld, class) SELECT id, registers, shown, used, withheld, class \
        FROM jsonb_to_recordset($1::jsonb) AS x(id uuid, registers text, shown text, used text, withheld text, class text) ON CONFLICT (id) DO NOTHING",
    sqlite: "INSERT INTO audit_touches (id, registers, shown, used, withheld, class) SELECT unhex(value ->> 'id'), value ->> 'registers', \
        value ->> 'shown', value ->> 'used', value ->> 'withheld', value ->> 'class' FROM json_each($1) WHERE true ON CONFLICT (id) DO NOTHING",
};

const RECORDS: Spelled = Spelled {
    postgres: "INSERT INTO audit_records (id, at, kind, outcome, errors, issuer, account, client, person_id, roles, purpose, request, operation, \
        document, variables, touched_id, class, row_count, subject_count, policy, region_code, number) SELECT * FROM jsonb_to_recordset($1::jsonb) AS x(id uuid, \
        at timestamptz, kind text, outcome text, errors text, issuer text, account text, client text, person uuid, roles text, purpose text, \
        request text, operation text, document text, variables text, touched uuid, class text, rows integer, subjects integer, policy text, region bigint, number bigint) \
        ON CONFLICT (id) DO NOTHING",
    sqlite: "INSERT INTO audit_records (id, at, kind, outcome, errors, issuer, account, client, person_id, roles, purpose, request, operation, \
        document, variables, touched_id, class, row_count, subject_count, policy, region_code, number) SELECT unhex(value ->> 'id'), value ->> 'at', \
        value ->> 'kind', value ->> 'outcome', value ->> 'errors', value ->> 'issuer', value ->> 'account', value ->> 'client', \
        unhex(value ->> 'person'), value ->> 'roles', value ->> 'purpose', value ->> 'request', value ->> 'operation', value ->> 'document', \
        value ->> 'variables', unhex(value ->> 'touched'), value ->> 'class', value ->> 'rows', value ->> 'subjects', value ->> 'policy', \
        value ->> 'region', value ->> 'number' FROM json_each($1) WHERE true ON CONFLICT (id) DO NOTHING",
};

/// Whether somebody was a child is told by the day of the access: 14 years before it in the deployment's calendar would need
/// its zone; a day in UTC is near enough for a search, and an unknown age counts as a child's.
const ACCESSES: Spelled = Spelled {
    postgres: "INSERT INTO audit_accesses (id, record_id, person_id, child, at, kind, issuer, account, client, roles, purpose, touched_id, region_code) \
        SELECT x.id, x.record, x.person, coalesce(p.birth_date > (x.at AT TIME ZONE 'UTC')::date - interval '14 years', true), x.at, x.kind, x.issuer, \
        x.account, x.client, x.roles, x.purpose, x.touched, coalesce(p.region_code, x.region) FROM jsonb_to_recordset($1::jsonb) AS x(id uuid, \
        record uuid, person uuid, at timestamptz, kind text, issuer text, account text, client text, roles text, purpose text, touched uuid, region bigint) \
        LEFT JOIN persons p ON p.id = x.person ON CONFLICT (id) DO NOTHING",
    sqlite: "INSERT INTO audit_accesses (id, record_id, person_id, child, at, kind, issuer, account, client, roles, purpose, touched_id, region_code) \
        SELECT unhex(value ->> 'id'), unhex(value ->> 'record'), unhex(value ->> 'person'), \
        coalesce(p.birth_date > date(substr(value ->> 'at', 1, 10), '-14 years'), 1), value ->> 'at', value ->> 'kind', value ->> 'issuer', \
        value ->> 'account', value ->> 'client', value ->> 'roles', value ->> 'purpose', unhex(value ->> 'touched'), \
        coalesce(p.region_code, value ->> 'region') FROM json_each($1) LEFT JOIN persons p ON p.id = unhex(value ->> 'person') WHERE true \
        ON CONFLICT (id) DO NOTHING",
};

/// Takes the next linked batches. True if there may be more.
///
/// # Errors
/// If the database refuses or breaks, or a batch cannot be read; nothing is taken then.
pub async fn index(connection: &DatabaseConnection) -> Result<bool, Error> {
    let Head { number, indexed, .. } = tables::head(connection).await?;
    metrics::gauge!("civigrid_audit_unindexed_batches").set((number - indexed) as f64);
    if indexed >= number {
        return Ok(false);
    }
    let transaction = connection.begin().await?;
    if !lock(&transaction).await? {
        transaction.rollback().await?;
        return Ok(false);
    }
    let Head { number, indexed, .. } = tables::head(&transaction).await?;
    let upto = upto(&transaction, indexed, number).await?;
    let text = format!("{KEPT} WHERE number > $1 AND number <= $2 ORDER BY number");
    let rows = tables::rows(&transaction, &text, [indexed.into(), upto.into()]).await?;
    let root: Option<i64> = tables::row(&transaction, "SELECT min(code) AS code FROM regions", []).await?.try_get("", "code")?;
    let mut taken = Taken { root, ..Taken::default() };
    for row in &rows {
        let Kept { batch, number, .. } = Kept::read(row)?;
        match batch.open() {
            Ok(opened) => opened.iter().for_each(|opened| taken.take(opened, number)),
            // Somebody changed it, which `verify` tells; what comes after it can be searched all the same.
            Err(error) => {
                tracing::error!(batch = %batch.id, number, %error, "a batch of the audit log cannot be read and is left out of the search");
            }
        }
    }
    taken.write(&transaction).await?;
    tables::execute(&transaction, "UPDATE audit_chain SET indexed = $1", [Value::from(upto)]).await?;
    transaction.commit().await?;
    metrics::gauge!("civigrid_audit_unindexed_batches").set((number - upto) as f64);
    Ok(upto < number)
}

/// The number up to which is taken now: only so many batches, and bytes, unless the first alone has more.
async fn upto(transaction: &impl ConnectionTrait, indexed: i64, number: i64) -> Result<i64, Error> {
    let sizes =
        "SELECT number, length(body) + length(subjects) AS bytes FROM audit_batches WHERE number > $1 AND number <= $2 ORDER BY number";
    let last = number.min(indexed + AT_ONCE);
    let (mut upto, mut sum) = (None, 0);
    for row in tables::rows(transaction, sizes, [indexed.into(), last.into()]).await? {
        // PostgreSQL gives these lengths as 32 bits, SQLite as 64.
        let bytes = row.try_get::<i32>("", "bytes").map(i64::from).or_else(|_| row.try_get::<i64>("", "bytes"))?;
        sum += bytes;
        if sum > BYTES_AT_ONCE && upto.is_some() {
            return Ok(upto.unwrap_or(last));
        }
        upto = Some(row.try_get("", "number")?);
    }
    Ok(last)
}

/// Rows to be written.
#[derive(Default)]
struct Taken {
    /// The region that holds all others: what has no place of its own concerns whoever oversees all of it.
    root: Option<i64>,
    touches: BTreeMap<Uuid, Json>,
    records: Vec<Json>,
    accesses: Vec<Json>,
}

impl Taken {
    fn take(&mut self, opened: &Opened, number: Option<i64>) {
        let Opened { record, caller, subjects } = opened;
        let class = class_of(record);
        let touched = self.touch(record, class);
        let at = record.instant().unwrap_or_default();
        let text = at.format(INSTANT_FORMAT).to_string();
        let (kind, outcome) = (record.kind.to_value(), record.outcome.to_value());
        let region = record.region.or(self.root);
        let rows = i32::try_from(record.rows).unwrap_or(i32::MAX);
        let named = |mention: &Mention| if let Mention::Named(person) = mention { Some(person.simple().to_string()) } else { None };
        let list = |words: &[String]| (!words.is_empty()).then(|| words.join(" "));
        let roles = Some(record.roles().join(" ")).filter(|roles| !roles.is_empty());
        let touched = touched.map(|id| id.simple().to_string());
        self.records.push(json!({
            "id": record.id.simple().to_string(), "at": text, "kind": kind, "outcome": outcome, "errors": list(&record.errors),
            "issuer": record.issuer, "account": record.account, "client": record.client, "person": caller.as_ref().and_then(named),
            "roles": roles, "purpose": record.purpose, "request": record.request, "operation": record.operation,
            "document": record.document, "variables": record.variables, "touched": touched, "class": class, "rows": rows,
            "subjects": record.subjects, "policy": record.policy, "region": region, "number": number,
        }));
        for (position, subject) in subjects.iter().enumerate() {
            self.accesses.push(json!({
                "id": access_key(record.id, at, position).simple().to_string(), "record": record.id.simple().to_string(),
                "person": named(subject), "at": text, "kind": kind, "issuer": record.issuer, "account": record.account,
                "client": record.client, "roles": roles, "purpose": record.purpose, "touched": touched, "region": region,
            }));
        }
    }

    /// The key of what was touched; None if nothing was.
    fn touch(&mut self, record: &Stored, class: &str) -> Option<Uuid> {
        let Stored { shown, used, withheld, .. } = record;
        if shown.is_empty() && used.is_empty() && withheld.is_empty() {
            return None;
        }
        let between = |names: Vec<&str>| names.iter().fold(String::from(";"), |text, name| text + name + ";");
        let sorted = |names: &[String]| {
            let mut names: Vec<String> = names.to_vec();
            names.sort_unstable();
            names.dedup();
            between(names.iter().map(String::as_str).collect())
        };
        let (shown, used, withheld) = (sorted(shown), sorted(used), sorted(withheld));
        let mut registers: Vec<&str> = [&record.shown, &record.used, &record.withheld]
            .into_iter()
            .flatten()
            .filter_map(|name| name.split_once('.').map(|(register, _)| register))
            .collect();
        registers.sort_unstable();
        registers.dedup();
        let digest = Sha256::digest(format!("{shown}\n{used}\n{withheld}\n{class}"));
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&digest[..16]);
        let id = uuid::Builder::from_custom_bytes(bytes).into_uuid();
        self.touches.entry(id).or_insert_with(|| {
            json!({ "id": id.simple().to_string(), "registers": between(registers), "shown": shown, "used": used, "withheld": withheld, "class": class })
        });
        Some(id)
    }

    async fn write(self, transaction: &impl ConnectionTrait) -> Result<(), Error> {
        let Self { root: _, touches, records, accesses } = self;
        for (text, rows) in [(&TOUCHES, touches.into_values().collect()), (&RECORDS, records), (&ACCESSES, accesses)] {
            for part in rows.chunks(5_000) {
                tables::execute(transaction, text.of(transaction), [Value::from(without_nul(&Json::from(part).to_string()))]).await?;
            }
        }
        Ok(())
    }
}

/// PostgreSQL cannot hold U+0000, which a token may name its holder by.
fn without_nul(json: &str) -> String {
    json.replace("\\u0000", "\\ufffd")
}

/// The strictest class of what was shown or used, as today's catalog has it.
fn class_of(record: &Stored) -> &'static str {
    use entities::catalog::{self, Class};
    let class = |name: &String| {
        let (register, field) = name.split_once('.')?;
        catalog::register(register)?.field(field).map(|(_, field)| field.class)
    };
    match record.shown.iter().chain(&record.used).filter_map(class).max() {
        Some(Class::Sensitive) => "SENSITIVE",
        Some(Class::Personal) => "PERSONAL",
        Some(Class::Public | Class::Internal) | None => "INTERNAL",
    }
}

/// The key of an access: it begins with the record's time and ends with what follows from the record and the position.
fn access_key(record: Uuid, at: DateTime<Utc>, position: usize) -> Uuid {
    let mut hasher = Sha256::new();
    hasher.update(record.as_bytes());
    hasher.update((position as u64).to_be_bytes());
    let digest = hasher.finalize();
    let mut bytes = *key(at).as_bytes();
    // The time and the version stay; what was random follows from the record.
    bytes[6] = 0x70 | (digest[0] & 0x0f);
    bytes[7] = digest[1];
    bytes[8] = 0x80 | (digest[2] & 0x3f);
    bytes[9..].copy_from_slice(&digest[3..10]);
    Uuid::from_bytes(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_of_an_access_follows_from_its_record() {
        let at = DateTime::<Utc>::from_timestamp(1_780_000_000, 1_000).expect("an instant");
        let record = key(at);
        let first = access_key(record, at, 0);
        assert_eq!(first, access_key(record, at, 0));
        assert_ne!(first, access_key(record, at, 1));
        assert_eq!(first.as_bytes()[..6], record.as_bytes()[..6], "it begins with the time");
        assert_eq!(first.get_version_num(), 7);
    }
}
