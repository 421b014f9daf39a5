//! The way to the collector: a small HTTP client that runs on the program's own runtime, since the exporter calls it from
//! a thread outside of it.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::{Request, Response};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use opentelemetry_http::{HttpClient, HttpError};
use tokio::runtime::Handle;

use super::super::outward::{Connector, connector};

/// Longer answers of a collector are not read.
const LONGEST_ANSWER: usize = 64 * 1024;

/// A client for this address; TLS by the system's roots where it begins with `https://`.
pub(super) fn client(endpoint: &str, timeout: Duration) -> io::Result<Arc<dyn HttpClient>> {
    let client = Client::builder(TokioExecutor::new()).build(connector(endpoint)?);
    Ok(Arc::new(Delivery { client, handle: Handle::current(), timeout }))
}

#[derive(Debug)]
struct Delivery {
    client: Client<Connector, Full<Bytes>>,
    handle: Handle,
    timeout: Duration,
}

#[async_trait]
impl HttpClient for Delivery {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let (client, timeout) = (self.client.clone(), self.timeout);
        let whole = async move {
            let (parts, body) = client.request(request.map(Full::new)).await?.into_parts();
            let body = Limited::new(body, LONGEST_ANSWER).collect().await?.to_bytes();
            Ok::<_, HttpError>(Response::from_parts(parts, body))
        };
        // Timers and sockets need the runtime, so nothing of it may begin before it is there.
        self.handle.spawn(async move { tokio::time::timeout(timeout, whole).await }).await??
    }
}
