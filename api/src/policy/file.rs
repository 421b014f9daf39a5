//! The policy file as it is written: TOML with the place of every word, so that a finding names its line.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::Deserialize;
use toml::Spanned;

/// A word with its place in the text.
pub(super) type Word = Spanned<String>;

/// The file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PolicyFile {
    /// Version of this format; 1.
    pub(super) version: Spanned<u32>,
    /// Roles by name. The role `anonymous` applies to every caller, also without a token.
    #[serde(default)]
    pub(super) role: BTreeMap<Word, RoleFile>,
}

/// One role.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RoleFile {
    /// What the role is, in words.
    pub(super) title: String,
    /// What it gives.
    #[serde(default)]
    pub(super) grant: Vec<GrantFile>,
    /// What it takes, whatever other roles give on the same rows.
    #[serde(default)]
    pub(super) deny: Vec<DenyFile>,
}

/// One grant: a register's rows, and the fields of those rows by right.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GrantFile {
    /// Register of the catalog.
    pub(super) register: Word,
    /// Words that bound the rows, all of which must hold; `["all"]` bounds nothing.
    pub(super) rows: Vec<Word>,
    /// Fields, or `class:` and a class, shown in full.
    #[serde(default)]
    pub(super) show: Vec<Word>,
    /// Fields that may be filtered and ordered by; those shown if absent.
    pub(super) filter: Option<Vec<Word>>,
    /// Fields that may be grouped by and measured.
    #[serde(default)]
    pub(super) aggregate: Vec<Word>,
    /// True if the personal fields hold on rows of people under 14 too.
    #[serde(default)]
    pub(super) minors: bool,
}

/// One deny.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DenyFile {
    /// Register of the catalog.
    pub(super) register: Word,
    /// Words that bound the rows.
    pub(super) rows: Vec<Word>,
    /// Fields, or `class:` and a class.
    pub(super) fields: Vec<Word>,
}

/// Something wrong in a policy file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Name of the file.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// What is wrong and what would be right.
    pub message: String,
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { file, line, message } = self;
        write!(f, "{file}:{line}: {message}")
    }
}

/// Collects findings with their lines.
pub(super) struct Findings<'a> {
    file: &'a str,
    text: &'a str,
    pub(super) found: Vec<Finding>,
}

impl<'a> Findings<'a> {
    pub(super) fn new(file: &'a str, text: &'a str) -> Self {
        Self { file, text, found: Vec::new() }
    }

    pub(super) fn add(&mut self, span: Range<usize>, message: String) {
        let line = self.text.as_bytes().iter().take(span.start).filter(|byte| **byte == b'\n').count() + 1;
        self.found.push(Finding { file: self.file.to_owned(), line, message });
    }

    /// An unknown word, with the nearest known one.
    pub(super) fn unknown<'k>(&mut self, what: &str, word: &Word, known: impl IntoIterator<Item = &'k str>) {
        let known: Vec<&str> = known.into_iter().collect();
        let text = word.get_ref();
        let nearest = known.iter().copied().max_by(|a, b| strsim::jaro_winkler(a, text).total_cmp(&strsim::jaro_winkler(b, text)));
        let hint = match nearest {
            Some(nearest) if strsim::jaro_winkler(nearest, text) > 0.7 => format!("; did you mean \"{nearest}\"?"),
            _ => format!("; known are {}", known.join(", ")),
        };
        self.add(word.span(), format!("unknown {what} \"{text}\"{hint}"));
    }
}

/// Reads the text.
pub(super) fn read(text: &str, findings: &mut Findings<'_>) -> Option<PolicyFile> {
    match toml::from_str(text) {
        Ok(file) => Some(file),
        Err(error) => {
            findings.add(error.span().unwrap_or(0..0), error.message().to_owned());
            None
        }
    }
}
