//! `GET /schema.graphql`: the published contract, whole for signed-in callers; for others the part that they can use.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use super::Service;
use super::edge::Told;
use super::refusal::{Code, Refusal};
use crate::graph::Published;

pub(super) async fn show(State(service): State<Arc<Service>>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let session = match service.admit(&parts, service.clock.now()).await {
        Ok(session) => session,
        Err(refusal) => return refusal.into_response(),
    };
    let Some(Published { text, digest }) = service.backend.schema(&session.caller, service.clock.now()) else {
        return Refusal::new(Code::Internal).into_response();
    };
    let tag = HeaderValue::try_from(format!("\"{digest}\"")).unwrap_or_else(|_| HeaderValue::from_static("\"\""));
    let known = is_known(&parts.headers, &tag);
    let mut response = Response::new(if known { Body::empty() } else { Body::from(text) });
    if known {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    }
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/graphql; charset=utf-8"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    headers.insert(ETAG, tag);
    response.extensions_mut().insert(Told { session: Some(session), ..Told::default() });
    response
}

/// True if the caller already has the text of this tag.
fn is_known(headers: &HeaderMap, tag: &HeaderValue) -> bool {
    headers.get_all(IF_NONE_MATCH).iter().any(|tags| {
        tags.to_str().is_ok_and(|tags| {
            tags.split(',').map(|tag| tag.trim().trim_start_matches("W/")).any(|known| known == "*" || known.as_bytes() == tag.as_bytes())
        })
    })
}
