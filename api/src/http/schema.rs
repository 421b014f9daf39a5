//! `GET /schema.graphql`: the published contract, for signed-in callers.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

use super::Service;
use super::edge::Told;
use super::refusal::{Code, Refusal};

/// The schema's text and what names this version of it.
pub(super) struct Schema {
    text: Bytes,
    tag: HeaderValue,
}

impl Schema {
    pub(super) fn new(sdl: &str) -> Self {
        let digest: String = Sha256::digest(sdl).iter().take(12).map(|byte| format!("{byte:02x}")).collect();
        let tag = HeaderValue::try_from(format!("\"{digest}\"")).unwrap_or_else(|_| HeaderValue::from_static("\"\""));
        Self { text: Bytes::copy_from_slice(sdl.as_bytes()), tag }
    }
}

pub(super) async fn show(State(service): State<Arc<Service>>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let session = match service.admit(&parts, service.clock.now()).await {
        Ok(session) if session.caller.account.is_some() => session,
        Ok(_) => return Refusal::new(Code::Unauthenticated).into_response(),
        Err(refusal) => return refusal.into_response(),
    };
    let schema = &service.schema;
    let known = parts.headers.get_all(IF_NONE_MATCH).iter().any(|tags| {
        tags.to_str().is_ok_and(|tags| {
            tags.split(',').map(|tag| tag.trim().trim_start_matches("W/")).any(|tag| tag == "*" || tag.as_bytes() == schema.tag.as_bytes())
        })
    });
    let mut response = Response::new(if known { Body::empty() } else { Body::from(schema.text.clone()) });
    if known {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    }
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/graphql; charset=utf-8"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    headers.insert(ETAG, schema.tag.clone());
    response.extensions_mut().insert(Told { session: Some(session), ..Told::default() });
    response
}
