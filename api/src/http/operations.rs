//! Time to answer by the operation's name. Names come from callers, so only so many get figures of their own, and only
//! signed-in callers can take a place: nobody can fill the metrics with made-up names.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use metrics::Histogram;

/// Longer names count as `other`.
const LONGEST_NAME: usize = 64;

pub(super) struct Operations {
    most: usize,
    named: RwLock<HashMap<String, Histogram>>,
    unnamed: Histogram,
    other: Histogram,
}

impl Operations {
    pub(super) fn new(most: usize) -> Self {
        Self { most, named: RwLock::default(), unnamed: histogram("(unnamed)".to_owned()), other: histogram("(other)".to_owned()) }
    }

    /// Counts an operation that was read; `signed_in` says whether its name may take a place.
    pub(super) fn answered(&self, name: Option<&str>, signed_in: bool, took: Duration) {
        let seconds = took.as_secs_f64();
        let Some(name) = name else { return self.unnamed.record(seconds) };
        if let Some(known) = self.named.read().unwrap_or_else(PoisonError::into_inner).get(name) {
            return known.record(seconds);
        }
        if !signed_in || name.len() > LONGEST_NAME {
            return self.other.record(seconds);
        }
        let mut named = self.named.write().unwrap_or_else(PoisonError::into_inner);
        if named.len() < self.most || named.contains_key(name) {
            named.entry(name.to_owned()).or_insert_with(|| histogram(name.to_owned())).record(seconds);
        } else {
            self.other.record(seconds);
        }
    }
}

/// The words in brackets are no names that GraphQL allows, so no operation can be taken for them.
fn histogram(name: String) -> Histogram {
    metrics::histogram!("civigrid_operation_seconds", "operation" => name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_so_many_names_of_signed_in_callers_get_a_place() {
        let operations = Operations::new(2);
        let took = Duration::from_millis(1);
        for (name, signed_in) in
            [(Some("A"), false), (None, true), (Some("A"), true), (Some("B"), true), (Some("C"), true), (Some("A"), false)]
        {
            operations.answered(name, signed_in, took);
        }
        operations.answered(Some(&"D".repeat(65)), true, took);
        let mut names: Vec<String> = operations.named.read().expect("whole").keys().cloned().collect();
        names.sort();
        assert_eq!(names, ["A", "B"]);
    }
}
