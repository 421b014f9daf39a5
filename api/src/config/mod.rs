//! The settings of a deployment: read once at start, checked, and then only passed on.
//!
//! Later sources win: the defaults in this code, the file, the environment (`CIVIGRID_…`, with `__` between the parts of
//! a name), the flags of the command line. A word nobody knows is an error, never ignored.

mod audit;
mod authentication;
mod changes;
mod error;
mod kinds;
mod limits;
mod operation;
mod privacy;
mod safety;
mod secret;
mod server;
mod sources;
mod traces;

use std::path::PathBuf;

use chrono_tz::Tz;
use serde::{Deserialize, Deserializer};

pub use audit::Audit;
pub use authentication::{Authentication, Issuer};
pub use changes::{BreakGlass, Lookups};
pub use error::Error;
pub use limits::{Limits, RateLimit};
pub use operation::{Database, Log, LogFormat};
pub use privacy::Privacy;
pub use safety::{Danger, Finding};
pub use secret::Secret;
pub use server::Server;
pub use sources::{NamedFile, Sources};
pub use traces::Traces;

/// Everything that can be set.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The deployment's zone (IANA name): ages, deadlines and months count by it.
    #[serde(deserialize_with = "zone")]
    pub zone: Tz,
    /// The policy file; without it the built-in policy holds.
    pub policy_file: Option<PathBuf>,
    /// How the server listens.
    pub server: Server,
    /// Where the registers are.
    pub database: Database,
    /// Whose tokens are believed.
    pub authentication: Authentication,
    /// What keeps figures about few people, and tokens in the place of values, from being undone.
    pub privacy: Privacy,
    /// What one request may ask.
    pub limits: Limits,
    /// How often one caller may ask.
    pub rate_limit: RateLimit,
    /// What the program tells about itself.
    pub log: Log,
    /// Where traces go.
    pub traces: Traces,
    /// Emergency access.
    pub break_glass: BreakGlass,
    /// Exact look-ups of persons.
    pub lookups: Lookups,
    /// What is kept of who read what.
    pub audit: Audit,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            zone: chrono_tz::Asia::Shanghai,
            policy_file: None,
            server: Server::default(),
            database: Database::default(),
            authentication: Authentication::default(),
            privacy: Privacy::default(),
            limits: Limits::default(),
            rate_limit: RateLimit::default(),
            log: Log::default(),
            traces: Traces::default(),
            break_glass: BreakGlass::default(),
            lookups: Lookups::default(),
            audit: Audit::default(),
        }
    }
}

impl Config {
    /// Refuses settings that contradict themselves, naming all of them at once.
    pub fn validate(&self) -> Result<(), Error> {
        let mut problems = Vec::new();
        self.server.validate(&mut problems);
        self.database.validate(&mut problems);
        self.authentication.validate(&mut problems);
        self.privacy.validate(&mut problems);
        self.limits.validate(&mut problems);
        self.rate_limit.validate(&mut problems);
        self.traces.validate(&mut problems);
        self.break_glass.validate(&mut problems);
        self.audit.validate(&mut problems);
        if problems.is_empty() { Ok(()) } else { Err(Error::Invalid(problems)) }
    }
}

fn zone<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Tz, D::Error> {
    let name = String::deserialize(deserializer)?;
    name.parse().map_err(|_| serde::de::Error::custom(format!("{name:?} is no time zone; zones are named like \"Asia/Shanghai\"")))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a section knows, as its refusal of a made-up word tells.
    fn keys_of(section: &str) -> Vec<String> {
        let text = Sources::default().text(&format!("{section}\n0 = 0")).read().expect_err("refused").to_string();
        let (_, known) = text.split_once("known here: ").expect("a list of keys");
        known.split([',', ' ']).take_while(|word| !word.starts_with('(')).filter(|word| !word.is_empty()).map(str::to_owned).collect()
    }

    #[test]
    fn the_example_file_names_every_key() {
        let example = include_str!("../../../civigrid.example.toml");
        let mut keys = 0;
        for section in [
            "",
            "[server]",
            "[database]",
            "[authentication]",
            "[privacy]",
            "[limits]",
            "[rate_limit]",
            "[log]",
            "[traces]",
            "[break_glass]",
            "[lookups]",
            "[audit]",
        ] {
            for key in keys_of(section) {
                let named = [format!("{key} = "), format!("[{key}]"), format!("[[authentication.{key}]]")];
                assert!(named.iter().any(|name| example.contains(name.as_str())), "{section} {key}");
                keys += 1;
            }
        }
        assert!(keys > 40, "{keys}");
    }

    #[test]
    fn the_example_file_gives_every_key_its_default() {
        let example = include_str!("../../../civigrid.example.toml");
        let uncommented: String = example
            .lines()
            .filter_map(|line| line.strip_prefix("#= ").or_else(|| line.starts_with('[').then_some(line)))
            .flat_map(|line| [line, "\n"])
            .collect();
        let config = Sources::default().text(example).read().expect("the example is valid");
        assert_eq!(config, Config::default());
        let config = Sources::default().text(&uncommented).read().expect("the example's commented lines are valid");
        assert_eq!(config, Config::default());
    }

    #[test]
    fn the_defaults_are_valid() {
        Config::default().validate().expect("valid");
    }
}
