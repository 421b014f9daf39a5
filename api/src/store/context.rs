//! What the statements of a request need to know beside what is asked.

use chrono::NaiveDate;
use entities::region_code::RegionCode;

use super::scope::Known;
use crate::policy::{Permits, Right};

/// What a compilation needs to know beside the filter.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The caller's permits.
    pub permits: &'a Permits,
    /// The day of the request.
    pub today: NaiveDate,
    /// True if only few rows are looked at, such as those of a community: a question about each one's children is then
    /// better asked row by row than for all rows of the city at once.
    pub few: bool,
    /// Regions that a filter keeps the rows `t` to.
    pub within: &'a [RegionCode],
    /// True if the rows are counted, not shown: a field is then fully visible on a row if it may be aggregated there.
    pub counts: bool,
}

impl<'a> Context<'a> {
    /// Of rows of which nothing is known yet.
    pub fn new(permits: &'a Permits, today: NaiveDate) -> Self {
        Self { permits, today, few: false, within: &[], counts: false }
    }

    /// The same for rows behind a relation, which are not those that are counted.
    pub(super) fn behind(self) -> Self {
        Self { counts: false, ..self }
    }

    /// What is known of the rows behind an alias.
    pub(super) fn known(&self, alias: &str) -> Known<'a> {
        Known { today: self.today, found: self.few, within: if alias == "t" { self.within } else { &[] }, passed: &[] }
    }

    /// The rights that make a field fully visible on a row.
    pub(super) const fn fully(self) -> &'static [Right] {
        if self.counts { &[Right::Aggregate] } else { &[Right::Show, Right::Filter] }
    }
}
