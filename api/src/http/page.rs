//! `GET /`: one page to try the graph by hand. It needs no network and loads nothing.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header::{ACCEPT, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::Service;

const HTML: &str = include_str!("page.html");
const TEXT: &str = "Civigrid. The graph is at /graphql, its schema at /schema.graphql.\n";

/// The page's own rules: only the script and style in it may act, and only this server may be asked.
pub(super) struct Page {
    security: HeaderValue,
}

impl Page {
    pub(super) fn new() -> Self {
        let rules = format!(
            "default-src 'none'; script-src '{}'; style-src '{}'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            digest_of("script"),
            digest_of("style"),
        );
        Self { security: HeaderValue::try_from(rules).unwrap_or_else(|_| HeaderValue::from_static("default-src 'none'")) }
    }
}

pub(super) async fn show(State(service): State<Arc<Service>>, headers: HeaderMap) -> Response {
    let browser = headers.get(ACCEPT).and_then(|accept| accept.to_str().ok()).is_some_and(|accept| accept.contains("text/html"));
    if !browser {
        return ([(CONTENT_TYPE, "text/plain; charset=utf-8")], TEXT).into_response();
    }
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (CONTENT_SECURITY_POLICY, service.page.security.clone()),
        (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        (CACHE_CONTROL, HeaderValue::from_static("no-cache")),
    ];
    (headers, HTML).into_response()
}

/// How a content security policy names the text of an element.
fn digest_of(element: &str) -> String {
    let (open, close) = (format!("<{element}>"), format!("</{element}>"));
    let text = HTML.split_once(&open).and_then(|(_, rest)| rest.split_once(&close)).map_or("", |(text, _)| text);
    format!("sha256-{}", STANDARD.encode(Sha256::digest(text)))
}
