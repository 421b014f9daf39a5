//! The name of a request in logs, errors and answers.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::http::{HeaderMap, HeaderName, HeaderValue};

/// The header that carries it, both ways.
pub(super) const HEADER: HeaderName = HeaderName::from_static("x-request-id");

const LONGEST: usize = 64;

/// The name of a request: the client's, if it is one that can stand in a log, else our own.
#[derive(Clone, Debug)]
pub(super) struct RequestId(HeaderValue);

impl RequestId {
    pub(super) fn of(headers: &HeaderMap) -> Self {
        match headers.get(HEADER) {
            Some(value) if is_sane(value.as_bytes()) => Self(value.clone()),
            _ => Self::new(),
        }
    }

    /// A name that this process gives once: a random beginning and a running number cost no randomness per request.
    fn new() -> Self {
        static PROCESS: LazyLock<u32> = LazyLock::new(rand::random);
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let text = format!("{:08x}-{:08x}", *PROCESS, NEXT.fetch_add(1, Ordering::Relaxed));
        Self(HeaderValue::try_from(text).unwrap_or_else(|_| HeaderValue::from_static("-")))
    }

    pub(super) fn as_str(&self) -> &str {
        self.0.to_str().unwrap_or("-")
    }

    pub(super) fn header(self) -> HeaderValue {
        self.0
    }
}

fn is_sane(text: &[u8]) -> bool {
    (1..=LONGEST).contains(&text.len()) && text.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clients_name_is_kept_only_if_it_can_stand_in_a_log() {
        let long = "a".repeat(65);
        for (given, kept) in [("abc-1.2_3", true), ("", false), ("a b", false), ("a\"b", false), ("../x", false), (&long, false)] {
            let headers = HeaderMap::from_iter([(HEADER, HeaderValue::from_str(given).expect("a header"))]);
            assert_eq!(RequestId::of(&headers).as_str() == given, kept, "{given}");
        }
        assert_ne!(RequestId::new().as_str(), RequestId::new().as_str());
    }
}
