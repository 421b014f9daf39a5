//! What the audit log is told of a request: worked out from its plan, before its answer is given.

use entities::catalog::{Class, Register};
use entities::region_code::RegionCode;
use entities::registers::REGISTERS;
use uuid::Uuid;

use crate::audit::{Entry, Field, Kind, Outcome, Record};
use crate::clock::Now;
use crate::policy::Caller;

use super::error::{ErrorCode, GraphError};
use super::plan::Plan;
use super::request::{Operation, Request};

/// The longest name or purpose that is kept; longer ones are cut.
const LONGEST: usize = 128;

/// A request, and what became of it.
pub(super) struct Audited<'a> {
    pub(super) request: &'a Request,
    pub(super) caller: &'a Caller,
    pub(super) now: Now,
    pub(super) operation: Option<&'a Operation>,
    /// The version of the policy that decided.
    pub(super) policy: &'a str,
    /// The codes of the errors in the answer.
    pub(super) errors: Vec<ErrorCode>,
    /// Why there is no answer at all.
    pub(super) failure: Option<ErrorCode>,
    pub(super) rows: u64,
    /// The region of all regions, for what is bound to none.
    pub(super) everywhere: Option<RegionCode>,
}

impl Audited<'_> {
    /// The entry; None if nothing of persons was touched and nothing refused. `digest` makes the keyed hash of variables.
    pub(super) fn entry(self, plan: &Plan<'_>, persons: Vec<Uuid>, digest: impl FnOnce(&Request) -> Option<String>) -> Option<Entry> {
        let Self { request, caller, now, operation, policy, mut errors, failure, rows, everywhere } = self;
        let withheld = withheld(plan, caller);
        let refused = plan.roots.iter().filter_map(|(_, root)| root.as_ref().err()).any(|error| error.code.is_refusal());
        if plan.touched.fields.is_empty() && withheld.is_empty() && !refused {
            return None;
        }
        let of = |shown: bool| {
            let fields = plan.touched.fields.iter().filter(move |(.., how)| *how == shown);
            fields.map(|(register, index, _)| Field { register, index: *index }).collect()
        };
        errors.extend(failure);
        errors.dedup();
        let mut record = Record::new(Kind::Read, now.instant, caller);
        record.outcome = match () {
            () if refused => Outcome::Refused,
            () if failure.is_some() || plan.roots.iter().any(|(_, root)| root.is_err()) => Outcome::Failed,
            () if !withheld.is_empty() => Outcome::Withheld,
            () => Outcome::Complete,
        };
        record.errors = errors.into_iter().map(ErrorCode::word).collect();
        record.purpose = request.purpose.as_deref().map(cut);
        record.request = Some(cut(&request.request_id)).filter(|id| !id.is_empty());
        record.operation = operation.and_then(|operation| operation.name.as_deref()).map(cut);
        record.document = operation.map(|operation| operation.document.as_str());
        record.variables = digest(request);
        (record.shown, record.used, record.withheld) = (of(true), of(false), withheld);
        record.within = plan.touched.within.iter().map(|region| region.number()).collect();
        record.region = region(plan, caller).or(everywhere).map(RegionCode::number);
        record.rows = rows;
        record.policy = Some(policy);
        Some(Entry::of(record, caller, persons))
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
    let asked = plan.touched.within.iter();
    let own = caller.assignments.iter().flat_map(|assignment| &assignment.regions);
    let regions: Vec<RegionCode> = if plan.touched.within.is_empty() { own.copied().collect() } else { asked.copied().collect() };
    let mut common = *regions.first()?;
    while !regions.iter().all(|region| common.contains(*region)) {
        common = common.parent()?;
    }
    Some(common)
}

fn cut(text: &str) -> &str {
    let end = (0..=LONGEST.min(text.len())).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    &text[..end]
}
