//! What comes of a change: it is done, or refused field by field.

use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::graph::error::GraphError;
use crate::language::{Language, Text};
use crate::store::Error;

/// What a change that was made tells.
#[derive(Debug, Default)]
pub(super) struct Done {
    /// The row that was made, changed or found.
    pub(super) row: Option<Uuid>,
    /// What is told beside it, by the payload's field.
    pub(super) told: Map<String, Value>,
}

/// Why a change was not made.
pub(super) enum Stop {
    /// It may not be: business errors.
    Refused(Vec<FieldError>),
    /// The server could not.
    Failed(GraphError),
}

/// What a payload is written from.
pub(super) enum Outcome {
    Done(Done),
    Refused(Vec<FieldError>),
}

/// A stable code of a business error. Codes are added, never renamed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::VariantArray)]
pub(in crate::graph) enum FieldErrorCode {
    /// Something must be said here.
    Required,
    /// The form is wrong.
    Invalid,
    /// There is no such thing, or none that the caller may name.
    Unknown,
    /// The text is too short.
    TooShort,
    /// The text is too long.
    TooLong,
    /// The instant is past.
    Past,
    /// The caller's roles do not allow it.
    NotAllowed,
    /// Nobody decides their own request.
    OwnRequest,
    /// More than the deciding side sees itself.
    TooWide,
    /// The state does not allow it.
    State,
    /// The row has changed since the caller saw it.
    Version,
    /// The key was used for another input.
    KeyUsed,
    /// Too soon after the last time.
    TooSoon,
    /// As often as allowed today.
    Quota,
    /// The request must state a purpose.
    Purpose,
    /// This deployment is not set up for it.
    NotSetUp,
}

impl FieldErrorCode {
    pub(in crate::graph) const ALL: &'static [Self] = <Self as strum::VariantArray>::VARIANTS;

    /// The code as clients see it.
    pub(in crate::graph) const fn word(self) -> &'static str {
        match self {
            Self::Required => "REQUIRED",
            Self::Invalid => "INVALID",
            Self::Unknown => "UNKNOWN",
            Self::TooShort => "TOO_SHORT",
            Self::TooLong => "TOO_LONG",
            Self::Past => "PAST",
            Self::NotAllowed => "NOT_ALLOWED",
            Self::OwnRequest => "OWN_REQUEST",
            Self::TooWide => "TOO_WIDE",
            Self::State => "STATE",
            Self::Version => "VERSION",
            Self::KeyUsed => "KEY_USED",
            Self::TooSoon => "TOO_SOON",
            Self::Quota => "QUOTA",
            Self::Purpose => "PURPOSE",
            Self::NotSetUp => "NOT_SET_UP",
        }
    }

    /// What it means, for the schema.
    pub(in crate::graph) const fn meaning(self) -> &'static str {
        match self {
            Self::Required => "Something must be said here.",
            Self::Invalid => "The form is wrong.",
            Self::Unknown => "There is no such thing, or none that the caller may name.",
            Self::TooShort => "The text is too short.",
            Self::TooLong => "The text is too long.",
            Self::Past => "The instant is past.",
            Self::NotAllowed => "The caller's roles do not allow it.",
            Self::OwnRequest => "Nobody decides their own request, nor one of their own department.",
            Self::TooWide => "More than the deciding side sees itself.",
            Self::State => "The state does not allow it.",
            Self::Version => "The row has changed since the caller saw it.",
            Self::KeyUsed => "The key was used for another input.",
            Self::TooSoon => "Too soon after the last time.",
            Self::Quota => "As often as allowed today.",
            Self::Purpose => "The request must state a purpose.",
            Self::NotSetUp => "This deployment is not set up for it.",
        }
    }
}

/// One business error.
#[derive(Clone, Debug)]
pub(in crate::graph) struct FieldError {
    /// Names from the input's top.
    pub(in crate::graph) path: Vec<String>,
    pub(in crate::graph) code: FieldErrorCode,
    pub(in crate::graph) message: Text,
    pub(in crate::graph) allowed: Vec<String>,
}

impl FieldError {
    pub(in crate::graph) fn new(path: &[&str], code: FieldErrorCode, message: Text) -> Self {
        Self { path: path.iter().map(|name| (*name).to_owned()).collect(), code, message, allowed: Vec::new() }
    }

    pub(in crate::graph) fn allowing(self, allowed: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self { allowed: allowed.into_iter().map(Into::into).collect(), ..self }
    }

    pub(in crate::graph) fn to_json(&self, language: Language) -> Value {
        let Self { path, code, message, allowed } = self;
        json!({ "path": path, "code": code.word(), "message": message.wording(language), "allowed": allowed })
    }
}

impl From<FieldError> for Stop {
    fn from(error: FieldError) -> Self {
        Self::Refused(vec![error])
    }
}

impl From<GraphError> for Stop {
    fn from(error: GraphError) -> Self {
        Self::Failed(error)
    }
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Failed(GraphError::from(error))
    }
}
