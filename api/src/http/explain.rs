//! `POST /explain`: how the database would answer a request, for administrators.
//!
//! An administrator reads no register, so nothing here may tell of a row: the request is planned for a supposed
//! assignment and not run, and the database plans each statement for any value, since its estimates for a given value
//! would tell how common that value is.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::Service;
use super::authentication::Assigned;
use super::edge::Told;
use super::graphql;
use super::negotiation::{MediaType, is_json};
use super::refusal::{Code, Refusal};
use super::request_id::RequestId;
use super::wordings;
use crate::graph::{ErrorCode, Request as GraphRequest};
use crate::policy::Caller;

/// The role that may ask.
const ROLE: &str = "administrator";

/// What is to be explained, and for whom.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Question {
    query: String,
    #[serde(default)]
    operation_name: Option<String>,
    #[serde(default)]
    variables: Option<Map<String, Value>>,
    /// The assignment to plan for; without it, a caller without a token.
    #[serde(default, rename = "as")]
    supposed: Option<Assigned>,
    /// The supposed caller's own row (`person_…`).
    #[serde(default)]
    person: Option<String>,
}

pub(super) async fn show(State(service): State<Arc<Service>>, request: Request) -> Response {
    let mut told = Told::default();
    let mut response = match answer(&service, request, &mut told).await {
        Ok(response) => response,
        Err(refusal) => refusal.into_response(),
    };
    response.extensions_mut().insert(told);
    response
}

async fn answer(service: &Service, request: Request, told: &mut Told) -> Result<Response, Refusal> {
    let now = service.clock.now();
    let (parts, body) = request.into_parts();
    let session = service.admit(&parts, now).await?;
    told.session = Some(Arc::clone(&session));
    if session.caller.account.is_none() {
        return Err(Refusal::new(Code::Unauthenticated));
    }
    if !session.caller.assignments.iter().any(|assignment| assignment.role == ROLE) {
        return Err(Refusal::new(Code::Forbidden).hint(wordings::administrators_only()));
    }
    if session.client.as_ref().is_some_and(|client| client.confined) {
        return Err(Refusal::new(Code::UntrustedDocument));
    }
    if !is_json(&parts.headers) {
        return Err(Refusal::new(Code::UnsupportedMediaType));
    }
    let body = graphql::read(&parts, body, service.body_bytes).await?;
    let question: Question =
        serde_json::from_slice(&body).map_err(|error| Refusal::bad_request(wordings::no_question(&error.to_string())))?;
    let request_id = parts.extensions.get::<RequestId>().map(|id| id.as_str().to_owned()).unwrap_or_default();
    let (mut request, caller) = read(service, question, request_id)?;
    request.language = parts.extensions.get().copied().unwrap_or(service.language);
    let response = match service.backend.explain(&request, &caller, now).await {
        Ok(explanation) => json_response(StatusCode::OK, &json!(explanation)),
        Err(refused) => {
            told.errors = vec![refused.code];
            json_response(status(refused.code), &json!({ "errors": [refused.error] }))
        }
    };
    Ok(response)
}

fn read(service: &Service, question: Question, request_id: String) -> Result<(GraphRequest, Caller), Refusal> {
    let Question { query, operation_name, variables, supposed, person } = question;
    let caller = match supposed {
        Some(assigned) if !service.authenticator.knows_role(&assigned.role) => {
            return Err(Refusal::bad_request(wordings::unknown_role(&assigned.role)));
        }
        Some(assigned) => assigned.supposed(person.as_deref()).map_err(|wrong| Refusal::bad_request(wordings::no_assignment(wrong)))?,
        None => Caller::anonymous(),
    };
    let variables = variables.unwrap_or_default();
    Ok((GraphRequest { query, operation_name, variables, request_id, ..GraphRequest::default() }, caller))
}

fn status(code: ErrorCode) -> StatusCode {
    match code {
        ErrorCode::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        ErrorCode::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        ErrorCode::Timeout => StatusCode::GATEWAY_TIMEOUT,
        _ => StatusCode::BAD_REQUEST,
    }
}

fn json_response(status: StatusCode, value: &Value) -> Response {
    let mut response = Response::new(Body::from(value.to_string()));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, MediaType::Json.header());
    response
}
