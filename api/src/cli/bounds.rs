//! Whom a command supposes: a role of the policy, and where and for what it is held.

use anyhow::bail;
use clap::Args;

use crate::http::authentication::Assigned;
use crate::policy::{Policy, hint};

/// What an assignment says beside the role.
#[derive(Args)]
pub(super) struct Bounds {
    /// A region's code of 12 digits, or 15 for a grid; several times for several.
    #[arg(long, requires = "role")]
    region: Vec<String>,
    /// A board: PARTY, ECONOMY, SERVICES, PEACE_LAW or COMMAND.
    #[arg(long, requires = "role")]
    board: Option<String>,
    /// A department's id (department_…).
    #[arg(long, requires = "role")]
    department: Option<String>,
    /// The code of a service project; several times for several.
    #[arg(long, requires = "role")]
    project: Vec<String>,
}

impl Bounds {
    /// The role within these bounds, as a token says it.
    pub(super) fn assigned(&self, policy: &Policy, role: &str) -> anyhow::Result<Assigned> {
        let Self { region, board, department, project } = self;
        let assigned = Assigned {
            role: known_role(policy, role.to_owned())?,
            regions: region.clone(),
            board: board.clone(),
            department: department.clone(),
            projects: project.clone(),
        };
        assigned.check().map_err(anyhow::Error::msg)?;
        Ok(assigned)
    }
}

/// A role of the policy, or the nearest one.
pub(super) fn known_role(policy: &Policy, role: String) -> anyhow::Result<String> {
    if policy.roles().any(|(known, _)| known == role) {
        return Ok(role);
    }
    bail!("unknown role \"{role}\"; {}", hint(&role, policy.roles().map(|(known, _)| known)))
}
