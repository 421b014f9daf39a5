//! What is wrong in a policy file, and what could be better: each with its line and the nearest right word.

use std::ops::Range;

/// Something to say about a policy file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Name of the file.
    pub file: String,
    /// Line, from 1; None if it concerns the file as a whole.
    pub line: Option<usize>,
    /// What is wrong and what would be right.
    pub message: String,
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { file, line, message } = self;
        match line {
            Some(line) => write!(f, "{file}:{line}: {message}"),
            None => write!(f, "{file}: {message}"),
        }
    }
}

/// Collects findings with their lines.
pub(super) struct Findings<'a> {
    file: &'a str,
    text: &'a str,
    found: Vec<Finding>,
}

impl<'a> Findings<'a> {
    pub(super) fn new(file: &'a str, text: &'a str) -> Self {
        Self { file, text, found: Vec::new() }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// All that was found, in the order of the file.
    pub(super) fn into_sorted(mut self) -> Vec<Finding> {
        self.found.sort_by_key(|finding| finding.line);
        self.found
    }

    /// The line on which a place of the text stands, from 1.
    pub(super) fn line(&self, place: &Range<usize>) -> usize {
        self.text.as_bytes().iter().take(place.start).filter(|byte| **byte == b'\n').count() + 1
    }

    /// What stands at a place of the text.
    pub(super) fn text_at(&self, place: &Range<usize>) -> &'a str {
        self.text.get(place.clone()).unwrap_or_default()
    }

    pub(super) fn add(&mut self, place: &Range<usize>, message: String) {
        let line = Some(self.line(place));
        self.found.push(Finding { file: self.file.to_owned(), line, message });
    }

    /// An unknown word, with the nearest known one.
    pub(super) fn unknown<'k>(&mut self, what: &str, word: &str, place: &Range<usize>, known: impl IntoIterator<Item = &'k str>) {
        self.add(place, format!("unknown {what} \"{word}\"; {}", hint(word, known)));
    }
}

/// Names the known word that is nearest to what was written, or all of them if none is near.
pub fn hint<'k>(written: &str, known: impl IntoIterator<Item = &'k str>) -> String {
    let known: Vec<&str> = known.into_iter().collect();
    match nearest(written, known.iter().copied()) {
        Some(nearest) => format!("did you mean \"{nearest}\"?"),
        None if known.is_empty() => "none is known".to_owned(),
        None => format!("known are {}", known.join(", ")),
    }
}

/// The known word that is nearest to what was written; None if none is near.
pub(super) fn nearest<'k>(written: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let likeness = |word: &str| strsim::jaro_winkler(&word.to_lowercase(), &written.to_lowercase());
    known
        .into_iter()
        .map(|word| (likeness(word), word))
        .filter(|(likeness, _)| *likeness > 0.7)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, word)| word)
}
