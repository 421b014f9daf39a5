//! The policy that is in force, and what callers may do by it.

use std::sync::Arc;

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
