//! What HTTP itself refuses, in the form of a GraphQL error.

use axum::http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::negotiation::MediaType;
use super::request_id::RequestId;
use super::wordings;
use crate::language::{Language, Text};

/// Why a request is refused before or after the graph: stable words that clients may rely on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::VariantArray)]
pub(super) enum Code {
    Unauthenticated,
    RateLimited,
    BodyTooLarge,
    UnsupportedMediaType,
    NotAcceptable,
    BadRequest,
    PersistedQueryNotFound,
    Timeout,
    Internal,
    NotFound,
    MethodNotAllowed,
    NotReady,
    Forbidden,
    UntrustedDocument,
    QuotaExceeded,
}

impl Code {
    /// All codes, in the order of their numbers.
    pub(super) const ALL: &'static [Self] = <Self as strum::VariantArray>::VARIANTS;

    /// The word in `extensions.code`.
    pub(super) fn word(self) -> &'static str {
        self.parts().1
    }

    /// The status of the answer.
    pub(super) fn status(self) -> StatusCode {
        self.parts().0
    }

    fn parts(self) -> (StatusCode, &'static str) {
        use StatusCode as S;
        match self {
            Self::Unauthenticated => (S::UNAUTHORIZED, "UNAUTHENTICATED"),
            Self::RateLimited => (S::TOO_MANY_REQUESTS, "RATE_LIMITED"),
            Self::BodyTooLarge => (S::PAYLOAD_TOO_LARGE, "BODY_TOO_LARGE"),
            Self::UnsupportedMediaType => (S::UNSUPPORTED_MEDIA_TYPE, "UNSUPPORTED_MEDIA_TYPE"),
            Self::NotAcceptable => (S::NOT_ACCEPTABLE, "NOT_ACCEPTABLE"),
            Self::BadRequest => (S::BAD_REQUEST, "BAD_REQUEST"),
            // Word and status are Apollo's: its clients then send the document with its hash.
            Self::PersistedQueryNotFound => (S::OK, "PERSISTED_QUERY_NOT_FOUND"),
            Self::Timeout => (S::GATEWAY_TIMEOUT, "TIMEOUT"),
            Self::Internal => (S::INTERNAL_SERVER_ERROR, "INTERNAL"),
            Self::NotFound => (S::NOT_FOUND, "NOT_FOUND"),
            Self::MethodNotAllowed => (S::METHOD_NOT_ALLOWED, "METHOD_NOT_ALLOWED"),
            Self::Forbidden => (S::FORBIDDEN, "FORBIDDEN"),
            Self::UntrustedDocument => (S::FORBIDDEN, "UNTRUSTED_DOCUMENT"),
            Self::QuotaExceeded => (S::TOO_MANY_REQUESTS, "QUOTA_EXCEEDED"),
            Self::NotReady => (S::SERVICE_UNAVAILABLE, "NOT_READY"),
        }
    }
}

/// A refused request. [`super::edge`] writes it, since only the edge knows the request's id.
#[derive(Clone, Debug)]
pub(super) struct Refusal {
    pub(super) code: Code,
    message: Option<Text>,
    hint: Option<Text>,
    retry_after: Option<u64>,
    media: MediaType,
}

impl Refusal {
    pub(super) fn new(code: Code) -> Self {
        Self { code, message: None, hint: None, retry_after: None, media: MediaType::Json }
    }

    /// A request that is none, and what is wrong with it.
    pub(super) fn bad_request(message: Text) -> Self {
        Self { message: Some(message), ..Self::new(Code::BadRequest) }
    }

    /// Too many requests, and the seconds to wait.
    pub(super) fn rate_limited(seconds: u64) -> Self {
        Self { retry_after: Some(seconds), ..Self::new(Code::RateLimited) }
    }

    /// No request is left of the day's, and the seconds until the next day.
    pub(super) fn quota_exceeded(seconds: u64) -> Self {
        Self { retry_after: Some(seconds), ..Self::new(Code::QuotaExceeded) }
    }

    pub(super) fn hint(self, hint: Text) -> Self {
        Self { hint: Some(hint), ..self }
    }

    pub(super) fn media(self, media: MediaType) -> Self {
        Self { media, ..self }
    }

    /// The response, once the request's id and language are known.
    pub(super) fn write(self, response: &mut Response, id: &RequestId, language: Language) {
        let (status, word) = self.code.parts();
        let message = self.message.unwrap_or_else(|| wordings::message(self.code));
        let hint = self.hint.unwrap_or_else(|| wordings::hint(self.code));
        let body = json!({ "errors": [{
            "message": message.wording(language),
            "extensions": { "code": word, "requestId": id.as_str(), "hint": hint.wording(language) },
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::is_chinese;

    /// What a refusal says, in a language.
    fn said(code: Code, language: Language) -> String {
        format!("{} {}", wordings::message(code).wording(language), wordings::hint(code).wording(language))
    }

    #[test]
    fn every_refusal_is_worded_in_both_languages() {
        for code in Code::ALL.iter().copied() {
            assert!(!said(code, Language::English).chars().any(is_chinese), "{code:?}");
            for text in [wordings::message(code), wordings::hint(code)] {
                if text.wording(Language::Chinese) == "PersistedQueryNotFound" {
                    // Clients compare it letter by letter.
                    continue;
                }
                assert!(text.wording(Language::Chinese).chars().any(is_chinese), "{code:?}");
            }
        }
    }
}
