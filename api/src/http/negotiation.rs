//! Which of the two media types of GraphQL over HTTP an answer has, and which bodies are read.

use axum::http::header::{ACCEPT, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue};

/// A form of answers. They differ in what their status means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MediaType {
    /// `application/graphql-response+json`: the status tells how the request went.
    GraphqlResponse,
    /// `application/json`: 200 for every request that could be read; what older clients expect.
    Json,
}

impl MediaType {
    /// The value of `Content-Type`.
    pub(super) fn header(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::GraphqlResponse => "application/graphql-response+json; charset=utf-8",
            Self::Json => "application/json; charset=utf-8",
        })
    }

    /// The one that `Accept` prefers; None if it allows neither.
    ///
    /// Where both are equally welcome, the new one is given to those who name it, the old one to those who name neither.
    pub(super) fn accepted(headers: &HeaderMap) -> Option<Self> {
        let (mut graphql, mut json) = (Weight::default(), Weight::default());
        let mut any = false;
        for value in headers.get_all(ACCEPT) {
            let value = value.to_str().ok()?;
            for range in value.split(',').map(str::trim).filter(|range| !range.is_empty()) {
                any = true;
                let (name, quality) = parse_range(range);
                let exactly = |other: &str| name.eq_ignore_ascii_case(other);
                if exactly("application/graphql-response+json") {
                    graphql.see(2, quality);
                } else if exactly("application/json") {
                    json.see(2, quality);
                } else if exactly("application/*") {
                    graphql.see(1, quality);
                    json.see(1, quality);
                } else if exactly("*/*") {
                    graphql.see(0, quality);
                    json.see(0, quality);
                }
            }
        }
        if !any {
            return Some(Self::Json);
        }
        let prefers_graphql = graphql.quality > json.quality || (graphql.quality == json.quality && graphql.specific == Some(2));
        match (graphql.quality, json.quality) {
            (0, 0) => None,
            _ if prefers_graphql => Some(Self::GraphqlResponse),
            _ => Some(Self::Json),
        }
    }
}

/// How welcome a media type is, by the most specific range that names it.
#[derive(Default)]
struct Weight {
    specific: Option<u8>,
    quality: u16,
}

impl Weight {
    fn see(&mut self, specific: u8, quality: u16) {
        if self.specific.is_none_or(|known| specific > known) {
            *self = Self { specific: Some(specific), quality };
        }
    }
}

/// The name of a media range and its quality in thousandths.
fn parse_range(range: &str) -> (&str, u16) {
    let mut parts = range.split(';').map(str::trim);
    let name = parts.next().unwrap_or_default();
    let quality = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
    let quality = quality.map_or(1.0, |text| text.trim().parse::<f32>().unwrap_or(0.0).clamp(0.0, 1.0));
    // Truncated on purpose: a quality has three decimals at most.
    (name, (quality * 1000.0).round() as u16)
}

/// True if the body is declared as JSON in UTF-8.
///
/// A page of another site can make a browser send forms and plain text, but not JSON without asking first: that this is
/// the only type read keeps such pages out.
pub(super) fn is_json(headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()) else { return false };
    let mut parts = value.split(';').map(str::trim);
    let name = parts.next().unwrap_or_default();
    name.eq_ignore_ascii_case("application/json")
        && parts.all(|part| match part.split_once('=') {
            Some((key, charset)) if key.eq_ignore_ascii_case("charset") => charset.trim_matches('"').eq_ignore_ascii_case("utf-8"),
            _ => true,
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: &axum::http::HeaderName, values: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(name, HeaderValue::from_str(value).expect("a header"));
        }
        headers
    }

    #[test]
    fn the_most_welcome_type_is_given() {
        use MediaType::{GraphqlResponse, Json};
        let cases: &[(&[&str], Option<MediaType>)] = &[
            (&[], Some(Json)),
            (&["*/*"], Some(Json)),
            (&["application/*"], Some(Json)),
            (&["application/json"], Some(Json)),
            (&["APPLICATION/JSON"], Some(Json)),
            (&["application/graphql-response+json"], Some(GraphqlResponse)),
            (&["application/graphql-response+json, application/json"], Some(GraphqlResponse)),
            (&["application/json", "application/graphql-response+json"], Some(GraphqlResponse)),
            (&["application/graphql-response+json;q=0.5, application/json"], Some(Json)),
            (&["application/graphql-response+json; charset=utf-8, application/json; q=0.9"], Some(GraphqlResponse)),
            (&["application/graphql-response+json;q=0, */*"], Some(Json)),
            (&["application/json;q=0, */*"], Some(GraphqlResponse)),
            (&["text/html, */*;q=0.1"], Some(Json)),
            (&["text/html"], None),
            (&["application/json;q=0"], None),
            (&["application/json;q=nonsense"], None),
        ];
        for (accept, expected) in cases {
            assert_eq!(MediaType::accepted(&headers(&ACCEPT, accept)), *expected, "{accept:?}");
        }
    }

    #[test]
    fn only_json_is_read() {
        for (content_type, read) in [
            ("application/json", true),
            ("Application/JSON; charset=UTF-8", true),
            ("application/json; charset=\"utf-8\"", true),
            ("application/json; charset=gb18030", false),
            ("text/plain", false),
            ("application/x-www-form-urlencoded", false),
            ("multipart/form-data; boundary=application/json", false),
            ("application/json-patch+json", false),
            ("application/graphql", false),
            ("", false),
        ] {
            assert_eq!(is_json(&headers(&CONTENT_TYPE, &[content_type])), read, "{content_type}");
        }
        assert!(!is_json(&HeaderMap::new()));
    }
}
