//! Who may see what: pure and synchronous, no database, no await, no GraphQL.

mod caller;

pub use caller::{Account, Assignment, Caller, CallerKind};
