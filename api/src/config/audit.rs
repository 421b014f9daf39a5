//! What is kept of who read what.

use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;

use super::Secret;

/// The shortest secret for the hash of variables: shorter ones can be tried out.
const SHORTEST_SECRET: usize = 16;

/// What is kept of who read what.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Audit {
    /// False records nothing.
    pub enabled: bool,
    /// The secret of the keyed hash of variables; also from a file, as `variables_secret_file`.
    pub variables_secret: Option<Secret>,
    /// The private key (Ed25519 in PEM) that signs checkpoints.
    pub checkpoint_key_file: Option<PathBuf>,
    /// The file outside the database that checkpoints are added to.
    pub checkpoint_file: Option<PathBuf>,
    /// How long after a checkpoint the next one is made, in seconds.
    pub checkpoint_seconds: u64,
    /// False leaves linking, indexing, checkpoints and months to other servers on the same database.
    pub background: bool,
    /// How many months are kept beside the present one; without it nothing is ever dropped.
    pub kept_months: Option<u32>,
}

impl Default for Audit {
    fn default() -> Self {
        Self {
            enabled: true,
            variables_secret: None,
            checkpoint_key_file: None,
            checkpoint_file: None,
            checkpoint_seconds: 60,
            background: true,
            kept_months: None,
        }
    }
}

impl Audit {
    /// How long after a checkpoint the next one is made.
    pub fn checkpoint_every(&self) -> Duration {
        Duration::from_secs(self.checkpoint_seconds)
    }

    pub(super) fn validate(&self, problems: &mut Vec<String>) {
        let Self { enabled: _, variables_secret, checkpoint_key_file, checkpoint_file, checkpoint_seconds, background: _, kept_months } =
            self;
        if variables_secret.as_ref().is_some_and(|secret| secret.expose().len() < SHORTEST_SECRET) {
            problems.push(format!("audit.variables_secret: must have {SHORTEST_SECRET} bytes or more"));
        }
        if checkpoint_file.is_some() && checkpoint_key_file.is_none() {
            problems.push("audit.checkpoint_file: needs a key that signs; set audit.checkpoint_key_file".to_owned());
        }
        if *checkpoint_seconds == 0 {
            problems.push("audit.checkpoint_seconds: must be more than 0".to_owned());
        }
        if kept_months.is_some_and(|months| months > 1_200) {
            problems.push("audit.kept_months: must be at most 1200; leave it out to keep everything".to_owned());
        }
        if kept_months.is_some() && checkpoint_key_file.is_none() {
            problems
                .push("audit.kept_months: what is dropped must lie behind a signed checkpoint; set audit.checkpoint_key_file".to_owned());
        }
    }
}
