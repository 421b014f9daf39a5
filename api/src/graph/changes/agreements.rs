//! `requestAccess` and `decideAccess`.

use entities::agreement::Model;
use entities::catalog::{Kind, Register};
use entities::codes::{AgreementDecision, AgreementState};
use entities::region_code::RegionCode;
use sea_orm::Iterable;
use uuid::Uuid;

use super::Asking;
use super::input::Input;
use super::outcome::{Done, FieldError, Stop};
use crate::graph::engine::Engine;
use crate::graph::refusals::changes as refusals;
use crate::policy::{Agreements, Policy, Present};
use crate::store::agreements::{Asked, Decided, agreement_of};
use crate::store::changes::Change;

/// The shortest reason of a request or a decision, in characters.
const SHORTEST_REASON: usize = 10;
/// The longest free text.
const LONGEST_TEXT: usize = 2_000;
/// The longest word for a purpose.
const LONGEST_PURPOSE: usize = 64;

impl Engine {
    pub(super) async fn request_access(&self, change: &Change, asking: &Asking<'_>) -> Result<Done, Stop> {
        let policy = &asking.in_force.policy;
        let mut input = Input::new(asking.input);
        let department = department(&mut input, policy, asking);
        let register = register(&mut input, policy);
        let fields = register.map(|register| fields(&mut input, register)).unwrap_or_default();
        let regions = input.regions("regions");
        let purpose = purpose(&mut input, policy);
        let basis = input.text("basis", 1, LONGEST_TEXT).to_owned();
        let reason = input.text("reason", SHORTEST_REASON, LONGEST_TEXT).to_owned();
        let until = input.instant("until");
        if until.is_some_and(|until| until <= asking.now.instant) {
            input.refuse(refusals::past("until"));
        }
        let missing = change.missing_regions(&regions).await?;
        for region in missing {
            input.refuse(refusals::no_region("regions", region));
        }
        if let Some(department) = department
            && !change.has_department(department).await?
        {
            input.refuse(refusals::no_department("department"));
        }
        input.finish()?;
        let (Some(department), Some(register), Some(until), Some(place)) = (department, register, until, RegionCode::common(&regions))
        else {
            return Err(refusals::required("regions").into());
        };
        let (by, register) = (asking.account.clone(), register.name);
        let id = change.ask(&Asked { by, department, register, fields, regions, place, purpose, basis, until, reason }).await?;
        Ok(Done { row: Some(id), ..Done::default() })
    }

    pub(super) async fn decide_access(&self, change: &Change, asking: &Asking<'_>, seen: bool) -> Result<Done, Stop> {
        let mut input = Input::new(asking.input);
        let id = input.id("agreement", "agreement");
        let reason = input.text("reason", SHORTEST_REASON, LONGEST_TEXT);
        let word = input.maybe_text("decision").unwrap_or_default();
        input.finish()?;
        let row = match id.filter(|_| seen) {
            Some(id) => change.agreement(id).await?,
            None => None,
        };
        // What is out of scope is as if it were not there.
        let row = row.ok_or_else(refusals::no_agreement)?;
        let decision = AgreementDecision::iter().find(|decision| decision.word() == word).ok_or_else(|| refusals::required("decision"))?;
        if asking.input.get("version").and_then(serde_json::Value::as_i64) != Some(i64::from(row.version)) {
            return Err(refusals::version(row.version).into());
        }
        let state = row.state.after(decision).ok_or_else(|| state_refused(row.state, decision))?;
        let department = may_decide(asking, &row, decision)?;
        let decided = Decided { by: asking.account, department, decision, state, reason };
        change.decide(&row, &decided).await?;
        tracing::info!(agreement = %row.id, decision = decision.word(), "an agreement between departments is decided");
        Ok(Done { row: Some(row.id.uuid()), ..Done::default() })
    }
}

/// The department that asks: the one that is named, or the only one for which the caller may ask.
fn department(input: &mut Input<'_>, policy: &Policy, asking: &Asking<'_>) -> Option<Uuid> {
    let mut own: Vec<Uuid> = Vec::new();
    for department in policy.requesting(asking.caller).filter_map(|assignment| assignment.department) {
        if !own.contains(&department) {
            own.push(department);
        }
    }
    let allowed = || own.iter().map(|id| entities::id::text("department", *id));
    let named = match input.maybe_text("department") {
        None => own.first().copied().filter(|_| own.len() == 1),
        Some(_) => input.id("department", "department"),
    };
    if own.is_empty() {
        input.refuse(refusals::may_not_request());
    } else if !named.is_some_and(|named| own.contains(&named)) {
        input.refuse(refusals::not_your_department().allowing(allowed()));
    }
    named.filter(|named| own.contains(named))
}

/// One of the purposes that the policy lists; any word where it lists none.
fn purpose(input: &mut Input<'_>, policy: &Policy) -> String {
    let listed = policy.purposes();
    if listed.is_empty() {
        return input.word("purpose", LONGEST_PURPOSE).to_owned();
    }
    let purpose = input.text("purpose", 1, LONGEST_PURPOSE);
    if !listed.iter().any(|known| known.code == purpose) {
        input.refuse(refusals::no_such_purpose().allowing(listed.iter().map(|known| known.code.as_str())));
    }
    purpose.to_owned()
}

/// The register, if some role decides on it.
fn register(input: &mut Input<'_>, policy: &Policy) -> Option<&'static Register> {
    let name = input.text("register", 1, LONGEST_PURPOSE);
    let decided = policy.decided();
    let register = decided.iter().copied().find(|register| register.name == name);
    if register.is_none() {
        input.refuse(refusals::no_such_register().allowing(decided.iter().map(|register| register.name)));
    }
    register
}

/// The fields: all but the key, which comes with the row.
fn fields(input: &mut Input<'_>, register: &'static Register) -> Vec<&'static str> {
    let offered = || register.fields.iter().filter(|field| !matches!(field.kind, Kind::Id)).map(|field| field.name);
    let mut fields = Vec::new();
    for name in input.texts("fields") {
        match offered().find(|known| *known == name) {
            Some(name) => fields.push(name),
            None => input.refuse(refusals::no_such_field(name, register.name).allowing(offered())),
        }
    }
    fields
}

fn state_refused(state: AgreementState, decision: AgreementDecision) -> FieldError {
    let allowed = AgreementDecision::iter().filter(|decision| state.after(*decision).is_some()).map(AgreementDecision::word);
    refusals::not_in_this_state(decision.word()).allowing(allowed)
}

/// The department for which the caller decides, if they may.
fn may_decide(asking: &Asking<'_>, row: &Model, decision: AgreementDecision) -> Result<Option<Uuid>, Stop> {
    let policy = &asking.in_force.policy;
    let agreement = agreement_of(row).ok_or_else(refusals::outdated_agreement)?;
    let asked = row.department_id.uuid();
    let asks = row.requested_by == asking.account.subject && row.requested_by_issuer == asking.account.issuer;
    let of_asking_side = policy.requesting(asking.caller).any(|assignment| assignment.department == Some(asked));
    let deciding: Vec<Option<Uuid>> = policy.deciding(asking.caller, agreement.register).map(|assignment| assignment.department).collect();
    let department = deciding.iter().copied().flatten().next();
    match decision {
        AgreementDecision::Withdraw if asks || of_asking_side => Ok(None),
        AgreementDecision::Withdraw => Err(refusals::not_yours_to("WITHDRAW").into()),
        AgreementDecision::End if asks || of_asking_side || !deciding.is_empty() => Ok(None),
        AgreementDecision::End | AgreementDecision::Grant | AgreementDecision::Refuse if deciding.is_empty() => {
            Err(refusals::not_yours_to(decision.word()).into())
        }
        // Separation of duties: neither the account that asked nor its department decides.
        _ if asks || Policy::belongs(asking.caller, asked) => Err(refusals::own_request().into()),
        AgreementDecision::Grant if row.until_at <= asking.now.instant => Err(refusals::over().into()),
        // What was taken for half an hour is not given for a year.
        AgreementDecision::Grant if asking.caller.break_glass.is_some() => Err(refusals::not_in_an_emergency().into()),
        AgreementDecision::Grant => {
            // Nor is what others gave passed on: the policy alone counts.
            let own = policy.permits_at(asking.caller, Present { now: asking.now, agreements: &Agreements::default() });
            let lacking = Policy::lacking_for(&own, &agreement);
            if lacking.is_empty() { Ok(department) } else { Err(refusals::too_wide(&lacking).into()) }
        }
        AgreementDecision::Refuse | AgreementDecision::End => Ok(department),
    }
}
