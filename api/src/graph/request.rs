//! What the engine is asked and what it answers: the seam between HTTP and the graph.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::error::ErrorCode;
use crate::language::Language;

/// One GraphQL request, as any transport delivers it.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The document.
    pub query: String,
    /// The operation to run, where the document has several.
    pub operation_name: Option<String>,
    /// Values of the operation's variables.
    pub variables: Map<String, Value>,
    /// True if the transport allows no change (GET).
    pub read_only: bool,
    /// What the answer is for, by the caller's word (`Civigrid-Purpose`).
    pub purpose: Option<String>,
    /// True if the client wants withheld fields in `errors` too (`Civigrid-Withheld: error`).
    pub withheld_as_errors: bool,
    /// The language of messages and hints.
    pub language: Language,
    /// Names the request in logs and errors.
    pub request_id: String,
    /// When reading must have ended; statements that are left then are not run. None for no end.
    pub deadline: Option<Instant>,
    /// What the caller may ask at most.
    pub bounds: Bounds,
}

/// What a caller may ask at most, where that is less than everybody may.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bounds {
    /// Rows on one page.
    pub page_size: Option<usize>,
    /// Nodes that the pages could hold, summed over all paths.
    pub nodes: Option<u64>,
}

/// The engine's answer: the finished JSON text of a GraphQL response, and what kind of answer it is.
#[derive(Clone, Debug)]
pub struct Answer {
    /// `{"data": …, "errors": …, "extensions": …}`.
    pub body: Bytes,
    /// How it went.
    pub outcome: Outcome,
    /// What it cost, for metrics and the slow-query log.
    pub cost: Cost,
    /// The texts of the statements that were run, without their values.
    pub statements: Vec<String>,
    /// How each of them went, in the same order.
    pub runs: Vec<Run>,
    /// What was run; None if the document could not be read.
    pub operation: Option<Arc<Operation>>,
    /// The codes of the errors in the answer.
    pub errors: Vec<ErrorCode>,
    /// Persons that were looked up by what is known of them, for the record.
    pub lookups: Vec<Lookup>,
}

/// One exact look-up. Nothing in it can be read back: whoever knows what was looked for, and the key, can tell that it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lookup {
    /// Keyed digest (HMAC-SHA-256, hexadecimal) of what was looked for.
    pub digest: String,
    /// The person that was found.
    pub found: Option<Uuid>,
    /// What the caller says it was needed for.
    pub purpose: String,
}

/// What a document asks to run. Nothing of it comes from variables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    /// The name its author gave it.
    pub name: Option<String>,
    /// `query`, `mutation` or `subscription`.
    pub kind: &'static str,
    /// The first 16 hexadecimal digits of the SHA-256 of the document's text.
    pub document: String,
}

/// How one statement went.
#[derive(Clone, Copy, Debug)]
pub struct Run {
    /// The table that its rows are of.
    pub table: &'static str,
    /// What was asked of the table: a page, a count, groups, …
    pub work: &'static str,
    /// When it was begun.
    pub begun: Instant,
    /// How long it took; None if the database did not answer it.
    pub took: Option<Duration>,
    /// Rows that it gave.
    pub rows: u64,
    /// True if it was not run, since its result was kept from an earlier request and nothing it was read from has changed.
    pub kept: bool,
}

/// How a request went, which HTTP turns into a status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::VariantArray)]
pub enum Outcome {
    /// Data without errors.
    Complete,
    /// Data and errors.
    Partial,
    /// The document could not be read as GraphQL.
    NotGraphql,
    /// The document, its variables or its size were refused before anything was run.
    Refused,
    /// A change was asked over a transport that allows none.
    ChangeNotAllowed,
    /// The server could not answer; nothing to do with the request.
    Failed,
    /// A statement was stopped after its time limit.
    TimedOut,
    /// No connection to the database became free in time.
    Busy,
    /// What was asked must be recorded, and could not be.
    Unrecorded,
}

impl Outcome {
    /// All of them, in the order of their numbers.
    pub const ALL: &'static [Self] = <Self as strum::VariantArray>::VARIANTS;
}

/// What a request cost.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cost {
    /// SQL statements that were run, transaction control aside.
    pub statements: u32,
    /// Rows that the databases gave.
    pub rows: u64,
    /// Nodes that the document could give at most.
    pub nodes: u64,
    /// Fields that were withheld.
    pub withheld: u32,
    /// Registers of which the caller may see no row.
    pub without_rows: u32,
}
