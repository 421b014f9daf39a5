//! What stands in a role beside its grants, and in a grant beside its rows and fields: duties and terms.

use std::ops::Range;

use chrono::{DateTime, NaiveDate, Utc};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Reader, Word};

/// What a role may ask for, decide, and take in an emergency.
#[derive(Clone, Debug, Default)]
pub(in crate::policy) struct DutiesFile {
    /// True if it may ask for agreements.
    pub(in crate::policy) requests: bool,
    /// Registers whose agreements it decides.
    pub(in crate::policy) decides: Vec<Word>,
    /// The role it may take in an emergency.
    pub(in crate::policy) break_glass: Option<Word>,
}

/// What bounds a grant beside its rows.
#[derive(Clone, Debug, Default)]
pub(in crate::policy) struct TermsFile {
    /// Law or contract.
    pub(in crate::policy) basis: Option<String>,
    /// Until when, and where that is written.
    pub(in crate::policy) until: Option<(Until, Range<usize>)>,
    /// Codes of regions.
    pub(in crate::policy) regions: Vec<Word>,
    /// Fields that may be matched.
    pub(in crate::policy) matching: Vec<Word>,
}

/// When something ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    /// With this day, in the deployment's zone.
    Day(NaiveDate),
    /// At this instant, at which it no longer holds.
    Instant(DateTime<Utc>),
}

impl std::fmt::Display for Until {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Day(day) => write!(f, "{day}"),
            Self::Instant(at) => write!(f, "{}", at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)),
        }
    }
}

/// The longest basis.
const LONGEST_BASIS: usize = 2_000;

impl Reader<'_, '_> {
    pub(super) fn duties(&mut self, table: &DeTable<'_>) -> DutiesFile {
        let requests = self.truth(table, "requests");
        let decides = self.words(table, "decides").unwrap_or_default();
        let break_glass = table.get("break_glass").and_then(|value| self.text("\"break_glass\"", value, "\"community_secretary\""));
        DutiesFile { requests, decides, break_glass }
    }

    pub(super) fn terms(&mut self, table: &DeTable<'_>) -> TermsFile {
        let basis = table.get("basis").and_then(|value| self.basis(value));
        let until = table.get("until").and_then(|value| self.until(value).map(|until| (until, value.span())));
        let regions = self.words(table, "regions").unwrap_or_default();
        if regions.is_empty()
            && let Some(value) = table.get("regions").filter(|value| value.get_ref().is_array())
        {
            self.findings
                .add(&value.span(), "\"regions\" names no region, so the grant would give nothing; leave it out or name some".to_owned());
        }
        let matching = self.words(table, "match").unwrap_or_default();
        TermsFile { basis, until, regions, matching }
    }

    fn basis(&mut self, value: &Spanned<DeValue<'_>>) -> Option<String> {
        let word = self.text("\"basis\"", value, "\"Article 13 of …\"")?;
        let length = word.text.trim().len();
        if length == 0 || length > LONGEST_BASIS {
            self.findings.add(&word.place, format!("\"basis\" must say the law or contract, in 1 to {LONGEST_BASIS} bytes"));
            return None;
        }
        Some(word.text)
    }

    /// A date, which is the last day, or an instant with its offset; with or without quotes.
    fn until(&mut self, value: &Spanned<DeValue<'_>>) -> Option<Until> {
        let text = match value.get_ref() {
            DeValue::String(text) => text.to_string(),
            DeValue::Datetime(moment) => moment.to_string(),
            other => {
                self.wrong_type(value, other, "\"until\" must be a date or an instant, like until = 2027-12-31");
                return None;
            }
        };
        let until = text.parse().map(Until::Day).or_else(|_| DateTime::parse_from_rfc3339(&text).map(|at| Until::Instant(at.to_utc())));
        if until.is_err() {
            let expected = "a date, like 2027-12-31, which is the last day, or an instant with its offset, like 2027-12-31T18:00:00+08:00";
            self.findings.add(&value.span(), format!("\"until\" must be {expected}; {text:?} is neither"));
        }
        until.ok()
    }

    /// A key that is true or false, and false where it is absent.
    pub(super) fn truth(&mut self, table: &DeTable<'_>, key: &str) -> bool {
        let Some(value) = table.get(key) else { return false };
        if let DeValue::Boolean(truth) = value.get_ref() {
            return *truth;
        }
        self.wrong_type(value, value.get_ref(), &format!("\"{key}\" must be true or false, without quotes"));
        false
    }
}
