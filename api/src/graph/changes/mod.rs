//! Changes: the root fields of a mutation, one after another.
//!
//! What is selected is planned before anything is changed, so that a selection that is refused changes nothing. Then each change is
//! made in a transaction of its own, and what is selected of its row is read as any row is, before the next one begins.

mod agreements;
mod emergencies;
mod input;
mod lookups;
mod make;
mod outcome;
mod payload;
mod selection;
mod uptake;

use std::sync::{Arc, PoisonError};
use std::time::Instant;

use chrono::TimeDelta;
use serde_json::{Map, Value};

use super::audited::Asked;
use super::engine::{Engine, Noted, Prepared};
use super::error::GraphError;
use super::in_force::InForce;
use super::plan::Plan;
use super::refusals;
use super::request::{Outcome as Ending, Request};
use super::values::argument;
use super::{extensions, json};
use crate::clock::Now;
use crate::policy::{Account, Agreements, Caller, Permits};

use outcome::Outcome;
pub(super) use outcome::{FieldError, FieldErrorCode};
use payload::PlannedPayload;
use selection::ChangeRoot;
pub(super) use selection::{Changes, Mutation};
pub use uptake::Uptake;

/// How changes are set up.
#[derive(Clone, Debug, Default)]
pub struct ChangeSettings {
    /// Emergency access; None if nobody would be told, so that none is given.
    pub emergency: Option<EmergencySettings>,
    /// Exact look-ups; None if they could not be recorded without being readable, so that none are made.
    pub lookup: Option<LookupSettings>,
}

/// How emergency access is given.
#[derive(Clone, Copy, Debug)]
pub struct EmergencySettings {
    /// For how long.
    pub lasting: TimeDelta,
    /// How long after its end the same account may take the next.
    pub cool_down: TimeDelta,
    /// The shortest reason, in characters.
    pub reason_length: usize,
}

/// How exact look-ups are made.
#[derive(Clone, Copy, Debug)]
pub struct LookupSettings {
    /// How many an account may make on a day.
    pub per_day: u32,
}

/// One change that is asked for.
pub(super) struct Asking<'a> {
    mutation: Mutation,
    input: &'a Map<String, Value>,
    caller: &'a Caller,
    account: &'a Account,
    permits: &'a Permits,
    in_force: &'a InForce,
    purpose: Option<&'a str>,
    deadline: Option<Instant>,
    now: Now,
}

/// What the answer is put together from.
struct Answering {
    data: Vec<u8>,
    errors: Vec<Value>,
    /// What was withheld and what it cost, of all payloads.
    told: Plan<'static>,
}

impl Engine {
    /// The same engine, with these settings of changes.
    #[must_use]
    pub fn with_changes(mut self, changing: ChangeSettings) -> Self {
        self.changing = changing;
        self
    }

    /// Tells of changes to what servers keep copies of, so that this one takes them up before it answers.
    pub fn uptake(&self) -> Arc<Uptake> {
        Arc::clone(&self.uptake)
    }

    /// Puts the agreements between departments that hold now or will beside the policy.
    pub fn agree(&self, agreements: &Agreements) {
        let mut in_force = self.in_force.write().unwrap_or_else(PoisonError::into_inner);
        if !in_force.has(agreements) {
            *in_force = in_force.with(agreements.clone());
        }
    }

    /// Makes the changes and answers. Each root field's failure is its own.
    pub(super) async fn change(
        &self,
        request: &Request,
        prepared: &Prepared,
        (caller, in_force): (&Caller, &InForce),
        now: Now,
        noted: &mut Noted,
    ) -> (Vec<u8>, Ending) {
        let changes = prepared.document.changes(&prepared.variables);
        let permits = in_force.permits(caller, now);
        let limits = self.limits.within(request.bounds);
        let planned = self.plan_payloads(&changes, prepared, (caller, &permits, in_force), &limits, now);
        let told = Plan { node_limit: limits.nodes, ..Plan::default() };
        let mut answering = Answering { data: Vec::with_capacity(1_024), errors: Vec::new(), told };
        let mut first = true;
        for (root, payload) in changes.0.iter().zip(planned) {
            json::key(&mut answering.data, &mut first, &root.key);
            let asker = Asker { request, caller, permits: &permits, in_force, now };
            let written = match (&root.change, payload) {
                (None, _) => {
                    json::string(&mut answering.data, "Mutation");
                    continue;
                }
                (Some(_), Err(error)) => Err(error),
                (Some((mutation, _)), Ok(payload)) => {
                    self.change_one(&asker, (root, *mutation, prepared), payload, &mut answering, noted).await
                }
            };
            if let Err(error) = written {
                json::null(&mut answering.data);
                answering.fail(&error.path(vec![root.key.clone()]), request, noted);
            }
        }
        let ending = if answering.errors.is_empty() { Ending::Complete } else { Ending::Partial };
        let asked = Asked { request, caller, now, policy: in_force.policy.version() };
        (self.put_together(&asked, answering, noted), ending)
    }

    /// Makes one change and writes its payload.
    async fn change_one(
        &self,
        asker: &Asker<'_>,
        (root, mutation, prepared): (&ChangeRoot, Mutation, &Prepared),
        mut payload: PlannedPayload<'_>,
        answering: &mut Answering,
        noted: &mut Noted,
    ) -> Result<(), GraphError> {
        let Asker { request, caller, permits, in_force, now } = *asker;
        let account = caller.account.as_ref().ok_or_else(refusals::changes::not_known)?;
        let input = match argument(&root.field, "input", &prepared.variables) {
            Some(Value::Object(input)) => input,
            _ => Map::new(),
        };
        let purpose = request.purpose.as_deref();
        let asking = Asking { mutation, input: &input, caller, account, permits, in_force, purpose, deadline: request.deadline, now };
        let making = self.make(&asking, noted);
        let outcome = match request.deadline {
            Some(deadline) => {
                tokio::time::timeout_at(deadline.into(), making).await.unwrap_or_else(|_| Err(refusals::server::timeout()))?
            }
            None => making.await?,
        };
        let result = match &outcome {
            Outcome::Done(_) => "done",
            Outcome::Refused(_) => "refused",
        };
        metrics::counter!("civigrid_changes_total", "mutation" => mutation.name(), "outcome" => result).increment(1);
        payload.read_of(&outcome);
        self.write_payload(asker, &payload, &outcome, answering, noted).await?;
        let Plan { withheld, masked, without_rows, pages, touched, .. } = payload.into_plan();
        answering.told.touched.fields.extend(touched.fields);
        answering.told.touched.hidden.extend(touched.hidden);
        answering.told.touched.within.extend(touched.within);
        answering.told.masked.extend(masked);
        answering.told.withheld.extend(withheld);
        answering.told.without_rows.extend(without_rows);
        answering.told.pages.extend(pages);
        Ok(())
    }

    fn put_together(&self, asked: &Asked<'_>, answering: Answering, noted: &mut Noted) -> Vec<u8> {
        let request = asked.request;
        let Answering { data, errors, told } = answering;
        let refusal = noted.errors.iter().copied().find(|code| code.is_refusal());
        let mut errors = errors;
        errors.extend(super::body::errors(&told, request, &mut noted.errors));
        // The changes are in the log already; this is what the answer shows beside them, and what was refused as a whole.
        noted.entry = self.entry(asked, &told, refusal, noted);
        let count = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
        (noted.cost.nodes, noted.cost.withheld) = (told.nodes(), count(told.withheld.len()));
        noted.cost.without_rows = count(told.without_rows.len());
        let mut out = Vec::with_capacity(data.len() + 256);
        out.push(b'{');
        if !errors.is_empty() {
            out.extend_from_slice(b"\"errors\":");
            out.extend_from_slice(Value::from(errors).to_string().as_bytes());
            out.push(b',');
        }
        out.extend_from_slice(b"\"data\":{");
        out.extend_from_slice(&data);
        out.extend_from_slice(b"},\"extensions\":");
        extensions::write(&mut out, &told, request.language);
        out.push(b'}');
        out
    }
}

/// Who asks, and by what it is decided.
#[derive(Clone, Copy)]
pub(super) struct Asker<'a> {
    request: &'a Request,
    caller: &'a Caller,
    permits: &'a Arc<Permits>,
    in_force: &'a InForce,
    now: Now,
}

impl Answering {
    fn fail(&mut self, error: &GraphError, request: &Request, noted: &mut Noted) {
        if let Some(cause) = &error.cause {
            tracing::error!(request = request.request_id, error = %cause, "the database did not make a change");
        }
        noted.errors.push(error.code);
        self.errors.push(error.to_json(&request.request_id, request.language));
    }
}
