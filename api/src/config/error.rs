//! Why settings are refused, in words that lead to the line to change.

use std::path::PathBuf;

use figment::error::Kind;

use super::{kinds, sources};

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
        Kind::UnknownField(word, known) if path.is_empty() || path == *word => {
            unknown_at_the_top(word, known, comes_from_environment(error))
        }
        Kind::UnknownField(word, known) => {
            // The path of an unknown word may or may not end with the word itself.
            if !path.is_empty() && !path.ends_with(word.as_str()) {
                path.push('.');
            }
            if !path.ends_with(word.as_str()) {
                path.push_str(word);
            }
            unknown(&path, word, known)
        }
        // What stands where a secret should is not repeated, whatever it is.
        Kind::InvalidType(..) | Kind::InvalidValue(..) if sources::is_secret(&path) => format!("{path}: must be a text in quotes"),
        Kind::UnknownVariant(word, known) => format!("{path}: is {word:?}; it can be {}", known.join(" or ")),
        Kind::InvalidType(found, expected) | Kind::InvalidValue(found, expected) if !path.is_empty() => {
            format!("{path}: must be {}; here stands {}", kinds::wanted(expected), kinds::found(found))
        }
        // The one type whose own refusal does not say what would be right.
        Kind::Message(text) if text == "invalid socket address syntax" => format!("{path}: must be {}", kinds::wanted("socket address")),
        kind if path.is_empty() => kind.to_string(),
        kind => format!("{path}: {kind}"),
    };
    let source = error.metadata.as_ref().map(|metadata| match &metadata.source {
        Some(source) => format!(" (in {source})"),
        None => format!(" (in {})", metadata.name),
    });
    text + source.as_deref().unwrap_or_default()
}

fn unknown(path: &str, word: &str, known: &[&str]) -> String {
    match nearest(word, known) {
        Some(near) => format!("{path} is not a setting; did you mean {near}?"),
        None => format!("{path} is not a setting; known here: {}", known.join(", ")),
    }
}

/// A word that is no section: it may be the name of a setting whose parts are held together as they are not here.
fn unknown_at_the_top(word: &str, known: &[&'static str], environment: bool) -> String {
    let split = |section: &'static str| Some((section, word.strip_prefix(section)?.strip_prefix('_')?));
    let meant = known.iter().copied().filter_map(split).find(|(section, key)| sources::is_setting(section, key));
    match meant {
        Some((section, key)) if environment => {
            let [word, section, key] = [word, section, key].map(str::to_uppercase);
            format!("CIVIGRID_{word} is not a setting; did you mean CIVIGRID_{section}__{key}, with two underscores between the parts?")
        }
        Some((section, key)) => format!("{word} is not a setting; did you mean {key} under [{section}]?"),
        None => unknown(word, word, known),
    }
}

fn comes_from_environment(error: &figment::Error) -> bool {
    error.metadata.as_ref().is_some_and(|metadata| metadata.name.contains("environment"))
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
