//! The policy that is in force, and what callers may do by it.

use std::sync::Arc;

use super::error::GraphError;
use super::refusals;
use crate::policy::{Assignment, Caller, Permits, Policy, Purpose};

/// A policy, and the permits worked out of it: both are replaced together.
pub(super) struct InForce {
    pub(super) policy: Policy,
    permits: quick_cache::sync::Cache<PermitKey, Arc<Permits>>,
}

impl InForce {
    pub(super) fn new(policy: Policy) -> Arc<Self> {
        Arc::new(Self { policy, permits: quick_cache::sync::Cache::new(KEPT_PERMITS) })
    }

    /// The caller with the purpose that the request states; None if it states none.
    pub(super) fn stating(&self, purpose: Option<&str>, caller: &Caller) -> Result<Option<Caller>, GraphError> {
        let Some(purpose) = purpose else { return Ok(None) };
        let listed = self.policy.purposes();
        // A client is told of no purpose but its own.
        let allowed = |code: &str| caller.allowed_purposes.as_ref().is_none_or(|allowed| allowed.iter().any(|word| word == code));
        if allowed(purpose) && listed.iter().any(|known| known.code == purpose) {
            return Ok(Some(caller.clone().stating(Some(purpose))));
        }
        let known: Vec<&str> = listed.iter().map(|known| known.code.as_str()).filter(|code| allowed(code)).collect();
        Err(refusals::rights::no_purpose(&known.join(", ")))
    }

    /// What the caller may do, worked out once.
    pub(super) fn permits(&self, caller: &Caller) -> Arc<Permits> {
        let key = (caller.person, caller.purpose.clone(), caller.assignments.clone());
        self.permits.get(&key).unwrap_or_else(|| {
            let permits = Arc::new(self.policy.permits(caller));
            self.permits.insert(key, permits.clone());
            permits
        })
    }
}

/// What a caller's permits depend on.
type PermitKey = (Option<uuid::Uuid>, Purpose, Vec<Assignment>);

/// How many callers' permits are kept.
const KEPT_PERMITS: usize = 10_000;
