//! The desk of an officer in a demonstration: takes notices of emergency access, and writes them to the log where somebody sees them.

use std::net::SocketAddr;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::post;
use tokio::net::TcpListener;

/// Opens the desk on a free port, which this machine alone reaches; it stays open as long as the runtime does.
///
/// # Errors
/// If there is no port.
pub async fn open() -> std::io::Result<SocketAddr> {
    let listener = TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, 0)).await?;
    let address = listener.local_addr()?;
    let taken = |notice: String| async move {
        tracing::warn!(notice, "the officer is told");
        StatusCode::NO_CONTENT
    };
    tokio::spawn(async move {
        if let Err(error) = axum::serve(listener, Router::new().route("/", post(taken))).await {
            tracing::error!(%error, "the officer's desk is closed");
        }
    });
    Ok(address)
}
