//! The policy that is in force with the agreements beside it, and the permits worked out of them: all are replaced together.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use quick_cache::sync::Cache;

use super::error::GraphError;
use super::refusals;

use super::engine::Engine;
use crate::clock::Now;
use crate::policy::{Agreements, Assignment, Caller, Permits, Policy, Present, Purpose};

/// How many callers' permits are kept.
const KEPT_PERMITS: usize = 10_000;

/// What is in force.
pub(super) struct InForce {
    pub(super) policy: Arc<Policy>,
    agreements: Arc<Agreements>,
    permits: Cache<PermitKey, Kept>,
}

/// What a caller's permits depend on.
type PermitKey = (Option<uuid::Uuid>, Purpose, Vec<Assignment>, bool);

/// Permits, and how long they hold: until a grant or an agreement begins or ends, on the same day.
#[derive(Clone)]
struct Kept {
    permits: Arc<Permits>,
    since: DateTime<Utc>,
    until: DateTime<Utc>,
    today: NaiveDate,
}

impl InForce {
    pub(super) fn new(policy: Policy) -> Arc<Self> {
        Self::of(Arc::new(policy), Arc::default())
    }

    fn of(policy: Arc<Policy>, agreements: Arc<Agreements>) -> Arc<Self> {
        Arc::new(Self { policy, agreements, permits: Cache::new(KEPT_PERMITS) })
    }

    /// The same agreements under another policy.
    pub(super) fn under(&self, policy: Policy) -> Arc<Self> {
        Self::of(Arc::new(policy), Arc::clone(&self.agreements))
    }

    /// Other agreements under the same policy.
    pub(super) fn with(&self, agreements: Agreements) -> Arc<Self> {
        Self::of(Arc::clone(&self.policy), Arc::new(agreements))
    }

    pub(super) fn has(&self, agreements: &Agreements) -> bool {
        self.agreements.are(agreements)
    }

    /// The caller with the purpose that the request states; None if it states none.
    pub(super) fn stating(&self, purpose: Option<&str>, caller: &Caller) -> Result<Option<Caller>, GraphError> {
        let Some(purpose) = purpose else { return Ok(None) };
        let listed = self.policy.purposes();
        // A client is told of no purpose but its own.
        if caller.may_state(purpose) && listed.iter().any(|known| known.code == purpose) {
            return Ok(Some(caller.clone().stating(Some(purpose))));
        }
        let known: Vec<&str> = listed.iter().map(|known| known.code.as_str()).filter(|code| caller.may_state(code)).collect();
        Err(refusals::rights::no_purpose(&known.join(", ")))
    }

    pub(super) fn present(&self, now: Now) -> Present<'_> {
        Present { now, agreements: &self.agreements }
    }

    /// What the caller may do now.
    pub(super) fn permits(&self, caller: &Caller, now: Now) -> Arc<Permits> {
        let key = (caller.person, caller.purpose.clone(), caller.assignments.clone(), caller.break_glass.is_some());
        let holds = |kept: &Kept| kept.today == now.today && (kept.since..kept.until).contains(&now.instant);
        if let Some(kept) = self.permits.get(&key).filter(holds) {
            return kept.permits;
        }
        let present = self.present(now);
        let permits = Arc::new(self.policy.permits_at(caller, present));
        let until = self.policy.next_change(present).unwrap_or(DateTime::<Utc>::MAX_UTC);
        self.permits.insert(key, Kept { permits: Arc::clone(&permits), since: now.instant, until, today: now.today });
        permits
    }
}

impl Engine {
    /// The policy that is in force now, with its permits.
    pub(super) fn in_force(&self) -> Arc<InForce> {
        self.in_force.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }
}
