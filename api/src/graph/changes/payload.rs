//! A change's payload: planned before the change is made, read and written after it.

use uuid::Uuid;

use super::outcome::Outcome;
use super::selection::{Changes, Mutation, PayloadEntry};
use super::{Answering, Asker};
use crate::clock::Now;
use crate::graph::answer::{Unwritten, Writer};
use crate::graph::engine::{Engine, Noted, Prepared};
use crate::graph::error::GraphError;
use crate::graph::in_force::InForce;
use crate::graph::limits::Limits;
use crate::graph::plan::{ObjectPlan, Plan, Work};
use crate::graph::planner::{Place, Planner};
use crate::graph::selection::{ObjectSelection, Plain};
use crate::graph::{json, plain};
use crate::policy::{Caller, Permits, Tokens};
use crate::store::context::Context;
use crate::store::select::Content;

/// What is written of one payload.
pub(super) struct PlannedPayload<'p> {
    plan: Plan<'p>,
    type_name: &'static str,
    entries: Vec<(&'p str, PlannedEntry<'p>)>,
    /// The steps that read the row.
    steps: Vec<usize>,
}

enum PlannedEntry<'p> {
    Typename,
    Status,
    FieldErrors(&'p [Plain]),
    /// None if the caller sees no row of the register.
    Object(Option<ObjectPlan<'p>>),
    Told(&'p str),
}

impl Engine {
    /// Plans what is selected of all payloads; together they keep to the node budget.
    pub(super) fn plan_payloads<'p>(
        &'p self,
        changes: &'p Changes,
        prepared: &'p Prepared,
        (caller, permits, in_force): (&'p Caller, &'p Permits, &'p InForce),
        limits: &'p Limits,
        now: Now,
    ) -> Vec<Result<PlannedPayload<'p>, GraphError>> {
        let mut pages = Vec::new();
        let mut planned = Vec::with_capacity(changes.0.len());
        for root in &changes.0 {
            let audience = caller.client.clone().unwrap_or_default();
            let plan = Plan { pages: std::mem::take(&mut pages), audience, ..Plan::default() };
            let before = plan.pages.len();
            let variables = &prepared.variables;
            let mut planner = Planner { caller, permits, in_force, variables, limits, now, plan, path: vec![root.key.as_str()] };
            let entries = match &root.change {
                Some((mutation, entries)) => payload(&mut planner, *mutation, entries),
                None => Ok(Entries { type_name: "Mutation", entries: Vec::new(), steps: Vec::new() }),
            };
            let mut plan = planner.finish();
            pages = plan.pages.clone();
            if entries.is_err() {
                pages.truncate(before);
            }
            plan.pages.drain(..before);
            planned.push(entries.map(|Entries { type_name, entries, steps }| PlannedPayload { plan, type_name, entries, steps }));
        }
        planned
    }

    /// Reads the row and writes the payload.
    pub(super) async fn write_payload(
        &self,
        asker: &Asker<'_>,
        payload: &PlannedPayload<'_>,
        outcome: &Outcome,
        answering: &mut Answering,
        noted: &mut Noted,
    ) -> Result<(), GraphError> {
        let Asker { request, permits, now, .. } = *asker;
        let context = Context::new(permits, now.today);
        let mut own = Noted::default();
        let fetched = self.fetch(request.deadline, &payload.plan, context, &mut own).await;
        noted.runs.extend(own.runs);
        noted.reads.statements.extend(own.reads.statements);
        noted.reads.times.extend(own.reads.times);
        noted.reads.rows += own.reads.rows;
        noted.reads.run += own.reads.run;
        let fetched = fetched?;
        if self.audit.is_some() {
            noted.persons.extend(fetched.persons()?);
        }
        let tokens = Tokens::new(self.key(), &payload.plan.audience);
        let (out, limit) = (Vec::with_capacity(512), self.limits.answer_bytes);
        let mut writer = Writer { fetched: &fetched, out, limit, today: now.today, tokens, language: request.language, key: self.key() };
        write(&mut writer, payload, outcome, request.language).map_err(|unwritten| self.unwritten(unwritten))?;
        if answering.data.len() + writer.out.len() > self.limits.answer_bytes {
            return Err(self.unwritten(Unwritten::TooLarge));
        }
        answering.data.append(&mut writer.out);
        Ok(())
    }
}

struct Entries<'p> {
    type_name: &'static str,
    entries: Vec<(&'p str, PlannedEntry<'p>)>,
    steps: Vec<usize>,
}

fn payload<'p>(planner: &mut Planner<'p>, mutation: Mutation, selected: &'p [(String, PayloadEntry)]) -> Result<Entries<'p>, GraphError> {
    let (mut entries, mut steps) = (Vec::with_capacity(selected.len()), Vec::new());
    for (key, entry) in selected {
        let entry = match entry {
            PayloadEntry::Typename => PlannedEntry::Typename,
            PayloadEntry::Status => PlannedEntry::Status,
            PayloadEntry::FieldErrors(parts) => PlannedEntry::FieldErrors(parts),
            PayloadEntry::Told(name) => PlannedEntry::Told(name),
            PayloadEntry::Object(selection) => {
                planner.path.push(key);
                let object = object(planner, selection)?;
                planner.path.pop();
                steps.extend(object.as_ref().map(|(step, _)| *step));
                PlannedEntry::Object(object.map(|(_, plan)| plan))
            }
        };
        entries.push((key.as_str(), entry));
    }
    Ok(Entries { type_name: mutation.payload(), entries, steps })
}

fn object<'p>(planner: &mut Planner<'p>, selection: &'p ObjectSelection) -> Result<Option<(usize, ObjectPlan<'p>)>, GraphError> {
    let register = selection.register;
    planner.ask(register);
    if planner.permits.of(register).is_empty() {
        return Ok(None);
    }
    planner.spend(1)?;
    let step = planner.add_step(register, Work::ByIds(Vec::new()));
    let place = Place { step, table: 0, rows: 1 };
    planner.column(place, Content::Field(0));
    Ok(Some((step, planner.object(place, selection)?)))
}

impl<'p> PlannedPayload<'p> {
    /// Lets the row of the outcome be read; without one, a row that is never there, which takes the same way.
    pub(super) fn read_of(&mut self, outcome: &Outcome) {
        let row = match outcome {
            Outcome::Done(done) => done.row,
            Outcome::Refused(_) => None,
        };
        for step in &self.steps {
            self.plan.steps[*step].work = Work::ByIds(vec![row.unwrap_or(Uuid::nil())]);
        }
    }

    pub(super) fn into_plan(self) -> Plan<'p> {
        self.plan
    }
}

fn write(
    writer: &mut Writer<'_>,
    payload: &PlannedPayload<'_>,
    outcome: &Outcome,
    language: crate::language::Language,
) -> Result<(), Unwritten> {
    writer.out.push(b'{');
    let mut first = true;
    for (key, entry) in &payload.entries {
        json::key(&mut writer.out, &mut first, key);
        match (entry, outcome) {
            (PlannedEntry::Typename, _) => json::string(&mut writer.out, payload.type_name),
            (PlannedEntry::Status, Outcome::Done(_)) => json::string(&mut writer.out, "DONE"),
            (PlannedEntry::Status, Outcome::Refused(_)) => json::string(&mut writer.out, "REFUSED"),
            (PlannedEntry::FieldErrors(_), Outcome::Done(_)) => writer.out.extend_from_slice(b"[]"),
            (PlannedEntry::FieldErrors(parts), Outcome::Refused(errors)) => {
                let errors = errors.iter().map(|error| error.to_json(language)).collect();
                plain::write(&mut writer.out, parts, &serde_json::Value::Array(errors));
            }
            (PlannedEntry::Object(Some(plan)), Outcome::Done(_)) => writer.single(plan)?,
            (PlannedEntry::Object(_), _) | (PlannedEntry::Told(_), Outcome::Refused(_)) => json::null(&mut writer.out),
            (PlannedEntry::Told(name), Outcome::Done(done)) => {
                let value = done.told.get(*name).cloned().unwrap_or_default();
                plain::write(&mut writer.out, &[], &value);
            }
        }
    }
    writer.out.push(b'}');
    Ok(())
}
