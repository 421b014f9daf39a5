//! Asks a running server whether it can answer: for `civigrid health`, where a container has no other program to ask with.

use std::time::Duration;

use axum::body::Body;
use hyper::Uri;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;

/// Why a server is not well.
#[derive(Debug, thiserror::Error)]
pub enum Unwell {
    /// Nobody answers there, or not in time.
    #[error("{address} does not answer: {cause}")]
    Silent {
        /// The address asked.
        address: Uri,
        /// What went wrong.
        cause: String,
    },
    /// It answers that it cannot.
    #[error("{address} answers {status}")]
    NotReady {
        /// The address asked.
        address: Uri,
        /// The status.
        status: u16,
    },
}

/// Asks the address (`http://…/health/ready`), and waits no longer than `patience`.
///
/// # Errors
/// If there is no answer, or it is not one of success.
pub async fn probe(address: Uri, patience: Duration) -> Result<(), Unwell> {
    let client: Client<_, Body> = Client::builder(TokioExecutor::new()).build_http();
    let silent = |cause: String| Unwell::Silent { address: address.clone(), cause };
    match tokio::time::timeout(patience, client.get(address.clone())).await {
        Ok(Ok(response)) if response.status().is_success() => Ok(()),
        Ok(Ok(response)) => Err(Unwell::NotReady { address, status: response.status().as_u16() }),
        Ok(Err(error)) => Err(silent(error.to_string())),
        Err(_) => Err(silent(format!("nothing came within {} s", patience.as_secs()))),
    }
}
