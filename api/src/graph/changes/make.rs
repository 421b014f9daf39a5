//! Making one change: at most once under its key, whole or not at all.

use entities::catalog::{self, Register};
use entities::region_code::RegionCode;
use serde_json::Value;
use uuid::Uuid;

use super::outcome::{Done, FieldError, Outcome, Stop};
use super::selection::Mutation;
use super::{Asking, input, lookups};
use crate::audit::{self, Entry, Kind, Record};
use crate::graph::audited::region_of;
use crate::graph::engine::{Engine, Noted};
use crate::graph::error::GraphError;
use crate::graph::refusals::changes as refusals;
use crate::graph::refusals::server::unrecorded;
use crate::store::changes::{Begun, Change, ChangeKey, Done as Kept};
use crate::store::context::Context;
use crate::store::expression::Type;
use crate::store::select::{self, Column, Content, Table};
use crate::store::session::{Session, Statement};
use crate::store::{self, Error};

/// What was looked at before the change began, by the caller's own rights: nothing takes a connection for reading while a change
/// is being made.
pub(super) enum Before {
    Nothing,
    /// True if the caller sees the row that is to be changed.
    Seen(bool),
    /// Rows that fit what was asked for.
    Found(Vec<Uuid>),
}

impl Engine {
    pub(super) async fn make(&self, asking: &Asking<'_>, noted: &mut Noted) -> Result<Outcome, GraphError> {
        match self.at_most_once(asking, noted).await {
            Ok(done) => Ok(Outcome::Done(done)),
            Err(Stop::Refused(errors)) => {
                let entry = self.entry_of_change(asking, noted, &errors);
                if self.recorded(entry, asking.deadline).await { Ok(Outcome::Refused(errors)) } else { Err(unrecorded()) }
            }
            Err(Stop::Failed(error)) => Err(error),
        }
    }

    async fn at_most_once(&self, asking: &Asking<'_>, noted: &mut Noted) -> Result<Done, Stop> {
        let key = input::key(asking.input)?;
        // What was looked up must not be found out from what is kept of it.
        let secret = (asking.mutation == Mutation::LookupPerson).then_some(self.key());
        let digest = input::digest(asking.input, secret);
        let before = self.look_before(asking).await?;
        let key = ChangeKey { account: asking.account, mutation: asking.mutation.name(), key, input: &digest };
        let change = match Change::begin(&self.database, key, asking.now.instant).await? {
            Begun::Anew(change) => change,
            Begun::Before(Kept { row, told }) => return Ok(Done { row, told: kept(told.as_deref()) }),
            Begun::OtherInput => return Err(refusals::key_used().into()),
        };
        match self.within(&change, asking, &before, noted).await {
            Ok(done) => {
                let told = (!done.told.is_empty()).then(|| Value::Object(done.told.clone()).to_string());
                let entry = self.entry_of_change(asking, noted, &[]);
                change.commit(&Kept { row: done.row, told }, entry.as_ref()).await?;
                if !matches!(asking.mutation, Mutation::LookupPerson | Mutation::RequestAccess) {
                    self.uptake.tell().await;
                }
                Ok(done)
            }
            Err(stop) => {
                if let Err(error) = change.abandon().await {
                    tracing::warn!(%error, "a change that was refused could not be rolled back in order; nothing of it stays");
                }
                Err(stop)
            }
        }
    }

    /// What the audit log holds of a change, which is written with it or neither is; and of one that was refused for these reasons.
    fn entry_of_change(&self, asking: &Asking<'_>, noted: &Noted, refused: &[FieldError]) -> Option<Entry> {
        self.audit.as_ref()?;
        let mut record = Record::new(Kind::Change, asking.now.instant, asking.caller);
        (record.operation, record.purpose) = (Some(asking.mutation.name()), asking.purpose);
        record.reason = asking.input.get("reason").and_then(Value::as_str);
        record.policy = Some(asking.in_force.policy.version());
        record.region = region_of(asking.caller).map(RegionCode::number);
        let mut found = None;
        if refused.is_empty() {
            record.rows = 1;
            if asking.mutation == Mutation::LookupPerson {
                // Of this change: those before it have records of their own.
                found = noted.lookups.last().and_then(|lookup| lookup.found);
            }
        } else {
            record.outcome = audit::Outcome::Refused;
            record.errors = refused.iter().map(|error| error.code.word()).collect();
            record.errors.dedup();
        }
        if asking.mutation == Mutation::LookupPerson {
            record.used = lookups::known_fields();
        }
        Some(Entry::of(record, asking.caller, found.into_iter().collect()))
    }

    async fn look_before(&self, asking: &Asking<'_>) -> Result<Before, Stop> {
        match asking.mutation {
            Mutation::DecideAccess => Ok(Before::Seen(self.sees_agreement(asking).await?)),
            Mutation::LookupPerson => Ok(Before::Found(self.find(asking).await?)),
            Mutation::RequestAccess | Mutation::BreakGlass | Mutation::EndBreakGlass => Ok(Before::Nothing),
        }
    }

    async fn within(&self, change: &Change, asking: &Asking<'_>, before: &Before, noted: &mut Noted) -> Result<Done, Stop> {
        match (asking.mutation, before) {
            (Mutation::RequestAccess, _) => self.request_access(change, asking).await,
            (Mutation::DecideAccess, before) => self.decide_access(change, asking, matches!(before, Before::Seen(true))).await,
            (Mutation::BreakGlass, _) => self.break_glass(change, asking).await,
            (Mutation::EndBreakGlass, _) => self.end_break_glass(change, asking).await,
            (Mutation::LookupPerson, Before::Found(found)) => self.lookup_person(change, asking, found, noted).await,
            (Mutation::LookupPerson, _) => self.lookup_person(change, asking, &[], noted).await,
        }
    }

    async fn sees_agreement(&self, asking: &Asking<'_>) -> Result<bool, Error> {
        let id = asking.input.get("agreement").and_then(Value::as_str).and_then(entities::id::parse);
        match (id, catalog::register("agreement")) {
            (Some((prefix, id)), Some(register)) if prefix == register.name => self.sees(register, id, asking).await,
            _ => Ok(false),
        }
    }

    /// True if the row is in the caller's scope.
    async fn sees(&self, register: &'static Register, id: Uuid, asking: &Asking<'_>) -> Result<bool, Error> {
        let context = Context::new(asking.permits, asking.now.today);
        let table = Table { register, joins: Vec::new(), columns: vec![Column { table: 0, content: Content::Field(0) }] };
        let (text, values) = select::by_ids(self.database.backend(), context, asking.permits.of(register), &table, vec![id]);
        Ok(!self.keys(Statement { text, values, keep: false, anew: false }).await?.is_empty())
    }

    /// The keys that a statement gives in its first column.
    pub(super) async fn keys(&self, statement: Statement) -> Result<Vec<Uuid>, Error> {
        let mut session = Session::open(&self.database, 1).await?;
        let rows = session.read(vec![statement], true).await?.pop().unwrap_or_default();
        let keys = (0..rows.len()).map(|row| Ok(rows.cell(row, 0, Type::Uuid)?.uuid())).collect::<Result<Vec<_>, store::Error>>()?;
        session.close().await?;
        Ok(keys.into_iter().flatten().collect())
    }
}

/// What was told the first time.
fn kept(told: Option<&str>) -> serde_json::Map<String, Value> {
    told.and_then(|told| serde_json::from_str(told).ok()).unwrap_or_default()
}
