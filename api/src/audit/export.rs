//! The log as lines of JSON, straight from the batches.

use chrono::{DateTime, Utc};
use sea_orm::{DatabaseConnection, Value};
use serde_json::json;
use uuid::Uuid;

use super::Error;
use super::batch::{Mention, Opened};
use super::record::{Outcome, Stored};
use super::tables::{self, KEPT, Kept};

/// Batches that are read at once.
const AT_ONCE: i64 = 200;

/// Which records are wanted; what is None is not asked for.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// From this instant on.
    pub from: Option<DateTime<Utc>>,
    /// Before this instant.
    pub to: Option<DateTime<Utc>>,
    /// Of this account.
    pub account: Option<String>,
    /// About this person.
    pub person: Option<Uuid>,
    /// That ended so.
    pub outcome: Option<Outcome>,
    /// With this purpose.
    pub purpose: Option<String>,
    /// That touched this register (`person`) or field (`person.phone`).
    pub touched: Option<String>,
}

/// Tells every wanted record of linked batches, as a line of JSON, in the order of the numbers; says how many there were.
///
/// # Errors
/// If the database cannot be read, or a batch is not what was committed.
pub async fn export(connection: &DatabaseConnection, wanted: &Wanted, mut tell: impl FnMut(&str)) -> Result<u64, Error> {
    let text = format!("{KEPT} WHERE number > $1 ORDER BY number LIMIT {AT_ONCE}");
    let (mut after, mut told) = (0, 0);
    loop {
        let rows = tables::rows(connection, &text, [Value::from(after)]).await?;
        for row in &rows {
            let Kept { batch, number, .. } = Kept::read(row)?;
            after = number.unwrap_or(after);
            for opened in batch.open().map_err(|error| Error::Batch(batch.id, error))? {
                if wanted.holds(&opened) {
                    tell(&line(&opened, after));
                    told += 1;
                }
            }
        }
        if (rows.len() as i64) < AT_ONCE {
            return Ok(told);
        }
    }
}

impl Wanted {
    fn holds(&self, opened: &Opened) -> bool {
        let Self { from, to, account, person, outcome, purpose, touched } = self;
        let Opened { record, caller, subjects } = opened;
        let is = |wanted: &Option<String>, value: Option<&str>| wanted.as_deref().is_none_or(|wanted| value == Some(wanted));
        let named = |person: Uuid| subjects.iter().chain(caller).any(|mention| *mention == Mention::Named(person));
        from.is_none_or(|from| record.at >= from.timestamp_micros())
            && to.is_none_or(|to| record.at < to.timestamp_micros())
            && is(account, record.account.as_deref())
            && outcome.is_none_or(|outcome| record.outcome == outcome)
            && is(purpose, record.purpose.as_deref())
            && person.is_none_or(named)
            && touched.as_deref().is_none_or(|name| touches(record, name))
    }
}

fn touches(record: &Stored, name: &str) -> bool {
    let mut fields = record.shown.iter().chain(&record.used).chain(&record.withheld);
    fields.any(|field| field == name || field.split_once('.').is_some_and(|(register, _)| register == name))
}

fn line(opened: &Opened, number: i64) -> String {
    let Opened { record, caller, subjects } = opened;
    let text = |mention: &Mention| match mention {
        Mention::Named(person) => Some(entities::id::text("person", *person)),
        Mention::Erased => None,
    };
    let mut line = serde_json::to_value(record).unwrap_or_default();
    line["number"] = json!(number);
    line["at"] = json!(record.instant().map(|at| at.to_rfc3339_opts(chrono::SecondsFormat::Micros, true)));
    line["caller"] = json!(caller.as_ref().and_then(text));
    line["subjects"] = subjects.iter().map(text).collect();
    line.to_string()
}
