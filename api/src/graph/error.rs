//! Errors of the graph: stable codes outward, sentences that help, causes only in the log.

use std::sync::Arc;

use entities::catalog::Register;
use entities::registers::REGISTERS;
use serde_json::{Value, json};

use super::refusals::server;
use crate::language::{Language, Text};

/// A stable code of an error. The list is part of the contract: codes are added, never renamed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, strum::VariantArray)]
pub enum ErrorCode {
    /// The document is not GraphQL.
    ParseFailed,
    /// The document does not fit the schema.
    ValidationFailed,
    /// A variable or argument has a value that its type does not allow.
    BadInput,
    /// The document has several operations and the request names none, or one that is not there.
    OperationNotFound,
    /// The document is larger than allowed.
    DocumentTooLarge,
    /// The document is nested deeper than allowed.
    TooDeep,
    /// The document selects more than allowed.
    TooWide,
    /// The pages asked for could hold more nodes than allowed.
    TooCostly,
    /// A page is larger than allowed.
    PageTooLarge,
    /// A cursor is not one of this list.
    CursorInvalid,
    /// A cursor belongs to another order, or to a key that is no longer seen in full.
    CursorMismatch,
    /// A field may not be used so by this caller.
    FieldWithheld,
    /// The stated purpose is none that the policy lists.
    PurposeUnknown,
    /// A question could single out rows in statistics of a field that is not shown.
    SmallGroups,
    /// The operation cannot be run over this transport.
    ChangeNotAllowed,
    /// Only callers who are known may do this.
    Unauthenticated,
    /// The answer took longer, or grew larger, than allowed.
    Timeout,
    /// The answer is larger than allowed.
    AnswerTooLarge,
    /// The server could not answer; the request may be right.
    Unavailable,
    /// What was asked must be recorded, and the audit log could not be written.
    AuditUnavailable,
    /// A fault of the server.
    Internal,
}

impl ErrorCode {
    /// All codes, in the order of their numbers.
    pub const ALL: &'static [Self] = <Self as strum::VariantArray>::VARIANTS;

    /// What the code means, for the schema.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::ParseFailed => "The document is not GraphQL.",
            Self::ValidationFailed => "The document does not fit the schema.",
            Self::BadInput => "A variable or argument has a value that its type does not allow.",
            Self::OperationNotFound => "The document has several operations and the request names none, or one that is not there.",
            Self::DocumentTooLarge => "The document is larger than allowed.",
            Self::TooDeep => "The document is nested deeper than allowed.",
            Self::TooWide => "The document selects more than allowed.",
            Self::TooCostly => "The pages asked for could hold more nodes than allowed.",
            Self::PageTooLarge => "A page is larger than allowed.",
            Self::CursorInvalid => "A cursor is not one of this list.",
            Self::CursorMismatch => "A cursor belongs to another order, or to a key that is no longer seen in full.",
            Self::FieldWithheld => "A field may not be used so by this caller.",
            Self::PurposeUnknown => "The stated purpose is none that the policy lists.",
            Self::SmallGroups => "A question could single out rows in statistics of a field that is not shown.",
            Self::ChangeNotAllowed => "The operation cannot be run over this transport.",
            Self::Unauthenticated => "Only callers who are known may do this.",
            Self::Timeout => "The answer took longer than allowed.",
            Self::AnswerTooLarge => "The answer is larger than allowed.",
            Self::Unavailable => "The server could not answer; the request may be right.",
            Self::AuditUnavailable => "What was asked must be recorded, and the audit log could not be written.",
            Self::Internal => "A fault of the server.",
        }
    }

    /// The code as clients see it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::ParseFailed => "GRAPHQL_PARSE_FAILED",
            Self::ValidationFailed => "GRAPHQL_VALIDATION_FAILED",
            Self::BadInput => "BAD_INPUT",
            Self::OperationNotFound => "OPERATION_NOT_FOUND",
            Self::DocumentTooLarge => "DOCUMENT_TOO_LARGE",
            Self::TooDeep => "TOO_DEEP",
            Self::TooWide => "TOO_WIDE",
            Self::TooCostly => "TOO_COSTLY",
            Self::PageTooLarge => "PAGE_TOO_LARGE",
            Self::CursorInvalid => "CURSOR_INVALID",
            Self::CursorMismatch => "CURSOR_MISMATCH",
            Self::FieldWithheld => "FIELD_WITHHELD",
            Self::PurposeUnknown => "PURPOSE_UNKNOWN",
            Self::SmallGroups => "SMALL_GROUPS",
            Self::ChangeNotAllowed => "CHANGE_NOT_ALLOWED",
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::Timeout => "TIMEOUT",
            Self::AnswerTooLarge => "ANSWER_TOO_LARGE",
            Self::Unavailable => "UNAVAILABLE",
            Self::AuditUnavailable => "AUDIT_UNAVAILABLE",
            Self::Internal => "INTERNAL",
        }
    }

    /// True if it tells the caller that they may not: such a request is recorded, whatever it touched.
    pub const fn is_refusal(self) -> bool {
        match self {
            Self::FieldWithheld | Self::SmallGroups | Self::PurposeUnknown | Self::Unauthenticated => true,
            Self::ParseFailed
            | Self::ValidationFailed
            | Self::BadInput
            | Self::OperationNotFound
            | Self::DocumentTooLarge
            | Self::TooDeep
            | Self::TooWide
            | Self::TooCostly
            | Self::PageTooLarge
            | Self::CursorInvalid
            | Self::CursorMismatch
            | Self::ChangeNotAllowed
            | Self::Timeout
            | Self::AnswerTooLarge
            | Self::Unavailable
            | Self::AuditUnavailable
            | Self::Internal => false,
        }
    }
}

/// One error of an answer.
#[derive(Clone, Debug)]
pub(super) struct GraphError {
    pub(super) code: ErrorCode,
    message: Text,
    /// Boxed, since errors travel in results that mostly hold none.
    hint: Option<Box<Text>>,
    /// Response keys from the root; empty for errors of the request as a whole.
    pub(super) path: Box<[String]>,
    /// Line and column in the document, from 1.
    pub(super) location: Option<(usize, usize)>,
    /// The field that it is about, by the positions of register and field; for the audit log.
    pub(super) about: Option<(u16, u16)>,
    /// What went wrong inside, for the log alone.
    pub(super) cause: Option<Arc<crate::store::Error>>,
}

impl GraphError {
    pub(super) fn new(code: ErrorCode, message: Text) -> Self {
        Self { code, message, hint: None, path: Box::default(), location: None, about: None, cause: None }
    }

    pub(super) fn hint(mut self, hint: Text) -> Self {
        self.hint = Some(Box::new(hint));
        self
    }

    pub(super) fn at(mut self, line: usize, column: usize) -> Self {
        self.location = Some((line, column));
        self
    }

    /// Notes which field it is about.
    pub(super) fn about(mut self, register: &Register, field: usize) -> Self {
        let position = REGISTERS.iter().position(|known| known.name == register.name);
        self.about = position.and_then(|position| Some((u16::try_from(position).ok()?, u16::try_from(field).ok()?)));
        self
    }

    pub(super) fn path(mut self, path: Vec<String>) -> Self {
        self.path = path.into();
        self
    }

    /// Message and hint as sentences, for people who read no JSON.
    pub(super) fn sentences(&self, language: Language) -> String {
        let hint = self.hint.as_ref().map(|hint| format!(" {}", hint.wording(language))).unwrap_or_default();
        format!("{}{hint}", self.message.wording(language))
    }

    /// The error as GraphQL's response spells it, worded in a language.
    pub(super) fn to_json(&self, request_id: &str, language: Language) -> Value {
        let Self { code, message, hint, path, location, about: _, cause: _ } = self;
        let mut error = json!({ "message": message.wording(language) });
        if let Some((line, column)) = location {
            error["locations"] = json!([{ "line": line, "column": column }]);
        }
        if !path.is_empty() {
            error["path"] = json!(path);
        }
        error["extensions"] = json!({ "code": code.word(), "requestId": request_id });
        if let Some(hint) = hint {
            error["extensions"]["hint"] = json!(hint.wording(language));
        }
        error
    }
}

impl From<crate::store::Error> for GraphError {
    /// The one place where the store's errors become outward ones. The cause goes along for the log, where the engine writes
    /// it once with the request's id, and is told to nobody.
    fn from(error: crate::store::Error) -> Self {
        use crate::store::Error as Store;
        let outward = match &error {
            Store::Timeout => return server::timeout(),
            Store::Exhausted => server::busy(),
            error if error.is_unreachable() => server::unreachable(),
            Store::UnknownScheme(_)
            | Store::Database(_)
            | Store::Postgres(_)
            | Store::Orm(_)
            | Store::NotMigrated
            | Store::Undecodable { .. }
            | Store::RegionTree(_) => server::failed(),
        };
        Self { cause: Some(Arc::new(error)), ..outward }
    }
}
