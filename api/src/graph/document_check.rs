//! Documents that are to be registered, checked before somebody sends them.

use super::document::Documents;
use super::engine::BuildError;
use super::limits::Limits;
use super::schema;
use crate::language::Language;

/// Checks documents against the schema and the limits, as a request's would be.
pub struct DocumentCheck {
    documents: Documents,
}

impl DocumentCheck {
    /// Reads the schema.
    ///
    /// # Errors
    /// Never but by a defect of the program: a test reads the same schema.
    pub fn new(limits: Limits) -> Result<Self, BuildError> {
        Ok(Self { documents: Documents::new(&schema::sdl(), limits).map_err(BuildError::Schema)? })
    }

    /// The names of a document's operations, in its order; one without a name is called `(unnamed)`.
    ///
    /// # Errors
    /// What is wrong with the document, in words, with the place where that is known.
    pub fn operations(&self, text: &str) -> Result<Vec<String>, String> {
        let document = self.documents.read(text).map_err(|error| {
            let place = error.location.map(|(line, column)| format!("line {line}, column {column}: ")).unwrap_or_default();
            format!("{place}{}", error.sentences(Language::English))
        })?;
        let names =
            document.operations.iter().map(|operation| operation.name.as_ref().map_or("(unnamed)", |name| name.as_str()).to_owned());
        Ok(names.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_documents_operations_are_told_and_what_is_wrong_with_it_by_its_place() {
        let check = DocumentCheck::new(Limits::default()).expect("a schema");
        assert_eq!(check.operations("query A { me { kind } } query B { cases { totalCount } }"), Ok(vec!["A".to_owned(), "B".to_owned()]));
        assert_eq!(check.operations("{ me { kind } }"), Ok(vec!["(unnamed)".to_owned()]));
        for (text, words) in [("{ me { kid } }", "line 1, column 8"), ("{ me", "line 1"), (" ", "")] {
            let said = check.operations(text).err().unwrap_or_default();
            assert!(said.starts_with(words), "{text}: {said}");
        }
    }
}
