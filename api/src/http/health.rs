//! Whether the server lives, and whether it can answer.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};

use super::Service;
use super::refusal::{Code, Refusal};

/// Longer than this the database may not take to say that it is there.
const PATIENCE: Duration = Duration::from_secs(2);

/// Lives: the process answers. It does not ask the database, whose trouble no restart would end.
pub(super) async fn live() -> Response {
    status("{\"status\":\"live\"}")
}

/// Ready: the database answers too.
pub(super) async fn ready(State(service): State<Arc<Service>>) -> Response {
    match tokio::time::timeout(PATIENCE, service.backend.ready()).await {
        Ok(Ok(())) => status("{\"status\":\"ready\"}"),
        Ok(Err(error)) => {
            tracing::warn!(%error, "the database does not answer");
            Refusal::new(Code::NotReady).into_response()
        }
        Err(_) => {
            tracing::warn!("the database does not answer in time");
            Refusal::new(Code::NotReady).into_response()
        }
    }
}

fn status(body: &'static str) -> Response {
    ([(CONTENT_TYPE, HeaderValue::from_static("application/json"))], body).into_response()
}
