//! `breakGlass` and `endBreakGlass`.

use chrono::SecondsFormat;
use entities::region_code::RegionCode;
use serde_json::{Map, Value, json};

use super::input::Input;
use super::outcome::{Done, Stop};
use super::{Asking, EmergencySettings};
use crate::graph::engine::Engine;
use crate::graph::refusals::changes as refusals;
use crate::policy::Assignment;
use crate::store::changes::Change;
use crate::store::emergencies::{Taken, Taking};

/// The longest reason, in characters.
const LONGEST_REASON: usize = 2_000;
/// The longest name of a role.
const LONGEST_ROLE: usize = 256;

impl Engine {
    pub(super) async fn break_glass(&self, change: &Change, asking: &Asking<'_>) -> Result<Done, Stop> {
        // Nobody is told, so nobody takes it.
        let settings = self.changing.emergency.ok_or_else(refusals::no_officer)?;
        let EmergencySettings { lasting, cool_down, reason_length } = settings;
        let mut input = Input::new(asking.input);
        let reason = input.text("reason", reason_length, LONGEST_REASON);
        let assignments = assignments(&mut input, asking);
        input.finish()?;
        let regions: Vec<RegionCode> = assignments.iter().flat_map(|assignment| assignment.regions.iter().copied()).collect();
        let (account, person, place) = (asking.account, asking.caller.person, RegionCode::common(&regions));
        let taken = Taken { account, person, assignments: &assignments, place, reason, lasting, cool_down };
        let (id, until) = match change.break_glass(&taken).await? {
            Taking::Taken(id, until) => (id, until),
            Taking::TooSoon(free) => return Err(refusals::too_soon(&free.to_rfc3339_opts(SecondsFormat::Secs, true)).into()),
        };
        let role = assignments.first().map(|assignment| assignment.role.as_str()).unwrap_or_default();
        let id_text = entities::id::text("emergency_access", id);
        let until_text = until.to_rfc3339_opts(SecondsFormat::Micros, true);
        let notice = json!({
            "event": "break_glass",
            "id": id_text,
            "issuer": account.issuer,
            "subject": account.subject,
            "role": role,
            "regions": regions.iter().map(ToString::to_string).collect::<Vec<_>>(),
            "reason": reason,
            "fromAt": asking.now.instant.to_rfc3339_opts(SecondsFormat::Micros, true),
            "untilAt": until_text,
        });
        change.notify("break_glass", &notice.to_string()).await?;
        // Who and why stands in the register and goes to the officer, not into the log.
        tracing::warn!(emergency_access = id_text, role, until = until_text, "the glass is broken: an account takes another role");
        metrics::counter!("civigrid_break_glass_total").increment(1);
        Ok(Done { row: Some(id), told: Map::from_iter([("untilAt".to_owned(), Value::from(until_text))]) })
    }

    pub(super) async fn end_break_glass(&self, change: &Change, asking: &Asking<'_>) -> Result<Done, Stop> {
        let mut input = Input::new(asking.input);
        let reason = input.text("reason", 1, LONGEST_REASON);
        input.finish()?;
        let id = change.end_emergency(asking.account, reason).await?.ok_or_else(refusals::no_emergency)?;
        Ok(Done { row: Some(id), ..Done::default() })
    }
}

/// What the caller takes: all their assignments that allow one other role.
fn assignments(input: &mut Input<'_>, asking: &Asking<'_>) -> Vec<Assignment> {
    let mut offered = asking.in_force.policy.emergency(asking.caller);
    let mut roles: Vec<String> = Vec::new();
    for assignment in &offered {
        if !roles.contains(&assignment.role) {
            roles.push(assignment.role.clone());
        }
    }
    let wanted = match input.maybe_text("role") {
        Some(_) => Some(input.text("role", 1, LONGEST_ROLE).to_owned()),
        None if roles.len() == 1 => roles.first().cloned(),
        None => None,
    };
    if roles.is_empty() {
        input.refuse(refusals::no_role_to_take());
    } else if !wanted.as_ref().is_some_and(|wanted| roles.contains(wanted)) {
        input.refuse(refusals::not_a_role_to_take().allowing(roles));
    }
    offered.retain(|assignment| Some(&assignment.role) == wanted.as_ref());
    offered
}
