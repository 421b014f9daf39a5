//! The graph: stub.

mod request;

use std::sync::Arc;

pub use request::{Answer, Cost, Outcome, Request};

use crate::clock::Now;
use crate::config::Limits;
use crate::policy::{Caller, Policy};
use crate::store::Database;

/// Answers GraphQL requests.
pub struct Engine;

impl Engine {
    /// Builds the engine.
    pub fn new(_: Database, _: Arc<Policy>, _: &Limits) -> Self {
        Self
    }

    /// Answers one request.
    pub async fn execute(&self, request: Request, caller: &Caller, _: Now) -> Answer {
        let outcome = match request.query.as_str() {
            "refused" => Outcome::Refused,
            "unparsable" => Outcome::NotGraphql,
            "change" if request.read_only => Outcome::ChangeNotAllowed,
            "partial" => Outcome::Partial,
            "failed" => Outcome::Failed,
            "panic" => unreachable!("asked to"),
            "slow" => {
                tokio::time::sleep(std::time::Duration::from_secs(60)).await;
                Outcome::Complete
            }
            _ => Outcome::Complete,
        };
        let body = serde_json::json!({"data": {"roles": caller.assignments.iter().map(|a| &a.role).collect::<Vec<_>>()}});
        Answer { body: body.to_string().into(), outcome, cost: Cost::default() }
    }

    /// The schema.
    pub fn sdl(&self) -> &str {
        "type Query { a: Int }"
    }
}

/// The schema.
pub fn sdl() -> String {
    "type Query { a: Int }".to_owned()
}
