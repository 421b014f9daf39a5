//! What bounds a grant beside its rows: a basis, an end, regions; and which fields it lets be matched.

use chrono::{DateTime, TimeZone, Utc};
use entities::catalog::Register;
use entities::region_code::RegionCode;

use super::Policy;
use super::compile::{Grant, compile_words, fields_of};
use super::fields::FieldSet;
use super::file::TermsFile;
use super::finding::{Finding, Findings};
use crate::clock::Now;

pub use super::file::Until;

/// The terms of a grant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Terms {
    pub(super) basis: Option<String>,
    pub(super) until: Option<Until>,
    /// Regions that bound it further; empty if none do.
    pub(super) regions: Vec<RegionCode>,
    /// Fields that may be matched: looked up by, all at once and exactly.
    pub(super) matching: FieldSet,
}

/// What is said of a grant that has terms.
#[derive(Clone, Debug)]
pub struct Termed {
    /// The role.
    pub role: String,
    /// The register.
    pub register: &'static Register,
    /// The line of the grant's heading.
    pub line: usize,
    /// Law or contract.
    pub basis: Option<String>,
    /// When it ends.
    pub until: Option<Until>,
    /// Regions that bound it further.
    pub regions: Vec<RegionCode>,
    /// Names of the fields that may be matched.
    pub matched: Vec<&'static str>,
}

/// Checks the words.
pub(super) fn compile(register: &'static Register, file: &TermsFile, findings: &mut Findings<'_>) -> Terms {
    let TermsFile { basis, until, regions, matching } = file;
    let mut codes = Vec::with_capacity(regions.len());
    for word in regions {
        match word.text.parse::<RegionCode>() {
            Ok(_) if register.placing.is_none() => {
                findings.add(&word.place, format!("register \"{}\" has no region to be bounded by; leave \"regions\" out", register.name));
            }
            Ok(code) => codes.push(code),
            Err(error) => findings.add(&word.place, format!("\"{}\" in \"regions\" is no region's code: {error}", word.text)),
        }
    }
    let matching = compile_words(register, matching, findings);
    Terms { basis: basis.clone(), until: until.as_ref().map(|(until, _)| *until), regions: codes, matching: fields_of(&matching) }
}

impl Until {
    /// True if it no longer holds.
    pub fn passed(self, now: Now) -> bool {
        match self {
            Self::Day(day) => now.today > day,
            Self::Instant(at) => now.instant >= at,
        }
    }

    /// The first instant at which it no longer holds, as far as the zone's present offset tells.
    pub fn instant(self, now: Now) -> Option<DateTime<Utc>> {
        match self {
            Self::Instant(at) => Some(at),
            Self::Day(day) => {
                let midnight = day.succ_opt()?.and_hms_opt(0, 0, 0)?;
                now.offset.from_local_datetime(&midnight).single().map(|at| at.to_utc())
            }
        }
    }
}

impl Terms {
    /// True if the grant no longer holds.
    pub(super) fn ended(&self, now: Now) -> bool {
        self.until.is_some_and(|until| until.passed(now))
    }

    fn say_something(&self) -> bool {
        *self != Self::default()
    }
}

impl Policy {
    /// The grants that have a basis, an end, regions of their own or fields to match, in the order of the file.
    pub fn termed(&self) -> Vec<Termed> {
        let grants = self.roles.iter().flat_map(|role| role.grants.iter().map(move |grant| (role, grant)));
        let termed = grants.filter(|(_, grant)| grant.terms.say_something());
        termed.map(|(role, grant)| termed_of(&role.name, grant)).collect()
    }

    /// Grants that have ended: they give nothing any more. In the order of the file.
    pub fn ended(&self, now: Now) -> Vec<Finding> {
        let ended = self.termed().into_iter().filter_map(|Termed { role, line, until, .. }| {
            let until = until.filter(|until| until.passed(now))?;
            let message = format!("this grant of role \"{role}\" has ended ({until}): it gives nothing any more");
            Some(Finding { file: self.file.clone(), line: Some(line), message })
        });
        ended.collect()
    }

    /// The next instant at which a grant of the policy ends.
    pub(super) fn next_end(&self, now: Now) -> Option<DateTime<Utc>> {
        let grants = self.roles.iter().flat_map(|role| &role.grants);
        let ends = grants.filter_map(|grant| grant.terms.until).filter(|until| !until.passed(now));
        ends.filter_map(|until| until.instant(now)).min()
    }
}

fn termed_of(role: &str, grant: &Grant) -> Termed {
    let Terms { basis, until, regions, matching } = grant.terms.clone();
    let matched = matching.indices().filter_map(|index| grant.register.fields.get(index)).map(|field| field.name).collect();
    Termed { role: role.to_owned(), register: grant.register, line: grant.line, basis, until, regions, matched }
}

/// The regions that lie in both lists. Regions form a tree, so of two that meet one holds the other.
pub(super) fn common(one: &[RegionCode], other: &[RegionCode]) -> Vec<RegionCode> {
    let mut common: Vec<RegionCode> = Vec::new();
    for a in one {
        for b in other {
            let narrower = if a.contains(*b) {
                Some(*b)
            } else if b.contains(*a) {
                Some(*a)
            } else {
                None
            };
            if let Some(region) = narrower.filter(|region| !common.contains(region)) {
                common.push(region);
            }
        }
    }
    common
}
