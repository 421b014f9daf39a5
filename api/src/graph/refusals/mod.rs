//! What the graph says when it refuses: every message and hint, in every language, by subject.
//!
//! The only makers of a [`GraphError`], so that no message exists in one language alone.

pub(super) mod changes;
pub(super) mod documents;
pub(super) mod filters;
pub(super) mod lists;
pub(super) mod menus;
pub(super) mod reasons;
pub(super) mod rights;
pub(super) mod server;
pub(super) mod statistics;

#[cfg(test)]
mod tests;

use super::changes::{FieldError, FieldErrorCode};
use super::error::{ErrorCode, GraphError};
use crate::language::Text;

fn bad_input(message: Text) -> GraphError {
    GraphError::new(ErrorCode::BadInput, message)
}
