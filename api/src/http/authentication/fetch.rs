//! Fetches key sets by HTTP.
//!
//! Redirects are not followed and proxies not used: the address of the settings is asked, or nobody.

use std::time::Duration;

use axum::body::Bytes;
use axum::http::header::{ACCEPT, USER_AGENT};
use axum::http::{Request, StatusCode, Uri};
use http_body_util::{BodyExt, Empty, LengthLimitError, Limited};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;

use super::super::outward::{Connector, connector};
use crate::config;

/// Why a key set was not fetched. For the log.
#[derive(Debug, thiserror::Error)]
pub(super) enum FetchError {
    #[error("the system's certificates cannot be read, so no protected line can be made: {0}")]
    Certificates(String),
    #[error("the address cannot be asked")]
    Address,
    #[error("{0}")]
    Line(String),
    #[error("it answers with status {0}")]
    Status(StatusCode),
    #[error("the answer is larger than {0} bytes")]
    TooLarge(usize),
    #[error("the answer is not UTF-8")]
    NotText,
    #[error("no answer in {0:?}")]
    TooSlow(Duration),
}

/// Fetches one key set.
pub(super) struct Fetcher {
    client: Client<Connector, Empty<Bytes>>,
    address: Uri,
    timeout: Duration,
    limit: usize,
}

impl Fetcher {
    /// Prepares fetching; nothing is asked yet.
    pub(super) fn new(address: &str, settings: &config::Authentication) -> Result<Self, FetchError> {
        // An unprotected line leads no further than this machine; the settings see to it.
        let connector = connector(address).map_err(|error| FetchError::Certificates(error.to_string()))?;
        let address: Uri = address.parse().map_err(|_| FetchError::Address)?;
        let mut builder = Client::builder(TokioExecutor::new());
        // Fetches are minutes apart: a line is not kept for the next one.
        builder.pool_max_idle_per_host(0);
        let client = builder.build(connector);
        Ok(Self { client, address, timeout: Duration::from_millis(settings.jwks_timeout_ms), limit: settings.jwks_max_bytes })
    }

    /// The key set's text, within the limits of time and size.
    pub(super) async fn fetch(&self) -> Result<String, FetchError> {
        match tokio::time::timeout(self.timeout, self.ask()).await {
            Ok(answer) => answer,
            Err(_) => Err(FetchError::TooSlow(self.timeout)),
        }
    }

    async fn ask(&self) -> Result<String, FetchError> {
        let request = Request::get(self.address.clone())
            .header(ACCEPT, "application/jwk-set+json, application/json")
            .header(USER_AGENT, concat!("civigrid/", env!("CARGO_PKG_VERSION")))
            .body(Empty::new())
            .map_err(|_| FetchError::Address)?;
        let response = self.client.request(request).await.map_err(|error| FetchError::Line(chain(&error)))?;
        if response.status() != StatusCode::OK {
            return Err(FetchError::Status(response.status()));
        }
        let body = Limited::new(response.into_body(), self.limit).collect().await.map_err(|error| {
            if error.is::<LengthLimitError>() { FetchError::TooLarge(self.limit) } else { FetchError::Line(chain(error.as_ref())) }
        })?;
        String::from_utf8(body.to_bytes().into()).map_err(|_| FetchError::NotText)
    }
}

/// The error with its causes: the outermost alone says nothing.
fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
