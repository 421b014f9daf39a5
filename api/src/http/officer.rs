//! Tells the officer of emergency access: notices as JSON by POST. Redirects are not followed and proxies not used.

use std::time::Duration;

use axum::body::Bytes;
use axum::http::header::{CONTENT_TYPE, USER_AGENT};
use axum::http::{Request, Uri};
use http_body_util::Full;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;

use super::outward::{Connector, connector};

/// The longest one delivery may take.
const LONGEST: Duration = Duration::from_secs(10);

/// Why the officer cannot be told.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No protected line can be made.
    #[error("the system's certificates cannot be read, so no protected line can be made: {0}")]
    Certificates(String),
    /// The address is none.
    #[error("the address cannot be asked")]
    Address,
    /// The line broke or was never there.
    #[error("{0}")]
    Line(String),
    /// The notice is not taken.
    #[error("it answers with status {0}")]
    Status(u16),
    /// It took too long.
    #[error("no answer in {LONGEST:?}")]
    TooSlow,
}

/// Whoever is told.
pub struct Officer {
    client: Client<Connector, Full<Bytes>>,
    address: Uri,
}

impl Officer {
    /// Prepares telling; nothing is sent yet.
    ///
    /// # Errors
    /// If nothing could be sent there.
    pub fn new(address: &str) -> Result<Self, Error> {
        let connector = connector(address).map_err(|error| Error::Certificates(error.to_string()))?;
        let address: Uri = address.parse().map_err(|_| Error::Address)?;
        let mut builder = Client::builder(TokioExecutor::new());
        // Notices are rare: a line is not kept for the next one.
        builder.pool_max_idle_per_host(0);
        Ok(Self { client: builder.build(connector), address })
    }

    /// Sends one notice. `id` stays the same when it is sent again.
    ///
    /// # Errors
    /// If it was not taken with a status of success.
    pub async fn tell(&self, id: &str, body: String) -> Result<(), Error> {
        let request = Request::post(self.address.clone())
            .header(CONTENT_TYPE, "application/json")
            .header(USER_AGENT, concat!("civigrid/", env!("CARGO_PKG_VERSION")))
            .header("Idempotency-Key", id)
            .body(Full::new(Bytes::from(body)))
            .map_err(|_| Error::Address)?;
        let response = tokio::time::timeout(LONGEST, self.client.request(request)).await.map_err(|_| Error::TooSlow)?;
        let status = response.map_err(|error| Error::Line(error.to_string()))?.status();
        if status.is_success() { Ok(()) } else { Err(Error::Status(status.as_u16())) }
    }
}
