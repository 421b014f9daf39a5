//! What one request may ask, and how often one caller may ask.

use serde::Deserialize;

/// What one request may ask. Refused before anything is run.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// The largest GraphQL document, in bytes.
    pub document_bytes: usize,
    /// The most lexical tokens of a document.
    pub tokens: usize,
    /// The deepest nesting of selections.
    pub depth: usize,
    /// The most aliases of a document.
    pub aliases: usize,
    /// The most fields selected once fragments are put in place.
    pub selections: usize,
    /// The most nodes that the page sizes of a document multiply to.
    pub node_budget: u64,
    /// The largest page (`first`, `last`).
    pub page_size: usize,
    /// The page when none is asked.
    pub default_page_size: usize,
    /// The longest list in an argument or variable.
    pub list_input: usize,
    /// The largest answer, in bytes.
    pub answer_bytes: usize,
    /// How many prepared documents are kept.
    pub prepared_documents: usize,
    /// How many bytes of documents are kept for callers who then send their hash alone; 0 for none.
    pub persisted_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            document_bytes: 64 * 1024,
            tokens: 10_000,
            depth: 20,
            aliases: 100,
            selections: 2_000,
            node_budget: 50_000,
            page_size: 1_000,
            default_page_size: 20,
            list_input: 1_000,
            answer_bytes: 16 * 1024 * 1024,
            prepared_documents: 1_000,
            persisted_bytes: 16 * 1024 * 1024,
        }
    }
}

impl Limits {
    pub(super) fn validate(&self, problems: &mut Vec<String>) {
        for (name, zero) in [
            ("document_bytes", self.document_bytes == 0),
            ("tokens", self.tokens == 0),
            ("depth", self.depth == 0),
            ("selections", self.selections == 0),
            ("node_budget", self.node_budget == 0),
            ("page_size", self.page_size == 0),
            ("default_page_size", self.default_page_size == 0),
            ("list_input", self.list_input == 0),
            ("answer_bytes", self.answer_bytes == 0),
            ("prepared_documents", self.prepared_documents == 0),
        ] {
            if zero {
                problems.push(format!("limits.{name}: must be more than 0"));
            }
        }
        if self.default_page_size > self.page_size {
            problems.push("limits.default_page_size: must not be more than limits.page_size".to_owned());
        }
    }
}

/// How often one caller may ask: a bucket per account, or per address for the anonymous.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RateLimit {
    /// False lets everyone ask without limit.
    pub enabled: bool,
    /// Requests per second that a signed-in account may keep up.
    pub per_second: u32,
    /// Requests that it may send at once after a pause.
    pub burst: u32,
    /// Requests per second that one address may keep up without a valid token.
    pub anonymous_per_second: u32,
    /// Requests that it may send at once after a pause.
    pub anonymous_burst: u32,
}

impl Default for RateLimit {
    fn default() -> Self {
        Self { enabled: true, per_second: 50, burst: 200, anonymous_per_second: 5, anonymous_burst: 50 }
    }
}

impl RateLimit {
    pub(super) fn validate(&self, problems: &mut Vec<String>) {
        let Self { enabled: _, per_second, burst, anonymous_per_second, anonymous_burst } = self;
        if [per_second, burst, anonymous_per_second, anonymous_burst].contains(&&0) {
            problems.push("rate_limit: every number must be more than 0; to lift the limit set rate_limit.enabled = false".to_owned());
        }
    }
}
