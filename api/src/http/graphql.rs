//! `POST` and `GET /graphql`, by the GraphQL-over-HTTP specification.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Instant;

use axum::body::{Body, Bytes};
use axum::extract::{Query, Request, State};
use axum::http::header::{ALLOW, AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use futures::StreamExt;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::Service;
use super::authentication::{Cause, Session};
use super::edge::Told;
use super::metrics::Ending;
use super::negotiation::{MediaType, is_json};
use super::peer;
use super::persisted::{self, Found};
use super::refusal::{Code, Refusal};
use super::request_id::RequestId;
use super::wordings;
use crate::clock::Now;
use crate::graph::{Answer, Bounds, Outcome, Request as GraphRequest};
use crate::language::Language;
use crate::store::clients::Digest;

/// Asks, with the value `error`, for withheld fields in `errors` too.
pub(super) const WITHHELD: HeaderName = HeaderName::from_static("civigrid-withheld");

/// What the answer is for.
pub(super) const PURPOSE: HeaderName = HeaderName::from_static("civigrid-purpose");

/// The longest operation name that is logged; longer ones are cut.
const LOGGED_NAME: usize = 64;

pub(super) async fn post(State(service): State<Arc<Service>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    answer(&service, &parts, Some(body)).await
}

pub(super) async fn get(State(service): State<Arc<Service>>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    answer(&service, &parts, None).await
}

/// Answers a request: with a body, or without one for those that stand in the address and may change nothing.
async fn answer(service: &Service, parts: &Parts, body: Option<Body>) -> Response {
    let mut told = Told::default();
    let Some(media) = MediaType::accepted(&parts.headers) else {
        return Refusal::new(Code::NotAcceptable).into_response();
    };
    let mut response = match run(service, parts, body, &mut told).await {
        Ok(answer) => respond(answer, media, &mut told),
        Err(refusal) => refusal.media(media).into_response(),
    };
    response.extensions_mut().insert(told);
    response
}

async fn run(service: &Service, parts: &Parts, body: Option<Body>, told: &mut Told) -> Result<Answer, Refusal> {
    let (now, deadline) = (service.clock.now(), Instant::now() + service.request_timeout);
    let session = service.admit(parts, now).await?;
    told.session = Some(Arc::clone(&session));
    let (mut request, sent) = match body {
        Some(body) => {
            if !is_json(&parts.headers) {
                return Err(Refusal::new(Code::UnsupportedMediaType));
            }
            from_body(&read(parts, body, service.body_bytes).await?)?
        }
        None => from_address(parts)?,
    };
    let Found { text, keep } = service.persisted.find(&session, sent.text, sent.hash)?;
    request.query = text;
    request.bounds =
        session.client.as_deref().map_or_else(Bounds::default, |client| Bounds { page_size: client.page_size, nodes: client.nodes });
    request.deadline = Some(deadline);
    told.asked = request.operation_name.as_ref().map(|name| name.chars().take(LOGGED_NAME).collect());
    request.withheld_as_errors = parts.headers.get(&WITHHELD).is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"error"));
    request.purpose = purpose(parts)?;
    request.language = parts.extensions.get::<Language>().copied().unwrap_or_default();
    if let Some(id) = parts.extensions.get::<RequestId>() {
        request.request_id = id.as_str().to_owned();
    }
    let kept = keep.map(|digest| (digest, request.query.clone()));
    let answer = service.backend.execute(request, &session.caller, now).await;
    if let Some((digest, text)) = kept.filter(|_| answer.operation.is_some()) {
        service.persisted.keep(&session, digest, &text);
    }
    Ok(answer)
}

/// The purpose that the request states; an empty one is none.
fn purpose(parts: &Parts) -> Result<Option<String>, Refusal> {
    let mut stated = parts.headers.get_all(&PURPOSE).iter();
    match (stated.next(), stated.next()) {
        (None, _) => Ok(None),
        (Some(one), None) => {
            let text = one.to_str().ok().map(str::trim).filter(|text| text.len() <= LOGGED_NAME);
            Ok(Some(text.ok_or_else(|| Refusal::bad_request(wordings::purpose_unreadable()))?.to_owned()).filter(|text| !text.is_empty()))
        }
        (Some(_), Some(_)) => Err(Refusal::bad_request(wordings::purpose_unreadable())),
    }
}

impl Service {
    /// Who asks, if the token is good and the caller does not ask too often.
    pub(super) async fn admit(&self, parts: &Parts, now: Now) -> Result<Arc<Session>, Refusal> {
        let network = || -> IpAddr { peer::network(&parts.extensions) };
        let authorization = parts.headers.get(AUTHORIZATION).map(HeaderValue::as_bytes);
        let mut answer = self.authenticator.session(authorization, now.instant);
        if let Err(cause) = &answer {
            // Who tries tokens is counted like anybody without one, and before anything is waited for.
            if let Some(limits) = self.rate_limits.as_ref().filter(|_| *cause != Cause::AccountsUnread) {
                limits.check(None, network)?;
            }
            if self.authenticator.wait_for(cause, authorization, now.instant).await {
                answer = self.authenticator.session(authorization, self.clock.now().instant);
            }
        }
        match answer {
            Ok(session) => {
                if let Some(limits) = &self.rate_limits {
                    limits.check(session.caller.account.as_ref(), network)?;
                }
                if let Some(client) = &session.client {
                    self.quotas.spend(&self.backend, client, now).await?;
                }
                Ok(session)
            }
            Err(cause) => {
                let request = parts.extensions.get::<RequestId>().map(RequestId::as_str);
                tracing::info!(request, %cause, "a token is refused");
                Err(Refusal::new(if cause == Cause::AccountsUnread { Code::NotReady } else { Code::Unauthenticated }))
            }
        }
    }
}

/// The whole body, if it is not too large.
pub(super) async fn read(parts: &Parts, body: Body, limit: usize) -> Result<Bytes, Refusal> {
    let too_large = || Refusal::new(Code::BodyTooLarge);
    let length = parts.headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()).and_then(|text| text.parse::<usize>().ok());
    if length.is_some_and(|length| length > limit) {
        return Err(too_large());
    }
    let mut chunks = body.into_data_stream();
    let mut whole = Bytes::new();
    let mut joined = Vec::new();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|_| Refusal::bad_request(wordings::body_broke_off()))?;
        if whole.len() + joined.len() + chunk.len() > limit {
            return Err(too_large());
        }
        // Nearly every body comes as one piece, which then is not copied.
        if whole.is_empty() && joined.is_empty() {
            whole = chunk;
        } else {
            joined.extend_from_slice(&std::mem::take(&mut whole));
            joined.extend_from_slice(&chunk);
        }
    }
    Ok(if joined.is_empty() { whole } else { joined.into() })
}

/// The members of a request. Others are ignored, as the specification allows.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Members {
    query: Option<Value>,
    operation_name: Option<Value>,
    variables: Option<Value>,
    extensions: Option<Value>,
}

/// What a request says of its document.
struct Sent {
    text: Option<String>,
    hash: Option<Digest>,
}

fn from_body(body: &[u8]) -> Result<(GraphRequest, Sent), Refusal> {
    if body.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[') {
        return Err(Refusal::bad_request(wordings::list_of_requests()).hint(wordings::one_at_a_time()));
    }
    let members: Members = serde_json::from_slice(body).map_err(|error| Refusal::bad_request(wordings::no_json(&error.to_string())))?;
    build(members, false)
}

/// The parameters of an address; variables and extensions are JSON texts in it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Parameters {
    query: Option<String>,
    operation_name: Option<String>,
    variables: Option<String>,
    extensions: Option<String>,
}

fn from_address(parts: &Parts) -> Result<(GraphRequest, Sent), Refusal> {
    let Query(Parameters { query, operation_name, variables, extensions }) =
        Query::try_from_uri(&parts.uri).map_err(|_| Refusal::bad_request(wordings::address_unreadable()))?;
    let json = |name: &str, text: Option<String>| match text.filter(|text| !text.is_empty()) {
        Some(text) => serde_json::from_str(&text).map(Some).map_err(|_| Refusal::bad_request(wordings::parameter_no_json(name))),
        None => Ok(None),
    };
    let members = Members {
        query: query.map(Value::String),
        operation_name: operation_name.filter(|name| !name.is_empty()).map(Value::String),
        variables: json("variables", variables)?,
        extensions: json("extensions", extensions)?,
    };
    build(members, true)
}

fn build(members: Members, read_only: bool) -> Result<(GraphRequest, Sent), Refusal> {
    let Members { query, operation_name, variables, extensions } = members;
    let text = match query {
        None | Some(Value::Null) => None,
        Some(Value::String(query)) => Some(query),
        Some(_) => return Err(Refusal::bad_request(wordings::must_be_text("query"))),
    };
    let hash = persisted::hash_in(extensions.as_ref())?;
    let operation_name = match operation_name {
        None | Some(Value::Null) => None,
        Some(Value::String(name)) => Some(name),
        Some(_) => return Err(Refusal::bad_request(wordings::must_be_text("operationName"))),
    };
    let variables = object("variables", variables)?;
    // Other extensions mean nothing to us yet, but a wrong form is told now rather than once they do.
    object("extensions", extensions)?;
    Ok((GraphRequest { operation_name, variables, read_only, ..GraphRequest::default() }, Sent { text, hash }))
}

fn object(name: &str, value: Option<Value>) -> Result<Map<String, Value>, Refusal> {
    match value {
        None | Some(Value::Null) => Ok(Map::new()),
        Some(Value::Object(object)) => Ok(object),
        Some(_) => Err(Refusal::bad_request(wordings::must_be_object(name))),
    }
}

fn respond(answer: Answer, media: MediaType, told: &mut Told) -> Response {
    // Look-ups are for the record of accesses.
    let Answer { body, outcome, cost, statements, runs, operation, errors, lookups: _ } = answer;
    *told = Told { cost, statements, runs, operation, errors, ending: Some(Ending::Answer(outcome)), ..std::mem::take(told) };
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status(outcome, media);
    response.headers_mut().insert(CONTENT_TYPE, media.header());
    if outcome == Outcome::ChangeNotAllowed {
        response.headers_mut().insert(ALLOW, HeaderValue::from_static("POST"));
    }
    response
}

/// What the specification says, but for two statuses of its newest draft that few clients know: data with errors is 200
/// here (there 294), a document that fails validation is 400 (there 422).
fn status(outcome: Outcome, media: MediaType) -> StatusCode {
    match (outcome, media) {
        (Outcome::Complete | Outcome::Partial, _) => StatusCode::OK,
        (Outcome::NotGraphql | Outcome::Refused, MediaType::Json) => StatusCode::OK,
        (Outcome::NotGraphql | Outcome::Refused, MediaType::GraphqlResponse) => StatusCode::BAD_REQUEST,
        (Outcome::ChangeNotAllowed, _) => StatusCode::METHOD_NOT_ALLOWED,
        (Outcome::Failed, _) => StatusCode::INTERNAL_SERVER_ERROR,
        (Outcome::TimedOut, _) => StatusCode::GATEWAY_TIMEOUT,
        (Outcome::Busy | Outcome::Unrecorded, _) => StatusCode::SERVICE_UNAVAILABLE,
    }
}
