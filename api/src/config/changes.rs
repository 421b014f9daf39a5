//! What callers may change and look up beyond reading: emergency access, and exact look-ups of persons.

use serde::Deserialize;

use super::Danger;
use super::authentication::address_problem;

/// Emergency access: a role that an account takes for a short time, with a reason, while the officer is told.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BreakGlass {
    /// The officer's address: each emergency access is sent there by POST as JSON, again and again until it is taken. Without it
    /// none is given.
    pub notify_url: Option<String>,
    /// For how many minutes a role is taken.
    pub minutes: u32,
    /// How many minutes after its end the same account may take the next.
    pub cool_down_minutes: u32,
    /// The shortest reason, in characters.
    pub reason_length: usize,
}

impl Default for BreakGlass {
    fn default() -> Self {
        Self { notify_url: None, minutes: 30, cool_down_minutes: 60, reason_length: 20 }
    }
}

impl BreakGlass {
    pub(super) fn validate(&self, problems: &mut Vec<String>) {
        if let Some(problem) = self.notify_url.as_deref().and_then(address_problem) {
            problems.push(format!("break_glass.notify_url {problem}"));
        }
        if self.minutes == 0 || self.minutes > 24 * 60 {
            problems.push("break_glass.minutes: must be 1 to 1440: who needs a role for longer is given it".to_owned());
        }
        if self.reason_length == 0 || self.reason_length > 1_000 {
            problems.push("break_glass.reason_length: must be 1 to 1000".to_owned());
        }
    }
}

/// Exact look-ups of persons. They need `privacy.key`: without it they could not be recorded without being readable.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Lookups {
    /// How many look-ups an account may make on a day.
    pub per_day: u32,
}

impl Default for Lookups {
    fn default() -> Self {
        Self { per_day: 50 }
    }
}

/// What is not safe in them.
pub(super) fn findings(break_glass: &BreakGlass, found: &mut impl FnMut(Danger, &str, &str)) {
    if break_glass.notify_url.as_deref().is_some_and(|url| url.starts_with("http://")) {
        found(Danger::Advice, "break_glass.notify_url", "is an unprotected line; it must lead no further than this machine");
    }
}
