//! The way to the collector: a small HTTP client that runs on the program's own runtime, since the exporter calls it from
//! a thread outside of it.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::{Request, Response};
use hyper_rustls::HttpsConnectorBuilder;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::{Connect, HttpConnector};
use hyper_util::rt::TokioExecutor;
use opentelemetry_http::{HttpClient, HttpError};
use tokio::runtime::Handle;

/// Longer answers of a collector are not read.
const LONGEST_ANSWER: usize = 64 * 1024;

/// A client for this address; TLS by the system's roots where it begins with `https://`.
pub(super) fn client(endpoint: &str, timeout: Duration) -> io::Result<Arc<dyn HttpClient>> {
    let handle = Handle::current();
    let builder = Client::builder(TokioExecutor::new());
    if endpoint.starts_with("https://") {
        let provider = rustls::crypto::ring::default_provider();
        let connector = HttpsConnectorBuilder::new().with_provider_and_native_roots(provider)?.https_only().enable_http1().build();
        return Ok(Arc::new(Delivery { client: builder.build(connector), handle, timeout }));
    }
    Ok(Arc::new(Delivery { client: builder.build(HttpConnector::new()), handle, timeout }))
}

#[derive(Debug)]
struct Delivery<C> {
    client: Client<C, Full<Bytes>>,
    handle: Handle,
    timeout: Duration,
}

#[async_trait]
impl<C: Connect + Clone + std::fmt::Debug + Send + Sync + 'static> HttpClient for Delivery<C> {
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
