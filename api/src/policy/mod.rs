//! Who may see what: pure and synchronous, no database, no await, no GraphQL.

mod caller;

pub use caller::{Account, Assignment, Caller, CallerKind};

/// The policy: stub.
pub struct Policy;

/// What is wrong with a policy.
#[derive(Debug)]
pub struct Finding;

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("finding")
    }
}

const ROLES: [&str; 11] = [
    "grid_worker",
    "community_secretary",
    "street_operator",
    "board_officer",
    "district_officer",
    "city_officer",
    "auditor",
    "integrator",
    "administrator",
    "resident",
    "grid_helper",
];

impl Policy {
    /// The policy compiled in.
    pub fn built_in() -> Self {
        Self
    }

    /// Reads a policy.
    pub fn parse(_: &str, _: &str) -> Result<Self, Vec<Finding>> {
        Ok(Self)
    }

    /// The roles' names and titles.
    pub fn roles(&self) -> impl Iterator<Item = (&str, &str)> {
        ROLES.into_iter().map(|role| (role, role))
    }
}
