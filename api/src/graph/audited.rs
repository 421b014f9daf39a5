//! What the audit log is told of a request: worked out from its plan, before its answer is given.

use std::time::Instant;

use entities::catalog::{Class, Register};
use entities::region_code::RegionCode;
use entities::registers::REGISTERS;

use crate::audit::{Entry, Field, Kind, Log, Outcome, Record};
use crate::clock::Now;
use crate::policy::Caller;

use super::engine::{Engine, Noted};
use super::error::{ErrorCode, GraphError};
use super::plan::Plan;
use super::request::Request;

/// The longest name or purpose that is kept; longer ones are cut.
const LONGEST: usize = 128;

/// Who asks what, and by which policy it is decided.
pub(super) struct Asked<'a> {
    pub(super) request: &'a Request,
    pub(super) caller: &'a Caller,
    pub(super) now: Now,
    /// The version of the policy.
    pub(super) policy: &'a str,
}

impl Engine {
    /// The same engine, which gives nothing personal before this log has noted it.
    #[must_use]
    pub fn audited(mut self, log: Option<Log>) -> Self {
        self.audit = log;
        self
    }

    /// Waits until the entry is in the audit log; true if it is, or nothing has to be.
    pub(super) async fn recorded(&self, entry: Option<Entry>, deadline: Option<Instant>) -> bool {
        let (Some(log), Some(entry)) = (&self.audit, entry) else { return true };
        let written = log.write(entry);
        match deadline {
            Some(deadline) => tokio::time::timeout_at(deadline.into(), written).await.is_ok_and(|written| written.is_ok()),
            None => written.await.is_ok(),
        }
    }

    /// What the log has to hold before the answer is given; None if nothing of persons was touched and nothing refused, or
    /// nothing is recorded here. `failure` is why there is no answer at all.
    pub(super) fn entry(&self, asked: &Asked<'_>, plan: &Plan<'_>, failure: Option<ErrorCode>, noted: &Noted) -> Option<Entry> {
        let log = self.audit.as_ref()?;
        let Asked { request, caller, now, policy } = asked;
        let operation = noted.operation.as_deref();
        let withheld = withheld(plan, caller);
        let of_roots = plan.roots.iter().filter_map(|(_, root)| root.as_ref().err()).any(|error| error.code.is_refusal());
        let refused = of_roots || failure.is_some_and(ErrorCode::is_refusal);
        if plan.touched.fields.is_empty() && withheld.is_empty() && !refused {
            return None;
        }
        let of = |shown: bool| {
            let fields = plan.touched.fields.iter().filter(move |(.., how)| *how == shown);
            fields.map(|(register, index, _)| Field { register, index: *index }).collect()
        };
        let mut errors: Vec<&str> = noted.errors.iter().copied().chain(failure).map(ErrorCode::word).collect();
        errors.dedup();
        let mut record = Record::new(Kind::Read, now.instant, caller);
        record.outcome = match () {
            () if refused => Outcome::Refused,
            () if failure.is_some() || plan.roots.iter().any(|(_, root)| root.is_err()) => Outcome::Failed,
            () if !withheld.is_empty() => Outcome::Withheld,
            () => Outcome::Complete,
        };
        record.errors = errors;
        record.purpose = request.purpose.as_deref().map(cut);
        record.request = Some(cut(&request.request_id)).filter(|id| !id.is_empty());
        record.operation = operation.and_then(|operation| operation.name.as_deref()).map(cut);
        record.document = operation.map(|operation| operation.document.as_str());
        record.variables = log.digest(&request.variables);
        (record.shown, record.used, record.withheld) = (of(true), of(false), withheld);
        record.within = plan.touched.within.iter().map(|region| region.number()).collect();
        record.region = region(plan, caller).or_else(|| self.tree().root()).map(RegionCode::number);
        record.rows = noted.reads.rows;
        record.policy = Some(policy);
        Some(Entry::of(record, caller, noted.persons.clone()))
    }
}

/// The fields of persons that were asked and not given, and those that a refusal was about.
fn withheld(plan: &Plan<'_>, caller: &Caller) -> Vec<Field> {
    let mut fields: Vec<Field> = Vec::new();
    let mut add = |register: &'static Register, index: usize| {
        let field = Field { register, index };
        let known = |known: &Field| known.index == index && known.register.name == register.name;
        if field.class() >= Class::Personal && !fields.iter().any(known) {
            fields.push(field);
        }
    };
    for withheld in &plan.withheld {
        if let Some((index, _)) = withheld.register.field(withheld.field.name) {
            add(withheld.register, index);
        }
    }
    // Of those who are not signed in nothing of this is kept: everyone may ask, and gets nothing.
    if caller.account.is_some() {
        plan.touched.hidden.iter().for_each(|(register, index)| add(register, *index));
    }
    for error in plan.roots.iter().filter_map(|(_, root)| root.as_ref().err()) {
        let GraphError { about, .. } = error;
        if let Some((register, index)) = about
            && let Some(register) = REGISTERS.get(usize::from(*register))
        {
            add(register, usize::from(*index));
        }
    }
    fields
}

/// The smallest region that holds all that was asked: by the question's own bounds, else by the caller's.
fn region(plan: &Plan<'_>, caller: &Caller) -> Option<RegionCode> {
    if plan.touched.within.is_empty() { region_of(caller) } else { RegionCode::common(&plan.touched.within) }
}

/// The smallest region that holds all of a caller's assignments.
pub(super) fn region_of(caller: &Caller) -> Option<RegionCode> {
    let own: Vec<RegionCode> = caller.assignments.iter().flat_map(|assignment| &assignment.regions).copied().collect();
    RegionCode::common(&own)
}

fn cut(text: &str) -> &str {
    let end = (0..=LONGEST.min(text.len())).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    &text[..end]
}
