//! Which pages of other origins may call from a browser.

use std::time::Duration;

use axum::http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, Method};
use tower_http::cors::{AllowOrigin, CorsLayer};

use super::{graphql, request_id};

/// How long a browser may remember the answer to its preliminary question.
const MAX_AGE: Duration = Duration::from_secs(3600);

/// The layer, if any origin is named. Tokens travel in a header, never in cookies, so credentials are not allowed.
pub(super) fn layer(origins: &[String]) -> Option<CorsLayer> {
    if origins.is_empty() {
        return None;
    }
    let origin = if origins.iter().any(|origin| origin == "*") {
        AllowOrigin::any()
    } else {
        AllowOrigin::list(origins.iter().filter_map(|origin| HeaderValue::from_str(origin).ok()))
    };
    let headers = [ACCEPT, AUTHORIZATION, CONTENT_TYPE, request_id::HEADER, graphql::WITHHELD, graphql::PURPOSE];
    let layer = CorsLayer::new()
        .allow_origin(origin)
        .allow_methods([Method::GET, Method::POST])
        .allow_headers(headers)
        .expose_headers([request_id::HEADER, RETRY_AFTER])
        .max_age(MAX_AGE);
    Some(layer)
}
