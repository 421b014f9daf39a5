//! Headings of one pair of brackets where two belong: a mistake that TOML itself does not see.

use std::ops::Range;

/// A heading `[role.clerk.grant]`, which wants a second pair of brackets.
pub(super) struct Heading<'a> {
    pub(super) place: Range<usize>,
    /// Where the lines below it end.
    end: usize,
    pub(super) role: &'a str,
    pub(super) key: &'static str,
}

impl Heading<'_> {
    /// True if a key stands here a second time only because of this heading: the heading's own last word, that of another
    /// heading of the same name, or a key below it.
    pub(super) fn explains(&self, place: &Range<usize>, word: &str) -> bool {
        word == self.key || (self.place.start..self.end).contains(&place.start)
    }
}

/// All such headings of a text.
pub(super) fn single_headings(text: &str) -> Vec<Heading<'_>> {
    let mut headings: Vec<Heading<'_>> = Vec::new();
    let mut open = false;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let end = start + line.len();
        let heading = line.trim_start();
        if heading.starts_with('[') {
            open = false;
            for key in ["grant", "deny", "menu"] {
                let inner = heading.strip_prefix("[role.").and_then(|rest| rest.split_once(']')).map(|(inner, _)| inner);
                if let Some(role) = inner.and_then(|inner| inner.strip_suffix(key)).and_then(|inner| inner.strip_suffix('.')) {
                    headings.push(Heading { place: start..end, end, role, key });
                    open = true;
                }
            }
        } else if let Some(last) = headings.last_mut().filter(|_| open) {
            last.end = end;
        }
        start = end;
    }
    headings
}

/// What is said of one.
pub(super) fn brackets(key: &str, role: &str) -> String {
    format!("\"{key}\" must stand under a heading of two brackets: [[role.{role}.{key}]]")
}
