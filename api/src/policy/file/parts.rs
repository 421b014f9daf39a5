//! What a policy file consists of, as it is worded: every word with its place.

use std::ops::Range;

use super::{DutiesFile, TermsFile};
use crate::policy::derivations::AcceptFile;

/// A word with its place in the text.
#[derive(Clone, Debug)]
pub(in crate::policy) struct Word {
    pub(in crate::policy) text: String,
    pub(in crate::policy) place: Range<usize>,
}

/// The whole file.
#[derive(Default)]
pub(in crate::policy) struct PolicyFile {
    /// The roles in the order in which they are written.
    pub(in crate::policy) roles: Vec<RoleFile>,
    /// What an answer may be for: the code and its meaning.
    pub(in crate::policy) purposes: Vec<(Word, String)>,
    /// Fields that no role is meant to see: a register, and fields of it or classes.
    pub(in crate::policy) unseen: Vec<(Word, Vec<Word>)>,
    /// What may follow from what is shown.
    pub(in crate::policy) accepts: Vec<AcceptFile>,
}

/// One role.
pub(in crate::policy) struct RoleFile {
    pub(in crate::policy) name: Word,
    /// What the role is, in words.
    pub(in crate::policy) title: String,
    /// What it gives.
    pub(in crate::policy) grants: Vec<GrantFile>,
    /// What it takes, whatever other roles give on the same rows.
    pub(in crate::policy) denies: Vec<DenyFile>,
    /// What it may ask for, decide and take in an emergency.
    pub(in crate::policy) duties: DutiesFile,
    /// Which aggregates of registers it may ask for without seeing rows.
    pub(in crate::policy) menus: Vec<MenuFile>,
}

/// One grant: a register's rows, and the fields of those rows by right.
pub(in crate::policy) struct GrantFile {
    /// Where its heading stands.
    pub(in crate::policy) place: Range<usize>,
    /// Register of the catalog.
    pub(in crate::policy) register: Word,
    /// Words that bound the rows, all of which must hold; `["all"]` bounds nothing.
    pub(in crate::policy) rows: Vec<Word>,
    /// Fields, or `class:` and a class, shown in full.
    pub(in crate::policy) show: Vec<Word>,
    /// Fields that may be filtered and ordered by; those shown if absent.
    pub(in crate::policy) filter: Option<Vec<Word>>,
    /// Fields that may be grouped by and measured.
    pub(in crate::policy) aggregate: Vec<Word>,
    /// Fields shown masked, each with its mask.
    pub(in crate::policy) mask: Vec<Word>,
    /// Fields by whose values rows that share one may be found.
    pub(in crate::policy) duplicates: Vec<Word>,
    /// True if the personal fields hold on rows of people under 14 too.
    pub(in crate::policy) minors: bool,
    /// True if it gives the whereabouts of protected persons too.
    pub(in crate::policy) protected: bool,
    /// True if the personal fields hold on rows whose code makes them sensitive too.
    pub(in crate::policy) sensitive_codes: bool,
    /// What the answer must be for.
    pub(in crate::policy) purposes: Vec<Word>,
    /// Boards of which the assignment must name one.
    pub(in crate::policy) boards: Vec<Word>,
    /// On what basis, until when, in which regions at most; and what may be matched.
    pub(in crate::policy) terms: TermsFile,
}

/// One deny.
pub(in crate::policy) struct DenyFile {
    /// Where its heading stands.
    pub(in crate::policy) place: Range<usize>,
    /// Register of the catalog.
    pub(in crate::policy) register: Word,
    /// Words that bound the rows.
    pub(in crate::policy) rows: Vec<Word>,
    /// Fields, or `class:` and a class.
    pub(in crate::policy) fields: Vec<Word>,
}

/// One right to the aggregates of a register's menu.
pub(in crate::policy) struct MenuFile {
    /// Where its heading stands.
    pub(in crate::policy) place: Range<usize>,
    /// Register of the catalog.
    pub(in crate::policy) register: Word,
    /// `["all"]` or `["region"]`: the regions that may be asked for.
    pub(in crate::policy) rows: Vec<Word>,
}
