//! The graph: from a GraphQL request to its answer.
//!
//! A document is read once (`document`, `limits`), resolved against the catalog (`selection`), planned for the caller
//! (`roots`, `planner`, `stats_planner` → `plan`), fetched step by step on one connection (`fetch`) and written as text
//! in one pass (`answer`). Changes are made before what is selected of them is read (`changes`). The schema is written from the
//! catalog (`schema`).

mod answer;
mod audited;
mod body;
mod cells;
mod changes;
mod connections;
mod document;
mod document_check;
mod duplicates;
mod engine;
mod error;
mod error_guide;
mod explain;
mod extensions;
mod fetch;
mod filters;
mod in_force;
mod introspection;
mod json;
mod limits;
mod menu;
mod money;
mod names;
mod pages;
mod plain;
mod plan;
mod planner;
mod preview;
mod reasons;
mod refusals;
mod request;
mod roots;
mod rounding;
mod row_conditions;
mod schema;
mod selection;
mod shown;
mod small_groups;
mod statements;
mod stats_keys;
mod stats_planner;
mod touched;
mod values;

pub use changes::{ChangeSettings, EmergencySettings, LookupSettings, Uptake};
pub use document_check::DocumentCheck;
pub use engine::{BuildError, Engine};
pub use error::ErrorCode;
pub use error_guide::{ErrorEntry, error_guide};
pub use explain::{Explained, Explanation, Refused};
pub use introspection::Published;
pub use limits::Limits;
pub use preview::{Preview, Previewed};
pub use request::{Answer, Bounds, Cost, Lookup, Operation, Outcome, Request, Run};
pub use schema::sdl;
