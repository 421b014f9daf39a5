//! The generator: invented people, households and cases on the real map of the city.
//!
//! Everything follows from [`Settings`]: the same profile, seed and instant give the same rows, byte for byte. The
//! clock is never read. Rows are made community by community and written as they are made, so that the largest
//! profile needs no more memory than its largest communities.
//!
//! Read in this order: `plan` (which communities, how large), `maker` and `households` (people), `cases` and `course`
//! (what happens to a case), `economy` (buildings, businesses, work), `society` (Party and volunteers), `services` (what
//! hangs on all of these), `run` (writing it all to a database).
//!
//! What holds in the rows: a household's `member_count` is the number of its residences that have not ended; a
//! person's household and place are those of the residence where the person lives, else of the one where the person is
//! registered, else none.

mod accounts;
mod atlas;
mod boundary;
mod cases;
mod cast;
mod categories;
mod clients;
mod course;
mod departments;
mod dice;
mod economy;
mod family;
mod households;
mod id_number;
mod ids;
mod maker;
mod names;
mod plan;
mod profile;
mod regions;
mod rows;
mod run;
mod services;
mod society;
mod traits;
mod wording;

#[cfg(test)]
mod tests;

use chrono::{DateTime, Utc};

pub use cast::{Cast, demo_cast};
pub use economy::EconomyRows;
pub use plan::demo_street;
pub use profile::{NotAProfile, Profile};
pub use rows::{Rows, rows};
pub use run::{Error, Phase, Report, Total, run};
pub use services::ServiceRows;
pub use society::SocietyRows;

/// What is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// How much, and where.
    pub profile: Profile,
    /// The same seed makes the same rows.
    pub seed: u64,
    /// The present: ages are counted by it, and the year of cases ends with it.
    pub now: DateTime<Utc>,
}
