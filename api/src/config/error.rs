//! Why settings are refused, in words that lead to the line to change.

use std::path::PathBuf;

use figment::error::Kind;

use super::sources;

/// Why settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The named file does not exist.
    #[error("there is no configuration file {}", .0.display())]
    Missing(PathBuf),
    /// A source cannot be read, or holds a word or value that is not allowed.
    #[error("{0}")]
    Unreadable(String),
    /// Values that contradict themselves.
    #[error("{}", .0.join("\n"))]
    Invalid(Vec<String>),
}

impl From<figment::Error> for Error {
    fn from(error: figment::Error) -> Self {
        let lines: Vec<String> = error.into_iter().map(|one| describe(&one)).collect();
        Self::Unreadable(lines.join("\n"))
    }
}

fn describe(error: &figment::Error) -> String {
    let mut path = error.path.join(".");
    let text = match &error.kind {
        Kind::UnknownField(word, known) => {
            // The path of an unknown word may or may not end with the word itself.
            if !path.is_empty() && !path.ends_with(word.as_str()) {
                path.push('.');
            }
            if !path.ends_with(word.as_str()) {
                path.push_str(word);
            }
            match nearest(word, known) {
                Some(near) => format!("{path} is not a setting; did you mean {near}?"),
                None => format!("{path} is not a setting; known here: {}", known.join(", ")),
            }
        }
        // What stands where a secret should is not repeated, whatever it is.
        Kind::InvalidType(..) | Kind::InvalidValue(..) if sources::is_secret(&path) => format!("{path}: must be a text in quotes"),
        Kind::UnknownVariant(word, known) => format!("{path}: is {word:?}; it can be {}", known.join(" or ")),
        kind if path.is_empty() => kind.to_string(),
        kind => format!("{path}: {kind}"),
    };
    let source = error.metadata.as_ref().map(|metadata| match &metadata.source {
        Some(source) => format!(" (in {source})"),
        None => format!(" (in {})", metadata.name),
    });
    text + source.as_deref().unwrap_or_default()
}

fn nearest<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    known
        .iter()
        .copied()
        .map(|near| (strsim::jaro_winkler(word, near), near))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, near)| near)
}
