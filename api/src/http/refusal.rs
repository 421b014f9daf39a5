//! What HTTP itself refuses, in the form of a GraphQL error.

use axum::http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::negotiation::MediaType;
use super::request_id::RequestId;

/// Why a request is refused before or after the graph: stable words that clients may rely on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::VariantArray)]
pub(super) enum Code {
    Unauthenticated,
    RateLimited,
    BodyTooLarge,
    UnsupportedMediaType,
    NotAcceptable,
    BadRequest,
    Timeout,
    Internal,
    NotFound,
    MethodNotAllowed,
    NotReady,
    Forbidden,
}

impl Code {
    /// All codes, in the order of their numbers.
    pub(super) const ALL: [Self; 12] = [
        Self::Unauthenticated,
        Self::RateLimited,
        Self::BodyTooLarge,
        Self::UnsupportedMediaType,
        Self::NotAcceptable,
        Self::BadRequest,
        Self::Timeout,
        Self::Internal,
        Self::NotFound,
        Self::MethodNotAllowed,
        Self::NotReady,
        Self::Forbidden,
    ];

    /// The word in `extensions.code`.
    pub(super) fn word(self) -> &'static str {
        self.parts().1
    }

    /// The status of the answer.
    pub(super) fn status(self) -> StatusCode {
        self.parts().0
    }

    fn parts(self) -> (StatusCode, &'static str, &'static str, &'static str) {
        use StatusCode as S;
        match self {
            Self::Unauthenticated => (
                S::UNAUTHORIZED,
                "UNAUTHENTICATED",
                "the token is missing or not valid",
                "send \"Authorization: Bearer <token>\" with a current token of an issuer that this server trusts",
            ),
            Self::RateLimited => (S::TOO_MANY_REQUESTS, "RATE_LIMITED", "too many requests", "wait for the seconds that Retry-After tells"),
            Self::BodyTooLarge => {
                (S::PAYLOAD_TOO_LARGE, "BODY_TOO_LARGE", "the body is too large", "ask for less at once, or shorten the document")
            }
            Self::UnsupportedMediaType => (
                S::UNSUPPORTED_MEDIA_TYPE,
                "UNSUPPORTED_MEDIA_TYPE",
                "the body is not declared as JSON",
                "send \"Content-Type: application/json\"",
            ),
            Self::NotAcceptable => (
                S::NOT_ACCEPTABLE,
                "NOT_ACCEPTABLE",
                "there is no answer in a form that Accept allows",
                "accept application/graphql-response+json or application/json",
            ),
            Self::BadRequest => {
                (S::BAD_REQUEST, "BAD_REQUEST", "this is no GraphQL request", "send {\"query\": \"…\", \"variables\": {…}}")
            }
            Self::Timeout => {
                (S::GATEWAY_TIMEOUT, "TIMEOUT", "the answer took too long", "ask for fewer rows or relations, or narrow the filter")
            }
            Self::Internal => (S::INTERNAL_SERVER_ERROR, "INTERNAL", "the server failed", "tell the operator the request id"),
            Self::NotFound => (S::NOT_FOUND, "NOT_FOUND", "there is nothing here", "the graph is at /graphql"),
            Self::MethodNotAllowed => {
                (S::METHOD_NOT_ALLOWED, "METHOD_NOT_ALLOWED", "this method is not allowed here", "use a method that Allow names")
            }
            Self::Forbidden => (S::FORBIDDEN, "FORBIDDEN", "this account may not ask this", "ask with an account that has the role for it"),
            Self::NotReady => (S::SERVICE_UNAVAILABLE, "NOT_READY", "the database does not answer", "try again in a moment"),
        }
    }
}

/// A refused request. [`super::edge`] writes it, since only the edge knows the request's id.
#[derive(Clone, Debug)]
pub(super) struct Refusal {
    pub(super) code: Code,
    message: Option<String>,
    hint: Option<&'static str>,
    retry_after: Option<u64>,
    media: MediaType,
}

impl Refusal {
    pub(super) fn new(code: Code) -> Self {
        Self { code, message: None, hint: None, retry_after: None, media: MediaType::Json }
    }

    /// A request that is none, and what is wrong with it.
    pub(super) fn bad_request(message: impl Into<String>) -> Self {
        Self { message: Some(message.into()), ..Self::new(Code::BadRequest) }
    }

    /// Too many requests, and the seconds to wait.
    pub(super) fn rate_limited(seconds: u64) -> Self {
        Self { retry_after: Some(seconds), ..Self::new(Code::RateLimited) }
    }

    pub(super) fn hint(self, hint: &'static str) -> Self {
        Self { hint: Some(hint), ..self }
    }

    pub(super) fn media(self, media: MediaType) -> Self {
        Self { media, ..self }
    }

    /// The response, once the request's id is known.
    pub(super) fn write(self, response: &mut Response, id: &RequestId) {
        let (status, word, message, hint) = self.code.parts();
        let body = json!({ "errors": [{
            "message": self.message.as_deref().unwrap_or(message),
            "extensions": { "code": word, "requestId": id.as_str(), "hint": self.hint.unwrap_or(hint) },
        }] });
        *response.status_mut() = status;
        *response.body_mut() = body.to_string().into();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, self.media.header());
        if self.code == Code::Unauthenticated {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = self.retry_after {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = Response::default();
        response.extensions_mut().insert(self);
        response
    }
}
