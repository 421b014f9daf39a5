//! The generator: stub.

use chrono::{DateTime, Utc};
use entities::region_code::RegionCode;

/// How much to make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// One street in full.
    Demo,
}

impl std::str::FromStr for Profile {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        if text == "demo" { Ok(Self::Demo) } else { Err("a profile is demo".to_owned()) }
    }
}

/// What to make.
#[derive(Clone, Debug)]
pub struct Settings {
    /// How much.
    pub profile: Profile,
    /// The same seed makes the same data.
    pub seed: u64,
    /// The present.
    pub now: DateTime<Utc>,
}

/// What was made.
pub struct Report {
    /// Each phase.
    pub phases: Vec<Phase>,
}

/// One phase.
pub struct Phase {
    /// What.
    pub name: String,
    /// How many.
    pub rows: u64,
    /// How long.
    pub seconds: f64,
}

/// Why it failed.
#[derive(Debug, thiserror::Error)]
#[error("generate")]
pub struct Error;

/// Makes data.
pub async fn run(_: &Settings, _: &str, _: bool) -> Result<Report, Error> {
    Ok(Report { phases: Vec::new() })
}

/// The street that is made in full.
pub fn demo_street() -> RegionCode {
    RegionCode::from_number(500_103_001_000_000).unwrap_or_else(|| unreachable!())
}

/// Whom the demonstration's tokens name.
#[derive(Clone, Copy, Debug)]
pub struct Cast {
    /// A grid of the street that is made in full.
    pub grid: RegionCode,
    /// The community the grid lies in.
    pub community: RegionCode,
    /// A grown-up who lives there with others.
    pub resident: Option<uuid::Uuid>,
}

/// Finds them in a database of the profile `demo`.
pub async fn demo_cast(_: &str) -> Result<Cast, Error> {
    let number = demo_street().number();
    let code = |number| RegionCode::from_number(number).ok_or(Error);
    Ok(Cast { grid: code(number + 1_001)?, community: code(number + 1_000)?, resident: None })
}
